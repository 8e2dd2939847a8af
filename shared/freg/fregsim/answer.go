package fregsim

import (
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// The shapes of error bodies that Freg documents; which status has which is not known.
const (
	ShapeKode     = "kode"     // kode, melding: the one on its page about return codes, and the default
	ShapeFeilkode = "feilkode" // alvorlighetsgrad, feilkode, feilmelding, httpStatus, tilleggsinformasjon
	ShapeCode     = "code"     // code, message, httpStatus, feilreferanse
)

// fail answers with an error. It gives false, for callers that have a yes or no to return.
func (c call) fail(status int, message string) bool {
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(status)
	_, _ = c.w.Write(errorBody(c.shape, status, message))
	return false
}

// tooMany answers 429 with Retry-After in milliseconds, as Freg counts.
func (c call) tooMany(wait time.Duration) bool {
	c.w.Header().Set("Retry-After", strconv.FormatInt(wait.Milliseconds(), 10))
	return c.fail(http.StatusTooManyRequests, "For mange kall på kort tid.")
}

func errorBody(shape string, status int, message string) []byte {
	text, code := string(appendText(nil, message)), strconv.Itoa(status)
	switch shape {
	case ShapeFeilkode:
		return []byte(`{"alvorlighetsgrad":"FEIL","feilkode":"FREG-001","feilmelding":` + text + `,"httpStatus":` + code + `,"tilleggsinformasjon":{}}`)
	case ShapeCode:
		return []byte(`{"code":"FREG-001","message":` + text + `,"httpStatus":` + code + `,"feilreferanse":"fregsim"}`)
	}
	return []byte(`{"kode":"FREG-001","melding":` + text + `}`)
}

// appendText appends a JSON string. Bytes that are not UTF-8 become U+FFFD.
func appendText(dst []byte, s string) []byte {
	dst, _ = jsontext.AppendQuote(dst, s)
	return dst
}
