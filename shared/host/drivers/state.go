// Package drivers opens what a URL names, by the drivers that the binary was built with: all of them, or with the
// tag slim only those of the platforms named beside it (-tags slim,gcp).
//
// It refuses a URL of a platform that was left out, and one that it does not know.
package drivers

import (
	"context"
	"errors"
	"net/url"

	"hjemmel/shared/store"
)

// OpenState opens the store that a URL names.
func OpenState(ctx context.Context, at string) (store.Store, error) {
	u, err := url.Parse(at)
	if err != nil {
		return nil, errors.New("not a URL")
	}
	switch u.Scheme {
	case "sqlite":
		return openSQLite(ctx, u)
	case "firestore":
		return openFirestore(ctx, u)
	}
	return nil, errors.New("must start with sqlite:// or firestore://")
}
