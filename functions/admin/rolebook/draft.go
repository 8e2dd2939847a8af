package rolebook

import (
	"hjemmel/shared/host/office"
	"net/http"
	"slices"
	"strconv"
	"time"

	"hjemmel/functions/admin/wire"
	"hjemmel/shared/api"
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

func (a *book) showDraft(c *office.Errand, d roles.Draft) (host.Reply, error) {
	r := wire.NewRole(c.Katalog, roles.Version{Role: d.Rolle, Opprettet: c.Role.Opprettet}, a.Now())
	return host.ReplyJSON(http.StatusOK, d.ETag(), shownDraft{r, d.Basis, d.Basis != c.Role.Versjon, d.Endret, d.EndretAv})
}

func (a *book) draft(c *office.Errand) (roles.Draft, error) {
	d, ok, err := a.Roles.Draft(c.Context(), c.Role.ID)
	if err == nil && !ok {
		err = office.ErrNothing
	}
	return d, err
}

func (a *book) getDraft(c *office.Errand) (host.Reply, error) {
	d, err := a.draft(c)
	if err != nil {
		return host.Reply{}, err
	}
	return a.showDraft(c, d)
}

// putDraft makes the draft: the role in force with the change made. What an earlier draft said is
// replaced.
func (a *book) putDraft(c *office.Errand) (host.Reply, error) {
	var ch wire.Change
	var err error
	if c.Body, err = api.ReadBody(c.Request, &ch); err != nil {
		return host.Reply{}, err
	}
	return a.Commit(c, func() (host.Plan, error) {
		d, _, err := a.Roles.Draft(c.Context(), c.Role.ID)
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
		d.Rolle, d.Basis, d.Nr = r, c.Role.Versjon, d.Nr+1
		d.Endret, d.EndretAv = a.Now().UTC().Truncate(time.Millisecond), c.Aktor
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

func decide(c *office.Errand) (d decision, err error) {
	if c.Body, err = api.ReadBody(c.Request, &d); err == nil {
		d.Kommentar, err = wire.Comment(d.Kommentar, "")
	}
	return d, err
}

// publish makes the draft the next version.
func (a *book) publish(c *office.Errand) (host.Reply, error) {
	why, err := decide(c)
	if err != nil {
		return host.Reply{}, err
	}
	return a.Commit(c, func() (host.Plan, error) {
		d, err := a.draft(c)
		if err != nil {
			return host.Plan{}, err
		}
		if err := host.Matches(c.Request, d.ETag()); err != nil || d.Basis != c.Role.Versjon {
			return host.Plan{}, host.ErrChanged
		}
		if err := a.check(c, d.Rolle); err != nil { // the catalogue may have changed
			return host.Plan{}, err
		}
		p, err := a.published(c, a.next(c, c.Role, d.Rolle, why.Kommentar))
		p.Ops = append(p.Ops, d.Drop())
		return p, err
	})
}

// rollBack makes what an earlier version said the next version.
func (a *book) rollBack(c *office.Errand) (host.Reply, error) {
	why, err := decide(c)
	if err != nil {
		return host.Reply{}, err
	}
	return a.Commit(c, func() (host.Plan, error) {
		if err := host.Matches(c.Request, wire.ETag(c.Role)); err != nil {
			return host.Plan{}, err
		}
		old, err := a.version(c, strconv.Itoa(why.Versjon))
		if err != nil {
			return host.Plan{}, err
		}
		if err := a.check(c, old.Role); err != nil {
			return host.Plan{}, err
		}
		return a.published(c, a.next(c, c.Role, old.Role, why.Kommentar))
	})
}

// version finds one of the role's versions by number; "" is the one in force, "utkast" the draft.
func (a *book) version(c *office.Errand, nr string) (roles.Version, error) {
	switch nr {
	case "":
		return c.Role, nil
	case "utkast":
		d, err := a.draft(c)
		return roles.Version{Role: d.Rolle}, err
	}
	all, err := a.Roles.Versions(c.Context(), c.Role.ID)
	for _, v := range all {
		if strconv.Itoa(v.Versjon) == nr {
			return v, err
		}
	}
	if err == nil {
		err = office.ErrNothing
	}
	return roles.Version{}, err
}

func (a *book) versions(c *office.Errand) (host.Reply, error) {
	all, err := a.Roles.Versions(c.Context(), c.Role.ID)
	if err != nil {
		return host.Reply{}, err
	}
	out := struct {
		Versjoner []wire.Role `json:"versjoner"`
	}{[]wire.Role{}}
	for _, v := range slices.Backward(all) {
		out.Versjoner = append(out.Versjoner, wire.NewRole(c.Katalog, v, a.Now()))
	}
	return host.ReplyJSON(http.StatusOK, "", out)
}

// differences compares two versions member by member; til is the one in force when it is left out.
func (a *book) differences(c *office.Errand) (host.Reply, error) {
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
