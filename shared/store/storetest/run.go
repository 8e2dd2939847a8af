package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hjemmel/shared/fault"
	"hjemmel/shared/store"
)

// Run is the conformance suite. open gives an empty store of its own to each test and closes it by
// t.Cleanup; closing twice must do no harm.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, store.Store)
	}{
		{"machine", testMachine},
		{"bounds", testBounds},
		{"largest", testLargest},
		{"duplicate key", testDuplicate},
		{"atomic", testAtomic},
		{"revisions", testRevisions},
		{"order", testOrder},
		{"values", testValues},
		{"not shared", testNotShared},
		{"nothing", testNothing},
		{"cancelled", testCancelled},
		{"counters", testCounters},
		{"one winner", testOneWinner},
		{"transfers", testTransfers},
		{"closed", testClosed},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func testBounds(t *testing.T, s store.Store) {
	ctx := t.Context()
	long, bad := strings.Repeat("hemmelig", 100), "hemmelig nøkkel"
	_, get := s.Get(ctx, "")
	_, many := s.GetMany(ctx, []string{"lawful", long})
	_, low := s.Scan(ctx, "", "", 0)
	_, high := s.Scan(ctx, "", "", store.MaxScan+1)
	_, prefix := s.Scan(ctx, bad, "", 1)
	_, after := s.Scan(ctx, "", bad, 1)
	for name, err := range map[string]error{
		"get": get, "get many": many, "limit 0": low, "limit 1001": high, "prefix": prefix, "after": after,
		"commit a long key":    s.Commit(ctx, store.Create("lawful", nil), store.Put(long, nil)),
		"commit a bad key":     s.Commit(ctx, store.Create("lawful", nil), store.Put(bad, nil)),
		"commit a large value": s.Commit(ctx, store.Create("lawful", nil), store.Put("large", make([]byte, store.MaxValue+1))),
		"commit no operation":  s.Commit(ctx, store.Create("lawful", nil), store.Op{Key: "zero"}),
		"commit ten large":     s.Commit(ctx, numbered(10, func(int) []byte { return make([]byte, store.MaxValue) })...),
		"commit 2001":          s.Commit(ctx, numbered(store.MaxOps+1, func(int) []byte { return nil })...),
	} {
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: got %v, want a fault of kind Invalid", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "hemmelig") {
			t.Errorf("%s: the error tells the key", name)
		}
	}
	empty(t, s)
}

// testLargest commits what only just is lawful, in each direction but the total: the Firestore
// emulator takes requests of 4 MiB only, so each driver proves store.MaxCommit by itself.
func testLargest(t *testing.T, s store.Store) {
	key := strings.Repeat("/", store.MaxKey)
	value := bytes.Repeat([]byte{0xff}, store.MaxValue)
	commit(t, s, store.Create(key, value))
	if r := get(t, s, key); !bytes.Equal(r.Value, value) {
		t.Errorf("got %d bytes back, want %d", len(r.Value), len(value))
	}
	commit(t, s, store.DeleteIf(key, get(t, s, key).Revision))

	ops := numbered(store.MaxOps, func(int) []byte { return bytes.Repeat([]byte{1}, 600) })
	for i := range ops { // the worst case of key escaping
		ops[i].Key += strings.Repeat("/", store.MaxKey-len(ops[i].Key))
	}
	commit(t, s, ops...)
	first, err := s.Scan(t.Context(), "", "", store.MaxScan)
	must(t, err)
	second, err := s.Scan(t.Context(), "", first[len(first)-1].Key, store.MaxScan)
	must(t, err)
	all := append(first, second...)
	if len(all) != len(ops) {
		t.Fatalf("got %d records, want %d", len(all), len(ops))
	}
	for i, r := range all {
		if r.Key != ops[i].Key {
			t.Fatalf("record %d is out of order", i)
		}
	}
	commit(t, s, numbered(4, func(int) []byte { return value })...)
}

func testDuplicate(t *testing.T, s store.Store) {
	commit(t, s, store.Create("b", nil))
	r := get(t, s, "b").Revision
	for name, second := range map[string]store.Op{
		"put": store.Put("b", nil), "put if": store.PutIf("b", nil, r), "delete": store.DeleteIf("b", r), "create": store.Create("b", nil),
	} {
		if err := s.Commit(t.Context(), store.Create("a", nil), store.Put("b", nil), second); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: got %v, want a fault of kind Invalid", name, err)
		}
	}
	absent(t, s, "a")
	if get(t, s, "b").Revision != r {
		t.Error("a refused commit changed the record")
	}
}

// testAtomic lets each kind of precondition fail at each place in a commit of all kinds.
func testAtomic(t *testing.T, s store.Store) {
	commit(t, s, store.Create("old", []byte("1")), store.Create("gone", nil))
	stale := get(t, s, "old").Revision
	commit(t, s, store.Put("old", []byte("2")), store.DeleteIf("gone", get(t, s, "gone").Revision), store.Create("del", nil), store.Create("upd", nil))
	del, upd := get(t, s, "del").Revision, get(t, s, "upd").Revision
	for name, failing := range map[string]store.Op{
		"create what exists":   store.Create("old", nil),
		"put if stale":         store.PutIf("old", nil, stale),
		"put if absent":        store.PutIf("never", nil, stale),
		"put if deleted":       store.PutIf("gone", nil, stale),
		"put if zero revision": store.PutIf("never", nil, ""),
		"put if foreign":       store.PutIf("old", nil, "foreign revision"),
		"put if to come":       store.PutIf("old", nil, "9000000000000000"),
		"delete if to come":    store.DeleteIf("old", "9000000000000000"),
		"delete if stale":      store.DeleteIf("old", stale),
		"delete if absent":     store.DeleteIf("never", stale),
		"delete if deleted":    store.DeleteIf("gone", stale),
		"delete if zero":       store.DeleteIf("never", ""),
	} {
		for at := range 5 {
			ops := []store.Op{store.Create("new", nil), store.Put("put", nil), store.PutIf("upd", []byte("x"), upd), store.DeleteIf("del", del)}
			if err := s.Commit(t.Context(), slices.Insert(ops, at, failing)...); !errors.Is(err, store.ErrConflict) {
				t.Errorf("%s at %d: got %v, want a conflict", name, at, err)
			}
		}
	}
	absent(t, s, "new", "put", "never", "gone")
	if get(t, s, "del").Revision != del || get(t, s, "upd").Revision != upd || string(get(t, s, "old").Value) != "2" {
		t.Error("a conflict left something behind")
	}
}

// testRevisions: every write gives a revision that the record never had, also when the value stays
// and when the record was away in between.
func testRevisions(t *testing.T, s store.Store) {
	seen := map[store.Revision]bool{}
	next := func() store.Revision {
		r := get(t, s, "k").Revision
		if r == "" || seen[r] {
			t.Fatalf("revision %q was there before", r)
		}
		seen[r] = true
		return r
	}
	commit(t, s, store.Create("k", []byte("v")))
	for range 5 {
		first := next()
		commit(t, s, store.Put("k", []byte("v")))
		second := next()
		conflict(t, s, store.PutIf("k", []byte("v"), first))
		commit(t, s, store.PutIf("k", []byte("v"), second))
		third := next()
		commit(t, s, store.DeleteIf("k", third))
		conflict(t, s, store.DeleteIf("k", third))
		commit(t, s, store.Create("k", []byte("v")))
		conflict(t, s, store.PutIf("k", []byte("v"), third))
		conflict(t, s, store.DeleteIf("k", first))
	}
}

// testOrder pages through every printable byte and the odd keys.
func testOrder(t *testing.T, s store.Store) {
	want := slices.Clone(oddKeys)
	for c := byte('!'); c <= '~'; c++ {
		want = append(want, string(c), "p/"+string(c), "p/"+string(c)+"/q")
	}
	slices.Sort(want)
	want = slices.Compact(want)
	var ops []store.Op
	for _, k := range want {
		ops = append(ops, store.Create(k, []byte(k)))
	}
	commit(t, s, ops...)
	for _, prefix := range []string{"", "p", "p/", "p/.", "p//", "/", ".", "~", "__", "none/"} {
		part := slices.DeleteFunc(slices.Clone(want), func(k string) bool { return !strings.HasPrefix(k, prefix) })
		if got := pages(t, s, prefix, ""); !slices.Equal(got, part) {
			t.Errorf("prefix %q: got %d keys, want %d, or another order", prefix, len(got), len(part))
		}
		part = slices.DeleteFunc(part, func(k string) bool { return k == prefix })
		if got := pages(t, s, prefix, prefix); !slices.Equal(got, part) {
			t.Errorf("prefix %q after itself: got %d keys, want %d, or another order", prefix, len(got), len(part))
		}
	}
}

// pages scans to the end, or to more than the order test ever put in.
func pages(t *testing.T, s store.Store, prefix, after string) (got []string) {
	t.Helper()
	for len(got) < store.MaxScan {
		page, err := s.Scan(t.Context(), prefix, after, 37)
		must(t, err)
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			got = append(got, r.Key)
		}
		after = got[len(got)-1]
	}
	return got
}

func testValues(t *testing.T, s store.Store) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	values := map[string][]byte{"nil": nil, "empty": {}, "zero": {0}, "every": every, "text": []byte("æøå"), "json": []byte(`{"a":1}`), "large": bytes.Repeat(every, 400)}
	for k, v := range values {
		commit(t, s, store.Create(k, v))
		commit(t, s, store.Put(k+"/put", v), store.PutIf(k, v, get(t, s, k).Revision))
		for _, key := range []string{k, k + "/put"} {
			if r := get(t, s, key); !bytes.Equal(r.Value, v) || r.Key != key {
				t.Errorf("%s: came back otherwise", key)
			}
		}
	}
}

// testNotShared writes over every slice that went in or came out.
func testNotShared(t *testing.T, s store.Store) {
	in := []byte("value")
	ops := []store.Op{store.Create("a", in)}
	commit(t, s, ops...)
	clear(in)
	clear(ops)
	clear(get(t, s, "a").Value)
	many, err := s.GetMany(t.Context(), []string{"a"})
	must(t, err)
	clear(many["a"].Value)
	page, err := s.Scan(t.Context(), "", "", 1)
	must(t, err)
	clear(page[0].Value)
	if r := get(t, s, "a"); string(r.Value) != "value" {
		t.Errorf("the store shares its memory: %q", r.Value)
	}
}

func testNothing(t *testing.T, s store.Store) {
	must(t, s.Commit(t.Context()))
	found, err := s.GetMany(t.Context(), nil)
	must(t, err)
	if found == nil || len(found) != 0 {
		t.Errorf("got %v, want an empty map", found)
	}
	empty(t, s)
	commit(t, s, store.Create("a", nil))
	found, err = s.GetMany(t.Context(), []string{"a", "b", "a"})
	must(t, err)
	if _, ok := found["a"]; !ok || len(found) != 1 {
		t.Errorf("got %d records, want the one that exists", len(found))
	}
}

func testCancelled(t *testing.T, s store.Store) {
	commit(t, s, store.Create("a", nil))
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range each(cancelled, s) {
		if !errors.Is(err, context.Canceled) || !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: got %v, want an Unavailable fault that wraps context.Canceled", name, err)
		}
	}
	absent(t, s, "late")
}

func testClosed(t *testing.T, s store.Store) {
	commit(t, s, store.Create("a", nil))
	must(t, s.Close())
	for name, err := range each(t.Context(), s) {
		if err == nil || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrConflict) || fault.Is(err, fault.Invalid) {
			t.Errorf("%s: got %v, want a failure", name, err)
		}
	}
	must(t, s.Close())
}

// each calls every method.
func each(ctx context.Context, s store.Store) map[string]error {
	_, get := s.Get(ctx, "a")
	_, many := s.GetMany(ctx, []string{"a"})
	_, scan := s.Scan(ctx, "", "", 1)
	return map[string]error{"get": get, "get many": many, "scan": scan, "commit": s.Commit(ctx, store.Create("late", nil))}
}

// numbered gives n creates in key order.
func numbered(n int, value func(i int) []byte) (ops []store.Op) {
	for i := range n {
		ops = append(ops, store.Create(fmt.Sprintf("n/%04d", i), value(i)))
	}
	return ops
}
