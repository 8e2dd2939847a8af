package scim

import (
	"net/http"
	"strconv"
)

// Error is an answer of the RFC's shape (RFC 7644 § 3.12). It repeats nothing of what was sent.
type Error struct {
	Status   int
	ScimType string
	Detail   string
}

// Error gives the status and the type, for logs.
func (e *Error) Error() string { return "scim: " + strconv.Itoa(e.Status) + " " + e.ScimType }

// Body is the error as it is sent.
func (e *Error) Body() map[string]any {
	b := map[string]any{"schemas": []string{errorMessage}, "status": strconv.Itoa(e.Status), "detail": e.Detail}
	if e.ScimType != "" {
		b["scimType"] = e.ScimType
	}
	return b
}

// The RFC's types of errors (RFC 7644 table 9).
var (
	ErrSyntax     = bad("invalidSyntax", "Forespørselen er ikke JSON av den formen SCIM krever.")
	ErrFilter     = bad("invalidFilter", "Filteret kan ikke leses, er for stort, eller bruker attributter eller sammenligninger som ikke støttes.")
	ErrPath       = bad("invalidPath", "Stien i PATCH-operasjonen viser ikke til noe attributt vi har.")
	ErrNoTarget   = bad("noTarget", "Stien i PATCH-operasjonen treffer ingen verdi.")
	ErrValue      = bad("invalidValue", "Et påkrevd attributt mangler, eller en verdi har feil type.")
	ErrMutability = bad("mutability", "Attributtet kan ikke endres.")
	ErrTaken      = &Error{http.StatusConflict, "uniqueness", "En annen i kilden har samme userName eller externalId."}
	ErrNested     = bad("invalidValue", "Medlemmer må være brukere i samme kilde. Grupper i grupper støttes ikke.")
	ErrTooMany    = &Error{http.StatusRequestEntityTooLarge, "tooMany", "Forespørselen endrer flere medlemmer enn 900. Del den opp i flere PATCH."}
	ErrTooLarge   = &Error{http.StatusRequestEntityTooLarge, "", "Forespørselen er større enn 1 MiB."}
	ErrToken      = &Error{http.StatusUnauthorized, "", "Tokenet er ikke gyldig for denne kilden."}
	ErrNotFound   = &Error{http.StatusNotFound, "", "Ressursen finnes ikke i kilden."}
	ErrVersion    = &Error{http.StatusPreconditionFailed, "", "Ressursen er endret siden versjonen i If-Match."}
	ErrBusy       = &Error{http.StatusServiceUnavailable, "", "Tjenesten er opptatt. Prøv igjen om litt."}
)

func bad(scimType, detail string) *Error { return &Error{http.StatusBadRequest, scimType, detail} }
