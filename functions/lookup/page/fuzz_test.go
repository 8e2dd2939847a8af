package page

import (
	"encoding/json"
	"strings"
	"testing"

	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

// FuzzBuild makes pages of any JSON object. None panics, all are in valid JSON without null lists, and a number in
// a place for other persons is on none of them.
func FuzzBuild(f *testing.F) {
	for _, raw := range []string{
		`{}`, `{"navn":null}`, `{"navn":{"fornavn":1}}`, `{"doedsfall":[{"doedsdato":"2020-01-01"}]}`, `{"bostedsadresse":[[],{"vegadresse":[]}]}`,
		`{"foreldreansvar":[{"ansvarlig":["21850999977"]}]}`, `{"falskIdentitet":{"rettIdentitetVedIdentifikasjonsnummer":21850999977}}`,
		`{"foedsel":[{"foedselsdato":"0000-00-00"}]}`, `{"postadresseIUtlandet":[{"utenlandskAdresseIFrittFormat":{"adresselinje":"x"}}]}`,
	} {
		f.Add(raw)
	}
	for _, raw := range residents(f) {
		f.Add(string(raw))
	}
	profile := policy.Compile(katalog.Standard(), role())
	f.Fuzz(func(t *testing.T, raw string) {
		p, err := Build(Source{JSON: []byte(raw), Profil: profile, Link: func(person.ID) string { return "r" }, Spraak: "nb", At: now})
		if err != nil {
			return
		}
		b, err := json.Marshal(p)
		if err != nil || strings.Contains(string(b), "null") && !strings.Contains(raw, "null") {
			t.Fatalf("%v %s", err, b)
		}
		p.facts(func(_ Gruppe, f Faktum, _ bool) {
			for _, x := range f.Felter {
				if others[x.Kode] && x.Verdi != "" {
					t.Fatalf("%s is told", x.Kode)
				}
			}
		})
	})
}
