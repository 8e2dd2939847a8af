package freg

import (
	"slices"
	"testing"

	"hjemmel/shared/person"
)

// What a bulk lookup answers is about those who were asked about, whole, or it is nothing.
func FuzzParseBulk(f *testing.F) {
	asked := make([]person.ID, 2)
	for i, s := range []string{"14827849805", "21850999977"} {
		id, err := person.ParseID(s)
		if err != nil {
			f.Fatal(err)
		}
		asked[i] = id
	}
	for _, s := range []string{
		``, `{}`, `[]`, `{"oppslag":[]}`, `{"oppslag":null}`, `{"oppslag":[{}]}`, `{"oppslag":[null,1,"x",[]]}`,
		`{"oppslag":[{"foedselsEllerDNummer":"14827849805","folkeregisterperson":{"navn":[{"erGjeldende":true}]}},{"foedselsEllerDNummer":"21850999977","feilmelding":{"feilmelding":"x"}}]}`,
		`{"oppslag":[{"foedselsEllerDNummer":"11845049884","folkeregisterperson":{}}]}`, `{"oppslag":[{"foedselsEllerDNummer":"14827849805","folkeregisterperson":null}]}`,
		`{"oppslag":[{"foedselsEllerDNummer":"14827849805","folkeregisterperson":[]}]}`, `{"oppslag":[{"foedselsEllerDNummer":"1482784980\u0035"}]}`,
		`{"oppslag":[{"foedselsEllerDNummer":"14827849805","foedselsEllerDNummer":"21850999977"}]}`, ` { "oppslag" : [ { "foedselsEllerDNummer" : "14827849805" } ] } x`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := parseBulk(asked)(body)
		if err != nil {
			if r.answers != nil || r.document != nil || r.ids != nil {
				t.Fatal("an answer that is not believed gives something")
			}
			return
		}
		for _, a := range r.answers {
			if !slices.Contains(asked, a.ID) {
				t.Fatal("an answer about somebody nobody asked for")
			}
			if d := a.Person.Document; d != nil {
				again, err := person.ParseDocument(d.Raw())
				if err != nil || d.Root().Kind() != '{' || again.Gradering() != d.Gradering() || len(again.Numbers()) != len(d.Numbers()) {
					t.Fatalf("a document that reads otherwise by itself: %q, %v", d.Raw(), err)
				}
			}
		}
	})
}

// Hits are numbers that can be, all of them, or nothing.
func FuzzParseHits(f *testing.F) {
	for _, s := range []string{``, `{}`, `[]`, `{"foedselsEllerDNummer":[]}`, `{"foedselsEllerDNummer":["14827849805","21850999977"]}`, `{"foedselsEllerDNummer":["14827849806"]}`,
		`{"foedselsEllerDNummer":[14827849805]}`, `{"foedselsEllerDNummer":null}`, `{"foedselsEllerDNummer":[null]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := parseHits(body)
		if err != nil && r.ids != nil {
			t.Fatal("hits that are not believed")
		}
		for _, id := range r.ids {
			if id.IsZero() {
				t.Fatal("nobody is a hit")
			}
		}
	})
}
