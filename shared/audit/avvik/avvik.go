package avvik

import (
	"slices"
	"time"

	"hjemmel/shared/audit"
)

// Avvik is an entry that should be looked at, and what became of it. Its id follows from the entry, so that one that is
// judged twice is told of once.
type Avvik struct {
	ID      string    `json:"id"`
	Innslag string    `json:"innslag"` // the entry's id
	Tid     time.Time `json:"tid"`     // the entry's
	// Ansatte are the ids of whom it concerns, in order: who asked, or all who have asked about one person.
	Ansatte   []string `json:"ansatte"`
	Subjekt   string   `json:"subjekt,omitempty"` // the person's pseudonym
	Rolle     string   `json:"rolle,omitempty"`
	Handling  string   `json:"handling"`
	RequestID string   `json:"requestId,omitempty"`
	Poeng     int      `json:"poeng"`
	Grunner   []Grunn  `json:"grunner"`
	// TattAv is who works with it.
	TattAv  string     `json:"tattAv,omitempty"`
	Forslag *Vurdering `json:"forslag,omitempty"`
	Lukking *Vurdering `json:"lukking,omitempty"`
}

// Vurdering (assessment) is what somebody came to.
type Vurdering struct {
	Av string `json:"av"` // employee
	// Person is who that is, as a pseudonym of the organisation's: one who is employed twice is one.
	Person      string     `json:"person,omitempty"`
	Tid         time.Time  `json:"tid"`
	Konklusjon  Konklusjon `json:"konklusjon"`
	Begrunnelse string     `json:"begrunnelse"`
}

// Konklusjon is what an entry was.
type Konklusjon string

// The conclusions.
const (
	Tjenstlig   Konklusjon = "TJENSTLIG"    // it was for the work
	Brudd       Konklusjon = "BRUDD"        // it was not
	IkkeAvklart Konklusjon = "IKKE_AVKLART" // it cannot be found out
)

// Known reports whether it is one of them.
func (k Konklusjon) Known() bool {
	return slices.Contains([]Konklusjon{Tjenstlig, Brudd, IkkeAvklart}, k)
}

// ID is the id of a finding about an entry.
func ID(e audit.Entry) string { return audit.Moment(e.Tid) + "-" + e.ID() }

// New makes one of an entry.
func New(e audit.Entry, poeng int, grunner []Grunn, ansatte []string) Avvik {
	return Avvik{
		ID: ID(e), Innslag: e.ID(), Tid: e.Tid, Ansatte: ansatte, Subjekt: e.Subjekt, Rolle: e.Rolle,
		Handling: e.Handling, RequestID: e.RequestID, Poeng: poeng, Grunner: grunner,
	}
}
