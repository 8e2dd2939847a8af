package person_test

import (
	"fmt"
	"slices"
	"testing"

	"hjemmel/shared/person"
)

func TestGradering(t *testing.T) {
	element := func(more string) string { return `{"adressebeskyttelse":[{"erGjeldende":true,` + more + `}]}` }
	for raw, want := range map[string]person.Gradering{
		`{}`:                          person.Ugradert,
		`{"adressebeskyttelse":[]}`:   person.Ugradert,
		`{"adressebeskyttelse":null}`: person.UkjentGradering,
		`{"adressebeskyttelse":{"graderingsnivaa":"ugradert"}}`: person.UkjentGradering,
		`{"adressebeskyttelse":"ugradert"}`:                     person.UkjentGradering,
		`{"adressebeskyttelse":[null]}`:                         person.UkjentGradering,
		`{"adressebeskyttelse":["ugradert"]}`:                   person.UkjentGradering,
		element(`"graderingsnivaa":"ugradert"`):                 person.Ugradert,
		element(`"graderingsnivaa":"klientadresse"`):            person.Klientadresse,
		element(`"graderingsnivaa":"fortrolig"`):                person.Fortrolig,
		element(`"graderingsnivaa":"strengtFortrolig"`):         person.StrengtFortrolig,
		// What cannot be read is the strongest.
		element(`"graderingsnivaa":"STRENGT_FORTROLIG"`): person.UkjentGradering,
		element(`"graderingsnivaa":"Ugradert"`):          person.UkjentGradering,
		element(`"graderingsnivaa":"ugradert "`):         person.UkjentGradering,
		element(`"graderingsnivaa":"ugr\u0061dert"`):     person.UkjentGradering,
		element(`"graderingsnivaa":""`):                  person.UkjentGradering,
		element(`"graderingsnivaa":null`):                person.UkjentGradering,
		element(`"graderingsnivaa":0`):                   person.UkjentGradering,
		element(`"graderingsnivaa":["ugradert"]`):        person.UkjentGradering,
		element(`"annet":1`):                             person.UkjentGradering,
		element(`"graderingsnivaa":"nyttNivaa"`):         person.UkjentGradering,
		// Only what says that it is former is former.
		`{"adressebeskyttelse":[{"erGjeldende":false,"graderingsnivaa":"strengtFortrolig"}]}`:                                                        person.Ugradert,
		`{"adressebeskyttelse":[{"erGjeldende":"false","graderingsnivaa":"fortrolig"}]}`:                                                             person.Fortrolig,
		`{"adressebeskyttelse":[{"erGjeldende":null,"graderingsnivaa":"fortrolig"}]}`:                                                                person.Fortrolig,
		`{"adressebeskyttelse":[{"graderingsnivaa":"fortrolig"}]}`:                                                                                   person.Fortrolig,
		`{"adressebeskyttelse":[{"erGjeldende":true,"graderingsnivaa":"fortrolig"},{"erGjeldende":true,"graderingsnivaa":"ugradert"}]}`:              person.Fortrolig,
		`{"adressebeskyttelse":[{"erGjeldende":true,"graderingsnivaa":"klientadresse"},{"erGjeldende":false,"graderingsnivaa":"strengtFortrolig"}]}`: person.Klientadresse,
		// Elsewhere it is not the person's.
		`{"x":{"adressebeskyttelse":[{"erGjeldende":true,"graderingsnivaa":"fortrolig"}]}}`: person.Ugradert,
	} {
		if got := document(t, raw).Gradering(); got != want {
			t.Errorf("%s is %d, want %d", raw, got, want)
		}
	}
	for i, level := range person.Grades {
		if got := person.ParseGradering([]byte(level)); int(got) != i {
			t.Errorf("%s is level %d", level, got)
		}
	}
}

func TestNumbersAndRelatives(t *testing.T) {
	const one, two, other = "14827849805", "54827899812", "21850999977"
	d := document(t, fmt.Sprintf(`{
		"identifikasjonsnummer": [{"erGjeldende":true,"foedselsEllerDNummer":%q,"status":"iBruk"}, {"erGjeldende":false,"foedselsEllerDNummer":%q,"status":"opphoert"},
			{"foedselsEllerDNummer":"string"}, {"foedselsEllerDNummer":14827849805}, {}, null, %q],
		"familierelasjon": [{"relatertPerson":%q,"erGjeldende":true}, {"relatertPerson":"13527248013"}, {"relatertPersonUtenFolkeregisteridentifikator":{}}],
		"foreldreansvar": [{"ansvarlig":%q}]}`, one, two, other, other, one))
	reveal := func(ids []person.ID) (s []string) {
		for _, id := range ids {
			s = append(s, id.Reveal())
		}
		return s
	}
	if got := reveal(d.Numbers()); !slices.Equal(got, []string{one, two}) {
		t.Errorf("numbers %v", got)
	}
	family, all := d.Relatives()
	if got := reveal(family); !slices.Equal(got, []string{other}) || all {
		t.Errorf("relatives %v, all %v", got, all)
	}
	for _, raw := range []string{`{}`, `{"identifikasjonsnummer":{},"familierelasjon":"x"}`, `{"identifikasjonsnummer":null,"familierelasjon":[[]]}`} {
		d := document(t, raw)
		if family, all := d.Relatives(); len(d.Numbers())+len(family) > 0 || !all {
			t.Errorf("%s has somebody", raw)
		}
	}
}

func TestKommune(t *testing.T) {
	address := func(current, more string) string { return `{"erGjeldende":` + current + `,` + more + `}` }
	veg, matrikkel, ukjent := `"vegadresse":{"kommunenummer":"4601"}`, `"matrikkeladresse":{"matrikkelnummer":{"kommunenummer":"4602"}}`, `"ukjentBosted":{"bostedskommune":"4603"}`
	for elements, want := range map[string]string{
		``:                                 "",
		address("true", veg):               "4601",
		address("true", matrikkel):         "4602",
		address("true", ukjent):            "4603",
		address("false", veg):              "",
		address(`"true"`, veg):             "",
		address("null", veg):               "",
		`{` + veg + `}`:                    "",
		`null,1,"x",[]`:                    "",
		address("true", `"vegadresse":{}`): "",
		address("true", `"vegadresse":{"kommunenummer":4601}`):          "",
		address("true", `"vegadresse":{"kommunenummer":""},`+ukjent):    "4603",
		address("true", `"matrikkeladresse":{"kommunenummer":"4602"}`):  "",
		address("true", `"utenlandskAdresse":{"kommunenummer":"4602"}`): "",
		address("false", veg) + "," + address("true", matrikkel):        "4602",
		address("true", `"annet":1`) + "," + address("true", veg):       "4601",
		address("true", veg) + "," + address("true", matrikkel):         "4601",
	} {
		if got := document(t, `{"bostedsadresse":[`+elements+`],"oppholdsadresse":[`+address("true", veg)+`]}`).Kommune(); got != want {
			t.Errorf("%s is in %q, want %q", elements, got, want)
		}
	}
	for _, raw := range []string{`{}`, `{"bostedsadresse":{"erGjeldende":true,"vegadresse":{"kommunenummer":4601}}}`, `{"bostedsadresse":"4601"}`} {
		if got := document(t, raw).Kommune(); got != "" {
			t.Errorf("%s is in %q", raw, got)
		}
	}
}

// Foreldreansvar joins two persons, whichever of them the document is of.
func TestAnsvar(t *testing.T) {
	const own, other, third = "21850999705", "14827849805", "03897649984"
	for name, c := range map[string]struct {
		elements    string
		ansvarlige  int
		known       int
		unreadables bool
	}{
		"nobody":           {``, 0, 0, false},
		"a parent":         {`{"erGjeldende":true,"ansvarssubjekt":"` + own + `","ansvarlig":"` + other + `"}`, 1, 1, false},
		"a former one":     {`{"erGjeldende":false,"ansvarssubjekt":"` + own + `","ansvarlig":"` + other + `"}`, 0, 1, false},
		"of unknown time":  {`{"ansvarssubjekt":"` + own + `","ansvarlig":"` + other + `"}`, 0, 1, false},
		"a child":          {`{"erGjeldende":true,"ansvarssubjekt":"` + other + `","ansvarlig":"` + own + `"}`, 0, 1, false},
		"others' business": {`{"erGjeldende":true,"ansvarssubjekt":"` + third + `","ansvarlig":"` + other + `"}`, 0, 2, false},
		"no number":        {`{"erGjeldende":true,"ansvarssubjekt":"` + own + `","ansvarlig":"14827849806"}`, 0, 0, true},
		"something else":   {`{"erGjeldende":true,"ansvarssubjekt":"` + own + `","ansvarlig":7}`, 0, 0, true},
		"an organisation":  {`{"erGjeldende":true,"ansvarssubjekt":"` + own + `","ansvarligOrganisasjon":"310500003"}`, 0, 0, false},
	} {
		d, err := person.ParseDocument([]byte(`{"identifikasjonsnummer":[{"foedselsEllerDNummer":"` + own + `"}],"foreldreansvar":[` + c.elements + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		known, all := d.Relatives()
		if len(d.Ansvarlige()) != c.ansvarlige || len(known) != c.known || all == c.unreadables {
			t.Errorf("%s: %d responsible, %d known, all: %t", name, len(d.Ansvarlige()), len(known), all)
		}
	}
}
