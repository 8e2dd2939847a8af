package drivers

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"hjemmel/shared/queue"
)

// Topic is where workers are told of a kind of work.
type Topic struct {
	Send queue.Send
	// Receive does the work that this process is told of until the context ends; nil where the broker calls workers.
	Receive queue.Receive
	Close   func() error
}

var errQueue = errors.New("must be embedded://, gcppubsub://PROJECT/PREFIX or nats://HOST:PORT/PREFIX")

// OpenTopic opens where workers are told of a kind of work, in the queue that a URL names.
func OpenTopic(ctx context.Context, at, kind string) (Topic, error) {
	u, err := url.Parse(at)
	if err != nil {
		return Topic{}, errors.New("not a URL")
	}
	prefix := strings.Trim(u.Path, "/")
	if u.Host == "" || u.User != nil || prefix == "" || strings.ContainsAny(prefix, "/.*> ") {
		return Topic{}, errQueue
	}
	switch u.Scheme {
	case "gcppubsub":
		return openPubSub(ctx, u.Host, prefix+"-"+kind)
	case "nats":
		return openNATS(ctx, u.Host, prefix+"."+kind)
	}
	return Topic{}, errQueue
}
