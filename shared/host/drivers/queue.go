package drivers

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"hjemmel/shared/queue"
)

// OpenTopic opens where workers are told of a kind of work, in the queue that a URL names, and gives what closes it.
func OpenTopic(ctx context.Context, at, kind string) (queue.Send, func() error, error) {
	u, err := url.Parse(at)
	if err != nil {
		return nil, nil, errors.New("not a URL")
	}
	prefix := strings.Trim(u.Path, "/")
	if u.Scheme != "gcppubsub" || u.Host == "" || prefix == "" || strings.Contains(prefix, "/") {
		return nil, nil, errors.New("must be embedded:// or gcppubsub://PROJECT/PREFIX")
	}
	return openPubSub(ctx, u.Host, prefix+"-"+kind)
}
