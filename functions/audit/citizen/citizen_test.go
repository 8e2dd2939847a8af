package citizen_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	function "hjemmel/functions/audit"
	"hjemmel/functions/lookup"
	"hjemmel/shared/audit"
	"hjemmel/shared/host/hosttest/served"
	"hjemmel/shared/store"
)

const (
	bergen      = "b8d1c6de-1a44-4f0e-9c1b-6f1d7e0a4601"
	voss        = "c47e0b52-3e9d-4a7a-8f0d-2d9a5b3c4621"
	barnevern   = "10000001-0000-4000-8000-000000000001"
	foerstelinj = "10000003-0000-4000-8000-000000000003"
	citizen     = "ansatt-01" // logs in; what they are employed as does not matter
	named       = "kortNavn"  // who that is
	ombud       = "ansatt-05" // privacy officer of Bergen
)

type world struct {
	served.World
	t *testing.T
}

func begin(t *testing.T) world {
	t.Helper()
	return world{served.Start(t, []served.Routes{function.Routes, lookup.Routes}), t}
}

func (w world) call(method, path string, who http.Header, body any) (int, []byte) {
	w.t.Helper()
	var sent []byte
	if body != nil {
		sent, _ = json.Marshal(body)
	}
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.Base+path, bytes.NewReader(sent))
	if err != nil {
		w.t.Fatal(err)
	}
	maps.Copy(r.Header, who)
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
	return a.StatusCode, b
}

// written writes that an actor of an organisation did something with a person.
func (w world) written(org, aktor, area, rolle, handling, name string, outcome audit.Utfall) {
	w.t.Helper()
	l, err := w.Env.Audit()
	if err != nil {
		w.t.Fatal(err)
	}
	e := audit.Entry{
		FiksOrgID: org, Aktor: aktor, Tjenesteomraade: area, Rolle: rolle, Handling: handling, Utfall: outcome, Person: w.Person(name),
		Formaal: "sak 2026/hemmelig", Levert: []string{"navn.fornavn", "navn.etternavn"}, Spurt: []string{"bostedsadresse"},
	}
	if _, err := l.Append(w.t.Context(), e); err != nil {
		w.t.Fatal(err)
	}
}

type bruk struct {
	Organisasjon, Orgnr, Ansatt, Hva, Formaal string
	Hjemler, Opplysninger                     []string
	Liste                                     bool
}

type answer struct {
	Antall  int
	Bruk    []bruk
	Neste   string
	Merknad string
}

func (w world) own(query string) answer {
	w.t.Helper()
	status, b := w.call("GET", "/hjemmel/v1/meg/innsyn"+query, w.Employee(w.t, citizen), nil)
	if status != 200 {
		w.t.Fatalf("%d %s", status, b)
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

func TestCitizensSeeWhatWasFetchedAboutThem(t *testing.T) {
	w := begin(t)
	if a := w.own(""); a.Antall != 0 || a.Bruk == nil || a.Merknad == "" {
		t.Errorf("%+v", a)
	}
	w.call("GET", "/folkeregister/api/v1/"+foerstelinj+"/v1/personer/"+w.Person(named).Reveal(), w.Vendor(t, 1), nil)
	w.written(bergen, "ansatt-02", "BARNEHAGE", foerstelinj, "innbyggerliste", named, audit.Utlevert)
	w.written(bergen, "ansatt-02", "BARNEHAGE", foerstelinj, "oppslag", named, audit.Utlevert)
	w.written(voss, "ansatt-02", "BARNEHAGE", "", "oppslag", named, audit.Utlevert)
	w.written(bergen, "ansatt-02", "BARNEHAGE", "", "oppslag", named, audit.Avslag)        // nothing left
	w.written(bergen, "ansatt-02", "BARNEHAGE", "", "rolle-endret", named, audit.Utlevert) // nobody has words for it
	w.written(bergen, "ansatt-02", "BARNEHAGE", "", "oppslag", "vanlig", audit.Utlevert)   // somebody else
	a := w.own("")
	if a.Antall != 4 || len(a.Bruk) != 4 || a.Neste != "" {
		t.Fatalf("%+v", a)
	}
	first, again, list, real := a.Bruk[0], a.Bruk[1], a.Bruk[2], a.Bruk[3]
	if first.Organisasjon == again.Organisasjon || again.Ansatt == "" || again.Ansatt != list.Ansatt || again.Ansatt == first.Ansatt {
		t.Errorf("pseudonyms: %+v", a.Bruk)
	}
	if !list.Liste || again.Liste || again.Formaal != "Barnehage" || !slices.Equal(again.Opplysninger, []string{"Navn"}) {
		t.Errorf("%+v", again)
	}
	if len(real.Hjemler) == 0 || len(real.Opplysninger) == 0 || real.Formaal == "" || real.Orgnr == "" {
		t.Errorf("of the corridor: %+v", real)
	}
	w.pages(a)
	n := 0
	for _, e := range w.Entries(t) {
		if e.Handling == "innbyggerinnsyn" && e.Utfall == audit.Utlevert && e.Subjekt != "" && e.Aktor == "" {
			n++
		}
	}
	if n != 1+2+2*4 { // nothing of nobody; two organisations; two for each page
		t.Errorf("%d readings are written", n)
	}
}

// pages reads what is told one at a time.
func (w world) pages(all answer) {
	w.t.Helper()
	var got []bruk
	for query := "?antall=1"; ; {
		a := w.own(query)
		if got = append(got, a.Bruk...); a.Neste == "" {
			break
		}
		query = "?antall=1&markoer=" + a.Neste
	}
	if len(got) != len(all.Bruk) || got[3].Ansatt != all.Bruk[3].Ansatt || got[0].Organisasjon != all.Bruk[0].Organisasjon {
		w.t.Errorf("%+v", got)
	}
}

// Neither a name, an id, a case nor a number leaves, and another citizen knows the same employee by another mark.
func TestNobodyIsNamed(t *testing.T) {
	w := begin(t)
	w.written(bergen, "ansatt-02", "BARNEHAGE", foerstelinj, "oppslag", named, audit.Utlevert)
	w.written(bergen, "ansatt-02", "BARNEHAGE", foerstelinj, "oppslag", "skilt", audit.Utlevert) // ansatt-02 is that
	_, mine := w.call("GET", "/hjemmel/v1/meg/innsyn", w.Employee(t, citizen), nil)
	_, theirs := w.call("GET", "/hjemmel/v1/meg/innsyn", w.Employee(t, "ansatt-02"), nil)
	_, portal := w.usage(named, named, "")
	for _, b := range [][]byte{mine, theirs, portal} {
		for _, secret := range []string{"ansatt-02", "hemmelig", foerstelinj, w.Person(named).Reveal(), w.Person("skilt").Reveal(), "Berit"} {
			if strings.Contains(string(b), secret) {
				t.Errorf("%s stands in %s", secret, b)
			}
		}
	}
	a, b := read[answer](t, mine), read[answer](t, theirs)
	if len(a.Bruk) != 1 || len(b.Bruk) != 1 || a.Bruk[0].Ansatt == b.Bruk[0].Ansatt {
		t.Errorf("%s %s", mine, theirs)
	}
	for _, secret := range []string{w.Person(named).Reveal(), w.Person("skilt").Reveal()} {
		if strings.Contains(w.Log.String(), secret) {
			t.Error("a number is in the operators' log")
		}
	}
}

func TestOnlyThemselves(t *testing.T) {
	w := begin(t)
	w.written(bergen, "ansatt-02", "BARNEHAGE", foerstelinj, "oppslag", "vanlig", audit.Utlevert)
	for name, c := range map[string]struct {
		who    http.Header
		query  string
		status int
		code   string
	}{
		"nobody":                       {nil, "", 401, "TOKEN_MANGLER"},
		"a vendor's system":            {w.Vendor(t, 1), "", 403, "INNSYN_BARE_SELV"},
		"an employee through a system": {w.Through(t, 1, "ansatt-01"), "", 403, "INNSYN_BARE_SELV"},
		"the platform":                 {w.Platform(t), "", 401, ""},
		"another's number":             {w.Employee(t, citizen), "?personidentifikator=" + w.Demo.Personer["vanlig"], 400, "UKJENT_PARAMETER"},
		"another's number as a mark":   {w.Employee(t, citizen), "?markoer=" + w.Demo.Personer["vanlig"], 400, "UGYLDIG_MARKOER"},
		"a size":                       {w.Employee(t, citizen), "?antall=0", 400, "UGYLDIG_FELT"},
		"a time":                       {w.Employee(t, citizen), "?fra=i+fjor", 400, "UGYLDIG_FELT"},
	} {
		status, b := w.call("GET", "/hjemmel/v1/meg/innsyn"+c.query, c.who, nil)
		if status != c.status || !strings.Contains(string(b), c.code) || strings.Contains(string(b), w.Demo.Personer["vanlig"]) {
			t.Errorf("%s: %d %s", name, status, b)
		}
	}
}

type usages struct {
	TotalUsages int
	Usages      []struct{ Logtime, Action, ReceiverCode, ReceiverName, ReceiverSystem string }
}

// usage asks as the platform's portal, where one person has logged in, about one.
func (w world) usage(user, about, query string) (int, []byte) {
	w.t.Helper()
	h := w.Platform(w.t)
	if user != "" {
		h["X-Road-Userid"] = []string{"NO" + w.Person(user).Reveal()}
	}
	return w.call("GET", "/v2/findUsage?userCode="+w.Person(about).Reveal()+query, h, nil)
}

func TestTheDataTracker(t *testing.T) {
	w := begin(t)
	for range 3 {
		w.written(bergen, "ansatt-02", "BARNEHAGE", foerstelinj, "oppslag", named, audit.Utlevert)
	}
	status, b := w.usage(named, named, "&offset=1&limit=1&periodStart=2020-01-01T00:00:00Z")
	u := read[usages](t, b)
	if status != 200 || u.TotalUsages != 3 || len(u.Usages) != 1 || u.Usages[0].Action != "Oppslag på deg: Barnehage" || u.Usages[0].ReceiverCode == "" {
		t.Errorf("%d %s", status, b)
	}
	if status, b := w.usage(named, named, "&periodEnd=2023-01-01"); status != 200 || read[usages](t, b).TotalUsages != 0 {
		t.Errorf("%d %s", status, b)
	}
	for _, path := range []string{"/v2/usagePeriod", "/v2/heartbeat"} {
		if status, b := w.call("GET", path, w.Platform(t), nil); status != 200 {
			t.Errorf("%d %s", status, b)
		}
		if status, _ := w.call("GET", path, w.Employee(t, citizen), nil); status != 401 {
			t.Errorf("%d", status)
		}
	}
	for name, c := range map[string]struct {
		user, query string
		status      int
		code        string
	}{
		"nobody has logged in":        {"", "", 403, "INNSYN_BARE_EGET"},
		"somebody else has logged in": {"vanlig", "", 403, "INNSYN_BARE_EGET"},
		"an offset":                   {named, "&offset=-1", 400, "UGYLDIG_FELT"},
		"a time":                      {named, "&periodStart=x", 400, "UGYLDIG_FELT"},
	} {
		if status, b := w.usage(c.user, named, c.query); status != c.status || !strings.Contains(string(b), c.code) {
			t.Errorf("%s: %d %s", name, status, b)
		}
	}
	if status, _ := w.call("GET", "/v2/findUsage?userCode="+w.Person(named).Reveal(), w.Employee(t, citizen), nil); status != 401 {
		t.Errorf("an employee is let in: %d", status)
	}
}

// What a rule holds back looks as what never was.
func TestRulesHoldBack(t *testing.T) {
	w := begin(t)
	w.written(bergen, "ansatt-02", "BARNEVERN", barnevern, "oppslag", named, audit.Utlevert)
	w.written(bergen, "ansatt-02", "SOSIAL", "", "oppslag", named, audit.Utlevert)
	without := w.own("")
	if without.Antall != 0 || len(without.Bruk) != 0 {
		t.Errorf("where nothing is decided: %+v", without)
	}
	if _, b := w.usage(named, named, ""); read[usages](t, b).TotalUsages != 0 {
		t.Errorf("%s", b)
	}
	because := "Oppslaget kan røpe en sak."
	for name, c := range map[string]struct {
		rule map[string]any
		want int
	}{
		"nothing":    {map[string]any{"forsinkelseDager": 0, "unntak": []any{}}, 2},
		"a delay":    {map[string]any{"forsinkelseDager": 30, "unntak": []any{}}, 0},
		"a role":     {map[string]any{"forsinkelseDager": 0, "unntak": []any{map[string]any{"rolle": barnevern, "dager": 0, "begrunnelse": because}}}, 1},
		"for a time": {map[string]any{"forsinkelseDager": 0, "unntak": []any{map[string]any{"tjenesteomraade": "SOSIAL", "dager": 90, "begrunnelse": because}}}, 1},
	} {
		if status, b := w.rule("PUT", ombud, bergen, c.rule); status != 200 {
			t.Fatalf("%s: %d %s", name, status, b)
		}
		a := w.own("")
		if a.Antall != c.want || len(a.Bruk) != c.want || a.Merknad != without.Merknad {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if !slices.ContainsFunc(w.Entries(t), func(e audit.Entry) bool {
		return e.Handling == "innsynsunntak-begrunnet" && e.Gjelder == barnevern && e.Bekreftelse == because && e.Aktor == ombud
	}) {
		t.Error("the reason is not in the log")
	}
}

func (w world) rule(method, who, org string, body any) (int, []byte) {
	w.t.Helper()
	return w.call(method, "/hjemmel/v1/organisasjoner/"+org+"/innsynsregel", w.Employee(w.t, who), body)
}

func TestRulesAreThePrivacyOfficers(t *testing.T) {
	w := begin(t)
	none := map[string]any{"forsinkelseDager": 0, "unntak": []any{}}
	one := func(u map[string]any) map[string]any {
		return map[string]any{"forsinkelseDager": 0, "unntak": []any{u}}
	}
	for name, c := range map[string]struct {
		who, org string
		rule     map[string]any
		status   int
	}{
		"a case worker":       {"ansatt-01", bergen, none, 403},
		"another's":           {ombud, voss, none, 403},
		"no reason":           {ombud, bergen, one(map[string]any{"rolle": barnevern, "dager": 0, "begrunnelse": ""}), 400},
		"a role that is not":  {ombud, bergen, one(map[string]any{"rolle": "x", "dager": 0, "begrunnelse": "En god og lang grunn"}), 400},
		"an area that is not": {ombud, bergen, one(map[string]any{"tjenesteomraade": "BARNVERN", "dager": 0, "begrunnelse": "En god og lang grunn"}), 400},
		"both":                {ombud, bergen, one(map[string]any{"rolle": barnevern, "tjenesteomraade": "SOSIAL", "dager": 0, "begrunnelse": "En god og lang grunn"}), 400},
		"half a year":         {ombud, bergen, map[string]any{"forsinkelseDager": 180, "unntak": []any{}}, 400},
		"a stranger to read":  {"ansatt-01", bergen, nil, 403},
	} {
		method := "PUT"
		if c.rule == nil {
			method = "GET"
		}
		if status, b := w.rule(method, c.who, c.org, c.rule); status != c.status {
			t.Errorf("%s: %d %s", name, status, b)
		}
	}
	if status, b := w.rule("GET", ombud, bergen, nil); status != 200 || !strings.Contains(string(b), "BARNEVERN") {
		t.Errorf("%d %s", status, b)
	}
}

// Where a rule cannot be read nothing is told, of any organisation.
func TestWithoutItsRuleNothingIsTold(t *testing.T) {
	w := begin(t)
	w.written(voss, "ansatt-02", "BARNEHAGE", "", "oppslag", named, audit.Utlevert)
	s, err := w.Env.State()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), store.Put("innsynsregel/"+bergen, []byte(`{"unntak":`))); err != nil {
		t.Fatal(err)
	}
	status, b := w.call("GET", "/hjemmel/v1/meg/innsyn", w.Employee(t, citizen), nil)
	if status < 500 || strings.Contains(string(b), `"antall"`) {
		t.Errorf("%d %s", status, b)
	}
	if status, b := w.usage(named, named, ""); status < 500 || strings.Contains(string(b), `"usages"`) {
		t.Errorf("%d %s", status, b)
	}
}
