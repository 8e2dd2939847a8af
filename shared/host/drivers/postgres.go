//go:build postgres || !slim

package drivers

import (
	"context"
	"net/url"

	"hjemmel/shared/store"
	"hjemmel/shared/store/postgres"
)

func openPostgres(ctx context.Context, u *url.URL) (store.Store, error) {
	return postgres.Open(ctx, u.String())
}
