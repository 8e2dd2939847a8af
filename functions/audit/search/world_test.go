package search_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"testing"

	function "hjemmel/functions/audit"
	"hjemmel/functions/lookup"
	"hjemmel/shared/host/hosttest/served"
)

const (
	bergen = "b8d1c6de-1a44-4f0e-9c1b-6f1d7e0a4601"
	voss   = "c47e0b52-3e9d-4a7a-8f0d-2d9a5b3c4621"

	barnevern   = "10000001-0000-4000-8000-000000000001"
	foerstelinj = "10000003-0000-4000-8000-000000000003"
	sosial      = "1000000a-0000-4000-8000-00000000000a" // of Voss
)

type world struct {
	served.World
	t *testing.T
}

func begin(t *testing.T) world {
	t.Helper()
	return world{served.Start(t, []served.Routes{function.Routes, lookup.Routes}), t}
}

// call asks and gives status, receipt and body.
func (w world) call(method, path string, who http.Header, body any) (int, string, []byte) {
	w.t.Helper()
	var sent []byte
	if body != nil {
		sent, _ = json.Marshal(body)
	}
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.Base+path, bytes.NewReader(sent))
	if err != nil {
		w.t.Fatal(err)
	}
	for name, values := range who {
		r.Header[name] = values
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return a.StatusCode, a.Header.Get("Hjemmel-Kvittering"), b
}

// lookup has somebody look a person of the demo up.
func (w world) lookup(who http.Header, role, person string) {
	w.t.Helper()
	w.call("GET", "/folkeregister/api/v1/"+role+"/v1/personer/"+w.Demo.Personer[person], who, nil)
}

// traffic is some lookups by two employees and a system, in both organisations.
func (w world) traffic() {
	berit, sigrid := w.Employee(w.t, "ansatt-01"), w.Employee(w.t, "ansatt-06")
	for range 3 {
		w.lookup(berit, barnevern, "vanlig")
	}
	w.lookup(berit, barnevern, "fortrolig")
	w.lookup(berit, foerstelinj, "vanlig") // not hers
	w.lookup(w.Vendor(w.t, 1), foerstelinj, "vanlig")
	w.lookup(sigrid, sosial, "vanlig")
}

type hit struct {
	ID, Aktor, AktorNavn, Rolle, Handling, Utfall, FiksOrgID, Subjekt string
	Forseglet                                                         []byte
}

type facet struct {
	Verdi  string
	Antall int
}

type answer struct {
	Treff    []hit
	Neste    string
	Fasetter *struct {
		Antall                              int
		Fullstendig                         bool
		Handling, Utfall, Rolle, Dag, Aktor []facet
	}
}

// search asks for entries as Pia, the privacy officer of Bergen.
func (w world) search(body map[string]any) answer {
	w.t.Helper()
	status, receipt, b := w.call("POST", "/hjemmel/v1/logg/soek", w.Employee(w.t, "ansatt-05"), body)
	if status != 200 || receipt == "" {
		w.t.Fatalf("%d %q %s", status, receipt, b)
	}
	return read[answer](w.t, b)
}

func read[T any](t *testing.T, b []byte) (v T) {
	t.Helper()
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	return v
}

func query(pairs ...string) string {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return q.Encode()
}
