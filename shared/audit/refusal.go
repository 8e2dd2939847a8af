package audit

import (
	"context"
	"errors"
	"slices"
	"strings"

	"hjemmel/shared/store"
)

// RequestPrefix is below which the store holds where what a request was refused lies.
const RequestPrefix = "loggrequest/"

// refusalKey is where the store holds which stacks have the refusals of a request, one key a line, so
// that a privacy officer can be told the reason: loggrequest/{fiksOrgId}/{requestId}.
func refusalKey(fiksOrgID, requestID string) string {
	return RequestPrefix + fiksOrgID + "/" + requestID
}

// refusals gathers the index of a commit: stack keys by refusal key.
type refusals map[string][]string

// add indexes refusals, and what was not found too: a refusal that must look like nobody is as much work.
func (r refusals) add(e Entry, stack string) {
	if e.Utfall != Avslag && e.Utfall != IngenData || !Plain(e.FiksOrgID) || !Plain(e.RequestID) {
		return
	}
	key := refusalKey(e.FiksOrgID, e.RequestID)
	if !slices.Contains(r[key], stack) {
		r[key] = append(r[key], stack)
	}
}

func (r refusals) ops() []store.Op {
	ops := make([]store.Op, 0, len(r))
	for key, stacks := range r {
		ops = append(ops, store.Put(key, []byte(strings.Join(stacks, "\n"))))
	}
	return ops
}

// Plain reports whether s can be part of a key: a UUID or another short id.
func Plain(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(s, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") == ""
}

// Refusals gives the entries of an organisation's request that refused, in the order written; none
// where there is no such request, it was not refused, or its entries are erased. Whoever shows them to
// somebody logs that first.
func (l *Log) Refusals(ctx context.Context, fiksOrgID, requestID string) ([]Entry, error) {
	if !Plain(fiksOrgID) || !Plain(requestID) {
		return nil, nil
	}
	index, err := l.store.Get(ctx, refusalKey(fiksOrgID, requestID))
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, Unreadable(err)
	}
	var found []Entry
	err = l.visit(ctx, strings.Split(string(index.Value), "\n"), func(e Entry) error {
		if e.FiksOrgID == fiksOrgID && e.RequestID == requestID && e.Utfall == Avslag {
			found = append(found, e)
		}
		return nil
	})
	return found, err
}
