package tiles_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/tiles"
	"hjemmel/shared/store/storetest"
)

// fataler is what rapid's and testing's T have in common.
type fataler interface {
	Helper()
	Fatal(...any)
}

// log is a sealed log in memory.
type log struct {
	files  map[string][]byte
	tree   tlog.Tree
	signer tiles.Signer
	signed map[int64][]byte
}

func begin(t fataler) *log {
	t.Helper()
	s, err := tiles.NewSigner("hjemmel.test/logg", bytes.Repeat([]byte{9}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return &log{files: map[string][]byte{}, tree: tiles.Empty(), signer: s, signed: map[int64][]byte{}}
}

func (l *log) fetch(_ context.Context, name string) ([]byte, error) {
	b, ok := l.files[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return b, nil
}

func (l *log) reader() *tiles.Reader { return tiles.NewReader(context.Background(), l.fetch, l.tree) }

func (l *log) grow(t fataler, leaves ...[]byte) {
	t.Helper()
	files, tree, err := l.reader().Grow(leaves)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(l.files, files)
	l.tree = tree
	l.sign(t)
}

func (l *log) sign(t fataler) {
	t.Helper()
	b, err := l.signer.Checkpoint(l.tree)
	if err != nil {
		t.Fatal(err)
	}
	l.files[tiles.Checkpoint], l.signed[l.tree.N] = b, b
}

func some(from, n int) (leaves [][]byte) {
	for i := range n {
		h := sha256.Sum256(fmt.Append(nil, from+i))
		leaves = append(leaves, h[:])
	}
	return leaves
}

func TestNames(t *testing.T) {
	for want, got := range map[string]string{
		"tile/0/000": tiles.TileName(tlog.Tile{L: 0, N: 0, W: 256}), "tile/0/000.p/1": tiles.TileName(tlog.Tile{L: 0, N: 0, W: 1}),
		"tile/entries/x001/x234/067": tiles.BundleName(1234067, 256), "tile/3/x123/456.p/255": tiles.TileName(tlog.Tile{L: 3, N: 123456, W: 255}),
		"tile/entries/x001/000": tiles.BundleName(1000, 256),
	} {
		if got != want || !tiles.IsName(got) {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for _, no := range []string{
		"", "checkpoint", "tile/", "tile/0/0", "tile/0/0000", "tile/64/000", "tile/00/000", "tile/-1/000", "tile/entry/000", "tile/0/x000", "tile/0/000.p/0", "tile/0/000.p/256",
		"tile/0/000.p/01", "tile/0/000.p", "tile/0/000/", "/tile/0/000", "tile/0/../000", "tile/0/000\n", "tile/0/000.p/1/2", "tile/0/" + strings.Repeat("x000/", 9) + "000",
	} {
		if tiles.IsName(no) {
			t.Errorf("%q is a name", no)
		}
	}
}

// However a log grows, it is the log of its leaves: the root of RFC 6962, every file in its place.
func TestGrowth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := begin(t)
		var all [][]byte
		for _, n := range rapid.SliceOfN(rapid.IntRange(1, 700), 1, 6).Draw(t, "n") {
			fresh := some(len(all), n)
			l.grow(t, fresh...)
			all = append(all, fresh...)
		}
		hashes := make([]tlog.Hash, len(all))
		for i, leaf := range all {
			hashes[i] = tlog.RecordHash(leaf)
		}
		tree, got, err := tiles.Check(context.Background(), l.fetch, l.signer.Key)
		if err != nil || tree.Hash != tiles.Root(hashes) || len(got) != len(all) {
			t.Fatal(err)
		}
		at := rapid.Int64Range(0, tree.N).Draw(t, "at")
		root, err := tiles.Roots(got)(at)
		if err != nil || root != tiles.Root(hashes[:at]) {
			t.Fatal(err)
		}
		if _, err := tiles.Roots(got)(tree.N + 1); !errors.Is(err, tiles.ErrSize) {
			t.Fatal(err)
		}
	})
}

// One bit of any file, and the log does not hold; nor does it where a file is cut or gone.
func TestEveryChangeOfAFileIsFound(t *testing.T) {
	l := begin(t)
	l.grow(t, some(0, 700)...)
	for name, b := range l.files {
		if name != tiles.Checkpoint && !tiles.IsName(name) {
			t.Error(name)
		}
		for at := 0; at < len(b); at += 37 {
			b[at] ^= 4
			if _, _, err := tiles.Check(t.Context(), l.fetch, l.signer.Key); err == nil {
				t.Errorf("byte %d of %s", at, name)
			}
			b[at] ^= 4
		}
		l.files[name] = b[:len(b)-1]
		if _, _, err := tiles.Check(t.Context(), l.fetch, l.signer.Key); err == nil {
			t.Errorf("%s cut", name)
		}
		delete(l.files, name)
		if _, _, err := tiles.Check(t.Context(), l.fetch, l.signer.Key); err == nil {
			t.Errorf("%s taken", name)
		}
		l.files[name] = b
	}
	if _, _, err := tiles.Check(t.Context(), l.fetch, l.signer.Key); err != nil {
		t.Error(err)
	}
}

// written are entries of a real log: their receipt and commitments.
func written(t *testing.T, n int) (audit.Receipt, [][]byte) {
	t.Helper()
	keys, err := audit.NewKeys(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	s := storetest.NewMemory()
	l := audit.NewLog(s, keys, time.Now)
	defer l.Close()
	r, err := l.Append(t.Context(), make([]audit.Entry, n)...)
	if err != nil {
		t.Fatal(err)
	}
	notes, err := s.Scan(t.Context(), audit.UnsealedPrefix, "", 10)
	if err != nil || len(notes) != 1 {
		t.Fatal(err)
	}
	u, err := audit.ReadUnsealed(notes[0])
	if err != nil {
		t.Fatal(err)
	}
	return r, u.Commitments
}

func TestOnlyTrueProofsHold(t *testing.T) {
	l := begin(t)
	r, commitments := written(t, 3)
	l.grow(t, some(0, 270)...)
	l.grow(t, commitments...)
	l.grow(t, some(270, 40)...)
	leaves, err := l.reader().Prove([]int64{270, 271, 272})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := json.Marshal(tiles.Inclusion{Kvittering: r.String(), Sjekkpunkt: string(l.files[tiles.Checkpoint]), Blad: leaves})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := tiles.Read[tiles.Inclusion](whole); err != nil || p.Verify(l.signer.Key) != nil {
		t.Fatal(err)
	}
	another, err := tiles.NewSigner("hjemmel.test/logg", make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*tiles.Inclusion){
		"a leaf more":         func(p *tiles.Inclusion) { p.Blad = append(p.Blad, p.Blad[2]) },
		"a leaf less":         func(p *tiles.Inclusion) { p.Blad = p.Blad[:2] },
		"no leaves":           func(p *tiles.Inclusion) { p.Blad = nil },
		"another order":       func(p *tiles.Inclusion) { p.Blad[0], p.Blad[1] = p.Blad[1], p.Blad[0] },
		"one leaf for two":    func(p *tiles.Inclusion) { p.Blad[1] = p.Blad[0] },
		"no receipt":          func(p *tiles.Inclusion) { p.Kvittering = "" },
		"another checkpoint":  func(p *tiles.Inclusion) { p.Sjekkpunkt = string(l.signed[273]) },
		"before its time":     func(p *tiles.Inclusion) { p.Sjekkpunkt = string(l.signed[270]) },
		"another's signature": func(p *tiles.Inclusion) { b, _ := another.Checkpoint(l.tree); p.Sjekkpunkt = string(b) },
		"a negative index":    func(p *tiles.Inclusion) { p.Blad[0].Indeks = -1 },
		"beyond the log":      func(p *tiles.Inclusion) { p.Blad[0].Indeks = 1 << 40 },
		"no hashes":           func(p *tiles.Inclusion) { p.Blad[0].Bevis = nil },
	} {
		p, err := tiles.Read[tiles.Inclusion](whole)
		if err != nil {
			t.Fatal(err)
		}
		if change(&p); p.Verify(l.signer.Key) == nil {
			t.Error(what)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		b := bytes.Clone(whole)
		at := rapid.IntRange(0, len(b)-1).Draw(t, "at")
		b[at] ^= 1 << rapid.IntRange(0, 6).Draw(t, "bit")
		if p, err := tiles.Read[tiles.Inclusion](b); err == nil && p.Verify(l.signer.Key) == nil && !same(p, whole) {
			t.Fatalf("byte %d changed to %q, and it holds", at, b[at])
		}
	})
	if _, err := l.reader().Prove([]int64{l.tree.N}); !errors.Is(err, tiles.ErrSize) {
		t.Error(err)
	}
}

// same reports whether a proof says what the whole one said: JSON takes some names and spellings for one,
// and of the receipt the commitment is what is proved.
func same(p tiles.Inclusion, whole []byte) bool {
	was, err := tiles.Read[tiles.Inclusion](whole)
	if err != nil {
		return false
	}
	proved := func(receipt string) string { return strings.Join(strings.Split(receipt, ".")[3:], ".") }
	same := proved(p.Kvittering) == proved(was.Kvittering)
	p.Kvittering = was.Kvittering
	b, err := json.Marshal(p)
	return err == nil && same && bytes.Equal(b, whole)
}

func TestConsistency(t *testing.T) {
	l := begin(t)
	l.sign(t)
	var sizes []int64
	for _, n := range []int{1, 2, 253, 1, 300} {
		l.grow(t, some(int(l.tree.N), n)...)
		sizes = append(sizes, l.tree.N)
	}
	fork := begin(t)
	fork.grow(t, some(1000, 256)...)
	fork.grow(t, some(2000, 301)...)
	for _, from := range append([]int64{0}, sizes...) {
		for _, to := range sizes {
			c, err := l.reader().ProveGrowth(from, to)
			if from > to {
				if !errors.Is(err, tiles.ErrSize) {
					t.Errorf("%d–%d: %v", from, to, err)
				}
				continue
			}
			if err != nil || c.Verify(l.signer.Key, l.signed[from], l.signed[to]) != nil {
				t.Errorf("%d–%d: %v", from, to, err)
			}
			if from != 0 && fork.signed[to] != nil && c.Verify(l.signer.Key, l.signed[from], fork.signed[to]) == nil {
				t.Errorf("%d–%d: a fork holds", from, to)
			}
			if c.Fra++; c.Verify(l.signer.Key, l.signed[from], l.signed[to]) == nil {
				t.Errorf("%d–%d: another size holds", from, to)
			}
		}
	}
	for _, s := range [][2]int64{{-1, 1}, {0, 558}, {2, 1}} {
		if _, err := l.reader().ProveGrowth(s[0], s[1]); !errors.Is(err, tiles.ErrSize) {
			t.Errorf("%v: %v", s, err)
		}
	}
}

func TestKeysAndCheckpointsThatAreNone(t *testing.T) {
	for origin, seed := range map[string][]byte{"": make([]byte, 32), "a b": make([]byte, 32), "a+b": make([]byte, 32), "a": make([]byte, 31)} {
		if _, err := tiles.NewSigner(origin, seed); !errors.Is(err, tiles.ErrKey) {
			t.Errorf("%q: %v", origin, err)
		}
	}
	l := begin(t)
	l.grow(t, some(0, 1)...)
	if _, err := tiles.OpenCheckpoint(l.files[tiles.Checkpoint], "nonsense"); !errors.Is(err, tiles.ErrKey) {
		t.Error(err)
	}
	for _, size := range []int64{-1, 1 << 62} {
		b, err := l.signer.Checkpoint(tlog.Tree{N: size})
		if err != nil {
			t.Fatal(err)
		}
		if tree, err := tiles.OpenCheckpoint(b, l.signer.Key); (err == nil) != (size > 0) {
			t.Errorf("%d: %v %v", size, tree, err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add([]byte(`{"kvittering":"v1.00112233445566778899.42.1.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","sjekkpunkt":"x","blad":[{"indeks":1,"forpliktelse":"AA==","bevis":[null]}]}`))
	l := begin(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := tiles.Read[tiles.Inclusion](b); err == nil && p.Verify(l.signer.Key) == nil {
			t.Fatal("holds")
		}
		if tree, err := tiles.OpenCheckpoint(b, l.signer.Key); err == nil {
			t.Fatalf("%v", tree)
		}
		if _, err := tiles.ReadBundle(b, 3); err == nil && len(b) != 3*34 {
			t.Fatal("a bundle of another length")
		}
	})
}

// A million leaves, checked file by file.
func BenchmarkCheckMillion(b *testing.B) {
	l := begin(b)
	for i := range 50 {
		l.grow(b, some(i*20_000, 20_000)...)
	}
	folder := b.TempDir()
	for name, content := range l.files {
		at := filepath.Join(folder, name)
		if os.MkdirAll(filepath.Dir(at), 0o700) != nil || os.WriteFile(at, content, 0o600) != nil {
			b.Fatal(name)
		}
	}
	for where, fetch := range map[string]tiles.Fetch{
		"memory": l.fetch,
		"folder": func(_ context.Context, name string) ([]byte, error) { return os.ReadFile(filepath.Join(folder, name)) }, //nolint:gosec // the log's own names
	} {
		b.Run(where, func(b *testing.B) {
			for b.Loop() {
				if tree, _, err := tiles.Check(b.Context(), fetch, l.signer.Key); err != nil || tree.N != 1_000_000 {
					b.Fatal(err)
				}
			}
		})
	}
}
