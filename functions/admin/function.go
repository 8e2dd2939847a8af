// Package admin is the function with which an organisation's administrators decide who sees what,
// and the platform operator keeps the catalogue.
//
// It refuses everybody but an employee who logged in with us and has that function, and a change
// that does not know what it changes.
package admin

import (
	"net/http"

	"github.com/GoogleCloudPlatform/functions-framework-go/functions"

	"hjemmel/shared/host"
)

func init() { functions.HTTP("admin", host.HTTP("admin", New)) }

// New makes the function.
func New(e *host.Env) (http.Handler, error) {
	routes, err := Routes(e)
	if err != nil {
		return nil, err
	}
	return e.Mux(routes...), nil
}

// Routes are the operations of the function.
func Routes(e *host.Env) ([]host.Route, error) {
	of, err := IntegrationRoutes(e)
	if err != nil {
		return nil, err
	}
	more, err := KatalogRoutes(e)
	return append(of, more...), err
}
