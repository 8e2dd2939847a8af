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
	// Overridden names what of habilitet a reason set aside: nothing for most.
	Overridden []policy.RuleID
}

// Denied reports whether the whole person is withheld.
func (r Record) Denied() bool { return r.JSON == nil }

// The conditions, as rule ids. They do not tell the level of a grading.
const (
	Gradering      policy.RuleID = "gradering"
	Slekt          policy.RuleID = "gradering-slekt"
	EgenPerson     policy.RuleID = "egen-person"
	Familie        policy.RuleID = "habilitet-familie"
	SammeAdresse   policy.RuleID = "habilitet-adresse"
	UkjentKrets    policy.RuleID = "habilitet-ukjent" // whom the employee is close to could not be established
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

// Apply executes the grant on a person. A zero Grant, and one that fetches for judgement, gives a zero
// Record.
func Apply(g policy.Grant, p person.Person) Record {
	if g.IsZero() || g.ForJudgement() || p.Document == nil {
		return Record{}
	}
	w := &writer{g: g, grade: p.Document.Gradering(), slekt: p.Slekt, out: make([]byte, 0, len(p.Document.Raw()))}
	if w.rec.Withheld = w.excludes(p); len(w.rec.Withheld) > 0 {
		return Record{Withheld: w.rec.Withheld}
	}
	w.document(p.Document.Root())
	w.rec.JSON = w.out
	return w.rec
}

// excludes lists the conditions that withhold the whole person. All are asked, because reasons must
// be complete.
func (w *writer) excludes(p person.Person) []policy.RuleID {
	d := p.Document
	against := w.habilitet(p)
	if len(w.g.Kommuner()) > 0 && !slices.Contains(w.g.Kommuner(), d.Kommune()) {
		against = append(against, Geografi)
	}
	if w.g.ByAddress() {
		graded := w.grade > person.Ugradert || w.slekt > person.Ugradert || gradedAddress(d) > person.Ugradert
		if w.grade >= person.StrengtFortrolig || !w.g.Reveals() && graded {
			against = append(against, SoektPaaBosted)
		}
	}
	return against
}

// habilitet lists what stands between the asking employee and the person: that they are the same, are
// family, live together, or that it cannot be established that they are not. A reason sets it aside,
// but never for the employee's own record, and never where anybody is strengt fortrolig, however long
// ago the reason was accepted.
func (w *writer) habilitet(p person.Person) []policy.RuleID {
	if !w.g.JudgesHabilitet() {
		return nil
	}
	d := p.Document
	var against []policy.RuleID
	numbers := d.Numbers()
	own := slices.Contains(numbers, w.g.Asker())
	family, _ := d.Relatives()
	if own {
		against = append(against, EgenPerson)
	}
	switch {
	case p.Krets == nil || len(numbers) == 0:
		against = append(against, UkjentKrets)
	case p.Krets.Family(d) || slices.Contains(family, w.g.Asker()):
		against = append(against, Familie)
	case !own && p.Krets.SameHome(d):
		against = append(against, SammeAdresse)
	}
	core := own || max(w.grade, w.slekt, gradedAddress(d)) >= person.StrengtFortrolig
	if w.g.Overrides() && !core && len(against) > 0 {
		w.rec.Overridden = against
		return nil
	}
	return against
}

// gradedAddress is the strongest grading of any address in the document, also former ones: a hit on it
// would tell it.
func gradedAddress(d *person.Document) person.Gradering {
	strongest := person.Ugradert
	for p := range d.Root().Each() {
		switch string(p.Name()) {
		case "bostedsadresse", "oppholdsadresse", "deltBosted", "postadresse":
			for e := range p.Each() {
				strongest = max(strongest, ownGrade(e))
			}
		}
	}
	return strongest
}

func ownGrade(address person.Value) person.Gradering {
	return person.ParseGradering(address.Member("adressegradering").Bare())
}
