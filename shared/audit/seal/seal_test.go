package seal_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/seal"
	"hjemmel/shared/audit/tiles"
	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/store"
	"hjemmel/shared/store/sqlite"
	"hjemmel/shared/store/storetest"
)

// fataler is what rapid's and testing's T have in common.
type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// world is a log, its state and its bucket, all of which can die.
type world struct {
	t      fataler
	state  *storetest.FaultyStore
	files  *files
	copy   *files
	signer tiles.Signer
	log    *audit.Log
	given  []audit.Receipt
	signed [][]byte // checkpoints as they were seen
	now    time.Time
}

func begin(t fataler) *world {
	t.Helper()
	signer, err := tiles.NewSigner("hjemmel.test/logg", bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, state: storetest.Faulty(storetest.NewMemory()), files: newFiles(), copy: newFiles(), signer: signer, now: time.Now()}
	w.restart()
	return w
}

// restart is a new process: a new writer.
func (w *world) restart() {
	w.t.Helper()
	if w.log != nil {
		w.log.Close()
	}
	keys, err := audit.NewKeys([]byte("a secret of thirty-two bytes, ok"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.log = audit.NewLog(w.state, keys, func() time.Time { return w.now })
}

func (w *world) sealer() *seal.Sealer {
	return &seal.Sealer{State: w.state, Bucket: w.files.bucket(), Copy: w.copy.bucket(), Signer: w.signer, Now: func() time.Time { return w.now }}
}

const canary = "14827849805"

func (w *world) write(n int) audit.Receipt {
	w.t.Helper()
	id, err := person.ParseID(canary)
	if err != nil {
		w.t.Fatal(err)
	}
	entries := make([]audit.Entry, n)
	for i := range entries {
		entries[i] = audit.Entry{
			FiksOrgID: "kanari-org", Aktor: "kanari-aktor", Rolle: "kanari-rolle", Formaal: "kanari-formaal", Handling: "oppslag", Utfall: audit.Utlevert,
			RequestID: fmt.Sprintf("kanari-%d", i), Person: id, Levert: []string{"kanari.navn"},
		}
	}
	r, err := w.log.Append(context.Background(), entries...)
	if err != nil {
		w.t.Fatal(err)
	}
	w.given = append(w.given, r)
	return r
}

func (w *world) seal() seal.Result {
	w.t.Helper()
	done, err := w.sealer().Seal(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	if c := w.checkpoint(); len(w.signed) == 0 || !bytes.Equal(c, w.signed[len(w.signed)-1]) {
		w.signed = append(w.signed, c)
	}
	return done
}

func (w *world) checkpoint() []byte {
	w.t.Helper()
	c, err := w.sealer().Checkpoint(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// commitments are those of every entry that the state holds.
func (w *world) commitments() map[string]int {
	w.t.Helper()
	stacks, err := store.All(context.Background(), w.state, "logg/")
	if err != nil {
		w.t.Fatal(err)
	}
	all := map[string]int{}
	for _, s := range stacks {
		records, err := audit.Records(s.Value)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, r := range records {
			_, record, err := audit.Open(r)
			if err != nil && !errors.Is(err, audit.ErrErased) {
				w.t.Fatal(err)
			}
			all[string(record.Forplikt)]++
		}
	}
	return all
}

// leaves checks the whole log from its files and gives its leaves.
func (w *world) leaves() map[string]int {
	w.t.Helper()
	ctx, s := context.Background(), w.sealer()
	tree, _, err := tiles.Check(ctx, s.Fetch, w.signer.Key)
	if err != nil {
		w.t.Fatal(err)
	}
	r := tiles.NewReader(ctx, s.Fetch, tree)
	all := map[string]int{}
	for i := range tree.N {
		leaf, err := r.Leaf(i)
		if err != nil {
			w.t.Fatal(err)
		}
		all[string(leaf)]++
	}
	return all
}

// whole checks that each entry has one leaf and each leaf an entry, that every receipt is proved, and that
// the log has only grown.
func (w *world) whole() {
	w.t.Helper()
	if got, want := w.leaves(), w.commitments(); !maps.Equal(got, want) {
		w.t.Fatalf("%d leaves for %d entries", len(got), len(want))
	}
	for _, r := range w.given {
		p, err := w.sealer().Prove(context.Background(), r)
		if err != nil || p.Verify(w.signer.Key) != nil || p.Kvittering != r.String() || len(p.Blad) != r.Count() {
			w.t.Fatalf("%s is not proved: %v", r, err)
		}
	}
	newest := w.checkpoint()
	for _, old := range w.signed {
		tree, err := tiles.OpenCheckpoint(old, w.signer.Key)
		if err != nil {
			w.t.Fatal(err)
		}
		c, err := w.sealer().ProveGrowth(context.Background(), tree.N, -1)
		if err != nil || c.Verify(w.signer.Key, old, newest) != nil {
			w.t.Fatalf("the log of %d leaves is not the beginning of the newest: %v, %v", tree.N, err, c.Verify(w.signer.Key, old, newest))
		}
	}
	waiting, err := store.All(context.Background(), w.state, audit.UnsealedPrefix)
	if err != nil || len(waiting) != 0 {
		w.t.Fatalf("%d notes are left: %v", len(waiting), err)
	}
}

func TestEveryEntryGetsOneLeaf(t *testing.T) {
	w := begin(t)
	for _, n := range []int{1, 1, 3, 251, 1, 255, 700, 2, 1500, 1, 1500} {
		w.write(n)
		if done := w.seal(); done.Forseglet != n || len(done.Hull) != 0 {
			t.Fatalf("%d sealed of %d, holes %v", done.Forseglet, n, done.Hull)
		}
		if n == 700 {
			w.restart()
		}
	}
	w.whole()
	before := w.files.wrote
	if done := w.seal(); done.Forseglet != 0 || w.files.wrote != before {
		t.Errorf("%d sealed and %d files written of nothing", done.Forseglet, w.files.wrote-before)
	}
}

func TestMoreThanOneCommitTakes(t *testing.T) {
	w := begin(t)
	total := 0
	for range 16 {
		w.write(1500)
		total += 1500
	}
	for range 700 {
		w.write(1)
		total++
	}
	if done := w.seal(); done.Forseglet != total {
		t.Fatalf("%d of %d", done.Forseglet, total)
	}
	if n := len(w.leaves()); n != total {
		t.Fatalf("%d leaves", n)
	}
	w.given = w.given[10:20]
	w.whole()
}

// Whatever commit or file was a process's last: the next one goes on, and nothing is forked, lost or twice.
func TestEveryCrashIsSurvived(t *testing.T) {
	life := func(w *world, fatal bool) {
		for _, n := range []int{3, 300, 1} {
			if fatal {
				w.write(n)
			}
			if _, err := w.sealer().Seal(context.Background()); err != nil {
				return
			}
			w.signed = append(w.signed, w.checkpoint())
		}
	}
	for _, when := range []storetest.Moment{storetest.Before, storetest.After} {
		for name, plan := range map[string]func(*world, int){
			"commit": func(w *world, n int) { w.state.Crash(when, n) },
			"file":   func(w *world, n int) { w.files.crash(when, n) },
			"copy":   func(w *world, n int) { w.copy.crash(when, n) },
		} {
			t.Run(fmt.Sprint(name, when), func(t *testing.T) {
				for n := 1; ; n++ {
					w := begin(t)
					w.write(2)
					plan(w, n)
					life(w, name != "commit")
					died := w.state.Dead()
					w.state.Revive()
					died = w.files.revive() || w.copy.revive() || died
					w.restart()
					w.write(5)
					w.seal()
					w.whole()
					w.log.Close()
					if !died {
						if n < 3 {
							t.Fatalf("died %d times only", n-1)
						}
						break
					}
				}
			})
		}
	}
}

// However many seal at once while others write, and whoever dies, there is one log.
func TestSealersAtOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := begin(t)
		for range rapid.IntRange(1, 2).Draw(t, "rounds") {
			sizes := rapid.SliceOfN(rapid.IntRange(1, 90), 1, 5).Draw(t, "sizes")
			sealers := rapid.IntRange(2, 4).Draw(t, "sealers")
			if n := rapid.IntRange(0, 12).Draw(t, "dies"); n > 0 {
				w.files.crash(rapid.SampledFrom([]storetest.Moment{storetest.Before, storetest.After}).Draw(t, "when"), n)
			}
			var running sync.WaitGroup
			var mu sync.Mutex
			var strange []error
			for range sealers {
				running.Go(func() {
					if _, err := w.sealer().Seal(context.Background()); err != nil && !fault.Is(err, fault.Unavailable) {
						mu.Lock()
						strange = append(strange, err)
						mu.Unlock()
					}
				})
			}
			for _, n := range sizes {
				w.write(n)
			}
			running.Wait()
			if len(strange) > 0 {
				t.Fatal(strange)
			}
			w.files.revive()
			w.seal()
		}
		w.whole()
		w.log.Close()
	})
}

// remove takes records out of the state behind everybody's back.
func (w *world) remove(keys ...string) {
	w.t.Helper()
	for _, k := range keys {
		r, err := w.state.Get(context.Background(), k)
		if err != nil {
			w.t.Fatal(err)
		}
		if err := w.state.Commit(context.Background(), store.DeleteIf(k, r.Revision)); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestHolesAreRaisedAndTheRestGoesOn(t *testing.T) {
	w := begin(t)
	r := w.write(1)
	skriver, _ := r.First()
	for _, n := range []int{2, 3, 4, 1, 1} { // 2–3, 4–6, 7–10, 11, 12
		w.write(n)
	}
	again, err := w.state.Get(t.Context(), audit.UnsealedKey(skriver, 1))
	if err != nil {
		t.Fatal(err)
	}
	w.remove(audit.Key(skriver, 2), audit.UnsealedKey(skriver, 3)) // an entry taken with its note
	w.remove(audit.Key(skriver, 11))                               // an entry taken and its note forgotten
	stack, err := w.state.Get(t.Context(), audit.Key(skriver, 7))
	if err != nil {
		t.Fatal(err)
	}
	records, _ := audit.Records(stack.Value)
	records[1], records[2] = records[0], records[0] // others in place of 8 and 9
	put := []store.Op{
		store.PutIf(stack.Key, []byte("["+string(bytes.Join(records, []byte(",")))+"]"), stack.Revision),
		store.Create(audit.UnsealedPrefix+"x/y", []byte("nonsense")),
	}
	if err := w.state.Commit(t.Context(), put...); err != nil {
		t.Fatal(err)
	}
	done := w.seal()
	want := []seal.Hole{
		{Skriver: skriver, Fra: 2, Til: 3, Art: seal.Missing}, {Skriver: skriver, Fra: 8, Til: 9, Art: seal.Taken},
		{Skriver: skriver, Fra: 11, Til: 11, Art: seal.Taken}, {Art: seal.Unreadable},
	}
	holes(t, done.Hull, want...)
	if done.Forseglet != 1+3+4+1+1 {
		t.Errorf("%d sealed", done.Forseglet)
	}
	// A note that comes back seals nothing twice; numbers that come late are sealed; the writer goes on.
	if err := w.state.Commit(t.Context(), store.Create(again.Key, again.Value)); err != nil {
		t.Fatal(err)
	}
	w.write(2) // 13–14
	done = w.seal()
	holes(t, done.Hull, seal.Hole{Skriver: skriver, Fra: 1, Til: 1, Art: seal.Again})
	if done.Forseglet != 2 {
		t.Errorf("%d sealed", done.Forseglet)
	}
	w.remove(audit.UnsealedKey(w.gone(3), 3))
	w.write(1)
	st, err := w.sealer().Status(t.Context())
	if err != nil || len(st.Hull) != 5 || st.Etterslep || st.EldsteUforseglet == nil || st.Forseglet != 12 {
		t.Errorf("%+v %v", st, err)
	}
	w.now = w.now.Add(2 * time.Minute)
	if st, err = w.sealer().Status(t.Context()); err != nil || !st.Etterslep {
		t.Errorf("%+v %v", st, err)
	}
	w.seal()
	if st, err = w.sealer().Status(t.Context()); err != nil || len(st.Hull) != 6 || st.Etterslep {
		t.Errorf("%+v %v", st, err)
	}
}

// gone starts a writer whose first n entries are written.
func (w *world) gone(n int) string {
	w.restart()
	skriver, _ := w.write(n).First()
	return skriver
}

func holes(t *testing.T, got []seal.Hole, want ...seal.Hole) {
	t.Helper()
	for i := range got {
		if got[i].Funnet.IsZero() {
			t.Error("a hole without a time")
		}
		got[i].Funnet = time.Time{}
	}
	order := func(a, b seal.Hole) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	if !slices.Equal(got, want) {
		t.Errorf("holes %v, want %v", got, want)
	}
}

// An entry that is erased keeps its commitment, and with it its leaf and its proof.
func TestAnErasedEntryStaysProved(t *testing.T) {
	w := begin(t)
	erase := func(r audit.Receipt) {
		skriver, nr := r.First()
		stack, err := w.state.Get(t.Context(), audit.Key(skriver, nr))
		if err != nil {
			t.Fatal(err)
		}
		records, _ := audit.Records(stack.Value)
		for i := range records {
			_, record, err := audit.Open(records[i])
			if err != nil {
				t.Fatal(err)
			}
			if records[i], err = json.Marshal(audit.Record{Forplikt: record.Forplikt}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.state.Commit(t.Context(), store.Put(stack.Key, []byte("["+string(bytes.Join(records, []byte(",")))+"]"))); err != nil {
			t.Fatal(err)
		}
	}
	erase(w.write(4))
	later := w.write(3)
	if done := w.seal(); len(done.Hull) != 0 {
		t.Errorf("%v", done.Hull)
	}
	erase(later)
	w.write(1)
	w.seal()
	w.whole()
}

// A state that was taken back, and files that are not those that were written, stop sealing.
func TestForksAreRefused(t *testing.T) {
	forked := func(w *world, what string) {
		t.Helper()
		if _, err := w.sealer().Seal(t.Context()); fault.Of(err).Code != "LOGG_FORGRENET" {
			t.Errorf("%s: %v", what, err)
		}
	}
	w := begin(t)
	w.write(10)
	w.seal()
	old, err := w.state.Get(t.Context(), "logghode/logg")
	if err != nil {
		t.Fatal(err)
	}
	w.write(20)
	w.seal()
	if err := w.state.Commit(t.Context(), store.Put(old.Key, old.Value)); err != nil {
		t.Fatal(err)
	}
	forked(w, "a head taken back, at rest")
	w.write(20)
	notes := func() int {
		all, err := store.All(t.Context(), w.state, audit.UnsealedPrefix)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	files, waiting := len(w.files.all), notes()
	forked(w, "a head taken back, and others' leaves")
	if now, err := w.state.Get(t.Context(), old.Key); err != nil || string(now.Value) != string(old.Value) || len(w.files.all) != files || notes() != waiting || waiting == 0 {
		t.Errorf("a second log was begun beside the published: %s, %d files of %d, %d notes of %d, %v", now.Value, len(w.files.all), files, notes(), waiting, err)
	}

	for _, name := range []string{"tile/0/000.p/10", "tile/entries/000.p/10"} {
		w := begin(t)
		w.write(10)
		w.seal()
		w.files.all[name][5] ^= 1
		w.write(1)
		forked(w, name)
		w.files.all[name] = w.files.all[name][:20]
		forked(w, name+" cut")
		delete(w.files.all, name)
		forked(w, name+" taken")
	}
	for what, change := range map[string]func(*world){
		"another's checkpoint": func(w *world) { w.files.all["checkpoint"] = []byte("nonsense") },
		"another's copy":       func(w *world) { w.copy.all[seal.CopyName(10)] = []byte("nonsense") },
	} {
		w := begin(t)
		w.write(10)
		w.seal()
		change(w)
		forked(w, what)
	}
}

// Only commitments are in the bucket: nothing of what was written in entries, nor their keys.
func TestNothingOfEntriesIsInTheBucket(t *testing.T) {
	w := begin(t)
	r := w.write(300)
	w.seal()
	skriver, _ := r.First()
	for _, place := range []*files{w.files, w.copy} {
		for name, b := range place.all {
			for _, secret := range []string{"kanari", canary, skriver, "navn", "UTLEVERT"} {
				if bytes.Contains(b, []byte(secret)) || strings.Contains(name, secret) {
					t.Errorf("%s holds %s", name, secret)
				}
			}
		}
	}
	commitments := w.commitments()
	for name, b := range w.files.all {
		if !strings.HasPrefix(name, "tile/entries/") {
			continue
		}
		leaves, err := tiles.ReadBundle(b, len(b)/34)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range leaves {
			if commitments[string(l)] != 1 {
				t.Errorf("%s holds something else than commitments", name)
			}
		}
	}
}

func TestFilesHaveTheirNames(t *testing.T) {
	w := begin(t)
	w.write(300)
	w.seal()
	want := []string{"checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"}
	if got := w.files.names(); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	for _, name := range want {
		if tiles.IsName(name) != immutable(name) {
			t.Error(name)
		}
	}
	if got := w.copy.names(); !slices.Equal(got, []string{seal.CopyName(300)}) {
		t.Errorf("%v", got)
	}
}

// A receipt that cannot be proved says why, and no other receipt is taken for it.
func TestReceiptsThatAreNotProved(t *testing.T) {
	w := begin(t)
	r := w.write(3)
	code := func(s string) string {
		t.Helper()
		parsed, err := audit.ParseReceipt(s)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.sealer().Prove(t.Context(), parsed)
		if err == nil {
			return ""
		}
		return fault.Of(err).Code
	}
	if got := code(r.String()); got != "IKKE_FORSEGLET" {
		t.Error(got)
	}
	w.files.crash(storetest.Before, 1) // it has its place, but no file
	if _, err := w.sealer().Seal(t.Context()); err == nil {
		t.Fatal("the bucket was down")
	}
	w.files.revive()
	if got := code(r.String()); got != "IKKE_FORSEGLET" {
		t.Error(got)
	}
	w.seal()
	if got := code(r.String()); got != "" {
		t.Error(got)
	}
	f := strings.Split(r.String(), ".")
	for _, other := range [][]string{
		{f[0], strings.Repeat("0", 20), f[2], f[3], f[4]}, {f[0], f[1], "2", "2", f[4]}, {f[0], f[1], "1", "2", f[4]}, {f[0], f[1], "1", "4", f[4]},
		{f[0], f[1], "18446744073709551615", "3", f[4]}, {f[0], f[1], "1000000000001", "3", f[4]},
		{f[0], f[1], f[2], f[3], strings.Repeat("A", 43)},
	} {
		if got := code(strings.Join(other, ".")); got != "KVITTERING_UKJENT" {
			t.Errorf("%v: %s", other, got)
		}
	}
}

// A bucket that is down stops nothing but sealing, which catches up.
func TestABucketThatIsDown(t *testing.T) {
	w := begin(t)
	w.files.crash(storetest.Before, 1)
	for range 3 {
		w.write(2)
		if _, err := w.sealer().Seal(t.Context()); fault.Of(err).Code != "FORSEGLING_UTILGJENGELIG" || fault.Of(err).RetryAfter == 0 {
			t.Error(err)
		}
	}
	w.files.revive()
	w.seal()
	w.whole()
}

// A hundred thousand entries that lie in a store, to files on disk.
func BenchmarkSeal(b *testing.B) {
	for where, state := range map[string]func() store.Store{
		"memory": func() store.Store { return storetest.NewMemory() },
		"sqlite": func() store.Store {
			s, err := sqlite.Open(b.Context(), b.TempDir()+"/state.db")
			if err != nil {
				b.Fatal(err)
			}
			return s
		},
	} {
		b.Run(where, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				w := begin(b)
				w.state = storetest.Faulty(state())
				w.restart()
				for range 70 {
					w.write(1500)
				}
				s := w.sealer()
				s.Bucket = fileBucket(b)
				b.StartTimer()
				if _, err := s.Seal(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(70*1500*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}
