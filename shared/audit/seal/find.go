package seal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/tiles"
	"hjemmel/shared/fault"
	"hjemmel/shared/store"
)

// Hole (hull) is entries that sealing did not find as they were written.
type Hole struct {
	// Skriver, Fra and Til say which: a writer's numbers from and to, "" and 0 where that cannot be read.
	Skriver string    `json:"skriver"`
	Fra     uint64    `json:"fra"`
	Til     uint64    `json:"til"`
	Art     Kind      `json:"art"`
	Funnet  time.Time `json:"funnet"`
}

// Kind (art) is what kind of hole it is.
type Kind string

// The kinds.
const (
	Missing    Kind = "MANGLER" // numbers that never came: taken with their note, and nothing of them is sealed
	Taken      Kind = "FJERNET" // between these, entries were taken or changed; their commitments are sealed
	Again      Kind = "DOBBELT" // a note of what is sealed already; it was dropped
	Unreadable Kind = "ULESELIG"
)

const holePrefix = "logghull/"

func holeKey(now time.Time, leaf int64) string {
	return fmt.Sprintf("%s%016d-%016d", holePrefix, now.UnixMicro(), leaf)
}

// Status is how sealing stands.
type Status struct {
	// Forseglet is how many entries are sealed, SistForseglet when the last was.
	Forseglet     int64      `json:"forseglet"`
	SistForseglet *time.Time `json:"sistForseglet,omitempty"`
	// EldsteUforseglet is when the oldest of what waits was written, as far as one look shows.
	EldsteUforseglet *time.Time `json:"eldsteUforseglet,omitempty"`
	// Etterslep is that something has waited longer than a minute.
	Etterslep bool `json:"etterslep"`
	// Hull are all holes ever found.
	Hull []Hole `json:"hull"`
}

// maxWait is how long an entry may wait to be sealed.
const maxWait = time.Minute

// Status tells how sealing stands.
func (s *Sealer) Status(ctx context.Context) (Status, error) {
	h, _, err := s.head(ctx)
	if err != nil {
		return Status{}, err
	}
	st := Status{Forseglet: h.Forseglet, Hull: []Hole{}}
	if !h.Tid.IsZero() {
		st.SistForseglet = &h.Tid
	}
	waiting, err := s.State.Scan(ctx, audit.UnsealedPrefix, "", maxStacks)
	if err != nil {
		return Status{}, err
	}
	for _, r := range waiting {
		if u, readable := read(r); readable && (st.EldsteUforseglet == nil || u.Tid.Before(*st.EldsteUforseglet)) {
			st.EldsteUforseglet = &u.Tid
		}
	}
	st.Etterslep = st.EldsteUforseglet != nil && s.Now().Sub(*st.EldsteUforseglet) > maxWait
	holes, err := store.All(ctx, s.State, holePrefix)
	if err != nil {
		return Status{}, err
	}
	for _, r := range holes {
		some, err := store.Value[[]Hole](r)
		if err != nil {
			return Status{}, err
		}
		st.Hull = append(st.Hull, some...)
	}
	return st, nil
}

// Lag is how long the oldest of what waits has waited, as far as one look shows.
func (s *Sealer) Lag(ctx context.Context) (time.Duration, error) {
	st, err := s.Status(ctx)
	if err != nil || st.EldsteUforseglet == nil {
		return 0, err
	}
	return s.Now().Sub(*st.EldsteUforseglet), nil
}

// Checkpoint gives the newest signed checkpoint.
func (s *Sealer) Checkpoint(ctx context.Context) ([]byte, error) {
	h, _, err := s.head(ctx)
	if err != nil || h.Forseglet > 0 {
		return []byte(h.Sjekkpunkt), err
	}
	return s.Signer.Checkpoint(tiles.Empty())
}

// What a receipt can be that has no proof.
var (
	errUnknown = fault.New(fault.NotFound, "KVITTERING_UKJENT", "Loggen har ingen innslag med denne kvitteringen. Sjekk at hele kvitteringen er med.")
	errWaiting = fault.New(fault.Unavailable, "IKKE_FORSEGLET", "Innslagene er loggført, men ikke forseglet ennå. Prøv igjen om litt.").After(retry)
	// ErrSizes is returned for sizes that the log does not have.
	ErrSizes = fault.New(fault.Invalid, "UGYLDIG_STOERRELSE", "fra og til må være hele tall der fra ikke er større enn til, og til ikke større enn loggen er.")
)

// Prove gives the proof that a receipt's entries are in the log, against the newest checkpoint.
func (s *Sealer) Prove(ctx context.Context, r audit.Receipt) (tiles.Inclusion, error) {
	h, _, err := s.head(ctx)
	if err != nil {
		return tiles.Inclusion{}, err
	}
	indexes, err := s.find(ctx, r)
	if err != nil {
		return tiles.Inclusion{}, err
	}
	for _, i := range indexes {
		if i >= h.Forseglet {
			return tiles.Inclusion{}, errWaiting
		}
	}
	leaves, err := tiles.NewReader(ctx, s.Fetch, h.tree()).Prove(indexes)
	if err != nil {
		return tiles.Inclusion{}, broken(err)
	}
	commitments := make([][]byte, len(leaves))
	for i, l := range leaves {
		commitments[i] = l.Forpliktelse
	}
	if !r.Commits(commitments) {
		return tiles.Inclusion{}, errUnknown
	}
	return tiles.Inclusion{Kvittering: r.String(), Sjekkpunkt: h.Sjekkpunkt, Blad: leaves}, nil
}

// Evidence gives the proofs of entries, by writer and number, against the newest checkpoint.
func (s *Sealer) Evidence(ctx context.Context, entries []audit.Entry) (checkpoint string, leaves []tiles.Leaf, err error) {
	h, _, err := s.head(ctx)
	if err != nil {
		return "", nil, err
	}
	indexes := make([]int64, len(entries))
	var at run
	var of string // whose run it is
	for i, e := range entries {
		if e.Skriver != of || e.Nr < at.Nr || e.Nr > at.last {
			var ok bool
			if at, ok, err = s.runOf(ctx, e.Skriver, e.Nr); err == nil && !ok {
				err = s.waits(ctx, e.Skriver, e.Nr)
			}
			if err != nil {
				return "", nil, err
			}
			of = e.Skriver
		}
		if indexes[i] = at.Blad + int64(e.Nr-at.Nr); indexes[i] >= h.Forseglet { //nolint:gosec // in the run
			return "", nil, errWaiting
		}
	}
	if leaves, err = tiles.NewReader(ctx, s.Fetch, h.tree()).Prove(indexes); err != nil {
		return "", nil, broken(err)
	}
	return h.Sjekkpunkt, leaves, nil
}

// ProveGrowth gives the proof that the log of to leaves begins with the log of from; to below 0 is the
// newest size.
func (s *Sealer) ProveGrowth(ctx context.Context, from, to int64) (tiles.Consistency, error) {
	h, _, err := s.head(ctx)
	if err != nil {
		return tiles.Consistency{}, err
	}
	if to < 0 {
		to = h.Forseglet
	}
	c, err := tiles.NewReader(ctx, s.Fetch, h.tree()).ProveGrowth(from, to)
	if errors.Is(err, tiles.ErrSize) {
		return c, ErrSizes
	}
	if err != nil {
		return c, broken(err)
	}
	return c, nil
}

// find gives the leaves of a receipt's entries.
func (s *Sealer) find(ctx context.Context, r audit.Receipt) ([]int64, error) {
	skriver, nr := r.First()
	indexes := make([]int64, 0, r.Count())
	for len(indexes) < r.Count() {
		at, ok, err := s.runOf(ctx, skriver, nr)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, s.waits(ctx, skriver, nr)
		}
		for ; nr <= at.last && len(indexes) < r.Count(); nr++ {
			indexes = append(indexes, at.Blad+int64(nr-at.Nr)) //nolint:gosec // in the run
		}
	}
	return indexes, nil
}

// runOf finds the run that an entry is in.
func (s *Sealer) runOf(ctx context.Context, skriver string, nr uint64) (run, bool, error) {
	found, err := s.State.Scan(ctx, runPrefix(skriver), runKey(skriver, nr-1), 1)
	if err != nil || len(found) == 0 {
		return run{}, false, err
	}
	at, err := readRun(found[0])
	return at, at.Nr <= nr && nr <= at.last, err
}

// waits tells an entry that is to be sealed from one that is unknown.
func (s *Sealer) waits(ctx context.Context, skriver string, nr uint64) error {
	found, err := s.State.Scan(ctx, audit.UnsealedPrefix+skriver+"/", audit.UnsealedKey(skriver, nr-1), 1)
	if err != nil {
		return err
	}
	for _, r := range found {
		if u, readable := read(r); readable && u.Nr <= nr && nr <= u.Last() {
			return errWaiting
		}
	}
	if _, ok, err := s.runOf(ctx, skriver, nr); err != nil || ok { // it may have got its place between the looks
		return errors.Join(err, errWaiting)
	}
	return errUnknown
}
