package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hjemmel/shared/store/storetest"
)

// crashPath names the setting that turns the test binary into the process to be killed.
const crashPath = "HJEMMEL_SQLITE_CRASH"

const crashWriters = 4

// TestKilled kills a process in the middle of its commits, some rounds on one file: what it was
// told is durable is there, and no commit is there in part.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	acknowledged := map[string]bool{}
	for range 5 {
		killAfter(t, path, 1+rand.IntN(300), acknowledged)
		s := opened(t, path)
		for entry := range acknowledged {
			get(t, s, entry)
		}
		storetest.CheckWhole(t, s, crashWriters)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d commits acknowledged", len(acknowledged))
}

// killAfter runs the process until it has acknowledged n commits and kills it at whatever it is
// doing then. What it acknowledged until it died counts.
func killAfter(t *testing.T, path string, n int, acknowledged map[string]bool) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // this very test
	c.Env = append(os.Environ(), crashPath+"="+path)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for seen := 0; ; seen++ {
		line, err := lines.ReadString('\n')
		if err != nil { // a line without an end was not said
			break
		}
		acknowledged[strings.TrimSuffix(line, "\n")] = true
		if seen == n {
			if err := c.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	if err := c.Wait(); c.ProcessState.ExitCode() != -1 {
		t.Fatalf("the process ended by itself: %v", err)
	}
}

// writeUntilKilled is the process: writers that each count up in commits of three operations and
// print each entry once its commit is acknowledged. It never returns.
func writeUntilKilled(path string) {
	s, err := Open(context.Background(), path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for w := range crashWriters {
		go func() {
			if err := storetest.CountUp(s, w, os.Stdout); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}()
	}
	select {}
}
