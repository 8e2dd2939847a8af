package sqlite

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

func restored(t *testing.T, from, path string) string {
	t.Helper()
	was, err := Restore(t.Context(), from, path, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return was
}

// A backup that is taken while others write holds a beginning of each writer's commits, all of each, and can be restored.
func TestRestoreOfABackupTakenWhileWriting(t *testing.T) {
	dir := t.TempDir()
	path, backup := filepath.Join(dir, "state.db"), filepath.Join(dir, "copy.db")
	s := opened(t, path)
	var g errgroup.Group
	started := make(chan struct{}, crashWriters)
	for w := range crashWriters {
		g.Go(func() error {
			for n := range 200 {
				if err := s.Commit(t.Context(), store.Create(storetest.EntryKey(w, n+1), nil), store.Create("index/"+storetest.EntryKey(w, n+1), nil),
					store.Put(fmt.Sprintf("count/%d", w), fmt.Append(nil, n+1))); err != nil {
					return err
				}
				if n == 20 {
					started <- struct{}{}
				}
			}
			return nil
		})
	}
	for range crashWriters {
		<-started
	}
	if err := s.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), backup, path, time.Now()); err == nil {
		t.Fatal("a store in use was replaced")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	was := restored(t, backup, path)
	now := opened(t, path)
	storetest.CheckWhole(t, now, crashWriters)
	if n := len(all(t, now, "entry/")); n < 21*crashWriters {
		t.Errorf("%d entries, want those that were there when the backup began", n)
	}
	if n := len(all(t, opened(t, was), "entry/")); n != 200*crashWriters {
		t.Errorf("what was there has %d entries, want all", n)
	}
}

func TestRestoreWhereNothingWas(t *testing.T) {
	s, dir := fresh(t), t.TempDir()
	commit(t, s, store.Create("a", []byte("1")))
	backup, path := filepath.Join(dir, "copy.db"), filepath.Join(dir, "new", "state.db")
	if err := s.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if was := restored(t, backup, path); was != "" {
		t.Errorf("something was there: %s", was)
	}
	if got := get(t, opened(t, path), "a"); string(got.Value) != "1" {
		t.Errorf("got %q", got.Value)
	}
}

func TestRestoreRefusesWhatIsNoBackup(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, filepath.Join(dir, "state.db"))
	commit(t, s, store.Create("a", bytes.Repeat([]byte("x"), 20000)))
	good := filepath.Join(dir, "good")
	if err := s.Backup(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(good) //nolint:gosec // made above
	if err != nil {
		t.Fatal(err)
	}
	torn := bytes.Clone(b)
	copy(torn[4096:], make([]byte, 4096))
	for name, content := range map[string][]byte{"empty": {}, "text": []byte("not a store"), "cut": b[:len(b)/2], "torn": torn, "absent": nil} {
		bad := filepath.Join(dir, name)
		if content != nil {
			if err := os.WriteFile(bad, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Restore(t.Context(), bad, filepath.Join(dir, "state.db"), time.Now()); err == nil {
			t.Errorf("%s is restored", name)
		}
	}
	get(t, opened(t, filepath.Join(dir, "state.db")), "a")
	if left, err := filepath.Glob(filepath.Join(dir, ".restore-*")); err != nil || len(left) > 0 {
		t.Errorf("left %v %v", left, err)
	}
}

func all(t *testing.T, s *Store, prefix string) []store.Record {
	t.Helper()
	found, err := store.All(t.Context(), s, prefix)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
