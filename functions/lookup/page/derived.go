package page

import (
	"slices"
	"time"

	"hjemmel/shared/person"
	"hjemmel/shared/person/address"
	"hjemmel/shared/policy"
)

// name is the name in use, in the order it is read.
func (b *builder) name() string {
	n := b.current("navn")
	return address.Joined(n.Written("fornavn"), n.Written("mellomnavn"), n.Written("etternavn"))
}

// age is in whole years, today or on the day of death; nil where the birth date is not told.
func (b *builder) age() *int {
	born, err := time.Parse(time.DateOnly, b.current("foedsel").Written("foedselsdato"))
	if err != nil {
		return nil
	}
	y, m, d := b.At.In(policy.Oslo()).Date()
	until := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if b.dead() {
		if until, err = time.Parse(time.DateOnly, b.current("doedsfall").Written("doedsdato")); err != nil {
			return nil
		}
	}
	years := until.Year() - born.Year()
	if until.Month() < born.Month() || (until.Month() == born.Month() && until.Day() < born.Day()) {
		years--
	}
	if years < 0 {
		return nil
	}
	return &years
}

func (b *builder) dead() bool {
	return b.current("doedsfall").Exists() || b.current("status").Written("status") == "doed"
}

// contact says whether a letter reaches the person, and where. A withheld address is like none.
func (b *builder) contact() (Kode, []string) {
	told := func(kode string) Kode { return Kode{kode, b.text("kontakt." + kode)} }
	if b.dead() {
		return told("DOED"), []string{}
	}
	if !slices.ContainsFunc(address.Order, b.Profil.Shows) {
		return told("IKKE_I_ROLLEN"), []string{}
	}
	if lines := b.lines(address.Postal(b.doc)); len(lines) > 0 {
		return told("POST"), lines
	}
	return told("INGEN_ADRESSE"), []string{}
}

// marks are what should be seen first, as far as the document tells.
func (b *builder) marks() []Kode {
	marks := []Kode{}
	mark := func(on bool, kode string) {
		if on {
			marks = append(marks, Kode{kode, b.text("merke." + kode)})
		}
	}
	grade := b.grading()
	mark(b.dead(), "doed")
	mark(grade == person.StrengtFortrolig, "strengtFortrolig")
	mark(grade == person.Fortrolig, "fortrolig")
	mark(grade == person.Klientadresse, "klientadresse")
	mark(b.current("falskIdentitet").Member("erFalsk").True(), "falskIdentitet")
	mark(b.current("vergemaalEllerFremtidsfullmakt").Exists(), "vergemaal")
	return marks
}

// grading is the strongest grading that the document tells, of the person or of a current address.
func (b *builder) grading() person.Gradering {
	strongest := person.Ugradert
	see := func(property, field string) {
		for e := range b.elements(property) {
			if g := e.Member(field); g.Exists() && !e.Former() {
				strongest = max(strongest, person.ParseGradering(g.Bare()))
			}
		}
	}
	see("adressebeskyttelse", "graderingsnivaa")
	for _, property := range append([]string{"deltBosted"}, address.Order...) {
		see(property, "adressegradering")
	}
	return strongest
}
