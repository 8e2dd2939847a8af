// Package disclosure is the corridor (utlevering): the only place where person data leaves.
//
//	identity ─► roles ─► policy ─► register ─► redact ─► audit ─► response
//
// Every step hands the next one what it needs and nothing is asked twice: the register client wants
// a Grant, which only policy makes; the response writer wants a Receipt, which only audit makes.
// Refusals and failures are written down too, before they are told. A list is ordered by somebody and
// made when they have gone: each step of that is judged anew.
//
// It refuses to return a byte without a durable entry. What goes wrong on the way ends as an error,
// and an entry that could not be written is an error whatever else went right.
package disclosure

import (
	"context"
	"errors"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/freg"
	"hjemmel/shared/identity"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/redact"
	"hjemmel/shared/roles"
)

// Desk (skranke) is where questions are answered. It is safe for concurrent use.
type Desk struct {
	roles    *roles.Book
	register *freg.Client
	log      *audit.Log
	now      func() time.Time
	circles  circles
}

// NewDesk puts the stages of the corridor together.
func NewDesk(b *roles.Book, c *freg.Client, l *audit.Log, now func() time.Time) *Desk {
	return &Desk{roles: b, register: c, log: l, now: now, circles: circles{read: map[circleKey]circle{}}}
}

// Request is what the edge knows of a question: who asks, in which role, what, and its request id.
type Request struct {
	Who       identity.Caller
	RolleID   string
	Ask       policy.Ask
	RequestID string
	// Foedt is when those on a list are born; nil for whenever. The list must have foedsel.foedselsdato among
	// its columns, else nobody is on it.
	Foedt *Foedt
}

// Disclosure is one answer: bytes that may leave, and the receipt that says so. Holder is who asked,
// in the role as it was judged, for whoever words the answer.
type Disclosure struct {
	JSON    []byte
	Receipt audit.Receipt
	Holder  policy.Holder
	At      time.Time
}

// Disclose answers about one person. Ask.Subjects is that person.
func (d *Desk) Disclose(ctx context.Context, r Request) (Disclosure, error) {
	if len(r.Ask.Subjects) != 1 {
		return Disclosure{}, d.Refuse(ctx, r, notOne)
	}
	c, err := d.judge(ctx, &r)
	if err != nil {
		return Disclosure{}, err
	}
	p, err := d.register.Person(ctx, c.grant, r.Ask.Subjects[0])
	if err != nil {
		return Disclosure{}, d.failed(ctx, c, err)
	}
	p.Krets = c.krets
	return d.deliver(ctx, c, redact.Apply(c.grant, p), r.Ask.Subjects[0], policy.Withheld)
}

// Unique answers about the one person that the criteria fit. A person whom the role may not find so
// is not found.
func (d *Desk) Unique(ctx context.Context, r Request, by freg.Criteria) (Disclosure, error) {
	r.Ask.Parametre = by.Names()
	c, err := d.judge(ctx, &r)
	if err != nil {
		return Disclosure{}, err
	}
	p, err := d.register.Unique(ctx, c.grant, by)
	if err != nil {
		return Disclosure{}, d.failed(ctx, c, err)
	}
	id := subject(p)
	if id.IsZero() { // whom would the entry be about?
		return Disclosure{}, d.failed(ctx, c, nameless)
	}
	p.Krets = c.krets
	alone := person.Person{Document: p.Document, Krets: c.krets} // as if no relative were graded
	if record := redact.Apply(c.grant, alone); record.Denied() {
		return d.deliver(ctx, c, record, id, notFound)
	}
	if p, err = d.register.Relatives(ctx, c.grant, p); err != nil {
		return Disclosure{}, d.failed(ctx, c, err)
	}
	return d.deliver(ctx, c, redact.Apply(c.grant, p), id, notFound)
}

// deliver writes the entry and lets the record go, or tells the uniform refusal where the person is
// withheld.
func (d *Desk) deliver(ctx context.Context, c corridor, record redact.Record, id person.ID, withheld *fault.Error) (Disclosure, error) {
	e := c.about(id, record)
	if record.Denied() {
		e.Feilkode = withheld.Code
	}
	receipt, err := d.log.Append(ctx, e)
	if err != nil {
		return Disclosure{}, err
	}
	if record.Denied() {
		return Disclosure{}, &Refusal{withheld, receipt}
	}
	return Disclosure{record.JSON, receipt, c.holder, c.req.Ask.At}, nil
}

// notFound is how a search that may not tell whom it found looks: like a search without a hit.
var notFound = fault.New(fault.NotFound, "UKJENT_PERSON", "Folkeregisteret kjenner ingen person som passer.")

// What stops a question that cannot be written down as it should.
var (
	notOne   = fault.New(fault.Invalid, "INGEN_PERSONER", "Et oppslag gjelder én person.")
	nameless = fault.New(fault.Unavailable, "FOLKEREGISTERET_UTILGJENGELIG", "Folkeregisteret svarer ikke som det skal nå. Prøv igjen om litt.")
)

// subject is the person's own number, for the entry of a search that found them: the one in use, or
// else the first. Nobody where the document tells none.
func subject(p person.Person) person.ID {
	for e := range p.Document.Root().Member("identifikasjonsnummer").Each() {
		id, err := person.ParseID(e.Member("foedselsEllerDNummer").Text())
		if err == nil && e.Member("status").Text() == "iBruk" {
			return id
		}
	}
	if n := p.Document.Numbers(); len(n) > 0 {
		return n[0]
	}
	return person.ID{}
}

// Refusal is an error that is already written down.
type Refusal struct {
	Fault   *fault.Error
	Receipt audit.Receipt
}

// Error gives the fault's text for logs.
func (r *Refusal) Error() string { return r.Fault.Error() }

// Unwrap gives the fault.
func (r *Refusal) Unwrap() error { return r.Fault }

// judge finds the holder and asks policy, once, and finds whom an asking employee is close to. A denial
// is written down before it is told.
func (d *Desk) judge(ctx context.Context, r *Request) (corridor, error) {
	c, err := d.permit(ctx, r)
	if err != nil {
		return c, err
	}
	if c.krets, err = d.circle(ctx, c.grant); err != nil {
		return c, d.failed(ctx, c, err)
	}
	return c, nil
}

// permit is judge without the circle: what can be said without the register.
func (d *Desk) permit(ctx context.Context, r *Request) (corridor, error) {
	r.Ask.At = d.now()
	c := corridor{req: *r}
	var err error
	if c.holder, err = d.roles.Holder(ctx, r.Who, r.RolleID); err != nil {
		return c, d.failed(ctx, c, err)
	}
	c.holder.Profil = c.holder.Profil.At(r.Ask.At) // what the entry says of it is what was judged by
	var decision policy.Decision
	if c.holder, decision, err = d.decide(ctx, c.holder, r.Ask); err != nil {
		return c, d.failed(ctx, c, err)
	}
	if decision.Denied() {
		return c, d.refuse(ctx, c, decision)
	}
	c.grant = decision.Grant()
	return c, nil
}

func (d *Desk) refuse(ctx context.Context, c corridor, decision policy.Decision) error {
	f := decision.Fault()
	if f == policy.BudsjettBruktOpp {
		f = f.After(untilTomorrow(c.req.Ask.At))
	}
	return d.written(ctx, c, f, audit.Avslag, decision.Rules())
}

// failed writes down that the register or the store gave no answer, that there is no such person, or
// that there are too many.
func (d *Desk) failed(ctx context.Context, c corridor, err error) error {
	outcome := audit.Feilet
	switch {
	case fault.Is(err, fault.NotFound):
		outcome = audit.IngenData
	case fault.Of(err).Code == tooManyHits.Code:
		outcome = audit.Avslag
	}
	return d.written(ctx, c, err, outcome, nil)
}

// holderTimeout bounds how long a refusal waits to say in whose name it was asked.
const holderTimeout = 5 * time.Second

// Refuse writes down a refusal at the edge, before there was anything to judge: an unreadable
// request, or a caller whom we do not know.
func (d *Desk) Refuse(ctx context.Context, r Request, err error) error {
	if errors.As(err, new(*Refusal)) {
		return err
	}
	r.Ask.At = d.now()
	c := corridor{req: r}
	if !r.Who.IsZero() {
		// The caller may have gone; the entry must say who it was. Without a holder it is the platform's.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), holderTimeout)
		c.holder, _ = d.roles.Holder(ctx, r.Who, r.RolleID)
		cancel()
	}
	outcome := audit.Avslag
	if k := fault.Of(err).Kind; k == fault.Unavailable || k == fault.Internal {
		outcome = audit.Feilet
	}
	return d.written(ctx, c, err, outcome, nil)
}

// written appends the entry of something that does not lead to an answer: one for each subject, so
// that "who asked about this person" counts refusals too.
func (d *Desk) written(ctx context.Context, c corridor, cause error, outcome audit.Utfall, rules []policy.RuleID) error {
	f := fault.Of(cause)
	// The caller may have gone; the entry must be written all the same.
	receipt, err := d.log.Append(context.WithoutCancel(ctx), c.entries(outcome, rules, f.Code)...)
	if err != nil {
		return errors.Join(err, cause)
	}
	return &Refusal{f, receipt}
}
