package host

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"hjemmel/shared/host/drivers"
	"hjemmel/shared/queue"
	"hjemmel/shared/queue/topic"
)

// embeddedQueue is the setting of a machine that is alone: workers look in the state themselves.
const embeddedQueue = "embedded://"

// outbox opens the outbox of a kind of work, and what tells of it.
func (e *Env) outbox(kind string) (*queue.Outbox, error) {
	s, err := e.State()
	if err != nil {
		return nil, err
	}
	o, err := queue.New(s, kind, e.Now)
	if err != nil {
		return nil, err
	}
	if err := e.export.Age("hjemmel.outbox.overdue", kind, o.Overdue); err != nil || e.Config.Queue == embeddedQueue {
		return o, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if o.Send, err = e.openTopic(kind); err != nil {
		return nil, fmt.Errorf("setting HJEMMEL_QUEUE: %w", err)
	}
	return o, nil
}

// openTopic opens the topic of a kind of work, once.
func (e *Env) openTopic(kind string) (queue.Send, error) {
	if s := e.topics[kind]; s != nil {
		return s, nil
	}
	u, err := url.Parse(e.Config.Queue)
	if err != nil {
		return nil, errors.New("not a URL")
	}
	prefix := strings.Trim(u.Path, "/")
	if u.Scheme != "gcppubsub" || u.Host == "" || prefix == "" || strings.Contains(prefix, "/") {
		return nil, errors.New("must be " + embeddedQueue + " or gcppubsub://PROJECT/PREFIX")
	}
	ctx := context.Background()
	t, closed, err := drivers.OpenPubSub(ctx, u.Host, prefix+"-"+kind)
	if err != nil {
		return nil, err
	}
	if e.topics == nil {
		e.topics = map[string]queue.Send{}
	}
	e.topics[kind] = topic.Sender(t)
	e.closed = append(e.closed, closed)
	return e.topics[kind], nil
}
