package topic_test

import (
	"context"
	"testing"
	"time"

	"gocloud.dev/pubsub/mempubsub"

	"hjemmel/shared/queue"
	"hjemmel/shared/queue/queuetest"
	"hjemmel/shared/queue/topic"
)

func TestConformance(t *testing.T) {
	queuetest.Run(t, func(t *testing.T, o *queue.Outbox, do queue.Handler) queue.Send {
		orders := mempubsub.NewTopic()
		read := mempubsub.NewSubscription(orders, 100*time.Millisecond)
		ctx, stop := context.WithCancel(context.Background())
		stopped := make(chan error, 1)
		go func() { stopped <- topic.Serve(ctx, read, o, 3, do, func(err error) { t.Log(err) }) }()
		t.Cleanup(func() {
			stop()
			if err := <-stopped; err != nil {
				t.Error(err)
			}
			for _, shutdown := range []func(context.Context) error{read.Shutdown, orders.Shutdown} {
				if err := shutdown(context.Background()); err != nil {
					t.Error(err)
				}
			}
		})
		return topic.Sender(orders)
	})
}

// A subscription that is gone is told of.
func TestASubscriptionThatEnds(t *testing.T) {
	orders := mempubsub.NewTopic()
	read := mempubsub.NewSubscription(orders, time.Second)
	if err := read.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := topic.Serve(t.Context(), read, nil, 1, nil, nil); err == nil {
		t.Error("nothing is told")
	}
}
