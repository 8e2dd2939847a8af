package listorder

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"hjemmel/functions/listorder/wire"
	"hjemmel/shared/lists"
)

// How a stream of events behaves.
const (
	lookAgain  = time.Second
	streamLife = 75 * time.Second // less than a request may take; who listens comes back where they were
	eventsPage = 100
)

// events streams what happens to the lists of a role, from now or after Last-Event-ID, for a while
// (server-sent events). It ends when the role can be used no more.
func (o *orders) events(e *errand) error {
	if err := o.hold(e); err != nil {
		return err
	}
	last, ok := lists.ParseHendelse(e.Header.Get("Last-Event-ID"))
	if !ok {
		last = o.now().UnixMicro()
	}
	h := e.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	out := http.NewResponseController(e.w)
	for end := o.now().Add(streamLife); o.now().Before(end) && o.holds(e); {
		var ok bool
		if last, ok = o.tell(e, last, out); !ok {
			break // who listens comes back
		}
		select {
		case <-e.Context().Done():
		case <-time.After(lookAgain):
		}
	}
	return nil
}

// holds reports whether the role can still be used.
func (o *orders) holds(e *errand) bool { return o.hold(e) == nil }

// tell writes what happened after an event, and gives the last one told; ok is false where it cannot.
func (o *orders) tell(e *errand, last int64, out *http.ResponseController) (told int64, ok bool) {
	found, err := o.lists.Hendelser(e.Context(), e.rolle, last, eventsPage)
	if err != nil {
		return last, false
	}
	text := ":\n\n" // a sign of life
	for _, h := range found {
		b, err := json.Marshal(wire.NewEvent(h))
		if err != nil {
			return last, false
		}
		text += fmt.Sprintf("id: %d\ndata: %s\n\n", h.Nr, b)
		last = h.Nr
	}
	if _, err = fmt.Fprint(e.w, text); err == nil {
		err = out.Flush()
	}
	return last, err == nil
}
