// Package topic carries orders by a topic of gocloud.dev/pubsub: Pub/Sub, NATS, RabbitMQ, or memory.
//
// It refuses to rely on what the topic promises: a message holds an id, is acknowledged when it was looked
// at, and is sent again by the outbox while the order is not done.
package topic

import (
	"context"
	"sync"

	"gocloud.dev/pubsub"

	"hjemmel/shared/queue"
)

// Sender sends ids to a topic.
func Sender(t *pubsub.Topic) queue.Send {
	return func(ctx context.Context, id string) error { return t.Send(ctx, &pubsub.Message{Body: []byte(id)}) }
}

// Serve does the work that a subscription tells of until the context ends, at most so many pieces at once,
// and waits for those begun. What fails is told to failed, which may be called from several at once. The
// error is that of a subscription that cannot be read any more.
func Serve(ctx context.Context, s *pubsub.Subscription, o *queue.Outbox, atOnce int, do queue.Handler, failed func(error)) error {
	var working sync.WaitGroup
	defer working.Wait()
	places := make(chan struct{}, atOnce)
	for {
		m, err := s.Receive(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			return nil // it is not acknowledged, and comes again
		}
		working.Go(func() {
			defer func() { <-places }()
			defer m.Ack()
			if err := o.Work(ctx, string(m.Body), do); err != nil {
				failed(err)
			}
		})
	}
}
