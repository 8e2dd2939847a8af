package host

import (
	"cmp"
	"context"
	"fmt"

	"hjemmel/shared/host/drivers"
	"hjemmel/shared/queue"
)

// embeddedQueue is the setting of a machine that is alone: workers look in the state themselves.
const embeddedQueue = "embedded://"

// outbox opens the outbox of a kind of work, and what tells of it.
func (e *Env) outbox(kind string) (*queue.Outbox, error) {
	s, err := e.State()
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.tells[kind] = true
	o, err := queue.New(s, kind, e.Now)
	if err != nil {
		return nil, err
	}
	if err = cmp.Or(e.export.Age("hjemmel.outbox.overdue", kind, o.Overdue), e.need("HJEMMEL_QUEUE", e.Config.Queue != "")); err != nil || e.Config.Queue == embeddedQueue {
		return o, err
	}
	t, err := e.openTopic(kind)
	if err != nil {
		return nil, fmt.Errorf("setting HJEMMEL_QUEUE: %w", err)
	}
	o.Send, o.Receive = t.Send, t.Receive
	return o, nil
}

// openTopic opens the topic of a kind of work, once.
func (e *Env) openTopic(kind string) (drivers.Topic, error) {
	if t, ok := e.topics[kind]; ok {
		return t, nil
	}
	t, err := drivers.OpenTopic(context.Background(), e.Config.Queue, kind)
	if err != nil {
		return drivers.Topic{}, err
	}
	e.topics[kind] = t
	e.closed = append(e.closed, t.Close)
	return t, nil
}
