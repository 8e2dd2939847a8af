// Command admin serves the admin function in a container.
package main

import (
	_ "hjemmel/functions/admin"
	"hjemmel/shared/host"
)

func main() { host.Main("admin") }
