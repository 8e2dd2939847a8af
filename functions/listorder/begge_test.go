package listorder_test

import (
	"slices"
	"strings"
	"testing"

	"hjemmel/shared/host/hosttest"
)

// A list of those who live or stay in some kommuner has whom a list of either has, each once.
func TestAListOfBostedAndOpphold(t *testing.T) {
	w := newWorld(t, func(o *hosttest.Options) { o.Population.Size = 1200 })
	h := w.Vendor(t, 1)
	numbers := func(tilhoerighet string) (all []string) {
		t.Helper()
		ref := w.order(`{"rolleId":"`+skole+`","kommunenummer":["0301","4601"],"kommuneTilhoerighet":"`+tilhoerighet+`","status":["BOSATT","AKTIV"],"eksportFilformat":"CSV"}`, h)
		if r := w.finished(skole, ref, h); r.InnbyggerlisteStatus != "FERDIG" {
			t.Fatalf("%+v", r)
		}
		for _, row := range w.rows(ref, h)[1:] {
			all = append(all, row[0])
		}
		slices.Sort(all)
		return all
	}
	bosted, opphold, both := numbers("BOSTED"), numbers("OPPHOLD"), numbers("BEGGE")
	want := slices.Concat(bosted, opphold)
	slices.Sort(want)
	want = slices.Compact(want)
	if len(bosted) == 0 || len(opphold) == 0 {
		t.Fatalf("%d live there, %d stay there", len(bosted), len(opphold))
	}
	if !slices.Equal(both, want) {
		t.Errorf("%d rows, want %d", len(both), len(want))
	}
	protected := map[string]bool{}
	for f := range w.Freg.Population().Each {
		protected[f.ID.Reveal()] = f.Adressebeskyttelse != ""
	}
	if slices.ContainsFunc(both, func(id string) bool { return protected[id] }) {
		t.Error("somebody protected is on the list")
	}
	barn := `{"rolleId":"` + skole + `","kommunenummer":["0301"],"kommuneTilhoerighet":"BEGGE","foedt":{"fraDato":"2020-01-01","tilDato":"2020-06-01"}}`
	if a := w.do("POST", fiks, strings.Replace(simple, "BOSTED", "BEGGE", 1), w.Vendor(t, 2)); a.code() != "SOEKEPARAMETER_UTENFOR_ROLLE" {
		t.Errorf("a role without oppholdsadresse: %d %s", a.StatusCode, a.body)
	}
	if a := w.do("POST", fiks+"barnehage", barn, h); a.code() != "LISTE_UGYLDIG" || !strings.Contains(string(a.body), "kommuneTilhoerighet") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}
