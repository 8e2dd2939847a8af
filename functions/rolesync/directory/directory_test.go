package directory_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hjemmel/functions/rolesync/directory"
	"hjemmel/shared/host/outgoing"
	"hjemmel/shared/identity/dirsim"
)

// serve gives both clients of a system that answers so, with small waits.
func serve(t *testing.T, answer http.HandlerFunc) map[string]directory.Directory {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return clients(t, s.URL, s.URL+"/scim")
}

func clients(t *testing.T, base, scim string) map[string]directory.Directory {
	t.Helper()
	host, _, _ := strings.Cut(strings.TrimPrefix(base, "http://"), "/")
	c := directory.Config{Rules: outgoing.Rules{Private: []string{host}}, Wait: time.Millisecond}
	one, err := directory.NewSCIM(c, scim, dirsim.Token, "")
	if err != nil {
		t.Fatal(err)
	}
	two, err := directory.NewGraph(c, directory.Entra{Login: base, Graph: base, Tenant: dirsim.Tenant, ClientID: dirsim.ClientID, Secret: dirsim.Token, Number: dirsim.Number})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]directory.Directory{"SCIM": one, "GRAPH": two}
}

// token answers Entra's token endpoint and lets do answer the rest.
func token(do http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/token") {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"access_token":"x","token_type":"Bearer","expires_in":3599}`)
			return
		}
		do(w, r)
	}
}

// Whatever a system answers but what was agreed is an error, never an empty directory, and nothing of it is told.
func TestWhatIsNoWholeAnswerIsAnError(t *testing.T) {
	const canary = "KANARI"
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		want   map[string]directory.Failure
	}{
		{"nothing", func(http.ResponseWriter, *http.Request) {}, both(directory.ErrAnswer)},
		{"no JSON", text(canary), both(directory.ErrAnswer)},
		{"another object", text(`{"a":"` + canary + `"}`), map[string]directory.Failure{"SCIM": directory.ErrAnswer, "GRAPH": directory.ErrMoving}},
		{"not there", status(404), both(directory.ErrAnswer)},
		{"too old from the start", status(410), both(directory.ErrAnswer)},
		{"no access", status(403), both(directory.ErrAccess)},
		{"busy for good", status(429), both(directory.ErrSilent)},
		{"down", status(502), both(directory.ErrSilent)},
		{"elsewhere", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://angriper.example/", http.StatusFound)
		}, both(directory.ErrAnswer)},
		{"a page that is short", text(`{"totalResults":3,"Resources":[]}`), both(directory.ErrMoving)},
		{"fewer than said", text(`{"totalResults":2,"Resources":[{"id":"a"},{"id":"a"}]}`), both(directory.ErrMoving)},
		{"no ids", text(`{"totalResults":1,"Resources":[{}],"value":[{}]}`), both(directory.ErrAnswer)},
		{"a next page of somebody else", text(`{"totalResults":0,"value":[],"@odata.nextLink":"https://angriper.example/` + canary + `"}`), map[string]directory.Failure{"GRAPH": directory.ErrAnswer}},
		{"the same page again", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `{"totalResults":-1,"value":[],"@odata.nextLink":"http://%s%s"}`, r.Host, r.URL.RequestURI()) //nolint:gosec // a test of our own
		}, both("")},
	} {
		t.Run(c.name, func(t *testing.T) {
			for kind, d := range serve(t, token(c.answer)) {
				_, err := d.Read(t.Context(), "")
				if want, listed := c.want[kind]; listed && (err == nil || want != "" && !errors.Is(err, want)) {
					t.Errorf("%s: %v, want %v", kind, err, want)
				}
				if err != nil && strings.Contains(err.Error(), canary) {
					t.Errorf("%s tells what it was told: %v", kind, err)
				}
			}
		})
	}
}

func both(f directory.Failure) map[string]directory.Failure {
	return map[string]directory.Failure{"SCIM": f, "GRAPH": f}
}

func text(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, s) }
}

func status(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(n) }
}

// A moment's trouble is not an error, and a secret that does not hold is told as such.
func TestAMomentsTroubleIsWaitedOut(t *testing.T) {
	s := httptest.NewUnstartedServer(nil)
	dir := dirsim.New("http://"+s.Listener.Addr().String(), 2)
	s.Config.Handler = dir
	s.Start()
	defer s.Close()
	for i := range 5 {
		dir.Put(dirsim.User{ID: fmt.Sprint("u", i), UserName: fmt.Sprint("u", i), Active: true})
	}
	n := 0
	dir.Break(func(*http.Request) int { n++; return map[bool]int{true: 503}[n%2 == 1] })
	for kind, d := range clients(t, s.URL, s.URL+"/scim") {
		told, err := d.Read(t.Context(), "")
		if err != nil || len(told.Users) != 5 || !told.Whole {
			t.Errorf("%s: %d users, %v", kind, len(told.Users), err)
		}
	}
	c := directory.Config{Rules: outgoing.Rules{Private: []string{strings.TrimPrefix(s.URL, "http://")}}, Wait: time.Millisecond}
	d, err := directory.NewGraph(c, directory.Entra{Login: s.URL, Graph: s.URL, Tenant: dirsim.Tenant, ClientID: dirsim.ClientID, Secret: "feil"})
	if err != nil {
		t.Fatal(err)
	}
	dir.Break(nil)
	if _, err := d.Read(t.Context(), ""); !errors.Is(err, directory.ErrAccess) {
		t.Errorf("%v", err)
	}
}

// A list that changes while it is read is read again, and given up where it does not stand still.
func TestAListThatMovesIsNoWhole(t *testing.T) {
	n := 0
	moving := func(w http.ResponseWriter, r *http.Request) {
		n++
		if !strings.Contains(r.URL.Path, "Users") {
			n = 0
		}
		fmt.Fprintf(w, `{"totalResults":%d,"Resources":[{"id":"a%d","userName":"a"}]}`, 2+n%2, n)
	}
	if _, err := serve(t, moving)["SCIM"].Read(t.Context(), ""); !errors.Is(err, directory.ErrMoving) {
		t.Errorf("%v", err)
	}
}

func TestAddressesOfOurOwnNetworkAreRefused(t *testing.T) {
	for _, address := range []string{"https://10.0.0.1/scim", "http://scim.example/", "https://127.0.0.1/", "scim"} {
		if _, err := directory.NewSCIM(directory.Config{}, address, "x", ""); !errors.Is(err, directory.ErrAddress) {
			t.Errorf("%s: %v", address, err)
		}
	}
}
