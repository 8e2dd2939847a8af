package address

import (
	"strings"
	"testing"

	"hjemmel/shared/person"
)

const (
	road    = `{"erGjeldende":true,"vegadresse":{"adressenavn":"Storgata","adressenummer":{"husnummer":"1"},"poststed":{"poststedsnavn":"VOSS","postnummer":"5700"}}}`
	box     = `{"erGjeldende":true,"postboksadresse":{"postboks":"Postboks 1","poststed":{"poststedsnavn":"BERGEN","postnummer":"5003"}}}`
	abroad  = `{"erGjeldende":true,"utenlandskAdresse":{"adressenavn":"Gatan 3","postkode":"41250","byEllerStedsnavn":"Göteborg","landkode":"SE"}}`
	former  = `{"erGjeldende":false,"vegadresse":{"adressenavn":"Gamlegata","poststed":{"poststedsnavn":"VOSS","postnummer":"5700"}}}`
	nowhere = `{"erGjeldende":true,"ukjentBosted":{"bostedskommune":"4621"}}`
)

// Where a letter goes: by the order of the properties, and never to an address that was, or that nobody knows.
func TestPostal(t *testing.T) {
	for doc, want := range map[string]string{
		`{}`: "",
		`{"bostedsadresse":[` + former + `,` + road + `]}`:                                     "Storgata 1|5700 VOSS / 5700 VOSS",
		`{"bostedsadresse":[` + former + `]}`:                                                  "",
		`{"bostedsadresse":[` + nowhere + `]}`:                                                 "",
		`{"oppholdsadresse":[{"adressenErUkjent":true}],"bostedsadresse":[` + road + `]}`:      "Storgata 1|5700 VOSS / 5700 VOSS",
		`{"bostedsadresse":[` + road + `],"postadresse":[` + box + `]}`:                        "Postboks 1|5003 BERGEN / 5003 BERGEN",
		`{"bostedsadresse":[` + road + `],"postadresseIUtlandet":[` + abroad + `]}`:            "Gatan 3|41250 Göteborg|SVERIGE /",
		`{"bostedsadresse":[{"vegadresse":{"bruksenhetsnummer":"H0101"}}],"postadresse":null}`: "",
	} {
		d, err := person.ParseDocument([]byte(doc))
		if err != nil {
			t.Fatal(err)
		}
		e := Postal(d.Root())
		number, town := Poststed(e)
		got := strings.Join(Lines(e, Words{Country: func(string) string { return "Sverige" }}), "|") + " / " + Joined(number, town)
		if strings.Trim(got, " /") != strings.Trim(want, " /") {
			t.Errorf("%s: %q, want %q", doc, got, want)
		}
	}
}

// Without words, what is unknown makes no lines.
func TestUnknownAddressesAreWorded(t *testing.T) {
	for doc, want := range map[string]string{nowhere: "ukjent bosted", `{"adressenErUkjent":true}`: "ukjent adresse", `{"adressenErUkjent":false}`: ""} {
		d, err := person.ParseDocument([]byte(doc))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(Lines(d.Root(), Words{UkjentBosted: "ukjent bosted", UkjentAdresse: "ukjent adresse"}), "|"); got != want {
			t.Errorf("%s: %q", doc, got)
		}
		if got := Lines(d.Root(), Words{}); got != nil {
			t.Errorf("%s without words: %v", doc, got)
		}
	}
}
