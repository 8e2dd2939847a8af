package redact_test

import (
	"bytes"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/redact"
)

func BenchmarkStages(b *testing.B) {
	raw := testPersons(b)["vanlig"]
	r := role("BARNEVERN", areaCodes("BARNEVERN")...)
	h := holder(r)
	ask := policy.Ask{
		Action: policy.Oppslag, Subjects: []person.ID{mustID(b, numberOf)}, At: now,
		Parts: []string{"navn", "foedsel", "kjoenn", "status", "bostedsadresse", "postadresse", "sivilstand", "familierelasjon", "foreldreansvar", "historikk"},
	}
	doc, _ := person.ParseDocument(raw)
	g := policy.Decide(h, ask).Grant()
	b.Run("decide", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			policy.Decide(h, ask)
		}
	})
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = person.ParseDocument(raw)
		}
	})
	b.Run("floor", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			dec := jsontext.NewDecoder(bytes.NewBuffer(raw))
			for {
				if _, err := dec.ReadToken(); err != nil {
					break
				}
			}
		}
	})
	b.Run("apply", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			redact.Apply(g, person.Person{Document: doc})
		}
	})
}
