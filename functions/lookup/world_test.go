package lookup_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"

	"hjemmel/functions/lookup"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/host/hosttest/served"
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

func (w *world) employee(id string) http.Header { return w.Employee(w.t, id) }

func (w *world) vendor(n int) http.Header { return w.Vendor(w.t, n) }

func (w *world) viaVendor(n int, ansatt string) http.Header { return w.Through(w.t, n, ansatt) }

func (w *world) integration(id int) hosttest.DemoIntegrasjon { return w.Demo.Integrasjoner[id-1] }

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
