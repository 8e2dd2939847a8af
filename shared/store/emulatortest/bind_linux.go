package emulatortest

import (
	"os/exec"
	"syscall"
)

// bind has the kernel kill the command when the thread that starts it ends.
func bind(cmd *exec.Cmd) error {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	return nil
}
