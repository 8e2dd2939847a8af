// Package tiles is the sealed log as it lies in files that anybody may read: a transparency log after
// c2sp.org/tlog-tiles whose leaves are the commitments of entries, 32 bytes each, under a checkpoint
// (sjekkpunkt) that is signed after c2sp.org/signed-note. It names, reads and checks files, and makes and
// checks proofs.
//
// It refuses to know where files lie, to hold a secret, and to take a file's word: what it gives was
// hashed up to a signed root.
package tiles

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"sync"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	// Height is how many levels of the tree a tile has: 8, so 256 hashes.
	Height = 8
	// Width is how many hashes a full tile has, and how many leaves a full bundle.
	Width = 1 << Height
)

// What can be wrong with a log.
var (
	// ErrTampered is returned for files that do not belong to the checkpoint.
	ErrTampered = errors.New("tiles: the log does not match its checkpoint")
	// ErrUnproved is returned for a proof that does not hold.
	ErrUnproved = errors.New("tiles: the proof does not hold")
	// ErrSize is returned for a tree size or a leaf that the log does not have.
	ErrSize = errors.New("tiles: the log has no such size")
)

// Fetch gives a file of the log by its name: checkpoint, tile/….
type Fetch func(ctx context.Context, name string) ([]byte, error)

// Checkpoint is the name of the newest checkpoint, the one file that changes.
const Checkpoint = "checkpoint"

// TileName names the file of a tile of hashes.
func TileName(t tlog.Tile) string { return fileName(fmt.Sprint(t.L), t.N, t.W) }

// BundleName names the file with the leaves n·256 and on, of which it holds w, 1 to 256.
func BundleName(n int64, w int) string { return fileName("entries", n, w) }

// fileName spells n in groups of three digits, all but the last after an x.
func fileName(level string, n int64, w int) string {
	at := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		at = fmt.Sprintf("x%03d/%s", n%1000, at)
	}
	if w < Width {
		at += fmt.Sprintf(".p/%d", w)
	}
	return "tile/" + level + "/" + at
}

var shape = regexp.MustCompile(`^tile/([0-9]|[1-5][0-9]|6[0-3]|entries)/(x[0-9]{3}/){0,5}[0-9]{3}(\.p/([1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?$`)

// IsName reports whether a name can be that of a tile or a bundle.
func IsName(name string) bool { return shape.MatchString(name) }

// Bundle is the file of leaves in a row: each after its length in two bytes.
func Bundle(leaves [][]byte) []byte {
	b := make([]byte, 0, len(leaves)*(2+sha256.Size))
	for _, leaf := range leaves {
		b = binary.BigEndian.AppendUint16(b, uint16(len(leaf))) //nolint:gosec // leaves are 32 bytes
		b = append(b, leaf...)
	}
	return b
}

// ReadBundle reads what Bundle writes: w leaves and nothing more.
func ReadBundle(b []byte, w int) ([][]byte, error) {
	const each = 2 + sha256.Size
	if len(b) != w*each {
		return nil, ErrTampered
	}
	leaves := make([][]byte, w)
	for i := range leaves {
		one := b[i*each : (i+1)*each]
		if binary.BigEndian.Uint16(one) != sha256.Size {
			return nil, ErrTampered
		}
		leaves[i] = one[2:]
	}
	return leaves, nil
}

// width is how many of tree's hashes at a level the tile n has.
func width(size int64, level int, n int64) int {
	return int(min((size>>(Height*level))-n*Width, Width))
}

// Reader reads the hashes and leaves of a log of a known size and root, and remembers the files it has
// read. It is for one request or one run.
type Reader struct {
	ctx   context.Context // tlog's readers take none
	fetch Fetch
	tree  tlog.Tree
	tlog.HashReader

	mu   sync.Mutex
	read map[string][]byte
}

// NewReader reads a log that a checkpoint tells of.
func NewReader(ctx context.Context, fetch Fetch, tree tlog.Tree) *Reader {
	r := &Reader{ctx: ctx, fetch: fetch, tree: tree, read: map[string][]byte{}}
	r.HashReader = tlog.TileHashReader(tree, r)
	return r
}

// Height is tlog.TileReader's, as ReadTiles and SaveTiles are.
func (r *Reader) Height() int { return Height }

// ReadTiles gives the files of tiles.
func (r *Reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, t := range tiles {
		b, err := r.file(TileName(t))
		if err != nil {
			return nil, err
		}
		if len(b) != t.W*tlog.HashSize {
			return nil, ErrTampered
		}
		all[i] = b
	}
	return all, nil
}

// SaveTiles does nothing: files are remembered as they are read.
func (*Reader) SaveTiles([]tlog.Tile, [][]byte) {}

func (r *Reader) file(name string) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b, ok := r.read[name]; ok {
		return b, nil
	}
	b, err := r.fetch(r.ctx, name)
	if err == nil {
		r.read[name] = b
	}
	return b, err
}

// Leaf gives a leaf as its bundle has it; a proof tells whether it is the log's.
func (r *Reader) Leaf(index int64) ([]byte, error) {
	if index < 0 || index >= r.tree.N {
		return nil, ErrSize
	}
	n := index / Width
	w := width(r.tree.N, 0, n)
	b, err := r.file(BundleName(n, w))
	if err != nil {
		return nil, err
	}
	leaves, err := ReadBundle(b, w)
	if err != nil {
		return nil, err
	}
	return leaves[index%Width], nil
}

// Grow gives the files that leaves add to the log, by name, and the tree that it becomes. The reader
// stays at the old tree.
func (r *Reader) Grow(leaves [][]byte) (map[string][]byte, tlog.Tree, error) {
	g := growth{old: r, first: tlog.StoredHashCount(r.tree.N)}
	for i, leaf := range leaves {
		hashes, err := tlog.StoredHashes(r.tree.N+int64(i), leaf, &g)
		if err != nil {
			return nil, tlog.Tree{}, err
		}
		g.fresh = append(g.fresh, hashes...)
	}
	tree := tlog.Tree{N: r.tree.N + int64(len(leaves))}
	files := map[string][]byte{}
	for _, t := range tlog.NewTiles(Height, r.tree.N, tree.N) {
		b, err := tlog.ReadTileData(t, &g)
		if err != nil {
			return nil, tlog.Tree{}, err
		}
		files[TileName(t)] = b
		if t.L == 0 {
			if files[BundleName(t.N, t.W)], err = r.bundle(t, leaves); err != nil {
				return nil, tlog.Tree{}, err
			}
		}
	}
	var err error
	tree.Hash, err = tlog.TreeHash(tree.N, &g)
	return files, tree, err
}

// bundle is the file beside a tile of leaves, some of which the log may have had before.
func (r *Reader) bundle(t tlog.Tile, fresh [][]byte) ([]byte, error) {
	all := make([][]byte, t.W)
	for i := range all {
		index := t.N*Width + int64(i)
		if index >= r.tree.N {
			all[i] = fresh[index-r.tree.N]
			continue
		}
		leaf, err := r.checked(index)
		if err != nil {
			return nil, err
		}
		all[i] = leaf
	}
	return Bundle(all), nil
}

// checked gives a leaf that the log has.
func (r *Reader) checked(index int64) ([]byte, error) {
	leaf, err := r.Leaf(index)
	if err != nil {
		return nil, err
	}
	h, err := r.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
	if err != nil {
		return nil, err
	}
	if h[0] != tlog.RecordHash(leaf) {
		return nil, ErrTampered
	}
	return leaf, nil
}

// growth is the hashes of a log and those that are new.
type growth struct {
	old   tlog.HashReader
	first int64 // place of the first new hash
	fresh []tlog.Hash
}

// ReadHashes is tlog.HashReader's.
func (g *growth) ReadHashes(places []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(places))
	var before []int64
	for i, p := range places {
		if p < g.first {
			before = append(before, p)
		} else {
			out[i] = g.fresh[p-g.first]
		}
	}
	if before == nil {
		return out, nil
	}
	old, err := g.old.ReadHashes(before)
	if err != nil {
		return nil, err
	}
	for i, p := range places {
		if p < g.first {
			out[i], old = old[0], old[1:]
		}
	}
	return out, nil
}
