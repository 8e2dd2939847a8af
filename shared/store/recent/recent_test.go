package recent_test

import (
	"context"
	"testing"
	"time"

	"hjemmel/shared/store"
	"hjemmel/shared/store/recent"
	"hjemmel/shared/store/storetest"
)

// Through one Store it is a store like any other.
func TestConformance(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return recent.New(storetest.NewMemory(), time.Hour, time.Now) })
}

func TestAnothersChangeShowsWhenTheMomentIsOver(t *testing.T) {
	inner, now := storetest.NewMemory(), time.Now()
	s := recent.New(inner, 2*time.Second, func() time.Time { return now })
	read := func() string {
		r, err := s.Get(t.Context(), "rolle/1")
		if err != nil {
			return err.Error()
		}
		return string(r.Value)
	}
	write := func(st store.Store, v string) {
		t.Helper()
		if err := st.Commit(t.Context(), store.Put("rolle/1", []byte(v))); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(); got != store.ErrNotFound.Error() {
		t.Error(got)
	}
	write(inner, "a") // a missing record is not remembered
	if got := read(); got != "a" {
		t.Error(got)
	}
	write(inner, "b")
	if got := read(); got != "a" {
		t.Errorf("%s: nothing is remembered", got)
	}
	now = now.Add(2 * time.Second)
	if got := read(); got != "b" {
		t.Errorf("%s is remembered too long", got)
	}
	write(s, "c")
	if got := read(); got != "c" {
		t.Errorf("%s: an own change does not show", got)
	}
}

// The audit log only ever creates: that must not keep others from remembering what they read.
func TestACreationDoesNotDisturbReadsUnderWay(t *testing.T) {
	inner := storetest.Faulty(storetest.NewMemory())
	s := recent.New(inner, time.Hour, time.Now)
	if err := s.Commit(t.Context(), store.Put("rolle/1", []byte("a"))); err != nil {
		t.Fatal(err)
	}
	during := store.Create("logg/1", nil)
	inner.Hook(func(ctx context.Context, c storetest.Call) error {
		if c.Method == storetest.Get && during.Key != "" {
			op := during
			during = store.Op{}
			return s.Commit(ctx, op)
		}
		return nil
	})
	for _, disturbs := range []bool{false, true} {
		if _, err := s.Get(t.Context(), "rolle/1"); err != nil {
			t.Fatal(err)
		}
		if err := inner.Commit(t.Context(), store.Put("rolle/1", []byte("b"))); err != nil { // by another process
			t.Fatal(err)
		}
		r, err := s.Get(t.Context(), "rolle/1")
		if err != nil || (string(r.Value) == "b") != disturbs {
			t.Errorf("%s %v: disturbed %t", r.Value, err, disturbs)
		}
		if err := s.Commit(t.Context(), store.Put("rolle/1", []byte("a"))); err != nil {
			t.Fatal(err)
		}
		during = store.Put("logg/2", nil)
	}
}
