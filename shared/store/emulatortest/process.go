package emulatortest

import (
	"context"
	"os/exec"
	"testing"
	"time"
)

// Process is a server of one test's own, which may be killed and started again.
type Process struct {
	// Command makes the command anew for each start; it ends with its context.
	Command func(context.Context) *exec.Cmd
	// Ready is nil once the server answers.
	Ready func() error

	kill  context.CancelFunc // nil while it is down
	ended <-chan error
}

// Up starts the server and waits until it answers. The test's end kills it.
func (p *Process) Up(tb testing.TB) {
	tb.Helper()
	ctx, kill := context.WithCancel(context.Background())
	ended, err := Bound(p.Command(ctx))
	if err != nil {
		kill()
		tb.Fatal(err)
	}
	p.kill, p.ended = kill, ended
	tb.Cleanup(func() { p.Kill(tb) })
	for patience := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if err = p.Ready(); err == nil {
			return
		}
		select {
		case end := <-p.ended:
			p.kill = nil
			tb.Fatalf("the server ended: %v", end)
		default:
		}
		if time.Now().After(patience) {
			tb.Fatal(err)
		}
	}
}

// Kill kills the server, as a power cut would. Killing one that is down does nothing.
func (p *Process) Kill(tb testing.TB) {
	tb.Helper()
	if p.kill == nil {
		return
	}
	p.kill()
	if err := <-p.ended; err == nil {
		tb.Error("the server had ended by itself")
	}
	p.kill = nil
}
