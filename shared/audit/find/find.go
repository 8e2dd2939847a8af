// Package find reads an organisation's entries newest first: all of them, those about a person, or those of an
// actor, by the indexes that the entries' own commit wrote.
//
// It refuses to read on where an entry does not match its commitment, and to read more than it was given leave to.
// Whoever shows what was read to somebody logs that first.
package find

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/store"
)

// Query (utvalg) says which entries of an organisation are wanted.
type Query struct {
	FiksOrgID string
	// Person is whom they are about, Aktor who acted; anybody where they are empty.
	Person person.ID
	Aktor  string
	// Handlinger are the actions that are wanted; any where it is empty.
	Handlinger []string
	// Fra and Til are from when and until when. A zero Fra is from the first.
	Fra, Til time.Time
	// Before is where an earlier reading ended, as it gave it; "" begins with the newest.
	Before string
}

// ErrMark is told of a Before that no reading gave.
var ErrMark = fault.New(fault.Invalid, "UGYLDIG_MARKOER", "Markøren er ikke fra et tidligere svar. Begynn søket på nytt uten markør.")

// Log is a log to be read. It is safe for concurrent use.
type Log struct {
	store store.Store
	keys  audit.Keys
}

// New reads the log in a store.
func New(s store.Store, keys audit.Keys) *Log { return &Log{s, keys} }

// Newest visits the entries of a query, newest first: commit by commit, and within one by number. It ends
// where visit says that it has had enough, or after as many as budget, and gives where to go on; "" where
// there are no more. Of a person and of an actor, entries of other actions are passed over unread, and as
// many of them as follow each other cost as one: a long list hides nothing. Erased entries are left out. An entry that does not match its commitment ends the
// reading with audit.ErrTampered, and so does an error of visit with itself.
func (l *Log) Newest(ctx context.Context, q Query, budget int, visit func(audit.Entry, audit.Record) (more bool, err error)) (next string, err error) {
	at, err := q.mark()
	if err != nil || !audit.Plain(q.FiksOrgID) || q.Aktor != "" && !audit.Plain(q.Aktor) {
		return "", err
	}
	wanted, err := l.wanted(q)
	if err != nil {
		return "", err
	}
	err = l.backward(ctx, wanted.prefix, max(0, q.Fra.Add(-audit.CommitSpan).UnixMicro()), at.tail, func(index []store.Record) error {
		stacks, err := l.stacks(ctx, index, wanted)
		if err != nil {
			return err
		}
		for _, r := range index {
			tail := strings.TrimPrefix(r.Key, wanted.prefix)
			spend := func(nr uint64, more bool, err error) error {
				budget--
				if err == nil && (!more || budget <= 0) {
					next, err = mark{tail, nr}.String(), errEnough
				}
				return err
			}
			err := stacks.newest(r, func(run audit.Run) (bool, error) {
				if wanted.run(run) || tail == at.tail && run.First >= at.nr {
					return wanted.run(run), nil
				}
				return false, spend(run.First, true, nil)
			}, func(e audit.Entry, r audit.Record) error {
				if tail == at.tail && e.Nr >= at.nr || !wanted.entry(e) {
					return nil
				}
				if !wanted.handling(e.Handling) {
					return spend(e.Nr, true, nil)
				}
				more, err := visit(e, r)
				return spend(e.Nr, more, err)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return next, err
}

var errEnough = errors.New("enough")

// mark is an entry in the order of an index: the record's place and the entry's number.
type mark struct {
	tail string
	nr   uint64
}

func (m mark) String() string { return fmt.Sprintf("%s.%d", m.tail, m.nr) }

// mark reads where the query begins.
func (q Query) mark() (mark, error) {
	if q.Before == "" {
		return mark{tail: audit.Moment(q.Til)}, nil
	}
	tail, nr, _ := strings.Cut(q.Before, ".")
	n, err := strconv.ParseUint(nr, 10, 64)
	if err != nil || len(tail) < len(audit.Moment(q.Til)) || len(tail) > 64 || strings.Trim(tail, "0123456789abcdef-") != "" {
		return mark{}, ErrMark
	}
	if _, err := strconv.ParseInt(tail[:16], 10, 64); err != nil {
		return mark{}, ErrMark
	}
	return mark{tail, n}, nil
}

// wanted is a query with the index that serves it.
type wanted struct {
	Query
	prefix, subjekt string
}

func (l *Log) wanted(q Query) (wanted, error) {
	w := wanted{Query: q, prefix: audit.TimePrefix(q.FiksOrgID)}
	if q.Aktor != "" {
		w.prefix = audit.ActorPrefix(q.FiksOrgID, q.Aktor)
	}
	if !q.Person.IsZero() {
		k, err := l.keys.Organisation(q.FiksOrgID)
		if err != nil {
			return w, err
		}
		w.subjekt = k.Pseudonym(q.Person)
		w.prefix = audit.SubjectPrefix(q.FiksOrgID, w.subjekt)
	}
	return w, nil
}

func (w wanted) entry(e audit.Entry) bool {
	return e.FiksOrgID == w.FiksOrgID && !e.Tid.Before(w.Fra) && e.Tid.Before(w.Til) &&
		(w.subjekt == "" || e.Subjekt == w.subjekt) && (w.Aktor == "" || e.Aktor == w.Aktor)
}

func (w wanted) handling(h string) bool {
	return len(w.Handlinger) == 0 || slices.Contains(w.Handlinger, h)
}

// run reports whether a run may have what is wanted.
func (w wanted) run(r audit.Run) bool { return r.Handling == "" || w.handling(r.Handling) }

// atOnce bounds how many commits are in memory.
const atOnce = 50

// How far back an index is read at a time, in microseconds: farther where there is little, less where
// there is more than a page.
const (
	firstWidth = int64(time.Hour / time.Microsecond)
	leastWidth = int64(time.Millisecond / time.Microsecond)
	widen      = 8
	few        = store.MaxScan / widen
)

// backward shows the records of an index up to a place in it, newest first, some at a time. The store
// scans forwards only, so it is read a stretch of time after the other.
func (l *Log) backward(ctx context.Context, prefix string, from int64, upTo string, see func([]store.Record) error) error {
	width := firstWidth
	before, _ := strconv.ParseInt(upTo[:16], 10, 64) // digits: a mark, or what we wrote
	before++                                         // records of that very moment too
	for before > from {
		start := max(from, before-width)
		page, err := l.stretch(ctx, prefix, fmt.Sprintf("%016d", start), upTo, width <= leastWidth)
		if errors.Is(err, errDense) {
			width /= widen
			continue
		}
		if err != nil {
			return audit.Unreadable(err)
		}
		slices.Reverse(page)
		for some := range slices.Chunk(page, atOnce) {
			if err := see(some); err != nil {
				return err
			}
		}
		if len(page) < few {
			width *= widen
		}
		before, upTo = start, fmt.Sprintf("%016d", start)
	}
	return nil
}

var errDense = errors.New("more than a page")

// stretch reads the records of an index between two places, the last of them included: errDense where there
// are more than a page and not everything is wanted.
func (l *Log) stretch(ctx context.Context, prefix, after, upTo string, everything bool) (found []store.Record, err error) {
	for after = prefix + after; ; after = found[len(found)-1].Key {
		page, err := l.store.Scan(ctx, prefix, after, store.MaxScan)
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			if strings.TrimPrefix(r.Key, prefix) > upTo {
				return found, nil
			}
			found = append(found, r)
		}
		if len(page) < store.MaxScan {
			return found, nil
		}
		if !everything {
			return nil, errDense
		}
	}
}

// stacks are stacks that were read, split into records.
type stacks map[string][][]byte

// stacks reads the stacks that records of an index lead to, and that may have what is wanted.
func (l *Log) stacks(ctx context.Context, index []store.Record, wanted wanted) (stacks, error) {
	var keys []string
	for _, r := range index {
		runs, err := audit.ReadRuns(r.Value)
		if err != nil {
			return nil, audit.Unreadable(err)
		}
		for _, run := range runs {
			if wanted.run(run) {
				keys = append(keys, run.Stack)
			}
		}
	}
	slices.Sort(keys)
	found, err := l.store.GetMany(ctx, slices.Compact(keys))
	if err != nil {
		return nil, audit.Unreadable(err)
	}
	read := stacks{}
	for key, r := range found {
		if read[key], err = audit.Records(r.Value); err != nil {
			return nil, audit.Unreadable(err)
		}
	}
	return read, nil
}

// newest visits the entries that a record of an index leads to, last first, of runs that enter lets it into.
func (s stacks) newest(index store.Record, enter func(audit.Run) (bool, error), visit func(audit.Entry, audit.Record) error) error {
	runs, err := audit.ReadRuns(index.Value)
	if err != nil {
		return audit.Unreadable(err)
	}
	for _, run := range slices.Backward(runs) {
		if in, err := enter(run); err != nil || !in {
			if err != nil {
				return err
			}
			continue
		}
		records := s[run.Stack]
		first, err := strconv.ParseUint(run.Stack[strings.LastIndexByte(run.Stack, '/')+1:], 10, 64)
		if err != nil {
			return audit.Unreadable(audit.ErrTampered)
		}
		for i, record := range slices.Backward(records) {
			if nr := first + uint64(i); nr < run.First || nr > run.Last { //nolint:gosec // an index
				continue
			}
			e, r, err := audit.Open(record)
			if errors.Is(err, audit.ErrErased) {
				continue
			}
			if err != nil {
				return audit.Unreadable(err)
			}
			if err := visit(e, r); err != nil {
				return err
			}
		}
	}
	return nil
}
