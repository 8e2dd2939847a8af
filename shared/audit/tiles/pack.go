package tiles

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"hjemmel/shared/audit"
)

// Pack (bevispakke) is entries in full with the proof that each is in the log as it was written.
type Pack struct {
	// Sjekkpunkt is the signed checkpoint that the proofs lead to.
	Sjekkpunkt string     `json:"sjekkpunkt"`
	Innslag    []Evidence `json:"innslag"`
}

// Evidence is one entry with its salt and its leaf.
type Evidence struct {
	// Innslag is the entry's canonical bytes, Salt what hides them in the commitment.
	Innslag string `json:"innslag"`
	Salt    []byte `json:"salt"`
	Leaf
}

// Verify checks a pack with the log's key alone: the checkpoint's signature, that each entry is what its leaf
// commits to, and that the leaf is in that log. It does not tell whether there are other entries.
func (p Pack) Verify(key string) error {
	tree, err := OpenCheckpoint([]byte(p.Sjekkpunkt), key)
	if err != nil {
		return err
	}
	seen := map[int64]bool{}
	for i, e := range p.Innslag {
		record := audit.Record{Innslag: []byte(e.Innslag), Salt: e.Salt, Forplikt: e.Forpliktelse}
		if !record.Holds() || e.Indeks < 0 || e.Indeks >= tree.N || seen[e.Indeks] ||
			tlog.CheckRecord(e.Bevis, tree.N, tree.Hash, e.Indeks, tlog.RecordHash(e.Forpliktelse)) != nil {
			return fmt.Errorf("%w: entry %d of the pack", ErrUnproved, i+1)
		}
		seen[e.Indeks] = true
	}
	return nil
}
