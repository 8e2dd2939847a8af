//go:build gcp || !slim

package buckets

import (
	"net/url"

	"gocloud.dev/blob"

	"hjemmel/shared/host/gs"
)

func openGS(u *url.URL) (*blob.Bucket, error) { return gs.Open(u) }
