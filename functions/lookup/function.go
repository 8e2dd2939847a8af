// Package lookup is the function that answers about persons one by one, in bulk, and by search, over
// the Fiks proxy's paths, and tells callers what their roles see.
//
// It refuses to answer anything that the corridor (package disclosure) has not written down.
package lookup

import (
	"github.com/GoogleCloudPlatform/functions-framework-go/functions"

	"hjemmel/shared/host"
)

func init() { functions.HTTP("lookup", host.HTTP("lookup", host.Routed(Routes))) }
