package avvik

import (
	"slices"
	"time"

	"hjemmel/shared/fault"
)

// What stands in the way of closing.
var (
	ErrConcerned = fault.New(fault.Denied, "AVVIK_GJELDER_DEG", "Avviket gjelder deg selv. Da må to andre vurdere det.")
	ErrSecond    = fault.New(fault.Denied, "AVVIK_TO_PERSONER", "Du har selv foreslått hvordan avviket lukkes. En annen enn deg må bekrefte det.")
	ErrClosed    = fault.New(fault.Conflict, "AVVIK_LUKKET", "Avviket er lukket av to personer og kan ikke vurderes på nytt.")
	ErrProposal  = fault.New(fault.Conflict, "AVVIK_UTEN_FORSLAG", "Det er ikke foreslått å lukke avviket slik. Hent det på nytt og se hva som er foreslått.")
)

// Reviewer is who looks at a finding: an employee of the organisation.
type Reviewer struct {
	ID     string
	Self   func(ansatt string) bool // whether an employment is theirs
	Person string                   // their pseudonym in the organisation
	At     time.Time
}

// Concerns reports whether it is about something that the reviewer did, or about themselves.
func (a Avvik) Concerns(by Reviewer) bool {
	return slices.ContainsFunc(a.Ansatte, by.Self) || a.Subjekt != "" && a.Subjekt == by.Person
}

// may refuses whom it concerns, and what is closed.
func (a Avvik) may(by Reviewer) error {
	switch {
	case a.Concerns(by):
		return ErrConcerned
	case a.Lukking != nil:
		return ErrClosed
	}
	return nil
}

// Take says who works with it, whoever did.
func (a Avvik) Take(by Reviewer) (Avvik, error) {
	a.TattAv = by.ID
	return a, a.may(by)
}

// Propose says how to close it, in place of what was proposed before.
func (a Avvik) Propose(by Reviewer, k Konklusjon, why string) (Avvik, error) {
	a.TattAv, a.Forslag = by.ID, &Vurdering{by.ID, by.Person, by.At, k, why}
	return a, a.may(by)
}

// Confirm closes it as proposed, by another person than who proposed it. k is what they take to be proposed.
func (a Avvik) Confirm(by Reviewer, k Konklusjon, why string) (Avvik, error) {
	err := a.may(by)
	switch {
	case err != nil:
	case a.Forslag == nil:
		err = ErrProposal
	case by.Self(a.Forslag.Av) || by.Person == a.Forslag.Person:
		err = ErrSecond
	case a.Forslag.Konklusjon != k:
		err = ErrProposal
	}
	a.Lukking = &Vurdering{by.ID, by.Person, by.At, k, why}
	return a, err
}
