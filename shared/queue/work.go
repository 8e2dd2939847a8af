package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hjemmel/shared/store"
)

// Handler does one piece of work and gives its last writes, which are committed with its end. It may be
// called again for work it has half done, by anybody, so it resumes from what [Lease.Commit] has left and
// overwrites what it made elsewhere. Its context ends where the lease is lost.
type Handler func(ctx context.Context, l *Lease) ([]store.Op, error)

// Work does the work that was sent, where it is not done and nobody else does it; then there is nothing to
// do, and no error. A lease is held while the handler works. Work that fails is given back to rest, and the
// error is for the log: there is no need to send it again, because the sweep will.
func (o *Outbox) Work(ctx context.Context, id string, do Handler) error {
	l, err := o.Take(ctx, id)
	switch {
	case errors.Is(err, ErrDone), errors.Is(err, ErrTaken):
		return nil
	case err != nil:
		return err
	}
	ops, err := l.held(ctx, do)
	if err == nil {
		if err = l.Done(ctx, ops...); err == nil {
			return nil
		}
	}
	if errors.Is(err, ErrLost) {
		return err
	}
	// The one who called may have gone; the next need not wait for the lease to run out.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), o.Lease)
	defer cancel()
	return errors.Join(err, l.Release(ctx))
}

// held lets the handler work while the lease is extended three times as often as it runs out.
func (l *Lease) held(ctx context.Context, do Handler) (ops []store.Op, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(max(l.box.Lease/3, time.Millisecond))
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if err := l.Commit(ctx); errors.Is(err, ErrLost) {
					cancel(err)
				}
			}
		}
	}()
	defer func() { // also where the handler panics: a lease that nobody works under must run out
		lost := context.Cause(ctx)
		cancel(nil)
		<-stopped
		if p := recover(); p != nil {
			ops, err = nil, fmt.Errorf("queue: the handler panicked: %T", p)
		} else if errors.Is(lost, ErrLost) {
			ops, err = nil, ErrLost
		}
	}()
	return do(ctx, l)
}
