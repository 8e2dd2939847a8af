package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hjemmel/shared/store"
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
		checkWhole(t, s)
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

// checkWhole looks for the parts of each writer's commits: entries 1 to the count, each with its
// index entry, and nothing else.
func checkWhole(t *testing.T, s *Store) {
	t.Helper()
	total := 0
	for w := range crashWriters {
		r, err := s.Get(t.Context(), fmt.Sprintf("count/%d", w))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(string(r.Value))
		if err != nil {
			t.Fatal(err)
		}
		total += n
		for i := range n {
			get(t, s, entryKey(w, i+1))
			get(t, s, "index/"+entryKey(w, i+1))
		}
	}
	for _, prefix := range []string{"entry/", "index/"} {
		if got := count(t, s, prefix); got != total {
			t.Errorf("%d records under %s, want %d: a commit is there in part", got, prefix, total)
		}
	}
}

func count(t *testing.T, s *Store, prefix string) (n int) {
	t.Helper()
	for after := ""; ; {
		page, err := s.Scan(t.Context(), prefix, after, store.MaxScan)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return n
		}
		n += len(page)
		after = page[len(page)-1].Key
	}
}

func entryKey(writer, n int) string { return fmt.Sprintf("entry/%d/%06d", writer, n) }

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
			if err := countUp(s, w, os.Stdout); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}()
	}
	select {}
}

func countUp(s *Store, writer int, out io.Writer) error {
	ctx, counter := context.Background(), fmt.Sprintf("count/%d", writer)
	for {
		n, last := 0, store.Revision("")
		r, err := s.Get(ctx, counter)
		if err == nil {
			n, err = strconv.Atoi(string(r.Value))
			last = r.Revision
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		entry, next := entryKey(writer, n+1), strconv.AppendInt(nil, int64(n+1), 10)
		count := store.PutIf(counter, next, last)
		if last == "" {
			count = store.Create(counter, next)
		}
		if err := s.Commit(ctx, store.Create(entry, make([]byte, 700)), store.Create("index/"+entry, nil), count); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\n", entry)
	}
}
