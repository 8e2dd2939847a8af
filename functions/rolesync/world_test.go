package rolesync_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"hjemmel/functions/admin"
	"hjemmel/functions/lookup"
	"hjemmel/functions/rolesync"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/host/hosttest/served"
)

const (
	bergen        = "b8d1c6de-1a44-4f0e-9c1b-6f1d7e0a4601"
	configuration = "/brukersynkronisering/konfigurasjon/api/v1/konfigurasjon/"
	frontDesk     = "10000003-0000-4000-8000-000000000003"
	administrator = "ansatt-04"
	demoUser      = "30000000-0000-4000-8000-000000000000"
	demoGroup     = demoUser
)

// world is a served one in which synchronisation, administration and lookups answer.
type world struct {
	served.World
	t testing.TB
	// scim is where the demo's source is reached, by its token.
	scim   string
	source http.Header
	tokens map[string]http.Header
}

func begin(t testing.TB, options ...func(*hosttest.Options)) *world {
	t.Helper()
	w := served.Start(t, []served.Routes{rolesync.Routes, admin.Routes, lookup.Routes}, options...)
	k := w.Demo.Kilder[0]
	return &world{w, t, k.ScimEndepunkt, http.Header{"Authorization": {"Bearer " + k.Token}}, map[string]http.Header{}}
}

// answer is a response with its body read.
type answer struct {
	*http.Response
	body []byte
}

// member gives a member of the body, by names on the way.
func (a answer) member(names ...string) any {
	var v any
	_ = json.Unmarshal(a.body, &v) // no JSON has no members
	for _, n := range names {
		object, _ := v.(map[string]any)
		v = object[n]
	}
	return v
}

func (a answer) text(names ...string) string {
	s, _ := a.member(names...).(string)
	return s
}

func (w *world) send(method, url, body string, h http.Header) answer {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if r.Header = h.Clone(); r.Header == nil {
		r.Header = http.Header{}
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{resp, b}
}

// do sends a request of the demo's source.
func (w *world) do(method, path, body string) answer {
	w.t.Helper()
	return w.send(method, w.scim+path, body, w.source)
}

// want sends a request of the demo's source that is answered with the status.
func (w *world) want(status int, method, path, body string) answer {
	w.t.Helper()
	a := w.do(method, path, body)
	if a.StatusCode != status {
		w.t.Fatalf("%s %s: %d %s, want %d", method, path, a.StatusCode, a.body, status)
	}
	return a
}

// as sends a request of an employee.
func (w *world) as(who, method, path, body string) answer {
	w.t.Helper()
	if w.tokens[who] == nil {
		w.tokens[who] = w.Employee(w.t, who)
	}
	return w.send(method, w.Base+path, body, w.tokens[who])
}

// logged counts the entries of a handling.
func (w *world) logged(handling string) (n int) {
	w.t.Helper()
	for _, e := range w.Entries(w.t) {
		if e.Handling == handling {
			n++
		}
	}
	return n
}

// silent wants a text to be nowhere in the log of requests.
func (w *world) silent(secret string) {
	w.t.Helper()
	if strings.Contains(w.Log.String(), secret) {
		w.t.Error("the log tells a secret")
	}
}
