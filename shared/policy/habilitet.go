package policy

import "hjemmel/shared/person"

// Habilitet (forvaltningsloven § 6): an employee does not look up themselves or those close to them.
// Who that is only the register knows, so it is a condition of the grant, and the employee's own
// circle is fetched for judgement alone.

// MinOverstyring is the shortest reason for overriding habilitet, in bytes.
const MinOverstyring = 10

// mayOverride reports whether habilitet may be set aside for this ask: where the organisation allows
// it, by an employee, for one named person, and never together with opening a graded address.
func (q question) mayOverride() bool {
	return q.KanOverstyre && !q.Person.IsZero() && q.Action == Oppslag && q.Bekreftelse == "" &&
		len(q.Overstyring) >= MinOverstyring && len(q.Overstyring) <= MaxFormaal
}

// JudgesHabilitet reports whether an employee asks, whose own circle must be known.
func (g Grant) JudgesHabilitet() bool { return !g.asker.IsZero() && g.judging == nil }

// Overrides reports whether the employee has given a reason to see close family. It never holds for
// their own record, and never where somebody is strengt fortrolig.
func (g Grant) Overrides() bool { return g.overridden }

// Own is the grant to fetch the asking employee's own document for judgement: it shows nothing. The
// zero Grant where no employee asks.
func (g Grant) Own() Grant {
	return g.judgement([]person.ID{g.asker}, slekt, "sivilstand", "foreldreansvar", bosted, "historikk")
}

// Kin is the grant to fetch who the parents and children of the asking employee are related to, for
// judgement: it shows nothing.
func (g Grant) Kin(kin []person.ID) Grant { return g.judgement(kin, slekt) }

func (g Grant) judgement(of []person.ID, parts ...string) Grant {
	if !g.JudgesHabilitet() {
		return Grant{}
	}
	return Grant{profile: g.profile, action: Bulkoppslag, subjects: of, orgnr: g.orgnr, judging: parts}
}

// ForJudgement reports whether what the grant fetches may not be shown at all.
func (g Grant) ForJudgement() bool { return g.judging != nil }
