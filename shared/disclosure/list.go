package disclosure

import (
	"context"
	"encoding/json"
	"slices"

	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/freg"
	"hjemmel/shared/identity"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/redact"
	"hjemmel/shared/store"
)

// A list (innbyggerliste) is ordered by somebody and made when they have gone. [Desk.JudgeList] judges the
// order and gives nothing away. What is done for it afterwards is judged anew each time, as if the orderer
// asked then: whoever has lost the role, or left, gets no list.

// InnbyggerlisteBestilt is the action of an order that is accepted.
const InnbyggerlisteBestilt policy.Action = "innbyggerliste-bestilt"

// Uttrekk is whom the register is asked for, as those who make lists know it.
type Uttrekk = freg.Uttrekk

// Kommune is where those in an uttrekk live or stay.
type Kommune = freg.Kommune

// Numre is what an uttrekk gives.
type Numre = freg.Numre

// UttrekkGone is told of a job that the register has no longer.
var UttrekkGone = freg.Gone

// Order (bestilling) is an accepted order of a list, to be kept until the list is made. It holds no number
// in clear, and is worth nothing when any of it is changed.
type Order struct {
	ID        string        `json:"id"`
	Handling  policy.Action `json:"handling"`
	Part      []string      `json:"part,omitempty"`
	Parametre []string      `json:"parametre"`
	Kommuner  []string      `json:"kommuner,omitempty"`
	Formaal   string        `json:"formaal,omitempty"`
	RequestID string        `json:"requestId"`
	Foedt     *Foedt        `json:"foedt,omitempty"`
	// Segl is who ordered, sealed together with the rest.
	Segl []byte `json:"segl"`
}

// bound is what the seal is bound to: the order without it.
func (o Order) bound() ([]byte, error) {
	o.Segl = nil
	return json.Marshal(o)
}

func (o Order) ask() policy.Ask {
	return policy.Ask{Action: o.Handling, Parts: o.Part, Parametre: o.Parametre, Kommuner: o.Kommuner, Formaal: o.Formaal}
}

var (
	errNoList = fault.New(fault.Internal, "INTERN_FEIL", "Noe gikk galt hos oss. Oppgi feil-id ved henvendelse.")
	errOrder  = fault.New(fault.Denied, "BESTILLING_KAN_IKKE_LESES",
		"Bestillingen er endret eller gjelder noe annet, og kan ikke lages. Bestill listen på nytt.")
)

// JudgeList judges an order of a list with an id of the caller's, by policy alone. Ask has no subjects;
// its Parts are the columns. Of a list of searches, who is sought gives the parameters and the kommuner. The
// budget counts the order as one search, and not the persons on the list.
// The entry is to be committed together with the order. A refusal is written down as for a lookup.
func (d *Desk) JudgeList(ctx context.Context, r Request, id string, of ...Sought) (Order, audit.Entry, error) {
	if len(of) > 0 {
		r.Ask.Parametre, r.Ask.Kommuner = names(of), kommuner(of)
	}
	if !r.Ask.Action.Ordered() || len(r.Ask.Subjects) > 0 || id == "" {
		return Order{}, audit.Entry{}, d.Refuse(ctx, r, errNoList)
	}
	c, err := d.permit(ctx, &r)
	if err != nil {
		return Order{}, audit.Entry{}, err
	}
	a := r.Ask
	o := Order{ID: id, Handling: a.Action, Part: a.Parts, Parametre: a.Parametre, Kommuner: a.Kommuner, Formaal: a.Formaal, RequestID: r.RequestID, Foedt: r.Foedt}
	if o.Segl, err = d.seal(ctx, r, o); err != nil {
		return Order{}, audit.Entry{}, d.failed(ctx, c, err)
	}
	c.list = id
	e := c.entry()
	e.Handling, e.Utfall = string(InnbyggerlisteBestilt), audit.Utfoert
	return o, e, nil
}

func (d *Desk) seal(ctx context.Context, r Request, o Order) ([]byte, error) {
	who, err := d.roles.Orderer(ctx, r.Who, r.RolleID)
	if err != nil {
		return nil, err
	}
	bound, err := o.bound()
	if err != nil {
		return nil, err
	}
	return d.roles.Seal(who, bound)
}

// OrderedBy reports whether the caller is the human who ordered, in whatever employment, of an order in JSON.
func (d *Desk) OrderedBy(order []byte, who identity.Caller) (bool, error) {
	var o Order
	if json.Unmarshal(order, &o) != nil {
		return false, errOrder
	}
	bound, err := o.bound()
	if err != nil {
		return false, err
	}
	orderer, err := d.roles.Unseal(o.Segl, bound)
	if err != nil {
		return false, errOrder
	}
	return orderer.Is(who), nil
}

// ordered judges an order as of now, about the persons. A denial is written down, once and about
// nobody: the orderer has not named them. A store that cannot be read is an error that is not.
func (d *Desk) ordered(ctx context.Context, o Order, ids []person.ID) (corridor, error) {
	c := corridor{req: Request{Ask: o.ask(), RequestID: o.RequestID}, list: o.ID}
	c.req.Ask.At = d.now()
	bound, err := o.bound()
	if err != nil {
		return c, err
	}
	who, err := d.roles.Unseal(o.Segl, bound)
	if err != nil {
		return c, d.written(ctx, c, errOrder, audit.Avslag, nil)
	}
	if c.holder, err = d.roles.HolderOf(ctx, who, c.req.Ask.At); err != nil {
		return c, err
	}
	c.holder.Profil = c.holder.Profil.At(c.req.Ask.At)
	ask := c.req.Ask
	ask.Subjects = ids
	decision := policy.Decide(c.holder, ask)
	if decision.Denied() {
		return c, d.refuse(ctx, c, decision)
	}
	c.grant = decision.Grant()
	return c, nil
}

// OrderUttrekk orders an uttrekk at the register for an order and gives its job: one for each kommune, by
// bosted or by opphold. Ten at a time for the organisation; more is a fault of kind TooMany. What may pass
// (TooMany, Unavailable) is not written down, here and below: nothing is told, and it is tried again.
func (d *Desk) OrderUttrekk(ctx context.Context, o Order, u Uttrekk) (job string, err error) {
	c, err := d.ordered(ctx, o, nil)
	if err != nil {
		return "", err
	}
	if !c.grant.Orders(u.Names(), u.Kommune.Bosted+u.Kommune.Opphold) {
		return "", d.written(ctx, c, errOrder, audit.Avslag, nil)
	}
	return d.register.Order(ctx, c.grant, u)
}

// Batch reads a batch of an uttrekk's job, from 0. A job that the register has no longer must be ordered
// anew: [UttrekkGone]. The numbers are for [Desk.DiscloseList] and nobody else.
func (d *Desk) Batch(ctx context.Context, o Order, job string, nr int) (Numre, error) {
	c, err := d.ordered(ctx, o, nil)
	if err != nil {
		return Numre{}, err
	}
	return d.register.Batch(ctx, c.grant, job, nr)
}

// Gather finds the numbers for a list of searches, each once: at most [freg.MaxHits], or FOR_MANGE_TREFF.
// Dwellings are not looked for. The numbers are for [Desk.DiscloseList] and nobody else.
func (d *Desk) Gather(ctx context.Context, o Order, all ...Sought) ([]person.ID, error) {
	c, err := d.ordered(ctx, o, nil)
	if err != nil {
		return nil, err
	}
	within := o.Handling == policy.InnbyggerlisteSoek && slices.Equal(names(all), slices.Sorted(slices.Values(o.Parametre))) &&
		!slices.ContainsFunc(kommuner(all), func(k string) bool { return !slices.Contains(o.Kommuner, k) })
	if !within || slices.ContainsFunc(all, func(s Sought) bool { return s.Bruksenhet != "" }) {
		return nil, d.written(ctx, c, errOrder, audit.Avslag, nil)
	}
	return d.found(ctx, c, searches(all)...)
}

// Seek answers about those whom searches find as a list of them would, at once, with the entries of one: of the
// order, of each person told of, and of what was told, also where that is nobody. What fails on the way is for
// [Desk.Refuse] to write.
func (d *Desk) Seek(ctx context.Context, r Request, id string, of ...Sought) (Batch, error) {
	o, e, err := d.JudgeList(ctx, r, id, of...)
	if err != nil {
		return Batch{}, err
	}
	ids, err := d.Gather(ctx, o, of...)
	if err != nil {
		return Batch{}, err
	}
	all := Batch{}
	if all.Receipt, err = d.log.Append(ctx, e); err != nil {
		return Batch{}, err
	}
	for chunk := range slices.Chunk(ids, freg.MaxBulk) {
		b, err := d.DiscloseList(ctx, o, chunk, nil)
		if err != nil {
			return Batch{}, err
		}
		all = Batch{append(all.Answers, b.Answers...), b.Receipt}
	}
	if len(ids) > 0 {
		return all, nil
	}
	c, err := d.ordered(ctx, o, nil)
	if err == nil {
		all.Receipt, err = d.account(ctx, c, nil, 0)
	}
	return all, err
}

// DiscloseList answers about a chunk of up to [freg.MaxBulk] of those on a list, each once, with an entry
// for each and one for the chunk, last. The writes that with makes of the answers are committed with the
// entries, and nothing is told where it or their preconditions fail: store.ErrConflict. It may be nil. A person whom the role may not see is not on a list
// of whom criteria fit; on one of numbers that the orderer has they are answered as in a bulk lookup.
func (d *Desk) DiscloseList(ctx context.Context, o Order, ids []person.ID, with func([]Answer) ([]store.Op, error)) (Batch, error) {
	ids = once(ids)
	if len(ids) == 0 || len(ids) > freg.MaxBulk {
		return Batch{}, errNoList
	}
	c, err := d.ordered(ctx, o, ids)
	if err != nil {
		return Batch{}, err
	}
	if c.krets, err = d.circle(ctx, c.grant); err != nil {
		return Batch{}, err
	}
	if c.grant.JudgesHabilitet() && c.krets == nil { // else the list would be empty, and look finished
		return Batch{}, d.written(ctx, c, policy.Withheld, audit.Avslag, []policy.RuleID{redact.UkjentKrets})
	}
	found, err := d.fetch(ctx, c)
	if err != nil {
		return Batch{}, err
	}
	answers, entries := c.answers(found)
	if !c.req.Ask.Named() {
		answers, entries = shown(answers, entries, o.Foedt)
	}
	n := len(answers)
	e := c.entry()
	e.Treff, e.Utfall = &n, audit.Utlevert
	if n == 0 {
		e.Utfall = audit.IngenData
	}
	b := Batch{Answers: answers}
	var ops []store.Op
	if with != nil {
		if ops, err = with(answers); err != nil {
			return Batch{}, err
		}
	}
	if b.Receipt, err = d.log.AppendWith(ctx, ops, append(entries, e)...); err != nil {
		return Batch{}, err
	}
	return b, nil
}

// shown keeps those who are told of and born when the list says, whatever year the register found them by.
func shown(answers []Answer, entries []audit.Entry, born *Foedt) (kept []Answer, accounts []audit.Entry) {
	for i, a := range answers {
		if a.Feil == nil && (born == nil || born.holds(a.JSON)) {
			kept, accounts = append(kept, a), append(accounts, entries[i])
		}
	}
	return kept, accounts
}
