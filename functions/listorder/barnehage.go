package listorder

import (
	"strings"

	"hjemmel/functions/listorder/bestilling"
	"hjemmel/shared/api"
	"hjemmel/shared/lists"
	"hjemmel/shared/policy"
)

// fromBirth orders a list for barnehage.
func (o *orders) fromBirth(e *errand) error {
	var b bestilling.Barn
	body, err := api.ReadBody(e.Request, &b)
	if err != nil {
		return err
	}
	e.rolle = strings.ToLower(b.RolleID)
	c, born, ok := b.Kriterier()
	u, wrong := c.Uttrekk()
	if !ok {
		wrong = append(wrong, "foedt")
	}
	if u.Kommune.Bosted != "" && u.Kommune.Opphold != "" { // its templates have one address
		wrong = append(wrong, "kommuneTilhoerighet")
	}
	if len(wrong) > 0 {
		return errCriteria.About(wrong...)
	}
	usual := "BARNEHAGE"
	if u.Kommune.Opphold != "" {
		usual = "BARNEHAGE_FOR_OPPHOLDSADRESSE"
	}
	d, err := o.begin(e, c.Form, lists.Barnehage, usual)
	if err != nil {
		return err
	}
	where, _, _ := strings.Cut(c.Words(), "\n")
	d.Definisjon, d.Kriterier, d.sporsmaal = body, where+"\nFødt: "+born.Fra+" til "+born.Til, u
	d.uttrekk(c.Kommunenummer, u.Kommune)
	d.foedt, d.ask.Action, d.ask.Parametre = &born, policy.Innbyggerliste, append(u.Names(), "foedselsdato")
	return o.order(e, body, d)
}
