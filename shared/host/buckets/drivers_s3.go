//go:build s3 || !slim

package buckets

import (
	"net/url"

	"gocloud.dev/blob"

	"hjemmel/shared/host/s3"
)

func openS3(u *url.URL) (*blob.Bucket, error) { return s3.Open(u) }
