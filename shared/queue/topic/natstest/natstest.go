// Package natstest starts NATS for tests: a server of the test's own on this machine, which infra/check/test.sh builds.
//
// It refuses to pass quietly in continuous integration: with CI=true a missing server is a failure, elsewhere a skip
// that names what is missing.
package natstest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"hjemmel/shared/store/emulatortest"
)

// file is the server that infra/check/test.sh builds.
const file = ".bin/nats-server-v2.12.3"

// Server is a running server. Make it with [Start].
type Server struct {
	emulatortest.Process
	// Host is where it listens: HOST:PORT.
	Host string
}

// Start makes a server that lives until the test ends.
func Start(tb testing.TB) *Server {
	tb.Helper()
	_, source, _, _ := runtime.Caller(0)
	program := filepath.Join(filepath.Dir(source), "../../../..", file)
	if _, err := os.Stat(program); err != nil {
		if os.Getenv("CI") == "true" {
			tb.Fatal("there is no NATS here: ", err)
		}
		tb.Skip("there is no NATS here: ", err)
	}
	port, err := emulatortest.FreePort()
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{Host: fmt.Sprintf("127.0.0.1:%d", port)}
	s.Command = func(ctx context.Context) *exec.Cmd {
		return exec.CommandContext(ctx, program, "-a", "127.0.0.1", "-p", fmt.Sprint(port))
	}
	s.Ready = func() error {
		c, err := net.DialTimeout("tcp", s.Host, time.Second)
		if err != nil {
			return err
		}
		return c.Close()
	}
	s.Up(tb)
	return s
}
