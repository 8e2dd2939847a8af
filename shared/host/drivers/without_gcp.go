//go:build slim && !gcp

package drivers

import (
	"context"
	"net/url"

	"gocloud.dev/pubsub"

	"hjemmel/shared/store"
)

func openFirestore(context.Context, *url.URL) (store.Store, error) { return nil, errLeftOut }

// OpenPubSub is left out.
func OpenPubSub(context.Context, string, string) (*pubsub.Topic, func() error, error) {
	return nil, nil, errLeftOut
}
