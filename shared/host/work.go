package host

import (
	"context"
	"sync"
	"time"

	"hjemmel/shared/queue"
	"hjemmel/shared/queue/embedded"
)

// How often work is looked for, and how much of it is done at once.
const (
	lookForWork = time.Second
	workAtOnce  = 4
)

// Work does the work of an outbox until the environment is closed: as it lies in the state, or as a broker tells of it;
// nothing where a broker calls (see package trigger). Several processes may do the same: each piece is held by one of them.
func (e *Env) Work(box *queue.Outbox, do queue.Handler) {
	failed := func(err error) { e.Log.Warn("work", "cause", err.Error()) }
	switch {
	case box.Receive != nil:
		e.background(func(ctx context.Context) { box.Receive(ctx, box, workAtOnce, do, failed) })
	case box.Send == nil:
		e.background(func(ctx context.Context) { embedded.New(box, lookForWork).Serve(ctx, workAtOnce, do, failed) })
	}
}

// Every does something now and then, until the environment is closed; nothing where the platform's scheduler
// calls instead (see package trigger), which it does where it has a queue.
func (e *Env) Every(pause time.Duration, do func(context.Context) error) {
	if e.Config.Queue != embeddedQueue {
		return
	}
	e.background(func(ctx context.Context) {
		tick := time.NewTicker(pause)
		defer tick.Stop()
		for ctx.Err() == nil {
			if err := do(ctx); err != nil && ctx.Err() == nil {
				e.Log.Warn("work", "cause", err.Error())
			}
			select {
			case <-ctx.Done():
			case <-tick.C:
			}
		}
	})
}

func (e *Env) background(do func(context.Context)) {
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { do(ctx) })
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = append(e.closed, func() error {
		stop()
		running.Wait()
		return nil
	})
}
