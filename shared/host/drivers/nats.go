//go:build nats || !slim

package drivers

import (
	"context"
	"errors"
	"os"
	"time"

	client "github.com/nats-io/nats.go"
	"gocloud.dev/pubsub/natspubsub"

	"hjemmel/shared/queue"
	"hjemmel/shared/queue/topic"
)

// openNATS takes credentials and the certificates to trust from where NATS' own tools do: files that NATS_CREDS and
// NATS_CA name. A server that wants TLS gets it.
func openNATS(_ context.Context, host, subject string) (Topic, error) {
	options := []client.Option{client.Name("hjemmel"), client.MaxReconnects(-1), client.Timeout(within / 2)}
	if file := os.Getenv("NATS_CREDS"); file != "" {
		options = append(options, client.UserCredentials(file))
	}
	if file := os.Getenv("NATS_CA"); file != "" {
		options = append(options, client.RootCAs(file))
	}
	c, err := client.Connect("nats://"+host, options...)
	if err != nil {
		return Topic{}, errors.New("NATS does not answer, or refuses: " + err.Error())
	}
	t, err := natspubsub.OpenTopicV2(c, subject, nil)
	if err != nil {
		c.Close()
		return Topic{}, err
	}
	listen := func(ctx context.Context, o *queue.Outbox, atOnce int, do queue.Handler, failed func(error)) error {
		s, err := natspubsub.OpenSubscriptionV2(c, subject, &natspubsub.SubscriptionOptions{Queue: "hjemmel"})
		if err != nil {
			return err
		}
		return errors.Join(topic.Serve(ctx, s, o, atOnce, do, failed), shut(s))
	}
	receive := func(ctx context.Context, o *queue.Outbox, atOnce int, do queue.Handler, failed func(error)) {
		for ctx.Err() == nil {
			if err := listen(ctx, o, atOnce, do, failed); err != nil {
				failed(err)
			}
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
	return Topic{topic.Sender(t), receive, func() error {
		defer c.Close()
		return shut(t)
	}}, nil
}

// shut ends a topic or a subscription, which may have things to send yet.
func shut(s interface{ Shutdown(context.Context) error }) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return s.Shutdown(ctx)
}
