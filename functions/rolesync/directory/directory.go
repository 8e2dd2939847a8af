// Package directory reads the users and groups of identity systems that cannot push: a SCIM 2.0 service provider
// (RFC 7644), or Microsoft Graph (delta queries).
//
// It refuses to take a part for the whole: an answer that is cut, changes while it is read, or leads elsewhere is an
// error, and who is not named must be asked for before anybody says that they are gone.
package directory

import (
	"context"
	"net/http"
)

// User is what a system tells of a user.
type User struct {
	ID string // the system's own
	// Attributes are those of SCIM, with the number in KS' extension. Where Part, those that are not named are as they were.
	Attributes map[string]any
	Part       bool
	Gone       bool
}

// Group is what a system tells of a group.
type Group struct {
	ID   string
	Name string // "" where it is as it was
	// Members are users, by the system's id, who are and are no longer. Where Part, those who are not named are as they were.
	Members map[string]bool
	Part    bool
	Gone    bool
}

// Told is what a system tells in one reading.
type Told struct {
	Whole  bool // all that there is; else what has changed
	Users  map[string]User
	Groups map[string]Group
	Next   string // where the next reading begins; "" from the start
}

// Directory is a system that can be read.
type Directory interface {
	// Read tells what has changed since a reading ended in from; all that there is from "".
	Read(ctx context.Context, from string) (Told, error)
	// User asks for one, whole; ok is false where there is none.
	User(ctx context.Context, id string) (u User, ok bool, err error)
	// Group asks for one with its members, whole; ok is false where there is none.
	Group(ctx context.Context, id string) (g Group, ok bool, err error)
}

// Failure is how reading fails, as a code that the administrator who chose the system is told.
type Failure string

// Error is the code: nothing of what the system said.
func (f Failure) Error() string { return "directory: " + string(f) }

// How reading fails.
const (
	ErrAccess  Failure = "HENTING_AVVIST"       // the secret does not hold, or gives no access to users and groups
	ErrSilent  Failure = "HENTING_UTEN_SVAR"    // no answer, or too busy
	ErrAnswer  Failure = "HENTING_UFORSTAAELIG" // not what was agreed
	ErrMoving  Failure = "HENTING_UFULLSTENDIG" // a part, or something that does not stand still
	ErrAddress Failure = "HENTING_ADRESSE"      // cannot be called from here
)

// errGone is told of what is not there: 404 of one, 410 of a place to begin.
const errGone Failure = "HENTING_BORTE"

const (
	// maxAnswer bounds one answer: a group of 10 000 members is about 2 MB.
	maxAnswer = 16 << 20
	maxPages  = 20_000
	maxThings = 500_000 // users, or groups, or members of one
)

// Numbers are put where KS' extension has them.
const (
	personSchema = "urn:ietf:params:scim:schemas:extension:ks:personidentifikasjon:1.0"
	number       = "foedselsnummer"
)

// status gives what an answer's status means; nil for 2xx.
func status(code int) error {
	switch {
	case code/100 == 2:
		return nil
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		return ErrAccess
	case code == http.StatusNotFound || code == http.StatusGone:
		return errGone
	case code == http.StatusTooManyRequests || code >= 500:
		return ErrSilent
	}
	return ErrAnswer
}
