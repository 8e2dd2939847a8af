package storetest

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hjemmel/shared/store"
)

// oddKeys are keys that some backend somewhere has a use of its own for.
var oddKeys = []string{
	".", "..", "/", "//", "a/", "/a", "a/b", "a.b", "a..b", "a.:b", "__x__", "__id7__", "%2F", "%", "\\", `"`, "'", "`", "$v", "k:", "~", "!",
	strings.Repeat(".", store.MaxKey), strings.Repeat("/", store.MaxKey), strings.Repeat("~", store.MaxKey),
}

// machine drives a store and the model with the same calls and compares every answer.
type machine struct {
	store store.Store
	model *Model
	// known holds every pair of revisions seen for a key, newest last. It grows only.
	known map[string][]pair
}

// pair is one version of one record, as the store and as the model name it.
type pair struct{ store, model store.Revision }

func testMachine(t *testing.T, s store.Store) {
	rapid.Check(t, func(t *rapid.T) {
		wipe(t, s)
		m := &machine{store: s, model: NewMemory(), known: map[string][]pair{}}
		t.Repeat(map[string]func(*rapid.T){
			"":        m.compare,
			"commit":  m.commit,
			"get":     m.get,
			"getMany": m.getMany,
			"scan":    m.scan,
		})
	})
}

// wipe deletes everything, for opening a store anew for each run would take too long.
func wipe(t *rapid.T, s store.Store) {
	for {
		found, err := s.Scan(t.Context(), "", "", store.MaxScan)
		if err != nil {
			t.Fatalf("wipe: %v", err)
		}
		if len(found) == 0 {
			return
		}
		var ops []store.Op
		for _, r := range found {
			ops = append(ops, store.DeleteIf(r.Key, r.Revision))
		}
		if err := s.Commit(t.Context(), ops...); err != nil {
			t.Fatalf("wipe: %v", err)
		}
	}
}

// key draws a key, half of the time one that was in use before.
func (m *machine) key() *rapid.Generator[string] {
	fresh := rapid.OneOf(rapid.StringOfN(rapid.SampledFrom([]rune("!-./0:_a~")), 1, 4, -1), rapid.SampledFrom(oddKeys))
	if len(m.known) == 0 {
		return fresh
	}
	return rapid.OneOf(fresh, rapid.SampledFrom(slices.Sorted(maps.Keys(m.known))))
}

// revision draws a version of the key: the newest half of the time, else any, or one that never was.
func (m *machine) revision(t *rapid.T, key string) pair {
	seen := m.known[key]
	if len(seen) == 0 || rapid.IntRange(0, 9).Draw(t, "unheard of") == 0 {
		return rapid.SampledFrom([]pair{{"", ""}, {"0", "0"}, {"-1", "-1"}, {"zz", "zz"}, {"9999999999", "9999999999"}}).Draw(t, "revision")
	}
	if rapid.Bool().Draw(t, "newest") {
		return seen[len(seen)-1]
	}
	return rapid.SampledFrom(seen).Draw(t, "revision")
}

// value draws a value, sometimes the one that is there.
func (m *machine) value(t *rapid.T, key string) []byte {
	if r, ok := m.model.records[key]; ok && rapid.Bool().Draw(t, "same value") {
		return r.Value
	}
	v := rapid.SliceOfN(rapid.Byte(), 0, 8).Draw(t, "value")
	return bytes.Repeat(v, rapid.SampledFrom([]int{1, 1, 1000}).Draw(t, "times"))
}

// op draws one operation on a key, in the words of the store and of the model.
func (m *machine) op(t *rapid.T, key string) (forStore, forModel store.Op) {
	switch rapid.IntRange(1, 4).Draw(t, "kind") {
	case 1:
		op := store.Create(key, m.value(t, key))
		return op, op
	case 2:
		op := store.Put(key, m.value(t, key))
		return op, op
	case 3:
		v, r := m.value(t, key), m.revision(t, key)
		return store.PutIf(key, v, r.store), store.PutIf(key, v, r.model)
	default:
		r := m.revision(t, key)
		return store.DeleteIf(key, r.store), store.DeleteIf(key, r.model)
	}
}

func (m *machine) commit(t *rapid.T) {
	keys := rapid.SliceOfNDistinct(m.key(), 1, 6, rapid.ID).Draw(t, "keys")
	var forStore, forModel []store.Op
	for _, k := range keys {
		s, o := m.op(t, k)
		forStore, forModel = append(forStore, s), append(forModel, o)
	}
	got, want := m.store.Commit(t.Context(), forStore...), m.model.Commit(t.Context(), forModel...)
	if !errors.Is(got, want) {
		t.Fatalf("commit: got %v, want %v", got, want)
	}
	m.learn(t, keys)
}

// learn reads keys from both sides and remembers which revisions belong together: two versions
// differ in the store exactly when they differ in the model.
func (m *machine) learn(t *rapid.T, keys []string) {
	got, err := m.store.GetMany(t.Context(), keys)
	if err != nil {
		t.Fatalf("get many: %v", err)
	}
	want, _ := m.model.GetMany(t.Context(), keys)
	if len(got) != len(want) {
		t.Fatalf("get many: got %d records, want %d", len(got), len(want))
	}
	for k, w := range want {
		same(t, got[k], w)
		p := pair{got[k].Revision, w.Revision}
		for _, q := range m.known[k] {
			if (p.store == q.store) != (p.model == q.model) {
				t.Fatalf("%q: revision %q stands for two versions, or two for one", k, p.store)
			}
		}
		if !slices.Contains(m.known[k], p) {
			m.known[k] = append(m.known[k], p)
		}
	}
}

func (m *machine) get(t *rapid.T) {
	key := m.key().Draw(t, "key")
	got, err := m.store.Get(t.Context(), key)
	want, none := m.model.Get(t.Context(), key)
	if !errors.Is(err, none) {
		t.Fatalf("get: got %v, want %v", err, none)
	}
	if none == nil {
		same(t, got, want)
	}
}

func (m *machine) getMany(t *rapid.T) { m.learn(t, rapid.SliceOfN(m.key(), 0, 8).Draw(t, "keys")) }

func (m *machine) scan(t *rapid.T) {
	part := rapid.Custom(func(t *rapid.T) string {
		k := m.key().Draw(t, "key")
		return k[:rapid.IntRange(0, len(k)).Draw(t, "length")]
	})
	prefix, after := part.Draw(t, "prefix"), part.Draw(t, "after")
	m.compareScan(t, prefix, after, rapid.OneOf(rapid.IntRange(1, 5), rapid.Just(store.MaxScan)).Draw(t, "limit"))
}

// compare looks at everything.
func (m *machine) compare(t *rapid.T) { m.compareScan(t, "", "", store.MaxScan) }

func (m *machine) compareScan(t *rapid.T, prefix, after string, limit int) {
	got, err := m.store.Scan(t.Context(), prefix, after, limit)
	if err != nil {
		t.Fatalf("scan: %v", err)
	}
	want, _ := m.model.Scan(t.Context(), prefix, after, limit)
	if len(got) != len(want) {
		t.Fatalf("scan %q after %q: got %d records, want %d", prefix, after, len(got), len(want))
	}
	for i := range want {
		same(t, got[i], want[i])
	}
}

func same(t *rapid.T, got, want store.Record) {
	t.Helper()
	if got.Key != want.Key || !bytes.Equal(got.Value, want.Value) {
		t.Fatalf("got %q with %d bytes, want %q with %d bytes", got.Key, len(got.Value), want.Key, len(want.Value))
	}
	if got.Revision == "" {
		t.Fatalf("%q has the zero revision", got.Key)
	}
}
