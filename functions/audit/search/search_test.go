package search_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/person"
	"hjemmel/shared/roles"
)

func handlings(all []hit) (names []string) {
	for _, h := range all {
		names = append(names, h.Aktor+" "+h.Handling+" "+h.Utfall)
	}
	return names
}

// Who has seen this person: every entry about them in the organisation, by whom, newest first, and none of
// another's.
func TestWhoHasSeenAPerson(t *testing.T) {
	w := begin(t)
	w.traffic()
	got := w.search(map[string]any{"personidentifikator": w.Demo.Personer["vanlig"]})
	want := []string{
		"20000001-0000-4000-9000-000000000001 oppslag UTLEVERT",
		"ansatt-01 oppslag UTLEVERT", "ansatt-01 oppslag UTLEVERT", "ansatt-01 oppslag UTLEVERT",
	}
	seen := slices.DeleteFunc(handlings(got.Treff), func(s string) bool { return strings.HasSuffix(s, "AVSLAG") })
	if !slices.Equal(seen, want) || got.Neste != "" {
		t.Errorf("%v", handlings(got.Treff))
	}
	for _, h := range got.Treff {
		if h.FiksOrgID != bergen || h.Forseglet != nil || h.Subjekt == "" || h.ID == "" || h.AktorNavn == "" {
			t.Errorf("%+v", h)
		}
	}
	if f := got.Fasetter; !f.Fullstendig || f.Antall != len(got.Treff) || len(f.Aktor) != 2 || len(f.Dag) == 0 || f.Rolle == nil {
		t.Errorf("%+v", f)
	}
}

// What is read of the log stands in the log, about the same person, before it is shown.
func TestReadingTheLogIsWritten(t *testing.T) {
	w := begin(t)
	w.traffic()
	w.search(map[string]any{"personidentifikator": w.Demo.Personer["vanlig"], "aktor": "ansatt-01"})
	var e audit.Entry
	for _, entry := range w.Entries(t) {
		if entry.Handling == "loggsoek" {
			e = entry
		}
	}
	if e.Aktor != "ansatt-05" || e.FiksOrgID != bergen || e.Subjekt == "" || e.Treff == nil || *e.Treff < 3 || e.Gjelder != "ansatt-01" || !slices.Equal(e.Parametre, []string{"aktor", "personidentifikator"}) {
		t.Errorf("%+v", e)
	}
	if got := w.search(map[string]any{"personidentifikator": w.Demo.Personer["vanlig"], "handlinger": []string{"loggsoek"}}); len(got.Treff) != 1 {
		t.Errorf("%+v", got.Treff)
	}
}

func TestTheLogIsSearchedByWhatEntriesSay(t *testing.T) {
	w := begin(t)
	w.traffic()
	var requestID string
	for _, e := range w.Entries(t) {
		if e.Aktor == "ansatt-01" {
			requestID = e.RequestID
		}
	}
	for name, c := range map[string]struct {
		by map[string]any
		n  int
	}{
		"an employee":          {map[string]any{"aktor": "ansatt-01"}, 5},
		"a system":             {map[string]any{"aktor": "20000001-0000-4000-9000-000000000001"}, 1},
		"an employee of Voss":  {map[string]any{"aktor": "ansatt-06"}, 0},
		"a role":               {map[string]any{"roller": []string{foerstelinj}, "utfall": []string{"UTLEVERT"}}, 1},
		"an outcome":           {map[string]any{"aktor": "ansatt-01", "utfall": []string{"AVSLAG"}}, 1},
		"an action":            {map[string]any{"handlinger": []string{"bulkoppslag"}}, 0},
		"a request":            {map[string]any{"requestId": requestID}, 1},
		"a case":               {map[string]any{"formaal": "sak 7"}, 0},
		"before":               {map[string]any{"til": time.Now().Add(-time.Hour)}, 0},
		"a person and a actor": {map[string]any{"aktor": "ansatt-01", "personidentifikator": w.Demo.Personer["fortrolig"]}, 1},
		"nobody":               {map[string]any{"personidentifikator": w.Demo.Personer["kortNavn"]}, 0},
	} {
		if got := w.search(c.by); len(got.Treff) != c.n {
			t.Errorf("%s: %v", name, handlings(got.Treff))
		}
	}
}

func TestPagesFollowEachOther(t *testing.T) {
	w := begin(t)
	w.traffic()
	var ids []string
	by := map[string]any{"aktor": "ansatt-01", "antall": 2}
	for range 4 {
		a := w.search(by)
		for _, h := range a.Treff {
			ids = append(ids, h.ID)
		}
		if (by["markoer"] == nil) != (a.Fasetter != nil) {
			t.Error("facets belong to the first page")
		}
		if a.Fasetter != nil && (a.Fasetter.Antall != 5 || a.Fasetter.Aktor != nil) {
			t.Errorf("%+v", a.Fasetter)
		}
		if a.Neste == "" {
			break
		}
		by["markoer"] = a.Neste
	}
	if slices.Sort(ids); len(slices.Compact(ids)) != 5 {
		t.Error(ids)
	}
}

// auditor makes somebody of the demo an auditor of Bergen.
func (w world) auditor(id string, of person.ID) {
	w.t.Helper()
	book, err := w.Env.Roles()
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := w.Env.State()
	if err != nil {
		w.t.Fatal(err)
	}
	ops, err := book.PutAnsatt(roles.Ansatt{ID: id, Navn: "Rita Revisor", FiksOrgID: bergen, Funksjon: roles.Revisor}, of)
	if err == nil {
		err = s.Commit(w.t.Context(), ops...)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// Only the privacy officer and the auditor of the very organisation read its log; everybody else is told the
// same, whatever there is, and the refusal is written in their own organisation.
func TestWhoMayReadTheLog(t *testing.T) {
	w := begin(t)
	w.traffic()
	sigrid, err := person.ParseID(w.Demo.Personer["verge"])
	if err != nil {
		t.Fatal(err)
	}
	first := []byte{}
	for _, c := range []struct {
		name string
		who  http.Header
		org  string
		code string
	}{
		{"case worker", w.Employee(t, "ansatt-01"), "", "FUNKSJON_MANGLER"},
		{"administrator", w.Employee(t, "ansatt-04"), bergen, "FUNKSJON_MANGLER"},
		{"operator", w.Employee(t, "ansatt-08"), bergen, "FUNKSJON_MANGLER"},
		{"system", w.Vendor(t, 1), bergen, "FUNKSJON_MANGLER"},
		{"officer through a system", w.Through(t, 1, "ansatt-05"), bergen, "FUNKSJON_MANGLER"},
		{"officer of another", w.Employee(t, "ansatt-05"), voss, "FUNKSJON_MANGLER"},
		{"officer of none", w.Employee(t, "ansatt-05"), "99999999-1a44-4f0e-9c1b-6f1d7e0a4601", "FUNKSJON_MANGLER"},
		{"nobody", http.Header{}, bergen, "TOKEN_MANGLER"},
	} {
		for _, path := range []string{"POST /hjemmel/v1/logg/soek", "GET /audit-sok/api/v1/sok?fiksOrganisasjon="} {
			method, at, _ := strings.Cut(path, " ")
			var body any = map[string]any{"fiksOrgId": c.org}
			if method == "GET" {
				if body, at = nil, at+c.org; c.org == "" {
					continue
				}
			}
			status, receipt, b := w.call(method, at, c.who, body)
			p := read[struct{ ErrorCode, Detail string }](t, b)
			if p.ErrorCode != c.code || receipt == "" || status != 401 && status != 403 {
				t.Errorf("%s: %d %q %s", c.name, status, receipt, b)
			}
			if c.code == "FUNKSJON_MANGLER" {
				if len(first) == 0 {
					first = []byte(p.Detail)
				}
				if p.Detail != string(first) {
					t.Errorf("%s is told something else: %s", c.name, p.Detail)
				}
			}
		}
	}
	w.auditor("revisor-1", sigrid)
	status, _, b := w.call("POST", "/hjemmel/v1/logg/soek", w.Employee(t, "ansatt-06"), map[string]any{"aktor": "ansatt-01", "handlinger": []string{"oppslag"}})
	if status != 200 || len(read[answer](t, b).Treff) != 5 {
		t.Errorf("auditor: %d %s", status, b)
	}
	refused := 0
	for _, e := range w.Entries(t) {
		if e.Handling == "loggsoek" && e.Utfall == audit.Avslag {
			refused++
			if e.FiksOrgID == voss {
				t.Errorf("%+v", e)
			}
		}
	}
	if refused != 15 {
		t.Errorf("%d refusals are written", refused)
	}
}

func TestWhatIsRefused(t *testing.T) {
	w := begin(t)
	pia := w.Employee(t, "ansatt-05")
	for name, c := range map[string]struct {
		body map[string]any
		code string
	}{
		"no number":      {map[string]any{"personidentifikator": "12345678901"}, "UGYLDIG_IDENTIFIKATOR"},
		"too many":       {map[string]any{"antall": 201}, "UGYLDIG_FELT"},
		"too few":        {map[string]any{"antall": -1}, "UGYLDIG_FELT"},
		"backwards":      {map[string]any{"fra": "2026-02-01T00:00:00Z", "til": "2026-01-01T00:00:00Z"}, "UGYLDIG_FELT"},
		"no outcome":     {map[string]any{"utfall": []string{"KANSKJE"}}, "UGYLDIG_FELT"},
		"a made-up mark": {map[string]any{"markoer": "AAAA"}, "UGYLDIG_MARKOER"},
		"no mark":        {map[string]any{"markoer": "%"}, "UGYLDIG_MARKOER"},
		"misspelt":       {map[string]any{"aktoer": "x"}, "UGYLDIG_JSON"},
	} {
		status, _, b := w.call("POST", "/hjemmel/v1/logg/soek", pia, c.body)
		if p := read[struct{ ErrorCode string }](t, b); status != 400 || p.ErrorCode != c.code {
			t.Errorf("%s: %d %s", name, status, b)
		}
	}
	for q, code := range map[string]string{
		query("antall", "x"): "UGYLDIG_FELT", query("antall", "0"): "UGYLDIG_FELT", query("fra", "i går"): "UGYLDIG_FELT",
		query("markoer", "%"): "UGYLDIG_MARKOER", query("person", "1"): "UKJENT_PARAMETER", query("fiksOrgId", voss): "FUNKSJON_MANGLER",
	} {
		_, _, b := w.call("GET", "/hjemmel/v1/meg/oppslag?"+q, pia, nil)
		if p := read[struct{ ErrorCode string }](t, b); p.ErrorCode != code {
			t.Errorf("%s: %s", q, b)
		}
	}
}

// Every employee sees what is written of their own doings, and of nobody else's.
func TestOwnLookups(t *testing.T) {
	w := begin(t)
	w.traffic()
	status, receipt, b := w.call("GET", "/hjemmel/v1/meg/oppslag?"+query("antall", "4"), w.Employee(t, "ansatt-01"), nil)
	a := read[answer](t, b)
	if status != 200 || receipt == "" || len(a.Treff) != 4 || a.Neste == "" || a.Fasetter != nil {
		t.Errorf("%d %s", status, b)
	}
	for _, h := range a.Treff {
		if h.Aktor != "ansatt-01" || h.Forseglet != nil {
			t.Errorf("%+v", h)
		}
	}
	if status, _, b := w.call("GET", "/hjemmel/v1/meg/oppslag", w.Vendor(t, 1), nil); status != 403 {
		t.Errorf("%d %s", status, b)
	}
}

// No answer of a search has a number or a name of the register in it.
func TestSearchesShowNothingOfTheRegister(t *testing.T) {
	w := begin(t)
	w.traffic()
	_, _, mine := w.call("POST", "/hjemmel/v1/logg/soek", w.Employee(t, "ansatt-05"), map[string]any{"personidentifikator": w.Demo.Personer["fortrolig"]})
	_, _, fiks := w.call("GET", "/audit-sok/api/v1/sok?"+query("fiksOrganisasjon", bergen, "antall", "100"), w.Employee(t, "ansatt-05"), nil)
	for _, b := range [][]byte{mine, fiks} {
		for _, number := range w.Demo.Personer {
			if strings.Contains(string(b), number) {
				t.Errorf("a number stands in %s", b)
			}
		}
	}
}
