package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/store"
)

// timeKey is where the store holds which stacks have an organisation's entries of one commit, one key
// a line, so that a period can be read: loggtid/{fiksOrgId}/{microseconds since 1970}-{first entry}.
func timeKey(fiksOrgID string, first Entry) string {
	return fmt.Sprintf("%s%s-%s", TimePrefix(fiksOrgID), Moment(first.Tid), entryID(first.Skriver, first.Nr))
}

// TimePrefix is below which the store holds when an organisation's entries were written.
func TimePrefix(fiksOrgID string) string { return "loggtid/" + fiksOrgID + "/" }

// periods gathers the index of a commit: stack keys by time key.
type periods struct {
	keys   map[string]string   // by organisation
	stacks map[string][]string // by key
}

func newPeriods() periods { return periods{map[string]string{}, map[string][]string{}} }

func (p periods) add(e Entry, stack string) {
	if !Plain(e.FiksOrgID) {
		return
	}
	key, ok := p.keys[e.FiksOrgID]
	if !ok {
		key = timeKey(e.FiksOrgID, e)
		p.keys[e.FiksOrgID] = key
	}
	if of := p.stacks[key]; len(of) == 0 || of[len(of)-1] != stack {
		p.stacks[key] = append(of, stack)
	}
}

func (p periods) ops() []store.Op {
	ops := make([]store.Op, 0, len(p.stacks))
	for key, stacks := range p.stacks {
		ops = append(ops, store.Create(key, []byte(strings.Join(stacks, "\n"))))
	}
	return ops
}

// CommitSpan is more than lies between the first entry of a commit and its last.
const CommitSpan = time.Minute

// stacksAtOnce bounds what is in memory while a period is read.
const stacksAtOnce = 50

var errUnreadable = fault.New(fault.Unavailable, "LOGG_ULESELIG", "Loggen kan ikke leses nå. Prøv igjen om litt.")

// Read visits an organisation's entries from a time and until another, commit by commit in the order
// of time. Erased entries are left out. An entry that does not match its commitment ends the reading with
// ErrTampered, and so does an error of visit with itself. Whoever shows what was read to somebody logs
// that first.
func (l *Log) Read(ctx context.Context, fiksOrgID string, from, to time.Time, visit func(Entry) error) error {
	if !Plain(fiksOrgID) {
		return nil
	}
	prefix := TimePrefix(fiksOrgID)
	after, end := prefix+Moment(from.Add(-CommitSpan)), prefix+Moment(to)
	within := func(e Entry) error {
		if e.FiksOrgID != fiksOrgID || e.Tid.Before(from) || !e.Tid.Before(to) {
			return nil
		}
		return visit(e)
	}
	for {
		page, err := l.store.Scan(ctx, prefix, after, stacksAtOnce)
		if err != nil {
			return Unreadable(err)
		}
		for _, r := range page {
			if after = r.Key; after >= end {
				return nil
			}
			if err := l.visit(ctx, strings.Split(string(r.Value), "\n"), within); err != nil {
				return err
			}
		}
		if len(page) < stacksAtOnce {
			return nil
		}
	}
}

// visit opens stacks and visits their entries.
func (l *Log) visit(ctx context.Context, stacks []string, visit func(Entry) error) error {
	found, err := l.store.GetMany(ctx, stacks)
	if err != nil {
		return Unreadable(err)
	}
	for _, key := range slices.Compact(stacks) {
		r, ok := found[key]
		if !ok {
			continue
		}
		records, err := Records(r.Value)
		if err != nil {
			return Unreadable(err)
		}
		for _, record := range records {
			e, _, err := Open(record)
			if errors.Is(err, ErrErased) {
				continue
			}
			if err != nil {
				return Unreadable(err)
			}
			if err := visit(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// Unreadable is told of a log that cannot be read.
func Unreadable(cause error) error {
	return fault.From(errUnreadable.Kind, errUnreadable.Code, errUnreadable.Detail, cause)
}
