//go:build slim && !gcp

package drivers

import (
	"context"
	"net/url"

	"hjemmel/shared/queue"
	"hjemmel/shared/store"
)

func openFirestore(context.Context, *url.URL) (store.Store, error) { return nil, errLeftOut }

func openPubSub(context.Context, string, string) (queue.Send, func() error, error) {
	return nil, nil, errLeftOut
}
