package feed

import (
	"encoding/json"
	"net/url"
	"strconv"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/roles/synced"
	"hjemmel/shared/roles/synced/target"
)

// MarkLife is how long a syncToken can be used.
const MarkLife = 30 * 24 * time.Hour

const (
	defaultLimit = 100
	maxLimit     = 1000
	defaultGroup = 1000
	maxGroup     = 10_000
	// maxMembers ends a page of groups early, so that it is of bounded size.
	maxMembers = 20_000
	// settled is how old a change is before it is told: by then whatever was to be committed before it has
	// been, and nobody is passed over.
	settled = 5 * time.Second
)

var (
	errStart = fault.New(fault.Gone, "SYNK_MERKE_UTLOEPT",
		"syncToken kan ikke brukes lenger. Hent alt på nytt: begynn uten syncToken, og slett det som ikke kommer.")
	errAsk = fault.New(fault.Invalid, "SYNK_UGYLDIG_SIDE", "limit må være fra 1 til 1000, og maxGroupSize fra 1 til 10 000.")
)

// mark is what a syncToken holds.
type mark struct {
	Place string    `json:"p"`
	Begun time.Time `json:"b"` // when the follower began, knowing nothing
	Made  time.Time `json:"m"`
}

// ask is one request for a page.
type ask struct {
	mark
	limit, group int
}

// about is whom a mark is for: a change of the target makes it another one.
func about(t target.Target, of synced.Sort) string {
	return t.FiksOrgID + " " + t.MaalSystem + " " + string(of) + " " + t.Endret.Format(time.RFC3339Nano)
}

func (f *feed) asked(a *office.Errand, t target.Target, of synced.Sort) (ask, error) {
	known := []string{"syncToken", "limit"}
	if of == synced.Grupper {
		known = append(known, "maxGroupSize")
	}
	q, err := api.ReadQuery(a.Request, known...)
	if err != nil {
		return ask{}, err
	}
	out := ask{limit: number(q, "limit", defaultLimit, maxLimit), group: number(q, "maxGroupSize", defaultGroup, maxGroup)}
	if out.limit == 0 || out.group == 0 {
		return ask{}, errAsk
	}
	now := f.Now().UTC()
	if !q.Has("syncToken") {
		out.Begun = now
		return out, nil
	}
	plain, ok := f.follow.Open(q.Get("syncToken"), about(t, of))
	if !ok || json.Unmarshal(plain, &out.mark) != nil || !now.Before(out.Made.Add(MarkLife)) {
		return ask{}, errStart
	}
	return out, nil
}

// number reads a parameter from 1 to most; 0 where it is none.
func number(q url.Values, name string, otherwise, most int) int {
	if !q.Has(name) {
		return otherwise
	}
	n, err := strconv.Atoi(q.Get(name))
	if err != nil || n < 1 || n > most {
		return 0
	}
	return n
}

// event is Fiks' event.
type event struct {
	ID         string    `json:"id"`
	ChangeType string    `json:"changeType"` // sync, delete
	Timestamp  time.Time `json:"timestamp"`
	// RequiresSeparateFetch says that a group is too large for a page: it has no members here.
	RequiresSeparateFetch *bool `json:"requiresSeparateFetch,omitempty"`
	Resource              any   `json:"resource,omitempty"`

	members int
}

// page is Fiks' page.
type page struct {
	Events    []event `json:"events"`
	SyncToken string  `json:"syncToken"`
	HasMore   bool    `json:"hasMore"`
}

// stream answers with what has changed after a mark, or with all there is.
func (f *feed) stream(of synced.Sort) office.Do {
	return func(a *office.Errand) (host.Reply, error) {
		t, err := f.target(a)
		if err != nil {
			return host.Reply{}, err
		}
		q, err := f.asked(a, t, of)
		if err != nil {
			return host.Reply{}, err
		}
		out, err := f.page(a, t, of, q)
		if err != nil {
			return host.Reply{}, err
		}
		return f.told(a, t, len(out.Events), out)
	}
}

func (f *feed) page(a *office.Errand, t target.Target, of synced.Sort, q ask) (page, error) {
	now := f.Now().UTC()
	traces, err := f.synced.Traces(a.Context(), a.Org, of, q.Place, q.limit)
	if err != nil {
		return page{}, err
	}
	out := page{Events: []event{}, HasMore: len(traces) == q.limit}
	members := 0
	for _, trace := range traces {
		if now.Sub(trace.Tid) < settled {
			out.HasMore = false // not yet
			break
		}
		if members >= maxMembers {
			out.HasMore = true
			break
		}
		q.Place = trace.Place
		e, ok, err := f.event(a, t, of, trace, q)
		if err != nil {
			return page{}, err
		}
		if ok {
			out.Events = append(out.Events, e)
		}
		members += e.members
	}
	q.Made = now
	plain, err := json.Marshal(q.mark)
	out.SyncToken = f.follow.Seal(plain, about(t, of))
	return out, err
}

// event tells what became of what a trace is of; ok is false of what was gone before the follower began.
func (f *feed) event(a *office.Errand, t target.Target, of synced.Sort, trace synced.Trace, q ask) (event, bool, error) {
	gone := event{ID: trace.ID, ChangeType: "delete", Timestamp: trace.Tid}
	if trace.Slettet {
		return gone, !trace.Tid.Before(q.Begun), nil
	}
	var e event
	var there bool
	var err error
	if of == synced.Brukere {
		e, there, err = f.userEvent(a, t, trace.KildeID, trace.ID)
	} else {
		e, there, err = f.groupEvent(a, trace.KildeID, trace.ID, q.group)
	}
	if err != nil || there {
		return e, there, err
	}
	return gone, true, nil // it is gone by now, or its source is
}
