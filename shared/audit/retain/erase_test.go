package retain_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"pgregory.net/rapid"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/retain"
	"hjemmel/shared/audit/seal"
	"hjemmel/shared/audit/tiles"
	"hjemmel/shared/person"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

// fataler is what rapid's and testing's T have in common.
type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// world is a log of some years, sealed.
type world struct {
	t        fataler
	state    *storetest.FaultyStore
	log      *audit.Log
	sealer   *seal.Sealer
	now      time.Time
	n        int
	receipts []audit.Receipt
}

// begun numbers the worlds of a folder.
var begun int

var (
	today   = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	persons = []string{"14827849805", "", "14827849805"}
)

func begin(t fataler, folder string) *world {
	t.Helper()
	begun++
	keys, err := audit.NewKeys(bytes.Repeat([]byte{5}, 32))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := tiles.NewSigner("hjemmel.test/logg", bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	files, err := fileblob.OpenBucket(folder, &fileblob.Options{NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, state: storetest.Faulty(storetest.NewMemory()), now: today}
	w.log = audit.NewLog(w.state, keys, func() time.Time { return w.now })
	w.sealer = &seal.Sealer{State: w.state, Bucket: blob.PrefixedBucket(files, fmt.Sprintf("%d/", begun)), Signer: signer, Now: func() time.Time { return w.now }}
	return w
}

// write appends entries of org at some years' age. Each can be told by its case.
func (w *world) write(years int, entries ...audit.Entry) {
	w.t.Helper()
	w.now = today.AddDate(-years, 0, -1)
	for i := range entries {
		w.n++
		entries[i].Formaal = fmt.Sprintf("sak-%04d;%s", w.n, entries[i].Formaal)
	}
	r, err := w.log.Append(context.Background(), entries...)
	if err != nil {
		w.t.Fatal(err)
	}
	w.receipts, w.now = append(w.receipts, r), today
}

func about(t fataler, org, aktor, digits string, outcome audit.Utfall) audit.Entry {
	t.Helper()
	e := audit.Entry{FiksOrgID: org, Aktor: aktor, Handling: "oppslag", Utfall: outcome, RequestID: "r-" + aktor}
	if digits != "" {
		var err error
		if e.Person, err = person.ParseID(digits); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

func (w *world) seal() {
	w.t.Helper()
	if done, err := w.sealer.Seal(context.Background()); err != nil || len(done.Hull) > 0 {
		w.t.Fatal(err, done.Hull)
	}
}

func (w *world) erase() (int, error) {
	x := retain.Eraser{State: w.state, Log: w.log, Now: func() time.Time { return w.now }}
	return x.Erase(context.Background())
}

func (w *world) decide(org string, to retain.Regel) {
	w.t.Helper()
	was, err := retain.New(w.state).Rule(context.Background(), org)
	if err != nil {
		w.t.Fatal(err)
	}
	op, err := was.Put(to)
	if err == nil {
		err = w.state.Commit(context.Background(), op)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// everything is the whole store, and the entries that can be read in it.
func (w *world) everything() (all []store.Record, entries []audit.Entry) {
	w.t.Helper()
	all, err := store.All(context.Background(), w.state, "")
	if err != nil {
		w.t.Fatal(err)
	}
	for _, r := range all {
		if !strings.HasPrefix(r.Key, "logg/") {
			continue
		}
		records, err := audit.Records(r.Value)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, b := range records {
			e, _, err := audit.Open(b)
			if errors.Is(err, audit.ErrErased) {
				continue
			}
			if err != nil {
				w.t.Fatal(err)
			}
			entries = append(entries, e)
		}
	}
	return all, entries
}

// check wants no trace of what should be gone, all of what should stay, an index of just that, and every proof.
func (w *world) check(before []audit.Entry, stays func(audit.Entry) bool, checkpoint []byte) {
	w.t.Helper()
	all, left := w.everything()
	there := map[string]bool{}
	for _, e := range left {
		there[e.ID()] = true
	}
	for _, e := range before {
		if there[e.ID()] != stays(e) {
			w.t.Fatalf("%s of %s, written %s: there is %v", e.ID(), e.FiksOrgID, e.Tid, there[e.ID()])
		}
		led := false
		for _, r := range all {
			if !stays(e) && (bytes.Contains(r.Value, []byte(e.Formaal)) || slices.Contains(personKeys(e), r.Key)) {
				w.t.Fatalf("%s is left in %s", e.ID(), r.Key)
			}
			led = led || strings.HasPrefix(r.Key, audit.ActorPrefix(e.FiksOrgID, e.Aktor)) && leads(w.t, r, e)
		}
		if led != stays(e) {
			w.t.Fatalf("%s is found by its actor: %v", e.ID(), led)
		}
	}
	w.proves(checkpoint)
}

func personKeys(e audit.Entry) []string {
	return slices.DeleteFunc(e.Keys(), func(k string) bool { return strings.HasPrefix(k, audit.RequestPrefix) })
}

func leads(t fataler, r store.Record, e audit.Entry) bool {
	t.Helper()
	runs, err := audit.ReadRuns(r.Value)
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(runs, func(run audit.Run) bool {
		return strings.HasPrefix(run.Stack, "logg/"+e.Skriver+"/") && run.First <= e.Nr && e.Nr <= run.Last
	})
}

func (w *world) proves(checkpoint []byte) {
	w.t.Helper()
	ctx := context.Background()
	for _, r := range w.receipts {
		p, err := w.sealer.Prove(ctx, r)
		if err == nil {
			err = p.Verify(w.sealer.Signer.Key)
		}
		if err != nil {
			w.t.Fatalf("%s: %v", r, err)
		}
	}
	w.seal()
	old, err := tiles.OpenCheckpoint(checkpoint, w.sealer.Signer.Key)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.sealer.ProveGrowth(ctx, old.N, -1); err != nil {
		w.t.Fatal(err)
	}
}

// Whatever is held and wherever the store dies, what has expired goes without a trace, what has not stays, and the log proves all
// that it proved.
func TestExpiredEntriesGoAndTheLogStillProvesThem(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		w := begin(t, folder)
		defer w.log.Close()
		for range rapid.IntRange(1, 6).Draw(t, "commits") {
			var entries []audit.Entry
			for range rapid.IntRange(1, 6).Draw(t, "entries") {
				e := about(t, rapid.SampledFrom([]string{"a", "b"}).Draw(t, "org"), rapid.SampledFrom([]string{"x", "y"}).Draw(t, "aktor"),
					rapid.SampledFrom(persons).Draw(t, "person"), rapid.SampledFrom([]audit.Utfall{audit.Utlevert, audit.Avslag}).Draw(t, "utfall"))
				e.Formaal = rapid.SampledFrom([]string{"", "TVIST 7"}).Draw(t, "case")
				entries = append(entries, e)
			}
			w.write(rapid.IntRange(0, 8).Draw(t, "years"), entries...)
		}
		if rapid.Bool().Draw(t, "sealed first") {
			w.seal()
		}
		_, before := w.everything()
		held := rapid.SampledFrom([]retain.Bevaring{{Art: retain.Alt}, {Art: retain.Sak, Verdi: "tvist 7"}, {Art: retain.Person, Verdi: before[0].Subjekt}, {Art: retain.Person, Verdi: "nobody"}}).Draw(t, "held")
		years := rapid.IntRange(1, 10).Draw(t, "kept")
		w.decide("a", retain.Regel{Aar: years, Bevart: []retain.Bevaring{held}})
		checkpoint, err := w.sealer.Checkpoint(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; ; n++ {
			w.state.Crash(rapid.SampledFrom([]storetest.Moment{storetest.Before, storetest.After}).Draw(t, "when"), n)
			_, err := w.erase()
			if !w.state.Dead() && err != nil {
				t.Fatal(err)
			}
			w.state.Revive()
			if err == nil {
				break
			}
		}
		w.seal()
		w.check(before, func(e audit.Entry) bool {
			if e.FiksOrgID == "b" {
				return e.Tid.After(today.AddDate(-retain.DefaultAar, 0, 0))
			}
			return e.Tid.After(today.AddDate(-years, 0, 0)) || held.Art == retain.Alt || held.Art == retain.Sak && strings.Contains(e.Formaal, "TVIST 7") ||
				held.Art == retain.Person && e.Subjekt == held.Verdi
		}, checkpoint)
	})
}

// What is held goes when the hold is lifted, and nothing is left of it.
func TestWhatWasHeldGoesWhenItIsLifted(t *testing.T) {
	w := begin(t, t.TempDir())
	t.Cleanup(w.log.Close)
	w.write(6, about(t, "a", "x", "14827849805", audit.Avslag), about(t, "a", "x", "", audit.Utlevert))
	w.seal()
	_, before := w.everything()
	checkpoint, err := w.sealer.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.decide("a", retain.Regel{Aar: 5, Bevart: []retain.Bevaring{{Art: retain.Person, Verdi: before[0].Subjekt}}})
	if n, err := w.erase(); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	w.check(before, func(e audit.Entry) bool { return e.Subjekt != "" }, checkpoint)
	w.decide("a", retain.Regel{Aar: 5})
	if n, err := w.erase(); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	w.check(before, func(audit.Entry) bool { return false }, checkpoint)
	if n, err := w.erase(); n != 0 || err != nil {
		t.Error(n, err)
	}
}

// What is held while it is being erased is not erased.
func TestAHoldThatComesMeanwhileWins(t *testing.T) {
	w := begin(t, t.TempDir())
	t.Cleanup(w.log.Close)
	w.write(6, about(t, "a", "x", "14827849805", audit.Utlevert))
	read := false
	w.state.Hook(func(_ context.Context, c storetest.Call) error {
		if c.Method == storetest.GetMany && !read {
			read = true
			w.decide("a", retain.Regel{Aar: 5, Bevart: []retain.Bevaring{{Art: retain.Alt}}})
		}
		return nil
	})
	if n, err := w.erase(); n != 0 || !errors.Is(err, store.ErrConflict) {
		t.Fatal(n, err)
	}
	if n, err := w.erase(); n != 0 || err != nil {
		t.Fatal(n, err)
	}
}

// An entry that was tampered with is evidence.
func TestATamperedEntryStays(t *testing.T) {
	w := begin(t, t.TempDir())
	t.Cleanup(w.log.Close)
	w.write(6, about(t, "a", "x", "14827849805", audit.Utlevert), about(t, "a", "x", "", audit.Utlevert))
	stacks, err := store.All(t.Context(), w.state, "logg/")
	if err != nil || len(stacks) != 1 {
		t.Fatal(err)
	}
	changed := bytes.Replace(stacks[0].Value, []byte("UTLEVERT"), []byte("AVSLAG"), 1)
	if err := w.state.Commit(t.Context(), store.PutIf(stacks[0].Key, changed, stacks[0].Revision)); err != nil {
		t.Fatal(err)
	}
	if n, err := w.erase(); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	r, err := w.state.Get(t.Context(), stacks[0].Key)
	if err != nil || !bytes.Contains(r.Value, []byte("sak-0001")) || bytes.Contains(r.Value, []byte("sak-0002")) {
		t.Errorf("%v", err)
	}
}
