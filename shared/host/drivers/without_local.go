//go:build slim && !local

package drivers

import (
	"context"
	"net/url"

	"hjemmel/shared/store"
)

func openSQLite(context.Context, *url.URL) (store.Store, error) { return nil, errLeftOut }
