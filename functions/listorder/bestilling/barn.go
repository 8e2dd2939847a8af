package bestilling

import (
	"time"

	"hjemmel/shared/disclosure"
)

// Barn is what a list for barnehage is ordered by, as Fiks has it: everybody who lives or stays in the
// kommuner and is born from one date to another, at most twelve months after.
type Barn struct {
	RolleID             string   `json:"rolleId"`
	Kommunenummer       []string `json:"kommunenummer"`
	KommuneTilhoerighet string   `json:"kommuneTilhoerighet"` // BOSTED or OPPHOLD
	Foedt               struct {
		FraDato string `json:"fraDato"`
		TilDato string `json:"tilDato"`
	} `json:"foedt"`
	Beskrivelse      string `json:"beskrivelse,omitempty"`
	EksportFilformat string `json:"eksportFilformat,omitempty"`
	Maskinnavn       bool   `json:"maskinnavn,omitempty"`
}

// Kriterier are those that the register knows, which are wider: it knows the year. ok is false for dates that are
// none, are in the wrong order, or are more than twelve months apart.
func (b Barn) Kriterier() (c Kriterier, born disclosure.Foedt, ok bool) {
	c = Kriterier{
		Kommunenummer: b.Kommunenummer, KommuneTilhoerighet: b.KommuneTilhoerighet, Status: []string{"BOSATT"},
		Form: Form{Beskrivelse: b.Beskrivelse, EksportFilformat: b.EksportFilformat, Maskinnavn: b.Maskinnavn},
	}
	if b.KommuneTilhoerighet == "OPPHOLD" {
		c.Status = []string{"BOSATT", "AKTIV"} // who stays there may live elsewhere, or not be resident
	}
	from, err1 := time.Parse(time.DateOnly, b.Foedt.FraDato)
	to, err2 := time.Parse(time.DateOnly, b.Foedt.TilDato)
	if err1 != nil || err2 != nil || to.Before(from) || to.After(from.AddDate(1, 0, 0)) {
		return c, born, false
	}
	first, last := from.Year(), to.Year()
	c.Foedt = Spenn{&first, &last}
	return c, disclosure.Foedt{Fra: b.Foedt.FraDato, Til: b.Foedt.TilDato}, true
}
