//go:build !linux

package emulatortest

import (
	"fmt"
	"os/exec"
)

func bind(*exec.Cmd) error { return fmt.Errorf("%w: no Linux", errMissing) }
