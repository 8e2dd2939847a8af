package storetest_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

func TestModel(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return storetest.NewMemory() })
}

// A wrapper without demands is its inner store.
func TestFaultyAtRest(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return storetest.Faulty(storetest.NewMemory()) })
}

func TestFailCommit(t *testing.T) {
	inner := storetest.NewMemory()
	f := storetest.Faulty(inner)
	f.FailCommit(storetest.Before, 2)
	f.FailCommit(storetest.After, 1)
	injected(t, f.Commit(t.Context(), store.Create("a", nil)))
	injected(t, f.Commit(t.Context(), store.Create("b", nil)))
	injected(t, f.Commit(t.Context(), store.Create("c", nil)))
	if err := f.Commit(t.Context(), store.Create("d", nil)); err != nil {
		t.Fatal(err)
	}
	holds(t, inner, "c", "d")
	if n := f.Commits(); n != 4 {
		t.Errorf("counted %d commits, want 4", n)
	}
}

// A commit that the store refuses keeps its own answer: the caller may rely on a conflict.
func TestFailCommitAfterConflict(t *testing.T) {
	f := storetest.Faulty(storetest.NewMemory())
	f.FailCommit(storetest.After, 1)
	if err := f.Commit(t.Context(), store.PutIf("a", nil, "1")); !errors.Is(err, store.ErrConflict) {
		t.Errorf("got %v, want a conflict", err)
	}
}

func TestFailReads(t *testing.T) {
	f := storetest.Faulty(storetest.NewMemory())
	f.FailReads(3)
	_, err := f.Get(t.Context(), "a")
	injected(t, err)
	_, err = f.GetMany(t.Context(), []string{"a"})
	injected(t, err)
	_, err = f.Scan(t.Context(), "", "", 1)
	injected(t, err)
	if _, err = f.Get(t.Context(), "a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %v, want not found", err)
	}
}

func TestCrash(t *testing.T) {
	for when, want := range map[storetest.Moment][]string{storetest.Before: {"a"}, storetest.After: {"a", "b"}} {
		inner := storetest.NewMemory()
		f := storetest.Faulty(inner)
		f.Crash(when, 2)
		if err := f.Commit(t.Context(), store.Create("a", nil)); err != nil || f.Dead() {
			t.Fatalf("died too early: %v", err)
		}
		injected(t, f.Commit(t.Context(), store.Create("b", nil)))
		injected(t, f.Commit(t.Context(), store.Create("c", nil)))
		_, err := f.Get(t.Context(), "a")
		injected(t, err)
		if !f.Dead() {
			t.Error("is not dead")
		}
		holds(t, inner, want...)
		f.Revive()
		holds(t, f, want...)
	}
}

func TestHook(t *testing.T) {
	f := storetest.Faulty(storetest.NewMemory())
	var seen []storetest.Call
	f.Hook(func(_ context.Context, c storetest.Call) error {
		seen = append(seen, c)
		if c.Method == storetest.Commit && c.Moment == storetest.After && c.Ops[0].Key == "b" {
			return store.Unavailable(storetest.ErrInjected)
		}
		return nil
	})
	if err := f.Commit(t.Context(), store.Create("a", nil)); err != nil {
		t.Fatal(err)
	}
	injected(t, f.Commit(t.Context(), store.Create("b", nil)))
	if len(seen) != 4 || seen[1].Moment != storetest.After || seen[3].Nth != 2 {
		t.Errorf("saw %v", seen)
	}
	f.Hook(nil)
	holds(t, f, "a", "b")
}

func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := storetest.Faulty(storetest.NewMemory())
		f.Delay(time.Hour)
		start := time.Now()
		holds(t, f)
		if waited := time.Since(start); waited != time.Hour {
			t.Errorf("waited %v, want an hour", waited)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := f.Commit(ctx, store.Create("a", nil)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the deadline", err)
		}
	})
}

func injected(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, storetest.ErrInjected) || !fault.Is(err, fault.Unavailable) {
		t.Fatalf("got %v, want an injected fault of kind Unavailable", err)
	}
}

func holds(t *testing.T, s store.Store, want ...string) {
	t.Helper()
	found, err := s.Scan(t.Context(), "", "", store.MaxScan)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range found {
		got = append(got, r.Key)
	}
	if !slices.Equal(got, want) {
		t.Errorf("holds %v, want %v", got, want)
	}
}
