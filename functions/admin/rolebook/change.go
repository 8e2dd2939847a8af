package rolebook

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"hjemmel/functions/admin/wire"
	"hjemmel/shared/api"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/roles"
)

var errNotOrganisations = fault.New(fault.Denied, "OMRAADE_UTENFOR_ORGANISASJONEN",
	"Organisasjonen har ikke dette tjenesteområdet og kan ikke ha eller tildele roller i det.")

// within refuses roles in areas that the organisation does not have.
func (a *admin) within(c *call, r policy.Role) error {
	org, _, err := a.roles.Organisation(c.Context(), r.FiksOrgID)
	if err == nil && len(org.Tjenesteomraader) > 0 && !slices.Contains(org.Tjenesteomraader, r.Tjenesteomraade) {
		err = errNotOrganisations
	}
	return err
}

// check finds everything that is wrong with a role of the organisation.
func (a *admin) check(c *call, r policy.Role) error {
	if err := a.within(c, r); err != nil {
		return err
	}
	return wire.Check(c.katalog, r)
}

// next is the version after v with r in it.
func (a *admin) next(c *call, v roles.Version, r policy.Role, kommentar string) roles.Version {
	r.Versjon = v.Versjon
	v.Role = r
	v.Versjon, v.Endret, v.EndretAv, v.Kommentar = v.Versjon+1, a.now().UTC().Truncate(time.Millisecond), c.aktor, kommentar
	return v
}

func (a *admin) create(c *call) (host.Reply, error) {
	var ch wire.Change
	var err error
	if c.body, err = api.ReadBody(c.Request, &ch); err != nil {
		return host.Reply{}, err
	}
	if ch.Kommentar, err = wire.Comment(ch.Kommentar, "Opprettet uten kommentar."); err != nil {
		return host.Reply{}, err
	}
	r := policy.Role{ID: uuid.NewString(), FiksOrgID: c.org, Aktiv: true}
	if ch.Tjenesteomraade == nil {
		return host.Reply{}, wire.ErrRole.About("tjenesteomraade")
	}
	r.Tjenesteomraade = *ch.Tjenesteomraade
	if area, ok := c.katalog.Area(r.Tjenesteomraade); ok { // what a client of Fiks' says nothing of
		if !area.InForce(a.now()) {
			return host.Reply{}, wire.ErrRole.About("tjenesteomraade")
		}
		for _, h := range area.Lovhjemler {
			if h.InForce(a.now()) {
				r.Hjemler = append(r.Hjemler, h.ID)
			}
		}
		if slices.Contains(area.Bruksomraader, katalog.Soek) {
			r.Bruksomraader = []katalog.Bruk{katalog.Soek}
		}
	}
	if err := ch.Apply(c.katalog, &r); err != nil {
		return host.Reply{}, err
	}
	if err := a.check(c, r); err != nil {
		return host.Reply{}, err
	}
	v := a.next(c, roles.Version{}, r, ch.Kommentar)
	v.Opprettet = v.Endret
	return a.commit(c, func() (host.Plan, error) { return a.published(c, v) })
}

// published is the plan that makes v the version in force.
func (a *admin) published(c *call, v roles.Version) (host.Plan, error) {
	c.role = v
	ops, err := roles.Publish(v)
	if err != nil {
		return host.Plan{}, err
	}
	out, err := host.ReplyJSON(http.StatusOK, wire.ETag(v), wire.NewRole(c.katalog, v, a.now()))
	return host.Plan{Ops: ops, Reply: out}, err
}

// patch publishes a change at once, as Fiks does.
func (a *admin) patch(c *call) (host.Reply, error) {
	var ch wire.Change
	var err error
	if c.body, err = api.ReadBody(c.Request, &ch); err != nil {
		return host.Reply{}, err
	}
	if ch.Kommentar, err = wire.Comment(ch.Kommentar, "Endret uten kommentar."); err != nil {
		return host.Reply{}, err
	}
	return a.commit(c, func() (host.Plan, error) {
		if err := host.Matches(c.Request, wire.ETag(c.role)); err != nil {
			return host.Plan{}, err
		}
		r, err := a.changed(c, ch)
		if err != nil {
			return host.Plan{}, err
		}
		if same(r, c.role.Role) {
			out, err := a.get(c)
			return host.Plan{Reply: out}, err
		}
		return a.published(c, a.next(c, c.role, r, ch.Kommentar))
	})
}

// changed is the role in force with the change made, checked.
func (a *admin) changed(c *call, ch wire.Change) (policy.Role, error) {
	r := c.role.Role
	if err := ch.Apply(c.katalog, &r); err != nil {
		return r, err
	}
	return r, a.check(c, r)
}

func same(a, b policy.Role) bool {
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}

// delete ends a role that nobody holds. Its versions stay, because the audit log names them.
func (a *admin) delete(c *call) (host.Reply, error) {
	return a.commit(c, func() (host.Plan, error) {
		if err := host.Matches(c.Request, wire.ETag(c.role)); err != nil {
			return host.Plan{}, err
		}
		c.role = a.next(c, c.role, c.role.Role, "Slettet.")
		ops, err := a.roles.Delete(c.Context(), c.role, func(held []roles.Assignment) int { return len(a.current(held)) })
		return host.Plan{Ops: ops, Reply: host.Reply{Status: http.StatusNoContent}}, err
	})
}
