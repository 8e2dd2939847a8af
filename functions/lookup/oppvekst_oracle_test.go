package lookup_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/host/hosttest"
	ids "hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/redact/redacttest"
)

// schoolOracle reads a whole register naively and says what a role may be told of a child.
type schoolOracle struct {
	role policy.Role
	docs map[string]map[string]any
	raw  map[string][]byte
}

func newSchoolOracle(w *world) schoolOracle {
	w.t.Helper()
	o := schoolOracle{docs: map[string]map[string]any{}, raw: map[string][]byte{}}
	for f := range w.Freg.Population().Each {
		var b document.Builder
		d, _, _ := w.Freg.Population().Document(&b, f.ID.Reveal())
		var doc map[string]any
		if err := json.Unmarshal(d.Raw, &doc); err != nil {
			w.t.Fatal(err)
		}
		o.docs[f.ID.Reveal()], o.raw[f.ID.Reveal()] = doc, bytes.Clone(d.Raw)
	}
	return o
}

func each(doc map[string]any, property string) (all []map[string]any) {
	list, _ := doc[property].([]any)
	for _, e := range list {
		all = append(all, e.(map[string]any))
	}
	return all
}

// first is a field of the first element that is current, or former.
func first(doc map[string]any, property, field string, current bool) any {
	for _, e := range each(doc, property) {
		if e["erGjeldende"] == current && e[field] != nil {
			return e[field]
		}
	}
	return nil
}

func grading(doc map[string]any) ids.Gradering {
	s, _ := first(doc, "adressebeskyttelse", "graderingsnivaa", true).(string)
	return ids.Gradering(max(0, slices.Index(ids.Grades, s)))
}

// near is the strongest grading of family and of those whom foreldreansvar joins to a person; of now
// alone, or of all times.
func (o schoolOracle) near(digits string, former bool) ids.Gradering {
	strongest := ids.Ugradert
	for property, fields := range map[string][]string{"familierelasjon": {"relatertPerson"}, "foreldreansvar": {"ansvarlig", "ansvarssubjekt"}} {
		for _, e := range each(o.docs[digits], property) {
			for _, f := range fields {
				if other, _ := e[f].(string); other != "" && other != digits && (former || e["erGjeldende"] == true) {
					strongest = max(strongest, grading(o.docs[other]))
				}
			}
		}
	}
	return strongest
}

func (o schoolOracle) reading(digits string, parts []string, slekt ids.Gradering) map[string]any {
	r := redacttest.Oracle{Katalog: katalog.Standard(), Role: o.role, Parts: parts, Slekt: slekt}
	return r.Redact(o.raw[digits])
}

// places are the fields of an address that the answer has a place for.
var places = map[string][]string{
	"bostedsadresse":  {"vegadresse", "matrikkeladresse", "ukjentBosted", "adressegradering", "adresseIdentifikatorFraMatrikkelen", "naerAdresseIdentifikatorFraMatrikkelen", "flyttedato", "grunnkrets", "stemmekrets", "skolekrets", "kirkekrets"},
	"oppholdsadresse": {"vegadresse", "matrikkeladresse", "utenlandskAdresse", "adressegradering", "adresseIdentifikatorFraMatrikkelen"},
	"deltBosted":      {"vegadresse", "matrikkeladresse", "ukjentBosted", "adressegradering", "adresseIdentifikatorFraMatrikkelen", "naerAdresseIdentifikatorFraMatrikkelen", "startdatoForKontrakt", "sluttdatoForKontrakt"},
	"postadresse":     {"vegadresse", "postboksadresse", "postadresseIFrittFormat", "adressegradering", "adresseIdentifikatorFraMatrikkelen"},
	"navn":            {"fornavn", "mellomnavn", "etternavn"},
}

// plain adds what a child and one with parental responsibility are both told with.
func plain(to, doc map[string]any, more ...string) {
	for name, at := range map[string][2]string{
		"personstatus": {"status", "status"}, "kjoenn": {"kjoenn", "kjoenn"}, "statsborgerskap": {"statsborgerskap", "statsborgerskap"},
		"adressebeskyttelse": {"adressebeskyttelse", "graderingsnivaa"},
	} {
		put(to, name, first(doc, at[0], at[1], true))
	}
	for _, property := range append(more, "bostedsadresse", "oppholdsadresse", "postadresse", "navn") {
		for _, e := range each(doc, property) {
			place := map[string]any{}
			for _, f := range places[property] {
				if as := map[string]string{"vegadresse": "vegadresseForPost", "postadresseIFrittFormat": "frittFormat"}[f]; as != "" && property == "postadresse" {
					put(place, as, e[f])
				} else {
					put(place, f, e[f])
				}
			}
			if e["erGjeldende"] == true && len(place) > 0 && to[property] == nil {
				to[property] = place
			}
		}
	}
}

func put(to map[string]any, name string, v any) {
	if v != nil {
		to[name] = v
	}
}

func numbered(v any) any {
	digits, ok := v.(string)
	switch {
	case !ok:
		return nil
	case digits[0] >= '4':
		return map[string]any{"foedselsEllerDNummer": digits, "identifikatortype": "dNummer"}
	}
	return map[string]any{"foedselsEllerDNummer": digits, "identifikatortype": "foedselsnummer"}
}

// child is what the answer must say of one child.
func (o schoolOracle) child(digits string) map[string]any {
	slekt := o.near(digits, o.holds("historikk"))
	parts := []string{"foedsel", "status", "kjoenn", "navn", "statsborgerskap", "adressebeskyttelse", "bostedsadresse", "oppholdsadresse", "deltBosted",
		"postadresse", "familierelasjon", "foreldreansvar", "utlendingsmyndighetenesIdentifikasjonsnummer", "historikk"}
	doc := o.reading(digits, parts, slekt)
	c := map[string]any{"familierelasjoner": []any{}, "foreldreansvarlige": []any{}}
	plain(c, doc, "deltBosted")
	put(c, "identifikasjonsnummer", numbered(first(doc, "identifikasjonsnummer", "foedselsEllerDNummer", true)))
	put(c, "tidligereIdentifikasjonsnummer", numbered(first(doc, "identifikasjonsnummer", "foedselsEllerDNummer", false)))
	put(c, "foedselsdato", first(doc, "foedsel", "foedselsdato", true))
	put(c, "dufNummer", first(doc, "utlendingsmyndighetenesIdentifikasjonsnummer", "identifikasjonsnummer", true))
	for _, e := range each(doc, "familierelasjon") {
		if e["erGjeldende"] == true {
			r := map[string]any{"familierelasjonRolle": e["relatertPersonsRolle"]}
			put(r, "familierelasjonPerson", e["relatertPerson"])
			c["familierelasjoner"] = append(c["familierelasjoner"].([]any), r)
		}
	}
	for _, e := range each(doc, "foreldreansvar") {
		if e["erGjeldende"] == true && e["ansvarssubjekt"] == digits {
			put(c, "foreldreansvarstype", e["ansvar"])
			r := o.responsible(e["ansvarlig"].(string), max(slekt, grading(o.docs[digits])))
			r["ansvar"] = e["ansvar"]
			c["foreldreansvarlige"] = append(c["foreldreansvarlige"].([]any), r)
		}
	}
	return c
}

func (o schoolOracle) responsible(digits string, slekt ids.Gradering) map[string]any {
	doc := o.reading(digits, []string{"foedsel", "status", "kjoenn", "navn", "statsborgerskap", "adressebeskyttelse", "bostedsadresse", "oppholdsadresse", "postadresse"}, max(slekt, o.near(digits, false)))
	r := map[string]any{"identifikasjonsnummer": numbered(digits)}
	plain(r, doc)
	put(r, "foedsel", first(doc, "foedsel", "foedselsdato", true))
	return r
}

func (o schoolOracle) holds(kode string) bool { return slices.Contains(o.role.Opplysninger, kode) }

// schoolRoles are roles of every area that can ask, with what the answer needs and a random share of the
// rest that the area opens.
func (c *canaries) schoolRoles() (all []policy.Role) {
	c.t.Helper()
	for i, area := range katalog.Standard().Tjenesteomraader {
		opens := area.Folkeregister()
		if !area.Gyldig || !slices.Contains(opens, "foreldreansvar") || !slices.Contains(area.Bruksomraader, katalog.Soek) {
			continue
		}
		for n := range 2 {
			r := policy.Role{
				ID: role(3000 + 10*i + n), FiksOrgID: c.integration(1).FiksOrgID, Versjon: 1, Navn: "Skole", Tjenesteomraade: area.Kode, Aktiv: true,
				Bruksomraader: []katalog.Bruk{katalog.Soek},
			}
			for _, h := range area.Lovhjemler {
				r.Hjemler = append(r.Hjemler, h.ID)
			}
			for _, kode := range opens {
				property, field, _ := strings.Cut(kode, ".")
				rest := property == "sivilstand" || property == "opphold" || property == "registermetadata" || field != "" && field != "adressegradering" && property != "foedsel" && property != "statsborgerskap"
				if !rest || c.rnd.IntN(2) == 0 {
					r.Opplysninger = append(r.Opplysninger, kode)
				}
			}
			c.plant(r)
			all = append(all, r)
		}
	}
	return all
}

// What is answered of every person of a register, as if a pupil, in random roles, is what a naive reading
// of the register and the catalogue says.
func TestOppvekstIsWhatANaiveReadingSays(t *testing.T) {
	w := newWorld(t)
	c := &canaries{world: w, rnd: rand.New(rand.NewPCG(3, 4))}
	o := newSchoolOracle(w)
	h, told, protected := w.vendor(1), 0, 0
	var everybody []string
	for f := range w.Freg.Population().Each {
		everybody = append(everybody, f.ID.Reveal())
	}
	for _, r := range c.schoolRoles() {
		o.role = r
		var got []map[string]any
		a := w.oppvekst(h, r.ID, everybody...)
		if err := json.Unmarshal(a.body, &got); err != nil || len(got) != len(everybody) {
			t.Fatalf("%s: %d %.300s", r.Tjenesteomraade, a.StatusCode, a.body)
		}
		for i, digits := range everybody {
			want := o.child(digits)
			if !reflect.DeepEqual(got[i], want) {
				t.Fatalf("%s with %v:\n got %v\nwant %v", r.Tjenesteomraade, r.Opplysninger, got[i], want)
			}
			told += len(want["foreldreansvarlige"].([]any))
			if want["adressebeskyttelse"] != nil || o.near(digits, true) > ids.Ugradert {
				protected++
			}
		}
	}
	if told < 200 || protected < 50 {
		t.Errorf("%d with responsibility told, %d protected: too few to tell", told, protected)
	}
}

// kindred gives the children of the canary register as parents to the others: a canary's foreldreansvar
// names nobody that exists.
func kindred(t *testing.T, raw []byte, own, parent string) []byte {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	for _, property := range []string{"foreldreansvar", "familierelasjon"} {
		for _, e := range each(doc, property) {
			for field, digits := range map[string]string{"ansvarlig": parent, "ansvarssubjekt": own, "relatertPerson": parent} {
				if e[field] != nil {
					e[field] = digits
				}
			}
		}
	}
	b, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Of persons whose every value is one of a kind, nothing leaves that the oracle does not grant of the
// child itself or of the one with parental responsibility, and nothing of anybody else.
func TestNoCanaryLeavesThroughOppvekst(t *testing.T) {
	c := newCanaries(t)
	var numbers []string
	for n := range c.docs {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	folder := fstest.MapFS{}
	parent := map[string]string{}
	for i, n := range numbers {
		parent[n] = numbers[(i+5)%len(numbers)]
		c.docs[n] = kindred(t, c.docs[n], n, parent[n])
		folder[n+".json"] = &fstest.MapFile{Data: c.docs[n]}
	}
	c.world = newWorld(t, func(o *hosttest.Options) { o.Documents = folder })
	delivered := 0
	for _, r := range c.schoolRoles() {
		o := redacttest.Oracle{Katalog: katalog.Standard(), Role: r, Parts: append([]string{"historikk"}, r.Opplysninger...)}
		for i, p := range o.Parts {
			o.Parts[i], _, _ = strings.Cut(p, ".")
		}
		for _, n := range numbers {
			allowed := ""
			for _, who := range []string{n, parent[n]} {
				b, err := json.Marshal(o.Redact(c.docs[who]))
				if err != nil {
					t.Fatal(err)
				}
				allowed += string(b)
			}
			a := c.oppvekst(c.vendor(1), r.ID, n)
			if a.StatusCode != 200 {
				t.Fatalf("%d %s", a.StatusCode, a.body)
			}
			for _, found := range canaryPattern.FindAll(a.body, -1) {
				delivered++
				if !strings.Contains(allowed, string(found)) {
					t.Fatalf("%s leaks in role %v:\n%s", found, r.Opplysninger, a.body)
				}
			}
		}
	}
	if delivered < 500 {
		t.Errorf("only %d values were delivered: the test asks nothing", delivered)
	}
	c.nothingElsewhere()
}
