package watch

import (
	"context"
	"strings"

	"hjemmel/shared/audit/avvik"
	"hjemmel/shared/store"
)

// shelf is where findings of one state lie: avvik/{fiksOrgId}/{shelf}/{id}, in the order of time.
type shelf string

const (
	open   shelf = "aapen"
	closed shelf = "lukket"
)

func (s shelf) prefix(fiksOrgID string) string { return "avvik/" + fiksOrgID + "/" + string(s) + "/" }

func (s shelf) key(fiksOrgID, id string) string { return s.prefix(fiksOrgID) + id }

// record is a finding as it is stored, with the stack that its entry lies in.
type record struct {
	avvik.Avvik
	Stabel string `json:"stabel"`
}

// Queue is the findings of organisations, and their rules. It is safe for concurrent use.
type Queue struct{ store store.Store }

// NewQueue opens it in a store.
func NewQueue(s store.Store) *Queue { return &Queue{s} }

// List gives findings in the order of time, after the one with an id, and how to go on: "" where there are no more. It
// gives either those that are open or those that are closed.
func (q *Queue) List(ctx context.Context, fiksOrgID string, areClosed bool, after string, most int) (all []avvik.Avvik, next string, err error) {
	on := open
	if areClosed {
		on = closed
	}
	prefix := on.prefix(fiksOrgID)
	if after != "" {
		after = prefix + after
	}
	page, err := q.store.Scan(ctx, prefix, after, most)
	if err != nil {
		return nil, "", err
	}
	all = make([]avvik.Avvik, len(page))
	for i, r := range page {
		v, err := store.Value[record](r)
		if err != nil {
			return nil, "", err
		}
		all[i] = v.Avvik
	}
	if len(page) == most {
		next = strings.TrimPrefix(page[most-1].Key, prefix)
	}
	return all, next, nil
}

// Kept is a finding as it was read, to be written over.
type Kept struct {
	avvik.Avvik
	stack string
	key   string
	over  store.Revision
}

// Find gives an organisation's finding; ok is false where there is none.
func (q *Queue) Find(ctx context.Context, fiksOrgID, id string) (k Kept, ok bool, err error) {
	for _, on := range []shelf{open, closed} {
		key := on.key(fiksOrgID, id)
		v, over, err := store.Read[record](ctx, q.store, key)
		if err != nil || over != "" {
			return Kept{v.Avvik, v.Stabel, key, over}, err == nil, err
		}
	}
	return Kept{}, false, nil
}

// Put gives the writes that make it what it is to be.
func (k Kept) Put(fiksOrgID string, to avvik.Avvik) ([]store.Op, error) {
	v := record{to, k.stack}
	if to.Lukking == nil {
		op, err := store.Write(k.key, v, k.over)
		return []store.Op{op}, err
	}
	op, err := store.Write(closed.key(fiksOrgID, to.ID), v, "")
	return []store.Op{op, store.DeleteIf(k.key, k.over)}, err
}

// Rule gives an organisation's rule, and the write over it. One that cannot be read is as if it had never been decided.
func (q *Queue) Rule(ctx context.Context, fiksOrgID string) (r avvik.Regel, put func(avvik.Regel) (store.Op, error), err error) {
	key := ruleKey(fiksOrgID)
	found, err := q.store.GetMany(ctx, []string{key})
	return readRule(found[key]), func(to avvik.Regel) (store.Op, error) { return store.Write(key, to, found[key].Revision) }, err
}
