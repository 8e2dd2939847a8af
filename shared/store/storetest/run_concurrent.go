package storetest

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"hjemmel/shared/store"
)

const (
	workers = 8
	rounds  = 10
)

// testCounters lets all workers count up one record, each from what it read.
func testCounters(t *testing.T, s store.Store) {
	commit(t, s, store.Create("n", []byte("0")))
	together(func(int) {
		for range rounds {
			for !raise(t, s, "n") {
			}
		}
	})
	if got := number(t, get(t, s, "n")); got != workers*rounds {
		t.Errorf("got %d, want %d: an update is lost or done twice", got, workers*rounds)
	}
}

// raise adds one, or says that someone else was faster. It also gives up, with an error, when the
// store fails.
func raise(t *testing.T, s store.Store, key string) bool {
	r, err := s.Get(t.Context(), key)
	if err != nil {
		t.Errorf("get: %v", err)
		return true
	}
	next := strconv.AppendInt(nil, int64(number(t, r)+1), 10)
	return settled(t, s.Commit(t.Context(), store.PutIf(key, next, r.Revision)))
}

// settled says whether a commit needs no new try.
func settled(t *testing.T, err error) bool {
	if err != nil && !errors.Is(err, store.ErrConflict) {
		t.Errorf("commit: %v", err)
		return true
	}
	return err == nil
}

// testOneWinner lets all workers create the same keys, some of them with a companion.
func testOneWinner(t *testing.T, s store.Store) {
	for round := range rounds {
		key := fmt.Sprintf("won/%d", round)
		var won atomic.Int32
		together(func(worker int) {
			err := s.Commit(t.Context(), store.Create(key, []byte{byte(worker)}), store.Create(fmt.Sprintf("by/%d/%d", round, worker), nil))
			if settled(t, err) {
				won.Add(1)
			}
		})
		companions, err := s.Scan(t.Context(), fmt.Sprintf("by/%d/", round), "", workers)
		must(t, err)
		if won.Load() != 1 || len(companions) != 1 {
			t.Fatalf("%d winners, %d companions; want one", won.Load(), len(companions))
		}
		if by := fmt.Sprintf("by/%d/%d", round, get(t, s, key).Value[0]); companions[0].Key != by {
			t.Fatalf("the companion %q is not the winner's", companions[0].Key)
		}
	}
}

// testTransfers moves units between accounts, two preconditions and an entry a commit: nothing is
// made or lost, and each success has its entry.
func testTransfers(t *testing.T, s store.Store) {
	const accounts, stock = 3, 1000
	for i := range accounts {
		commit(t, s, store.Create(account(i), strconv.AppendInt(nil, stock, 10)))
	}
	together(func(worker int) {
		for round := range rounds / 2 {
			for !transfer(t, s, account(worker%accounts), account((worker+1+round%2)%accounts), fmt.Sprintf("entry/%d/%d", worker, round)) {
			}
		}
	})
	total := 0
	for i := range accounts {
		total += number(t, get(t, s, account(i)))
	}
	entries, err := s.Scan(t.Context(), "entry/", "", store.MaxScan)
	must(t, err)
	if total != accounts*stock || len(entries) != workers*(rounds/2) {
		t.Errorf("%d units and %d entries, want %d and %d", total, len(entries), accounts*stock, workers*(rounds/2))
	}
}

func account(i int) string { return fmt.Sprintf("account/%d", i) }

func transfer(t *testing.T, s store.Store, from, to, entry string) bool {
	found, err := s.GetMany(t.Context(), []string{from, to})
	if err != nil {
		t.Errorf("get many: %v", err)
		return true
	}
	a, b := found[from], found[to]
	return settled(t, s.Commit(t.Context(),
		store.PutIf(from, strconv.AppendInt(nil, int64(number(t, a)-1), 10), a.Revision),
		store.PutIf(to, strconv.AppendInt(nil, int64(number(t, b)+1), 10), b.Revision),
		store.Create(entry, nil)))
}

// together runs work in all workers and waits for them.
func together(work func(worker int)) {
	var wg sync.WaitGroup
	for worker := range workers {
		wg.Go(func() { work(worker) })
	}
	wg.Wait()
}

func number(t *testing.T, r store.Record) int {
	n, err := strconv.Atoi(string(r.Value))
	if err != nil {
		t.Errorf("%q is not a number", r.Key)
	}
	return n
}
