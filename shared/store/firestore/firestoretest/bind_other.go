//go:build !linux

package firestoretest

import (
	"fmt"
	"os/exec"
)

func bind(*exec.Cmd) error { return fmt.Errorf("%w: no Linux", errMissing) }
