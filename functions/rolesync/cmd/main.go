// Command rolesync serves the rolesync function in a container.
package main

import (
	_ "hjemmel/functions/rolesync"
	"hjemmel/shared/host"
)

func main() { host.Main("rolesync") }
