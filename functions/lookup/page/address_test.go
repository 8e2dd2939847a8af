package page

import (
	"strings"
	"testing"

	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

func built(t *testing.T, raw, spraak string, codes ...string) *Page {
	t.Helper()
	profile := policy.Compile(katalog.Standard(), role(codes...))
	p, err := Build(Source{JSON: []byte(raw), Profil: profile, Spraak: spraak, At: now, Link: func(person.ID) string { return "r" }})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Every form of address that the register has, with and without what may be lacking.
func TestLinesOfAnAddress(t *testing.T) {
	const town = `"poststed":{"poststedsnavn":"VOSS","postnummer":"5700"}`
	for _, c := range []struct{ element, want string }{
		{`"vegadresse":{"adressenavn":"Storgata","adressenummer":{"husnummer":"1"},"bruksenhetsnummer":"H0101",` + town + `}`, "Storgata 1|5700 VOSS"},
		{`"vegadresse":{"adressenavn":"Storgata","adressenummer":{"husnummer":"12","husbokstav":"B"},` + town + `}`, "Storgata 12 B|5700 VOSS"},
		{`"vegadresse":{"adressenavn":"Storgata",` + town + `}`, "Storgata|5700 VOSS"},
		{`"vegadresse":{"adressenavn":"Storgata","adressenummer":{"husnummer":"1"},"adressetilleggsnavn":"Nordgarden","coAdressenavn":"Ola",` + town + `}`, "c/o Ola|Nordgarden|Storgata 1|5700 VOSS"},
		{`"vegadresse":{"adressenavn":"Storgata","coAdressenavn":"C/O Ola",` + town + `}`, "C/O Ola|Storgata|5700 VOSS"},
		{`"vegadresse":{"bruksenhetsnummer":"H0101"}`, ""}, // all that a narrow role shows
		{`"matrikkeladresse":{"matrikkelnummer":{"gaardsnummer":11,"bruksnummer":4,"festenummer":0},"undernummer":0,"adressetilleggsnavn":"Nordgarden",` + town + `}`, "Nordgarden|5700 VOSS"},
		{`"matrikkeladresse":{"matrikkelnummer":{"gaardsnummer":11,"bruksnummer":4,"festenummer":0},"undernummer":0,` + town + `}`, "11/4|5700 VOSS"},
		{`"matrikkeladresse":{"matrikkelnummer":{"gaardsnummer":11,"bruksnummer":4,"festenummer":7},"undernummer":2,"coAdressenavn":"Ola",` + town + `}`, "c/o Ola|11/4/7-2|5700 VOSS"},
		{`"ukjentBosted":{"bostedskommune":"4621"}`, "Ukjent bosted"},
		{`"adressenErUkjent":true`, "Adressen er ukjent"},
		{`"adressenErUkjent":false`, ""},
		{`"utenlandskAdresse":{"coAdressenavn":"Olle","adressenavn":"Gatan 3","bygning":"B","etasjenummer":"2","boenhet":"5","postboks":"33","postkode":"SE-412 50","byEllerStedsnavn":"Göteborg","distriktsnavn":"D","region":"R","landkode":"SE"}`,
			"c/o Olle|Gatan 3|B 2 5|33|SE-412 50 Göteborg|D|R|SVERIGE"},
		{`"utenlandskAdresse":{"adressenavn":"Gatan 3","landkode":"YY"}`, "Gatan 3|UKJENT LAND"},
		{`"utenlandskAdresseIFrittFormat":{"adresselinje":["Gatan 3","  ","Port B"],"postkode":"41250","byEllerStedsnavn":"Göteborg","landkode":"SE"}`, "Gatan 3|Port B|41250 Göteborg|SVERIGE"},
		{`"postboksadresse":{"postbokseier":"SOT 6","postboks":"Postboks 2094 Vika",` + town + `}`, "SOT 6|Postboks 2094 Vika|5700 VOSS"},
		{`"postadresseIFrittFormat":{"adresselinje":["Ved kirka"],` + town + `}`, "Ved kirka|5700 VOSS"},
		{`"vegadresse":{"adressenavn":"Storgata",` + town + `},"postboksadresse":{"postboks":"Postboks 1",` + town + `}`, "Postboks 1|5700 VOSS"},
	} {
		p := built(t, `{"postadresse":[{"erGjeldende":true,`+c.element+`}]}`, "nb")
		got := ""
		p.facts(func(_ Gruppe, f Faktum, _ bool) { got = strings.Join(f.Linjer, "|") })
		if got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.element, got, c.want)
		}
	}
}

// Where a letter goes, and what is said where none can go. A withheld address is like none.
func TestContact(t *testing.T) {
	const veg = `[{"erGjeldende":true,"vegadresse":{"adressenavn":"%","poststed":{"poststedsnavn":"VOSS","postnummer":"5700"}}}]`
	at := func(property, road string) string {
		return `"` + property + `":` + strings.ReplaceAll(veg, "%", road)
	}
	for _, c := range []struct {
		doc, kode, lines string
		codes            []string
	}{
		{doc: `{}`, kode: "INGEN_ADRESSE"},
		{doc: `{` + at("bostedsadresse", "A") + `}`, kode: "POST", lines: "A|5700 VOSS"},
		{doc: `{` + at("bostedsadresse", "A") + `,` + at("oppholdsadresse", "B") + `}`, kode: "POST", lines: "B|5700 VOSS"},
		{doc: `{` + at("bostedsadresse", "A") + `,` + at("oppholdsadresse", "B") + `,` + at("postadresse", "C") + `}`, kode: "POST", lines: "C|5700 VOSS"},
		{doc: `{` + strings.ReplaceAll(at("bostedsadresse", "A"), "true", "false") + `}`, kode: "INGEN_ADRESSE"},
		{doc: `{"bostedsadresse":[{"erGjeldende":true,"ukjentBosted":{}}]}`, kode: "INGEN_ADRESSE"},
		{doc: `{"bostedsadresse":[{"erGjeldende":true,"vegadresse":{"bruksenhetsnummer":"H0101"}}]}`, kode: "INGEN_ADRESSE"},
		{doc: `{"oppholdsadresse":[{"erGjeldende":true,"adressenErUkjent":true}],` + at("bostedsadresse", "A") + `}`, kode: "POST", lines: "A|5700 VOSS"},
		{doc: `{"doedsfall":{"doedsdato":"2020-01-01"},` + at("bostedsadresse", "A") + `}`, kode: "DOED"},
		{doc: `{"status":[{"erGjeldende":true,"status":"doed"}]}`, kode: "DOED"},
		{doc: `{}`, kode: "IKKE_I_ROLLEN", codes: []string{"navn"}},
		{doc: `{}`, kode: "INGEN_ADRESSE", codes: []string{"navn", "bostedsadresse"}},
	} {
		p := built(t, c.doc, "nb", c.codes...)
		if p.Kontakt.Kode != c.kode || p.Kontakt.Tekst == "" || strings.Join(p.Postadresse, "|") != c.lines {
			t.Errorf("%s: %v %v", c.doc, p.Kontakt, p.Postadresse)
		}
	}
}

func TestAge(t *testing.T) {
	for doc, want := range map[string]int{
		`{"foedsel":[{"foedselsdato":"1978-02-14"}]}`: 48,
		`{"foedsel":[{"foedselsdato":"1978-11-23"}]}`: 48,
		`{"foedsel":[{"foedselsdato":"1978-11-24"}]}`: 47,
		`{"foedsel":[{"foedselsdato":"2026-11-23"}]}`: 0,
		`{"foedsel":[{"foedselsdato":"2027-11-23"}]}`: -1,
		`{"foedsel":[{"foedselsaar":"1978"}]}`:        -1,
		`{}`:                                          -1,
		`{"foedsel":[{"foedselsdato":"1978-02-14"}],"doedsfall":{"doedsdato":"2000-02-13"}}`:            21,
		`{"foedsel":[{"foedselsdato":"1978-02-14"}],"status":[{"status":"doed"}]}`:                      -1,
		`{"foedsel":[{"foedselsdato":"1978-02-14"}],"doedsfall":{"doedsdato":"x"}}`:                     -1,
		`{"foedsel":[{"erGjeldende":false,"foedselsdato":"1970-01-01"},{"foedselsdato":"1978-02-14"}]}`: 48,
	} {
		got := -1
		if a := built(t, doc, "nb").Alder; a != nil {
			got = *a
		}
		if got != want {
			t.Errorf("%s: %d, want %d", doc, got, want)
		}
	}
}

func TestMarks(t *testing.T) {
	for doc, want := range map[string]string{
		`{}`: "",
		`{"adressebeskyttelse":[{"graderingsnivaa":"fortrolig"}],"vergemaalEllerFremtidsfullmakt":[{"vergemaaltype":"voksen"}]}`: "fortrolig vergemaal",
		`{"adressebeskyttelse":[{"erGjeldende":false,"graderingsnivaa":"fortrolig"}]}`:                                           "",
		`{"adressebeskyttelse":[{"graderingsnivaa":"strengtFortrolig"}],"postadresse":[{"adressegradering":"ugradert"}]}`:        "strengtFortrolig",
		`{"deltBosted":[{"adressegradering":"klientadresse"}],"bostedsadresse":[{"adressegradering":"ugradert"}]}`:               "klientadresse",
		`{"falskIdentitet":{"erFalsk":true},"doedsfall":{"doedsdato":"2020-01-01"}}`:                                             "doed falskIdentitet",
		`{"falskIdentitet":{"erFalsk":false}}`:                                                "",
		`{"vergemaalEllerFremtidsfullmakt":[{"erGjeldende":false,"vergemaaltype":"voksen"}]}`: "",
	} {
		var got []string
		for _, m := range built(t, doc, "nb").Merker {
			got = append(got, m.Kode)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", doc, got, want)
		}
	}
}

// Another person is a reference, and the person themselves is called so.
func TestOtherPersonsAreReferences(t *testing.T) {
	p := built(t, `{"identifikasjonsnummer":[{"foedselsEllerDNummer":"14827849805"}],"foreldreansvar":[{"ansvarlig":"14827849805","ansvarssubjekt":"21850999977"}],"familierelasjon":[{"relatertPerson":"12345678901"}]}`, "nb")
	got := map[string]Felt{}
	p.facts(func(_ Gruppe, f Faktum, _ bool) {
		for _, x := range f.Felter {
			got[x.Kode] = x
		}
	})
	for kode, want := range map[string]Felt{
		"identifikasjonsnummer.foedselsEllerDNummer": {Verdi: "14827849805", Tekst: "14827849805"},
		"foreldreansvar.ansvarlig":                   {Tekst: "Personen selv"},
		"foreldreansvar.ansvarssubjekt":              {Tekst: "Slå opp personen", Referanse: "r"},
		"familierelasjon.relatertPerson":             {Tekst: "Nummeret kan ikke leses"},
	} {
		x := got[kode]
		if x.Verdi != want.Verdi || x.Tekst != want.Tekst || x.Referanse != want.Referanse {
			t.Errorf("%s: %+v", kode, x)
		}
	}
}
