package rolebook

import (
	"bytes"
	"encoding/json"
	"hjemmel/shared/host/office"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"hjemmel/functions/admin/wire"
	"hjemmel/shared/api"
	"hjemmel/shared/host"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/roles"
)

// check finds everything that is wrong with a role of the organisation.
func (a *book) check(c *office.Errand, r policy.Role) error {
	if err := a.Within(c, r); err != nil {
		return err
	}
	return wire.Check(c.Katalog, r)
}

// next is the version after v with r in it.
func (a *book) next(c *office.Errand, v roles.Version, r policy.Role, kommentar string) roles.Version {
	r.Versjon = v.Versjon
	v.Role = r
	v.Versjon, v.Endret, v.EndretAv, v.Kommentar = v.Versjon+1, a.Now().UTC().Truncate(time.Millisecond), c.Aktor, kommentar
	return v
}

func (a *book) create(c *office.Errand) (host.Reply, error) {
	var ch wire.Change
	var err error
	if c.Body, err = api.ReadBody(c.Request, &ch); err != nil {
		return host.Reply{}, err
	}
	if ch.Kommentar, err = wire.Comment(ch.Kommentar, "Opprettet uten kommentar."); err != nil {
		return host.Reply{}, err
	}
	r := policy.Role{ID: uuid.NewString(), FiksOrgID: c.Org, Aktiv: true}
	if ch.Tjenesteomraade == nil {
		return host.Reply{}, wire.ErrRole.About("tjenesteomraade")
	}
	r.Tjenesteomraade = *ch.Tjenesteomraade
	if area, ok := c.Katalog.Area(r.Tjenesteomraade); ok { // what a client of Fiks' says nothing of
		if !area.InForce(a.Now()) {
			return host.Reply{}, wire.ErrRole.About("tjenesteomraade")
		}
		for _, h := range area.Lovhjemler {
			if h.InForce(a.Now()) {
				r.Hjemler = append(r.Hjemler, h.ID)
			}
		}
		if slices.Contains(area.Bruksomraader, katalog.Soek) {
			r.Bruksomraader = []katalog.Bruk{katalog.Soek}
		}
	}
	if err := ch.Apply(c.Katalog, &r); err != nil {
		return host.Reply{}, err
	}
	if err := a.check(c, r); err != nil {
		return host.Reply{}, err
	}
	v := a.next(c, roles.Version{}, r, ch.Kommentar)
	v.Opprettet = v.Endret
	return a.Commit(c, func() (host.Plan, error) { return a.published(c, v) })
}

// published is the plan that makes v the version in force.
func (a *book) published(c *office.Errand, v roles.Version) (host.Plan, error) {
	c.Role = v
	ops, err := roles.Publish(v)
	if err != nil {
		return host.Plan{}, err
	}
	out, err := host.ReplyJSON(http.StatusOK, wire.ETag(v), wire.NewRole(c.Katalog, v, a.Now()))
	return host.Plan{Ops: ops, Reply: out}, err
}

// patch publishes a change at once, as Fiks does.
func (a *book) patch(c *office.Errand) (host.Reply, error) {
	var ch wire.Change
	var err error
	if c.Body, err = api.ReadBody(c.Request, &ch); err != nil {
		return host.Reply{}, err
	}
	if ch.Kommentar, err = wire.Comment(ch.Kommentar, "Endret uten kommentar."); err != nil {
		return host.Reply{}, err
	}
	return a.Commit(c, func() (host.Plan, error) {
		if err := host.Matches(c.Request, wire.ETag(c.Role)); err != nil {
			return host.Plan{}, err
		}
		r, err := a.changed(c, ch)
		if err != nil {
			return host.Plan{}, err
		}
		if same(r, c.Role.Role) {
			out, err := a.get(c)
			return host.Plan{Reply: out}, err
		}
		return a.published(c, a.next(c, c.Role, r, ch.Kommentar))
	})
}

// changed is the role in force with the change made, checked.
func (a *book) changed(c *office.Errand, ch wire.Change) (policy.Role, error) {
	r := c.Role.Role
	if err := ch.Apply(c.Katalog, &r); err != nil {
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
func (a *book) delete(c *office.Errand) (host.Reply, error) {
	return a.Commit(c, func() (host.Plan, error) {
		if err := host.Matches(c.Request, wire.ETag(c.Role)); err != nil {
			return host.Plan{}, err
		}
		c.Role = a.next(c, c.Role, c.Role.Role, "Slettet.")
		ops, err := a.Roles.Delete(c.Context(), c.Role, func(held []roles.Assignment) int { return len(c.Role.Current(held, a.Now())) })
		return host.Plan{Ops: ops, Reply: host.Reply{Status: http.StatusNoContent}}, err
	})
}
