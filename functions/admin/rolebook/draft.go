package rolebook

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"hjemmel/functions/admin/wire"
	"hjemmel/shared/api"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/roles"
)

// shownDraft is a draft in an answer.
type shownDraft struct {
	Rolle    wire.Role `json:"rolle"`
	Basis    int       `json:"basis"`
	Foreldet bool      `json:"foreldet"` // another version has been published since
	Endret   time.Time `json:"endret"`
	EndretAv string    `json:"endretAv"`
}

func (a *admin) showDraft(c *call, d roles.Draft) (host.Reply, error) {
	r := wire.NewRole(c.katalog, roles.Version{Role: d.Rolle, Opprettet: c.role.Opprettet}, a.now())
	return host.ReplyJSON(http.StatusOK, d.ETag(), shownDraft{r, d.Basis, d.Basis != c.role.Versjon, d.Endret, d.EndretAv})
}

var errNothing = fault.New(fault.NotFound, "FINNES_IKKE", "Det finnes ikke noe slikt her: utkastet, versjonen, tildelingen eller den ansatte.")

func (a *admin) draft(c *call) (roles.Draft, error) {
	d, ok, err := a.roles.Draft(c.Context(), c.role.ID)
	if err == nil && !ok {
		err = errNothing
	}
	return d, err
}

func (a *admin) getDraft(c *call) (host.Reply, error) {
	d, err := a.draft(c)
	if err != nil {
		return host.Reply{}, err
	}
	return a.showDraft(c, d)
}

// putDraft makes the draft: the role in force with the change made. What an earlier draft said is
// replaced.
func (a *admin) putDraft(c *call) (host.Reply, error) {
	var ch wire.Change
	var err error
	if c.body, err = api.ReadBody(c.Request, &ch); err != nil {
		return host.Reply{}, err
	}
	return a.commit(c, func() (host.Plan, error) {
		d, _, err := a.roles.Draft(c.Context(), c.role.ID)
		if err != nil {
			return host.Plan{}, err
		}
		if err := host.Matches(c.Request, d.ETag()); err != nil {
			return host.Plan{}, err
		}
		r, err := a.changed(c, ch)
		if err != nil {
			return host.Plan{}, err
		}
		d.Rolle, d.Basis, d.Nr = r, c.role.Versjon, d.Nr+1
		d.Endret, d.EndretAv = a.now().UTC().Truncate(time.Millisecond), c.aktor
		ops, err := d.Put()
		if err != nil {
			return host.Plan{}, err
		}
		out, err := a.showDraft(c, d)
		return host.Plan{Ops: ops, Reply: out}, err
	})
}

// decision is what publishing and rolling back take.
type decision struct {
	Versjon   int    `json:"versjon"`
	Kommentar string `json:"kommentar"`
}

func (c *call) decide() (d decision, err error) {
	if c.body, err = api.ReadBody(c.Request, &d); err == nil {
		d.Kommentar, err = wire.Comment(d.Kommentar, "")
	}
	return d, err
}

// publish makes the draft the next version.
func (a *admin) publish(c *call) (host.Reply, error) {
	why, err := c.decide()
	if err != nil {
		return host.Reply{}, err
	}
	return a.commit(c, func() (host.Plan, error) {
		d, err := a.draft(c)
		if err != nil {
			return host.Plan{}, err
		}
		if err := host.Matches(c.Request, d.ETag()); err != nil || d.Basis != c.role.Versjon {
			return host.Plan{}, host.ErrChanged
		}
		if err := a.check(c, d.Rolle); err != nil { // the catalogue may have changed
			return host.Plan{}, err
		}
		p, err := a.published(c, a.next(c, c.role, d.Rolle, why.Kommentar))
		p.Ops = append(p.Ops, d.Drop())
		return p, err
	})
}

// rollBack makes what an earlier version said the next version.
func (a *admin) rollBack(c *call) (host.Reply, error) {
	why, err := c.decide()
	if err != nil {
		return host.Reply{}, err
	}
	return a.commit(c, func() (host.Plan, error) {
		if err := host.Matches(c.Request, wire.ETag(c.role)); err != nil {
			return host.Plan{}, err
		}
		old, err := a.version(c, strconv.Itoa(why.Versjon))
		if err != nil {
			return host.Plan{}, err
		}
		if err := a.check(c, old.Role); err != nil {
			return host.Plan{}, err
		}
		return a.published(c, a.next(c, c.role, old.Role, why.Kommentar))
	})
}

// version finds one of the role's versions by number; "" is the one in force, "utkast" the draft.
func (a *admin) version(c *call, nr string) (roles.Version, error) {
	switch nr {
	case "":
		return c.role, nil
	case "utkast":
		d, err := a.draft(c)
		return roles.Version{Role: d.Rolle}, err
	}
	all, err := a.roles.Versions(c.Context(), c.role.ID)
	for _, v := range all {
		if strconv.Itoa(v.Versjon) == nr {
			return v, err
		}
	}
	if err == nil {
		err = errNothing
	}
	return roles.Version{}, err
}

func (a *admin) versions(c *call) (host.Reply, error) {
	all, err := a.roles.Versions(c.Context(), c.role.ID)
	if err != nil {
		return host.Reply{}, err
	}
	out := struct {
		Versjoner []wire.Role `json:"versjoner"`
	}{[]wire.Role{}}
	for _, v := range slices.Backward(all) {
		out.Versjoner = append(out.Versjoner, wire.NewRole(c.katalog, v, a.now()))
	}
	return host.ReplyJSON(http.StatusOK, "", out)
}

// differences compares two versions member by member; til is the one in force when it is left out.
func (a *admin) differences(c *call) (host.Reply, error) {
	q, err := api.ReadQuery(c.Request, "fra", "til")
	if err != nil {
		return host.Reply{}, err
	}
	from, err := a.version(c, q.Get("fra"))
	if err != nil {
		return host.Reply{}, err
	}
	to, err := a.version(c, q.Get("til"))
	if err != nil {
		return host.Reply{}, err
	}
	return host.ReplyJSON(http.StatusOK, "", wire.NewDifferences(from.Role, to.Role))
}
