package whatif

import (
	"slices"
	"strings"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// Terms (vilkår) are what holds for every ask, beside the role.
type Terms struct {
	// At is the time that validity is judged at.
	At time.Time
	// KanOverstyre is the organisation's.
	KanOverstyre bool
	// Ansatt says whether an actor is an employee.
	Ansatt func(aktorID string) bool
	// Kommuner are those that a version of the role was bound to.
	Kommuner func(versjon int) []string
}

// geografi is the condition of a grant that depends on the role (package redact).
const geografi = "geografi"

// someone stands for the employee who asked. Who it was the log does not tell, and judgement wants to know
// only that there is one.
var someone, _ = person.ParseID("19908415208")

// side is a version of the role on its way through the recording.
type side struct {
	Terms
	profile *policy.Profile
	used    map[string]int // of budgets, by actor, day and kind
}

func newSide(t Terms, p *policy.Profile) *side {
	return &side{t, p.At(t.At), map[string]int{}}
}

// verdict is what a version says to an ask.
type verdict struct {
	reasons []policy.Reason
	opens   []string // elements, where granted
	open    bool     // whether the text of a purpose, masked in the log, could make it another verdict
}

func (v verdict) denied() bool { return len(v.reasons) > 0 }

// judge asks policy what it would say now to somebody who asked the same, and counts it.
func (s *side) judge(a *ask) verdict {
	h, q := s.holder(a), s.question(a)
	n, counted := max(1, a.subjects()), s.counted(a, q.Action)
	if q.Action.Searching() {
		n = q.Kostnad()
	}
	h.Brukt = s.used[counted] + n - q.Kostnad() // a question by number names one person, for all of them
	d := policy.Decide(h, q)
	v := verdict{reasons: d.Reasons, open: s.hidden(a)}
	if !d.Denied() {
		s.used[counted] += n
		v.opens = d.Grant().Opens()
	}
	return v
}

// counted is what the ask is counted against: the actor's day, in Norway.
func (s *side) counted(a *ask, action policy.Action) string {
	kind := "oppslag"
	if action.Searching() {
		kind = "soek"
	}
	return a.Aktor + " " + a.Tid.In(policy.Oslo()).Format(time.DateOnly) + " " + kind
}

func (s *side) holder(a *ask) policy.Holder {
	h := policy.Holder{Aktor: a.Aktor, PaaVegneAv: a.PaaVegneAv, FiksOrgID: a.FiksOrgID, KanOverstyre: s.KanOverstyre, Profil: s.profile}
	if s.Ansatt(a.Aktor) {
		h.Person, h.Menneske = someone, a.PaaVegneAv == ""
	}
	if !slices.Contains(a.Regler, "rolle-tildelt") {
		h.Tildelinger = []policy.Tildeling{{RolleID: a.Rolle, AktorID: a.Aktor}}
	}
	if slices.Contains(a.Regler, "noedtilgang") {
		h.Noedtilganger = []policy.Noedtilgang{{
			FiksOrgID: a.FiksOrgID, RolleID: a.Rolle, AktorID: a.Aktor, Fra: s.At, Til: s.At.Add(time.Hour),
		}}
	}
	return h
}

func (s *side) question(a *ask) policy.Ask {
	q := policy.Ask{
		Action: policy.Action(a.Handling), Parts: a.Part, Parametre: a.Parametre, Runder: a.Runder, At: s.At,
		Formaal: asWritten(a.Formaal), Bekreftelse: asWritten(a.Bekreftelse), Overstyring: asWritten(a.Overstyring),
	}
	if slices.Contains(a.Regler, "rolle-organisasjon") {
		q.Organisasjon = "another"
	}
	if !q.Action.Searching() {
		q.Subjects = []person.ID{{}}
	}
	return q
}

// asWritten gives a text that policy judges as it judged the caller's.
func asWritten(s string) string {
	if s == audit.TooLong {
		return strings.Repeat(s, policy.MaxFormaal)
	}
	return s
}

// hidden reports whether the role wants a purpose of a form, and the one in the log has a number that was
// masked.
func (s *side) hidden(a *ask) bool {
	return s.profile.Role.Formaal.Moenster != "" && strings.Contains(a.Formaal, person.Mask)
}

// outcome is what an ask that is granted would come to for one person.
type outcome int

const (
	answered outcome = iota // answered
	withheld
	nothing // the register has no such person
	unknown // the log does not tell
)

// outcome says what a version that grants the ask would make of one person in it. Of the conditions that
// look at the person only the municipality depends on the role.
func (s *side) outcome(a *ask, p told) outcome {
	if p.utfall == audit.IngenData {
		return nothing
	}
	if policy.Action(a.Handling).Searching() && !s.everywhere(a) && !same(s.profile.Role.Kommuner, s.Kommuner(a.Rolleversjon)) {
		return unknown // whom the search would find
	}
	geography := slices.Contains(p.regler, geografi)
	if p.utfall == audit.Avslag {
		return s.refused(a, p, geography)
	}
	if s.everywhere(a) {
		return answered
	}
	if was := s.Kommuner(a.Rolleversjon); len(was) > 0 && !slices.Contains(a.Regler, "noedtilgang") && within(was, s.profile.Role.Kommuner) {
		return answered
	}
	return unknown
}

// refused is about a person who was withheld, and stays so unless the municipality was the only reason.
func (s *side) refused(a *ask, p told, geography bool) outcome {
	switch {
	case !geography || len(p.regler) > 1:
		return withheld
	case !s.everywhere(a) && within(s.profile.Role.Kommuner, s.Kommuner(a.Rolleversjon)):
		return withheld
	case s.everywhere(a):
		return answered
	}
	return unknown
}

func (s *side) everywhere(a *ask) bool {
	return len(s.profile.Role.Kommuner) == 0 || slices.Contains(a.Regler, "noedtilgang") && s.profile.Role.NoedtilgangTimer > 0
}

func same(a, b []string) bool { return within(a, b) && within(b, a) }

func within(some, all []string) bool {
	return !slices.ContainsFunc(some, func(k string) bool { return !slices.Contains(all, k) })
}
