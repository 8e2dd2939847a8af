package watch_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"gocloud.dev/blob/fileblob"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/avvik"
	"hjemmel/shared/audit/seal"
	"hjemmel/shared/audit/tiles"
	"hjemmel/shared/audit/watch"
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

// world is a log that is sealed and looked at, on a state that can die.
type world struct {
	t      fataler
	state  *storetest.FaultyStore
	keys   audit.Keys
	signer tiles.Signer
	files  string
	log    *audit.Log
	now    time.Time
}

func begin(t fataler, files string) *world {
	t.Helper()
	signer, err := tiles.NewSigner("hjemmel.test/logg", bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := audit.NewKeys([]byte("a secret of thirty-two bytes, ok"))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, state: storetest.Faulty(storetest.NewMemory()), keys: keys, signer: signer, files: files, now: time.Date(2026, 11, 24, 11, 0, 0, 0, time.UTC)}
	w.restart()
	return w
}

// restart is a new process: a new writer.
func (w *world) restart() {
	if w.log != nil {
		w.log.Close()
	}
	w.log = audit.NewLog(w.state, w.keys, func() time.Time { return w.now })
}

// The persons: synthetic numbers, of whom the last is employed as anna.
var numbers = []string{"14827849805", "03897649984", "21850999977"}

func (w *world) person(n int) person.ID {
	w.t.Helper()
	id, err := person.ParseID(numbers[n])
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// asks writes that somebody asked about a person, with the rules that the corridor found.
func (w *world) asks(org, aktor string, n int, rules ...string) error {
	_, err := w.log.Append(context.Background(), audit.Entry{
		FiksOrgID: org, Aktor: aktor, Rolle: "rolle", Handling: "oppslag", Utfall: audit.Utlevert, Person: w.person(n), Regler: rules,
		Formaal: "kanari-formaal", Overstyring: "kanari-grunn", RequestID: "request",
	})
	return err
}

func (w *world) seal() error {
	b, err := fileblob.OpenBucket(w.files, &fileblob.Options{NoTempDir: true, CreateDir: true, Metadata: fileblob.MetadataDontWrite})
	if err != nil {
		return err
	}
	s := &seal.Sealer{State: w.state, Bucket: b, Signer: w.signer, Now: func() time.Time { return w.now }}
	_, err = s.Seal(context.Background())
	return err
}

func (w *world) watcher() *watch.Watcher {
	return &watch.Watcher{
		State: w.state, Keys: w.keys,
		Employee: func(_ context.Context, _, aktor string) (bool, error) {
			return !strings.HasPrefix(aktor, "system"), nil
		},
		Colleague: func(_ context.Context, _, aktor string, id person.ID) (bool, error) {
			return id == w.person(2) && aktor != "anna", nil
		},
	}
}

// look seals and looks at everything.
func (w *world) look() int {
	w.t.Helper()
	if err := w.seal(); err != nil {
		w.t.Fatal(err)
	}
	n, err := w.watcher().Look(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) open(org string) []avvik.Avvik {
	w.t.Helper()
	all, next, err := watch.NewQueue(w.state).List(context.Background(), org, false, "", 500)
	if err != nil || next != "" {
		w.t.Fatalf("%v %q", err, next)
	}
	return all
}

// scenarios are what was found, in the order of the queue.
func (w *world) scenarios(org string) (all [][]avvik.Scenario) {
	for _, a := range w.open(org) {
		var of []avvik.Scenario
		for _, g := range a.Grunner {
			of = append(of, g.Scenario)
		}
		all = append(all, of)
	}
	return all
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// kept is all that lies below prefixes.
func (w *world) kept(prefixes ...string) string {
	w.t.Helper()
	var all strings.Builder
	for _, p := range prefixes {
		records, err := store.All(context.Background(), w.state, p)
		w.must(err)
		for _, r := range records {
			all.WriteString(r.Key + " " + string(r.Value) + "\n")
		}
	}
	return all.String()
}

func same(t testing.TB, got, want [][]avvik.Scenario) {
	t.Helper()
	if !slices.EqualFunc(got, want, slices.Equal[[]avvik.Scenario]) {
		t.Errorf("%v, want %v", got, want)
	}
}
