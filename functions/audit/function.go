// Package audit is the function that seals the audit log and lets anybody check it: the files of the log,
// the key, and the proof of a receipt. The organisation's own read what its entries say (package search), and
// citizens what they say of themselves (package citizen).
//
// It refuses to seal for anybody but the platform's scheduler, and to tell anybody else more of entries than that they
// are there.
package audit

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/GoogleCloudPlatform/functions-framework-go/functions"

	"hjemmel/functions/audit/citizen"
	"hjemmel/functions/audit/retention"
	"hjemmel/functions/audit/review"
	"hjemmel/functions/audit/search"
	"hjemmel/shared/audit/retain"
	"hjemmel/shared/audit/seal"
	"hjemmel/shared/audit/watch"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/trigger"
)

func init() { functions.HTTP("audit", host.HTTP("audit", New)) }

// How often the log is sealed and looked at, and what is old erased, where no scheduler calls.
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
	w, err := open(e)
	if err != nil {
		return nil, err
	}
	e.Every(often, func(ctx context.Context) error {
		_, err := w.seal(ctx)
		return err
	})
	e.Every(seldom, func(ctx context.Context) error {
		_, err := w.erase(ctx)
		return err
	})
	return e.Mux(routes...), nil
}

// work is what is done with the log where a schedule calls.
type work struct {
	env     *host.Env
	sealer  *seal.Sealer
	watcher *watch.Watcher
	eraser  *retain.Eraser
}

func open(e *host.Env) (work, error) {
	s, err1 := e.Sealer()
	l, err2 := e.Audit()
	if err := errors.Join(err1, err2); err != nil {
		return work{}, err
	}
	w, err := review.Watcher(e, s)
	return work{e, s, w, &retain.Eraser{State: s.State, Log: l, Now: e.Now}}, err
}

// Routes are the operations of the function.
func Routes(e *host.Env) ([]host.Route, error) {
	var reading []host.Route
	for _, of := range []func(*host.Env) ([]host.Route, error){search.Routes, citizen.Routes, retention.Routes, review.Routes} {
		some, err := of(e)
		if err != nil {
			return nil, err
		}
		reading = append(reading, some...)
	}
	w, err := open(e)
	if err != nil {
		return nil, err
	}
	h := handler{w}
	working, err := trigger.ByPlatform(e, host.Route{Pattern: "POST /hjemmel/v1/logg/forsegl", Handle: h.seal},
		trigger.Counted("POST /hjemmel/v1/logg/slett", "slettet", w.erase))
	return append(slices.Concat(reading, working), []host.Route{
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
	w, err := open(e)
	if err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick:
			if _, err := w.seal(ctx); err != nil && ctx.Err() == nil {
				f := fault.Of(err)
				e.Log.Error("sealing failed", "code", f.Code, "cause", f.Error())
			}
		}
	}
}

// seal seals what waits, raises what is missing, and has what was sealed looked at. Sealing is done though looking fails.
func (w work) seal(ctx context.Context) (seal.Result, error) {
	done, err := w.sealer.Seal(ctx)
	if n := len(done.Hull); n > 0 {
		w.env.Log.Error("entries are missing from the log", "code", "LOGG_HULL", "count", n)
	}
	if _, looked := w.watcher.Look(ctx); looked != nil && ctx.Err() == nil {
		w.env.Log.Error("entries could not be looked at for misuse", "code", "AVVIK_UTSATT", "cause", fault.Of(looked).Error())
	}
	return done, err
}

// erase erases what is old, and then what was remembered and found of it.
func (w work) erase(ctx context.Context) (n int, err error) {
	if n, err = w.eraser.Erase(ctx); err == nil {
		_, err = w.watcher.Forget(ctx, w.env.Now())
	}
	return n, err
}
