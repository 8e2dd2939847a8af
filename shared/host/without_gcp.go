//go:build slim && !gcp

package host

import (
	"context"
	"net/url"

	"hjemmel/shared/store"
)

func openFirestore(context.Context, *url.URL) (store.Store, error) { return nil, errLeftOut }
