package lookup_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"hjemmel/functions/lookup"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/person/persontest"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/redact/redacttest"
)

// Where persons are sought.
const (
	soekNavn    = "/register/api/v1/ks/personer/soek/navn"
	soekVerdier = "/register/api/v1/ks/personer/soek/verdier"
	soekAntall  = "/hjemmel/v1/soek/antall"
	soekFri     = "/hjemmel/v1/soek/fri"
)

func (w *world) soek(org int) string {
	return "/register/api/v1/ks/personer/soek/" + w.Demo.Organisasjoner[org].FiksOrgID
}

// fields are the members of a body.
type fields map[string]any

// post sends a body as JSON in a role.
func (w *world) post(path, rolle string, body fields, h http.Header) answer {
	w.t.Helper()
	all := fields{"rolleId": rolle}
	maps.Copy(all, body)
	b, err := json.Marshal(all)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.do("POST", path, bytes.NewReader(b), with(h, "Content-Type", "application/json"))
}

// persons reads the answer of a search, by number.
func (a answer) persons(t testing.TB) map[string]json.RawMessage {
	t.Helper()
	var body struct {
		Personer []struct {
			ID     string          `json:"foedselsEllerDNummer"`
			Person json.RawMessage `json:"folkeregisterperson"`
		} `json:"personer"`
	}
	if err := json.Unmarshal(a.body, &body); err != nil || a.StatusCode != 200 || body.Personer == nil {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	all := map[string]json.RawMessage{}
	for _, p := range body.Personer {
		all[p.ID] = p.Person
	}
	return all
}

func (a answer) count(t testing.TB) (from, to int) {
	t.Helper()
	var n struct{ Fra, Til int }
	if err := json.Unmarshal(a.body, &n); err != nil || a.StatusCode != 200 || n.Til != n.Fra+4 || n.Fra%5 != 0 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return n.Fra, n.Til
}

// A search answers with persons in Fiks' spelling, and writes an entry for each and one for itself.
func TestASearchAnswersWithPersons(t *testing.T) {
	w := newWorld(t)
	first, last := w.names("vanlig")
	var a answer
	for _, path := range []string{w.soek(0), strings.Replace(w.soek(0), "/register/api/v1/ks", "/folkeregister/api/v1", 1)} {
		entries := w.added(func() {
			a = w.post(path, role(1), fields{"navn": first + " " + last, "parts": []string{"navn", "bostedsadresse", "kjoenn"}}, w.vendor(1))
		})
		p, ok := a.persons(t)[w.number("vanlig")]
		if !ok {
			t.Fatalf("not found: %s", a.body)
		}
		for _, want := range []string{`"status":"IBRUK"`, `"adressegradering":"UGRADERT"`, `"kjoenn":"`, `"fornavn":"` + first + `"`} {
			if !bytes.Contains(p, []byte(want)) {
				t.Errorf("no %s in %s", want, p)
			}
		}
		if bytes.Contains(p, []byte("sivilstand")) || bytes.Contains(p, []byte("ugradert")) {
			t.Errorf("%s", p)
		}
		own := entries[len(entries)-1]
		if len(entries) != len(a.persons(t))+1 || own.Treff == nil || own.Handling != "personsoek" || own.Subjekt != "" || entries[0].Subjekt == "" || !slices.Contains(entries[0].Levert, "navn.fornavn") {
			t.Errorf("%+v", entries)
		}
		if r, err := audit.ParseReceipt(a.Header.Get(api.ReceiptHeader)); err != nil || r.Count() != 1 {
			t.Errorf("receipt %q", a.Header.Get(api.ReceiptHeader))
		}
	}
	none := w.added(func() { a = w.post(w.soek(0), role(1), fields{"navn": "FINNES IKKE"}, w.vendor(1)) })
	if len(a.persons(t)) > 0 || len(none) != 1 || none[0].Utfall != audit.IngenData {
		t.Errorf("%s, %d entries", a.body, len(none))
	}
	w.noNumberInLog()
}

// With a number in it the search is a lookup, and all else but the parts is passed over.
func TestASearchByNumberIsALookup(t *testing.T) {
	w := newWorld(t)
	w.assign("ansatt-02", role(1))
	var a answer
	entries := w.added(func() {
		a = w.post(w.soek(0), role(1), fields{"personidentifikator": w.number("vanlig"), "navn": "@", "parts": []string{"navn"}}, w.vendor(1))
	})
	if p := a.persons(t); len(p) != 1 || !bytes.Contains(p[w.number("vanlig")], []byte("fornavn")) || len(entries) != 1 || entries[0].Handling != "oppslag" {
		t.Errorf("%s %+v", a.body, entries)
	}
	for number, want := range map[string]int{"14827849805": 404, w.number("barnMedDeltBosted"): 403, "14827849806": 400} {
		if a := w.post(w.soek(0), role(1), fields{"personidentifikator": number}, w.employee("ansatt-02")); a.StatusCode != want || bytes.Contains(a.body, []byte(number)) {
			t.Errorf("%d, want %d: %s", a.StatusCode, want, a.body)
		}
	}
}

// Names come in the order of the numbers; of whom nothing is told, there is none, whatever the reason.
func TestNamesOfNumbers(t *testing.T) {
	w := newWorld(t)
	w.assign("ansatt-02", role(1))
	first, last := w.names("fortrolig")
	numbers := []string{w.number("barnMedDeltBosted"), w.number("fortrolig"), "14827849805"}
	var a answer
	entries := w.added(func() {
		a = w.post(soekNavn, role(1), fields{"personidentifikatorer": numbers}, w.employee("ansatt-02"))
	})
	var got []struct {
		Personidentifikator string
		Personnavn          *struct{ Fornavn, Mellomnavn, Etternavn string }
	}
	if err := json.Unmarshal(a.body, &got); err != nil || len(got) != 3 || len(entries) != 3 {
		t.Fatalf("%d %s, %d entries", a.StatusCode, a.body, len(entries))
	}
	for i, n := range got {
		if n.Personidentifikator != numbers[i] || (n.Personnavn != nil) != (i == 1) {
			t.Errorf("%s", a.body)
		}
	}
	if got[1].Personnavn.Fornavn != first || got[1].Personnavn.Etternavn != last {
		t.Errorf("%s", a.body)
	}
}

func TestTheValuesOfASearch(t *testing.T) {
	w := newWorld(t)
	if a := w.do("GET", soekVerdier, nil, w.vendor(1)); a.StatusCode != 200 || !bytes.Contains(a.body, []byte(`"KVINNE"`)) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("GET", soekVerdier, nil, http.Header{}); a.StatusCode != 401 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// Whoever asks for a person by where they live does not find them where they are protected, nor are they
// counted; an employee does not find their own.
func TestAPersonSearchFindsNobodyWithheld(t *testing.T) {
	w := newWorld(t)
	w.assign("ansatt-02", role(1))
	for f := range w.Freg.Population().Each {
		if f.ID != w.Person("fortrolig") && f.ID != w.Person("barnMedDeltBosted") {
			continue
		}
		home, name := f.Adresser[len(f.Adresser)-1], f.Navn[len(f.Navn)-1].Etternavn
		for _, by := range []fields{
			{"adressenavn": home.Adressenavn, "husnummer": home.Husnummer}, {"navn": name, "postnummer": home.Postnummer},
			{"navn": name, "kommunenumre": []string{"0301", home.Kommunenummer}}, {"navn": name, "kommunenummer": home.Kommunenummer, "inkluderHistoriskeNavnOgAdresser": true},
		} {
			a := w.post(w.soek(0), role(1), by, w.employee("ansatt-02"))
			if _, ok := a.persons(t)[f.ID.Reveal()]; ok || bytes.Contains(a.body, []byte(f.ID.Reveal())) {
				t.Errorf("%v finds somebody withheld", by)
			}
			if from, to := w.post(soekAntall, role(1), by, w.employee("ansatt-02")).count(t); from > len(a.persons(t)) || to < len(a.persons(t)) {
				t.Errorf("%v: %d are found, and counted from %d to %d", by, len(a.persons(t)), from, to)
			}
		}
	}
}

// A search that hits only somebody withheld looks like one that hits nobody, in everything that the caller
// and a reader of the log see.
func TestAWithheldHitLooksLikeNoHit(t *testing.T) {
	w := newWorld(t)
	look := func(path string, by fields) string {
		var a answer
		entries := w.added(func() { a = w.post(path, role(1), by, w.vendor(1)) })
		if len(entries) != 1 {
			t.Errorf("%d entries", len(entries))
		}
		e := entries[0]
		return fmt.Sprintln(a.StatusCode, string(a.body), len(a.Header), e.Utfall, *e.Treff, e.Regler, e.Feilkode, e.Subjekt)
	}
	seen := map[string]bool{}
	for f := range w.Freg.Population().Each {
		home := population.Adresse{Adressenavn: "Ingensteds", Husnummer: "1", Postnummer: "5003", Kommunenummer: "4601"}
		switch f.ID {
		case w.Person("fortrolig"), w.Person("strengtFortrolig"), w.Person("barnUtenGraderingHosFortrolig"):
			if i := slices.IndexFunc(f.Adresser, func(a population.Adresse) bool { return a.ErGjeldende && a.Adressenavn != "" }); i >= 0 {
				home = f.Adresser[i]
			}
		case w.Person("vanlig"): // who does not live there
		default:
			continue
		}
		born, name := strings.ReplaceAll(f.Foedselsdato, "-", ""), f.Navn[len(f.Navn)-1]
		for _, by := range []fields{
			{"foedselsdato": json.Number(born), "postnummer": home.Postnummer, "adressenavn": home.Adressenavn},
			{"foedselsdato": json.Number(born), "kommunenumre": []string{home.Kommunenummer}, "adressenavn": home.Adressenavn, "husnummer": home.Husnummer},
			{"navn": name.Fornavn + " " + name.Etternavn, "husnummer": home.Husnummer, "adressenavn": home.Adressenavn, "maksTreff": 1},
		} {
			seen[look(w.soek(0), by)] = true
		}
		count := look(soekAntall, fields{"foedselsdato": json.Number(born), "adressenavn": home.Adressenavn})
		if !strings.HasPrefix(count, `200 {"fra":0,"til":4}`) || !strings.Contains(count, "INGEN_DATA 0") {
			t.Errorf("counted: %s", count)
		}
	}
	if len(seen) != 1 {
		t.Errorf("told apart: %q", slices.Collect(maps.Keys(seen)))
	}
}

// One box finds a person by what people type, and says how it was read.
func TestOneBox(t *testing.T) {
	w := newWorld(t)
	for f := range w.Freg.Population().Each {
		if f.ID != w.Person("vanlig") {
			continue
		}
		name, home := f.Navn[len(f.Navn)-1], f.Adresser[len(f.Adresser)-1]
		y, m, d := f.Foedselsdato[:4], f.Foedselsdato[5:7], f.Foedselsdato[8:]
		for text, words := range map[string]string{
			f.ID.Reveal()[:6] + " " + f.ID.Reveal()[6:]:                                                                   "Fødselsnummer",
			name.Fornavn + " " + name.Etternavn:                                                                           "Navn: " + name.Fornavn,
			name.Etternavn + ", " + name.Fornavn:                                                                          "Navn: " + name.Fornavn,
			name.Etternavn + ", " + katalog.Kommuner()[home.Kommunenummer]:                                                "Kommune: ",
			home.Adressenavn + " " + home.Husnummer + " " + home.Postnummer:                                               "Adresse: " + home.Adressenavn,
			d + "." + m + "." + y[2:] + " " + name.Etternavn:                                                              "Født: ",
			name.Etternavn + " født " + y:                                                                                 "Født: " + y,
			name.Etternavn + " " + home.Adressenavn + " " + home.Husnummer + ", " + home.Postnummer + " " + home.Poststed: "Navn: ",
		} {
			var a answer
			entries := w.added(func() {
				a = w.post(soekFri, role(1), fields{"tekst": text, "parts": []string{"navn", "status"}}, w.vendor(1))
			})
			var body struct {
				Forstaatt struct {
					Tekst        string
					Kriterier    json.RawMessage
					Merknader    []string
					Alternativer []json.RawMessage
				}
			}
			p, ok := a.persons(t)[f.ID.Reveal()]
			if err := json.Unmarshal(a.body, &body); err != nil || !ok || !bytes.Contains(p, []byte(`"status":"bosatt"`)) {
				t.Errorf("%q: %s", text, a.body)
			}
			if !strings.Contains(body.Forstaatt.Tekst, words) || body.Forstaatt.Merknader == nil || body.Forstaatt.Alternativer == nil || len(entries) == 0 {
				t.Errorf("%q: %s", text, a.body)
			}
			var criteria fields
			if err := json.Unmarshal(body.Forstaatt.Kriterier, &criteria); err != nil {
				t.Fatal(err)
			}
			if again := w.post(w.soek(0), role(1), criteria, w.vendor(1)).persons(t); len(again) != len(a.persons(t)) {
				t.Errorf("%q: the criteria find %d others", text, len(again)-len(a.persons(t)))
			}
		}
	}
	w.noNumberInLog()
}

// badSearches are the ways to search wrongly.
func badSearches(w *world, h http.Header) []request {
	own := w.Demo.Organisasjoner[0].FiksOrgID
	h = with(h, "Content-Type", "application/json")
	var all []request
	bad := func(name, path string, rolle int, body string, status int, code string) {
		all = append(all, request{name, "POST", path, fmt.Sprintf(`{"rolleId":%q,%s}`, role(rolle), body), h, status, code, own})
	}
	const wrong = "UGYLDIG_PARAMETER"
	for name, body := range map[string]string{
		"forbidden characters": `"navn":"Hansen{}"`, "one letter": `"navn":"A"`, "short street": `"adressenavn":"ab","husnummer":"1"`, "impossible date": `"foedselsdato":20260230`,
		"a date in the year 0": `"foedselsdato":230`, "year span backwards": `"navn":"Hansen","foedt":{"fraAar":1980,"tilAar":1970}`, "odd year": `"navn":"Hansen","foedt":{"fraAar":-5}`,
		"unknown kommune": `"navn":"Hansen","kommunenummer":"9999"`, "unknown kommuner": `"navn":"Hansen","kommunenumre":["4601","9999"]`, "unknown fylke": `"navn":"Hansen","fylkesnummer":"99"`,
		"eleven kommuner": `"navn":"Hansen","kommunenumre":["0301","1101","1103","1106","1108","1111","1112","1114","1119","1120","1121"]`,
		"kommune twice":   `"navn":"Hansen","kommunenumre":["4601"],"kommunenummer":"4601"`, "kommune that is no number": `"navn":"Hansen","inkluderHistoriskeNavnOgAdresser":true,"kommunenumre":["Voss"]`,
		"odd sex": `"navn":"Hansen","kjoenn":"mann"`, "odd dwelling": `"adressenavn":"Storgata","husnummer":"1","bruksenhetsnummer":"2. etasje"`,
		"no hits wanted": `"navn":"Hansen","maksTreff":0`, "too many hits wanted": `"navn":"Hansen","maksTreff":10001`, "odd part": `"navn":"Hansen","parts":["navn; drop"]`,
		"odd postal code": `"navn":"Hansen","postnummer":"57"`,
	} {
		bad(name, w.soek(0), 1, body, 400, wrong)
	}
	for _, path := range []string{w.soek(0), soekAntall} {
		bad("no criterion", path, 1, `"navn":""`, 400, "SOEK_UTEN_KRITERIUM")
		bad("a town", path, 1, `"kommunenummer":"4601","inkluderDoede":true`, 400, "SOEK_FOR_VIDT")
		bad("the women of a postal code", path, 1, `"kjoenn":"KVINNE","postnummer":"5003","foedt":{"fraAar":1970,"tilAar":1970}`, 400, "SOEK_FOR_VIDT")
		bad("a street", path, 1, `"adressenavn":"Storgata","kommunenummer":"4601"`, 400, "SOEK_FOR_VIDT")
		bad("a dwelling without a house", path, 1, `"navn":"Hansen","adressenavn":"Storgata","bruksenhetsnummer":"H0101"`, 400, "SOEK_FOR_VIDT")
		bad("a parameter outside the role", path, 3, `"navn":"Hansen","kjoenn":"MANN"`, 403, "SOEKEPARAMETER_UTENFOR_ROLLE")
		bad("history outside the role", path, 2, `"navn":"Hansen","inkluderHistoriskeNavnOgAdresser":true`, 403, "SOEKEPARAMETER_UTENFOR_ROLLE")
		bad("an unknown member", path, 1, `"navn":"Hansen","kommune":"4601"`, 400, "UGYLDIG_JSON")
		bad("another type", path, 1, `"navn":5`, 400, "UGYLDIG_JSON")
	}
	for name, text := range map[string]string{"not understood": "Hansen {}", "nothing": "", "too long": strings.Repeat("Hansen ", 40), "DUF number": "201200000109"} {
		bad("in words: "+name, soekFri, 1, fmt.Sprintf(`"tekst":%q`, text), 400, "FRITEKST_IKKE_FORSTAATT")
	}
	bad("in words: a bad number", soekFri, 1, `"tekst":"148278 49806"`, 400, "UGYLDIG_IDENTIFIKATOR")
	bad("in words: too wide", soekFri, 1, `"tekst":"5700"`, 400, "SOEK_FOR_VIDT")
	bad("in words: outside the role", soekFri, 3, `"tekst":"Hansen, Kari","parts":["sivilstand"]`, 403, "OPPLYSNING_UTENFOR_ROLLE")
	bad("a part outside the role", w.soek(0), 2, `"navn":"Hansen","parts":["sivilstand"]`, 403, "OPPLYSNING_UTENFOR_ROLLE")
	bad("a part that there is not", w.soek(0), 1, `"navn":"Hansen","parts":["skostoerrelse"]`, 400, "UKJENT_PART")
	bad("another organisation", w.soek(1), 1, `"navn":"Hansen"`, 403, "ROLLE_IKKE_TILGJENGELIG")
	bad("no organisation", strings.Replace(w.soek(0), own, "tull", 1), 1, `"navn":"Hansen"`, 403, "ROLLE_IKKE_TILGJENGELIG")
	bad("an unknown role", w.soek(0), 99, `"navn":"Hansen"`, 403, "ROLLE_IKKE_TILGJENGELIG")
	bad("names: nobody", soekNavn, 1, `"personidentifikatorer":[]`, 400, "INGEN_PERSONER")
	bad("names: a bad number", soekNavn, 1, `"personidentifikatorer":["14827849806"]`, 400, "UGYLDIG_IDENTIFIKATOR")
	bad("names: 1001", soekNavn, 1, `"personidentifikatorer":["`+strings.Repeat(w.number("vanlig")+`","`, 1000)+w.number("vanlig")+`"]`, 400, "FOR_MANGE_PERSONER")
	return all
}

// living are canaries that the register also finds: the numbers of persons of the population, whose
// documents are others.
func living(t *testing.T) (*canaries, []population.Facts) {
	t.Helper()
	c := newCanaries(t)
	people, err := population.New(population.Config{Size: 400})
	if err != nil {
		t.Fatal(err)
	}
	var found []population.Facts
	folder := fstest.MapFS{}
	c.docs = map[string][]byte{}
	for f := range people.Each {
		if f.Doed || len(f.Navn) == 0 || len(f.Adresser) == 0 || !f.Adresser[len(f.Adresser)-1].ErGjeldende || f.Adresser[len(f.Adresser)-1].Adressenavn == "" || len(found) == 12 {
			continue
		}
		n := len(found)
		found = append(found, f)
		raw, _ := persontest.Canary(persontest.Options{
			Number: f.ID, Choose: c.rnd.IntN, Gradert: []string{"", "", "fortrolig", "strengtFortrolig"}[n%4], Adresse: []string{"ugradert", "klientadresse", ""}[n/4],
		})
		c.docs[f.ID.Reveal()] = raw
		folder[fmt.Sprintf("%d.json", n)] = &fstest.MapFile{Data: raw}
	}
	c.world = newWorld(t, func(o *hosttest.Options) { o.Documents = folder })
	return c, found
}

// TestNoCanaryLeavesInASearch searches by name and by home in random roles for persons whose every value is
// one of a kind. What the oracle does not grant must be nowhere; counts hold none at all.
func TestNoCanaryLeavesInASearch(t *testing.T) {
	c, people := living(t)
	h := c.vendor(1)
	delivered := map[string]int{}
	for n := range 15 {
		r := c.randomRole(n)
		r.Opplysninger = append(r.Opplysninger, "identifikasjonsnummer", "navn", "bostedsadresse")
		r.Versjon++
		c.plant(r)
		parts, header := c.randomAsk(r, h)
		c.namesOnly(r, header)
		for _, f := range people {
			name, home := f.Navn[len(f.Navn)-1], f.Adresser[len(f.Adresser)-1]
			for how, by := range map[string]fields{
				"by name": {"navn": name.Etternavn}, "by home": {"adressenavn": home.Adressenavn, "husnummer": home.Husnummer},
				"in words": {"tekst": name.Etternavn}, "in words by home": {"tekst": home.Adressenavn + " " + home.Husnummer},
				"by kommuner": {"navn": name.Etternavn, "kommunenumre": []string{home.Kommunenummer, "0301"}},
			} {
				if a := c.post(soekAntall, r.ID, by, header); canaryPattern.Match(a.body) || bytes.Contains(a.body, []byte(f.ID.Reveal())) {
					t.Fatalf("a count tells of somebody: %s", a.body)
				}
				a := c.post(c.soek(0), r.ID, with2(by, "parts", parts), header)
				if how == "in words" || how == "in words by home" {
					a = c.post(soekFri, r.ID, with2(by, "parts", parts), header)
				}
				if a.StatusCode != 200 {
					continue
				}
				for number, p := range a.persons(t) {
					raw, ok := c.docs[number]
					if !ok {
						continue
					}
					o := redacttest.Oracle{Katalog: katalog.Standard(), Role: r, Parts: parts, Reveal: header.Get(lookup.BekreftelseHeader) != "", ByAddress: how != "by name" && how != "in words"}
					allowed, err := json.Marshal(o.Redact(raw))
					if err != nil {
						t.Fatal(err)
					}
					for _, found := range canaryPattern.FindAll(p, -1) {
						delivered[how]++
						if !bytes.Contains(allowed, found) {
							t.Fatalf("%s leaks %s (%s) in role %v parts %v:\n%s", how, found, leafOf(raw, found), r.Opplysninger, parts, p)
						}
					}
					if o.Redact(raw) == nil {
						t.Fatalf("%s finds somebody withheld", how)
					}
				}
			}
		}
	}
	if delivered["by name"] < 500 || delivered["by home"] < 10 || delivered["by kommuner"] < 10 || delivered["in words by home"] < 10 {
		t.Errorf("delivered %v: the test asks nothing", delivered)
	}
	c.nothingElsewhere()
}

// namesOnly asks for the names of all canaries: nothing but names that the oracle grants may be told.
func (c *canaries) namesOnly(r policy.Role, h http.Header) {
	c.t.Helper()
	a := c.post(soekNavn, r.ID, fields{"personidentifikatorer": slices.Collect(maps.Keys(c.docs))}, h)
	var got []struct {
		Personidentifikator string
		Personnavn          json.RawMessage
	}
	if a.StatusCode != 200 {
		return
	}
	if err := json.Unmarshal(a.body, &got); err != nil || len(got) != len(c.docs) {
		c.t.Fatalf("%s", a.body)
	}
	for _, n := range got {
		o := redacttest.Oracle{Katalog: katalog.Standard(), Role: r, Parts: []string{"navn"}, Reveal: h.Get(lookup.BekreftelseHeader) != ""}
		allowed, err := json.Marshal(o.Redact(c.docs[n.Personidentifikator])["navn"])
		if err != nil {
			c.t.Fatal(err)
		}
		for _, found := range canaryPattern.FindAll(n.Personnavn, -1) {
			if !bytes.Contains(allowed, found) {
				c.t.Fatalf("names leak %s: %s", found, a.body)
			}
		}
	}
}

func with2(f fields, name string, value any) fields {
	f = maps.Clone(f)
	if s, ok := value.([]string); !ok || len(s) > 0 {
		f[name] = value
	}
	return f
}
