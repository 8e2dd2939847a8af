// Command listrender serves the listrender function in a container.
package main

import (
	_ "hjemmel/functions/listrender"
	"hjemmel/shared/host"
)

func main() { host.Main("listrender") }
