package provider

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	"hjemmel/functions/rolesync/scim"
	"hjemmel/shared/roles/synced"
)

func (p *provider) createGroup(c *call) (reply, error) {
	return p.change(c, "synk-gruppe-opprettet", func() (change, error) {
		r, m, err := p.readGroup(c)
		if err != nil {
			return change{}, err
		}
		return p.saveGroup(c, r, m, synced.Group{}, http.StatusCreated)
	})
}

func (p *provider) readGroup(c *call) (scim.Resource, scim.Members, error) {
	raw, err := scim.Read(c.body)
	if err != nil {
		return nil, scim.Members{}, err
	}
	return scim.NormalGroup(raw)
}

func (p *provider) putGroup(c *call) (reply, error) {
	return p.overGroup(c, http.StatusOK, func(synced.Group) (scim.Resource, scim.Members, error) { return p.readGroup(c) })
}

// patchGroup answers without the group, as RFC 7644 § 3.5.2 lets it, unless attributes are asked for: so that
// adding one member to a large group does not cost a look at the others.
func (p *provider) patchGroup(c *call) (reply, error) {
	ops, err := scim.ReadPatch(c.body)
	if err != nil {
		return reply{}, err
	}
	status := http.StatusNoContent
	if c.URL.Query().Has("attributes") {
		status = http.StatusOK
	}
	return p.overGroup(c, status, func(was synced.Group) (scim.Resource, scim.Members, error) {
		return scim.PatchGroup(was.Attributter, ops)
	})
}

func (p *provider) overGroup(c *call, status int, next func(synced.Group) (scim.Resource, scim.Members, error)) (reply, error) {
	return p.change(c, "synk-gruppe-endret", func() (change, error) {
		was, ok, err := p.synced.Group(c.Context(), c.source.ID, c.id)
		if err != nil || !ok {
			return change{}, orNotFound(err)
		}
		if err := c.current(was.Versjon); err != nil {
			return change{}, err
		}
		r, m, err := next(was)
		if err != nil {
			return change{}, err
		}
		return p.saveGroup(c, r, m, was, status)
	})
}

// saveGroup works out the writes of a group and of those of its members that change.
func (p *provider) saveGroup(c *call, r scim.Resource, m scim.Members, was synced.Group, status int) (change, error) {
	g := was
	g.Attributter, g.Navn, g.EksternID = r, scim.Group.Text(r, "displayName"), scim.Group.Text(r, "externalId")
	if was.ID == "" {
		g.ID, g.KildeID, g.FiksOrgID, g.Opprettet = uuid.NewString(), c.source.ID, c.source.FiksOrgID, synced.Moment(p.now())
	}
	join, leave, err := p.moved(c, g.ID, m, was.ID == "")
	if err != nil {
		return change{}, err
	}
	out := change{gjelder: g.AktorID(), endret: changed(was.Attributter, r)}
	if len(join)+len(leave) > 0 {
		out.endret = append(out.endret, "members")
	}
	if was.ID == "" || len(out.endret) > 0 {
		g.Versjon, g.Endret = was.Versjon+1, synced.Moment(p.now())
		if out.plan.Ops, err = p.synced.PutGroup(c.Context(), g, was, join, leave); err != nil {
			return change{}, err
		}
		if err := p.left(c, &out, leave); err != nil {
			return change{}, err
		}
	}
	if out.reply = (reply{status: status, etag: etag(g.Versjon)}); status == http.StatusNoContent {
		return out, nil
	}
	out.reply, err = p.showGroup(c, g, func() ([]string, error) { return p.after(c, g.ID, was.ID == "", join, leave) })
	out.reply.status = status
	return out, err
}

// left adds that those who leave a group lose what it holds.
func (p *provider) left(c *call, out *change, leave []string) error {
	if len(leave) == 0 {
		return nil
	}
	who := make([]string, len(leave))
	for i, id := range leave {
		who[i] = synced.UserPrefix + id
	}
	return p.lost(c, &out.plan, "UT_AV_GRUPPE", who...)
}

// moved works out who becomes and who ceases to be a member. Without a reset it looks at those who are named
// and at nobody else.
func (p *provider) moved(c *call, group string, m scim.Members, anew bool) (join, leave []string, err error) {
	named := append(m.Added(), m.Removed()...)
	in := map[string]bool{}
	switch {
	case anew:
	case m.Reset:
		ids, err := p.synced.Members(c.Context(), group)
		if err != nil {
			return nil, nil, err
		}
		for _, id := range ids {
			if in[id] = true; !m.Set[id] {
				leave = append(leave, id)
			}
		}
	case len(named) > 0:
		if in, err = p.synced.MembersAmong(c.Context(), group, slices.DeleteFunc(slices.Clone(named), func(id string) bool { return !synced.IsID(id) })); err != nil {
			return nil, nil, err
		}
	}
	for _, id := range named {
		switch {
		case m.Set[id] && !in[id]:
			join = append(join, id)
		case !m.Set[id] && in[id] && !m.Reset:
			leave = append(leave, id)
		}
	}
	return join, leave, p.synced.CheckUsers(c.Context(), c.source.ID, join)
}

// after gives the members as they are once the change is made.
func (p *provider) after(c *call, group string, anew bool, join, leave []string) (ids []string, err error) {
	if !anew {
		if ids, err = p.synced.Members(c.Context(), group); err != nil {
			return nil, err
		}
	}
	gone := map[string]bool{}
	for _, id := range leave {
		gone[id] = true
	}
	ids = append(slices.DeleteFunc(ids, func(id string) bool { return gone[id] }), join...)
	slices.Sort(ids)
	return ids, nil
}

func (p *provider) deleteGroup(c *call) (reply, error) {
	return p.change(c, "synk-gruppe-slettet", func() (change, error) {
		g, ok, err := p.synced.Group(c.Context(), c.source.ID, c.id)
		if err != nil || !ok {
			return change{}, orNotFound(err)
		}
		if err := c.current(g.Versjon); err != nil {
			return change{}, err
		}
		out := change{gjelder: g.AktorID(), reply: reply{status: http.StatusNoContent}}
		if out.plan.Ops, err = p.synced.DropGroup(c.Context(), g, p.now()); err != nil {
			return change{}, err
		}
		return out, p.lost(c, &out.plan, "SLETTET", g.AktorID())
	})
}

// showGroup is a group as the request wants it; its members are read where it wants them.
func (p *provider) showGroup(c *call, g synced.Group, members func() ([]string, error)) (reply, error) {
	x, err := c.projection(scim.Group)
	if err != nil {
		return reply{}, err
	}
	r, err := p.fullGroup(c, g, x, members)
	if err != nil {
		return reply{}, err
	}
	return reply{http.StatusOK, x.Show(r), etag(g.Versjon), c.base + "/Groups/" + g.ID}, nil
}

func (p *provider) fullGroup(c *call, g synced.Group, x scim.Projection, members func() ([]string, error)) (scim.Resource, error) {
	r := scim.Resource(g.Attributter).Clone()
	r["id"], r["meta"] = g.ID, c.meta(scim.Group, g.ID, g.Opprettet, g.Endret, g.Versjon)
	if !x.Wants("members") {
		return r, nil
	}
	ids, err := members()
	in := []any{}
	for _, id := range ids {
		in = append(in, map[string]any{"value": id, "$ref": c.base + "/Users/" + id, "type": "User"})
	}
	r["members"] = in
	return r, err
}
