package audit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

// A period read is what a list of everything written says, for any commits, organisations and times.
func TestAPeriodIsWhatWasWrittenInIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		start := now
		l := audit.NewLog(storetest.NewMemory(), keys(t), func() time.Time { return now })
		defer l.Close()
		var all []audit.Entry
		for i := range rapid.IntRange(0, 130).Draw(t, "commits") {
			now = now.Add(time.Duration(rapid.IntRange(0, 50_000).Draw(t, "pause")) * time.Millisecond)
			var entries []audit.Entry
			for j := range rapid.IntRange(1, 3).Draw(t, "entries") {
				e := audit.Entry{FiksOrgID: rapid.SampledFrom([]string{"a", "ab", "b"}).Draw(t, "org"), Handling: "oppslag", Utfall: audit.Utlevert, RequestID: fmt.Sprintf("%d-%d", i, j)}
				entries = append(entries, e)
				e.Tid = now
				all = append(all, e)
			}
			if _, err := l.Append(context.Background(), entries...); err != nil {
				t.Fatal(err)
			}
		}
		from := start.Add(time.Duration(rapid.IntRange(-60, 7000).Draw(t, "from")) * time.Second)
		to := from.Add(time.Duration(rapid.IntRange(0, 7000).Draw(t, "long")) * time.Second)
		var want, got []string
		for _, e := range all {
			if e.FiksOrgID == "a" && !e.Tid.Before(from) && e.Tid.Before(to) {
				want = append(want, e.RequestID)
			}
		}
		err := l.Read(context.Background(), "a", from, to, func(e audit.Entry) error {
			got = append(got, e.RequestID)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(want) // commits of the same moment come in any order
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestAPeriodWithAChangedEntryCannotBeRead(t *testing.T) {
	s := storetest.NewMemory()
	l := audit.NewLog(s, keys(t), time.Now)
	defer l.Close()
	if _, err := l.Append(t.Context(), about(t, "r", 3)...); err != nil {
		t.Fatal(err)
	}
	stacks, err := store.All(t.Context(), s, "logg/")
	if err != nil || len(stacks) != 1 {
		t.Fatal(len(stacks), err)
	}
	changed := []byte(string(stacks[0].Value))
	at := slices.Index(changed, 'o') // of a word in the first entry
	changed[at] = 'u'
	if err := s.Commit(t.Context(), store.Put(stacks[0].Key, changed)); err != nil {
		t.Fatal(err)
	}
	err = l.Read(t.Context(), "org", time.Time{}, time.Now().Add(time.Hour), func(audit.Entry) error { return nil })
	if !fault.Is(err, fault.Unavailable) || fault.Of(err).Code != "LOGG_ULESELIG" || !errors.Is(err, audit.ErrTampered) {
		t.Error(err)
	}
}

func TestReadingEndsWhereTheVisitorDoes(t *testing.T) {
	l := audit.NewLog(storetest.NewMemory(), keys(t), time.Now)
	defer l.Close()
	if _, err := l.Append(t.Context(), about(t, "r", 3)...); err != nil {
		t.Fatal(err)
	}
	enough, n := errors.New("enough"), 0
	err := l.Read(t.Context(), "org", time.Time{}, time.Now().Add(time.Hour), func(audit.Entry) error { n++; return enough })
	if !errors.Is(err, enough) || n != 1 {
		t.Error(err, n)
	}
}
