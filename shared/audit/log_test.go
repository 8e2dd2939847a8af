package audit_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

func TestWhatIsStoredTellsNoNumber(t *testing.T) {
	l, s := open(t)
	const digits = "14827849805"
	e := audit.Entry{FiksOrgID: "org", Aktor: "ansatt-01", Handling: "oppslag", Utfall: audit.Utlevert, Person: parsed(t, digits)}
	other := e
	other.FiksOrgID = "another"
	none := audit.Entry{FiksOrgID: audit.Platform, Handling: "soek", Utfall: audit.Avslag}
	if _, err := l.Append(t.Context(), e, e, other, none); err != nil {
		t.Fatal(err)
	}
	var got []audit.Entry
	for _, r := range stored(t, s) {
		entry, record, err := audit.Open(r.value)
		if err != nil {
			t.Fatal(err)
		}
		if canonical, err := json.Marshal(record); err != nil || !bytes.Equal(canonical, r.value) {
			t.Errorf("stored %s, which as a record is %s", r.value, canonical)
		}
		if bytes.Contains(r.value, []byte(digits)) {
			t.Errorf("a number is in the store: %s", r.value)
		}
		if entry.Tid.Location() != time.UTC || entry.Tid.Nanosecond()%1000 != 0 || time.Since(entry.Tid).Abs() > time.Minute {
			t.Errorf("time %v", entry.Tid)
		}
		got = append(got, entry)
	}
	if got[0].Subjekt == "" || got[0].Subjekt != got[1].Subjekt || got[0].Subjekt == got[2].Subjekt {
		t.Errorf("pseudonyms %q, %q and %q", got[0].Subjekt, got[1].Subjekt, got[2].Subjekt)
	}
	if got[3].Subjekt != "" || got[3].ForseglingAv != nil {
		t.Errorf("an entry about nobody is about %q", got[3].Subjekt)
	}
	k, err := keys(t).Organisation("org")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []error{nil, nil, audit.ErrTampered} { // the third belongs to another
		if id, err := k.Unseal(got[i]); !errors.Is(err, want) || (want == nil) != (id == e.Person) {
			t.Errorf("entry %d: %v", i, err)
		}
	}
	if got[0].Subjekt != k.Pseudonym(e.Person) {
		t.Error("nobody can look for the person")
	}
}

// The caller's words come through whatever they hold.
func TestAnyTextSurvives(t *testing.T) {
	l, s := open(t)
	for _, text := range []string{`<script>&"\'`, "\u2028\u2029\x00\x7f\t\n", "æøå 🕵", "half \xff\xc3", strings.Repeat("<", 255), `{"nr":7}`} {
		before := len(stored(t, s))
		if _, err := l.Append(t.Context(), audit.Entry{FiksOrgID: "org", Formaal: text, Bekreftelse: text}); err != nil {
			t.Fatal(err)
		}
		e, _, err := audit.Open(stored(t, s)[before].value)
		if want := strings.ToValidUTF8(strings.ReplaceAll(text, "\xff\xc3", "\ufffd\ufffd"), "\ufffd"); err != nil || e.Formaal != want || e.Bekreftelse != want {
			t.Errorf("%q comes back as %q: %v", text, e.Formaal, err)
		}
	}
}

func TestOpenKnowsErasedFromTampered(t *testing.T) {
	l, s := open(t)
	if _, err := l.Append(t.Context(), about(t, "r", 1)...); err != nil {
		t.Fatal(err)
	}
	value := stored(t, s)[0].value
	want, record, err := audit.Open(value)
	if err != nil {
		t.Fatal(err)
	}
	canonical, _ := json.Marshal(want)
	for i := range value {
		for _, bit := range []byte{1, 0x20, 0x80} {
			changed := bytes.Clone(value)
			changed[i] ^= bit
			e, _, err := audit.Open(changed)
			if same, _ := json.Marshal(e); !errors.Is(err, audit.ErrTampered) && (err != nil || !bytes.Equal(same, canonical)) {
				t.Fatalf("byte %d changed: %v, %s", i, err, same)
			}
		}
	}
	longer := append(bytes.Clone(record.Salt), ' ')
	sum := sha256.Sum256(append(bytes.Clone(longer), record.Innslag...))
	encode := func(r audit.Record) string { b, _ := json.Marshal(r); return string(b) }
	for name, c := range map[string]struct {
		value string
		want  error
	}{
		"erased":                    {encode(audit.Record{Forplikt: record.Forplikt}), audit.ErrErased},
		"erased, commitment too":    {encode(audit.Record{}), audit.ErrTampered},
		"erased, half a commitment": {encode(audit.Record{Forplikt: record.Forplikt[:16]}), audit.ErrTampered},
		"erased, the salt kept":     {encode(audit.Record{Salt: record.Salt, Forplikt: record.Forplikt}), audit.ErrTampered},
		"no salt":                   {encode(audit.Record{Innslag: record.Innslag, Forplikt: record.Forplikt}), audit.ErrTampered},
		"a salt of another length":  {encode(audit.Record{Innslag: record.Innslag, Salt: longer, Forplikt: sum[:]}), audit.ErrTampered},
		"no entry but null":         {`{"innslag":null,"salt":null,"forpliktelse":null}`, audit.ErrTampered},
		"an empty object":           {`{}`, audit.ErrTampered}, "null": {`null`, audit.ErrTampered}, "nothing": {``, audit.ErrTampered}, "a list": {`[]`, audit.ErrTampered}, "cut": {string(value[:40]), audit.ErrTampered},
	} {
		if e, _, err := audit.Open([]byte(c.value)); !errors.Is(err, c.want) || e.Handling != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRecordsOfWhatIsNoStack(t *testing.T) {
	for _, value := range []string{``, `null`, `[]`, `{}`, `"x"`, `1`, `[{}`, `[{}]x`, `[{},]`} {
		if got, err := audit.Records([]byte(value)); !errors.Is(err, audit.ErrTampered) || got != nil {
			t.Errorf("%q: %d records, %v", value, len(got), err)
		}
	}
	for _, value := range []string{`[null]`, `[1]`, `[{}]`, `[[]]`} {
		records, err := audit.Records([]byte(value))
		if err != nil || len(records) != 1 {
			t.Fatalf("%s: %v", value, err)
		}
		if _, _, err := audit.Open(records[0]); !errors.Is(err, audit.ErrTampered) {
			t.Errorf("%s: %v", value, err)
		}
	}
}

func TestAppendBoundsItsEntries(t *testing.T) {
	l, s := open(t)
	for _, n := range []int{0, 1501} {
		if r, err := l.Append(t.Context(), make([]audit.Entry, n)...); !fault.Is(err, fault.Internal) || r.Valid() {
			t.Errorf("%d entries: %v", n, err)
		}
	}
	if s.Commits() > 0 || len(stored(t, s)) > 0 {
		t.Error("something was written")
	}
}

// hold makes the store wait at its next commit until release is called.
func hold(s *storetest.FaultyStore) (release func()) {
	gate := make(chan struct{})
	s.Hook(func(ctx context.Context, c storetest.Call) error {
		if c.Method == storetest.Commit && c.Moment == storetest.Before {
			select {
			case <-gate:
			case <-ctx.Done():
				return store.Unavailable(ctx.Err())
			}
		}
		return nil
	})
	return func() { s.Hook(nil); close(gate) }
}

// start begins one Append for each size and gives their outcomes when all have ended.
func start(ctx context.Context, t fataler, l *audit.Log, name string, sizes ...int) (wait func() []outcome) {
	outcomes := make([]outcome, len(sizes))
	var wg sync.WaitGroup
	for i, n := range sizes {
		outcomes[i].entries = about(t, fmt.Sprintf("%s%d", name, i), n)
		wg.Go(func() {
			o := &outcomes[i]
			o.receipt, o.err = l.Append(ctx, o.entries...)
		})
	}
	return func() []outcome { wg.Wait(); return outcomes }
}

func ones(n int) []int { return bytesOf(1, n) }

func bytesOf(v, n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = v
	}
	return s
}

func TestConcurrentAppendsShareACommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := open(t)
		release := hold(s)
		first := start(t.Context(), t, l, "first", 1)
		synctest.Wait()
		rest := start(t.Context(), t, l, "rest", ones(64)...)
		synctest.Wait()
		release()
		acknowledged(t, s, all(t, append(first(), rest()...))...)
		if s.Commits() != 2 {
			t.Errorf("%d commits for 1 + 64 appends", s.Commits())
		}
	})
}

// More than the queue holds, in all sizes: nobody starves, and no commit is too large for the store.
func TestManyLargeAppends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := open(t)
		release := hold(s)
		wait := start(t.Context(), t, l, "a", append(append(ones(300), 1500, 499, 1000, 1500), bytesOf(17, 20)...)...)
		synctest.Wait()
		release()
		acknowledged(t, s, all(t, wait())...)
		if s.Commits() > 10 {
			t.Errorf("%d commits", s.Commits())
		}
	})
}

// A caller whose texts are as long as they may be and grow when written must not fail the others in
// the same commit: what is too large together is written apart.
func TestALargeNeighbourHarmsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := open(t)
		large := func(name string, n int) []audit.Entry {
			entries := about(t, name, n)
			for i := range entries {
				entries[i].Formaal, entries[i].Bekreftelse = strings.Repeat("<", 255), strings.Repeat("&", 255)
				entries[i].Levert = []string{strings.Repeat("x", 3200)} // as long as some eighty codes
			}
			return entries
		}
		release := hold(s)
		first := start(t.Context(), t, l, "first", 1)
		synctest.Wait()
		outcomes := []outcome{{entries: about(t, "small", 1)}, {entries: large("a", 490)}, {entries: large("b", 1000)}}
		var wg sync.WaitGroup
		for i := range outcomes {
			wg.Go(func() { outcomes[i].receipt, outcomes[i].err = l.Append(t.Context(), outcomes[i].entries...) })
			synctest.Wait() // in this order
		}
		release()
		wg.Wait()
		for _, o := range all(t, append(first(), outcomes...)) {
			if o.receipt.Count() != len(o.entries) {
				t.Errorf("receipt %q for %d entries", o.receipt, len(o.entries))
			}
		}
		if s.Commits() != 5 { // the first, the three that were too large together, and each of them
			t.Errorf("%d commits", s.Commits())
		}
	})
}

func TestCloseDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := open(t)
		release := hold(s)
		wait := start(t.Context(), t, l, "a", ones(200)...)
		synctest.Wait()
		done := make(chan struct{})
		go func() { l.Close(); close(done) }()
		synctest.Wait()
		select {
		case <-done:
			t.Fatal("closed while entries wait")
		default:
		}
		release()
		<-done
		acknowledged(t, s, all(t, wait())...)
		l.Close() // once more is nothing
		if r, err := l.Append(t.Context(), about(t, "late", 1)...); !fault.Is(err, fault.Unavailable) || r.Valid() {
			t.Errorf("after Close: %v", err)
		}
	})
}

// Appends that meet Close either are written or fail, and never crash.
func TestCloseRacesAppend(t *testing.T) {
	for range 50 {
		s := storetest.NewMemory()
		l := audit.NewLog(s, keys(t), time.Now)
		wait := start(t.Context(), t, l, "a", bytesOf(3, 16)...)
		l.Close()
		if written := acknowledged(t, s, wait()...); len(stored(t, s)) != written {
			t.Fatalf("%d entries, %d acknowledged", len(stored(t, s)), written)
		}
	}
}
