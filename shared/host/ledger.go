package host

import (
	"context"
	"errors"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/store"
)

// Ledger makes changes to the state, each with its entry in the audit log.
type Ledger struct {
	log   *audit.Log
	store store.Store
}

// Ledger makes changes whose answers hold new passwords and so, other than those of Changes, are not kept.
func (e *Env) Ledger() (*Ledger, error) {
	s, err := e.State()
	if err != nil {
		return nil, err
	}
	l, err := e.Audit()
	if err != nil {
		return nil, err
	}
	return &Ledger{l, s}, nil
}

// Change writes the entry down, as done, and then does the writes, all or none. In the moment between
// the log tells of a change that is not made yet. Where it is not made, the caller writes that down
// with Note. A precondition that fails gives api.ErrStale.
func (l *Ledger) Change(ctx context.Context, e audit.Entry, ops ...store.Op) (audit.Receipt, error) {
	e.Utfall = audit.Utfoert
	receipt, err := l.Note(ctx, e)
	if err != nil {
		return audit.Receipt{}, err
	}
	err = l.store.Commit(ctx, ops...)
	if errors.Is(err, store.ErrConflict) {
		err = api.ErrStale
	}
	if err != nil {
		return audit.Receipt{}, err
	}
	return receipt, nil
}

// Note writes an entry down, whether the caller waits for it or not.
func (l *Ledger) Note(ctx context.Context, e audit.Entry) (audit.Receipt, error) {
	return l.log.Append(context.WithoutCancel(ctx), e)
}
