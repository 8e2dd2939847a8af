package tiles

import (
	"bytes"
	"context"
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"
)

// Check reads a whole log and holds every leaf and every tile against the checkpoint, which it gives
// opened, with the hashes of all leaves. What is wrong is told by the name of the file.
func Check(ctx context.Context, fetch Fetch, key string) (tlog.Tree, []tlog.Hash, error) {
	signed, err := fetch(ctx, Checkpoint)
	if err != nil {
		return tlog.Tree{}, nil, err
	}
	tree, err := OpenCheckpoint(signed, key)
	if err != nil {
		return tree, nil, err
	}
	leaves := make([]tlog.Hash, tree.N)
	err = each(ctx, (tree.N+Width-1)/Width, func(ctx context.Context, n int64) error {
		return readLeaves(ctx, fetch, n, leaves[n*Width:min((n+1)*Width, tree.N)])
	})
	if err != nil {
		return tree, nil, err
	}
	if Root(leaves) != tree.Hash {
		return tree, nil, ErrTampered
	}
	for level, hashes := 0, leaves; len(hashes) > 0; level++ {
		above := make([]tlog.Hash, len(hashes)/Width)
		err := each(ctx, int64((len(hashes)+Width-1)/Width), func(ctx context.Context, n int64) error {
			row := hashes[n*Width : min((n+1)*Width, int64(len(hashes)))]
			if len(row) == Width {
				above[n] = Root(row)
			}
			return checkTile(ctx, fetch, tlog.Tile{H: Height, L: level, N: n, W: len(row)}, row)
		})
		if err != nil {
			return tree, nil, err
		}
		hashes = above
	}
	return tree, leaves, nil
}

// each does n things, some at a time, until one fails.
func each(ctx context.Context, n int64, do func(context.Context, int64) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(16)
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error { return do(ctx, i) })
	}
	return g.Wait()
}

func readLeaves(ctx context.Context, fetch Fetch, n int64, into []tlog.Hash) error {
	name := BundleName(n, len(into))
	b, err := fetch(ctx, name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	leaves, err := ReadBundle(b, len(into))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i, leaf := range leaves {
		into[i] = tlog.RecordHash(leaf)
	}
	return nil
}

func checkTile(ctx context.Context, fetch Fetch, t tlog.Tile, row []tlog.Hash) error {
	name := TileName(t)
	b, err := fetch(ctx, name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	want := make([]byte, 0, len(row)*tlog.HashSize)
	for _, h := range row {
		want = append(want, h[:]...)
	}
	if !bytes.Equal(b, want) {
		return fmt.Errorf("%s: %w", name, ErrTampered)
	}
	return nil
}

// Root is the Merkle tree hash of RFC 6962 over the hashes of leaves, straight from its definition.
func Root(hashes []tlog.Hash) tlog.Hash {
	switch len(hashes) {
	case 0:
		return Empty().Hash
	case 1:
		return hashes[0]
	}
	k := 1 << (bits.Len(uint(len(hashes)-1)) - 1)
	return tlog.NodeHash(Root(hashes[:k]), Root(hashes[k:]))
}

// RootAt gives the root that a log had at a size, ErrSize where it was never so large.
type RootAt func(size int64) (tlog.Hash, error)

// Roots gives the roots of a log's sizes from the hashes of its leaves.
func Roots(leaves []tlog.Hash) RootAt {
	stored := make([]tlog.Hash, 0, 2*len(leaves))
	reader := tlog.HashReaderFunc(func(places []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(places))
		for i, p := range places {
			out[i] = stored[p]
		}
		return out, nil
	})
	for i, leaf := range leaves {
		hashes, err := tlog.StoredHashesForRecordHash(int64(i), leaf, reader)
		if err != nil {
			return func(int64) (tlog.Hash, error) { return tlog.Hash{}, err }
		}
		stored = append(stored, hashes...)
	}
	return func(size int64) (tlog.Hash, error) {
		switch {
		case size < 0 || size > int64(len(leaves)):
			return tlog.Hash{}, ErrSize
		case size == 0:
			return Empty().Hash, nil
		}
		return tlog.TreeHash(size, reader)
	}
}
