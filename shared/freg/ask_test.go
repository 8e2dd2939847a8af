package freg_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"hjemmel/shared/fault"
	"hjemmel/shared/freg"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/identity/identitytest"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// everything are all the parts that a grant can name.
func everything() string {
	var parts []string
	for _, f := range person.Model.Fields {
		parts = append(parts, f.Name)
	}
	return strings.Join(append(parts, "historikk"), " ")
}

// The documents of Skatteetaten's test environment come through wire, token and client as they are.
func TestTheRealDocumentsComeThroughUnchanged(t *testing.T) {
	const samples = "../../../shared/freg/samples"
	files, _ := filepath.Glob(samples + "/omh*/*.json")
	if len(files) == 0 {
		t.Skip("../shared/freg/samples is absent: the real test-environment documents were not sent through the client")
	}
	if len(files) != 29 {
		t.Errorf("%d documents", len(files))
	}
	spare := strangers(t, len(files))
	for _, name := range files {
		raw, err := os.ReadFile(name) //nolint:gosec // test data
		if err != nil {
			t.Fatal(err)
		}
		d, err := person.ParseDocument(raw)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(name), err)
			continue
		}
		id := append(d.Numbers(), spare[0])[0] // one has placeholders for numbers
		spare = spare[1:]
		w := newWorld(t, options{documents: fstest.MapFS{"person-" + id.Reveal() + ".json": {Data: raw}}})
		single, err := w.client.Person(t.Context(), about(t, everything(), id), id)
		if err != nil || string(single.Document.Raw()) != string(bytes.TrimSpace(raw)) {
			t.Errorf("%s by itself is changed: %v", filepath.Base(name), err)
		}
		bulk, err := w.client.Persons(t.Context(), about(t, everything(), id), []person.ID{id}, false)
		if err != nil || len(bulk) != 1 || !same(bulk[0].Person.Document.Raw(), raw) {
			t.Errorf("%s in bulk is changed: %v", filepath.Base(name), err)
		}
	}
}

func same(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	one, _ := json.Marshal(x)
	two, _ := json.Marshal(y)
	return bytes.Equal(one, two)
}

// The register is asked for the grant's parts in the grant's package on the grant's behalf, in every
// way of asking, and for nothing else.
func TestTheRegisterIsAskedForWhatIsGranted(t *testing.T) {
	w := newWorld(t, options{})
	id := named(t, "vanlig")
	for area, pakke := range map[string]document.Pakke{"ALT": document.OMH, "AAPENT": document.OUtH} {
		for _, parts := range [][]string{nil, {"navn"}, {"navn", "historikk"}, {"bostedsadresse"}, {"status", "foedsel"}, {"rettsligHandleevne", "kjoenn"}} {
			for way, ask := range map[string]func() (policy.Grant, error){
				fregsim.Personer: func() (policy.Grant, error) {
					g := granted(t, area, kommune, policy.Ask{Action: policy.Oppslag, Subjects: []person.ID{id}, Parts: parts})
					_, err := w.client.Person(t.Context(), g, id)
					return g, err
				},
				fregsim.Bulkoppslag: func() (policy.Grant, error) {
					g := granted(t, area, kommune, policy.Ask{Action: policy.Bulkoppslag, Subjects: []person.ID{id}, Parts: parts})
					_, err := w.client.Persons(t.Context(), g, []person.ID{id}, true)
					return g, err
				},
				fregsim.Entydigsoek: func() (policy.Grant, error) {
					g := granted(t, area, kommune, policy.Ask{Action: policy.EntydigSoek, Parts: parts, Parametre: []string{"navn"}})
					_, err := w.client.Unique(t.Context(), g, freg.Criteria{"navn": nameOf(t, "vanlig"), "identifikasjonsnummer": id.Reveal()})
					return g, err
				},
			} {
				w.register.ForgetRequests()
				g, err := ask()
				if err != nil {
					t.Errorf("%s %v: %v", way, parts, err)
				}
				check(t, w, g, way, pakke)
			}
		}
	}
}

// check compares what reached the register with a grant.
func check(t *testing.T, w *world, g policy.Grant, way string, pakke document.Pakke) {
	t.Helper()
	reached := w.register.Requests()
	if len(reached) == 0 {
		t.Fatalf("%s: nothing was asked", way)
	}
	if r := reached[0]; r.Resource != way || r.Pakke != pakke || r.Consumer != g.Orgnr() || !slices.Equal(r.Parts, g.Parts()) {
		t.Errorf("%s asked %+v, granted %v", way, r, g.Parts())
	}
	want := 1
	if g.JudgesRelatives() {
		want = 2
		r := reached[len(reached)-1]
		if r.Resource != fregsim.Bulkoppslag || !slices.Equal(r.Parts, []string{"adressebeskyttelse"}) || r.Pakke != pakke || r.Consumer != g.Orgnr() {
			t.Errorf("%s asked of the relatives %+v", way, r)
		}
	}
	if len(reached) != want {
		t.Errorf("%s: %d requests for %v, want %d", way, len(reached), g.Parts(), want)
	}
}

func nameOf(t *testing.T, name string) string {
	t.Helper()
	for f := range people().Each {
		if f.ID == named(t, name) {
			n := f.Navn[len(f.Navn)-1]
			return n.Fornavn + " " + n.Etternavn
		}
	}
	return ""
}

func TestSearch(t *testing.T) {
	w := newWorld(t, options{})
	g := searching(t, policy.SoekTreff, "identifikasjonsnummer", "navn", "foedselsaarFraOgMed", "maksTreff")
	by := freg.Criteria{"navn": nameOf(t, "vanlig"), "foedselsaarFraOgMed": "1900", "maksTreff": "7"}
	hits, err := w.client.Search(t.Context(), g, by)
	if err != nil || !slices.Contains(hits, named(t, "vanlig")) {
		t.Errorf("%d hits: %v", len(hits), err)
	}
	if r := w.register.Requests(); len(r) != 1 || !slices.Equal(r[0].Parameters, by.Names()) || r[0].Parts != nil || r[0].Resource != fregsim.Soek {
		t.Errorf("asked %+v", r)
	}
	none, err := w.client.Search(t.Context(), g, freg.Criteria{"navn": "INGENHETERDETTE"})
	if err != nil || len(none) != 0 {
		t.Errorf("no hits: %v, %v", none, err)
	}
	if _, err := w.client.Unique(t.Context(), searching(t, policy.EntydigSoek, "navn", "navn"), freg.Criteria{"navn": "INGEN HETERDETTE", "postnummer": "5003"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("nobody unique: %v", err)
	}
	// A parameter cannot smuggle parts in.
	w.register.ForgetRequests()
	u := searching(t, policy.EntydigSoek, "navn", "navn")
	if _, err := w.client.Unique(t.Context(), u, freg.Criteria{"navn": nameOf(t, "vanlig"), "identifikasjonsnummer": named(t, "vanlig").Reveal(), "part": "person-basis"}); err != nil {
		t.Error(err)
	}
	if r := w.register.Requests(); !slices.Equal(r[0].Parts, u.Parts()) {
		t.Errorf("asked for %v, granted %v", r[0].Parts, u.Parts())
	}
}

// What no grant covers is refused before anything is sent, to Maskinporten or to the register.
func TestNothingIsAskedThatIsNotGranted(t *testing.T) {
	w := newWorld(t, options{})
	id, other := named(t, "vanlig"), named(t, "barn")
	one, hits := about(t, "navn", id), searching(t, policy.SoekTreff, "identifikasjonsnummer", "navn")
	unique, many := searching(t, policy.EntydigSoek, "navn", "navn"), strangers(t, freg.MaxBulk+1)
	nameless := granted(t, "ALT", "", policy.Ask{Action: policy.Bulkoppslag, Subjects: []person.ID{id}, Parts: []string{"navn"}})
	for name, ask := range map[string]func() (any, error){
		"no grant, person":      func() (any, error) { return w.client.Person(t.Context(), policy.Grant{}, id) },
		"no grant, persons":     func() (any, error) { return w.client.Persons(t.Context(), policy.Grant{}, []person.ID{id}, true) },
		"no grant, search":      func() (any, error) { return w.client.Search(t.Context(), policy.Grant{}, freg.Criteria{"navn": "A"}) },
		"no grant, unique":      func() (any, error) { return w.client.Unique(t.Context(), policy.Grant{}, freg.Criteria{"navn": "A"}) },
		"another person":        func() (any, error) { return w.client.Person(t.Context(), one, other) },
		"nobody":                func() (any, error) { return w.client.Person(t.Context(), one, person.ID{}) },
		"another among persons": func() (any, error) { return w.client.Persons(t.Context(), one, []person.ID{id, other}, false) },
		"search as lookup":      func() (any, error) { return w.client.Search(t.Context(), one, freg.Criteria{"navn": "A"}) },
		"unique as lookup":      func() (any, error) { return w.client.Unique(t.Context(), one, freg.Criteria{"navn": "A"}) },
		"search as unique":      func() (any, error) { return w.client.Search(t.Context(), unique, freg.Criteria{"navn": "A"}) },
		"unique as search":      func() (any, error) { return w.client.Unique(t.Context(), hits, freg.Criteria{"navn": "A"}) },
		"1001 persons":          func() (any, error) { return w.client.Persons(t.Context(), about(t, "navn", many...), many, true) },
		"on nobody's behalf":    func() (any, error) { return w.client.Person(t.Context(), nameless, id) },
	} {
		got, err := ask()
		if !fault.Is(err, fault.Internal) {
			t.Errorf("%s: %v", name, err)
		}
		if s := fmt.Sprintf("%v", got); s != "[]" && s != "{<nil> 0}" {
			t.Errorf("%s gives %s", name, s)
		}
	}
	if got, err := w.client.Persons(t.Context(), one, nil, true); err != nil || len(got) != 0 {
		t.Errorf("no persons: %v, %v", got, err)
	}
	if w.tokens() > 0 || w.questions() > 0 {
		t.Errorf("%d tokens, %d questions", w.tokens(), w.questions())
	}
}

func TestNewRefuses(t *testing.T) {
	key := identitytest.Keys()[0]
	good := freg.Config{BaseURL: "https://register.test", Maskinporten: freg.Maskinporten{Key: key, KeyID: "kid"}}
	if _, err := freg.New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*freg.Config){
		"no address": func(c *freg.Config) { c.BaseURL = "" }, "a path": func(c *freg.Config) { c.BaseURL = "/register" }, "no URL": func(c *freg.Config) { c.BaseURL = "http://[::1" },
		"no key": func(c *freg.Config) { c.Maskinporten.Key = nil }, "neither kid nor chain": func(c *freg.Config) { c.Maskinporten.KeyID = "" },
		"both": func(c *freg.Config) { c.Maskinporten.Chain = [][]byte{{1}} },
	} {
		c := good
		change(&c)
		if got, err := freg.New(c); err == nil || got != nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestCriteriaNames(t *testing.T) {
	if got := (freg.Criteria{"b": "KANARI", "a": "KANARI"}).Names(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("%v", got)
	}
	if got := (freg.Criteria)(nil).Names(); len(got) != 0 {
		t.Errorf("%v", got)
	}
}
