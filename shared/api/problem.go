package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"hjemmel/shared/fault"
)

// Problem is the one error body on every surface: the members of RFC 9457 and those of Fiks
// together, so that clients of either understand it. It holds no id, name or token: path is the
// route's pattern, not what was called.
type Problem struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail"`
	Instance string `json:"instance"`

	Timestamp    int64  `json:"timestamp"` // milliseconds since 1970
	Error        string `json:"error"`
	ErrorID      string `json:"errorId"`
	Path         string `json:"path"`
	OriginalPath string `json:"originalPath"`
	Message      string `json:"message"`
	ErrorCode    string `json:"errorCode"`
	// ErrorJSON is a JSON text: {"elementer":["navn"]}, where the error is about elements.
	ErrorJSON string `json:"errorJson,omitempty"`
	// Rapport says what is wrong in each place, where there are many.
	Rapport any `json:"rapport,omitempty"`
}

// statuses is the error ladder: which HTTP status each kind of fault becomes.
var statuses = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.Invalid:         http.StatusBadRequest,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Denied:          http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Gone:            http.StatusGone,
	fault.Conflict:        http.StatusConflict,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
}

// NewProblem makes the body for an error at a route, with a new error id.
func NewProblem(err error, pattern string, now time.Time) Problem {
	f := fault.Of(err)
	status := statuses[f.Kind]
	id := uuid.NewString()
	p := Problem{
		Type: "urn:hjemmel:feil:" + strings.ToLower(f.Code), Title: http.StatusText(status), Status: status,
		Detail: describe(f), Instance: "urn:uuid:" + id,
		Timestamp: now.UnixMilli(), Error: http.StatusText(status), ErrorID: id,
		Path: path(pattern), OriginalPath: path(pattern), Message: describe(f), ErrorCode: f.Code, Rapport: f.Report,
	}
	if len(f.Elements) > 0 {
		b, _ := json.Marshal(map[string][]string{"elementer": f.Elements}) // strings always encode
		p.ErrorJSON = string(b)
	}
	return p
}

// describe adds the elements that a fault is about to its text. They are codes that the caller sent
// or that the catalogue knows; what is neither is left out.
func describe(f *fault.Error) string {
	if len(f.Elements) == 0 {
		return f.Detail
	}
	return fmt.Sprintf("%s Det gjelder: %s.", f.Detail, strings.Join(f.Elements, ", "))
}

// path is a route's pattern without its method.
func path(pattern string) string {
	if _, after, ok := strings.Cut(pattern, " "); ok {
		return after
	}
	return pattern
}

// Write sends the problem, as application/problem+json when the request asks for it.
func (p Problem) Write(w http.ResponseWriter, r *http.Request, f *fault.Error) {
	media := "application/json"
	if strings.Contains(r.Header.Get("Accept"), "application/problem+json") {
		media = "application/problem+json"
	}
	h := w.Header()
	h.Set("Content-Type", media)
	if f.Kind == fault.Unauthenticated {
		h.Set("WWW-Authenticate", "Bearer")
	}
	if f.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((f.RetryAfter+time.Second-1)/time.Second)))
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller may be gone
}
