package synced

import (
	"context"
	"fmt"
	"time"

	"hjemmel/shared/store"
)

// Sort is what a trace is of.
type Sort string

// The sorts: users and groups have a stream each, and the two are not ordered with each other.
const (
	Brukere Sort = "bruker"
	Grupper Sort = "gruppe"
)

// Trace (spor) says when a user or a group last changed, or was deleted. There is one for each, that moves to the
// end of the organisation's stream with every change, so that the stream never holds more than there is to tell.
type Trace struct {
	ID      string    `json:"id"`
	KildeID string    `json:"kildeId"`
	Tid     time.Time `json:"tid"`
	Slettet bool      `json:"slettet,omitempty"`
	// Place is where in the stream it stands: texts that order.
	Place string `json:"-"`

	over store.Revision
}

func tracePrefix(org string, of Sort) string { return "synkspor/" + org + "/" + string(of) + "/" }

func traceKey(org string, of Sort, at time.Time, id string) string {
	return fmt.Sprintf("%s%015d-%s", tracePrefix(org, of), max(at.UnixMilli(), 0), id)
}

// trace adds the writes that move a trace from where it was; the zero time is nowhere.
func (b *Book) trace(ctx context.Context, ops []store.Op, org string, of Sort, t Trace, was time.Time) ([]store.Op, error) {
	from, to := traceKey(org, of, was, t.ID), traceKey(org, of, t.Tid, t.ID)
	var over store.Revision
	if !was.IsZero() {
		var err error
		if _, over, err = store.Read[Trace](ctx, b.store, from); err != nil {
			return nil, err
		}
	}
	if from != to && over != "" {
		ops, over = append(ops, store.DeleteIf(from, over)), ""
	}
	op, err := store.Write(to, t, over)
	return append(ops, op), err
}

// Traces gives at most most traces of an organisation's stream after a place, in order; "" is before the first.
func (b *Book) Traces(ctx context.Context, org string, of Sort, after string, most int) ([]Trace, error) {
	prefix := tracePrefix(org, of)
	if after != "" {
		after = prefix + after
	}
	page, err := b.store.Scan(ctx, prefix, after, most)
	all := make([]Trace, len(page))
	for i, r := range page {
		if all[i], err = store.Value[Trace](r); err != nil {
			return nil, err
		}
		all[i].Place, all[i].over = r.Key[len(prefix):], r.Revision
	}
	return all, err
}

// Forget gives writes that remove the traces of what was deleted before a time, at most most of them.
func (b *Book) Forget(ctx context.Context, org string, before time.Time, most int) (ops []store.Op, err error) {
	for _, of := range []Sort{Brukere, Grupper} {
		err = each(ctx, b.store, tracePrefix(org, of), func(t Trace, r store.Record) error {
			if t.Slettet && t.Tid.Before(before) && len(ops) < most {
				ops = append(ops, store.DeleteIf(r.Key, r.Revision))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return ops, nil
}

// MembersUpTo lists the ids of a group's members; ok is false where there are more than most, of which none are
// given.
func (b *Book) MembersUpTo(ctx context.Context, group string, most int) (ids []string, ok bool, err error) {
	ids = []string{}
	for after := ""; ; {
		page, err := b.store.Scan(ctx, memberKey(group, ""), after, min(most+1-len(ids), store.MaxScan))
		if err != nil {
			return nil, false, err
		}
		for _, r := range page {
			ids, after = append(ids, last(r.Key)), r.Key
		}
		if len(ids) > most {
			return nil, false, nil
		}
		if len(page) == 0 {
			return ids, true, nil
		}
	}
}
