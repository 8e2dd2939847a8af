package population

import (
	"iter"
	"slices"

	"hjemmel/shared/freg/fregsim/lives"
)

// Extract is whom a custom extract (tilpasset uttrekk) is for. Empty fields do not restrict; the others
// all have to hold. The fields have the names and forms of Freg's.
type Extract struct {
	// Personstatustyper are aktiv, bosatt, utflyttet, doed and inaktiv, one of which the person's must
	// be. aktiv is midlertidig, ikkeBosatt, forsvunnet and foedselsregistrert.
	Personstatustyper                           []string
	Bostedskommunenummer, Oppholdskommunenummer string
	FoedselsaarFraOgMed, FoedselsaarTilOgMed    int
	DoedsaarFraOgMed, DoedsaarTilOgMed          int
	Kjoenn, Statsborgerskap, Sivilstandstype    string
}

// Extracted are the numbers that an extract found, in the order of the register. It takes four bytes a
// person.
type Extracted struct {
	reg  register
	refs []lives.Ref
}

// Len is how many there are.
func (x Extracted) Len() int { return len(x.refs) }

// From gives the numbers from place n on.
func (x Extracted) From(n int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, r := range x.refs[min(n, len(x.refs)):] {
			if !yield(x.reg.People[r].Number.String()) {
				return
			}
		}
	}
}

// Extract finds those whom the extract is for. Graded persons are found as others are.
func (p *Population) Extract(q Extract) Extracted {
	m := p.reg.extractor(q)
	x := Extracted{reg: p.reg}
	for r := 1; r < len(p.reg.People); r++ {
		if m.fits(&p.reg.People[r]) {
			x.refs = append(x.refs, lives.Ref(r))
		}
	}
	return x
}

// extractor is an extract made ready.
type extractor struct {
	register
	q        Extract
	statuses [lives.IkkeBosatt + 1]bool
}

func (p register) extractor(q Extract) extractor {
	m := extractor{register: p, q: q}
	for s := range m.statuses {
		m.statuses[s] = slices.Contains(q.Personstatustyper, statustype(lives.StatusCode(s)))
	}
	return m
}

// statustype is the kind of status that a status is; "" for opphoert, which is none of them.
func statustype(s lives.StatusCode) string {
	switch s {
	case lives.Midlertidig, lives.IkkeBosatt, lives.Forsvunnet, lives.Foedselsregistrert:
		return "aktiv"
	case lives.Opphoert:
		return ""
	}
	return s.String()
}

func (m *extractor) fits(e *lives.Person) bool {
	q := &m.q
	return m.statuses[e.Statuses[len(e.Statuses)-1].Code] &&
		within(e.Born, q.FoedselsaarFraOgMed, q.FoedselsaarTilOgMed) && within(e.Died, q.DoedsaarFraOgMed, q.DoedsaarTilOgMed) &&
		(q.Kjoenn == "" || len(e.Names) > 0 && (q.Kjoenn == "kvinne") == e.Woman) &&
		(q.Sivilstandstype == "" || len(e.Civil) > 0 && e.Civil[len(e.Civil)-1].Code.String() == q.Sivilstandstype) &&
		(q.Statsborgerskap == "" || m.citizen(e)) &&
		(q.Bostedskommunenummer == "" || m.dwells(e, lives.Bosted, q.Bostedskommunenummer)) &&
		(q.Oppholdskommunenummer == "" || m.dwells(e, lives.Opphold, q.Oppholdskommunenummer))
}

// within reports whether a day lies in the years; no day does so where there are years to lie in.
func within(d lives.Day, from, to int) bool {
	if from == 0 && to == 0 {
		return true
	}
	return d != 0 && (from == 0 || d.Year() >= from) && (to == 0 || d.Year() <= to)
}

// citizen reports whether one of the citizenships that a person holds is the one asked for.
func (m *extractor) citizen(e *lives.Person) bool {
	if e.More == nil || len(e.More.Citizenship) == 0 {
		return len(e.Names) > 0 && m.q.Statsborgerskap == lives.Lands[0].Alpha3
	}
	return slices.ContainsFunc(e.More.Citizenship, func(c lives.Citizenship) bool {
		return lives.Lands[c.Land].Alpha3 == m.q.Statsborgerskap
	})
}

// dwells reports whether a current address in the use is known to lie in the kommune. An unknown
// bostedsadresse may lie in one.
func (m *extractor) dwells(e *lives.Person, use lives.Use, kommune string) bool {
	return slices.ContainsFunc(e.Addresses, func(a lives.Address) bool {
		known := searchable(a) || use == lives.Bosted && a.Kind == lives.Ukjent && a.Unit != 0
		return a.Use == use && a.To == 0 && known && m.Kommuner[m.Places[a.Place].Kommune].Nummer == kommune
	})
}
