// Package postgrestest starts PostgreSQL for tests: a server of the test's own, on this machine, that flushes as one
// in production does.
//
// It refuses to pass quietly in continuous integration: with CI=true a missing server is a failure, elsewhere a skip
// that names what is missing.
package postgrestest

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"hjemmel/shared/store/emulatortest"
)

// Server is a running server. Make it with [Start].
type Server struct {
	bin, data string
	port      int
	process   emulatortest.Process
}

// Start makes a server, with settings as the server's command line takes them (fsync=off), that lives until the test
// ends.
func Start(tb testing.TB, settings ...string) *Server {
	tb.Helper()
	bin := programs(tb)
	data, err := os.MkdirTemp("", "postgres-") //nolint:usetesting // a test's folder is root's alone, and the server is not root
	if err != nil {
		tb.Fatal(err)
	}
	port, err := emulatortest.FreePort()
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{bin: bin, data: data, port: port}
	s.process = emulatortest.Process{Command: s.serve(settings), Ready: func() error { return s.do("SELECT 1") }}
	tb.Cleanup(func() {
		s.Kill(tb)
		if err := os.RemoveAll(data); err != nil {
			tb.Error(err)
		}
	})
	if err := own(data); err != nil {
		tb.Fatal(err)
	}
	if out, err := s.command(tb.Context(), "initdb", "-D", data, "-U", "hjemmel", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C").CombinedOutput(); err != nil {
		tb.Fatalf("initdb: %v\n%s", err, out)
	}
	s.Up(tb)
	return s
}

// programs finds where the server's programs lie: on the path, or where Debian has them.
func programs(tb testing.TB) string {
	tb.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is right
	if p, err := exec.LookPath("initdb"); err == nil {
		found = append(found, p)
	}
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	if os.Getenv("CI") == "true" {
		tb.Fatal("there is no PostgreSQL here: no initdb")
	}
	tb.Skip("there is no PostgreSQL here: no initdb")
	return ""
}

// command is one of the server's programs, by somebody else than root, whom they refuse.
func (s *Server) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, name), args...)
	cmd.Dir = s.data
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, "PG") }), "LC_ALL=C")
	cmd.SysProcAttr = somebody()
	return cmd
}

// serve makes the server's own command.
func (s *Server) serve(settings []string) func(context.Context) *exec.Cmd {
	args := []string{"-D", s.data, "-h", "127.0.0.1", "-p", fmt.Sprint(s.port), "-k", ""}
	for _, set := range settings {
		args = append(args, "-c", set)
	}
	return func(ctx context.Context) *exec.Cmd { return s.command(ctx, "postgres", args...) }
}

// Up starts a server that was killed, on the port that it had, and waits until it answers.
func (s *Server) Up(tb testing.TB) {
	tb.Helper()
	s.process.Up(tb)
}

// Kill ends the server as a power cut would: in the middle of what it does. Ending one that is down does nothing.
func (s *Server) Kill(tb testing.TB) {
	tb.Helper()
	s.process.Kill(tb) // the leader alone: its processes see it gone, and leave at once
	for patience := time.Now().Add(10 * time.Second); s.alive(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(patience) {
			tb.Fatal("the server's processes do not leave")
		}
	}
}

// alive tells whether a process of the server still has its shared memory, which keeps another from starting.
func (s *Server) alive() bool {
	found, _ := filepath.Glob("/proc/[0-9]*/cwd") // the pattern is right
	return slices.ContainsFunc(found, func(at string) bool {
		dir, err := os.Readlink(at)
		return err == nil && dir == s.data
	})
}

// do has the server run a statement.
func (s *Server) do(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, s.url(""))
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, statement)
	return err
}

// Do has the server run a statement.
func (s *Server) Do(tb testing.TB, statement string) {
	tb.Helper()
	if err := s.do(statement); err != nil {
		tb.Fatal(err)
	}
}

// Fresh gives the URL of an empty schema, and its name.
func (s *Server) Fresh(tb testing.TB) (url, schema string) {
	tb.Helper()
	schema = "t" + strings.ToLower(rand.Text())
	s.Do(tb, "CREATE SCHEMA "+schema)
	return s.url("?search_path=" + schema), schema
}

func (s *Server) url(query string) string {
	return fmt.Sprintf("postgres://hjemmel@127.0.0.1:%d/postgres%s", s.port, query)
}

// Hold does a statement in a transaction of its own, and gives what ends it.
func (s *Server) Hold(tb testing.TB, statement string) (end func()) {
	tb.Helper()
	c, err := pgx.Connect(tb.Context(), s.url(""))
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := c.Exec(tb.Context(), "BEGIN; "+statement); err != nil {
		tb.Fatal(err)
	}
	return func() {
		if err := c.Close(context.Background()); err != nil {
			tb.Error(err)
		}
	}
}
