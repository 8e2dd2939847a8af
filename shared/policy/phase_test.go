package policy

import (
	"slices"
	"testing"
	"time"

	"hjemmel/shared/policy/katalog"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// barnevern gives the catalogue with that area changed, and a role that holds all of it.
func barnevern(t *testing.T, change func(*katalog.Tjenesteomraade)) (*katalog.Katalog, Role) {
	t.Helper()
	shipped, ok := katalog.Standard().Area("BARNEVERN")
	if !ok {
		t.Fatal("no BARNEVERN")
	}
	area := *shipped
	area.Lovhjemler = slices.Clone(area.Lovhjemler)
	change(&area)
	k, err := katalog.Standard().With(&area)
	if err != nil {
		t.Fatal(err)
	}
	r := Role{ID: "r", FiksOrgID: "o", Versjon: 1, Tjenesteomraade: area.Kode, Bruksomraader: area.Bruksomraader, Opplysninger: area.Folkeregister(), Aktiv: true}
	for _, h := range area.Lovhjemler {
		r.Hjemler = append(r.Hjemler, h.ID)
	}
	return k, r
}

func decide(k *katalog.Katalog, r Role, at time.Time, parts ...string) Decision {
	return Decide(Holder{FiksOrgID: "o", Profil: Compile(k, r), Tildelinger: []Tildeling{{}}}, Ask{Action: Oppslag, Parts: parts, At: at})
}

// An area opens its roles from its first moment until before its last.
func TestAnAreaHasItsTime(t *testing.T) {
	k, r := barnevern(t, func(a *katalog.Tjenesteomraade) { a.GyldigFra, a.GyldigTil = noon, noon.Add(time.Hour) })
	for at, want := range map[time.Duration]bool{-time.Nanosecond: false, 0: true, time.Hour - 1: true, time.Hour: false, 1000 * time.Hour: false} {
		d := decide(k, r, noon.Add(at), "navn")
		if d.Denied() == want || (!want && !slices.Contains(d.Rules(), "omraade-gyldig")) {
			t.Errorf("%v: %v", at, d.Rules())
		}
	}
	k, r = barnevern(t, func(a *katalog.Tjenesteomraade) { a.Gyldig = false })
	if !decide(k, r, noon, "navn").Denied() {
		t.Error("an area that is off opens")
	}
}

// What a hjemmel opens is open while it is in force and not a moment longer, and the rest stays.
func TestAHjemmelHasItsTime(t *testing.T) {
	k, r := barnevern(t, func(a *katalog.Tjenesteomraade) {
		for i := range a.Lovhjemler {
			if a.Lovhjemler[i].Art == "HJEMMEL_TAUSHETSBELAGT" {
				a.Lovhjemler[i].GyldigFra, a.Lovhjemler[i].GyldigTil = noon, noon.Add(time.Hour)
			}
		}
	})
	for at, want := range map[time.Duration]bool{-time.Hour: false, -1: false, 0: true, time.Hour - 1: true, time.Hour: false, 9000 * time.Hour: false} {
		d := decide(k, r, noon.Add(at), "familierelasjon")
		if d.Denied() == want || (!want && !slices.Contains(d.Rules(), "part-i-rolle")) {
			t.Errorf("%v: %v", at, d.Rules())
		}
		if decide(k, r, noon.Add(at), "navn").Denied() {
			t.Errorf("%v: the other hjemler carry navn", at)
		}
	}
	p := Compile(k, r)
	if p.Holds("familierelasjon") || !p.At(noon).Holds("familierelasjon") {
		t.Error("without a time a profile shows more than always")
	}
	if (*Profile)(nil).At(noon) != nil {
		t.Error("nothing became something")
	}
}

// With its last hjemmel a role stops.
func TestARoleWithoutHjemmelLeftIsRefused(t *testing.T) {
	k, r := barnevern(t, func(a *katalog.Tjenesteomraade) {
		for i := range a.Lovhjemler {
			a.Lovhjemler[i].GyldigTil = noon
		}
	})
	if decide(k, r, noon.Add(-1), "navn").Denied() {
		t.Error("refused before the end")
	}
	if d := decide(k, r, noon, "navn"); !slices.Contains(d.Rules(), "hjemmel") {
		t.Errorf("%v", d.Rules())
	}
}

func TestWarningsComeNinetyDaysBefore(t *testing.T) {
	const day = 24 * time.Hour
	k, r := barnevern(t, func(a *katalog.Tjenesteomraade) { a.GyldigTil, a.Lovhjemler[0].GyldigTil = noon, noon.Add(day) })
	p := Compile(k, r)
	for at, want := range map[time.Duration]int{-92 * day: 0, -90 * day: 1, -89 * day: 2, 0: 2, 1000 * day: 2} {
		all := p.At(noon.Add(at)).Advarsler(noon.Add(at))
		if len(all) != want || (want > 0 && all[0].Utloept != (at >= 0)) {
			t.Errorf("%v: %+v", at, all)
		}
	}
	r.Hjemler = r.Hjemler[1:]
	if all := Compile(k, r).Advarsler(noon.Add(-day)); len(all) != 1 || all[0].Hjemmel != "" {
		t.Errorf("warned of a hjemmel that the role does not stand on: %+v", all)
	}
}
