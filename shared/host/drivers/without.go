//go:build slim

package drivers

import "errors"

// errLeftOut is what a binary says of a driver of another platform. A binary built with the tag slim has
// only those of the platforms named beside it: -tags slim,gcp.
var errLeftOut = errors.New("is of a platform that this binary is not built for")
