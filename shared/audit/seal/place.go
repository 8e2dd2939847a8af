package seal

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/store"
)

// Bounds of one commit: stacks taken, and leaves beyond which no further stack is.
const (
	maxStacks = 600
	maxLeaves = 20_000
)

// run is entries of one writer that follow each other in the log too:
// loggblad/{skriver}/{nr of the last}.
type run struct {
	Nr   uint64 `json:"nr"`   // the first
	Blad int64  `json:"blad"` // its leaf
	last uint64
}

func runPrefix(skriver string) string { return "loggblad/" + skriver + "/" }

func runKey(skriver string, last uint64) string {
	return fmt.Sprintf("%s%012d", runPrefix(skriver), last)
}

// batch is one commit in the making.
type batch struct {
	head   head
	ops    []store.Op
	leaves []byte
	placed []string         // runs that got their leaves
	runs   map[string][]run // by writer, of this batch
	sealed map[string][]run // by writer, those in the store near this batch's
	holes  []Hole
	now    time.Time
}

// place gives what waits its places in the log: one commit, which somebody else's work makes conflict.
func (s *Sealer) place(ctx context.Context, h head, revision store.Revision) (Result, error) {
	waiting, err := s.State.Scan(ctx, audit.UnsealedPrefix, "", maxStacks)
	if err != nil || len(waiting) == 0 {
		return Result{}, err
	}
	b := batch{head: h, runs: map[string][]run{}, sealed: map[string][]run{}, now: s.Now().UTC().Truncate(time.Microsecond)}
	if err := s.fill(ctx, &b, waiting); err != nil {
		return Result{}, err
	}
	if err := b.finish(revision); err != nil {
		return Result{}, err
	}
	if err := s.State.Commit(ctx, b.ops...); err != nil {
		return Result{}, err
	}
	return Result{int(b.head.Plassert - h.Plassert), b.holes}, nil
}

// fill takes stacks until the batch is full.
func (s *Sealer) fill(ctx context.Context, b *batch, waiting []store.Record) error {
	const atOnce = 50 // stacks in memory
	for len(waiting) > 0 && b.head.Plassert-b.head.Forseglet < maxLeaves {
		some := waiting[:min(atOnce, len(waiting))]
		waiting = waiting[len(some):]
		stacks, err := s.stacks(ctx, some)
		if err != nil {
			return err
		}
		for _, r := range some {
			if b.head.Plassert-b.head.Forseglet >= maxLeaves {
				return nil
			}
			if err := s.take(ctx, b, r, stacks); err != nil {
				return err
			}
		}
	}
	return nil
}

// stacks reads the entries that notes tell of.
func (s *Sealer) stacks(ctx context.Context, notes []store.Record) (map[string]store.Record, error) {
	var keys []string
	for _, r := range notes {
		if u, readable := read(r); readable {
			keys = append(keys, audit.Key(u.Skriver, u.Nr))
		}
	}
	return s.State.GetMany(ctx, keys)
}

// take adds one stack. Whatever is wrong with it is noted, and the rest goes on.
func (s *Sealer) take(ctx context.Context, b *batch, r store.Record, stacks map[string]store.Record) error {
	b.ops = append(b.ops, store.DeleteIf(r.Key, r.Revision))
	u, readable := read(r)
	if !readable {
		b.holes = append(b.holes, Hole{Art: Unreadable, Funnet: b.now})
		return nil
	}
	sealed, err := s.before(ctx, b, u)
	switch {
	case err != nil:
		return err
	case sealed >= u.Nr:
		b.holes = append(b.holes, Hole{u.Skriver, u.Nr, u.Last(), Again, b.now})
		return nil
	case sealed+1 < u.Nr:
		b.holes = append(b.holes, Hole{u.Skriver, sealed + 1, u.Nr - 1, Missing, b.now})
	}
	b.missing(u, stacks[audit.Key(u.Skriver, u.Nr)].Value)
	b.add(u)
	return nil
}

// read reads a note; what is none cannot be sealed, and is told of as a hole.
func read(r store.Record) (audit.Unsealed, bool) {
	u, err := audit.ReadUnsealed(r)
	return u, err == nil
}

// before gives the number of the writer's last entry up to u's last that has a place, or 0: the one before
// u's first where all is well.
func (s *Sealer) before(ctx context.Context, b *batch, u audit.Unsealed) (uint64, error) {
	if _, looked := b.sealed[u.Skriver]; !looked {
		near, err := s.State.Scan(ctx, runPrefix(u.Skriver), runKey(u.Skriver, max(u.Nr, 2)-2), store.MaxScan)
		if err != nil {
			return 0, err
		}
		if b.sealed[u.Skriver], err = readRuns(near); err != nil {
			return 0, err
		}
	}
	last := max(lastUpTo(b.sealed[u.Skriver], u), lastUpTo(b.runs[u.Skriver], u))
	if last > 0 || u.Nr == 1 {
		return last, nil
	}
	records, err := store.All(ctx, s.State, runPrefix(u.Skriver)) // a hole: where does it begin?
	if err != nil {
		return 0, err
	}
	all, err := readRuns(records)
	return lastUpTo(all, u), err
}

// lastUpTo is the greatest number in runs that is at most u's last, or 0.
func lastUpTo(runs []run, u audit.Unsealed) (last uint64) {
	for _, r := range runs {
		if r.Nr <= u.Last() {
			last = max(last, min(r.last, u.Last()))
		}
	}
	return last
}

func readRuns(records []store.Record) ([]run, error) {
	runs := make([]run, 0, len(records))
	for _, r := range records {
		known, err := readRun(r)
		if err != nil {
			return nil, err
		}
		runs = append(runs, known)
	}
	return runs, nil
}

func readRun(r store.Record) (run, error) {
	known, err := store.Value[run](r)
	if err != nil {
		return known, err
	}
	_, err = fmt.Sscanf(r.Key[strings.LastIndexByte(r.Key, '/')+1:], "%d", &known.last)
	return known, err
}

// add gives u's entries their leaves.
func (b *batch) add(u audit.Unsealed) {
	mine := b.runs[u.Skriver]
	if n := len(mine); n > 0 && mine[n-1].last == u.Nr-1 && mine[n-1].Blad+int64(u.Nr-mine[n-1].Nr) == b.head.Plassert { //nolint:gosec // small
		mine[n-1].last = u.Last()
	} else {
		mine = append(mine, run{u.Nr, b.head.Plassert, u.Last()})
	}
	b.runs[u.Skriver] = mine
	b.placed = append(b.placed, audit.Run{Stack: audit.Key(u.Skriver, u.Nr), First: u.Nr, Last: u.Last()}.String())
	for _, c := range u.Commitments {
		b.leaves = append(b.leaves, c...)
	}
	b.head.Plassert += int64(len(u.Commitments))
}

// missing notes where the stack no longer holds the commitments. A commitment cannot be guessed, so a stack
// that has it in its place is the one that was written. They are sealed all the same.
func (b *batch) missing(u audit.Unsealed, stack []byte) {
	hole := Hole{Skriver: u.Skriver, Art: Taken, Funnet: b.now}
	for i, c := range u.Commitments {
		at := []byte(`"forpliktelse":"` + base64.StdEncoding.EncodeToString(c) + `"`)
		if _, rest, ok := bytes.Cut(stack, at); ok {
			stack = rest
			continue
		}
		if hole.Til = u.Nr + uint64(i); hole.Fra == 0 {
			hole.Fra = hole.Til
		}
	}
	if hole.Fra > 0 {
		b.holes = append(b.holes, hole)
	}
}

// finish adds the writes of the batch itself.
func (b *batch) finish(revision store.Revision) error {
	for skriver, mine := range b.runs {
		for _, r := range mine {
			value, err := json.Marshal(r)
			if err != nil {
				return err
			}
			b.ops = append(b.ops, store.Create(runKey(skriver, r.last), value))
		}
	}
	if len(b.leaves) > 0 {
		b.ops = append(b.ops, store.Create(stagedKey(b.head.Forseglet), b.leaves),
			store.Create(fmt.Sprintf("%s%016d", audit.PlacedPrefix, b.head.Forseglet), []byte(strings.Join(b.placed, "\n"))))
	}
	if len(b.holes) > 0 {
		value, err := json.Marshal(b.holes)
		if err != nil {
			return err
		}
		b.ops = append(b.ops, store.Put(holeKey(b.now, b.head.Plassert), value))
	}
	op, err := store.Write(headKey, b.head, revision)
	b.ops = append(b.ops, op)
	return err
}
