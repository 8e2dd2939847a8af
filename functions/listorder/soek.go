package listorder

import (
	"strings"

	"hjemmel/functions/listorder/bestilling"
	"hjemmel/shared/api"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/lists"
	"hjemmel/shared/policy"
)

// fromSearch orders a list of whom a search finds, at most the 10 000 that the register answers with.
func (o *orders) fromSearch(e *errand) error {
	var b bestilling.Soek
	body, err := api.ReadBody(e.Request, &b)
	if err != nil {
		return err
	}
	e.rolle = strings.ToLower(b.Soek.RolleID)
	s, wrong := b.Sought(o.numbers)
	if len(wrong) > 0 {
		return errCriteria.About(wrong...)
	}
	d, err := o.begin(e, b.Form, lists.Soek, "LISTESOEK")
	if err != nil {
		return err
	}
	d.Definisjon, d.Kriterier = body, strings.Join(b.Soek.Words(), "\n")
	d.soek = []disclosure.Sought{s}
	d.sporsmaal, d.ask.Action = d.soek, policy.InnbyggerlisteSoek
	return o.order(e, body, d)
}
