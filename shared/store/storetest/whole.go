package storetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"testing"

	"hjemmel/shared/store"
)

// CountUp counts up for a writer, in commits of three operations, and writes each entry on a line once its commit is
// acknowledged. It returns when one is not.
func CountUp(s store.Store, writer int, out io.Writer) error {
	ctx, counter := context.Background(), fmt.Sprintf("count/%d", writer)
	for {
		n, last := 0, store.Revision("")
		r, err := s.Get(ctx, counter)
		if err == nil {
			n, err = strconv.Atoi(string(r.Value))
			last = r.Revision
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		entry, next := EntryKey(writer, n+1), strconv.AppendInt(nil, int64(n+1), 10)
		count := store.PutIf(counter, next, last)
		if last == "" {
			count = store.Create(counter, next)
		}
		if err := s.Commit(ctx, store.Create(entry, make([]byte, 700)), store.Create("index/"+entry, nil), count); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\n", entry)
	}
}

// CheckWhole looks for the parts of the commits of so many writers that counted up: entries 1 to the count, each with its
// index entry, and nothing else.
func CheckWhole(t *testing.T, s store.Store, writers int) {
	t.Helper()
	total := 0
	for w := range writers {
		r, err := s.Get(t.Context(), fmt.Sprintf("count/%d", w))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(string(r.Value))
		if err != nil {
			t.Fatal(err)
		}
		total += n
		for i := range n {
			get(t, s, EntryKey(w, i+1))
			get(t, s, "index/"+EntryKey(w, i+1))
		}
	}
	for _, prefix := range []string{"entry/", "index/"} {
		if got := count(t, s, prefix); got != total {
			t.Errorf("%d records under %s, want %d: a commit is there in part", got, prefix, total)
		}
	}
}

func count(t *testing.T, s store.Store, prefix string) int {
	t.Helper()
	found, err := store.All(t.Context(), s, prefix)
	must(t, err)
	return len(found)
}

// EntryKey is the key of the entry that a writer makes at a count.
func EntryKey(writer, n int) string { return fmt.Sprintf("entry/%d/%06d", writer, n) }
