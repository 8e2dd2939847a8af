package host

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"hjemmel/shared/api"
	"hjemmel/shared/fault"
)

// Route is one operation: a pattern of net/http's mux and what answers it. An error that it returns
// becomes one body on the error ladder; it must not have written anything before.
type Route struct {
	Pattern string
	Handle  func(http.ResponseWriter, *http.Request) error
	// Within bounds the work on one request; 0 is a minute and a half.
	Within time.Duration
}

// requestTimeout bounds the work on one request whose route says nothing.
const requestTimeout = 90 * time.Second

// Mux serves routes with what every route has: a request id, safe headers, a deadline, one error
// body, a log line without ids, and survival of panics. Anything else is 404.
func (e *Env) Mux(routes ...Route) http.Handler {
	mux := http.NewServeMux()
	for _, r := range routes {
		mux.Handle(r.Pattern, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { e.serve(r, w, req) }))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, req *http.Request) {
		e.serve(Route{Pattern: "/", Handle: func(http.ResponseWriter, *http.Request) error { return errNoRoute }}, w, req)
	})
	return mux
}

var errNoRoute = fault.New(fault.NotFound, "UKJENT_ADRESSE", "Denne adressen finnes ikke. Sjekk metode og sti mot /openapi.yaml.")

// RequestIDHeader carries the id by which support finds a request in logs and in the audit log.
const RequestIDHeader = "Hjemmel-Request-Id"

// Asked is the host that the caller named, also where a proxy before us names another to reach us by. It is the
// caller's own word: good for addresses that go back to the same caller, and for nothing else.
func Asked(r *http.Request) string { return cmp.Or(r.Header.Get("X-Forwarded-Host"), r.Host) }

func (e *Env) serve(r Route, w http.ResponseWriter, req *http.Request) {
	start := e.Now()
	h := w.Header()
	h.Set(RequestIDHeader, uuid.NewString())
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	ctx, cancel := r.deadline(w, req, start)
	defer cancel()
	ctx, ended := e.export.Request(ctx, r.Pattern)
	rec := &recorder{ResponseWriter: w, status: http.StatusOK}
	err := guarded(r.Handle, rec, req.WithContext(ctx))
	attrs := []any{"route", r.Pattern, "requestId", h.Get(RequestIDHeader)}
	code := ""
	if err != nil {
		f := fault.Of(err)
		code = f.Code
		p := api.NewProblem(err, r.Pattern, e.Now())
		attrs = append(attrs, "errorId", p.ErrorID, "code", f.Code)
		if f.Kind == fault.Internal || f.Kind == fault.Unavailable {
			attrs = append(attrs, "cause", err.Error())
		}
		if !rec.wrote {
			p.Write(rec, req, f)
		}
	}
	ended(rec.status, code)
	attrs = append(attrs, "status", rec.status, "milliseconds", e.Now().Sub(start).Milliseconds())
	e.Log.Info("request", attrs...)
}

// guarded turns a panic into an error that holds nothing of what was being handled.
func guarded(h func(http.ResponseWriter, *http.Request) error, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %T", v)
		}
	}()
	return h(w, r)
}

// recorder remembers what was sent.
type recorder struct {
	http.ResponseWriter
	status int
	wrote  bool
}

func (r *recorder) WriteHeader(status int) {
	r.status, r.wrote = status, true
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.wrote = true
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// deadline bounds the work, and lets an answer that comes late still be sent.
func (r Route) deadline(w http.ResponseWriter, req *http.Request, start time.Time) (context.Context, context.CancelFunc) {
	if r.Within == 0 {
		return context.WithTimeout(req.Context(), requestTimeout)
	}
	// A server that cannot be told has no deadline of its own, as in a test.
	_ = http.NewResponseController(w).SetWriteDeadline(start.Add(r.Within + requestTimeout))
	return context.WithTimeout(req.Context(), r.Within)
}
