//go:build slim && !postgres

package drivers

import (
	"context"
	"net/url"

	"hjemmel/shared/store"
)

func openPostgres(context.Context, *url.URL) (store.Store, error) { return nil, errLeftOut }
