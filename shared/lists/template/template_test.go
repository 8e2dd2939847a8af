package template

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/redact"
)

const (
	meta   = `"erGjeldende":true,"kilde":"KILDE","aarsak":"AARSAK",`
	former = `{"erGjeldende":false,`
	town   = `"poststed":{"poststedsnavn":"VOSS","postnummer":"0570"}`
)

// everything is a person of whom the register knows all that there is a column for.
const everything = `{
"identifikasjonsnummer":[` + former + `"status":"opphoert","foedselsEllerDNummer":"53839123456"},{` + meta + `"status":"iBruk","foedselsEllerDNummer":"01820012345"}],
"identitetsgrunnlag":[{` + meta + `"identitetsgrunnlagstatus":"kontrollert"}],
"status":[{` + meta + `"status":"bosatt"}],
"kjoenn":[{` + meta + `"kjoenn":"kvinne"}],
"foedsel":[{` + meta + `"foedselsdato":"1999-02-01","foedselsaar":1999,"foedested":"Voss","foedekommuneINorge":"0301","foedeland":"NOR"}],
"sivilstand":[` + former + `"sivilstand":"gift"},{` + meta + `"sivilstand":"ugift","sivilstandsdato":"2020-02-02"}],
"doedsfall":{` + meta + `"doedsdato":"2025-03-03"},
"navn":[` + former + `"fornavn":"Gammel","etternavn":"Gammel"},{` + meta + `"fornavn":"Áŋŋel","mellomnavn":"Midt","etternavn":"Ås","forkortetNavn":"Ås Á"}],
"adressebeskyttelse":[{` + meta + `"graderingsnivaa":"ugradert"}],
"bostedsadresse":[` + former + `"vegadresse":{"adressenavn":"Gamlegata",` + town + `}},{` + meta + `"adressegradering":"ugradert","vegadresse":{"kommunenummer":"0301","adressenavn":"Storgata","adressenummer":{"husnummer":"1","husbokstav":"B"},"bruksenhetsnummer":"H0101","coAdressenavn":"Kari",` + town + `},"flyttedato":"2020-01-01","grunnkrets":340,"stemmekrets":11,"skolekrets":14,"kirkekrets":6}],
"deltBosted":[{` + meta + `"adressegradering":"ugradert","matrikkeladresse":{"matrikkelnummer":{"kommunenummer":"4621","gaardsnummer":11,"bruksnummer":4},` + town + `}}],
"oppholdsadresse":[{` + meta + `"adressegradering":"ugradert","vegadresse":{"kommunenummer":"4622","adressenavn":"Oppholdsveien","adressenummer":{"husnummer":"2"},` + town + `}}],
"postadresse":[{` + meta + `"adressegradering":"ugradert","postadresseIFrittFormat":{"adresselinje":["Linje en","Linje to","Linje tre","Linje fire"],` + town + `}}],
"postadresseIUtlandet":[{` + meta + `"adressegradering":"ugradert","utenlandskAdresse":{"adressenavn":"Gatan 3","postkode":"41250","byEllerStedsnavn":"Göteborg","landkode":"SE"}}],
"innflytting":[{` + meta + `"fraflyttingsland":"SWE"}],
"utflytting":[{` + meta + `"tilflyttingsland":"DNK","utflyttingsdato":"2021-01-01"}],
"brukAvSamiskSpraak":[{` + meta + `"spraak":["nordsamisk","lulesamisk"]}],
"statsborgerskap":[{` + meta + `"statsborgerskap":"NOR"},{` + meta + `"statsborgerskap":"SWE"},{` + meta + `"statsborgerskap":"NOR"}],
"opphold":[{` + meta + `"oppholdstillatelse":"permanent","oppholdFra":"2010-01-01","oppholdTil":"2030-01-01"}],
"rettsligHandleevne":[{` + meta + `"rettsligHandleevneomfang":"full"}]}`

// told is what each column says of them.
var told = map[string]string{
	"identifikasjonsnummer_foedselsEllerDNummer": "01820012345", "navn_fornavn": "Áŋŋel", "navn_mellomnavn": "Midt", "navn_etternavn": "Ås", "navn_fulltNavn": "Áŋŋel Midt Ås",
	"status_status": "bosatt", "foedsel_foedselsdato": "1999-02-01", "foedsel_foedselsaar": "1999",
	"foedsel_foedested": "Voss", "foedsel_foedekommuneINorge": "0301", "foedsel_foedeland": "NOR", "kjoenn_kjoenn": "kvinne", "doedsfall_doedsdato": "2025-03-03",
	"bostedsadresse_adresse": "c/o Kari, Storgata 1 B", "bostedsadresse_postnummer": "0570", "bostedsadresse_poststed": "VOSS", "bostedsadresse_kommunenummer": "0301",
	"bostedsadresse_bruksenhetsnummer": "H0101", "bostedsadresse_flyttedato": "2020-01-01", "bostedsadresse_grunnkrets": "340", "bostedsadresse_stemmekrets": "11",
	"bostedsadresse_skolekrets": "14",
	"oppholdsadresse_adresse":   "Oppholdsveien 2", "oppholdsadresse_postnummer": "0570", "oppholdsadresse_poststed": "VOSS", "oppholdsadresse_kommunenummer": "4622",
	"deltBosted_adresse": "11/4", "deltBosted_postnummer": "0570", "deltBosted_poststed": "VOSS", "deltBosted_kommunenummer": "4621",
	"postadresse_adresse": "Linje en, Linje to, Linje tre, Linje fire", "postadresse_postnummer": "0570", "postadresse_poststed": "VOSS",
	"postadresseIUtlandet_adresse": "Gatan 3, 41250 Göteborg, SVERIGE",
	"kontaktadresse_adresselinje1": "Linje en", "kontaktadresse_adresselinje2": "Linje to", "kontaktadresse_adresselinje3": "Linje tre, Linje fire",
	"kontaktadresse_postnummer": "0570", "kontaktadresse_poststed": "VOSS",
	"sivilstand_sivilstand": "ugift", "statsborgerskap_statsborgerskap": "NOR, SWE", "innflytting_fraflyttingsland": "SWE",
	"utflytting_tilflyttingsland": "DNK", "utflytting_utflyttingsdato": "2021-01-01", "opphold_oppholdstillatelse": "permanent", "opphold_oppholdFra": "2010-01-01",
	"opphold_oppholdTil": "2030-01-01", "brukAvSamiskSpraak_spraak": "nordsamisk, lulesamisk", "rettsligHandleevne_rettsligHandleevneomfang": "full",
	"kontaktinformasjon_epost": "", "kontaktinformasjon_mobiltelefonnummer": "", "kontaktinformasjon_reservert": "", "kontaktinformasjon_kanVarsles": "",
}

// whole has every column.
var whole = Template{Custom, all}

func row(t *testing.T, of Template, raw []byte) map[string]string {
	t.Helper()
	cells, err := of.Row(raw)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for i, c := range of.Columns {
		found[c.Name] = cells[i]
	}
	return found
}

func TestWhatEachColumnSays(t *testing.T) {
	if d := cmp.Diff(told, row(t, whole, []byte(everything))); d != "" {
		t.Error(d)
	}
}

func TestTheTables(t *testing.T) {
	headers := map[string]bool{}
	for _, c := range all {
		property, felt, _ := strings.Cut(c.Name, "_")
		if property == "" || felt == "" || headers[c.Header] || byName[c.Name].Header != c.Header {
			t.Errorf("%s, «%s», is there twice or has half a name", c.Name, c.Header)
		}
		headers[c.Header] = true
		if connected := property != "kontaktinformasjon"; connected != (len(c.Needs) > 0) || connected != (c.cell != nil) {
			t.Errorf("%s needs %v", c.Name, c.Needs)
		}
		for _, kode := range c.Needs {
			if o, ok := katalog.Standard().Element(kode); !ok || !o.Gyldig || o.Register != "FOLKEREGISTER" || o.Kode != kode {
				t.Errorf("%s needs %s", c.Name, kode)
			}
		}
	}
	for _, kode := range strings.Fields("VAKSINE LISTESOEK ALDERSGRUPPE BARNEHAGE BARNEHAGE_FOR_OPPHOLDSADRESSE SVAR_UT SEND_SMS") {
		if m, err := New(kode, nil); err != nil || m.Kode != kode || m.Columns[0].Name != "identifikasjonsnummer_foedselsEllerDNummer" {
			t.Errorf("%s: %v, %v", kode, m, err)
		}
	}
	if len(templates) != 7 {
		t.Errorf("%d templates", len(templates))
	}
}

func TestWhatMakesNoTemplate(t *testing.T) {
	for _, c := range []struct {
		kode     string
		columns  []string
		code     string
		elements []string
	}{
		{"", nil, "MAL_UKJENT", nil},
		{"vaksine", nil, "MAL_UKJENT", nil},
		{"VAKSINE", []string{"navn_fornavn"}, "KOLONNER_UGYLDIGE", nil},
		{Custom, nil, "KOLONNER_UGYLDIGE", nil},
		{Custom, []string{"navn_fornavn", "Kari"}, "KOLONNER_UGYLDIGE", []string{"kolonne 2"}}, // not repeated: it may be anything
		{Custom, []string{"navn_fornavn", "navn_fornavn"}, "KOLONNER_UGYLDIGE", []string{"kolonne 2"}},
		{Custom, []string{"adressebeskyttelse_graderingsnivaa"}, "KOLONNER_UGYLDIGE", []string{"kolonne 1"}},
	} {
		_, err := New(c.kode, c.columns)
		if f := fault.Of(err); f == nil || f.Code != c.code || !slices.Equal(f.Elements, c.elements) {
			t.Errorf("%s %v: %v", c.kode, c.columns, err)
		}
	}
	m, err := New(Custom, []string{"navn_etternavn", "navn_fornavn"})
	if err != nil || m.Columns[0].Header != "Etternavn" || m.Columns[1].Header != "Fornavn" {
		t.Errorf("the order is not kept: %v, %v", m, err)
	}
}

func TestAColumnOutsideTheRoleIsRefusedByName(t *testing.T) {
	profile := compiled("BARNEVERN", "identifikasjonsnummer", "navn.fornavn", "navn.etternavn", "bostedsadresse.vegadresse")
	m, err := New("VAKSINE", nil)
	if err != nil {
		t.Fatal(err)
	}
	f := fault.Of(m.Within(profile.Holds))
	if f == nil || f.Code != "OPPLYSNING_UTENFOR_ROLLE" || f.Kind != fault.Denied {
		t.Fatal(f)
	}
	if d := cmp.Diff([]string{"bostedsadresse.matrikkeladresse", "foedsel.foedselsdato", "kjoenn.kjoenn", "navn.mellomnavn"}, f.Elements); d != "" {
		t.Error(d)
	}
	for _, header := range []string{"«Mellomnavn»", "«Bostedsadresse»", "«Kjønn»"} {
		if !strings.Contains(f.Detail, header) {
			t.Errorf("%s is not named: %s", header, f.Detail)
		}
	}
	var can []string
	for _, c := range Available(profile.Holds) {
		can = append(can, c.Name)
	}
	if m, err = New(Custom, can[:3]); err != nil || m.Within(profile.Holds) != nil {
		t.Errorf("%v: %v", m, err)
	}
	want := []string{"identifikasjonsnummer_foedselsEllerDNummer", "navn_fornavn", "navn_etternavn",
		"kontaktinformasjon_epost", "kontaktinformasjon_mobiltelefonnummer", "kontaktinformasjon_reservert", "kontaktinformasjon_kanVarsles"}
	if d := cmp.Diff(want, can); d != "" {
		t.Error(d)
	}
}

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// compiled is a role with the codes, on every hjemmel that the area has.
func compiled(area string, codes ...string) *policy.Profile {
	a, _ := katalog.Standard().Area(area)
	r := policy.Role{ID: "r", FiksOrgID: "o", Versjon: 1, Tjenesteomraade: area, Aktiv: true, Bruksomraader: a.Bruksomraader, Opplysninger: codes}
	for _, h := range a.Lovhjemler {
		r.Hjemler = append(r.Hjemler, h.ID)
	}
	return policy.Compile(katalog.Standard(), r)
}

// redacted is what may leave of a document in the role.
func redacted(t *testing.T, profile *policy.Profile, raw string) []byte {
	t.Helper()
	doc, err := person.ParseDocument([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	h := policy.Holder{Aktor: "a", FiksOrgID: "o", Orgnr: "310000000", Profil: profile, Tildelinger: []policy.Tildeling{{RolleID: "r", AktorID: "a"}}}
	d := policy.Decide(h, policy.Ask{Action: policy.Oppslag, Subjects: doc.Numbers(), Parts: []string{"alt"}, At: now})
	if d.Denied() {
		t.Fatal(d.Fault())
	}
	return redact.Apply(d.Grant(), person.Person{Document: doc}).JSON
}

// opening finds an area that opens the elements.
func opening(codes []string) (area string, ok bool) {
	for _, a := range katalog.Standard().Tjenesteomraader {
		p := compiled(a.Kode, append(slices.Clone(codes), "identifikasjonsnummer")...)
		if !slices.ContainsFunc(codes, func(k string) bool { return !p.Holds(k) }) {
			return a.Kode, true
		}
	}
	return "", false
}

// What a column needs is enough for its cell, and without any of it the cell is empty.
func TestAColumnNeedsWhatItSaysAndNoMore(t *testing.T) {
	for _, c := range all {
		if len(c.Needs) == 0 {
			continue
		}
		area, ok := opening(c.Needs)
		if !ok {
			t.Errorf("no area opens what %s needs", c.Name)
			continue
		}
		one := Template{Custom, []Column{c}}
		if got := row(t, one, redacted(t, compiled(area, append(slices.Clone(c.Needs), "identifikasjonsnummer")...), everything)); got[c.Name] != told[c.Name] {
			t.Errorf("%s in a role with all it needs: %q", c.Name, got[c.Name])
		}
		if strings.HasPrefix(c.Name, "identifikasjonsnummer") {
			continue
		}
		if got := row(t, one, redacted(t, compiled(area, "identifikasjonsnummer"), everything)); got[c.Name] != "" {
			t.Errorf("%s in a role with nothing it needs: %q", c.Name, got[c.Name])
		}
	}
}

// A graded person's row has the cells of one who has no address.
func TestAGradedAddressMakesEmptyCells(t *testing.T) {
	for _, grade := range []string{"klientadresse", "fortrolig", "strengtFortrolig"} {
		graded := strings.ReplaceAll(everything, `"graderingsnivaa":"ugradert"`, `"graderingsnivaa":"`+grade+`"`)
		area := "BARNEVERN"
		a, _ := katalog.Standard().Area(area)
		got := row(t, whole, redacted(t, compiled(area, a.Folkeregister()...), graded))
		for name, cell := range got {
			property, _, _ := strings.Cut(name, "_")
			if cell != "" && (strings.Contains(property, "dresse") && property != "postadresse" && property != "kontaktadresse" || property == "deltBosted") {
				t.Errorf("%s: %s says %q", grade, name, cell)
			}
		}
		if line := got["kontaktadresse_adresselinje1"]; line != "" && !strings.HasPrefix(got["postadresse_adresse"], line) {
			t.Errorf("%s: a letter goes to %q", grade, line)
		}
		if got["navn_fornavn"] != "Áŋŋel" {
			t.Errorf("%s: the name is %q", grade, got["navn_fornavn"])
		}
	}
}

func TestAddressesThatAreLikeNone(t *testing.T) {
	for _, doc := range []string{
		`{}`, `{"bostedsadresse":[]}`, `{"bostedsadresse":[{"ukjentBosted":{"bostedskommune":"0301"}}]}`, `{"oppholdsadresse":[{"adressenErUkjent":true}]}`,
		`{"bostedsadresse":[{"erGjeldende":false,"vegadresse":{"adressenavn":"Gamlegata","kommunenummer":"0301",` + town + `}}]}`,
	} {
		for name, cell := range row(t, whole, []byte(doc)) {
			if cell != "" {
				t.Errorf("%s: %s says %q", doc, name, cell)
			}
		}
	}
}

func TestNumberInUse(t *testing.T) {
	for doc, want := range map[string]string{
		`[{"status":"opphoert","foedselsEllerDNummer":"1"},{"status":"iBruk","foedselsEllerDNummer":"2"}]`: "2",
		`[{"erGjeldende":false,"foedselsEllerDNummer":"1"},{"foedselsEllerDNummer":"2"}]`:                  "2", // a role without the status
		`[{"erGjeldende":false,"status":"iBruk","foedselsEllerDNummer":"1"}]`:                              "",
		`[]`: "",
	} {
		got := row(t, whole, []byte(`{"identifikasjonsnummer":`+doc+`}`))
		if got["identifikasjonsnummer_foedselsEllerDNummer"] != want {
			t.Errorf("%s: %q", doc, got["identifikasjonsnummer_foedselsEllerDNummer"])
		}
	}
}

// Whatever a document holds, it makes a row of texts or an error that does not repeat it.
func FuzzRow(f *testing.F) {
	f.Add([]byte(everything))
	f.Add([]byte(`{"navn":{"fornavn":["KANARI"]},"bostedsadresse":[{"vegadresse":[]},null,3]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		cells, err := whole.Row(raw)
		if err != nil && err != errDocument { //nolint:errorlint // this very error
			t.Fatal(err)
		}
		if err == nil && len(cells) != len(whole.Columns) {
			t.Errorf("%d cells", len(cells))
		}
	})
}
