package lookup_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hjemmel/functions/lookup"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/freg/fregsim/document"
)

// person is a register document as a client reads it.
type person map[string]json.RawMessage

func (a answer) person(t testing.TB) person {
	t.Helper()
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%d: %s", a.StatusCode, a.body)
	}
	var p person
	if err := json.Unmarshal(a.body, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p person) has(property string) bool { return len(p[property]) > 0 }

func TestAVendorLooksUpAPersonOverTheRealWire(t *testing.T) {
	w := newWorld(t)
	var a answer
	var upstream []string
	entries := w.added(func() {
		reqs := w.asked(func() {
			a = w.do("GET", personer(role(1), w.number("vanlig")+"?part=navn&part=bostedsadresse"), nil, w.vendor(1))
		})
		if len(reqs) != 2 { // the person, and the grading of the family
			t.Errorf("%d requests reached the register", len(reqs))
		}
		upstream = reqs[0].Parts
		for _, r := range reqs {
			if r.Pakke != document.OMH || r.Consumer != w.Demo.Organisasjoner[0].Orgnr {
				t.Errorf("asked %v on behalf of %s", r.Pakke, r.Consumer)
			}
		}
	})
	p := a.person(t)
	for _, property := range []string{"identifikasjonsnummer", "navn", "bostedsadresse"} {
		if !p.has(property) {
			t.Errorf("no %s in %s", property, a.body)
		}
	}
	if len(p) != 3 {
		t.Errorf("more than was asked for: %s", a.body)
	}
	// Only what the grant names is fetched: what was asked, the number that the register adds anyway,
	// and the three properties that judgement needs.
	if want := []string{"identifikasjonsnummer", "familierelasjon", "navn", "adressebeskyttelse", "bostedsadresse", "foreldreansvar"}; !slices.Equal(upstream, want) {
		t.Errorf("the register was asked for %v", upstream)
	}
	receipt, err := audit.ParseReceipt(a.Header.Get(api.ReceiptHeader))
	if err != nil || len(entries) != 1 {
		t.Fatalf("receipt %q, %d entries", a.Header.Get(api.ReceiptHeader), len(entries))
	}
	e := entries[0]
	if receipt.EntryID() != e.Skriver+"-2" && !strings.HasPrefix(receipt.EntryID(), e.Skriver) {
		t.Errorf("the receipt %s is for another entry", receipt.EntryID())
	}
	if e.Utfall != audit.Utlevert || e.Rolle != role(1) || e.Rolleversjon != 1 || e.Tjenesteomraade != "BARNEVERN" || e.Aktor != w.integration(1).ID ||
		e.Handling != "oppslag" || e.RequestID != a.Header.Get("Hjemmel-Request-Id") || len(e.Hjemler) == 0 {
		t.Errorf("entry %+v", e)
	}
	if !slices.Contains(e.Levert, "navn.fornavn") || slices.Contains(e.Levert, "familierelasjon.relatertPerson") || slices.Contains(e.Levert, "adressebeskyttelse.graderingsnivaa") {
		t.Errorf("delivered by the entry: %v", e.Levert)
	}
}

func TestWithoutHjemmelOnlyTheOpenPackageIsAsked(t *testing.T) {
	w := newWorld(t)
	reqs := w.asked(func() {
		p := w.do("GET", personer(role(3), w.number("vanlig")), nil, w.employee("ansatt-02")).person(t)
		if p.has("familierelasjon") || p.has("kjoenn") || !p.has("navn") {
			t.Errorf("got %v", p)
		}
	})
	if last := reqs[len(reqs)-1]; last.Pakke != document.OUtH || slices.Contains(last.Parts, "familierelasjon") { // before it the employee's own circle
		t.Errorf("the register was asked %+v", reqs)
	}
}

func TestFormerValuesComeOnlyWhenAskedForAndHeld(t *testing.T) {
	w := newWorld(t)
	count := func(query string) int {
		p := w.do("GET", personer(role(1), w.number("vanlig")+query), nil, w.vendor(1)).person(t)
		var elements []json.RawMessage
		if err := json.Unmarshal(p["bostedsadresse"], &elements); err != nil {
			t.Fatal(err)
		}
		return len(elements)
	}
	if n := count("?part=bostedsadresse"); n != 1 {
		t.Errorf("%d current addresses", n)
	}
	if n := count("?part=bostedsadresse&part=historikk"); n < 2 {
		t.Errorf("%d addresses with history", n)
	}
	a := w.do("GET", personer(role(2), w.number("vanlig")+"?part=bostedsadresse&part=historikk"), nil, w.vendor(1))
	if p := a.problem(t); a.StatusCode != 403 || p.ErrorCode != "OPPLYSNING_UTENFOR_ROLLE" || !strings.Contains(p.ErrorJSON, "historikk") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// The gradings, met by roles that may and may not open them.
func TestProtectedAddressesStayClosed(t *testing.T) {
	w := newWorld(t)
	barnevern := w.vendor(1)
	opened := barnevern.Clone()
	opened.Set(lookup.BekreftelseHeader, "barnet skal hentes i kveld")
	for _, c := range []struct {
		name, person string
		header       http.Header
		bosted, post bool
	}{
		{"fortrolig is closed", "fortrolig", barnevern, false, false},
		{"fortrolig is opened by confirmation", "fortrolig", opened, true, true},
		{"strengt fortrolig shows the open postal address only", "strengtFortrolig", barnevern, false, true},
		{"strengt fortrolig is never opened", "strengtFortrolig", opened, false, true},
		{"klientadresse is closed", "klientadresse", barnevern, false, true},
		{"klientadresse is opened by confirmation", "klientadresse", opened, true, true},
		{"a child of a strengt fortrolig parent", "barnMedStrengtFortroligForelder", barnevern, false, true},
		{"a relative of a strengt fortrolig", "slektningAvStrengtFortrolig", barnevern, false, false},
		{"a relative of a strengt fortrolig, opened", "slektningAvStrengtFortrolig", opened, true, false},
		{"an ungraded child who lives with a fortrolig parent", "barnUtenGraderingHosFortrolig", barnevern, false, false},
		{"an ordinary person", "vanlig", barnevern, true, false},
	} {
		query := "?part=bostedsadresse&part=postadresse&part=navn"
		if c.person != "klientadresse" { // whose former addresses are open
			query += "&part=historikk"
		}
		var a answer
		entries := w.added(func() { a = w.do("GET", personer(role(1), w.number(c.person)+query), nil, c.header) })
		p := a.person(t)
		if p.has("bostedsadresse") != c.bosted || (p.has("postadresse") != c.post && c.person != "klientadresse") {
			t.Errorf("%s: bosted %v, post %v", c.name, p.has("bostedsadresse"), p.has("postadresse"))
		}
		if !p.has("navn") {
			t.Errorf("%s: the name is gone too", c.name)
		}
		confirmed := c.header.Get(lookup.BekreftelseHeader) != ""
		if e := entries[0]; e.Avdekket != (confirmed && c.bosted) || (e.Bekreftelse != "") != confirmed {
			t.Errorf("%s: entry says avdekket %v, bekreftelse %q", c.name, e.Avdekket, e.Bekreftelse)
		}
	}
}

func TestARoleThatMayNotOpenIsToldSo(t *testing.T) {
	w := newWorld(t)
	h := w.vendor(1)
	h.Set(lookup.BekreftelseHeader, "vil gjerne se adressen")
	a := w.do("GET", personer(role(2), w.number("fortrolig")+"?part=navn"), nil, h)
	if p := a.problem(t); a.StatusCode != 403 || p.ErrorCode != "BEKREFTELSE_IKKE_TILLATT" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

func TestConfidentialStatusIsMasked(t *testing.T) {
	w := newWorld(t)
	for rolle, want := range map[string]string{role(1): `"status":"forsvunnet"`, role(2): `"status":"aktiv"`} {
		a := w.do("GET", personer(rolle, w.number("forsvunnet")+"?part=status"), nil, w.vendor(1))
		if !strings.Contains(string(a.body), want) {
			t.Errorf("%s: %s", rolle, a.body)
		}
	}
}

func TestARoleForOneMunicipalityReachesNobodyElse(t *testing.T) {
	w := newWorld(t)
	h := w.vendor(2)
	for _, name := range []string{"vanlig", "skilt", "matrikkel", "fortrolig", "strengtFortrolig", "dnummer"} {
		a := w.do("GET", personer(role(6), w.number(name)+"?part=navn"), nil, h)
		if a.StatusCode == http.StatusOK {
			t.Errorf("%s is reached from another municipality", name)
		}
		if p := a.problem(t); p.ErrorCode != "UTLEVERING_IKKE_TILLATT" {
			t.Errorf("%s: %s", name, a.body)
		}
	}
}

func TestNobodyLooksUpThemselves(t *testing.T) {
	w := newWorld(t)
	own := w.number("kortNavn") // ansatt-01
	a := w.do("GET", personer(role(1), own), nil, w.employee("ansatt-01"))
	if p := a.problem(t); a.StatusCode != 403 || p.ErrorCode != "UTLEVERING_IKKE_TILLATT" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	b := w.bulk(w.employee("ansatt-01"), role(1), "?part=navn&somBestilt=true", own, w.number("vanlig"))
	if got := b.bulk(t); got[0].Person != nil || got[0].Feil == nil || got[1].Person == nil {
		t.Errorf("bulk: %s", b.body)
	}
}

// bulkAnswer is one answer of a bulk lookup.
type bulkAnswer struct {
	ID     string          `json:"foedselsEllerDNummer"`
	Person json.RawMessage `json:"folkeregisterperson"`
	Feil   *struct {
		Feilmelding string `json:"feilmelding"`
	} `json:"feilmelding"`
}

func (a answer) bulk(t testing.TB) []bulkAnswer {
	t.Helper()
	var b struct {
		Oppslag []bulkAnswer `json:"oppslag"`
	}
	if err := json.Unmarshal(a.body, &b); err != nil || a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return b.Oppslag
}

func TestBulkKeepsTheOrderAndLogsEveryone(t *testing.T) {
	w := newWorld(t)
	unknown := "14827849805" // synthetic, and in no population
	ids := []string{w.number("vanlig"), w.number("fortrolig"), unknown, w.number("barn"), w.number("vanlig")}
	var a answer
	entries := w.added(func() { a = w.bulk(w.vendor(1), role(2), "?part=navn&part=bostedsadresse&somBestilt=true", ids...) })
	got := a.bulk(t)
	if len(got) != len(ids) || len(entries) != len(ids) {
		t.Fatalf("%d answers, %d entries", len(got), len(entries))
	}
	for i, id := range ids {
		if got[i].ID != id || (got[i].Person == nil) != (id == unknown) || (got[i].Feil == nil) != (id != unknown) {
			t.Errorf("answer %d is %s", i, a.body)
		}
	}
	if strings.Contains(string(got[1].Person), "bostedsadresse") {
		t.Error("a bulk lookup shows what a lookup does not")
	}
	r, err := audit.ParseReceipt(a.Header.Get(api.ReceiptHeader))
	if err != nil || r.Count() != len(ids) {
		t.Errorf("receipt %q", a.Header.Get(api.ReceiptHeader))
	}
	if entries[2].Utfall != audit.IngenData {
		t.Errorf("the unknown one is logged as %s", entries[2].Utfall)
	}
}

func TestBulkWithoutOrderAnswersEveryoneOnce(t *testing.T) {
	w := newWorld(t)
	ids := []string{w.number("vanlig"), w.number("barn"), w.number("vanlig"), "14827849805"}
	seen := map[string]int{}
	for _, o := range w.bulk(w.vendor(1), role(2), "?part=navn", ids...).bulk(t) {
		seen[o.ID]++
	}
	if len(seen) != 3 || seen[w.number("vanlig")] != 1 {
		t.Errorf("%v", seen)
	}
}

func TestSearchFindsNumbersAndLogsHits(t *testing.T) {
	w := newWorld(t)
	name := w.surname("vanlig")
	var a answer
	entries := w.added(func() { a = w.do("GET", personer(role(1), "soek?navn="+name), nil, w.vendor(1)) })
	ids := a.hits(t)
	if !slices.Contains(ids, w.number("vanlig")) {
		t.Fatalf("not found: %s", a.body)
	}
	last := entries[len(entries)-1]
	if len(entries) != len(ids)+1 || last.Treff == nil || *last.Treff != len(ids) || !slices.Equal(last.Parametre, []string{"navn"}) {
		t.Errorf("%d hits, %d entries, the last %+v", len(ids), len(entries), last)
	}
	none := w.added(func() { a = w.do("GET", personer(role(1), "soek?navn=FINNESIKKENOENSTED"), nil, w.vendor(1)) })
	if len(a.hits(t)) != 0 || len(none) != 1 || none[0].Utfall != audit.IngenData {
		t.Errorf("no hits: %s, %d entries", a.body, len(none))
	}
}

func (a answer) hits(t testing.TB) []string {
	t.Helper()
	var h struct {
		IDs []string `json:"foedselsEllerDNummer"`
	}
	if err := json.Unmarshal(a.body, &h); err != nil || a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return h.IDs
}

func (w *world) names(name string) (first, last string) {
	w.t.Helper()
	p := w.do("GET", personer(role(1), w.number(name)+"?part=navn"), nil, w.vendor(1)).person(w.t)
	var n []struct{ Fornavn, Etternavn string }
	if err := json.Unmarshal(p["navn"], &n); err != nil || len(n) == 0 {
		w.t.Fatal(err)
	}
	return n[0].Fornavn, n[0].Etternavn
}

func (w *world) surname(name string) string {
	_, last := w.names(name)
	return last
}

// A number that somebody types as their purpose stays out of the log like any other.
func TestANumberInThePurposeIsMasked(t *testing.T) {
	w := newWorld(t)
	vanlig := w.number("vanlig")
	h := w.vendor(1)
	h.Set(lookup.FormaalHeader, "gjelder "+vanlig+" og "+vanlig[:6]+" "+vanlig[6:])
	entries := w.added(func() { w.do("GET", personer(role(1), vanlig+"?part=navn"), nil, h).person(t) })
	if got := entries[0].Formaal; got != "gjelder ▮ og ▮" {
		t.Errorf("the entry says %q", got)
	}
}
