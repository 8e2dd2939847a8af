package person

import "slices"

// Krets is the circle around an employee that forvaltningsloven § 6 keeps apart: whom they are, or
// have been, married to, their parents, children and siblings, those they have children with, and
// where they live. It is made of register documents and holds numbers and places only.
type Krets struct {
	near  map[ID]bool
	homes []Value
}

// Kin lists the parents and children that a document names, whose documents tell the siblings and
// the other parents of shared children. Each once.
func Kin(own *Document) []ID {
	var kin []ID
	for _, id := range append(parents(own), children(own)...) {
		if !slices.Contains(kin, id) {
			kin = append(kin, id)
		}
	}
	return kin
}

func parents(d *Document) []ID {
	return related(d, func(role string) bool { return role == "mor" || role == "far" || role == "medmor" })
}

func children(d *Document) []ID { return related(d, func(role string) bool { return role == "barn" }) }

func related(d *Document, in func(role string) bool) []ID {
	var found []ID
	for e := range d.Root().Member("familierelasjon").Each() {
		if id, err := ParseID(e.Member("relatertPerson").Text()); err == nil && in(e.Member("relatertPersonsRolle").Text()) {
			found = append(found, id)
		}
	}
	return found
}

// NewKrets reads the circle out of the employee's own document (familierelasjon, sivilstand,
// foreldreansvar, bostedsadresse, with historikk) and those of [Kin] (familierelasjon). Whoever the
// own document names is near, whatever the relation is called.
func NewKrets(own *Document, kin map[ID]*Document) *Krets {
	k := &Krets{near: map[ID]bool{}, homes: homes(own)}
	family, _ := own.Relatives()
	k.add(family)
	k.add(ids(own.Root().Member("sivilstand"), "relatertVedSivilstand"))
	for _, id := range parents(own) {
		if d := kin[id]; d != nil {
			k.add(children(d)) // siblings
		}
	}
	for _, id := range children(own) {
		if d := kin[id]; d != nil {
			k.add(parents(d)) // those with whom the children are shared
		}
	}
	return k
}

func (k *Krets) add(ids []ID) {
	for _, id := range ids {
		k.near[id] = true
	}
}

// Family reports whether the document is of somebody in the circle, under any of its numbers.
func (k *Krets) Family(d *Document) bool {
	return slices.ContainsFunc(d.Numbers(), func(id ID) bool { return k.near[id] })
}

// SameHome reports whether the person lives where the employee does. Two in one house of which one
// has no bruksenhetsnummer count as living together: it cannot be established that they do not. A
// person without an address that can be compared lives with nobody.
func (k *Krets) SameHome(d *Document) bool {
	return slices.ContainsFunc(homes(d), func(h Value) bool {
		return slices.ContainsFunc(k.homes, func(own Value) bool { return sameHome(own, h) })
	})
}

// homes are the current elements of bostedsadresse; one that does not say that it is former is
// current.
func homes(d *Document) []Value {
	var current []Value
	for e := range d.Root().Member("bostedsadresse").Each() {
		if e.Member("erGjeldende").Kind() != 'f' {
			current = append(current, e)
		}
	}
	return current
}

func sameHome(a, b Value) bool {
	placeA, unitA := place(a)
	placeB, unitB := place(b)
	if unitA != "" && unitB != "" && unitA != unitB {
		return false
	}
	const matrikkel = "adresseIdentifikatorFraMatrikkelen"
	if x, y := a.Member(matrikkel).Text(), b.Member(matrikkel).Text(); x != "" && y != "" {
		return x == y
	}
	return placeA != "" && placeA == placeB
}

// place is a house, as a text to compare, and the dwelling (bruksenhetsnummer) in it; both are empty
// where the address tells no house.
func place(address Value) (house, unit string) {
	if v := address.Member("vegadresse"); v.Exists() {
		n := v.Member("adressenummer")
		return joined("veg", v.Member("kommunenummer"), v.Member("adressenavn"), n.Member("husnummer"), n.Member("husbokstav")), v.Member("bruksenhetsnummer").Text()
	}
	if m := address.Member("matrikkeladresse"); m.Exists() {
		n := m.Member("matrikkelnummer")
		return joined("matrikkel", n.Member("kommunenummer"), n.Member("gaardsnummer"), n.Member("bruksnummer"), n.Member("festenummer")), m.Member("bruksenhetsnummer").Text()
	}
	return "", ""
}

func joined(kind string, parts ...Value) string {
	for _, p := range parts {
		kind += "\x00" + string(p.Raw())
	}
	return kind
}
