package lastuse

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

// counted counts the records that are written, and fails while it is told to.
type counted struct {
	store.Store
	writes int
	down   bool
}

func (c *counted) Commit(ctx context.Context, ops ...store.Op) error {
	if c.down {
		return errors.New("down")
	}
	c.writes += len(ops)
	return c.Store.Commit(ctx, ops...)
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func (n *Notes) at(t *testing.T, id string) time.Time {
	t.Helper()
	last, err := n.Last(t.Context(), []string{id})
	if err != nil {
		t.Fatal(err)
	}
	return last[id]
}

func TestOneWriteAnHour(t *testing.T) {
	s := &counted{Store: storetest.NewMemory()}
	n := New(s)
	for i := range 100 {
		n.Note("a", noon.Add(time.Duration(i)*time.Second))
	}
	if got := n.at(t, "a"); !got.Equal(noon.Add(99*time.Second)) || s.writes != 1 {
		t.Errorf("%v after %d writes", got, s.writes)
	}
	n.Note("a", noon.Add(time.Hour))
	if n.at(t, "a"); s.writes != 1 {
		t.Error("twice within an hour")
	}
	n.Note("a", noon.Add(2*time.Hour))
	if got := n.at(t, "a"); !got.Equal(noon.Add(2*time.Hour)) || s.writes != 2 || !n.at(t, "b").IsZero() {
		t.Errorf("%v after %d writes", got, s.writes)
	}
	(*Notes)(nil).Note("a", noon)
}

func TestWhatCouldNotBeWrittenWaits(t *testing.T) {
	s := &counted{Store: storetest.NewMemory(), down: true}
	n := New(s)
	n.Note("a", noon)
	if n.Flush(t.Context()) == nil {
		t.Error("written while the store is down")
	}
	s.down = false
	if !n.at(t, "a").Equal(noon) {
		t.Error("forgotten")
	}
}

func TestNotesAreBounded(t *testing.T) {
	s := &counted{Store: storetest.NewMemory()}
	n := New(s)
	for range 3 {
		for i := range maxNoted + 10 {
			n.Note(fmt.Sprint(i), noon)
		}
	}
	if len(n.waiting) != maxNoted {
		t.Errorf("%d wait", len(n.waiting))
	}
	if err := n.Flush(t.Context()); err != nil || len(n.written) > maxNoted || s.writes != maxNoted {
		t.Errorf("%v, %d written, %d known", err, s.writes, len(n.written))
	}
}

func TestRunFlushesAtTicksAndAtTheEnd(t *testing.T) {
	s := &counted{Store: storetest.NewMemory()}
	n := New(s)
	ctx, stop := context.WithCancel(t.Context())
	tick := make(chan time.Time)
	var running sync.WaitGroup
	running.Go(func() { n.Run(ctx, tick) })
	n.Note("a", noon)
	tick <- noon
	tick <- noon // taken only after the first was worked off
	if _, err := s.Get(t.Context(), key("a")); err != nil {
		t.Error(err)
	}
	n.Note("b", noon)
	stop()
	running.Wait()
	if _, err := s.Get(t.Context(), key("b")); err != nil {
		t.Error(err)
	}
}
