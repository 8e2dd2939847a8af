// Command lookup serves the lookup function in a container.
package main

import (
	_ "hjemmel/functions/lookup"
	"hjemmel/shared/host"
)

func main() { host.Main("lookup") }
