//go:build slim && !gcp

package buckets

import (
	"errors"
	"net/url"

	"gocloud.dev/blob"
)

func openGS(*url.URL) (*blob.Bucket, error) {
	return nil, errors.New("is of a platform that this binary is not built for: it wants the tag gcp")
}
