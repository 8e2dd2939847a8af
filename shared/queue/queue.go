// Package queue is the queue port: work that is ordered now and done later, by whoever is there.
//
// An order is a write to the state port ([Outbox.Order]), committed together with whatever ordered it, so
// that neither is there without the other. It stays there until it is done: what carries ids from here to
// a worker (drivers: queue/embedded, queue/topic, queue/push) may lose, repeat and reorder them, because
// [Outbox.Sweep] sends what is overdue again. So work is done at least once, and never lost.
//
// It refuses to let two workers finish the same work. Whoever works holds a [Lease], which others take over
// when it runs out, and each commit under a lease is fenced by the revision of the order: of one who has
// lost it nothing is written. A message carries an id and nothing else; what is to be done lies in the
// state.
package queue

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/store"
)

// Outbox (utboks) holds the orders of one kind of work. It is safe for concurrent use, and by several
// processes at once.
type Outbox struct {
	state store.Store
	kind  string
	now   func() time.Time
	// Again is how long after it was sent an order is overdue; also how long it rests after a failure, twice
	// as long after each, an hour at most.
	Again time.Duration
	// Lease is how long a worker who is not heard from keeps the work.
	Lease time.Duration
	// Send carries ids to workers; nil where they look in the state themselves.
	Send Send
	// Receive takes what Send carries; nil where workers look in the state, or are called.
	Receive Receive
}

// The durations of an outbox that nobody has set others for.
const (
	DefaultAgain = 30 * time.Second
	DefaultLease = time.Minute
)

// maxRest bounds how long an order rests after failures.
const maxRest = time.Hour

// tellWithin bounds how long whoever ordered waits for a driver to be told.
const tellWithin = 5 * time.Second

// MaxBody bounds what an order says, in bytes.
const MaxBody = 256 << 10

var idShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

var errOrder = fault.New(fault.Internal, "KOE_UGYLDIG", "Noe gikk galt hos oss. Oppgi feil-id ved henvendelse.")

// New opens the outbox of a kind of work: letters, digits, - and _.
func New(s store.Store, kind string, now func() time.Time) (*Outbox, error) {
	if !idShape.MatchString(kind) {
		return nil, errOrder
	}
	return &Outbox{state: s, kind: kind, now: now, Again: DefaultAgain, Lease: DefaultLease}, nil
}

// order is what the state holds of an order that is not done.
type order struct {
	Body []byte `json:"body"`
	// Due is when it is overdue, or, while somebody holds it, when their lease runs out.
	Due    time.Time `json:"due"`
	Holder string    `json:"holder,omitempty"`
	// Tries counts the leases that have been taken.
	Tries int `json:"tries,omitempty"`
	// Failures counts those of them that were given back.
	Failures int `json:"failures,omitempty"`
}

func (o *Outbox) prefix() string       { return "utboks/" + o.kind + "/" }
func (o *Outbox) key(id string) string { return o.prefix() + id }

// Order gives the write that orders work, to be committed with what ordered it. The id is the caller's,
// letters, digits, - and _, and one that is ordered already makes the commit a conflict.
func (o *Outbox) Order(id string, body []byte) (store.Op, error) {
	if !idShape.MatchString(id) || len(body) > MaxBody {
		return store.Op{}, errOrder
	}
	return store.Write(o.key(id), order{Body: body, Due: o.now().UTC()}, "")
}

// Anew gives the write that orders work whether it is ordered already or not: whoever holds it loses it, and
// somebody begins after the commit that it is part of.
func (o *Outbox) Anew(ctx context.Context, id string, body []byte) (store.Op, error) {
	if !idShape.MatchString(id) || len(body) > MaxBody {
		return store.Op{}, errOrder
	}
	_, r, err := store.Read[order](ctx, o.state, o.key(id))
	if err != nil {
		return store.Op{}, err
	}
	return store.Write(o.key(id), order{Body: body, Due: o.now().UTC()}, r)
}

// Send carries an id to whoever works: on the way it may be lost.
type Send func(ctx context.Context, id string) error

// Receive does the work of an outbox that it is told of until the context ends, at most so many pieces at once, and
// waits for those begun. What fails is told to failed, which may be called from several at once.
type Receive func(ctx context.Context, o *Outbox, atOnce int, do Handler, failed func(error))

// Tell sends an order that was just committed. What fails is not lost, because [Outbox.Resend] finds it.
func (o *Outbox) Tell(ctx context.Context, id string) error {
	if o.Send == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellWithin)
	defer cancel()
	return o.Send(ctx, id)
}

// Resend sends every order that is overdue to workers who do not look themselves, and gives how many were.
// It is for a schedule.
func (o *Outbox) Resend(ctx context.Context) (sent int, err error) {
	if o.Send == nil {
		return 0, nil
	}
	return o.Sweep(ctx, o.Send)
}

// Sweep sends every order that is overdue, and gives how many were. It is for a schedule, and for right
// after an order is committed, when nothing else is overdue. Of two who sweep at once one sends.
func (o *Outbox) Sweep(ctx context.Context, send Send) (sent int, err error) {
	records, err := store.All(ctx, o.state, o.prefix())
	if err != nil {
		return 0, err
	}
	var failed []error
	for _, r := range records {
		ok, err := o.resend(ctx, r, send)
		if ok {
			sent++
		}
		failed = append(failed, err)
	}
	return sent, errors.Join(failed...)
}

// resend puts the order off before it is sent, so that it is tried again whatever becomes of it.
func (o *Outbox) resend(ctx context.Context, r store.Record, send Send) (bool, error) {
	w, err := store.Value[order](r)
	now := o.now().UTC()
	if err != nil || now.Before(w.Due) {
		return false, err
	}
	w.Due, w.Holder = now.Add(o.Again), ""
	op, err := store.Write(r.Key, w, r.Revision)
	if err != nil {
		return false, err
	}
	switch err := o.state.Commit(ctx, op); {
	case errors.Is(err, store.ErrConflict): // somebody else sent it, or works
		return false, nil
	case err != nil:
		return false, err
	}
	if err := send(ctx, r.Key[len(o.prefix()):]); err != nil {
		return false, fmt.Errorf("queue: not sent: %w", err)
	}
	return true, nil
}

// Waiting counts the orders that are not done.
func (o *Outbox) Waiting(ctx context.Context) (int, error) {
	records, err := store.All(ctx, o.state, o.prefix())
	return len(records), err
}
