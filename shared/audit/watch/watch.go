// Package watch looks at entries as they are sealed, and keeps what package avvik finds in them in a queue for each
// organisation.
//
// Sealing notes which entries got their leaves. Whoever looks takes entries out of the oldest note in the very commit that
// writes what was found and what is remembered: the note is the cursor, and its revision lets one of any number through, so that
// each entry is looked at once whoever dies when. It refuses to keep a number or a name: persons are the log's
// pseudonyms, and a number is opened for one question alone, whether it is a colleague's. It asks the register nothing.
package watch

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/avvik"
	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/store"
)

// Watcher looks at entries. Any number may work at once, in any number of processes.
type Watcher struct {
	// State is where entries lie. It must not remember what it has read.
	State store.Store
	Keys  audit.Keys
	// Employee reports whether an actor is an employee of the organisation and not a system.
	Employee func(ctx context.Context, fiksOrgID, aktor string) (bool, error)
	// Colleague reports whether a person is employed by the organisation as somebody else than the actor.
	Colleague func(ctx context.Context, fiksOrgID, aktor string, id person.ID) (bool, error)
}

// atOnce is how many entries are looked at in one commit: each may write four records, which must fit in one.
const atOnce = 200

// Look looks at all that was sealed since. After an error what was done stands, and the next call goes on.
func (w *Watcher) Look(ctx context.Context) (n int, err error) {
	for {
		some, more, err := w.step(ctx)
		if n += some; err != nil || !more {
			return n, err
		}
	}
}

// step looks at some entries of the first note. Where somebody else was faster there is nothing more to do.
func (w *Watcher) step(ctx context.Context) (n int, more bool, err error) {
	notes, err := w.State.Scan(ctx, audit.PlacedPrefix, "", 1)
	if err != nil || len(notes) == 0 {
		return 0, false, err
	}
	runs, err := audit.ReadRuns(notes[0].Value)
	if err != nil {
		return 0, false, audit.Unreadable(err)
	}
	now, rest := split(runs)
	ops, n, err := w.judge(ctx, now)
	if err != nil {
		return 0, false, err
	}
	cursor := store.DeleteIf(notes[0].Key, notes[0].Revision)
	if len(rest) > 0 {
		cursor = store.PutIf(notes[0].Key, lines(rest), notes[0].Revision)
	}
	if err = w.State.Commit(ctx, append(ops, cursor)...); errors.Is(err, store.ErrConflict) {
		return 0, false, nil
	}
	return n, err == nil, err
}

// split takes as many entries as are looked at in one commit.
func split(runs []audit.Run) (now, rest []audit.Run) {
	left := uint64(atOnce)
	for i, r := range runs {
		if n := r.Last - r.First + 1; n <= left {
			now, left = append(now, r), left-n
			continue
		}
		rest = slices.Clone(runs[i:])
		if left > 0 {
			r.Last, rest[0].First = r.First+left-1, r.First+left
			now = append(now, r)
		}
		return now, rest
	}
	return now, nil
}

func lines(runs []audit.Run) []byte {
	all := make([]string, len(runs))
	for i, r := range runs {
		all[i] = r.String()
	}
	return []byte(strings.Join(all, "\n"))
}

// placed is an entry and where it lies.
type placed struct {
	audit.Entry
	stack string
}

// judge looks at the entries of runs in the order of time, and gives what is to be written.
func (w *Watcher) judge(ctx context.Context, runs []audit.Run) (ops []store.Op, n int, err error) {
	entries, err := w.entries(ctx, runs)
	if err != nil {
		return nil, 0, err
	}
	colleagues, err := w.colleagues(ctx, entries)
	if err != nil {
		return nil, 0, err
	}
	m, err := w.recall(ctx, entries)
	if err != nil {
		return nil, 0, err
	}
	for _, e := range entries {
		window := m.window(e.Entry)
		window.Kollega = colleagues[e.pair()]
		poeng, grunner, ansatte := avvik.Judge(e.Entry, window)
		avvik.Remember(e.Entry, window, grunner)
		if poeng > 0 {
			m.found(e, avvik.New(e.Entry, poeng, grunner, ansatte))
		}
	}
	ops, err = m.ops(ctx, w.State)
	return ops, len(entries), err
}

// entries reads the entries of runs that are to be judged. One that is erased, gone or does not match its commitment is
// left out: the sealed log proves it, and what comes after must be looked at all the same.
func (w *Watcher) entries(ctx context.Context, runs []audit.Run) (all []placed, err error) {
	keys := make([]string, len(runs))
	for i, r := range runs {
		keys[i] = r.Stack
	}
	found, err := w.State.GetMany(ctx, keys)
	if err != nil {
		return nil, err
	}
	actors := questions{}
	for _, run := range runs {
		records, _ := audit.Records(found[run.Stack].Value)
		for _, record := range records {
			e, _, err := audit.Open(record)
			if err == nil && e.Nr >= run.First && e.Nr <= run.Last && avvik.Looked(e) {
				all = append(all, placed{e, run.Stack})
				actors[e.FiksOrgID+" "+e.Aktor] = func(ctx context.Context) (bool, error) { return w.Employee(ctx, e.FiksOrgID, e.Aktor) }
			}
		}
	}
	employed, err := actors.ask(ctx, true)
	all = slices.DeleteFunc(all, func(e placed) bool { return !employed[e.FiksOrgID+" "+e.Aktor] })
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Or(a.Tid.Compare(b.Tid), cmp.Compare(a.Nr, b.Nr)) })
	return all, err
}

// pair names who asked about whom.
func (e placed) pair() string { return e.FiksOrgID + " " + e.Aktor + " " + e.Subjekt }

// colleagues opens the numbers of whom entries are about, for this alone, and forgets them. One that was not sealed with
// the organisation's key is nobody's.
func (w *Watcher) colleagues(ctx context.Context, entries []placed) (map[string]bool, error) {
	pairs := questions{}
	for _, e := range entries {
		if len(e.ForseglingAv) == 0 {
			continue
		}
		pairs[e.pair()] = func(ctx context.Context) (bool, error) {
			k, err := w.Keys.Organisation(e.FiksOrgID)
			if err != nil {
				return false, err
			}
			id, err := k.Unseal(e.Entry)
			if err != nil {
				return false, err
			}
			return w.Colleague(ctx, e.FiksOrgID, e.Aktor, id)
		}
	}
	return pairs.ask(ctx, false)
}

// questions are what is asked of the state besides, by what they are about.
type questions map[string]func(context.Context) (bool, error)

// together is how many are asked at a time.
const together = 16

// ask asks all. What can be asked again later is an error; what cannot be established at all is unless, so that one damaged
// record does not keep everybody's entries from being looked at.
func (q questions) ask(ctx context.Context, unless bool) (map[string]bool, error) {
	var mu sync.Mutex
	answers := make(map[string]bool, len(q))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(together)
	for of, ask := range q {
		g.Go(func() error {
			answer, err := ask(ctx)
			if err != nil && !fault.Is(err, fault.Unavailable) {
				answer, err = unless, ctx.Err()
			}
			mu.Lock()
			defer mu.Unlock()
			answers[of] = answer
			return err
		})
	}
	return answers, g.Wait()
}
