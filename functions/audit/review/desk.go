package review

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/audit/avvik"
	"hjemmel/shared/audit/watch"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/policy"
)

const (
	path     = "/hjemmel/v1/organisasjoner/{fiksOrgId}/avvik"
	rulePath = "/hjemmel/v1/organisasjoner/{fiksOrgId}/avvikregel"
)

// desk has the parts that reviewing takes.
type desk struct {
	*office.Office
	queue *watch.Queue
	keys  audit.Keys
}

// Routes are the operations.
func Routes(e *host.Env) ([]host.Route, error) {
	o, err1 := office.New(e)
	s, err2 := e.State()
	keys, err3 := audit.NewKeys(e.Config.AuditSecret)
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	d := &desk{o, watch.NewQueue(s), keys}
	return []host.Route{
		{Pattern: "GET " + path, Handle: d.By(office.Innsyn, "avvik-lest", d.list)},
		{Pattern: "GET " + path + "/{avvikId}", Handle: d.By(office.Innsyn, "avvik-lest", d.one)},
		{Pattern: "POST " + path + "/{avvikId}/overtakelse", Handle: d.By(office.Innsyn, "avvik-tatt", d.take)},
		{Pattern: "POST " + path + "/{avvikId}/forslag", Handle: d.By(office.Innsyn, "avvik-foreslaatt", d.propose)},
		{Pattern: "POST " + path + "/{avvikId}/bekreftelse", Handle: d.By(office.Innsyn, "avvik-lukket", d.confirm)},
		{Pattern: "GET " + rulePath, Handle: d.By(office.Innsyn, "avvikregel-lest", d.rule)},
		{Pattern: "PUT " + rulePath, Handle: d.By(office.Personvern, "avvikregel-endret", d.putRule)},
	}, nil
}

// reviewer is the caller, by their employments and by their own pseudonym in the organisation.
func (d *desk) reviewer(e *office.Errand) (avvik.Reviewer, error) {
	k, err := d.keys.Organisation(e.Org)
	if err != nil {
		return avvik.Reviewer{}, err
	}
	return avvik.Reviewer{ID: e.Aktor, Self: e.Self, Person: k.Pseudonym(e.Who.Person()), At: d.Now().UTC()}, nil
}

// How many findings a page has.
const (
	defaultPage = 50
	maxPage     = 200
)

// list shows findings in the order of time. Those that concern the reader are left out.
func (d *desk) list(e *office.Errand) (host.Reply, error) {
	q, err := api.ReadQuery(e.Request, "lukket", "antall", "markoer")
	if err != nil {
		return host.Reply{}, err
	}
	most := defaultPage
	if q.Has("antall") {
		most, err = strconv.Atoi(q.Get("antall"))
	}
	closed, after := q.Get("lukket") == "true", q.Get("markoer")
	switch {
	case err != nil || most < 1 || most > maxPage:
		return host.Reply{}, office.ErrField.About("antall")
	case q.Has("lukket") && !closed && q.Get("lukket") != "false":
		return host.Reply{}, office.ErrField.About("lukket")
	case q.Has("markoer") && !shape.MatchString(after):
		return host.Reply{}, office.ErrField.About("markoer")
	}
	by, err := d.reviewer(e)
	if err != nil {
		return host.Reply{}, err
	}
	found, next, err := d.queue.List(e.Context(), e.Org, closed, after, most)
	if err != nil {
		return host.Reply{}, err
	}
	found = slices.DeleteFunc(found, func(a avvik.Avvik) bool { return a.Concerns(by) })
	n, out := len(found), page{FiksOrgID: e.Org, Avvik: make([]shown, len(found)), Neste: next}
	for i, a := range found {
		out.Avvik[i] = show(a)
	}
	e.Entry.Treff = &n
	reply, err := host.ReplyJSON(http.StatusOK, "", out)
	return d.Told(e, reply, err)
}

// shape is how ids of findings look. What has another is not written down: it may be a number.
var shape = regexp.MustCompile(`^[0-9]{16}-[0-9a-f]{20}-[0-9]{1,10}$`)

// find gives the finding of the path, which must not concern the caller.
func (d *desk) find(e *office.Errand, by avvik.Reviewer) (watch.Kept, error) {
	id := e.PathValue("avvikId")
	if !shape.MatchString(id) {
		return watch.Kept{}, office.ErrNothing
	}
	k, ok, err := d.queue.Find(e.Context(), e.Org, id)
	if err == nil && !ok {
		err = office.ErrNothing
	}
	e.Entry.Gjelder, e.Entry.Subjekt = id, k.Subjekt
	if err == nil && k.Concerns(by) {
		err = avvik.ErrConcerned
	}
	return k, err
}

func (d *desk) one(e *office.Errand) (host.Reply, error) {
	by, err := d.reviewer(e)
	if err != nil {
		return host.Reply{}, err
	}
	k, err := d.find(e, by)
	if err != nil {
		return host.Reply{}, err
	}
	reply, err := host.ReplyJSON(http.StatusOK, "", show(k.Avvik))
	return d.Told(e, reply, err)
}

// change commits what a reviewer makes of the finding of the path.
func (d *desk) change(e *office.Errand, what string, step func(avvik.Avvik, avvik.Reviewer) (avvik.Avvik, error)) (host.Reply, error) {
	by, err := d.reviewer(e)
	if err != nil {
		return host.Reply{}, err
	}
	e.Entry.Endret = []string{what}
	return d.Commit(e, func() (plan host.Plan, err error) {
		k, err := d.find(e, by)
		if err != nil {
			return plan, err
		}
		to, err := step(k.Avvik, by)
		if err != nil {
			return plan, err
		}
		if plan.Ops, err = k.Put(e.Org, to); err != nil {
			return plan, err
		}
		plan.Reply, err = host.ReplyJSON(http.StatusOK, "", show(to))
		return plan, err
	})
}

func (d *desk) take(e *office.Errand) (host.Reply, error) {
	return d.change(e, "tattAv", avvik.Avvik.Take)
}

// assessment is what a reviewer sends.
type assessment struct {
	Konklusjon  avvik.Konklusjon `json:"konklusjon"`
	Begrunnelse string           `json:"begrunnelse"`
}

// read reads an assessment with a reason of at least so many characters.
func (d *desk) read(e *office.Errand, least int) (a assessment, err error) {
	if e.Body, err = api.ReadBody(e.Request, &a); err != nil {
		return a, err
	}
	if !a.Konklusjon.Known() {
		return a, office.ErrField.About("konklusjon")
	}
	if !reason(a.Begrunnelse, least) {
		return a, office.ErrField.About("begrunnelse")
	}
	a.Begrunnelse = audit.Written(a.Begrunnelse)
	e.Entry.Bekreftelse = a.Begrunnelse
	return a, nil
}

// minReason is the shortest reason, in characters.
const minReason = 10

func reason(s string, least int) bool {
	return office.Fits(s, least, policy.MaxFormaal) && len(s) <= policy.MaxFormaal
}

func (d *desk) propose(e *office.Errand) (host.Reply, error) {
	a, err := d.read(e, minReason)
	if err != nil {
		return host.Reply{}, err
	}
	return d.change(e, "forslag", func(v avvik.Avvik, by avvik.Reviewer) (avvik.Avvik, error) {
		return v.Propose(by, a.Konklusjon, a.Begrunnelse)
	})
}

func (d *desk) confirm(e *office.Errand) (host.Reply, error) {
	a, err := d.read(e, 0)
	if err != nil {
		return host.Reply{}, err
	}
	return d.change(e, "lukking", func(v avvik.Avvik, by avvik.Reviewer) (avvik.Avvik, error) {
		return v.Confirm(by, a.Konklusjon, a.Begrunnelse)
	})
}

func (d *desk) rule(e *office.Errand) (host.Reply, error) {
	r, _, err := d.queue.Rule(e.Context(), e.Org)
	if err != nil {
		return host.Reply{}, err
	}
	reply, err := host.ReplyJSON(http.StatusOK, "", r)
	return d.Told(e, reply, err)
}

// decision is a rule that is decided, and why.
type decision struct {
	avvik.Regel
	Begrunnelse string `json:"begrunnelse"`
}

func (d *desk) putRule(e *office.Errand) (host.Reply, error) {
	var to decision
	var err error
	if e.Body, err = api.ReadBody(e.Request, &to); err != nil {
		return host.Reply{}, err
	}
	wrong := to.Wrong()
	if !reason(to.Begrunnelse, minReason) {
		wrong = append(wrong, "begrunnelse")
	}
	if len(wrong) > 0 {
		return host.Reply{}, office.ErrField.About(wrong...)
	}
	if to.Av == nil {
		to.Av = []avvik.Scenario{}
	}
	e.Entry.Bekreftelse = audit.Written(to.Begrunnelse)
	return d.Commit(e, func() (plan host.Plan, err error) {
		was, put, err := d.queue.Rule(e.Context(), e.Org)
		if err != nil {
			return plan, err
		}
		e.Doing("avvikregel", was.Changed(to.Regel)...)
		op, err := put(to.Regel)
		if err != nil {
			return plan, err
		}
		plan.Ops = append(plan.Ops, op)
		plan.Reply, err = host.ReplyJSON(http.StatusOK, "", to.Regel)
		return plan, err
	})
}
