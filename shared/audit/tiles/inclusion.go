package tiles

import (
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"hjemmel/shared/audit"
)

// Inclusion (bevis) shows to anybody who has the log's key that the entries of a receipt are in the log.
type Inclusion struct {
	Kvittering string `json:"kvittering"`
	// Sjekkpunkt is the signed checkpoint that the proofs lead to.
	Sjekkpunkt string `json:"sjekkpunkt"`
	// Blad are the receipt's entries in order.
	Blad []Leaf `json:"blad"`
}

// Leaf (blad) is one entry's place in the log.
type Leaf struct {
	Indeks       int64  `json:"indeks"`
	Forpliktelse []byte `json:"forpliktelse"`
	// Bevis are the hashes from the leaf up to the root (RFC 6962, 2.1.1).
	Bevis []tlog.Hash `json:"bevis"`
}

// Prove gives the proofs of leaves against the reader's tree.
func (r *Reader) Prove(indexes []int64) ([]Leaf, error) {
	all := make([]Leaf, len(indexes))
	for i, index := range indexes {
		leaf, err := r.Leaf(index)
		if err != nil {
			return nil, err
		}
		p, err := tlog.ProveRecord(r.tree.N, index, r)
		if err != nil {
			return nil, err
		}
		if tlog.CheckRecord(p, r.tree.N, r.tree.Hash, index, tlog.RecordHash(leaf)) != nil {
			return nil, ErrTampered
		}
		all[i] = Leaf{index, leaf, append([]tlog.Hash{}, p...)}
	}
	return all, nil
}

// Verify checks a proof with the log's key alone: the checkpoint's signature, that each leaf is in that
// log, and that the leaves are those of the receipt, by its commitment. The writer and number in a receipt
// are where to look, and nothing proves them. No leaf is taken for two entries.
func (p Inclusion) Verify(key string) error {
	tree, err := OpenCheckpoint([]byte(p.Sjekkpunkt), key)
	if err != nil {
		return err
	}
	receipt, err := audit.ParseReceipt(p.Kvittering)
	if err != nil {
		return errors.Join(ErrUnproved, err)
	}
	commitments := make([][]byte, len(p.Blad))
	seen := map[int64]bool{}
	for i, b := range p.Blad {
		if b.Indeks < 0 || b.Indeks >= tree.N || seen[b.Indeks] ||
			tlog.CheckRecord(b.Bevis, tree.N, tree.Hash, b.Indeks, tlog.RecordHash(b.Forpliktelse)) != nil {
			return fmt.Errorf("%w: leaf %d", ErrUnproved, b.Indeks)
		}
		seen[b.Indeks], commitments[i] = true, b.Forpliktelse
	}
	if !receipt.Commits(commitments) {
		return fmt.Errorf("%w: the leaves are not the receipt's", ErrUnproved)
	}
	return nil
}

// Consistency (konsistens) shows that a log has only grown between two sizes.
type Consistency struct {
	Fra int64 `json:"fra"`
	Til int64 `json:"til"`
	// Bevis are the hashes of RFC 6962, 2.1.2; none where one of the logs is empty.
	Bevis []tlog.Hash `json:"bevis"`
}

// ProveGrowth gives the proof that the reader's tree has grown from its own first size leaves. to is the
// size it is proved at, at most the reader's.
func (r *Reader) ProveGrowth(from, to int64) (Consistency, error) {
	if from < 0 || from > to || to > r.tree.N {
		return Consistency{}, ErrSize
	}
	c := Consistency{from, to, []tlog.Hash{}}
	if from == 0 || from == to {
		return c, nil
	}
	p, err := tlog.ProveTree(to, from, r)
	c.Bevis = append(c.Bevis, p...)
	return c, err
}

// Verify checks that the newer checkpoint's log begins with the older's.
func (c Consistency) Verify(key string, older, newer []byte) error {
	a, err := OpenCheckpoint(older, key)
	if err != nil {
		return err
	}
	b, err := OpenCheckpoint(newer, key)
	if err != nil {
		return err
	}
	if c.Fra != a.N || c.Til != b.N || a.N > b.N {
		return fmt.Errorf("%w: it is about other sizes", ErrUnproved)
	}
	if a.N == 0 || a.N == b.N {
		if a.N == b.N && a.Hash != b.Hash || a.N == 0 && a != Empty() {
			return fmt.Errorf("%w: two logs of one size", ErrUnproved)
		}
		return nil
	}
	if tlog.CheckTree(c.Bevis, b.N, b.Hash, a.N, a.Hash) != nil {
		return ErrUnproved
	}
	return nil
}

// Read reads a file that holds an Inclusion, a Consistency or a Pack.
func Read[T Inclusion | Consistency | Pack](b []byte) (p T, err error) {
	if err := json.Unmarshal(b, &p); err != nil {
		return p, fmt.Errorf("%w: not a file of that kind", ErrUnproved)
	}
	return p, nil
}
