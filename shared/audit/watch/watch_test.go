package watch_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/avvik"
	"hjemmel/shared/audit/retain"
	"hjemmel/shared/audit/watch"
	"hjemmel/shared/person"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

// What is sealed is looked at once, for each organisation, and of employees alone.
func TestLook(t *testing.T) {
	w := begin(t, t.TempDir())
	if n := w.look(); n != 0 {
		t.Errorf("%d entries of nothing", n)
	}
	w.must(w.asks("bergen", "ola", 0))
	w.must(w.asks("bergen", "ola", 0, "egen-person"))
	w.must(w.asks("voss", "kari", 1, "habilitet-overstyrt", "habilitet-familie"))
	w.must(w.asks("bergen", "system-1", 1, "egen-person"))
	w.must(w.asks("bergen", "ola", 2))
	w.must(w.asks("bergen", "anna", 2))
	if n := w.look(); n != 5 {
		t.Errorf("%d entries were looked at", n)
	}
	same(t, w.scenarios("bergen"), [][]avvik.Scenario{{avvik.EgenPerson}, {avvik.Kollega}})
	same(t, w.scenarios("voss"), [][]avvik.Scenario{{avvik.Familie}})
	if n := w.look(); n != 0 || len(w.open("bergen")) != 2 {
		t.Errorf("%d entries were looked at twice", n)
	}
	if notes := w.kept(audit.PlacedPrefix); notes != "" {
		t.Errorf("is left: %s", notes)
	}
}

// Neither number nor words that somebody wrote are kept, only the organisation's own pseudonym.
func TestNobodyIsNamed(t *testing.T) {
	w := begin(t, t.TempDir())
	w.must(w.asks("bergen", "ola", 0, "egen-person"))
	w.must(w.asks("bergen", "ola", 2, "habilitet-overstyrt", "habilitet-familie"))
	w.look()
	all := w.kept("avvik", audit.PlacedPrefix)
	for _, canary := range append(slices.Clone(numbers), "kanari", "forseglet") {
		if strings.Contains(all, canary) {
			t.Errorf("%q is kept: %s", canary, all)
		}
	}
	k, err := w.keys.Organisation("bergen")
	if err != nil {
		t.Fatal(err)
	}
	if got := w.open("bergen"); len(got) != 2 || got[0].Subjekt != k.Pseudonym(w.person(0)) {
		t.Errorf("%+v", got)
	}
	w.state.FailReads(1)
	if _, err := w.watcher().Look(context.Background()); err == nil || strings.Contains(err.Error(), numbers[0]) {
		t.Errorf("%v", err)
	}
}

// An organisation's rule holds for its own entries. One that cannot be read is as if nothing was decided, and stops nobody.
func TestTheRuleIsTheOrganisations(t *testing.T) {
	w := begin(t, t.TempDir())
	ctx := context.Background()
	rule, put, err := watch.NewQueue(w.state).Rule(ctx, "bergen")
	w.must(err)
	rule.Av = []avvik.Scenario{avvik.EgenPerson}
	op, err := put(rule)
	w.must(err)
	w.must(w.state.Commit(ctx, op, store.Put("avvikregel/voss", []byte("{")), store.Put("avvikminne/ansatt/voss/ola", []byte("{")), store.Put("avvikregel/os", []byte(`{"grense":0}`))))
	for _, org := range []string{"bergen", "voss", "os"} {
		w.must(w.asks(org, "ola", 0, "egen-person"))
	}
	w.look()
	same(t, w.scenarios("bergen"), nil)
	same(t, w.scenarios("voss"), [][]avvik.Scenario{{avvik.EgenPerson}})
	same(t, w.scenarios("os"), [][]avvik.Scenario{{avvik.EgenPerson}})
}

// What was counted earlier counts: the spike comes at the same entry whether all are looked at together or one by one.
func TestWhatIsRememberedBetweenLooks(t *testing.T) {
	for _, every := range []int{1, 7, 1000} {
		w := begin(t, t.TempDir())
		for i := range 45 {
			w.must(w.asks("bergen", "ola", 0))
			w.now = w.now.Add(time.Second)
			if i%every == 0 {
				w.look()
			}
		}
		w.look()
		got := w.open("bergen")
		if len(got) != 1 || got[0].Grunner[0].Scenario != avvik.Mange || got[0].Grunner[0].Fakta["antall"] != 40 {
			t.Errorf("every %d: %+v", every, got)
		}
	}
}

// A commit with more entries than are looked at together is taken in parts.
func TestManyEntriesOfOneCommit(t *testing.T) {
	w := begin(t, t.TempDir())
	entries := make([]audit.Entry, 1000)
	for i := range entries {
		entries[i] = audit.Entry{FiksOrgID: "bergen", Aktor: fmt.Sprintf("ansatt-%d", i%10), Handling: "bulkoppslag", Utfall: audit.Utlevert, Person: w.person(i % 3), Regler: []string{"habilitet-adresse"}}
	}
	if _, err := w.log.Append(context.Background(), entries...); err != nil {
		t.Fatal(err)
	}
	if n := w.look(); n != 1000 || counted(t, w, "bergen") != 1000 {
		t.Errorf("%d were looked at, %d counted", n, counted(t, w, "bergen"))
	}
}

// counted is how many lookups are remembered of an organisation's employees.
func counted(t fataler, w *world, org string) (n int) {
	records, err := store.All(context.Background(), w.state, "avvikminne/ansatt/"+org+"/")
	w.must(err)
	for _, r := range records {
		h, err := store.Value[avvik.Habit](r)
		if err != nil {
			t.Fatal(err)
		}
		for _, some := range h.Dager {
			n += some
		}
	}
	return n
}

// Whatever dies at whichever commit, and however many look at once, each entry is counted once and each finding is there
// once.
func TestWhoeverDiesEachEntryIsLookedAtOnce(t *testing.T) {
	files, runs := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		w := begin(t, filepath.Join(files, strconv.Itoa(runs)))
		written, near := 0, map[string]bool{}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "crash") {
				w.state.Crash(rapid.SampledFrom([]storetest.Moment{storetest.Before, storetest.After}).Draw(t, "when"), rapid.IntRange(1, 6).Draw(t, "commit"))
			}
			for range rapid.IntRange(0, 5).Draw(t, "asks") {
				aktor, n := rapid.SampledFrom([]string{"ola", "kari"}).Draw(t, "who"), rapid.IntRange(0, 1).Draw(t, "whom")
				if w.asks("bergen", aktor, n, "habilitet-familie") == nil {
					written++
				}
			}
			_ = w.seal()
			var both sync.WaitGroup
			for range rapid.IntRange(1, 2).Draw(t, "workers") {
				both.Go(func() { _, _ = w.watcher().Look(context.Background()) })
			}
			both.Wait()
			if w.state.Dead() {
				w.state.Revive()
				w.restart()
			}
			w.now = w.now.Add(time.Second)
		}
		w.state.Revive()
		w.look()
		durable := 0 // also what a writer that died did not know of
		stacks, err := store.All(context.Background(), w.state, "logg/")
		w.must(err)
		for _, s := range stacks {
			records, err := audit.Records(s.Value)
			w.must(err)
			durable += len(records)
			for _, r := range records {
				e, _, err := audit.Open(r)
				w.must(err)
				near[e.Aktor+" "+e.Subjekt] = true
			}
		}
		if got := counted(t, w, "bergen"); got != durable || got < written {
			t.Fatalf("%d counted, %d durable, %d told", got, durable, written)
		}
		found := map[string]bool{}
		for _, a := range w.open("bergen") {
			key := a.Ansatte[0] + " " + a.Subjekt
			if found[key] {
				t.Fatalf("%s twice", key)
			}
			found[key] = true
		}
		for key := range near {
			if !found[key] {
				t.Fatalf("%s is not found", key)
			}
		}
	})
}

// A note that comes back tells of nothing twice, and leaves alone what somebody has come to.
func TestANoteThatComesBack(t *testing.T) {
	w := begin(t, t.TempDir())
	ctx := context.Background()
	for i := range 3 {
		w.must(w.asks("bergen", "ola", i, "habilitet-familie"))
	}
	w.must(w.seal())
	notes, err := store.All(ctx, w.state, audit.PlacedPrefix)
	w.must(err)
	w.look()
	q := watch.NewQueue(w.state)
	for i, to := range []func(*avvik.Avvik){func(a *avvik.Avvik) { a.TattAv = "per" }, func(a *avvik.Avvik) { a.Lukking = &avvik.Vurdering{Av: "per"} }} {
		k, ok, err := q.Find(ctx, "bergen", w.open("bergen")[i].ID)
		if err != nil || !ok {
			t.Fatal(err, ok)
		}
		a := k.Avvik
		to(&a)
		ops, err := k.Put("bergen", a)
		w.must(err)
		w.must(w.state.Commit(ctx, ops...))
	}
	before := w.kept("avvik/")
	w.must(w.state.Commit(ctx, store.Put("avvikminne/ansatt/bergen/ola", []byte("{}")))) // as if nothing had been remembered
	for _, n := range notes {
		w.must(w.state.Commit(ctx, store.Create(n.Key, n.Value)))
	}
	if n := w.look(); n != 3 || w.kept("avvik/") != before {
		t.Errorf("%d, and then %s", n, w.kept("avvik/"))
	}
}

// What cannot be looked at now is looked at later.
func TestAFailureKeepsTheNote(t *testing.T) {
	w := begin(t, t.TempDir())
	w.must(w.asks("bergen", "ola", 2))
	w.must(w.seal())
	down := store.Unavailable(errors.New("down"))
	failing := w.watcher()
	failing.Employee = func(context.Context, string, string) (bool, error) { return false, down }
	if _, err := failing.Look(t.Context()); !errors.Is(err, down) {
		t.Error(err)
	}
	failing = w.watcher()
	failing.Colleague = func(context.Context, string, string, person.ID) (bool, error) { return false, down }
	if _, err := failing.Look(t.Context()); !errors.Is(err, down) {
		t.Error(err)
	}
	for n := 1; n < 4; n++ {
		w.state.FailReads(n)
		_, _ = w.watcher().Look(t.Context())
		w.state.Revive()
	}
	w.look()
	same(t, w.scenarios("bergen"), [][]avvik.Scenario{{avvik.Kollega}})
}

// One damaged record stops nobody: an actor who cannot be read is taken for an employee, a person for nobody's colleague.
func TestWhatCannotBeEstablished(t *testing.T) {
	w := begin(t, t.TempDir())
	w.must(w.asks("bergen", "ola", 2, "egen-person"))
	w.must(w.seal())
	damaged := w.watcher()
	damaged.Employee = func(context.Context, string, string) (bool, error) { return false, store.Broken(errors.New("damaged")) }
	damaged.Colleague = func(context.Context, string, string, person.ID) (bool, error) {
		return true, store.Broken(errors.New("damaged"))
	}
	if n, err := damaged.Look(t.Context()); n != 1 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	same(t, w.scenarios("bergen"), [][]avvik.Scenario{{avvik.EgenPerson}})
}

// An entry that was changed is passed over, and the rest is looked at.
func TestATamperedEntryStopsNothing(t *testing.T) {
	w := begin(t, t.TempDir())
	for i := range 2 {
		w.must(w.asks("bergen", "ola", i, "egen-person"))
	}
	w.must(w.seal())
	stacks, err := store.All(t.Context(), w.state, "logg/")
	w.must(err)
	w.must(w.state.Commit(t.Context(), store.Put(stacks[0].Key, []byte(strings.Replace(string(stacks[0].Value), `"ola"`, `"per"`, 1)))))
	if n := w.look(); n != 1 || len(w.open("bergen")) != 1 {
		t.Errorf("%d looked at", n)
	}
}

// Weeks later nothing is remembered, and a finding lives as long as its entry.
func TestForget(t *testing.T) {
	w := begin(t, t.TempDir())
	w.must(w.asks("bergen", "ola", 0, "egen-person"))
	w.must(w.asks("bergen", "kari", 1, "egen-person"))
	w.look()
	forget := func(after time.Duration, years int) string {
		t.Helper()
		if _, err := w.watcher().Forget(t.Context(), w.now.Add(after).AddDate(years, 0, 0)); err != nil {
			t.Fatal(err)
		}
		return w.kept("avvikminne/")
	}
	if left := forget(6*24*time.Hour, 0); strings.Count(left, "\n") != 5 {
		t.Errorf("after six days: %s", left)
	}
	if left := forget(8*24*time.Hour, 0); strings.Contains(left, "avvikminne/person") || strings.Count(left, "\n") != 3 {
		t.Errorf("after eight days: %s", left)
	}
	if left := forget(29*24*time.Hour, 9); left != "" || len(w.open("bergen")) != 2 {
		t.Errorf("entries are there, and of findings %d; %s", len(w.open("bergen")), left)
	}
	w.now = w.now.AddDate(retain.DefaultAar, 0, 1)
	if _, err := (&retain.Eraser{State: w.state, Log: w.log, Now: func() time.Time { return w.now }}).Erase(t.Context()); err != nil {
		t.Fatal(err)
	}
	forget(0, 0)
	if left := w.open("bergen"); len(left) != 0 {
		t.Errorf("entries are erased, and of findings there are %+v", left)
	}
}

func TestListGoesOnWhereItEnded(t *testing.T) {
	w := begin(t, t.TempDir())
	for i := range 3 {
		w.must(w.asks("bergen", "ola", i, "egen-person"))
	}
	w.look()
	q := watch.NewQueue(w.state)
	first, next, err := q.List(t.Context(), "bergen", false, "", 2)
	if err != nil || len(first) != 2 || next != first[1].ID {
		t.Fatalf("%v %q %v", first, next, err)
	}
	rest, next, err := q.List(t.Context(), "bergen", false, next, 2)
	if err != nil || len(rest) != 1 || next != "" || rest[0].ID <= first[1].ID {
		t.Fatalf("%v %q %v", rest, next, err)
	}
	if _, ok, err := q.Find(t.Context(), "voss", first[0].ID); ok || err != nil {
		t.Error("another organisation's")
	}
	shown, err := json.Marshal(first[0])
	if err != nil || strings.Contains(string(shown), "logg/") {
		t.Errorf("%s %v", shown, err)
	}
}
