package queue

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"hjemmel/shared/store"
)

var (
	// ErrDone is told of work that is done, or was never ordered.
	ErrDone = errors.New("queue: done")
	// ErrTaken is told of work that somebody else holds.
	ErrTaken = errors.New("queue: taken")
	// ErrLost is told to one whose lease somebody else has taken over: nothing was written.
	ErrLost = errors.New("queue: lease lost")
)

// Lease is the right to do one piece of work, until it is released or runs out. It is safe for concurrent
// use.
type Lease struct {
	ID   string
	Body []byte
	// Tries is 1 for the first who tries.
	Tries int

	box    *Outbox
	holder string
}

// Take takes the work: at once where nobody holds it, and over where their lease has run out. ErrDone and
// ErrTaken as they say.
func (o *Outbox) Take(ctx context.Context, id string) (*Lease, error) {
	if !idShape.MatchString(id) {
		return nil, ErrDone
	}
	w, r, err := store.Read[order](ctx, o.state, o.key(id))
	now := o.now().UTC()
	switch {
	case err != nil:
		return nil, err
	case r == "":
		return nil, ErrDone
	case w.Holder != "" && now.Before(w.Due):
		return nil, ErrTaken
	}
	w.Holder, w.Due, w.Tries = uuid.NewString(), now.Add(o.Lease), w.Tries+1
	op, err := store.Write(o.key(id), w, r)
	if err != nil {
		return nil, err
	}
	err = o.state.Commit(ctx, op)
	if errors.Is(err, store.ErrConflict) {
		return nil, ErrTaken
	}
	if err != nil {
		return nil, err
	}
	return &Lease{id, w.Body, w.Tries, o, w.Holder}, nil
}

// Commit does the writes and extends the lease, both or neither. With no writes it extends. ErrLost where
// somebody else has taken over; store.ErrConflict where one of the writes is refused.
func (l *Lease) Commit(ctx context.Context, ops ...store.Op) error {
	return l.fenced(ctx, ops, func(w order, r store.Revision) (store.Op, error) {
		w.Due = l.box.now().UTC().Add(l.box.Lease)
		return store.Write(l.box.key(l.ID), w, r)
	})
}

// Fence gives a write that fails where somebody else has taken over, and that extends the lease: for commits
// that are made elsewhere, such as the audit log's. It also fails where this lease was extended meanwhile,
// so what is refused is tried again. ErrLost as [Lease.Commit].
func (l *Lease) Fence(ctx context.Context) (store.Op, error) {
	w, r, err := store.Read[order](ctx, l.box.state, l.box.key(l.ID))
	if err != nil {
		return store.Op{}, err
	}
	if r == "" || w.Holder != l.holder {
		return store.Op{}, ErrLost
	}
	w.Due = l.box.now().UTC().Add(l.box.Lease)
	return store.Write(l.box.key(l.ID), w, r)
}

// Done does the last writes and ends the work, both or neither. Errors as [Lease.Commit].
func (l *Lease) Done(ctx context.Context, ops ...store.Op) error {
	return l.fenced(ctx, ops, func(_ order, r store.Revision) (store.Op, error) {
		return store.DeleteIf(l.box.key(l.ID), r), nil
	})
}

// Release gives the work back, to be tried again after a rest.
func (l *Lease) Release(ctx context.Context) error {
	return l.fenced(ctx, nil, func(w order, r store.Revision) (store.Op, error) {
		w.Failures++
		w.Holder, w.Due = "", l.box.now().UTC().Add(l.box.rest(w.Failures))
		return store.Write(l.box.key(l.ID), w, r)
	})
}

// rest is how long work rests after so many failures. Workers who died are none: the work is as good as it was.
func (o *Outbox) rest(failures int) time.Duration {
	rest := o.Again
	for ; failures > 1 && rest < maxRest; failures-- {
		rest *= 2
	}
	return min(rest, maxRest)
}

// fenced commits the writes with one to the order itself, on the revision at which this lease still stands
// in it. A revision that changed meanwhile is either the lease's own doing, and then it is tried again, or
// somebody else's.
func (l *Lease) fenced(ctx context.Context, ops []store.Op, fence func(order, store.Revision) (store.Op, error)) error {
	var last store.Revision
	for {
		w, r, err := store.Read[order](ctx, l.box.state, l.box.key(l.ID))
		switch {
		case err != nil:
			return err
		case r == "" || w.Holder != l.holder:
			return ErrLost
		case r == last: // not the order's revision, then, but one of the writes
			return store.ErrConflict
		}
		op, err := fence(w, r)
		if err != nil {
			return err
		}
		err = l.box.state.Commit(ctx, append(ops[:len(ops):len(ops)], op)...)
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
		last = r
	}
}
