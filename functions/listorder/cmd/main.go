// Command listorder serves the listorder function in a container.
package main

import (
	_ "hjemmel/functions/listorder"
	"hjemmel/shared/host"
)

func main() { host.Main("listorder") }
