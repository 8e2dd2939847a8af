package review_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	function "hjemmel/functions/audit"
	"hjemmel/functions/lookup"
	"hjemmel/shared/host/hosttest/served"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/roles"
	"hjemmel/shared/store"
)

const (
	bergen = "b8d1c6de-1a44-4f0e-9c1b-6f1d7e0a4601"
	voss   = "c47e0b52-3e9d-4a7a-8f0d-2d9a5b3c4621"

	barnevern = "10000001-0000-4000-8000-000000000001"

	berit   = "ansatt-01" // kortNavn, has barnevern; skilt is her colleague Frode
	frode   = "ansatt-02"
	ombud   = "ansatt-05" // postboks
	revisor = "ansatt-06" // verge, who is an auditor of Bergen too: revisor-1
	why     = "Oppslaget hørte ikke til noen sak"
	formaal = "kanari-sak 2026/17"
)

// world is Bergen with a privacy officer and an auditor.
type world struct {
	served.World
	t testing.TB
}

func begin(t testing.TB) world {
	t.Helper()
	w := world{served.Start(t, []served.Routes{function.Routes, lookup.Routes}), t}
	book, err := w.Env.Roles()
	if err != nil {
		t.Fatal(err)
	}
	id, err := person.ParseID(w.Demo.Personer["verge"])
	if err != nil {
		t.Fatal(err)
	}
	w.commit(book.PutAnsatt(roles.Ansatt{ID: "revisor-1", Navn: "Rita Revisor", FiksOrgID: bergen, Funksjon: roles.Revisor}, id))
	return w
}

func (w world) commit(ops []store.Op, err error) {
	w.t.Helper()
	s, err2 := w.Env.State()
	if err != nil || err2 != nil {
		w.t.Fatal(err, err2)
	}
	if err := s.Commit(w.t.Context(), ops...); err != nil {
		w.t.Fatal(err)
	}
}

func (w world) assign(ansatt string) {
	w.t.Helper()
	w.commit(roles.PutAssignment(policy.Tildeling{AktorID: ansatt, RolleID: barnevern}))
}

// do asks, and gives the status and the body.
func (w world) do(method, path string, who http.Header, body any) (int, string) {
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
	return a.StatusCode, string(b)
}

// lookup has an employee look a person of the demo up.
func (w world) lookup(ansatt, name string) int {
	w.t.Helper()
	return w.ask(w.caller(ansatt), name)
}

// caller gives the headers of an employee who states a case.
func (w world) caller(ansatt string) http.Header {
	w.t.Helper()
	h := w.Employee(w.t, ansatt).Clone()
	h.Set("Hjemmel-Formaal", formaal)
	return h
}

func (w world) ask(who http.Header, name string) int {
	w.t.Helper()
	status, _ := w.do("GET", "/folkeregister/api/v1/"+barnevern+"/v1/personer/"+w.Demo.Personer[name]+"?part=navn", who, nil)
	return status
}

// seal is the platform's schedule.
func (w world) seal() {
	w.t.Helper()
	if status, b := w.do("POST", "/hjemmel/v1/logg/forsegl", w.Platform(w.t), nil); status != 200 {
		w.t.Fatalf("%d %s", status, b)
	}
}

// call is an operation on the queue of Bergen.
func (w world) call(method, who, at string, body any) (int, string) {
	w.t.Helper()
	return w.do(method, "/hjemmel/v1/organisasjoner/"+bergen+"/avvik"+at, w.Employee(w.t, who), body)
}

type found struct {
	ID, Innslag, Status, Subjekt, RequestID, TattAv string
	Ansatte                                         []string
	Poeng                                           int
	Grunner                                         []grunn
	Forslag, Lukking                                *struct{ Av, Konklusjon, Begrunnelse, Person string }
}

type grunn struct {
	Scenario string
	Tekst    struct{ Nb string }
}

type queue struct {
	Avvik []found
	Neste string
}

func read[T any](t testing.TB, b string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(b), &v); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	return v
}

func (w world) queue(who, query string) []found {
	w.t.Helper()
	status, b := w.call("GET", who, query, nil)
	if status != 200 {
		w.t.Fatalf("%d %s", status, b)
	}
	return read[queue](w.t, b).Avvik
}

type asked map[string]any
