package policy

import "slices"

// bruksenhet is a search parameter of our own: which dwelling of a house. The register does not search
// by it, so hits on the house are looked through.
const bruksenhet = "bruksenhetsnummer"

// pointsOut reports whether the criteria are about somebody, so that a search does not list a town: a
// name, a date of birth, or a street with a house number. Where one lives, of which sex and of about
// which age narrow a search and carry none. A dwelling is only looked for in a house.
func (q question) pointsOut() bool {
	has := func(p string) bool { return slices.Contains(q.Parametre, p) }
	house := has("adressenavn") && has("husnummer")
	if has(bruksenhet) {
		return house
	}
	return house || has("navn") || has("foedselsdato")
}
