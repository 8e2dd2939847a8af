package policy

import (
	"slices"

	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/policy/katalog"
)

// A list (innbyggerliste) is asked for twice: when it is ordered, without subjects, and of each chunk of
// those whom the register gave, with them. Nobody is there to give reasons in between, so what a reason
// opens in a lookup stays closed: graded addresses, close family, and a nødtilgang.

// numre is the parameter of a list of persons whose numbers the caller has.
const numre = "identifikasjonsnummer"

// bostedskriterier are the criteria of a list that tell where those on it live or stay.
var bostedskriterier = []string{"bostedskommunenummer", "oppholdskommunenummer"}

// Ordered reports whether the action is a list, which is ordered now and made later.
func (a Action) Ordered() bool { return a == Innbyggerliste || a == InnbyggerlisteSoek }

// Named reports whether the ask is about persons by number alone, and not about whom criteria fit.
func (a Ask) Named() bool { return !a.Action.Searching() || numbered(a.Action, a.Parametre) }

func numbered(a Action, parametre []string) bool {
	return a == Innbyggerliste && slices.Equal(parametre, []string{numre})
}

// needsKommune reports whether the ask lists whole municipalities: those must be named.
func (q question) needsKommune() bool { return q.Action == Innbyggerliste && !q.Named() }

// elsewhere lists the municipalities asked for that the role does not reach.
func (q question) elsewhere() []string {
	reach := q.Profil.Role.Kommuner
	if len(reach) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(q.Kommuner), func(k string) bool { return slices.Contains(reach, k) })
}

// locates reports whether being found tells where somebody lives. In a role bound to municipalities
// being on a list tells it too.
func (q question) locates() bool {
	if !q.Action.Searching() {
		return false
	}
	return q.Action.Ordered() && len(q.Profil.Role.Kommuner) > 0 || slices.ContainsFunc(q.Parametre, func(p string) bool {
		return slices.Contains(adresseparametre, p) || slices.Contains(bostedskriterier, p)
	})
}

// resident reports whether the grant is for a list of those who live in its kommuner, which are the
// role's own where it has any.
func (g Grant) resident() bool {
	return g.action.Ordered() && slices.Contains(g.parametre, bostedskriterier[0]) && !slices.Contains(g.parametre, bostedskriterier[1])
}

// element is the place in the register model of an opplysning that a list has as a column.
func (p *Profile) element(kode string) (o *katalog.Opplysning, property int, ok bool) {
	o, ok = p.k.Element(kode)
	if !ok || !o.Gyldig || o.Register != "FOLKEREGISTER" || o.Path() == "" {
		return nil, 0, false
	}
	property = slices.IndexFunc(person.Model.Fields, func(f *person.Field) bool { return f.Name == o.Egenskap })
	return o, property, property >= 0
}

// column understands a part of a list that is an opplysning.
func (p *Profile) column(kode string) (part, bool) {
	o, property, ok := p.element(kode)
	switch {
	case !ok:
		return part{}, false
	case !p.Holds(o.Kode):
		return part{lacks: []string{o.Kode}}, true
	}
	return part{shows: part{}.shows.with(property)}, true
}

// columns is the profile cut to what a list has columns for, so that the entry tells what left. Without
// columns it is all that the parts show.
func (p *Profile) columns(parts []string) *Profile {
	if !slices.ContainsFunc(parts, func(name string) bool { _, named := p.part(name); return !named && name != katalog.Historikk }) {
		return p
	}
	r := p.Role
	r.Opplysninger = nil
	for _, o := range p.Innhold() {
		if o.Kode == katalog.Historikk || o.Path() == "" || slices.ContainsFunc(parts, func(name string) bool { return p.within(o, name) }) {
			r.Opplysninger = append(r.Opplysninger, o.Kode)
		}
	}
	return compile(p.k, r, p.basis)
}

// within reports whether an element is what a part names: itself, its property, or its group.
func (p *Profile) within(o *katalog.Opplysning, name string) bool {
	if c, _, ok := p.element(name); ok && c.Egenskap != c.Kode {
		return p.k.Permits([]string{c.Kode}, o)
	}
	_, property, ok := p.element(o.Kode)
	in, named := p.part(name)
	return ok && named && in.shows.Has(property)
}

var (
	noKommune = fault.New(fault.Invalid, "LISTE_UTEN_KOMMUNE",
		"En innbyggerliste må gjelde bestemte kommuner. Oppgi kommunenummer.")
	outsideKommune = fault.New(fault.Denied, "KOMMUNE_UTENFOR_ROLLE",
		"Rollen gir ikke rett til lister over innbyggerne i alle disse kommunene.")
)
