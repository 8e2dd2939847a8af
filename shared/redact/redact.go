// Package redact executes a grant on a register document: what is granted, known and not protected
// is copied, and everything else is gone as if it had never been there.
//
// It refuses unknown properties, fields and values of closed lists; former values where the role
// has no historikk; addresses that are graded, or whose grading cannot be read, and whatever else
// tells where a protected person is; and whole persons whom a condition of the grant excludes. It
// never decides anything: the conditions come with the [policy.Grant].
package redact

import (
	"slices"

	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// Record is what may leave of one person, and an account of it for the audit entry. The zero Record
// holds nothing.
type Record struct {
	// JSON is the redacted register document, or nil where the person is withheld.
	JSON []byte
	// Delivered are the opplysninger in it, by index into the grant's codes.
	Delivered Codes
	// Former is true when values that no longer apply are among them.
	Former bool
	// Revealed is true when a graded address or place is among them, by the caller's confirmation.
	Revealed bool
	// Withheld names the conditions that took something away, each once.
	Withheld []policy.RuleID
}

// Denied reports whether the whole person is withheld.
func (r Record) Denied() bool { return r.JSON == nil }

// The conditions, as rule ids. They do not tell the level of a grading.
const (
	Gradering      policy.RuleID = "gradering"
	Slekt          policy.RuleID = "gradering-slekt"
	EgenPerson     policy.RuleID = "egen-person"
	Geografi       policy.RuleID = "geografi"
	SoektPaaBosted policy.RuleID = "gradering-soek"
	UkjentVerdi    policy.RuleID = "ukjent-verdi"
)

// Codes is a set of indexes into [policy.Grant.Codes]; policy compiles at most 256 of them.
type Codes [4]uint64

func (c *Codes) add(i int) {
	if i >= 0 {
		c[i/64] |= 1 << (i % 64)
	}
}

// Has reports whether index i is in the set.
func (c Codes) Has(i int) bool { return i >= 0 && i < len(c)*64 && c[i/64]&(1<<(i%64)) != 0 }

// Names gives the codes of the set in the grant's order.
func (c Codes) Names(g policy.Grant) []string {
	var names []string
	for i, code := range g.Codes() {
		if c.Has(i) {
			names = append(names, code)
		}
	}
	return names
}

// Apply executes the grant on a person. A zero Grant gives a zero Record.
func Apply(g policy.Grant, p person.Person) Record {
	if g.IsZero() || p.Document == nil {
		return Record{}
	}
	w := &writer{g: g, grade: p.Document.Gradering(), slekt: p.Slekt, out: make([]byte, 0, len(p.Document.Raw()))}
	if rule := w.excludes(p.Document); rule != "" {
		return Record{Withheld: []policy.RuleID{rule}}
	}
	w.document(p.Document.Root())
	w.rec.JSON = w.out
	return w.rec
}

// excludes gives the condition that withholds the whole person, or "".
func (w *writer) excludes(d *person.Document) policy.RuleID {
	switch {
	case !w.g.Asker().IsZero() && slices.Contains(d.Numbers(), w.g.Asker()):
		return EgenPerson
	case len(w.g.Kommuner()) > 0 && !slices.Contains(w.g.Kommuner(), d.Kommune()):
		return Geografi
	case w.g.ByAddress() && !w.g.Reveals() && (w.grade > person.Ugradert || w.slekt > person.Ugradert || gradedAddress(d)):
		return SoektPaaBosted
	case w.g.ByAddress() && w.grade >= person.StrengtFortrolig:
		return SoektPaaBosted
	}
	return ""
}

// gradedAddress reports whether any address in the document is graded or cannot be read: a hit on
// it would tell it.
func gradedAddress(d *person.Document) bool {
	for p := range d.Root().Each() {
		switch string(p.Name()) {
		case "bostedsadresse", "oppholdsadresse", "deltBosted", "postadresse":
			for e := range p.Each() {
				if ownGrade(e) > person.Ugradert {
					return true
				}
			}
		}
	}
	return false
}

func ownGrade(address person.Value) person.Gradering {
	return person.ParseGradering(address.Member("adressegradering").Bare())
}
