package listorder

import (
	"strings"

	"hjemmel/shared/api"
	"hjemmel/shared/api/personsoek"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/lists"
	"hjemmel/shared/policy"
)

// fromSearch orders a list of whom a search finds, at most the 10 000 that the register answers with.
func (o *orders) fromSearch(e *errand) error {
	var b struct {
		Soek personsoek.Definisjon `json:"soek"`
		form
	}
	body, err := api.ReadBody(e.Request, &b)
	if err != nil {
		return err
	}
	e.rolle = strings.ToLower(b.Soek.RolleID)
	s, wrong := sought(b.Soek, o.numbers)
	if wrong = append(wrong, b.wrong()...); len(wrong) > 0 {
		return errCriteria.About(wrong...)
	}
	d, err := b.draft(e, lists.Soek, "LISTESOEK")
	if err != nil {
		return err
	}
	d.Definisjon, d.Kriterier = body, strings.Join(b.Soek.Words(), "\n")
	d.soek = []disclosure.Sought{s}
	d.sporsmaal, d.ask.Action = d.soek, policy.InnbyggerlisteSoek
	return o.order(e, body, d)
}

// sought is whom a search is for, and the members that a list cannot be made by: those of a lookup and of an
// answer, and a dwelling, which the register does not search by. A list shows all whom it may.
func sought(d personsoek.Definisjon, numbers api.Numbers) (s disclosure.Sought, wrong []string) {
	for name, said := range map[string]bool{
		"personidentifikator": d.Personidentifikator != "", "parts": len(d.Parts) > 0, "bruksenhetsnummer": d.Bruksenhetsnummer != "",
		"maksTreff": d.MaksTreff != nil && *d.MaksTreff != personsoek.MaksTreff,
	} {
		if said {
			wrong = append(wrong, "soek."+name)
		}
	}
	s, err := d.Sought(numbers)
	if f := fault.Of(err); f != nil {
		for _, name := range f.Elements {
			wrong = append(wrong, "soek."+name)
		}
	}
	return s, wrong
}
