package storetest

import (
	"errors"
	"testing"

	"hjemmel/shared/store"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func commit(t *testing.T, s store.Store, ops ...store.Op) {
	t.Helper()
	must(t, s.Commit(t.Context(), ops...))
}

func conflict(t *testing.T, s store.Store, ops ...store.Op) {
	t.Helper()
	if err := s.Commit(t.Context(), ops...); !errors.Is(err, store.ErrConflict) {
		t.Fatalf("got %v, want a conflict", err)
	}
}

func get(t *testing.T, s store.Store, key string) store.Record {
	t.Helper()
	r, err := s.Get(t.Context(), key)
	must(t, err)
	return r
}

func absent(t *testing.T, s store.Store, keys ...string) {
	t.Helper()
	found, err := s.GetMany(t.Context(), keys)
	must(t, err)
	for k := range found {
		t.Errorf("%q exists", k)
	}
	for _, k := range keys {
		if _, err := s.Get(t.Context(), k); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%q: got %v, want not found", k, err)
		}
	}
}

func empty(t *testing.T, s store.Store) {
	t.Helper()
	found, err := s.Scan(t.Context(), "", "", store.MaxScan)
	must(t, err)
	if len(found) > 0 {
		t.Errorf("%d records, want none", len(found))
	}
}
