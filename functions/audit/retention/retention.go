// Package retention is where an organisation's privacy officer decides for how long the log keeps entries, and holds what a
// case needs beyond that.
//
// It refuses everybody else, a hold without a reason, and lifting one without. It never gives the number or pseudonym of
// whom a hold is about. Each decision and its entry are one commit.
package retention

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/audit/retain"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/policy"
)

const path = "/hjemmel/v1/organisasjoner/{fiksOrgId}/oppbevaring"

// desk has the parts that deciding takes.
type desk struct {
	*office.Office
	rules   *retain.Book
	keys    audit.Keys
	numbers api.Numbers
}

// Routes are the operations.
func Routes(e *host.Env) ([]host.Route, error) {
	o, err1 := office.New(e)
	s, err2 := e.State()
	keys, err3 := audit.NewKeys(e.Config.AuditSecret)
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	d := &desk{o, retain.New(s), keys, e.Numbers()}
	return []host.Route{
		{Pattern: "GET " + path, Handle: d.By(office.Innsyn, "oppbevaring-lest", d.get)},
		{Pattern: "PUT " + path, Handle: d.By(office.Personvern, "oppbevaring-endret", d.put)},
		{Pattern: "POST " + path + "/bevaringer", Handle: d.By(office.Personvern, "bevaring-satt", d.hold)},
		{Pattern: "POST " + path + "/bevaringer/{bevaringId}/oppheving", Handle: d.By(office.Personvern, "bevaring-opphevet", d.lift)},
	}, nil
}

// shown is a rule without whom its holds are about.
func shown(status int, r retain.Regel) (host.Reply, error) {
	r.Bevart = slices.Clone(r.Bevart)
	for i := range r.Bevart {
		if r.Bevart[i].Art == retain.Person {
			r.Bevart[i].Verdi = ""
		}
	}
	return host.ReplyJSON(status, "", r)
}

func (d *desk) get(e *office.Errand) (host.Reply, error) {
	r, err := d.rules.Rule(e.Context(), e.Org)
	if err != nil {
		return host.Reply{}, err
	}
	return shown(http.StatusOK, r)
}

// change commits what decide makes of the rule.
func (d *desk) change(e *office.Errand, status int, decide func(*retain.Regel) error) (host.Reply, error) {
	return d.Commit(e, func() (host.Plan, error) {
		was, err := d.rules.Rule(e.Context(), e.Org)
		if err != nil {
			return host.Plan{}, err
		}
		to := was
		to.Bevart = slices.Clone(was.Bevart)
		if err := decide(&to); err != nil {
			return host.Plan{}, err
		}
		op, err := was.Put(to)
		if err != nil {
			return host.Plan{}, err
		}
		var plan host.Plan
		plan.Ops = append(plan.Ops, op)
		plan.Reply, err = shown(status, to)
		return plan, err
	})
}

func (d *desk) put(e *office.Errand) (host.Reply, error) {
	var to struct {
		Aar int `json:"aar"`
	}
	var err error
	if e.Body, err = api.ReadBody(e.Request, &to); err != nil {
		return host.Reply{}, err
	}
	if to.Aar < retain.MinAar || to.Aar > retain.MaxAar {
		return host.Reply{}, office.ErrField.About("aar")
	}
	e.Doing("oppbevaring", "aar")
	return d.change(e, http.StatusOK, func(r *retain.Regel) error {
		r.Aar = to.Aar
		return nil
	})
}

// wish is a hold that is asked for: of a person, of a case, or of everything.
type wish struct {
	Art                 retain.Art `json:"art"`
	Personidentifikator string     `json:"personidentifikator"`
	Sak                 string     `json:"sak"`
	Begrunnelse         string     `json:"begrunnelse"`
}

// read makes a hold of it. A reason that names a number is refused.
func (d *desk) read(e *office.Errand, w wish) (b retain.Bevaring, err error) {
	b = retain.Bevaring{ID: uuid.NewString(), Art: w.Art, Begrunnelse: audit.Written(w.Begrunnelse), Av: e.Aktor, Tid: d.Now().UTC()}
	wrong := func(field string) (retain.Bevaring, error) { return b, office.ErrField.About(field) }
	if (w.Personidentifikator != "") != (w.Art == retain.Person) {
		return wrong("personidentifikator")
	}
	if (w.Sak != "") != (w.Art == retain.Sak) {
		return wrong("sak")
	}
	if !reason(w.Begrunnelse) {
		return wrong("begrunnelse")
	}
	switch w.Art {
	case retain.Alt:
	case retain.Sak:
		if b.Verdi = audit.Written(strings.TrimSpace(w.Sak)); !office.Fits(b.Verdi, 3, 100) {
			return wrong("sak")
		}
	case retain.Person:
		if e.Entry.Person, err = d.numbers.Parse(w.Personidentifikator); err != nil {
			return b, err
		}
		k, err := d.keys.Organisation(e.Org)
		if err != nil {
			return b, err
		}
		b.Verdi = k.Pseudonym(e.Entry.Person)
	default:
		return wrong("art")
	}
	return b, nil
}

func reason(s string) bool {
	return office.Fits(s, 10, policy.MaxFormaal) && len(s) <= policy.MaxFormaal
}

func (d *desk) hold(e *office.Errand) (host.Reply, error) {
	var w wish
	var err error
	if e.Body, err = api.ReadBody(e.Request, &w); err != nil {
		return host.Reply{}, err
	}
	b, err := d.read(e, w)
	if err != nil {
		return host.Reply{}, err
	}
	e.Doing(b.ID, "bevart")
	e.Entry.Bekreftelse = b.Begrunnelse
	return d.change(e, http.StatusCreated, func(r *retain.Regel) error {
		if len(r.Bevart) >= retain.MaxBevart {
			return office.ErrField.About("bevart")
		}
		r.Bevart = append(r.Bevart, b)
		return nil
	})
}

func (d *desk) lift(e *office.Errand) (host.Reply, error) {
	var why struct {
		Begrunnelse string `json:"begrunnelse"`
	}
	var err error
	if e.Body, err = api.ReadBody(e.Request, &why); err != nil {
		return host.Reply{}, err
	}
	if !reason(why.Begrunnelse) {
		return host.Reply{}, office.ErrField.About("begrunnelse")
	}
	id := e.PathValue("bevaringId")
	e.Doing(audit.Written(id), "bevart")
	e.Entry.Bekreftelse = audit.Written(why.Begrunnelse)
	return d.change(e, http.StatusOK, func(r *retain.Regel) error {
		n := len(r.Bevart)
		if r.Bevart = slices.DeleteFunc(r.Bevart, func(b retain.Bevaring) bool { return b.ID == id }); len(r.Bevart) == n {
			return office.ErrNothing
		}
		return nil
	})
}
