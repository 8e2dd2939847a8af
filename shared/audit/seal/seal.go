// Package seal takes what the log has written into a log that proves itself: each entry's commitment becomes
// a leaf of the transparency log of package tiles, in a bucket.
//
// A leaf gets its place in one commit of the state, which takes the note of it away, stages the leaf and
// moves the head; only then are files written, which follow from what is staged and nothing else. So
// whoever dies or races leaves work that somebody else does alike. Files are made once and never
// changed; the checkpoint comes last.
//
// It refuses to write over a file that differs, to sign two logs of one size, and to let a hole in a
// writer's numbers pass in silence or stop the rest.
package seal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"

	"hjemmel/shared/audit/tiles"
	"hjemmel/shared/fault"
	"hjemmel/shared/store"
)

// Sealer seals one log. Any number may work at once, in any number of processes.
type Sealer struct {
	// State is where entries lie. It must not remember what it has read.
	State store.Store
	// Bucket is where the log's files lie.
	Bucket *blob.Bucket
	// Copy is a second place, which gets every checkpoint, so that a log that is taken back shows; nil for
	// none.
	Copy *blob.Bucket
	// Signer signs checkpoints.
	Signer tiles.Signer
	Now    func() time.Time
}

// What can stop sealing. Entries are safe meanwhile: nothing else waits for it.
var (
	errForked = fault.New(fault.Internal, "LOGG_FORGRENET",
		"Loggens filer stemmer ikke med loggen. Forsegling er stanset til en driftsansvarlig har sett på det.")
	errBucket = fault.New(fault.Unavailable, "FORSEGLING_UTILGJENGELIG",
		"Den forseglede loggen er ikke tilgjengelig nå. Prøv igjen om litt.")
	errNoFile = fault.New(fault.NotFound, "LOGGFIL_UKJENT", "Loggen har ingen slik fil.")
)

func unavailable(cause error) error {
	return fault.From(errBucket.Kind, errBucket.Code, errBucket.Detail, cause).After(retry)
}

// forked tells what differs; cause must name files and sizes only.
func forked(cause error) error {
	return fault.From(errForked.Kind, errForked.Code, errForked.Detail, cause)
}

const retry = 10 * time.Second

// headKey is the one record that every step of sealing moves by its revision.
const headKey = "logghode/logg"

// head says how far the log has come.
type head struct {
	// Plassert is how many leaves have a place, Forseglet how many of them lie in the files below a
	// signed checkpoint. Between the two lies one staged record.
	Plassert  int64 `json:"plassert"`
	Forseglet int64 `json:"forseglet"`
	// Rot is the root of the Forseglet first leaves, Sjekkpunkt their signed checkpoint.
	Rot        tlog.Hash `json:"rot"`
	Sjekkpunkt string    `json:"sjekkpunkt"`
	Tid        time.Time `json:"tid"`
}

func (h head) tree() tlog.Tree {
	if h.Forseglet == 0 {
		return tiles.Empty()
	}
	return tlog.Tree{N: h.Forseglet, Hash: h.Rot}
}

func (s *Sealer) head(ctx context.Context) (head, store.Revision, error) {
	return store.Read[head](ctx, s.State, headKey)
}

// stagedKey is where leaves lie that have a place and no file yet, 32 bytes each, by the first's place.
func stagedKey(first int64) string { return fmt.Sprintf("loggtrinn/%016d", first) }

// Result is what one call of Seal has done.
type Result struct {
	// Forseglet is how many leaves got a place.
	Forseglet int
	// Hull are the holes that were found.
	Hull []Hole
}

// Seal seals what there is until nothing is left. After an error what was done stands, and the next call
// goes on from there.
func (s *Sealer) Seal(ctx context.Context) (Result, error) {
	var done Result
	var conflicted *store.Revision
	if _, _, err := s.compare(ctx); err != nil { // before anything is placed or signed that the published log contradicts
		return done, err
	}
	for {
		h, revision, err := s.head(ctx)
		if err != nil {
			return done, err
		}
		if h.Forseglet < h.Plassert {
			err = s.publish(ctx, h, revision)
		} else {
			var some Result
			some, err = s.place(ctx, h, revision)
			done.Forseglet, done.Hull = done.Forseglet+some.Forseglet, append(done.Hull, some.Hull...)
			if err == nil && some.Forseglet == 0 && len(some.Hull) == 0 {
				return done, s.tell(ctx)
			}
		}
		if err != nil && !errors.Is(err, store.ErrConflict) {
			return done, err
		}
		if err == nil {
			continue
		}
		if conflicted != nil && revision == *conflicted { // every step moves the head, so this was nobody's being faster
			return done, forked(errors.New("what is to be written is there already"))
		}
		conflicted = &revision
	}
}

// publish writes the files of what is staged and moves the head to it.
func (s *Sealer) publish(ctx context.Context, h head, revision store.Revision) error {
	staged, err := s.State.Get(ctx, stagedKey(h.Forseglet))
	if err != nil {
		return s.unlessMoved(ctx, revision, err)
	}
	leaves := make([][]byte, 0, len(staged.Value)/tlog.HashSize)
	for b := staged.Value; len(b) >= tlog.HashSize; b = b[tlog.HashSize:] {
		leaves = append(leaves, b[:tlog.HashSize])
	}
	if int64(len(leaves)) != h.Plassert-h.Forseglet {
		return forked(fmt.Errorf("%d leaves are staged at %d, want %d", len(leaves), h.Forseglet, h.Plassert-h.Forseglet))
	}
	files, tree, err := tiles.NewReader(ctx, s.Fetch, h.tree()).Grow(leaves)
	if err != nil {
		return broken(err)
	}
	if err := s.write(ctx, files); err != nil {
		return err
	}
	signed, err := s.Signer.Checkpoint(tree)
	if err != nil {
		return err
	}
	op, err := store.Write(headKey, head{tree.N, tree.N, tree.Hash, string(signed), s.Now().UTC()}, revision)
	if err != nil {
		return err
	}
	return s.State.Commit(ctx, op, store.DeleteIf(staged.Key, staged.Revision))
}

// unlessMoved makes a conflict of an error that comes of somebody else having been faster.
func (s *Sealer) unlessMoved(ctx context.Context, was store.Revision, err error) error {
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if _, now, err := s.head(ctx); err != nil || now != was {
		return errors.Join(err, store.ErrConflict)
	}
	return forked(errors.New("what was staged is gone"))
}

// write makes files, some at a time.
func (s *Sealer) write(ctx context.Context, files map[string][]byte) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(16)
	for name, b := range files {
		g.Go(func() error { return create(ctx, s.Bucket, name, b) })
	}
	return g.Wait()
}

// create makes a file that must not be there, or be there just so.
func create(ctx context.Context, to *blob.Bucket, name string, b []byte) error {
	err := to.WriteAll(ctx, name, b, &blob.WriterOptions{ContentType: "application/octet-stream", IfNotExist: true})
	if err == nil {
		return nil
	}
	if gcerrors.Code(err) != gcerrors.FailedPrecondition {
		return unavailable(err)
	}
	there, err := to.ReadAll(ctx, name)
	if err != nil {
		return unavailable(err)
	}
	if !bytes.Equal(there, b) {
		return forked(fmt.Errorf("%s is there and differs", name))
	}
	return nil
}

// compare gives the bucket's checkpoint, if it has one, and the head. Where the bucket's is later, or another's, the state
// has been taken back, as by a backup that was restored: what were sealed now would be a second log beside the published.
func (s *Sealer) compare(ctx context.Context) (there []byte, h head, err error) {
	there, err = s.Bucket.ReadAll(ctx, tiles.Checkpoint)
	if err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return nil, head{}, unavailable(err)
	}
	if h, _, err = s.head(ctx); err != nil || there == nil { // after the bucket: what is there is no later
		return there, h, err
	}
	old, err := tiles.OpenCheckpoint(there, s.Signer.Key)
	if err != nil || old.N > h.Forseglet || old.N == h.Forseglet && old != h.tree() {
		return nil, head{}, forked(fmt.Errorf("the bucket has a checkpoint that is not of this log or later than %d", h.Forseglet))
	}
	return there, h, nil
}

// tell writes the newest checkpoint beside the files and in the second place.
func (s *Sealer) tell(ctx context.Context) error {
	there, h, err := s.compare(ctx)
	if err != nil || h.Forseglet == 0 {
		return err
	}
	if string(there) != h.Sjekkpunkt {
		if err := s.Bucket.WriteAll(ctx, tiles.Checkpoint, []byte(h.Sjekkpunkt), &blob.WriterOptions{ContentType: "text/plain; charset=utf-8"}); err != nil {
			return unavailable(err)
		}
	}
	if s.Copy == nil {
		return nil
	}
	return create(ctx, s.Copy, CopyName(h.Forseglet), []byte(h.Sjekkpunkt))
}

// CopyName names a checkpoint in the second place, in order of size.
func CopyName(size int64) string { return fmt.Sprintf("sjekkpunkt/%016d", size) }

// File gives a file of the log that never changes, by its name: tile/….
func (s *Sealer) File(ctx context.Context, name string) ([]byte, error) {
	if !tiles.IsName(name) {
		return nil, errNoFile
	}
	return s.Fetch(ctx, name)
}

// Fetch reads a file of the log, as tiles.Fetch.
func (s *Sealer) Fetch(ctx context.Context, name string) ([]byte, error) {
	b, err := s.Bucket.ReadAll(ctx, name)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, errNoFile
	}
	if err != nil {
		return nil, unavailable(err)
	}
	return b, nil
}

// broken is what it means that the log's own files do not hash up to its root, or lack.
func broken(err error) error {
	if fault.Is(err, fault.Unavailable) {
		return err
	}
	return forked(err)
}
