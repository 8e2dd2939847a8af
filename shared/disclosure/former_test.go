package disclosure_test

import (
	"slices"
	"testing"

	"hjemmel/shared/policy"
)

// A search among former addresses must not find somebody by one that is closed.
func TestSearchByAFormerClosedAddress(t *testing.T) {
	w := newWorld(t, rewritten(t, "vanlig", func(doc map[string][]map[string]any) {
		for _, a := range doc["bostedsadresse"] {
			if a["erGjeldende"] == false {
				a["adressegradering"] = "klientadresse"
			}
		}
	}))
	p := w.residents()[w.number("vanlig")]
	for _, a := range p.Adresser {
		q := w.asks("vendor 1", role(1), policy.SoekTreff).criteria("adressenavn", a.Adressenavn, "husnummer", a.Husnummer, "opplysningsgrunnlag", "historisk")
		got := w.tell(t.Context(), q)
		accounted(t, q, got, w.taken(t))
		if !a.ErGjeldende && slices.Contains(got.hits, p.ID) {
			t.Error("found by an address that is closed")
		}
	}
}

// Nor may a search for one person, and what it shows is not more for having looked at more.
func TestAUniqueSearchByAFormerClosedAddress(t *testing.T) {
	w := newWorld(t, rewritten(t, "vanlig", func(doc map[string][]map[string]any) {
		for _, a := range doc["bostedsadresse"] {
			if a["erGjeldende"] == false {
				a["adressegradering"] = "klientadresse"
			}
		}
	}))
	for _, a := range w.residents()[w.number("vanlig")].Adresser {
		q := w.exactly("vanlig").parts("navn")
		q.by["adressenavn"], q.by["opplysningsgrunnlag"] = a.Adressenavn, "historisk"
		got := w.tell(t.Context(), q)
		leaves := w.taken(t)
		accounted(t, q, got, leaves)
		if !got.empty() {
			t.Error("found by an address that is closed")
		}
	}
	q := w.exactly("dublett").parts("navn")
	home := w.residents()[w.number("dublett")].Adresser[0]
	q.by["adressenavn"], q.by["opplysningsgrunnlag"] = home.Adressenavn, "historisk"
	got := w.tell(t.Context(), q)
	leaves := w.taken(t)
	accounted(t, q, got, leaves)
	if got.err != nil || slices.Contains(leaves[0].Levert, "historikk") {
		t.Errorf("%v, with %v", got.err, leaves[0].Levert)
	}
}

// A protected relative closes every place that is told, whether an address is asked for beside it or
// not.
func TestAMoveIsClosedByARelative(t *testing.T) {
	w := newWorld(t, rewritten(t, "barnMedFortroligForelder", func(doc map[string][]map[string]any) {
		doc["innflytting"] = []map[string]any{{"erGjeldende": true, "fraflyttingsland": "SWE", "fraflyttingsstedIUtlandet": "KIRUNA"}}
	}))
	w.plant(w.everything("alt", "BARNEVERN"))
	for _, parts := range [][]string{{"innflytting"}, {"innflytting", "bostedsadresse"}} {
		q := w.asks("vendor 1", "alt", policy.Oppslag, w.number("barnMedFortroligForelder")).parts(parts...)
		a := w.tell(t.Context(), q)
		leaves := w.taken(t)
		accounted(t, q, a, leaves)
		if a.err != nil || slices.Contains(leaves[0].Levert, "innflytting.fraflyttingsland") {
			t.Errorf("parts %v show the move: %v", parts, leaves[0].Levert)
		}
	}
}
