//go:build local || !slim

package drivers

import (
	"context"
	"net/url"

	"hjemmel/shared/store"
	"hjemmel/shared/store/sqlite"
)

func openSQLite(ctx context.Context, u *url.URL) (store.Store, error) {
	return sqlite.Open(ctx, u.Host+u.Path)
}
