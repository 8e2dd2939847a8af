// Package drivers opens what a URL names, by the drivers that the binary was built with: all of them, or with the
// tag slim only those of the platforms named beside it (-tags slim,gcp).
//
// It refuses a URL of a platform that was left out, and one that it does not know.
package drivers

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"hjemmel/shared/store"
)

// within is how long a store may take to answer at the start; a platform waits little longer.
const within = 10 * time.Second

// OpenState opens the store that a URL names, and has it answer. Its error is one line, and comes within ten seconds.
func OpenState(ctx context.Context, at string) (store.Store, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	s, err := openState(ctx, at)
	if err != nil {
		return nil, errors.New(strings.ReplaceAll(err.Error(), "\n", ": "))
	}
	return s, nil
}

func openState(ctx context.Context, at string) (store.Store, error) {
	u, err := url.Parse(at)
	if err != nil {
		return nil, errors.New("not a URL")
	}
	switch u.Scheme {
	case "sqlite":
		return openSQLite(ctx, u)
	case "firestore":
		return openFirestore(ctx, u)
	case "postgres":
		return openPostgres(ctx, u)
	}
	return nil, errors.New("must start with sqlite://, firestore:// or postgres://")
}
