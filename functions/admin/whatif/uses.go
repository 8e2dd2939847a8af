package whatif

import (
	"slices"
	"strings"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

// Uses is how often each element of a role was asked for and told, and what searches needed.
type Uses struct {
	role        *policy.Profile
	asked, told tallies // by property, by element
	parameters  map[string]bool
	last        map[string]time.Time // by element told
}

// Uses counts what the recording needs of a role.
func (r *Recording) Uses(p *policy.Profile) Uses {
	u := Uses{p, tallies{}, tallies{}, map[string]bool{}, map[string]time.Time{}}
	for _, a := range r.asks {
		for _, name := range a.Parametre {
			u.parameters[name] = true
		}
		for _, property := range a.asked(p) {
			u.asked.of(property).all(a)
		}
		for _, t := range a.persons {
			if t.utfall != audit.Utlevert {
				continue
			}
			for _, kode := range t.levert {
				u.told.of(kode).person(a, t)
				if a.Tid.After(u.last[kode]) {
					u.last[kode] = a.Tid
				}
			}
		}
	}
	return u
}

// asked are the properties that were asked for; of a refused ask those that it named.
func (a *ask) asked(p *policy.Profile) []string {
	if len(a.Spurt) > 0 {
		return a.Spurt
	}
	var all []string
	for _, part := range a.Part {
		all = append(all, p.Named(part)...)
	}
	return all
}

// property is the top-level property that an element lies in; its own code for a modifier.
func property(o *katalog.Opplysning) string {
	if o.Egenskap != "" {
		return o.Egenskap
	}
	return o.Kode
}

// searched reports whether a search by one of the parameters used stands on the element.
func (u Uses) searched(o *katalog.Opplysning) bool {
	used := func(name string) bool { return u.parameters[name] }
	return slices.ContainsFunc(o.FregParametre, used) || slices.ContainsFunc(o.Soekeparametre, used)
}

// unused are the elements of the role that nobody was told and no search needed.
func (u Uses) unused() []Element {
	all := []Element{}
	for _, o := range u.role.Innhold() {
		if u.told[o.Kode] == nil && !u.searched(o) && !u.inside(o) && !slices.ContainsFunc(all, func(e Element) bool { return e.Kode == o.Overordnet }) {
			all = append(all, Element{Kode: o.Kode, Navn: o.Navn, Spurt: u.asked[property(o)] != nil})
		}
	}
	return all
}

// inside reports whether something within the element was told: the whole is not unused then.
func (u Uses) inside(o *katalog.Opplysning) bool {
	return slices.ContainsFunc(u.role.Innhold(), func(in *katalog.Opplysning) bool {
		return u.told[in.Kode] != nil && strings.HasPrefix(in.Kode, o.Kode+".")
	})
}

// Tighten gives what of the role's opplysninger the recording needs: what was asked for, what was told,
// and what searches stood on. What is seldom there stays as long as it is asked for. Played through the
// role with these, nothing in the recording would have gone another way.
func (u Uses) Tighten() []string {
	return slices.DeleteFunc(slices.Clone(u.role.Role.Opplysninger), func(kode string) bool {
		o, ok := u.role.Katalog().Element(kode)
		return !ok || o.Register == "FOLKEREGISTER" && u.asked[property(o)] == nil && u.told[o.Kode] == nil && !u.searched(o) && !u.inside(o)
	})
}

// Usage is what became of an element of a role in a period.
type Usage struct {
	Kode   string       `json:"kode"`
	Navn   katalog.Text `json:"navn"`
	Spurt  Count        `json:"spurt"`
	Levert Count        `json:"levert"`
	Sist   time.Time    `json:"sistLevert,omitzero"`
	// Soek says that searches stood on it.
	Soek bool `json:"brukesISoek"`
}

// Usage counts each element that the role gives.
func (u Uses) Usage() []Usage {
	all := []Usage{}
	for _, o := range u.role.Innhold() {
		all = append(all, Usage{
			Kode: o.Kode, Navn: o.Navn, Spurt: u.asked.count(property(o)), Levert: u.told.count(o.Kode), Sist: u.last[o.Kode],
			Soek: u.searched(o),
		})
	}
	return all
}

// Played counts what was recorded.
func (r *Recording) Played() Count {
	t := newTally()
	for _, a := range r.asks {
		t.all(a)
	}
	return t.count()
}
