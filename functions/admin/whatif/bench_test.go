package whatif

import (
	"fmt"
	"testing"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

// BenchmarkCompare plays 100 000 lookups about 10 000 persons by 200 actors through two versions of a role.
func BenchmarkCompare(b *testing.B) {
	k := katalog.Standard()
	area, _ := k.Area("BARNEVERN")
	role := policy.Role{ID: "r", FiksOrgID: "o", Tjenesteomraade: area.Kode, Opplysninger: area.Folkeregister(), Bruksomraader: area.Bruksomraader, Aktiv: true, KanBrukesPaaSokeside: true}
	for _, h := range area.Lovhjemler {
		role.Hjemler = append(role.Hjemler, h.ID)
	}
	tighter := role
	tighter.Opplysninger = []string{"navn", "identifikasjonsnummer", "foedsel"}
	const entries = 100_000
	recording := NewRecording("r")
	for i := range entries {
		err := recording.Add(audit.Entry{
			Rolle: "r", Rolleversjon: 1, FiksOrgID: "o", Handling: "oppslag", Utfall: audit.Utlevert, RequestID: fmt.Sprint(i), Aktor: fmt.Sprint("ansatt-", i%200),
			Subjekt: fmt.Sprint(i % 10_000), Part: []string{"navn", "sivilstand"}[:1+i%2], Spurt: []string{"identifikasjonsnummer", "navn"}, Levert: []string{"navn.fornavn", "navn.etternavn"},
			Tid: time.Unix(int64(i), 0),
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	terms := Terms{At: time.Now(), Ansatt: func(string) bool { return true }, Kommuner: func(int) []string { return nil }}
	live, draft := policy.Compile(k, role), policy.Compile(k, tighter)
	for b.Loop() {
		if got := recording.Compare(terms, live, draft); len(got.Feiler) != 1 || got.Feiler[0].Forespoersler != entries/2 {
			b.Fatalf("%+v", got.Feiler)
		}
	}
	b.ReportMetric(float64(entries)*float64(b.N)/b.Elapsed().Seconds(), "asks/s")
}
