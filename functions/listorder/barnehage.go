package listorder

import (
	"strings"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/lists"
	"hjemmel/shared/policy"
)

// children is what a list for barnehage is ordered by, as Fiks has it: everybody who lives or stays in the
// kommuner and is born from one date to another, at most twelve months after.
type children struct {
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

// fromBirth orders a list for barnehage.
func (o *orders) fromBirth(e *errand) error {
	var b children
	body, err := api.ReadBody(e.Request, &b)
	if err != nil {
		return err
	}
	e.rolle = strings.ToLower(b.RolleID)
	c, born, ok := b.criteria()
	u, wrong := c.uttrekk()
	if !ok {
		wrong = append(wrong, "foedt")
	}
	if len(wrong) > 0 {
		return errCriteria.About(wrong...)
	}
	usual := "BARNEHAGE"
	if u.Kommune.Opphold != "" {
		usual = "BARNEHAGE_FOR_OPPHOLDSADRESSE"
	}
	d, err := c.draft(e, lists.Barnehage, usual)
	if err != nil {
		return err
	}
	where, _, _ := strings.Cut(c.words(), "\n")
	d.Definisjon, d.Kriterier, d.sporsmaal = body, where+"\nFødt: "+born.Fra+" til "+born.Til, u
	d.uttrekk(c.Kommunenummer)
	d.foedt, d.ask.Action, d.ask.Parametre = &born, policy.Innbyggerliste, append(u.Names(), "foedselsdato")
	return o.order(e, body, d)
}

// criteria are those that the register knows, which are wider: it knows the year. ok is false for dates that are
// none, are in the wrong order, or are more than twelve months apart.
func (b children) criteria() (c criteria, born disclosure.Foedt, ok bool) {
	c = criteria{
		Kommunenummer: b.Kommunenummer, KommuneTilhoerighet: b.KommuneTilhoerighet, Status: []string{"BOSATT"},
		form: form{Beskrivelse: b.Beskrivelse, EksportFilformat: b.EksportFilformat, Maskinnavn: b.Maskinnavn},
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
	c.Foedt = span{&first, &last}
	return c, disclosure.Foedt{Fra: b.Foedt.FraDato, Til: b.Foedt.TilDato}, true
}
