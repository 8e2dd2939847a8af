package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"hjemmel/shared/fault"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is an outbox on a store that can fail, with a clock that is set by hand.
type bench struct {
	*Outbox
	store *storetest.FaultyStore
	clock time.Time
}

func newBench(t interface {
	Helper()
	Fatal(...any)
}) *bench {
	t.Helper()
	b := &bench{store: storetest.Faulty(storetest.NewMemory()), clock: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	var err error
	if b.Outbox, err = New(b.store, "lister", func() time.Time { return b.clock }); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) ordered(t *testing.T, id string) {
	t.Helper()
	op, err := b.Order(id, []byte("alt"))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.store.Commit(t.Context(), op); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) take(t *testing.T, id string) *Lease {
	t.Helper()
	l, err := b.Take(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (b *bench) has(t *testing.T, key string) bool {
	t.Helper()
	_, err := b.store.Get(t.Context(), key)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

// thrice is work of three commits, which resumes after the last one that was made.
func (b *bench) thrice(ctx context.Context, l *Lease) ([]store.Op, error) {
	for _, at := range []string{"del/1", "del/2"} {
		if _, err := b.store.Get(ctx, at); err == nil {
			continue
		}
		if err := l.Commit(ctx, store.Create(at, nil)); err != nil {
			return nil, err
		}
	}
	return []store.Op{store.Create("ferdig/1", l.Body)}, nil
}

// Whichever commit is the process's last, before or after it took effect: what was ordered is done when
// somebody comes back, once, and what was not is not.
func TestWhatIsOrderedIsDoneWhoeverDies(t *testing.T) {
	for mode, when := range map[string]storetest.Moment{"before": storetest.Before, "after": storetest.After} {
		n := 0
		for dead := true; dead; n++ {
			b := newBench(t)
			b.store.Crash(when, n+1)
			op, err := b.Order("1", []byte("alt"))
			if err != nil {
				t.Fatal(err)
			}
			ctx := t.Context()
			work := func(ctx context.Context, id string) error { return b.Work(ctx, id, b.thrice) }
			if b.store.Commit(ctx, op, store.Create("ordre/1", nil)) == nil {
				_, _ = b.Sweep(ctx, work) // what it makes of it is what this is about
			}
			dead = b.store.Dead()
			b.store.Revive()
			for range 3 {
				b.clock = b.clock.Add(2 * time.Hour)
				if _, err := b.Sweep(ctx, work); err != nil {
					t.Errorf("%s %d: %v", mode, n, err)
				}
			}
			waiting, err := b.Waiting(ctx)
			if b.has(t, "ordre/1") != b.has(t, "ferdig/1") || b.has(t, "del/1") != b.has(t, "del/2") || waiting != 0 || err != nil {
				t.Errorf("%s commit %d: ordered %t, done %t, %d wait", mode, n+1, b.has(t, "ordre/1"), b.has(t, "ferdig/1"), waiting)
			}
		}
		if n < 7 { // order, put off, take, two parts, done; and one more that is never reached
			t.Errorf("%s: only %d commits were a process's last", mode, n-1)
		}
	}
}

// A lease is held by one. When it has run out another takes it over, and of the first nothing is written
// from then on.
func TestOneHoldsTheWork(t *testing.T) {
	b, ctx := newBench(t), t.Context()
	b.ordered(t, "1")
	first := b.take(t, "1")
	if first.Tries != 1 || string(first.Body) != "alt" {
		t.Errorf("%+v", first)
	}
	if _, err := b.Take(ctx, "1"); !errors.Is(err, ErrTaken) {
		t.Errorf("%v", err)
	}
	b.clock = b.clock.Add(b.Lease - time.Second)
	if err := first.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	b.clock = b.clock.Add(b.Lease - time.Second) // it was extended
	if _, err := b.Take(ctx, "1"); !errors.Is(err, ErrTaken) {
		t.Errorf("%v", err)
	}
	b.clock = b.clock.Add(time.Second)
	second := b.take(t, "1")
	for name, err := range map[string]error{
		"commit": first.Commit(ctx, store.Create("a", nil)), "done": first.Done(ctx, store.Create("b", nil)), "release": first.Release(ctx),
	} {
		if !errors.Is(err, ErrLost) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b.has(t, "a") || b.has(t, "b") || second.Tries != 2 {
		t.Error("one who lost the lease has written")
	}
	if err := second.Done(ctx, store.Create("c", nil)); err != nil || !b.has(t, "c") {
		t.Error(err)
	}
	if _, err := b.Take(ctx, "1"); !errors.Is(err, ErrDone) {
		t.Errorf("%v", err)
	}
	if err := second.Commit(ctx); !errors.Is(err, ErrLost) {
		t.Errorf("%v", err)
	}
}

// A late worker whom nobody has taken over from may finish.
func TestALateWorkerMayFinish(t *testing.T) {
	b := newBench(t)
	b.ordered(t, "1")
	l := b.take(t, "1")
	b.clock = b.clock.Add(time.Hour)
	if err := l.Done(t.Context()); err != nil {
		t.Error(err)
	}
}

// A write of the worker's own that is refused is told as what it is, and ends nothing.
func TestARefusedWriteIsNoLostLease(t *testing.T) {
	b, ctx := newBench(t), t.Context()
	b.ordered(t, "1")
	if err := b.store.Commit(ctx, store.Create("a", nil)); err != nil {
		t.Fatal(err)
	}
	l := b.take(t, "1")
	if err := l.Done(ctx, store.Create("a", nil), store.Create("b", nil)); !errors.Is(err, store.ErrConflict) || b.has(t, "b") {
		t.Errorf("%v", err)
	}
	if err := l.Commit(ctx, store.Create("b", nil)); err != nil {
		t.Error(err)
	}
}

// What one orders twice is a conflict, and an order that cannot be is refused.
func TestOrders(t *testing.T) {
	b := newBench(t)
	b.ordered(t, "1")
	op, _ := b.Order("1", nil)
	if err := b.store.Commit(t.Context(), op); !errors.Is(err, store.ErrConflict) {
		t.Errorf("%v", err)
	}
	for _, id := range []string{"", "a/b", "a b", strings.Repeat("a", 129)} {
		if _, err := b.Order(id, nil); !fault.Is(err, fault.Internal) {
			t.Errorf("%q: %v", id, err)
		}
		if _, err := b.Take(t.Context(), id); !errors.Is(err, ErrDone) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if _, err := b.Order("2", make([]byte, MaxBody+1)); !fault.Is(err, fault.Internal) {
		t.Errorf("%v", err)
	}
	if _, err := New(b.store, "lister/alle", time.Now); !fault.Is(err, fault.Internal) {
		t.Errorf("%v", err)
	}
}

// An order is sent at once, again when it is overdue, and not while somebody works; after each failure it
// rests twice as long, an hour at most.
func TestWhenOrdersAreSent(t *testing.T) {
	b, ctx := newBench(t), t.Context()
	b.ordered(t, "1")
	sweep := func(after time.Duration) (ids []string) {
		t.Helper()
		b.clock = b.clock.Add(after)
		n, err := b.Sweep(ctx, func(_ context.Context, id string) error { ids = append(ids, id); return nil })
		if err != nil || n != len(ids) {
			t.Errorf("%d sent, %v", n, err)
		}
		return ids
	}
	for i, s := range []struct {
		after time.Duration
		sent  int
	}{{0, 1}, {0, 0}, {b.Again - 1, 0}, {1, 1}} {
		if got := sweep(s.after); len(got) != s.sent {
			t.Errorf("sweep %d sends %v", i, got)
		}
	}
	for try, rest := 1, b.Again; try < 12; try, rest = try+1, min(2*rest, time.Hour) {
		l := b.take(t, "1")
		if got := sweep(b.Lease - 1); len(got) != 0 {
			t.Error("sent while somebody works")
		}
		if err := l.Release(ctx); err != nil {
			t.Fatal(err)
		}
		if early, due := sweep(rest-1), sweep(1); len(early) != 0 || len(due) != 1 {
			t.Errorf("after try %d: %v, then %v", try, early, due)
		}
	}
}

// Workers who die do not make work rest longer when it fails at last.
func TestWorkersWhoDieAreNoFailures(t *testing.T) {
	b, ctx := newBench(t), t.Context()
	b.ordered(t, "1")
	for range 12 {
		b.take(t, "1")
		b.clock = b.clock.Add(b.Lease)
	}
	if err := b.take(t, "1").Release(ctx); err != nil {
		t.Fatal(err)
	}
	b.clock = b.clock.Add(b.Again)
	if n, err := b.Sweep(ctx, func(context.Context, string) error { return nil }); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// What cannot be sent is told, does not keep the rest, and is sent again when it is overdue.
func TestWhatCannotBeSent(t *testing.T) {
	b, ctx := newBench(t), t.Context()
	b.ordered(t, "1")
	b.ordered(t, "2")
	refuse := func(_ context.Context, id string) error {
		if id == "1" {
			return errors.New("no")
		}
		return nil
	}
	if n, err := b.Sweep(ctx, refuse); n != 1 || err == nil {
		t.Errorf("%d, %v", n, err)
	}
	b.clock = b.clock.Add(b.Again)
	if n, err := b.Sweep(ctx, func(context.Context, string) error { return nil }); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// Of many who sweep at once, and of many who take, one does.
func TestOneOfMany(t *testing.T) {
	b := newBench(t)
	b.ordered(t, "1")
	var mu sync.Mutex
	sent, taken := 0, 0
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			n, err := b.Sweep(t.Context(), func(context.Context, string) error { return nil })
			_, took := b.Take(t.Context(), "1")
			mu.Lock()
			defer mu.Unlock()
			if err != nil || took != nil && !errors.Is(took, ErrTaken) {
				t.Error(err, took)
			}
			sent += n
			if took == nil {
				taken++
			}
		})
	}
	all.Wait()
	if sent > 1 || taken != 1 {
		t.Errorf("%d sent, %d took", sent, taken)
	}
}

// Who works long keeps the lease, and who loses it is told to stop and has written nothing.
func TestALeaseIsExtendedWhileOneWorks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state := storetest.NewMemory()
		box, err := New(state, "lister", time.Now)
		if err != nil {
			t.Fatal(err)
		}
		op, err := box.Order("1", nil)
		if err != nil || state.Commit(t.Context(), op) != nil {
			t.Fatal(err)
		}
		long := func(ctx context.Context, _ *Lease) ([]store.Op, error) {
			time.Sleep(10 * box.Lease)
			if _, err := box.Take(ctx, "1"); !errors.Is(err, ErrTaken) {
				t.Errorf("taken while somebody works: %v", err)
			}
			r, err := state.Get(ctx, "utboks/lister/1")
			if err != nil || state.Commit(ctx, store.DeleteIf(r.Key, r.Revision)) != nil {
				t.Error(err)
			}
			<-ctx.Done()
			return []store.Op{store.Create("ferdig/1", nil)}, nil
		}
		if err := box.Work(t.Context(), "1", long); !errors.Is(err, ErrLost) {
			t.Errorf("%v", err)
		}
		if _, err := state.Get(t.Context(), "ferdig/1"); !errors.Is(err, store.ErrNotFound) {
			t.Error("one who lost the lease has written")
		}
	})
}

// Whoever takes, commits, gives up, comes late or finishes in whatever order while time passes: the work is
// finished by one, and each part of it is written by one who held the lease then.
func TestWhoeverDoesWhatItIsFinishedOnce(t *testing.T) {
	finished := 0
	rapid.Check(t, func(t *rapid.T) {
		b, ctx := newBench(t), context.Background()
		op, err := b.Order("1", nil)
		if err != nil || b.store.Commit(ctx, op) != nil {
			t.Fatal(err)
		}
		var leases []*Lease
		holder, done, part := -1, -1, 0
		for range rapid.IntRange(5, 40).Draw(t, "steps") {
			if rapid.IntRange(0, 4).Draw(t, "wait") == 0 {
				b.clock = b.clock.Add(rapid.SampledFrom([]time.Duration{time.Second, b.Lease - time.Second, b.Lease, time.Hour}).Draw(t, "time"))
			}
			who := rapid.IntRange(0, max(0, len(leases)-1)).Draw(t, "who")
			act := rapid.SampledFrom([]string{"take", "commit", "commit", "done", "release"}).Draw(t, "act")
			if act == "take" || len(leases) == 0 {
				switch l, err := b.Take(ctx, "1"); {
				case err == nil && done >= 0:
					t.Fatal("work that is done was taken")
				case err == nil:
					leases, holder = append(leases, l), len(leases)
				case !errors.Is(err, ErrTaken) && !errors.Is(err, ErrDone):
					t.Fatal(err)
				}
				continue
			}
			part++
			write := store.Create(fmt.Sprint("del/", part), nil)
			switch act {
			case "commit":
				err = leases[who].Commit(ctx, write)
			case "done":
				err = leases[who].Done(ctx, write)
			case "release":
				err = leases[who].Release(ctx)
			}
			if (err == nil) != (who == holder) || err != nil && !errors.Is(err, ErrLost) {
				t.Fatalf("%d does %s while %d holds: %v", who, act, holder, err)
			}
			found, getErr := b.store.Get(ctx, write.Key)
			if written := getErr == nil; written != (err == nil && act != "release") {
				t.Fatalf("%s is written: %t %v", write.Key, written, found)
			}
			if err == nil && act == "done" {
				done = who
				finished++
			}
			if err == nil && slices.Contains([]string{"done", "release"}, act) {
				holder = -1
			}
		}
	})
	if finished < 20 {
		t.Errorf("finished %d times: too few to tell", finished)
	}
}

// Work that fails is given back to rest, also where the caller has gone.
func TestWorkThatFailsIsGivenBack(t *testing.T) {
	b := newBench(t)
	b.ordered(t, "1")
	ctx, leave := context.WithCancel(t.Context())
	fail := func(context.Context, *Lease) ([]store.Op, error) {
		leave()
		return nil, errors.New("not today")
	}
	if err := b.Work(ctx, "1", fail); err == nil || err.Error() != "not today" {
		t.Errorf("%v", err)
	}
	if l := b.take(t, "1"); l.Tries != 2 {
		t.Errorf("%d", l.Tries)
	}
	if err := b.Work(t.Context(), "aldri-bestilt", fail); err != nil {
		t.Errorf("%v", err)
	}
	if err := b.Work(t.Context(), "1", fail); err != nil {
		t.Errorf("work that somebody holds: %v", err)
	}
}

// What is ordered anew is done anew: whoever holds it loses it, and what is done is not thereby undone.
func TestWhatIsOrderedAnewIsDoneAnew(t *testing.T) {
	b := newBench(t)
	anew := func() {
		t.Helper()
		op, err := b.Anew(t.Context(), "a", []byte("again"))
		if err != nil {
			t.Fatal(err)
		}
		if err := b.store.Commit(t.Context(), op); err != nil {
			t.Fatal(err)
		}
	}
	anew() // of what was never ordered
	first := b.take(t, "a")
	anew()
	if err := first.Done(t.Context()); !errors.Is(err, ErrLost) {
		t.Errorf("the first one ended it: %v", err)
	}
	fence, err := first.Fence(t.Context())
	if !errors.Is(err, ErrLost) {
		t.Errorf("%v %v", fence, err)
	}
	second := b.take(t, "a")
	if fence, err = second.Fence(t.Context()); err != nil {
		t.Fatal(err)
	}
	anew()
	if err := b.store.Commit(t.Context(), fence); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a fence of a lost lease holds: %v", err)
	}
	third := b.take(t, "a")
	if string(third.Body) != "again" || third.Done(t.Context()) != nil {
		t.Error("it cannot be done")
	}
	if _, err := b.Anew(t.Context(), "a/b", nil); err == nil {
		t.Error("an id that is none")
	}
}
