// Package queuetest holds the conformance suite of the queue port: whatever carries the ids, orders are
// done, each effect is there once, and nothing is lost.
package queuetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"hjemmel/shared/queue"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

// Open starts a driver that does the work of an outbox until the test ends, three pieces at once, and gives
// how ids are sent to it.
type Open func(t *testing.T, o *queue.Outbox, do queue.Handler) queue.Send

// Run is the suite.
func Run(t *testing.T, open Open) {
	for name, test := range map[string]func(*testing.T, *bench){
		"done once":              testDoneOnce,
		"sent twice":             testSentTwice,
		"messages that are lost": testLost,
		"work that fails":        testFails,
		"work that panics":       testPanics,
		"at once":                testAtOnce,
	} {
		t.Run(name, func(t *testing.T) { test(t, newBench(t, open)) })
	}
}

// bench is a driver with work to do: each order makes one record, and how often it was tried is counted.
type bench struct {
	state store.Store
	box   *queue.Outbox
	send  queue.Send

	mu    sync.Mutex
	tries map[string]int
	fail  func(tries int) error
	busy  int
	most  int
}

func newBench(t *testing.T, open Open) *bench {
	t.Helper()
	b := &bench{state: storetest.NewMemory(), tries: map[string]int{}, fail: func(int) error { return nil }}
	var err error
	if b.box, err = queue.New(b.state, "proeve", time.Now); err != nil {
		t.Fatal(err)
	}
	b.box.Again, b.box.Lease = 20*time.Millisecond, 300*time.Millisecond
	b.send = open(t, b.box, b.work)
	return b
}

func (b *bench) work(_ context.Context, l *queue.Lease) ([]store.Op, error) {
	tries := b.enter(l.ID)
	defer b.leave()
	if err := b.fail(tries); err != nil {
		return nil, err
	}
	time.Sleep(time.Millisecond)
	return []store.Op{store.Create("ferdig/"+l.ID, l.Body)}, nil
}

func (b *bench) enter(id string) (tries int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tries[id]++
	b.busy++
	b.most = max(b.most, b.busy)
	return b.tries[id]
}

func (b *bench) leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.busy--
}

// order orders so many pieces of work.
func (b *bench) order(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		op, err := b.box.Order(fmt.Sprint(i), []byte("alt om "+fmt.Sprint(i)))
		if err != nil {
			t.Fatal(err)
		}
		if err := b.state.Commit(t.Context(), op, store.Create(fmt.Sprint("ordre/", i), nil)); err != nil {
			t.Fatal(err)
		}
	}
}

// all waits until everything that was ordered is done, sweeping as a schedule would.
func (b *bench) all(t *testing.T, n int, send queue.Send) {
	t.Helper()
	for deadline := time.After(20 * time.Second); ; {
		if _, err := b.box.Sweep(t.Context(), send); err != nil {
			t.Fatal(err)
		}
		waiting, err := b.box.Waiting(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if waiting == 0 {
			break
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-deadline:
			t.Fatalf("%d orders are not done", waiting)
		}
	}
	done, err := store.All(t.Context(), b.state, "ferdig/")
	if err != nil || len(done) != n {
		t.Fatalf("%d of %d are done: %v", len(done), n, err)
	}
	for _, r := range done {
		if string(r.Value) != "alt om "+r.Key[len("ferdig/"):] {
			t.Errorf("%s was done as %s", r.Key, r.Value)
		}
	}
}

func testDoneOnce(t *testing.T, b *bench) {
	b.order(t, 40)
	b.all(t, 40, b.send)
}

func testSentTwice(t *testing.T, b *bench) {
	b.order(t, 20)
	b.all(t, 20, func(ctx context.Context, id string) error {
		return errors.Join(b.send(ctx, id), b.send(ctx, id), b.send(ctx, "aldri-bestilt"))
	})
}

// Every other message is lost, and one cannot be sent at all at first.
func testLost(t *testing.T, b *bench) {
	b.order(t, 20)
	sent := 0
	b.all(t, 20, func(ctx context.Context, id string) error {
		if sent++; sent%2 == 0 {
			return nil
		}
		return b.send(ctx, id)
	})
}

func testFails(t *testing.T, b *bench) {
	b.fail = func(tries int) error {
		if tries < 3 {
			return errors.New("not yet")
		}
		return nil
	}
	b.order(t, 6)
	b.all(t, 6, b.send)
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, n := range b.tries {
		if n < 3 {
			t.Errorf("%s was done after %d tries", id, n)
		}
	}
}

func testPanics(t *testing.T, b *bench) {
	b.fail = func(tries int) error {
		if tries == 1 {
			panic("work")
		}
		return nil
	}
	b.order(t, 3)
	b.all(t, 3, b.send)
}

// No more is done at once than the driver was told.
func testAtOnce(t *testing.T, b *bench) {
	b.order(t, 40)
	b.all(t, 40, b.send)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.most > 3 {
		t.Errorf("%d at once", b.most)
	}
}
