package policy

import (
	"time"

	"hjemmel/shared/policy/katalog"
)

// Preview is a grant for showing what the role shows on an example: everything it gives, wherever the
// example lives. It covers nobody, so the register client refuses it. opened is as after a confirmation,
// where the role may open graded addresses.
func (p *Profile) Preview(at time.Time, opened bool) Grant {
	if p = p.At(at); p == nil || p.Area == nil || !p.Area.InForce(at) {
		return Grant{}
	}
	return Grant{
		profile: p, action: Oppslag, properties: p.shows, historikk: p.Holds(katalog.Historikk), widened: true,
		reveal: opened && Holder{Profil: p}.mayOpen(),
	}
}

// Named lists the properties that a value of part means in the role: those it shows something of.
func (p *Profile) Named(name string) []string {
	in, _ := p.part(name)
	return in.shows.names()
}

// Katalog is the catalogue that the role was compiled against.
func (p *Profile) Katalog() *katalog.Katalog { return p.k }
