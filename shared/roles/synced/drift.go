package synced

import (
	"context"
	"time"

	"hjemmel/shared/store"
)

// Drift (avvik) is one thing about an organisation's synchronisation that somebody should see to, or that was
// seen to (rettet).
type Drift struct {
	Kode      string    `json:"kode"`
	KildeID   string    `json:"kildeId,omitempty"`
	RolleID   string    `json:"rolleId,omitempty"`
	AktorIDer []string  `json:"aktorIder,omitempty"`
	TokenID   string    `json:"tokenId,omitempty"`
	Til       time.Time `json:"til,omitzero"`
	Rettet    bool      `json:"rettet"`
}

// The codes of drift.
const (
	SamePerson  = "SAMME_PERSON"      // several active users are one person
	BadNumber   = "UGYLDIG_NUMMER"    // an active user has a number that is none
	NoNumber    = "UTEN_NUMMER"       // an active user has no number
	ActorGone   = "AKTOER_BORTE"      // a role is assigned to somebody who is not there; mended for synced ones
	LongEnded   = "TILDELING_UTLOEPT" // an assignment ended so long ago that it is taken away
	TokenEnding = "TOKEN_UTLOEPER"    //nolint:gosec // a code
	NoToken     = "TOKEN_MANGLER"     //nolint:gosec // a code: the source has no token that is good
)

// maxDrift bounds what a report lists.
const maxDrift = 1000

// Report is what a reconciliation found in an organisation.
type Report struct {
	FiksOrgID string         `json:"fiksOrgId"`
	Tid       time.Time      `json:"tid,omitzero"` // zero where none has been made
	Kilder    int            `json:"kilder"`
	Brukere   int            `json:"brukere"`
	Grupper   int            `json:"grupper"`
	Antall    map[string]int `json:"antall"` // by code, all of them
	Avvik     []Drift        `json:"avvik"`  // the first 1000
}

// Add counts drift and lists it while there is room.
func (r *Report) Add(d Drift) {
	if r.Antall[d.Kode]++; len(r.Avvik) < maxDrift {
		r.Avvik = append(r.Avvik, d)
	}
}

// NewReport is a report without drift.
func NewReport(fiksOrgID string) Report {
	return Report{FiksOrgID: fiksOrgID, Antall: map[string]int{}, Avvik: []Drift{}}
}

func reportKey(fiksOrgID string) string { return "synkavvik/" + fiksOrgID }

// PutReport gives the write of an organisation's newest report, in the place of the one before.
func (b *Book) PutReport(ctx context.Context, r Report) (store.Op, error) {
	_, was, err := store.Read[Report](ctx, b.store, reportKey(r.FiksOrgID))
	if err != nil {
		return store.Op{}, err
	}
	return store.Write(reportKey(r.FiksOrgID), r, was)
}

// Report gives an organisation's newest report; one without a time where none has been made.
func (b *Book) Report(ctx context.Context, fiksOrgID string) (Report, error) {
	r, ok, err := read[Report](ctx, b.store, reportKey(fiksOrgID))
	if !ok {
		return NewReport(fiksOrgID), err
	}
	return r, err
}
