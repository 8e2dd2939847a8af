package bestilling

import (
	"hjemmel/shared/api"
	"hjemmel/shared/api/personsoek"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
)

// Soek is what a list of whom a search finds is ordered by.
type Soek struct {
	Soek personsoek.Definisjon `json:"soek"`
	Form
}

// Sought is whom the search is for, and the members that a list cannot be made by: those of a lookup and of an
// answer, and a dwelling, which the register does not search by. A list shows all whom it may.
func (b Soek) Sought(numbers api.Numbers) (s disclosure.Sought, wrong []string) {
	d, wrong := b.Soek, b.Wrong()
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
