package listorder

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"hjemmel/functions/listorder/hendelser"
	"hjemmel/shared/lists"
	"hjemmel/shared/policy"
)

// How a stream of events behaves.
const (
	lookAgain  = time.Second
	streamLife = 75 * time.Second // less than a request may take; who listens comes back where they were
	eventsPage = 100
)

// events streams what happens to the lists of a role (server-sent events).
func (o *orders) events(e *errand) error {
	return o.stream(e, func() ([]string, error) { return []string{e.rolle}, o.hold(e) })
}

// eventsOfAll streams what happens to the lists of all roles in an organisation that the caller can use.
func (o *orders) eventsOfAll(e *errand) error {
	organisation := strings.ToLower(e.PathValue("fiksOrgId"))
	return o.stream(e, func() ([]string, error) {
		held, err := o.roles.Held(e.Context(), e.who)
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, h := range held {
			if h.FiksOrgID == organisation && policy.Usable(h, o.now()) {
				ids = append(ids, h.Profil.Role.ID)
			}
		}
		if ids == nil {
			return nil, policy.NoRole
		}
		return ids, nil
	})
}

// stream tells what happens to the lists of roles, from now or after Last-Event-ID, for a while. It asks before
// each look which roles these are, and ends when there is none any more.
func (o *orders) stream(e *errand, usable func() ([]string, error)) error {
	ids, err := usable()
	if err != nil {
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
	for end := o.now().Add(streamLife); err == nil && o.now().Before(end); ids, err = usable() {
		if last, ok = o.tell(e, ids, last, out); !ok {
			break // who listens comes back
		}
		select {
		case <-e.Context().Done():
		case <-time.After(lookAgain):
		}
	}
	return nil
}

// happened gives what happened in the roles after an event, oldest first, a page of it.
func (o *orders) happened(e *errand, ids []string, last int64) ([]lists.Hendelse, error) {
	var all []lists.Hendelse
	for _, id := range ids {
		found, err := o.lists.Hendelser(e.Context(), id, last, eventsPage)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortStableFunc(all, func(a, b lists.Hendelse) int { return cmp.Compare(a.Nr, b.Nr) })
	n := min(len(all), eventsPage)
	for n < len(all) && n > 0 && all[n].Nr == all[n-1].Nr { // those of one moment go together
		n++
	}
	return all[:n], nil
}

// tell writes what happened after an event, and gives the last one told; ok is false where it cannot.
func (o *orders) tell(e *errand, ids []string, last int64, out *http.ResponseController) (told int64, ok bool) {
	found, err := o.happened(e, ids, last)
	if err != nil {
		return last, false
	}
	text := ":\n\n" // a sign of life
	for _, h := range found {
		one, err := hendelser.Text(h)
		if err != nil {
			return last, false
		}
		text += one
		last = h.Nr
	}
	if _, err = fmt.Fprint(e.w, text); err == nil {
		err = out.Flush()
	}
	return last, err == nil
}
