package disclosure

import (
	"maps"
	"slices"
	"strings"

	"hjemmel/shared/freg"
	"hjemmel/shared/person"
	"hjemmel/shared/redact"
)

// Sought is whom a search is for: criteria of the register's, and what it cannot search by.
type Sought struct {
	// By are criteria of the register's, without maksTreff.
	By freg.Criteria
	// Kommuner are municipalities of which any will do, each searched on its own.
	Kommuner []string
	// Bruksenhet is the dwelling (bruksenhetsnummer) in the house that By names: H0101. It is looked for
	// among the addresses that the role shows.
	Bruksenhet string
	// Most is how many persons [Desk.Find] may show; more are an error.
	Most int
}

// names lists the search parameters, sorted.
func (s Sought) names() []string {
	by := s.searches()[0]
	if s.Bruksenhet != "" {
		by["bruksenhetsnummer"] = s.Bruksenhet
	}
	return by.Names()
}

// searches are the criteria to ask the register by, one after the other. They are the caller's own.
func (s Sought) searches() []freg.Criteria {
	if len(s.Kommuner) == 0 {
		return []freg.Criteria{s.with(nil)}
	}
	var all []freg.Criteria
	for _, k := range s.Kommuner {
		all = append(all, s.with(freg.Criteria{"kommunenummer": k}))
	}
	return all
}

// names lists the search parameters of several, each once, sorted.
func names(all []Sought) (parametre []string) {
	for _, s := range all {
		parametre = append(parametre, s.names()...)
	}
	slices.Sort(parametre)
	return slices.Compact(parametre)
}

// kommuner lists the municipalities that several are sought in, each once, sorted.
func kommuner(all []Sought) (numre []string) {
	for _, by := range searches(all) {
		if k := by["kommunenummer"]; k != "" {
			numre = append(numre, k)
		}
	}
	slices.Sort(numre)
	return slices.Compact(numre)
}

// searches are the criteria of several.
func searches(all []Sought) (by []freg.Criteria) {
	for _, s := range all {
		by = append(by, s.searches()...)
	}
	return by
}

func (s Sought) with(more freg.Criteria) freg.Criteria {
	by := freg.Criteria{}
	maps.Copy(by, s.By)
	maps.Copy(by, more)
	return by
}

// parts adds what a search for a dwelling must look at. Without parts the role's own are asked for,
// and it is among them where the role may search so.
func (s Sought) parts(asked []string) []string {
	if s.Bruksenhet == "" || len(asked) == 0 || slices.Contains(asked, "bostedsadresse") {
		return asked
	}
	return append(slices.Clone(asked), "bostedsadresse")
}

// dwells reports whether an address that the record shows is the dwelling that is sought, or none is.
func (s Sought) dwells(record redact.Record) bool {
	if s.Bruksenhet == "" {
		return true
	}
	d, err := person.ParseDocument(record.JSON)
	if err != nil {
		return false
	}
	former := s.By["opplysningsgrunnlag"] == "historisk"
	for a := range d.Root().Member("bostedsadresse").Each() {
		veg := a.Member("vegadresse")
		no := veg.At("adressenummer", "husnummer").Text() + veg.At("adressenummer", "husbokstav").Text()
		street := strings.HasPrefix(strings.ToUpper(veg.Member("adressenavn").Text()), strings.ToUpper(s.By["adressenavn"]))
		if (former || a.Member("erGjeldende").True()) && street && strings.EqualFold(no, s.By["husnummer"]) && veg.Member("bruksenhetsnummer").Text() == s.Bruksenhet {
			return true
		}
	}
	return false
}
