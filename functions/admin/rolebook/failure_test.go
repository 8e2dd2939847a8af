package rolebook_test

import (
	"testing"

	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/store/sqlite"
	"hjemmel/shared/store/storetest"
)

// failing is a world whose store fails on demand.
func failing(t *testing.T) (*world, *storetest.FaultyStore) {
	t.Helper()
	inner, err := sqlite.Open(t.Context(), t.TempDir()+"/state.db")
	if err != nil {
		t.Fatal(err)
	}
	f := storetest.Faulty(inner)
	return newWorld(t, func(o *hosttest.Options) { o.Store = f }), f
}

// When the store fails nothing is half done: either there is a version with its entry, or neither, and
// sending the same again with the same key does it once.
func TestAFailureLeavesNothingHalfDone(t *testing.T) {
	for name, when := range map[string]storetest.Moment{"before": storetest.Before, "after": storetest.After} {
		t.Run(name, func(t *testing.T) {
			w, f := failing(t)
			h := with(w.as(administrator), "Idempotency-Key", "en-gang")
			body := `{"versjon":1,"kommentar":"Angret"}`
			w.do("PATCH", one(3), `{"nyttNavn":"Ny"}`, h)
			f.FailCommit(when, 2) // the change, and the entry that it failed
			if a := w.do("POST", ours(3, "/rull-tilbake"), body, h); a.StatusCode != 503 || a.code() != "LOGG_UTILGJENGELIG" {
				t.Errorf("%d %s", a.StatusCode, a.body)
			}
			f.Revive()
			want := 2
			if when == storetest.After {
				want = 3
			}
			if r := read[shown](t, w.do("GET", one(3), "", h)); r.Versjon != want {
				t.Errorf("version %d, want %d", r.Versjon, want)
			}
			if r := read[shown](t, w.do("POST", ours(3, "/rull-tilbake"), body, h)); r.Versjon != 3 {
				t.Errorf("version %d", r.Versjon)
			}
			versions := read[struct{ Versjoner []shown }](t, w.do("GET", ours(3, "/versjoner"), "", h)).Versjoner
			done := 0
			for _, e := range w.entries("rolle-tilbakerullet") {
				if e.Utfall == "UTFOERT" {
					done++
				}
			}
			if len(versions) != 3 || done != 1 {
				t.Errorf("%d versions, %d entries", len(versions), done)
			}
		})
	}
}

// When nothing can be read nobody is let in, and a refusal that cannot be written down is not told.
func TestAFailureRefuses(t *testing.T) {
	w, f := failing(t)
	h := w.as(caseWorker)
	f.FailCommit(storetest.Before, 1)
	if a := w.do("GET", one(3), "", h); a.StatusCode != 503 || a.Header.Get("Hjemmel-Kvittering") != "" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	f.FailReads(1)
	if a := w.do("GET", one(3), "", w.as(administrator)); a.StatusCode != 503 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}
