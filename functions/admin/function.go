// Package admin is the function with which municipalities decide who sees what: roles, who holds
// them, who may decide that, and which integrations are let in; and with which the platform operator
// keeps the catalogue.
//
// It refuses every change that is not written in the log, and every caller who is not an employee
// with the right function in the organisation that it concerns.
package admin

import (
	"github.com/GoogleCloudPlatform/functions-framework-go/functions"

	"hjemmel/functions/admin/catalogue"
	"hjemmel/functions/admin/holders"
	"hjemmel/functions/admin/integrations"
	"hjemmel/functions/admin/rolebook"
	"hjemmel/shared/host"
)

func init() { functions.HTTP("admin", host.HTTP("admin", host.Routed(Routes))) }

// Routes are the operations of the function.
func Routes(e *host.Env) ([]host.Route, error) {
	var routes []host.Route
	for _, of := range []func(*host.Env) ([]host.Route, error){rolebook.Routes, holders.Routes, integrations.Routes, catalogue.Routes} {
		some, err := of(e)
		if err != nil {
			return nil, err
		}
		routes = append(routes, some...)
	}
	return routes, nil
}
