// Package trigger has routes for the platform's own scheduler and queue.
//
// It refuses everybody else, with one answer whatever is wrong.
package trigger

import (
	"context"
	"net/http"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/host"
	"hjemmel/shared/identity"
	"hjemmel/shared/queue"
	"hjemmel/shared/queue/push"
)

// longWork bounds the work on one message: less than the ten minutes that a broker of Google's waits.
const longWork = 9 * time.Minute

// ByPlatform gives the routes to the platform's own scheduler and queue alone.
func ByPlatform(e *host.Env, routes ...host.Route) ([]host.Route, error) {
	c := e.Config
	cfg := identity.PlatformConfig{Now: e.Now}
	if cfg.Audience, cfg.Callers = e.Platform(); cfg.Audience != "" {
		cfg.Issuer = identity.Issuer{URL: c.PlatformIssuer, JWKS: c.PlatformJwks}
	}
	platform, err := identity.NewPlatform(cfg)
	if err != nil {
		return nil, err
	}
	var guarded []host.Route
	for _, r := range routes {
		do := r.Handle
		r.Handle = func(w http.ResponseWriter, req *http.Request) error {
			if err := platform.Check(req.Context(), req); err != nil {
				return err
			}
			return do(w, req)
		}
		guarded = append(guarded, r)
	}
	return guarded, nil
}

// Pushed is a route where a queue delivers orders of an outbox. What did not get done is answered with 503,
// so that it is delivered again; what is done, or held by somebody, is not.
func Pushed(pattern string, o *queue.Outbox, do queue.Handler) host.Route {
	return host.Route{Pattern: pattern, Within: longWork, Handle: func(w http.ResponseWriter, r *http.Request) error {
		if err := push.Work(r.Context(), r, o, do); err != nil {
			return err
		}
		return host.Reply{Status: http.StatusNoContent}.Write(w)
	}}
}

// Counted is a route that a schedule calls: something is done, and the answer is how much.
func Counted(pattern, what string, do func(context.Context) (int, error)) host.Route {
	return host.Route{Pattern: pattern, Handle: func(w http.ResponseWriter, r *http.Request) error {
		n, err := do(r.Context())
		if err != nil {
			return err
		}
		return api.Write(w, http.StatusOK, map[string]int{what: n})
	}}
}
