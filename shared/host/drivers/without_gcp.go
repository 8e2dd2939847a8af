//go:build slim && !gcp

package drivers

import (
	"context"
	"net/url"

	"hjemmel/shared/store"
)

func openFirestore(context.Context, *url.URL) (store.Store, error) { return nil, errLeftOut }

func openPubSub(context.Context, string, string) (Topic, error) { return Topic{}, errLeftOut }
