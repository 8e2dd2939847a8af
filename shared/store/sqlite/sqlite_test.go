package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"hjemmel/shared/fault"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(crashPath); path != "" {
		writeUntilKilled(path)
	}
	goleak.VerifyTestMain(m)
}

func opened(tb testing.TB, path string) *Store {
	tb.Helper()
	s, err := Open(tb.Context(), path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func fresh(tb testing.TB) *Store { return opened(tb, filepath.Join(tb.TempDir(), "state.db")) }

func commit(tb testing.TB, s *Store, ops ...store.Op) {
	tb.Helper()
	if err := s.Commit(tb.Context(), ops...); err != nil {
		tb.Fatal(err)
	}
}

func get(tb testing.TB, s *Store, key string) store.Record {
	tb.Helper()
	r, err := s.Get(tb.Context(), key)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return fresh(t) })
}

// Two stores on one file, as two processes have: they see each other's commits, and none is lost.
func TestTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	stores := [2]*Store{opened(t, path), opened(t, path)}
	commit(t, stores[0], store.Create("n", []byte("0")))
	const workers, rounds = 4, 10
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for range rounds {
				countOne(t, stores[w%2], "n")
			}
		})
	}
	wg.Wait()
	for _, s := range stores {
		if got := string(get(t, s, "n").Value); got != strconv.Itoa(workers*rounds) {
			t.Errorf("counted %s, want %d", got, workers*rounds)
		}
	}
}

func TestOpenedTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			s, err := Open(t.Context(), path)
			if err != nil {
				t.Errorf("open: %v", err)
				return
			}
			if err := s.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
	}
	wg.Wait()
}

// A caller whose context ends while the writer waits for the file goes on, and may reuse its memory.
func TestCancelledWhileWaiting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	s := opened(t, path)
	other := opened(t, path)
	if _, err := other.writer.do.begin.ExecContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	answer := make(chan error)
	value := []byte("value")
	go func() { answer <- s.Commit(ctx, store.Create("a", value)) }()
	cancel()
	if err := <-answer; !errors.Is(err, context.Canceled) || !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want canceled", err)
	}
	clear(value)
	if _, err := other.writer.do.rollback.ExecContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	commit(t, s, store.Create("b", nil))
	if r, err := s.Get(t.Context(), "a"); !errors.Is(err, store.ErrNotFound) && string(r.Value) != "value" {
		t.Errorf("got %q %v, want the value as it was, or nothing", r.Value, err)
	}
}

// countOne adds one to a record, however often someone else is faster.
func countOne(t *testing.T, s *Store, key string) {
	for {
		r, err := s.Get(t.Context(), key)
		if err != nil {
			t.Errorf("get: %v", err)
			return
		}
		n, _ := strconv.Atoi(string(r.Value))
		err = s.Commit(t.Context(), store.PutIf(key, strconv.AppendInt(nil, int64(n+1), 10), r.Revision))
		if !errors.Is(err, store.ErrConflict) {
			if err != nil {
				t.Errorf("commit: %v", err)
			}
			return
		}
	}
}

func TestLargestCommit(t *testing.T) {
	var ops []store.Op
	for i := range 9 {
		ops = append(ops, store.Create(fmt.Sprintf("k/%d", i), make([]byte, store.MaxValue)))
	}
	commit(t, fresh(t), ops...)
}

func TestFilesArePrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "state")
	path := filepath.Join(dir, "state.db")
	commit(t, opened(t, path), store.Create("a", nil))
	for name, want := range map[string]fs.FileMode{dir: 0o700 | fs.ModeDir, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600} {
		if info, err := os.Stat(name); err != nil || info.Mode() != want {
			t.Errorf("%s: got %v %v, want %v", filepath.Base(name), info.Mode(), err, want)
		}
	}
}

func TestWideFileIsNarrowed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	opened(t, path)
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("got %v %v, want 0600", info.Mode(), err)
	}
}

func TestOddPath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "50% rett? #1 & æøå;", "st ate.db")
	commit(t, opened(t, path), store.Create("a", nil))
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestReopened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	s := opened(t, path)
	commit(t, s, store.Create("a", []byte("1")), store.Create("z", nil))
	last := get(t, s, "z").Revision
	commit(t, s, store.DeleteIf("z", last))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = opened(t, path)
	if string(get(t, s, "a").Value) != "1" {
		t.Error("the value is gone")
	}
	commit(t, s, store.Create("z", nil))
	if get(t, s, "z").Revision == last {
		t.Error("a revision came back after reopening")
	}
}

func TestForeignFileRefused(t *testing.T) {
	for name, prepare := range map[string]func(*testing.T, string){
		"not SQLite": func(t *testing.T, path string) {
			if err := os.WriteFile(path, make([]byte, 8192), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"another schema": func(t *testing.T, path string) { execute(t, path, `CREATE TABLE t (x)`) },
		"later version": func(t *testing.T, path string) {
			opened(t, path)
			execute(t, path, `PRAGMA user_version = 2`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "state.db")
			prepare(t, path)
			if s, err := Open(t.Context(), path); !fault.Is(err, fault.Internal) {
				t.Errorf("got %v %v, want a fault of kind Internal", s, err)
			}
		})
	}
}

func TestFolderThatIsAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), filepath.Join(path, "state.db")); !fault.Is(err, fault.Internal) {
		t.Errorf("got %v, want a fault of kind Internal", err)
	}
}

func execute(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

// A group shares a transaction, and each request in it has its own outcome.
func TestGroup(t *testing.T) {
	s := fresh(t)
	commit(t, s, store.Create("taken", nil))
	revision := get(t, s, "taken").Revision
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	var group []request
	for _, ops := range [][]store.Op{
		{store.Create("a", nil), store.Create("b", nil)},
		{store.Create("c", nil), store.Create("taken", nil)},                             // conflict with what was there
		{store.Create("d", nil), store.Create("b", nil)},                                 // conflict within the group
		{store.PutIf("taken", []byte("won"), revision), store.Create("e", nil)},          //
		{store.PutIf("taken", []byte("lost"), revision), store.Create("f", nil)},         // its revision went in the group
		{store.DeleteIf("taken", revision)},                                              // likewise
		{store.Put("a", []byte("later")), store.Put("g", nil), store.Put("h", []byte{})}, //
	} {
		for i := range ops {
			ops[i].Value = append([]byte{}, ops[i].Value...)
		}
		group = append(group, request{ctx: t.Context(), ops: ops})
	}
	group = append(group, request{ctx: gone, ops: []store.Op{store.Create("late", []byte{})}})
	outcomes, err := s.writer.transact(group)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []error{nil, store.ErrConflict, store.ErrConflict, nil, store.ErrConflict, store.ErrConflict, nil, context.Canceled} {
		if !errors.Is(outcomes[i], want) {
			t.Errorf("request %d: got %v, want %v", i, outcomes[i], want)
		}
	}
	found, err := s.Scan(t.Context(), "", "", 100)
	if err != nil {
		t.Fatal(err)
	}
	var got string
	for _, r := range found {
		got += fmt.Sprintf("%s=%s ", r.Key, r.Value)
	}
	if want := "a=later b= e= g= h= taken=won "; got != want {
		t.Errorf("holds %q, want %q", got, want)
	}
}

// When the transaction as a whole fails, everyone in it is told so, and the writer goes on.
func TestGroupFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	s := opened(t, path)
	execute(t, path, `CREATE TRIGGER full BEFORE INSERT ON record WHEN new.key = x'66' BEGIN SELECT raise(ROLLBACK, 'disk I/O'); END`)
	one := request{ctx: t.Context(), ops: []store.Op{store.Create("a", []byte{})}, done: make(chan error, 1)}
	two := request{ctx: t.Context(), ops: []store.Op{store.Create("f", []byte{})}, done: make(chan error, 1)}
	s.writer.serve([]request{one, two})
	for _, r := range []request{one, two} {
		if err := <-r.done; !fault.Is(err, fault.Unavailable) {
			t.Errorf("got %v, want a fault of kind Unavailable", err)
		}
	}
	if _, err := s.Get(t.Context(), "a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %v: half of a failed group is there", err)
	}
	commit(t, s, store.Create("a", nil))
}

// Whoever waits when the store closes gets an answer, and a yes means that it is on disk.
func TestCloseDrains(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	s := opened(t, path)
	const n = 50
	answers := make(chan int, n)
	for i := range n {
		go func() {
			if err := s.Commit(context.Background(), store.Create(fmt.Sprintf("k/%d", i), nil)); err != nil {
				i = -1
			}
			answers <- i
		}()
	}
	acknowledged := []int{<-answers}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range n - 1 {
		acknowledged = append(acknowledged, <-answers)
	}
	s = opened(t, path)
	for _, i := range acknowledged {
		if i >= 0 {
			get(t, s, fmt.Sprintf("k/%d", i))
		}
	}
}

// SQLite takes its log away when the last connection is closed: what is left was not.
func TestCloseLeavesOneFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	s := opened(t, path)
	commit(t, s, store.Create("a", nil))
	get(t, s, "a")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(path + "*"); err != nil || len(left) != 1 {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestBackup(t *testing.T) {
	s := fresh(t)
	commit(t, s, store.Create("a", []byte("1")), store.Create("b", nil))
	path := filepath.Join(t.TempDir(), "it's a copy.db")
	if err := s.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	revision := get(t, s, "a").Revision
	commit(t, s, store.Put("a", []byte("2")))
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("got %v %v, want 0600", info.Mode(), err)
	}
	if err := s.Backup(t.Context(), path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want a refusal to overwrite", err)
	}
	c := opened(t, path)
	if r := get(t, c, "a"); string(r.Value) != "1" || r.Revision != revision {
		t.Errorf("the copy holds %q, want what was there", r.Value)
	}
	commit(t, c, store.PutIf("a", []byte("3"), revision))
}

func TestBackupFailsClean(t *testing.T) {
	s := fresh(t)
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(ctx, filepath.Join(dir, "copy.db")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left %v %v", left, err)
	}
}
