package watch

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/avvik"
	"hjemmel/shared/audit/retain"
	"hjemmel/shared/store"
)

// Forget drops what is remembered of those who have not asked for weeks, and findings whose entries are erased, and gives
// how many records that was. What somebody writes to at the same time waits for the next call.
func (w *Watcher) Forget(ctx context.Context, now time.Time) (n int, err error) {
	for _, sort := range []struct {
		prefix string
		gone   func(context.Context, []store.Record) ([]store.Op, error)
	}{
		{habitPrefix, stale[avvik.Habit](now)}, {crowdPrefix, stale[avvik.Crowd](now)}, {interestPrefix, stale[avvik.Interest](now)},
		{"avvik/", w.erased(now)},
	} {
		some, err := w.sweep(ctx, sort.prefix, sort.gone)
		if n += some; err != nil {
			return n, err
		}
	}
	return n, nil
}

// sweep drops what is gone below a prefix, a page at a time.
func (w *Watcher) sweep(ctx context.Context, prefix string, gone func(context.Context, []store.Record) ([]store.Op, error)) (n int, err error) {
	const page = 200
	for after := ""; ; {
		records, err := w.State.Scan(ctx, prefix, after, page)
		if err != nil {
			return n, err
		}
		ops, err := gone(ctx, records)
		if err == nil && len(ops) > 0 {
			err = w.State.Commit(ctx, ops...)
		}
		switch {
		case err == nil:
			n += len(ops)
		case !errors.Is(err, store.ErrConflict):
			return n, err
		}
		if len(records) < page {
			return n, nil
		}
		after = records[page-1].Key
	}
}

// stale finds records of which nothing is to be remembered, or nothing can be read.
func stale[T any, P interface {
	*T
	Stale(now time.Time) bool
}](now time.Time) func(context.Context, []store.Record) ([]store.Op, error) {
	return func(_ context.Context, records []store.Record) (ops []store.Op, _ error) {
		for _, r := range records {
			if v, err := store.Value[T](r); err != nil || P(&v).Stale(now) {
				ops = append(ops, store.DeleteIf(r.Key, r.Revision))
			}
		}
		return ops, nil
	}
}

// erased finds findings whose entries are no more. Nothing is erased within the shortest time that entries are kept, so
// younger ones are passed over.
func (w *Watcher) erased(now time.Time) func(context.Context, []store.Record) ([]store.Op, error) {
	before := now.AddDate(-retain.MinAar, 0, 0)
	return func(ctx context.Context, records []store.Record) (ops []store.Op, _ error) {
		var old []store.Record
		var stacks []string
		var of []record
		for _, r := range records {
			if v, err := store.Value[record](r); err == nil && v.Tid.Before(before) {
				old, of, stacks = append(old, r), append(of, v), append(stacks, v.Stabel)
			}
		}
		if len(old) == 0 {
			return nil, nil
		}
		found, err := w.State.GetMany(ctx, stacks)
		if err != nil {
			return nil, err
		}
		for i, r := range old {
			if !there(found[of[i].Stabel], of[i].Innslag) {
				ops = append(ops, store.DeleteIf(r.Key, r.Revision))
			}
		}
		return ops, nil
	}
}

// there reports whether a stack still has an entry. What cannot be read is evidence, and stays.
func there(stack store.Record, innslag string) bool {
	records, err := audit.Records(stack.Value)
	if err != nil {
		return stack.Key != ""
	}
	_, nr, _ := strings.Cut(innslag, "-")
	n, err1 := strconv.Atoi(nr)
	first, err2 := strconv.Atoi(stack.Key[strings.LastIndexByte(stack.Key, '/')+1:])
	if err1 != nil || err2 != nil || n < first || n-first >= len(records) {
		return true
	}
	_, _, err = audit.Open(records[n-first])
	return !errors.Is(err, audit.ErrErased)
}
