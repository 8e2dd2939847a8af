package lists

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hjemmel/shared/person"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

func book(t interface{ Fatal(...any) }, s store.Store) *Book {
	b, err := NewBook(s, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A list goes where its status allows and nowhere else, whatever is tried; each step is an event, and its
// events are in the order of time.
func TestAListComesToOneEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ctx, s := context.Background(), storetest.NewMemory()
		b, now := book(t, s), time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		l := Liste{ID: "a", RolleID: "r", FiksOrgID: "o", Utloepsdato: now.AddDate(0, 0, 14)}
		ops, err := b.Order(&l, now)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Commit(ctx, ops...); err != nil {
			t.Fatal(err)
		}
		status, events := Opprettet, 1
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			now = now.Add(time.Millisecond)
			l, ok, err := b.Liste(ctx, "a")
			if err != nil || !ok || l.Status != status {
				t.Fatal(ok, err, l.Status, status)
			}
			to := rapid.SampledFrom([]Status{Opprettet, HosSkatt, FerdigSkatt, Ferdig, Feilet}).Draw(t, "to")
			ops, err := l.Save(to, now)
			if can := to == status || slices.Contains(after[status], to); can != (err == nil) {
				t.Fatalf("%s → %s: %v", status, to, err)
			}
			if err != nil {
				continue
			}
			if err := s.Commit(ctx, ops...); err != nil {
				t.Fatal(err)
			}
			if err := s.Commit(ctx, ops[0]); !errors.Is(err, store.ErrConflict) {
				t.Fatal("the same step twice")
			}
			if to != status {
				events++
			}
			status = to
		}
		got, err := b.Hendelser(ctx, "r", 0, 100)
		if err != nil || len(got) != events || got[0].Slag != Startet {
			t.Fatalf("%d events of %d: %v", len(got), events, err)
		}
		rest, err := b.Hendelser(ctx, "r", got[0].Nr, 100)
		if err != nil || len(rest) != events-1 {
			t.Fatal(len(rest), err)
		}
	})
}

// What is remembered between two steps is there again, bound to its place, and in clear nowhere.
func TestWhatIsRememberedIsSealed(t *testing.T) {
	ctx, s := t.Context(), storetest.NewMemory()
	b, l := book(t, s), Liste{ID: "a"}
	id, err := person.ParseID("19908415208")
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]string{{"19908415208", "Ædel"}}
	part, err := b.PutPart(&l, 0, Part{id})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := b.PutRows(&l, 0, rows)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(ctx, part, kept); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(ctx, kept); !errors.Is(err, store.ErrConflict) {
		t.Errorf("rows are written twice: %v", err)
	}
	if p, err := b.Part(ctx, &l, 0); err != nil || !slices.Equal(p, Part{id}) {
		t.Error(err)
	}
	if r, err := b.Rows(ctx, &l, 0); err != nil || fmt.Sprint(r) != fmt.Sprint(rows) {
		t.Error(r, err)
	}
	all, err := store.All(ctx, s, "liste")
	if err != nil || len(all) != 2 {
		t.Fatal(len(all), err)
	}
	for _, r := range all {
		if bytes.Contains(r.Value, []byte("199084")) || bytes.Contains(r.Value, []byte("del")) {
			t.Error("a value is in clear")
		}
	}
	if err := s.Commit(ctx, store.Put(rowsKey("a", 1), kept.Value)); err != nil { // moved to another place
		t.Fatal(err)
	}
	if _, err := b.Rows(ctx, &l, 1); !errors.Is(err, errSealed) {
		t.Errorf("rows can be moved: %v", err)
	}
	for {
		ops, err := b.Forget(ctx, &l, false, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(ops) == 0 {
			break
		}
		if err := s.Commit(ctx, ops...); err != nil {
			t.Fatal(err)
		}
	}
	if all, err := store.All(ctx, s, "liste"); err != nil || len(all) != 0 {
		t.Errorf("%d left, %v", len(all), err)
	}
	if _, err := NewBook(s, make([]byte, 31)); !errors.Is(err, ErrKey) {
		t.Error(err)
	}
}

func TestEventNumbers(t *testing.T) {
	for s, want := range map[string]bool{"0": true, "1795435200000000": true, "": false, "-1": false, "1x": false, " 1": false} {
		if _, ok := ParseHendelse(s); ok != want {
			t.Errorf("%q: %v", s, ok)
		}
	}
}

// A list that waited three days for approval has its whole day to be made in.
func TestAListBeginsWhenItIsApproved(t *testing.T) {
	s, ordered := storetest.NewMemory(), time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	b, approved := book(t, s), ordered.AddDate(0, 0, 3)
	l := Liste{ID: "a", RolleID: "r", FiksOrgID: "o", Utloepsdato: ordered.AddDate(0, 0, 7), Godkjenning: &Godkjenning{Tilstand: Venter}}
	ops, err := b.Order(&l, ordered)
	if err != nil || !l.Begun().Equal(ordered) {
		t.Fatal(err, l.Begun())
	}
	if err := s.Commit(t.Context(), ops...); err != nil {
		t.Fatal(err)
	}
	if l, _, err = b.Liste(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Decide(t.Context(), &l, Godkjenning{Tilstand: Godkjent}, approved.AddDate(0, 0, 14), approved); err != nil || !l.Begun().Equal(approved) {
		t.Error(err, l.Begun())
	}
}
