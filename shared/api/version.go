package api

import (
	"encoding/base64"
	"net/http"

	"github.com/go-json-experiment/json"

	"hjemmel/shared/fault"
	"hjemmel/shared/store"
)

// What is wrong with a change that does not know what it changes.
var (
	errNoVersion = fault.New(fault.Invalid, "IF_MATCH_MANGLER", "Send hodet If-Match med ETag fra siste lesing, slik at ingen endring går tapt.")
	// ErrStale is told of a change to something that somebody else has changed since.
	ErrStale = fault.New(fault.Conflict, "VERSJON_ENDRET", "Noen andre har endret dette i mellomtiden. Hent det på nytt, se hva som er endret, og prøv igjen.")
)

// ETag is a revision as it stands in the headers ETag and If-Match.
func ETag(r store.Revision) string {
	return `"` + base64.RawURLEncoding.EncodeToString([]byte(r)) + `"`
}

// Match wants the caller to have looked at the revision that is current: If-Match is its ETag, or,
// where anyVersion, "*" for whatever there is.
func Match(r *http.Request, current store.Revision, anyVersion bool) error {
	switch given := r.Header.Values("If-Match"); {
	case len(given) != 1 || given[0] == "" || (given[0] == "*" && !anyVersion):
		return errNoVersion
	case given[0] != "*" && given[0] != ETag(current):
		return ErrStale
	}
	return nil
}

// ReadJSON reads the body of a change: JSON without members that we do not know, at most 1 MiB. An
// empty body leaves to as it is.
func ReadJSON(r *http.Request, to any) error {
	if r.ContentLength == 0 {
		return nil
	}
	var raw rawBody
	if err := readJSON(r, &raw); err != nil {
		return err
	}
	if json.Unmarshal(raw, to, json.RejectUnknownMembers(true)) != nil {
		return errBody
	}
	return nil
}

// rawBody is a body that was read and not looked into.
type rawBody []byte

// UnmarshalJSON keeps the text.
func (b *rawBody) UnmarshalJSON(text []byte) error {
	*b = append((*b)[:0], text...)
	return nil
}

// Write sends v as JSON with a status.
func Write(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, err = w.Write(body)
	return err
}
