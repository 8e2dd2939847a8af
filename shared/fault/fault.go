// Package fault holds the kinds of error that every layer speaks and that the edge turns into one
// HTTP answer each.
//
// A fault has a text for the one who can act on it (Detail) and a cause for the one who reads the
// log. The cause never reaches a caller. Neither may hold an identity number, a name, a token or
// any value from the register: there is no way to pass one in, because Detail is written by hand at
// the place that raises the fault and names elements, parameters and settings only.
//
// It refuses to guess: an error that carries no fault is Internal.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind says who can mend the error, and by that which HTTP status it becomes.
type Kind int

// The kinds. The zero value is Internal, so that a forgotten kind never looks harmless.
const (
	Internal        Kind = iota // ours: the caller can only report it
	Invalid                     // the request is wrong and will stay wrong
	Unauthenticated             // we do not know who asks
	Denied                      // we know who asks, and the answer is no
	NotFound                    // there is no such thing
	Gone                        // there was, and it is over: start again
	Conflict                    // it changed since the caller looked
	TooLarge                    // the request is over a stated bound
	TooMany                     // too fast: try again after RetryAfter
	Unavailable                 // something we need is down: try again later
)

var kindNames = [...]string{"internal", "invalid", "unauthenticated", "denied", "not found", "gone", "conflict", "too large", "too many", "unavailable"}

// String names the kind in English, for logs.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return "internal"
	}
	return kindNames[k]
}

// Error is a classified error.
type Error struct {
	Kind Kind
	// Code is stable and machine-readable, in upper case: OPPLYSNING_UTENFOR_ROLLE.
	Code string
	// Detail is one or two sentences in Norwegian bokmål for the caller: what is wrong, what to do.
	Detail string
	// Elements are the codes the error is about (opplysninger, parameters), never values.
	Elements []string
	// Report is more of what is wrong, as JSON: places and codes, never values. Nil for none.
	Report any
	// RetryAfter is set where waiting helps; zero otherwise.
	RetryAfter time.Duration

	cause error
}

// New makes a fault without a cause.
func New(kind Kind, code, detail string) *Error {
	return &Error{Kind: kind, Code: code, Detail: detail}
}

// From makes a fault around a cause that only the log will see.
func From(kind Kind, code, detail string, cause error) *Error {
	return &Error{Kind: kind, Code: code, Detail: detail, cause: cause}
}

// About returns a copy of e that names the elements it is about.
func (e *Error) About(elements ...string) *Error {
	c := *e
	c.Elements = elements
	return &c
}

// With returns a copy of e that carries a report.
func (e *Error) With(report any) *Error {
	c := *e
	c.Report = report
	return &c
}

// After returns a copy of e that says when trying again may help.
func (e *Error) After(d time.Duration) *Error {
	c := *e
	c.RetryAfter = d
	return &c
}

// Error gives code, kind and cause, for logs. Callers are shown Detail instead.
func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s (%s): %v", e.Code, e.Kind, e.cause)
	}
	return fmt.Sprintf("%s (%s)", e.Code, e.Kind)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// Of finds the fault in err. An error without one becomes an Internal fault that wraps it;
// nil stays nil.
func Of(err error) *Error {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*Error](err); ok {
		return f
	}
	return From(Internal, "INTERN_FEIL", "Noe gikk galt hos oss. Oppgi feil-id ved henvendelse.", err)
}

// Is reports whether err is a fault of the kind.
func Is(err error, kind Kind) bool { return err != nil && Of(err).Kind == kind }
