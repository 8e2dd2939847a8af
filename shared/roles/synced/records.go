// Package synced is what an organisation's identity systems have told us: sources (kilder) with their tokens,
// users and groups, and who is in which group, as records in the store.
//
// A change is worked out as writes with preconditions on what was read; every index, every uniqueness and every
// membership is a record of its own in the same commit, so that adding one member costs the same whatever the
// group's size. It refuses to keep a number or a token in clear, duplicates within a source, members that the
// source does not have, and groups in groups. It decides nothing about roles: package roles does.
package synced

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"hjemmel/shared/store"
)

// Prefixes of actor ids: Fiks' spelling of a synced user and a synced group.
const (
	UserPrefix  = "SDB_"
	GroupPrefix = "SDG_"
)

// Source (kilde) is one identity system of one organisation.
type Source struct {
	ID               string    `json:"id"`
	FiksOrgID        string    `json:"fiksOrgId"`
	Navn             string    `json:"navn"`
	EksternInstansID string    `json:"eksternInstansId,omitempty"`
	Opprettet        time.Time `json:"opprettet"`

	over store.Revision
}

// User is a synced user.
type User struct {
	ID        string `json:"id"` // UUID
	KildeID   string `json:"kildeId"`
	FiksOrgID string `json:"fiksOrgId"`
	// Brukernavn and EksternID are unique in the source, the former without regard to case.
	Brukernavn string `json:"brukernavn"`
	EksternID  string `json:"eksternId,omitempty"`
	Navn       string `json:"navn"`
	Epost      string `json:"epost,omitempty"`
	Aktiv      bool   `json:"aktiv"`
	// Attributter is the resource as it was sent and kept, without the number.
	Attributter map[string]any `json:"attributter"`
	// Nummer is the sealed number as it was sent, Person the index entry that finds the user by it; "" where
	// it is no identity number.
	Nummer    []byte    `json:"nummer,omitempty"`
	Person    string    `json:"person,omitempty"`
	Opprettet time.Time `json:"opprettet"`
	Endret    time.Time `json:"endret"`
	Versjon   int       `json:"versjon"`

	over store.Revision
}

// AktorID is what roles are given to.
func (u User) AktorID() string { return UserPrefix + u.ID }

// Group is a synced group without its members.
type Group struct {
	ID          string         `json:"id"` // UUID
	KildeID     string         `json:"kildeId"`
	FiksOrgID   string         `json:"fiksOrgId"`
	Navn        string         `json:"navn"`
	EksternID   string         `json:"eksternId,omitempty"`
	Attributter map[string]any `json:"attributter"`
	Opprettet   time.Time      `json:"opprettet"`
	Endret      time.Time      `json:"endret"`
	Versjon     int            `json:"versjon"`

	over store.Revision
}

// AktorID is what roles are given to.
func (g Group) AktorID() string { return GroupPrefix + g.ID }

// owner is whose an actor is; it is found by the actor's id alone.
type owner struct {
	KildeID   string `json:"kildeId"`
	FiksOrgID string `json:"fiksOrgId"`
}

// Keys of records. Ids are UUIDs before they become keys.
func sourceKey(id string) string              { return "synkkilde/" + id }
func sourceIndexKey(org, id string) string    { return "synkkildeindeks/" + org + "/" + id }
func tokenKey(kilde, id string) string        { return "synktoken/" + kilde + "/" + id }
func userKey(kilde, id string) string         { return "synkbruker/" + kilde + "/" + id }
func groupKey(kilde, id string) string        { return "synkgruppe/" + kilde + "/" + id }
func memberKey(group, user string) string     { return "synkmedlem/" + group + "/" + user }
func membershipKey(user, group string) string { return "synkmedlemskap/" + user + "/" + group }
func ownerKey(aktorID string) string          { return "synkaktor/" + aktorID }

// last is the last part of a key.
func last(key string) string { return key[strings.LastIndexByte(key, '/')+1:] }

// IsID reports whether s is an id of ours: a UUID in lower case.
func IsID(s string) bool { return len(s) == 36 && s == strings.ToLower(s) && uuid.Validate(s) == nil }
