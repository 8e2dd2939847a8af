// Command audit serves the audit function in a container.
package main

import (
	_ "hjemmel/functions/audit"
	"hjemmel/shared/host"
)

func main() { host.Main("audit") }
