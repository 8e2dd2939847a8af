package audit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/store"
	"hjemmel/shared/store/sqlite"
)

// ledger is a log on a real store.
func ledger(t *testing.T) (*audit.Log, store.Store) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), t.TempDir()+"/state.db")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := audit.NewKeys([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	l := audit.NewLog(s, keys, time.Now)
	t.Cleanup(func() {
		l.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return l, s
}

// entries counts the log's entries by what they concern.
func entries(t *testing.T, s store.Store) map[string]int {
	t.Helper()
	records, err := store.All(t.Context(), s, "logg/")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, stack := range records {
		all, err := audit.Records(stack.Value)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range all {
			e, _, err := audit.Open(r)
			if err != nil {
				t.Fatal(err)
			}
			found[e.Gjelder]++
		}
	}
	return found
}

// A change and its entry are there together or not at all, and a conflict is told apart.
func TestAChangeAndItsEntryAreOneCommit(t *testing.T) {
	l, s := ledger(t)
	entry := func(n int) audit.Entry {
		return audit.Entry{FiksOrgID: "org", Handling: "rolle-endret", Utfall: audit.Utfoert, Gjelder: fmt.Sprint(n)}
	}
	receipt, err := l.AppendWith(t.Context(), []store.Op{store.Create("a", []byte("1"))}, entry(1))
	if err != nil || !receipt.Valid() || receipt.Count() != 1 {
		t.Fatalf("%v %v", receipt, err)
	}
	receipt, err = l.AppendWith(t.Context(), []store.Op{store.Create("b", nil), store.Create("a", []byte("2"))}, entry(2))
	if !errors.Is(err, store.ErrConflict) || receipt.Valid() {
		t.Errorf("%v %v", receipt, err)
	}
	receipt, err = l.AppendWith(t.Context(), []store.Op{store.Create("c", make([]byte, store.MaxValue+1))}, entry(3))
	if !fault.Is(err, fault.Unavailable) || errors.Is(err, store.ErrConflict) || receipt.Valid() {
		t.Errorf("%v %v", receipt, err)
	}
	if _, err := l.AppendWith(t.Context(), make([]store.Op, store.MaxOps-99), entry(4)); !fault.Is(err, fault.Internal) {
		t.Errorf("%v", err)
	}
	if _, err := l.AppendWith(t.Context(), []store.Op{store.Create("d", nil)}); err == nil {
		t.Error("a change without an entry")
	}
	for key, there := range map[string]bool{"a": true, "b": false, "c": false, "d": false} {
		if _, err := s.Get(t.Context(), key); errors.Is(err, store.ErrNotFound) == there {
			t.Errorf("%s: %v", key, err)
		}
	}
	if got := entries(t, s); len(got) != 1 || got["1"] != 1 {
		t.Errorf("%v", got)
	}
}

// Changes whose preconditions fail harm nobody who is written at the same time.
func TestAConflictIsNobodyElses(t *testing.T) {
	l, s := ledger(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for i := range 200 {
		all.Go(func() {
			e := audit.Entry{FiksOrgID: "org", Handling: "x", Utfall: audit.Utfoert, Gjelder: "plain"}
			if i%4 != 0 {
				if _, err := l.Append(context.Background(), e); err != nil {
					t.Errorf("an append: %v", err)
				}
				return
			}
			e.Gjelder = "change"
			_, err := l.AppendWith(context.Background(), []store.Op{store.Create("the-one", nil)}, e)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if !errors.Is(err, store.ErrConflict) {
				t.Errorf("a change: %v", err)
			}
		})
	}
	all.Wait()
	if got := entries(t, s); won != 1 || got["change"] != 1 || got["plain"] != 150 {
		t.Errorf("%d won: %v", won, got)
	}
}
