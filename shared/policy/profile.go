package policy

import (
	"slices"

	"hjemmel/shared/person"
	"hjemmel/shared/policy/katalog"
)

// Profile is a role compiled against the catalogue: what it shows, what it may search by, and what
// it must ask the register for. It never changes; a new version of the role is a new Profile.
type Profile struct {
	Role Role
	Area *katalog.Tjenesteomraade
	// Codes are the opplysninger that this role can deliver, in the register's spelling. Masks point
	// into it.
	Codes []string

	k          *katalog.Katalog
	held       []string // role's codes that the area opens, register spelling
	properties map[string]*Mask
	shows      Properties // properties with anything to show
	history    Properties // properties whose former values may be shown
	kodes      map[string]bool
	parts      map[string]part
	basis      []katalog.Hjemmel // legal bases of the role
	phases     []phase           // where some of them are not always in force; in order
}

// part is what a value of the parameter part means in the role: the properties of it that the role
// shows something of, and the names of those that it does not.
type part struct {
	shows Properties
	lacks []string
}

// Properties is a set of top-level properties of the register model, by number.
type Properties uint64

// Has reports whether property number i is in the set.
func (p Properties) Has(i int) bool { return p&(1<<uint(i)) != 0 }

func (p Properties) names() []string {
	var names []string
	for i, f := range person.Model.Fields {
		if p.Has(i) {
			names = append(names, f.Name)
		}
	}
	return names
}

func (p Properties) with(i int) Properties { return p | 1<<uint(i) }

// Compile makes the profile of a role. What the area does not open is left out, whatever the role
// says: an area that shrinks takes its roles along. A role in an area that the catalogue lacks
// compiles to a profile that shows nothing.
//
// Where a legal basis of the role begins or ends, the profile shows what its other bases carry, and
// [Profile.At] what the role shows at a time.
func Compile(k *katalog.Katalog, r Role) *Profile {
	area, ok := k.Area(r.Tjenesteomraade)
	if !ok {
		return compile(k, r, nil)
	}
	var held []katalog.Hjemmel
	for _, h := range area.Lovhjemler {
		if slices.Contains(r.Hjemler, h.ID) {
			held = append(held, h)
		}
	}
	times := bounds(held)
	p := compile(k, r, inForceAt(held, times...))
	for _, from := range times {
		p.phases = append(p.phases, phase{from, compile(k, r, inForceAt(held, from))})
	}
	return p
}

// compile makes a profile that stands on the bases.
func compile(k *katalog.Katalog, r Role, basis []katalog.Hjemmel) *Profile {
	p := &Profile{basis: basis, Role: r, k: k, properties: map[string]*Mask{}, kodes: map[string]bool{}, parts: map[string]part{}}
	area, ok := k.Area(r.Tjenesteomraade)
	if !ok {
		return p
	}
	p.Area = area
	p.held = p.allowed()
	b := newMaskBuilder(k, p.held)
	for i, f := range person.Model.Fields {
		m := b.grant(f, f.Name, false, "")
		if m == nil {
			continue
		}
		m.Index = i
		b.metadata(m)
		p.properties[f.Name] = m
		p.shows = p.shows.with(i)
		if p.mayShowFormer(f.Name) {
			p.history = p.history.with(i)
		}
	}
	p.Codes = b.codes
	for _, o := range k.Opplysninger {
		if k.Permits(p.held, o) {
			p.kodes[o.Kode] = true
		}
	}
	p.nameParts()
	return p
}

// Alt is our own value of part: all that the role shows, now.
const Alt = "alt"

// nameParts reads every part there is: each property, in the register's spelling and as the register
// wants it asked, the groups, and all.
func (p *Profile) nameParts() {
	p.parts[Alt] = part{shows: p.shows}
	for i, f := range person.Model.Fields {
		o := p.k.At(f.Name)
		if o == nil {
			continue
		}
		names := []string{f.Name, o.Part, o.InngaarIPart}
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			if name == "" {
				continue
			}
			in := p.parts[name]
			if p.shows.Has(i) {
				in.shows = in.shows.with(i)
			} else {
				in.lacks = append(in.lacks, f.Name)
			}
			p.parts[name] = in
		}
	}
}

// UnknownPart stands in the log for a value of part that we do not know: it may be anything.
const UnknownPart = "ukjent"

// Known gives values of part as they can be written down: an unknown one is UnknownPart. None without a
// role.
func (p *Profile) Known(parts []string) []string {
	if p == nil {
		return nil
	}
	var known []string
	for _, name := range parts {
		_, part := p.part(name)
		_, _, element := p.element(name)
		if !part && !element && name != katalog.Historikk {
			name = UnknownPart
		}
		known = append(known, name)
	}
	return known
}

func (p *Profile) part(name string) (part, bool) {
	in, ok := p.parts[name]
	return in, ok
}

// allowed keeps the role's codes that are valid, opened by the area, in its package, and, where
// they are taushetsbelagt, carried by a hjemmel of the role that opens such elements.
func (p *Profile) allowed() []string {
	known, _ := p.k.Normal(p.Role.Opplysninger)
	taushet := p.Area.KanHenteTaushet && p.hasHjemmel("HJEMMEL_TAUSHETSBELAGT")
	return slices.DeleteFunc(known, func(kode string) bool {
		o, _ := p.k.Element(kode)
		inPakke := len(o.Pakker) == 0 || slices.Contains(o.Pakker, p.Area.Rettighetspakke)
		return !o.Gyldig || o.Register != "FOLKEREGISTER" || !inPakke || (o.Taushetsbelagt && !taushet) || !p.k.AreaPermits(p.Area, o)
	})
}

// hasHjemmel reports whether the role stands on a legal basis of its area of one of the kinds.
func (p *Profile) hasHjemmel(art ...string) bool {
	return slices.ContainsFunc(p.basis, func(h katalog.Hjemmel) bool { return slices.Contains(art, h.Art) })
}

// mayShowFormer reports whether former values (historikk) of the property may be shown. Without
// hjemmel the register gives them for few properties only.
func (p *Profile) mayShowFormer(property string) bool {
	o, ok := p.k.Element(katalog.Historikk)
	if !ok || !p.k.Permits(p.held, o) {
		return false
	}
	return p.Area.Rettighetspakke == katalog.MedHjemmel || slices.Contains(o.UtenHjemmel, property)
}

// Holds reports whether the role gives the element, itself or by one above it.
func (p *Profile) Holds(kode string) bool { return p.kodes[kode] }

// Shows reports whether the role shows anything of a property of the register model.
func (p *Profile) Shows(property string) bool { return p.properties[property] != nil }

// Innhold lists the elements the role gives, in the catalogue's order.
func (p *Profile) Innhold() []*katalog.Opplysning {
	var in []*katalog.Opplysning
	for _, o := range p.k.Opplysninger {
		if p.kodes[o.Kode] {
			in = append(in, o)
		}
	}
	return in
}

// Hjemler lists the legal bases that the role stands on.
func (p *Profile) Hjemler() []katalog.Hjemmel { return p.basis }

// MaySearchBy reports whether a search parameter, in the register's or in Fiks' spelling, is covered
// by an element of the role. How many hits one wants and which parts needs no element.
func (p *Profile) MaySearchBy(parameter string) bool {
	if parameter == "maksTreff" {
		return true
	}
	return slices.ContainsFunc(p.k.Opplysninger, func(o *katalog.Opplysning) bool {
		return p.kodes[o.Kode] && (slices.Contains(o.FregParametre, parameter) || slices.Contains(o.Soekeparametre, parameter))
	})
}

// Soekeparametre lists what the role may search by, in the register's spelling.
func (p *Profile) Soekeparametre() []katalog.Named {
	var in []katalog.Named
	for _, n := range katalog.Names().Soekeparametre {
		if p.MaySearchBy(n.Kode) {
			in = append(in, n)
		}
	}
	return in
}
