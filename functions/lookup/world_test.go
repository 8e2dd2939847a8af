package lookup_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"hjemmel/functions/lookup"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/host/hosttest/served"
	"hjemmel/shared/identity/idsim"
)

// world is a served one in which the function answers.
type world struct {
	served.World
	t testing.TB
}

func newWorld(t testing.TB, options ...func(*hosttest.Options)) *world {
	t.Helper()
	return &world{served.Start(t, []served.Routes{lookup.Routes}, options...), t}
}

// answer is a response with its body read.
type answer struct {
	*http.Response
	body []byte
}

func (a answer) problem(t testing.TB) api.Problem {
	t.Helper()
	var p api.Problem
	if err := json.Unmarshal(a.body, &p); err != nil {
		t.Fatalf("%d is no problem body: %s", a.StatusCode, a.body)
	}
	return p
}

func (w *world) do(method, path string, body io.Reader, header http.Header) answer {
	w.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, w.Base+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	for k, v := range header {
		req.Header[k] = v
	}
	resp, err := http.DefaultClient.Do(req)
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

// employee gives the headers of a logged-in employee.
func (w *world) employee(id string) http.Header {
	w.t.Helper()
	return http.Header{"Authorization": {"Bearer " + w.token("/sim/idporten/token", url.Values{"grant_type": {"hjemmel-sim"}, "ansatt": {id}})}}
}

func (w *world) token(path string, form url.Values) string {
	w.t.Helper()
	a := w.do("POST", path, strings.NewReader(form.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
	var t struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(a.body, &t); err != nil || t.AccessToken == "" {
		w.t.Fatalf("no token: %d %s", a.StatusCode, a.body)
	}
	return t.AccessToken
}

func (w *world) integration(id int) hosttest.DemoIntegrasjon { return w.Demo.Integrasjoner[id-1] }

// vendor gives the headers of integration n of the demo, by the real grant.
func (w *world) vendor(n int) http.Header {
	w.t.Helper()
	i := w.integration(n)
	token := w.token("/sim/maskinporten/token", w.grant(n))
	return http.Header{"Authorization": {"Bearer " + token}, "Integrasjonid": {i.ID}, "Integrasjonpassord": {i.Passord}}
}

// grant is the form with which integration n's vendor asks for a token.
func (w *world) grant(n int) url.Values {
	w.t.Helper()
	i := w.integration(n)
	grant, err := idsim.Grant(w.Key(i.KlientID), i.Kid, i.KlientID, w.Maskinporten.Name(), "ks:fiks")
	if err != nil {
		w.t.Fatal(err)
	}
	return url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {grant}}
}

// viaVendor gives the headers of an employee who asks through integration n.
func (w *world) viaVendor(n int, ansatt string) http.Header {
	w.t.Helper()
	h := w.vendor(n)
	h.Set("Authorization", "Bearer "+w.token("/sim/idporten/token", url.Values{
		"grant_type": {"hjemmel-sim"}, "ansatt": {ansatt}, "client_id": {"fagsystem-innlogging"}, "scope": {"openid ks:fiks"},
	}))
	return h
}

// role is role n of the demo data.
func role(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", 0x10000000+n, n) }

func personer(rolle, rest string) string {
	return "/folkeregister/api/v1/" + rolle + "/v1/personer/" + rest
}

// number is the number of a named person of the population.
func (w *world) number(name string) string {
	w.t.Helper()
	id := w.Person(name)
	if id.IsZero() {
		w.t.Fatalf("nobody is called %s", name)
	}
	return id.Reveal()
}

func (w *world) bulk(h http.Header, rolle, query string, ids ...string) answer {
	w.t.Helper()
	b, err := json.Marshal(map[string][]string{"foedselsEllerDNummer": ids})
	if err != nil {
		w.t.Fatal(err)
	}
	h = h.Clone()
	h.Set("Content-Type", "application/json")
	return w.do("POST", personer(rolle, "bulkoppslag"+query), bytes.NewReader(b), h)
}

func (w *world) entries() []audit.Entry {
	w.t.Helper()
	return w.Entries(w.t)
}

// added runs f and gives the entries it added.
func (w *world) added(f func()) []audit.Entry {
	w.t.Helper()
	before := len(w.entries())
	f()
	all := w.entries()
	slices.SortStableFunc(all, func(a, b audit.Entry) int { return a.Tid.Compare(b.Tid) })
	return all[before:]
}

// asked runs f and gives the requests that reached the register.
func (w *world) asked(f func()) []fregsim.Request {
	before := len(w.Freg.Requests())
	f()
	return w.Freg.Requests()[before:]
}
