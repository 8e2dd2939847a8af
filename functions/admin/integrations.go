package admin

import (
	"hjemmel/functions/admin/catalogue"
	"hjemmel/functions/admin/integrations"
	"hjemmel/shared/host"
)

// IntegrationRoutes are the operations on integrations.
func IntegrationRoutes(e *host.Env) ([]host.Route, error) { return integrations.Routes(e) }

// KatalogRoutes are the operations on the catalogue.
func KatalogRoutes(e *host.Env) ([]host.Route, error) { return catalogue.Routes(e) }
