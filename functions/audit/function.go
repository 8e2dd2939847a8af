// Package audit is the function that seals the audit log and lets anybody check it: the files of the log,
// the key, and the proof of a receipt. The organisation's own read what its entries say (package search), and
// citizens what they say of themselves (package citizen).
//
// It refuses to seal for anybody but the platform's scheduler, and to tell anybody else more of entries than that they
// are there.
package audit

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/GoogleCloudPlatform/functions-framework-go/functions"

	"hjemmel/functions/audit/citizen"
	"hjemmel/functions/audit/retention"
	"hjemmel/functions/audit/search"
	"hjemmel/shared/audit/retain"
	"hjemmel/shared/audit/seal"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/trigger"
)

func init() { functions.HTTP("audit", host.HTTP("audit", New)) }

// How often the log is sealed, and what is old erased, where no scheduler calls.
const (
	often  = time.Minute
	seldom = time.Hour
)

// New makes the function.
func New(e *host.Env) (http.Handler, error) {
	routes, err := Routes(e)
	if err != nil {
		return nil, err
	}
	s, err := e.Sealer()
	if err != nil {
		return nil, err
	}
	x, err := eraser(e, s)
	if err != nil {
		return nil, err
	}
	e.Every(often, func(ctx context.Context) error {
		_, err := sealed(ctx, e, s)
		return err
	})
	e.Every(seldom, func(ctx context.Context) error {
		_, err := x.Erase(ctx)
		return err
	})
	return e.Mux(routes...), nil
}

func eraser(e *host.Env, s *seal.Sealer) (*retain.Eraser, error) {
	l, err := e.Audit()
	return &retain.Eraser{State: s.State, Log: l, Now: e.Now}, err
}

// Routes are the operations of the function.
func Routes(e *host.Env) ([]host.Route, error) {
	s, err := e.Sealer()
	if err != nil {
		return nil, err
	}
	reading, err := search.Routes(e)
	if err != nil {
		return nil, err
	}
	telling, err := citizen.Routes(e)
	if err != nil {
		return nil, err
	}
	keeping, err := retention.Routes(e)
	if err != nil {
		return nil, err
	}
	reading = slices.Concat(reading, telling, keeping)
	h := handler{e, s}
	x, err := eraser(e, s)
	if err != nil {
		return nil, err
	}
	sealing, err := trigger.ByPlatform(e, host.Route{Pattern: "POST /hjemmel/v1/logg/forsegl", Handle: h.seal},
		trigger.Counted("POST /hjemmel/v1/logg/slett", "slettet", x.Erase))
	return append(append(reading, sealing...), []host.Route{
		{Pattern: "GET /hjemmel/v1/logg/checkpoint", Handle: h.checkpoint},
		{Pattern: "GET /hjemmel/v1/logg/tile/{sti...}", Handle: h.file},
		{Pattern: "GET /hjemmel/v1/logg/noekkel", Handle: h.key},
		{Pattern: "GET /hjemmel/v1/logg/bevis/{kvittering}", Handle: h.prove},
		{Pattern: "GET /hjemmel/v1/logg/konsistens", Handle: h.growth},
		{Pattern: "GET /hjemmel/v1/logg/status", Handle: h.status},
	}...), err
}

// Run seals at each tick until the context ends, where no scheduler calls. What goes wrong is logged, and
// the next tick tries again.
func Run(ctx context.Context, e *host.Env, tick <-chan time.Time) error {
	s, err := e.Sealer()
	if err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick:
			if _, err := sealed(ctx, e, s); err != nil && ctx.Err() == nil {
				f := fault.Of(err)
				e.Log.Error("sealing failed", "code", f.Code, "cause", f.Error())
			}
		}
	}
}

// sealed seals what waits and raises what is missing.
func sealed(ctx context.Context, e *host.Env, s *seal.Sealer) (seal.Result, error) {
	done, err := s.Seal(ctx)
	if n := len(done.Hull); n > 0 {
		e.Log.Error("entries are missing from the log", "code", "LOGG_HULL", "count", n)
	}
	return done, err
}
