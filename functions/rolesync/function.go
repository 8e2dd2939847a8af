// Package rolesync is the function by which an organisation's identity system decides who holds which role: it
// takes users and groups from it (SCIM 2.0), and lets administrators keep sources and tokens and say whose
// assignments count.
//
// It refuses to change who has access without writing it down in the same commit, and to give a number back, but to
// the system that an administrator lets follow with numbers.
package rolesync

import (
	"errors"
	"net/http"

	"github.com/GoogleCloudPlatform/functions-framework-go/functions"

	"hjemmel/functions/rolesync/changeover"
	"hjemmel/functions/rolesync/feed"
	"hjemmel/functions/rolesync/provider"
	"hjemmel/functions/rolesync/pull"
	"hjemmel/functions/rolesync/reconcile"
	"hjemmel/functions/rolesync/sources"
	"hjemmel/shared/host"
)

func init() { functions.HTTP("rolesync", host.HTTP("rolesync", New)) }

// New makes the function.
func New(e *host.Env) (http.Handler, error) {
	routes, err := Routes(e)
	return e.Mux(routes...), errors.Join(err, Start(e))
}

// Start reconciles, and reads the sources that cannot push, now and then, where no scheduler calls.
func Start(e *host.Env) error { return errors.Join(reconcile.Start(e), pull.Start(e)) }

// Routes are the operations of the function.
func Routes(e *host.Env) ([]host.Route, error) {
	var routes []host.Route
	for _, of := range []func(*host.Env) ([]host.Route, error){sources.Routes, changeover.Routes, reconcile.Routes, pull.Routes, feed.Routes, provider.Routes} {
		some, err := of(e)
		if err != nil {
			return nil, err
		}
		routes = append(routes, some...)
	}
	return routes, nil
}
