package lookup_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"hjemmel/functions/lookup"
	"hjemmel/shared/audit"
	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/policy"
)

// skole is the role of the school system in the demo.
var skole = role(12)

// child is one person of an answer of the school API.
type child struct {
	Identifikasjonsnummer, TidligereIdentifikasjonsnummer number
	DufNummer, Foedselsdato, Personstatus, Kjoenn         string
	Foreldreansvarstype, Statsborgerskap                  string
	Adressebeskyttelse                                    string
	Navn, Bostedsadresse, Oppholdsadresse                 map[string]any
	DeltBosted, Postadresse                               map[string]any
	Foreldreansvarlige                                    []responsible
	Familierelasjoner                                     []map[string]string
}

type number struct{ FoedselsEllerDNummer, Identifikatortype string }

type responsible struct {
	Ansvar, Personstatus, Statsborgerskap, Kjoenn, Adressebeskyttelse, Foedsel, AnsvarligOrganisasjon string
	Identifikasjonsnummer                                                                             number
	Navn, Bostedsadresse, Oppholdsadresse, Postadresse                                                map[string]any
}

// bare reports whether nothing is told but what the child's own document says.
func (r responsible) bare() bool {
	return r.Personstatus+r.Statsborgerskap+r.Kjoenn+r.Adressebeskyttelse+r.Foedsel == "" && r.Navn == nil && r.homeless()
}

func (r responsible) homeless() bool {
	return r.Bostedsadresse == nil && r.Oppholdsadresse == nil && r.Postadresse == nil
}

func (c child) homeless() bool {
	return c.Bostedsadresse == nil && c.Oppholdsadresse == nil && c.Postadresse == nil && c.DeltBosted == nil
}

// by gives the one with parental responsibility who has the number.
func (c child) by(t *testing.T, digits string) responsible {
	t.Helper()
	for _, r := range c.Foreldreansvarlige {
		if r.Identifikasjonsnummer.FoedselsEllerDNummer == digits {
			return r
		}
	}
	t.Fatalf("somebody is missing among %d with parental responsibility", len(c.Foreldreansvarlige))
	return responsible{}
}

func (w *world) oppvekst(h http.Header, rolle string, numbers ...string) answer {
	w.t.Helper()
	b, err := json.Marshal(map[string][]string{"foedselsnumre": numbers})
	if err != nil {
		w.t.Fatal(err)
	}
	h = h.Clone()
	h.Set("Content-Type", "application/json")
	return w.do("POST", "/register/api/v1/ks/"+rolle+"/oppvekst", bytes.NewReader(b), h)
}

func (a answer) children(t testing.TB) []child {
	t.Helper()
	var all []child
	if err := json.Unmarshal(a.body, &all); err != nil || a.StatusCode != http.StatusOK || all == nil {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return all
}

// child asks about one by name in the school's role.
func (w *world) child(name string) child {
	w.t.Helper()
	all := w.oppvekst(w.vendor(1), skole, w.number(name)).children(w.t)
	if len(all) != 1 {
		w.t.Fatalf("%s: %d answers", name, len(all))
	}
	return all[0]
}

// A pupil who lives with both parents: who they are, how to reach them, and that they share the
// responsibility.
func TestASchoolIsToldOfAPupilAndTheParents(t *testing.T) {
	w := newWorld(t)
	c := w.child("barn")
	if c.Identifikasjonsnummer != (number{w.number("barn"), "foedselsnummer"}) || c.Navn["fornavn"] == nil || len(c.Foedselsdato) != 10 ||
		c.Personstatus != "bosatt" || c.Statsborgerskap != "NOR" || c.Foreldreansvarstype != "felles" || c.Adressebeskyttelse != "" {
		t.Errorf("%+v", c)
	}
	if c.Bostedsadresse["vegadresse"] == nil || c.Bostedsadresse["adressegradering"] != "ugradert" || c.Bostedsadresse["erGjeldende"] != nil || c.DeltBosted != nil {
		t.Errorf("%v", c.Bostedsadresse)
	}
	if len(c.Foreldreansvarlige) != 2 || len(c.Familierelasjoner) != 2 {
		t.Fatalf("%+v", c)
	}
	for _, name := range []string{"vanlig", "forelder"} {
		r := c.by(t, w.number(name))
		if r.Ansvar != "felles" || r.Navn["etternavn"] == nil || r.Personstatus != "bosatt" || len(r.Foedsel) != 10 || r.Bostedsadresse["vegadresse"] == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if _, told := c.Navn["forkortetNavn"]; told || c.Bostedsadresse["flyttedato"] != nil {
		t.Error("more is told than the role gives and the answer has a place for")
	}
}

// A pupil with shared residence has both addresses.
func TestASharedResidenceIsTold(t *testing.T) {
	w := newWorld(t)
	c := w.child("barnMedDeltBosted")
	if c.DeltBosted["startdatoForKontrakt"] == nil || c.DeltBosted["vegadresse"] == nil || c.Bostedsadresse["vegadresse"] == nil {
		t.Errorf("%+v", c)
	}
	for _, r := range c.Foreldreansvarlige {
		if r.Bostedsadresse == nil || len(c.Foreldreansvarlige) != 2 {
			t.Errorf("%+v", r)
		}
	}
}

func equal(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return bytes.Equal(x, y)
}

// Nobody learns where a protected parent lives: not from the parent, not from the child, and not from the
// other parent. Who they are is told, and that they are protected.
func TestNobodyLearnsWhereAProtectedParentLives(t *testing.T) {
	w := newWorld(t)
	for name, parent := range map[string]string{
		"barnMedFortroligForelder": "fortrolig", "barnUtenGraderingHosFortrolig": "fortrolig", "barnMedStrengtFortroligForelder": "strengtFortrolig",
	} {
		c := w.child(name)
		r := c.by(t, w.number(parent))
		if parent == "strengtFortrolig" { // the open post address that the authorities keep is for everybody
			if len(c.Postadresse) == 0 || len(r.Postadresse) == 0 {
				t.Errorf("%s: no open post address", name)
			}
			c.Postadresse, c.Foreldreansvarlige[0].Postadresse = nil, nil
		}
		if !c.homeless() {
			t.Errorf("%s: an address is told: %+v", name, c)
		}
		if r.Adressebeskyttelse != parent || r.Navn == nil {
			t.Errorf("%s: the parent is told as %+v", name, r)
		}
		for _, r := range c.Foreldreansvarlige {
			if !r.homeless() {
				t.Errorf("%s: an address is told: %+v", name, r)
			}
		}
	}
}

// crafted puts documents of the population into the folder that overrides it, changed.
func crafted(t *testing.T, change map[string]func(doc map[string][]map[string]any, number func(string) string)) func(*hosttest.Options) {
	t.Helper()
	people, err := population.New(population.Config{Size: 400})
	if err != nil {
		t.Fatal(err)
	}
	number := func(name string) string { return people.Named()[name].Reveal() }
	folder := fstest.MapFS{}
	for name, with := range change {
		var b document.Builder
		d, _, _ := people.Document(&b, number(name))
		var doc map[string][]map[string]any
		if err := json.Unmarshal(d.Raw, &doc); err != nil {
			t.Fatal(err)
		}
		with(doc, number)
		raw, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		folder[name+"-"+number(name)+".json"] = &fstest.MapFile{Data: raw}
	}
	return func(o *hosttest.Options) { o.Documents = folder }
}

// answersFor is a foreldreansvar of now.
func answersFor(child, ansvar, field string, who any) map[string]any {
	return map[string]any{"erGjeldende": true, "ansvar": ansvar, "ansvarssubjekt": child, field: who}
}

type documents = map[string]func(map[string][]map[string]any, func(string) string)

// responsibleIs lets somebody else have the responsibility for a child, whose family stays as it is.
func responsibleIs(name, ansvar, field string, who func(number func(string) string) any) documents {
	return documents{name: func(doc map[string][]map[string]any, number func(string) string) {
		doc["foreldreansvar"] = []map[string]any{answersFor(number(name), ansvar, field, who(number))}
	}}
}

// A child for whom nobody is registered has an empty list, not an error.
func TestAChildWithoutParents(t *testing.T) {
	w := newWorld(t, crafted(t, documents{"barn": func(doc map[string][]map[string]any, _ func(string) string) {
		delete(doc, "foreldreansvar")
		delete(doc, "familierelasjon")
	}}))
	a := w.oppvekst(w.vendor(1), skole, w.number("barn"))
	c := a.children(t)[0]
	if len(c.Foreldreansvarlige)+len(c.Familierelasjoner) != 0 || c.Foreldreansvarstype != "" || c.Bostedsadresse == nil {
		t.Errorf("%+v", c)
	}
	if !bytes.Contains(a.body, []byte(`"foreldreansvarlige":[],"familierelasjoner":[]`)) {
		t.Errorf("the lists are not empty lists: %s", a.body)
	}
}

// A parent without a Norwegian number is told as the child's own document tells, and an institution by
// its number.
func TestAResponsibleWithoutANumber(t *testing.T) {
	foreign := map[string]any{"navn": map[string]any{"fornavn": "GLAD", "etternavn": "FISK"}, "foedselsdato": "1980-01-02", "statsborgerskap": "SWE", "kjoenn": "mann"}
	w := newWorld(t, crafted(t, responsibleIs("barn", "far", "ansvarligUtenIdentifikator", func(func(string) string) any { return foreign })))
	a := w.oppvekst(w.vendor(1), skole, w.number("barn"))
	r := a.children(t)[0].Foreldreansvarlige[0]
	if r.Ansvar != "far" || r.Navn["fornavn"] != "GLAD" || r.Foedsel != "1980-01-02" || r.Statsborgerskap != "SWE" || r.Kjoenn != "mann" || !r.homeless() {
		t.Errorf("%+v", r)
	}
	if r.Identifikasjonsnummer != (number{}) {
		t.Error("a number is told where there is none")
	}

	w = newWorld(t, crafted(t, responsibleIs("barn", "andre", "ansvarligOrganisasjon", func(func(string) string) any { return "310500003" })))
	entries := w.added(func() { a = w.oppvekst(w.vendor(1), skole, w.number("barn")) })
	if r := a.children(t)[0].Foreldreansvarlige[0]; r.Ansvar != "andre" || r.AnsvarligOrganisasjon != "310500003" || !r.bare() || len(entries) != 1 {
		t.Errorf("%+v, %d entries", r, len(entries))
	}
}

// Somebody who is no parent may have the responsibility. They are protected, and protect, like a parent.
func TestSomebodyElseThanAParentIsResponsible(t *testing.T) {
	w := newWorld(t, crafted(t, responsibleIs("barn", "andre", "ansvarlig", func(n func(string) string) any { return n("enke") })))
	c := w.child("barn")
	if r := c.by(t, w.number("enke")); r.Ansvar != "andre" || r.Navn == nil || r.Bostedsadresse == nil || c.Bostedsadresse == nil {
		t.Errorf("%+v", r)
	}
	for _, parent := range []string{"fortrolig", "strengtFortrolig"} {
		w := newWorld(t, crafted(t, responsibleIs("barn", "andre", "ansvarlig", func(n func(string) string) any { return n(parent) })))
		if c := w.child("barn"); !c.homeless() || c.by(t, w.number(parent)).Adressebeskyttelse != parent {
			t.Errorf("a foster child's address tells where a %s foster parent lives: %+v", parent, c)
		}
		if a := w.do("GET", personer(role(1), w.number("barn")+"?part=bostedsadresse"), nil, w.vendor(1)); a.StatusCode != 200 || bytes.Contains(a.body, []byte("vegadresse")) {
			t.Errorf("a lookup of a foster child tells where a %s foster parent lives: %s", parent, a.body)
		}
	}
}

// Where a child hides with one who is not family, the other may be hiding too.
func TestAProtectedChildProtectsWhoIsResponsible(t *testing.T) {
	w := newWorld(t, crafted(t, documents{"barn": func(doc map[string][]map[string]any, n func(string) string) {
		doc["foreldreansvar"] = []map[string]any{answersFor(n("barn"), "andre", "ansvarlig", n("enke"))}
		doc["adressebeskyttelse"] = []map[string]any{{"erGjeldende": true, "graderingsnivaa": "fortrolig"}}
	}}))
	if c := w.child("barn"); !c.homeless() || !c.by(t, w.number("enke")).homeless() {
		t.Errorf("%+v", c)
	}
}

// One whom the register does not know, and one who may not be told of in the role, look alike: as the
// child's own document says, and no more.
func TestUnknownAndWithheldResponsibleLookAlike(t *testing.T) {
	w := newWorld(t, crafted(t, responsibleIs("barn", "felles", "ansvarlig", func(func(string) string) any { return "14827849805" })))
	unknown := w.child("barn")
	r := unknown.by(t, "14827849805")
	if r.Ansvar != "felles" || !r.bare() || !unknown.homeless() { // somebody unknown may be graded
		t.Errorf("%+v", unknown)
	}

	w = newWorld(t, crafted(t, responsibleIs("barn", "felles", "ansvarlig", func(n func(string) string) any { return n("enke") })))
	home := w.child("barn").Bostedsadresse["vegadresse"].(map[string]any)["kommunenummer"].(string)
	if other := w.child("barn").by(t, w.number("enke")).Bostedsadresse["vegadresse"].(map[string]any)["kommunenummer"]; other == home {
		t.Fatal("both live in the same municipality: the test asks nothing")
	}
	w.demoRole(skole, func(r *policy.Role) { r.Kommuner = []string{home} })
	var withheld responsible
	entries := w.added(func() { withheld = w.child("barn").by(t, w.number("enke")) })
	withheld.Identifikasjonsnummer = r.Identifikasjonsnummer
	if !equal(withheld, r) {
		t.Errorf("unknown is %+v, withheld %+v", r, withheld)
	}
	if len(entries) != 2 || !slices.ContainsFunc(entries, func(e audit.Entry) bool { return e.Utfall == audit.Avslag && slices.Contains(e.Regler, "geografi") }) {
		t.Errorf("%+v", entries)
	}
}

// A child who is unknown and one who may not be told of are not there, and nobody is asked about through
// them.
func TestAChildWhoMayNotBeToldOfIsNotThere(t *testing.T) {
	w := newWorld(t)
	w.demoRole(skole, func(r *policy.Role) { r.Kommuner = []string{"9999"} })
	var a answer
	entries := w.added(func() { a = w.oppvekst(w.vendor(1), skole, w.number("barn"), "14827849805") })
	if all := a.children(t); len(all) != 0 || string(a.body) != "[]" || len(entries) != 2 {
		t.Errorf("%s, %d entries", a.body, len(entries))
	}
	for _, e := range entries {
		if e.Utfall == audit.Utlevert || len(e.Levert) > 0 {
			t.Errorf("%+v", e)
		}
	}
}

// A parent who is under age is answered for by others; what she answers for herself says nothing of that.
func TestWhatOneAnswersForIsNotWhoAnswersForOne(t *testing.T) {
	w := newWorld(t)
	for _, c := range w.oppvekst(w.vendor(1), skole, w.number("vanlig")).children(t) {
		if len(c.Foreldreansvarlige) != 0 || c.Foreldreansvarstype != "" {
			t.Errorf("a grown-up with children is told as if somebody answered for her: %+v", c.Foreldreansvarlige)
		}
	}
}

// Everybody of whom anything leaves has an entry of their own, with what left, and it says whether they
// were asked about or found through a child.
func TestEachIsWrittenDown(t *testing.T) {
	w := newWorld(t)
	h := w.vendor(1)
	h.Set(lookup.FormaalHeader, "skoleaaret 2026")
	var a answer
	entries := w.added(func() { a = w.oppvekst(h, skole, w.number("barn"), w.number("barnMedDeltBosted"), w.number("barn")) })
	told := map[string]int{}
	for _, e := range entries {
		told[e.Handling]++
		if e.Utfall != audit.Utlevert || e.Rolle != skole || e.Formaal != "skoleaaret 2026" || len(e.Levert) == 0 || e.Subjekt == "" {
			t.Errorf("%+v", e)
		}
		parent := e.Handling == "oppvekst-ansvarlig"
		if slices.Contains(e.Levert, "foreldreansvar.ansvarlig") == parent || slices.ContainsFunc(e.Levert, func(k string) bool {
			return k == "historikk" || strings.HasPrefix(k, "sivilstand") || strings.HasPrefix(k, "registermetadata") || parent && strings.HasPrefix(k, "deltBosted")
		}) {
			t.Errorf("%s: %v", e.Handling, e.Levert)
		}
	}
	if len(a.children(t)) != 2 || told["oppvekst"] != 2 || told["oppvekst-ansvarlig"] != 4 || len(entries) != 6 {
		t.Errorf("%d children, %v", len(a.children(t)), told)
	}
}

// What the role lacks of what the answer needs is named before the register is asked; what the law does
// not open for the area is not missed.
func TestTheRoleMustHoldWhatOppvekstNeeds(t *testing.T) {
	w := newWorld(t)
	for lacks, n := range map[string]int{"": 0, "foreldreansvar": 1, "deltBosted": 1, "historikk": 1, "adressebeskyttelse": 1, "navn": 1, "bostedsadresse.adressegradering": 1, "familierelasjon": 1} {
		w.demoRole(skole, func(r *policy.Role) {
			r.Opplysninger = slices.DeleteFunc(slices.Clone(w.Demo.Roller[11].Opplysninger), func(k string) bool { return k == lacks })
		})
		var a answer
		reached := w.asked(func() { a = w.oppvekst(w.vendor(1), skole, w.number("barn")) })
		if n == 0 {
			if a.children(t); bytes.Contains(a.body, []byte("dufNummer")) {
				t.Errorf("%s", a.body)
			}
			continue
		}
		p := a.problem(t)
		if p.ErrorCode != "ROLLE_MANGLER_OPPLYSNINGER" || p.Status != 403 || p.ErrorJSON != `{"elementer":["`+lacks+`"]}` || len(reached) > 0 {
			t.Errorf("%s: %s, %d requests", lacks, a.body, len(reached))
		}
	}
}

// The deprecated address answers the same, in the organisation that the role belongs to alone.
func TestTheDeprecatedAddress(t *testing.T) {
	w := newWorld(t)
	body := `{"foedselsnumre":["` + w.number("barn") + `"]}`
	h := with(w.vendor(1), "Content-Type", "application/json")
	old := func(org string) answer {
		return w.do("POST", "/folkeregister/api/v1/oppvekst/"+org+"/"+skole, strings.NewReader(body), h)
	}
	own, other := w.Demo.Organisasjoner[0].FiksOrgID, w.Demo.Organisasjoner[1].FiksOrgID
	if a := old(strings.ToUpper(own)); !bytes.Equal(a.body, w.oppvekst(h, skole, w.number("barn")).body) || a.StatusCode != 200 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if p := old(other).problem(t); p.ErrorCode != "ROLLE_IKKE_TILGJENGELIG" || p.Status != 403 {
		t.Errorf("%+v", p)
	}
}

// A former number finds the child, who is told by the number in use with the former one beside it.
func TestAFormerNumberFindsTheChild(t *testing.T) {
	w := newWorld(t)
	c := w.child("gammeltDnummer")
	if c.Identifikasjonsnummer != (number{w.number("innflyttet"), "foedselsnummer"}) || c.TidligereIdentifikasjonsnummer != (number{w.number("gammeltDnummer"), "dNummer"}) {
		t.Errorf("%+v", c.Identifikasjonsnummer)
	}
}

// A reason for opening graded addresses is given for the children: it opens theirs, and never those of
// whoever is found through them.
func TestAConfirmationOpensForTheChildrenAlone(t *testing.T) {
	w := newWorld(t)
	w.demoRole(skole, func(r *policy.Role) { r.AapneGradert = true })
	h := with(w.vendor(1), lookup.BekreftelseHeader, "eleven skal hentes hjemme i dag")
	var c child
	entries := w.added(func() { c = w.oppvekst(h, skole, w.number("barnMedFortroligForelder")).children(t)[0] })
	if c.Bostedsadresse == nil {
		t.Error("the child's address stays closed")
	}
	for _, r := range c.Foreldreansvarlige {
		if !r.homeless() {
			t.Errorf("%+v", r)
		}
	}
	for _, e := range entries {
		if child := e.Handling == "oppvekst"; e.Avdekket != child || (e.Bekreftelse != "") != child {
			t.Errorf("%+v", e)
		}
	}
}

// An employee is not told of their own through a pupil: the former spouse is a number there, the pupil and
// the other parent are told, and the employee's own child is not.
func TestNobodyLooksUpCloseFamilyThroughAPupil(t *testing.T) {
	w := newWorld(t)
	w.demoRole(skole, func(r *policy.Role) { r.KanBrukesPaaSokeside = true })
	w.assign("ansatt-02", skole) // skilt: once married to foreldreMedDeltBosted, mother of barnMedDeltBosted
	former, own, pupil := w.number("foreldreMedDeltBosted"), w.number("barnMedDeltBosted"), ""
	for f := range w.Freg.Population().Each {
		for _, k := range f.Kin {
			if k.ID.Reveal() == former && k.Rolle == "far" && f.ID.Reveal() != own {
				pupil = f.ID.Reveal()
			}
		}
	}
	all := w.oppvekst(w.employee("ansatt-02"), skole, pupil, own).children(t)
	if len(all) != 1 || all[0].Identifikasjonsnummer.FoedselsEllerDNummer != pupil || len(all[0].Foreldreansvarlige) != 2 {
		t.Fatalf("%+v", all)
	}
	for _, r := range all[0].Foreldreansvarlige {
		if r.bare() != (r.Identifikasjonsnummer.FoedselsEllerDNummer == former) {
			t.Errorf("%+v", r)
		}
	}
}

// A thousand children have more parents than one question to the register takes, and more entries than are
// written at a time. All of them are told and written, and nobody is asked about twice.
func TestAThousandChildren(t *testing.T) {
	w := newWorld(t, func(o *hosttest.Options) { o.Population = population.Config{Size: 8000} })
	var children []string
	for f := range w.Freg.Population().Each {
		if slices.ContainsFunc(f.Kin, func(k population.Kin) bool { return k.Rolle == "mor" || k.Rolle == "far" }) && f.Foedselsdato > "2009" {
			children = append(children, f.ID.Reveal())
		}
	}
	if len(children) < 1000 {
		t.Fatalf("only %d children", len(children))
	}
	children = children[:1000]
	h := w.vendor(1)
	var a answer
	var entries []audit.Entry
	reached := w.asked(func() { entries = w.added(func() { a = w.oppvekst(h, skole, children...) }) })
	parents, named := map[string]bool{}, 0
	for i, c := range a.children(t) {
		if c.Identifikasjonsnummer.FoedselsEllerDNummer != children[i] {
			t.Fatalf("child %d is another than was asked about", i)
		}
		for _, r := range c.Foreldreansvarlige {
			parents[r.Identifikasjonsnummer.FoedselsEllerDNummer] = true
			if r.Navn != nil {
				named++
			}
		}
	}
	if len(parents) <= 1000 || named < len(parents) || len(entries) != 1000+len(parents) {
		t.Errorf("%d parents, %d named, %d entries", len(parents), named, len(entries))
	}
	fetched := 0
	for _, r := range reached {
		if !slices.Equal(r.Parts, []string{"adressebeskyttelse"}) {
			fetched += r.IDs
		}
	}
	if fetched != 1000+len(parents) {
		t.Errorf("%d documents were fetched for 1000 children and %d parents", fetched, len(parents))
	}
}
