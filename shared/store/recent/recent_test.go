package recent_test

import (
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
