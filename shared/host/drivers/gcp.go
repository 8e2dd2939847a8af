//go:build gcp || !slim

package drivers

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"hjemmel/shared/store"
	"hjemmel/shared/store/firestore"
)

func openFirestore(ctx context.Context, u *url.URL) (store.Store, error) {
	part := strings.Split(strings.Trim(u.Path, "/"), "/")
	if u.Host == "" || len(part) != 2 {
		return nil, errors.New("must be firestore://PROJECT/DATABASE/COLLECTION")
	}
	return firestore.Open(ctx, firestore.Config{Project: u.Host, Database: part[0], Collection: part[1]})
}
