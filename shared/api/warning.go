package api

import (
	"fmt"
	"time"

	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

// Advarsel is a warning about a role.
type Advarsel struct {
	Kode string `json:"kode"`
	// Gjelder is the code of the area or the id of the hjemmel.
	Gjelder string       `json:"gjelder"`
	Til     time.Time    `json:"til"`
	Tekst   katalog.Text `json:"tekst"`
}

// Warned gives the role with what there is to warn of at a time.
func (r Rolle) Warned(p *policy.Profile, at time.Time) Rolle {
	r.Advarsler = NewAdvarsler(p, at)
	return r
}

// NewAdvarsler shows what there is to warn of at a time: never nil.
func NewAdvarsler(p *policy.Profile, at time.Time) []Advarsel {
	all := []Advarsel{}
	for _, w := range p.Advarsler(at) {
		all = append(all, newAdvarsel(p.Role.Tjenesteomraade, w))
	}
	return all
}

func newAdvarsel(area string, w policy.Advarsel) Advarsel {
	day := w.Til.In(policy.Oslo()).Format("02.01.2006")
	a := Advarsel{Kode: "HJEMMEL", Gjelder: w.Hjemmel, Til: w.Til}
	what := katalog.Text{Nb: "Hjemmelen " + w.Hjemmel, Nn: "Heimelen " + w.Hjemmel, En: "The legal basis " + w.Hjemmel}
	if w.Hjemmel == "" {
		a.Kode, a.Gjelder = "TJENESTEOMRAADE", area
		what = katalog.Text{Nb: "Tjenesteområdet", Nn: "Tenesteområdet", En: "The service area"}
	}
	if w.Utloept {
		a.Kode += "_UTLOEPT"
		a.Tekst = katalog.Text{
			Nb: fmt.Sprintf("%s gjaldt til %s, og gir ikke lenger tilgang.", what.Nb, day),
			Nn: fmt.Sprintf("%s galdt til %s, og gir ikkje lenger tilgang.", what.Nn, day),
			En: fmt.Sprintf("%s ended on %s and no longer gives access.", what.En, day),
		}
		return a
	}
	a.Kode += "_UTLOEPER"
	a.Tekst = katalog.Text{
		Nb: fmt.Sprintf("%s gjelder bare til %s. Etter det gir rollen ikke tilgang på det grunnlaget.", what.Nb, day),
		Nn: fmt.Sprintf("%s gjeld berre til %s. Etter det gir rolla ikkje tilgang på det grunnlaget.", what.Nn, day),
		En: fmt.Sprintf("%s ends on %s. After that the role gives no access on that ground.", what.En, day),
	}
	return a
}
