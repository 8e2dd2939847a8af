package find_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/find"
	"hjemmel/shared/person"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

// fataler is what rapid's and testing's T have in common.
type fataler interface {
	Helper()
	Fatal(...any)
}

const number = "14827849805"

func parsed(t fataler, digits string) person.ID {
	t.Helper()
	id, err := person.ParseID(digits)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// open starts a log in memory, with what reads it. Close it.
func open(t fataler, now func() time.Time) (*audit.Log, *find.Log, store.Store) {
	t.Helper()
	keys, err := audit.NewKeys([]byte("a secret of thirty-two bytes, ok"))
	if err != nil {
		t.Fatal(err)
	}
	s := storetest.NewMemory()
	return audit.NewLog(s, keys, now), find.New(s, keys), s
}

func write(t fataler, l *audit.Log, entries ...audit.Entry) {
	t.Helper()
	if _, err := l.Append(context.Background(), entries...); err != nil {
		t.Fatal(err)
	}
}

func about(t fataler, n int) []audit.Entry {
	entries := make([]audit.Entry, n)
	for i := range entries {
		entries[i] = audit.Entry{FiksOrgID: "org", Aktor: "ansatt-1", Handling: "bulkoppslag", Utfall: audit.Utlevert, Person: parsed(t, number)}
	}
	return entries
}

// What a query finds, page by page, is what a list of everything written says, for any commits, persons,
// actors, times and sizes of page.
func TestAQueryFindsWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		start := now
		l, reader, _ := open(t, func() time.Time { return now })
		defer l.Close()
		people := []person.ID{{}, parsed(t, number), parsed(t, "19908415208")}
		var all []audit.Entry
		for i := range rapid.IntRange(0, 60).Draw(t, "commits") {
			now = now.Add(rapid.SampledFrom([]time.Duration{0, time.Microsecond, time.Second, time.Hour, 90 * 24 * time.Hour}).Draw(t, "pause"))
			var entries []audit.Entry
			for j := range rapid.IntRange(1, 4).Draw(t, "entries") {
				e := audit.Entry{
					FiksOrgID: rapid.SampledFrom([]string{"a", "ab"}).Draw(t, "org"), Aktor: rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "aktor"),
					Handling: rapid.SampledFrom([]string{"oppslag", "soek"}).Draw(t, "handling"), Utfall: audit.Utlevert, RequestID: fmt.Sprintf("%d-%d", i, j), Person: rapid.SampledFrom(people).Draw(t, "person"),
				}
				entries = append(entries, e)
				e.Tid = now
				all = append(all, e)
			}
			write(t, l, entries...)
		}
		q := find.Query{
			FiksOrgID: "a", Aktor: rapid.SampledFrom([]string{"", "x"}).Draw(t, "of"), Person: rapid.SampledFrom(people).Draw(t, "whom"),
			Fra: start.Add(time.Duration(rapid.IntRange(-1, 5).Draw(t, "from")) * time.Hour), Til: now.Add(time.Duration(rapid.IntRange(-2, 1).Draw(t, "to")) * time.Hour),
		}
		if rapid.Bool().Draw(t, "one action") {
			q.Handlinger = []string{"oppslag"}
		}
		var want []string
		for _, e := range all {
			if e.FiksOrgID == q.FiksOrgID && !e.Tid.Before(q.Fra) && e.Tid.Before(q.Til) && (q.Aktor == "" || q.Aktor == e.Aktor) && (q.Person.IsZero() || q.Person == e.Person) &&
				(len(q.Handlinger) == 0 || e.Handling == "oppslag") {
				want = append(want, e.RequestID)
			}
		}
		got, times := pages(t, reader, q, rapid.IntRange(1, 7).Draw(t, "page"))
		if !slices.IsSortedFunc(times, func(a, b time.Time) int { return b.Compare(a) }) {
			t.Fatalf("not newest first: %v", times)
		}
		slices.Sort(want) // commits of the same moment come in any order
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func pages(t fataler, l *find.Log, q find.Query, size int) (ids []string, times []time.Time) {
	t.Helper()
	for {
		n := 0
		next, err := l.Newest(context.Background(), q, 1000, func(e audit.Entry, _ audit.Record) (bool, error) {
			ids, times = append(ids, e.RequestID), append(times, e.Tid)
			n++
			return n < size, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if next == "" {
			return ids, times
		}
		q.Before = next
	}
}

// More commits of one moment than the store gives at a time are all found.
func TestABusyMomentIsReadWhole(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	l, reader, _ := open(t, func() time.Time { return now })
	defer l.Close()
	for range 1100 {
		write(t, l, audit.Entry{FiksOrgID: "org", Handling: "oppslag", Utfall: audit.IngenData})
	}
	got, _ := pages(t, reader, find.Query{FiksOrgID: "org", Til: now.Add(time.Second)}, 500)
	if len(got) != 1100 {
		t.Error(len(got))
	}
}

func TestAQueryEndsWithItsBudget(t *testing.T) {
	l, reader, _ := open(t, time.Now)
	defer l.Close()
	write(t, l, about(t, 10)...)
	q := find.Query{FiksOrgID: "org", Til: time.Now().Add(time.Hour)}
	for handlinger, want := range map[string]int{"": 4, "bulkoppslag": 4, "oppslag": 0} { // what is read and not wanted costs too
		q.Handlinger = strings.Fields(handlinger)
		n := 0
		next, err := reader.Newest(t.Context(), q, 4, func(audit.Entry, audit.Record) (bool, error) { n++; return true, nil })
		if err != nil || n != want || next == "" {
			t.Error(handlinger, n, next, err)
		}
	}
}

// A list of many persons does not hide, from a search for lookups, the lookup before it: its entries cost as one.
func TestALongListHidesNothing(t *testing.T) {
	l, reader, _ := open(t, time.Now)
	defer l.Close()
	write(t, l, audit.Entry{FiksOrgID: "org", Aktor: "ansatt-1", Handling: "oppslag", Utfall: audit.Utlevert, Person: parsed(t, number)})
	for range 3 {
		write(t, l, about(t, 100)...)
	}
	q := find.Query{FiksOrgID: "org", Aktor: "ansatt-1", Handlinger: []string{"oppslag"}, Til: time.Now().Add(time.Hour)}
	n := 0
	count := func(_ audit.Entry, _ audit.Record) (bool, error) { n++; return true, nil }
	if next, err := reader.Newest(t.Context(), q, 5, count); err != nil || n != 1 || next != "" {
		t.Error(n, next, err)
	}
	n = 0
	next, err := reader.Newest(t.Context(), q, 3, count)
	if err != nil || n != 0 || next == "" {
		t.Fatal(n, next, err)
	}
	q.Before = next // goes on after what it passed over
	if next, err = reader.Newest(t.Context(), q, 3, count); err != nil || n != 1 || next != "" {
		t.Error(n, next, err)
	}
}

func TestAMarkThatNobodyGaveIsRefused(t *testing.T) {
	l, reader, _ := open(t, time.Now)
	defer l.Close()
	for _, m := range []string{"x", ".", "0000000000000000", "0000000000000000.x", "000000000000000x-a.1", "../../../../../../0.1", "0000000000000000-00112233445566778899-1.-1"} {
		_, err := reader.Newest(t.Context(), find.Query{FiksOrgID: "org", Til: time.Now(), Before: m}, 1, nil)
		if !errors.Is(err, find.ErrMark) {
			t.Errorf("%s: %v", m, err)
		}
	}
}

func TestAQueryMeetsAChangedEntry(t *testing.T) {
	l, reader, s := open(t, time.Now)
	defer l.Close()
	write(t, l, about(t, 1)...)
	stacks, err := store.All(t.Context(), s, "logg/")
	if err != nil || len(stacks) != 1 {
		t.Fatal(len(stacks), err)
	}
	changed := slices.Clone(stacks[0].Value)
	changed[len(changed)-10] ^= 1 // of the commitment
	if err := s.Commit(t.Context(), store.Put(stacks[0].Key, changed)); err != nil {
		t.Fatal(err)
	}
	q := find.Query{FiksOrgID: "org", Person: parsed(t, number), Til: time.Now().Add(time.Hour)}
	if _, err := reader.Newest(t.Context(), q, 1, func(audit.Entry, audit.Record) (bool, error) { return true, nil }); !errors.Is(err, audit.ErrTampered) {
		t.Error(err)
	}
}

// Neither index tells whom an employee looked up without the organisation's key: the number is nowhere.
func TestTheIndexesHoldNoNumber(t *testing.T) {
	l, _, s := open(t, time.Now)
	defer l.Close()
	write(t, l, about(t, 1)...)
	all, err := store.All(t.Context(), s, "logg")
	if err != nil || len(all) < 5 {
		t.Fatal(len(all), err)
	}
	for _, r := range all {
		if strings.Contains(r.Key+string(r.Value), number) {
			t.Errorf("%s holds the number", r.Key)
		}
	}
}
