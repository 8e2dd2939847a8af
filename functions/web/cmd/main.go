// Command web serves the web function in a container.
package main

import (
	_ "hjemmel/functions/web"
	"hjemmel/shared/host"
)

func main() { host.Main("web") }
