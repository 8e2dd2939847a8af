package emulatortest

import (
	"os/exec"
	"syscall"
)

// bind has the kernel kill the command when the thread that starts it ends.
func bind(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return nil
}
