// Package embedded carries orders on one machine: it looks for them in the state where they lie.
//
// It refuses to remember anything: what dies with the process is found by the next sweep.
package embedded

import (
	"context"
	"sync"
	"time"

	"hjemmel/shared/queue"
)

// Driver hands over what is overdue in an outbox. Make it with [New].
type Driver struct {
	box    *queue.Outbox
	every  time.Duration
	nudged chan struct{}
}

// New makes a driver that looks as often as every, and when it is nudged.
func New(o *queue.Outbox, every time.Duration) *Driver {
	return &Driver{o, every, make(chan struct{}, 1)}
}

// Nudge makes a driver in the same process look now. An id is not needed: it looks at all of them.
func (d *Driver) Nudge() {
	select {
	case d.nudged <- struct{}{}:
	default: // it will look anyway
	}
}

// Serve does the work of an outbox until the context ends, at most so many pieces at once, and waits for
// those begun. What fails is told to failed, which may be called from several at once.
func (d *Driver) Serve(ctx context.Context, atOnce int, do queue.Handler, failed func(error)) {
	var working sync.WaitGroup
	defer working.Wait()
	places := make(chan struct{}, atOnce)
	tick := time.NewTicker(d.every)
	defer tick.Stop()
	for ctx.Err() == nil {
		_, err := d.box.Sweep(ctx, func(ctx context.Context, id string) error {
			select {
			case places <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
			working.Go(func() {
				defer func() { <-places }()
				if err := d.box.Work(ctx, id, do); err != nil {
					failed(err)
				}
			})
			return nil
		})
		if err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
		case <-d.nudged:
		case <-tick.C:
		}
	}
}
