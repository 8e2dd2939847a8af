package audit_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/store/storetest"
)

// An append whose commit failed is not acknowledged, whether the store has it or not, and its
// numbers are never given to other entries.
func TestAFailedCommitIsNeverAcknowledged(t *testing.T) {
	for name, c := range map[string]struct {
		when storetest.Moment
		left int // entries of the failed append in the store
	}{"failAppendAndNotPersisted": {storetest.Before, 0}, "failAppendButPersisted": {storetest.After, 3}} {
		t.Run(name, func(t *testing.T) {
			l, s := open(t)
			before := start(t.Context(), t, l, "before", 2)()
			s.FailCommit(c.when, 1)
			failed := start(t.Context(), t, l, "failed", 3)()
			after := start(t.Context(), t, l, "after", 2)()
			if err := failed[0].err; !fault.Is(err, fault.Unavailable) || !errors.Is(err, storetest.ErrInjected) || fault.Of(err).Code != "LOGG_UTILGJENGELIG" {
				t.Errorf("the failure is told as %v", err)
			}
			acknowledged(t, s, all(t, append(before, after...))...)
			acknowledged(t, s, failed...)
			writers := byWriter(t, s)
			if len(writers) != 2 || len(stored(t, s)) != 4+c.left {
				t.Errorf("%d writers, %d entries", len(writers), len(stored(t, s)))
			}
			if a, b := before[0].receipt.EntryID(), after[0].receipt.EntryID(); a[:20] == b[:20] || a[20:] != "-1" || b[20:] != "-1" {
				t.Errorf("numbering goes on: %s, %s", a, b)
			}
		})
	}
}

// Everybody in a failed commit is told, and nobody in the one before or after it.
func TestAFailedCommitFailsItsWholeBatch(t *testing.T) {
	for _, when := range []storetest.Moment{storetest.Before, storetest.After} {
		synctest.Test(t, func(t *testing.T) {
			l, s := open(t)
			release := hold(s)
			first := start(t.Context(), t, l, "first", 1)
			synctest.Wait()
			rest := start(t.Context(), t, l, "rest", ones(20)...)
			synctest.Wait()
			s.FailCommit(when, 1) // the next to come
			release()
			all(t, first())
			for _, o := range rest() {
				if acknowledged(t, s, o) > 0 {
					t.Fatal("acknowledged in a commit that failed")
				}
			}
			acknowledged(t, s, all(t, start(t.Context(), t, l, "last", 1)())...)
			if n := len(stored(t, s)); len(byWriter(t, s)) != 2 || n != 2+20*int(when) || s.Commits() != 3 {
				t.Errorf("%d entries after %d commits", n, s.Commits())
			}
		})
	}
}

// A store that does not answer holds nobody for ever, whatever deadline they came with, and the
// first caller's own deadline does not cut the commit that others wait for.
func TestASlowStoreIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := open(t)
		begin := time.Now()
		hold(s)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		hasty := start(ctx, t, l, "hasty", 1)
		synctest.Wait()
		patient := start(t.Context(), t, l, "patient", ones(50)...)
		for _, o := range append(hasty(), patient()...) {
			if !fault.Is(o.err, fault.Unavailable) || !errors.Is(o.err, context.DeadlineExceeded) || o.receipt.Valid() {
				t.Fatal(o.err)
			}
		}
		if waited := time.Since(begin); waited < 10*time.Second || waited > 21*time.Second { // of a clock that tests own
			t.Errorf("given up after %v", waited)
		}
		s.Hook(nil)
		acknowledged(t, s, all(t, start(t.Context(), t, l, "later", 1)())...)
	})
}

// A caller who leaves while the entry waits takes nobody along: the entry is written, and the
// outcome told is the true one.
func TestACallerWhoLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := open(t)
		release := hold(s)
		ctx, cancel := context.WithCancel(t.Context())
		leaving := start(ctx, t, l, "leaving", 1, 2)
		synctest.Wait()
		staying := start(t.Context(), t, l, "staying", ones(5)...)
		synctest.Wait()
		cancel()
		release()
		acknowledged(t, s, all(t, append(leaving(), staying()...))...)

		// Before it is queued there is nothing to be true about: either nothing is written, or all is.
		for i := range 20 {
			before := len(stored(t, s))
			o := start(ctx, t, l, fmt.Sprint("gone", i), 2)()
			if n := acknowledged(t, s, o...); len(stored(t, s)) != before+n {
				t.Fatalf("%d entries more, %d acknowledged", len(stored(t, s))-before, n)
			}
		}
	})
}

// A full queue lets go of those who cannot wait.
func TestAFullQueueKeepsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := open(t)
		release := hold(s)
		first := start(t.Context(), t, l, "first", 1)
		synctest.Wait() // it is in the writer's hands
		queued := start(t.Context(), t, l, "queued", ones(256)...)
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for _, o := range start(ctx, t, l, "late", ones(10)...)() {
			if !fault.Is(o.err, fault.Unavailable) || !errors.Is(o.err, context.DeadlineExceeded) {
				t.Fatal(o.err)
			}
		}
		release()
		acknowledged(t, s, all(t, append(first(), queued()...))...)
		if n := len(stored(t, s)); n != 257 {
			t.Errorf("%d entries", n)
		}
	})
}

// machine is several processes that append to one store, which fails as it likes.
type machine struct {
	s        *storetest.FaultyStore
	logs     []*audit.Log
	outcomes []outcome
	lost     bool // some commit took effect and its answer was lost
}

func (m *machine) append(t *rapid.T) {
	sizes := rapid.SliceOfN(rapid.IntRange(1, 4), 1, 5).Draw(t, "sizes")
	var wg sync.WaitGroup
	outcomes := make([]outcome, len(sizes))
	for i, n := range sizes {
		l := rapid.SampledFrom(m.logs).Draw(t, "process")
		outcomes[i].entries = about(t, fmt.Sprintf("%d", len(m.outcomes)+i), n)
		wg.Go(func() { outcomes[i].receipt, outcomes[i].err = l.Append(context.Background(), outcomes[i].entries...) })
	}
	wg.Wait()
	m.outcomes = append(m.outcomes, outcomes...)
}

func (m *machine) fail(t *rapid.T) {
	when := rapid.SampledFrom([]storetest.Moment{storetest.Before, storetest.After}).Draw(t, "when")
	m.lost = m.lost || when == storetest.After
	n := rapid.IntRange(1, 3).Draw(t, "times")
	if rapid.Bool().Draw(t, "crash") {
		m.s.Crash(when, n)
	} else {
		m.s.FailCommit(when, n)
	}
}

// restart ends one process and starts another, on a store that has come back.
func (m *machine) restart(t *rapid.T) {
	m.s.Revive()
	i := rapid.IntRange(0, len(m.logs)-1).Draw(t, "process")
	m.logs[i].Close()
	m.logs[i] = audit.NewLog(m.s, keys(t), time.Now)
}

// check wants every acknowledged entry in the store, once, in a sequence without gaps, and nothing
// that nobody appended.
func (m *machine) check(t *rapid.T) {
	m.s.Revive()
	n := acknowledged(t, m.s, m.outcomes...)
	seen := map[string]bool{}
	for _, entries := range byWriter(t, m.s) {
		for _, e := range entries {
			if seen[e.RequestID] {
				t.Fatalf("%s is written twice", e.RequestID)
			}
			seen[e.RequestID] = true
		}
	}
	for _, o := range m.outcomes {
		there := 0
		for _, e := range o.entries {
			if seen[e.RequestID] {
				there++
				delete(seen, e.RequestID)
			}
		}
		if there != 0 && there != len(o.entries) {
			t.Fatalf("%d of %d entries of one append are written", there, len(o.entries))
		}
	}
	if len(seen) > 0 {
		t.Fatalf("entries that nobody appended: %v", seen)
	}
	if written := len(stored(t, m.s)); written < n || (!m.lost && written != n) {
		t.Fatalf("%d written, %d acknowledged", written, n)
	}
}

func TestNoAcknowledgedEntryIsEverMissing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &machine{s: storetest.Faulty(storetest.NewMemory())}
		for range 2 {
			m.logs = append(m.logs, audit.NewLog(m.s, keys(t), time.Now))
		}
		defer func() {
			for _, l := range m.logs {
				l.Close()
			}
		}()
		for _, step := range rapid.SliceOfN(rapid.SampledFrom([]string{"append", "append", "fail", "restart"}), 1, 16).Draw(t, "steps") {
			map[string]func(*rapid.T){"append": m.append, "fail": m.fail, "restart": m.restart}[step](t)
		}
		m.check(t)
	})
}
