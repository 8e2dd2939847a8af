//go:build slim && !gcp

package host

import (
	"context"
	"net/url"

	"gocloud.dev/pubsub"

	"hjemmel/shared/store"
)

func openFirestore(context.Context, *url.URL) (store.Store, error) { return nil, errLeftOut }

func openPubSub(context.Context, string, string) (*pubsub.Topic, func() error, error) {
	return nil, nil, errLeftOut
}
