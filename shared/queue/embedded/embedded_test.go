package embedded_test

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hjemmel/shared/queue"
	"hjemmel/shared/queue/embedded"
	"hjemmel/shared/queue/queuetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	queuetest.Run(t, func(t *testing.T, o *queue.Outbox, do queue.Handler) queue.Send {
		d := embedded.New(o, 5*time.Millisecond)
		ctx, stop := context.WithCancel(context.Background())
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			d.Serve(ctx, 3, do, func(err error) { t.Log(err) })
		}()
		t.Cleanup(func() { stop(); <-stopped })
		return func(context.Context, string) error { d.Nudge(); return nil }
	})
}
