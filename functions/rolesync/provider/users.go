package provider

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hjemmel/functions/rolesync/scim"
	"hjemmel/shared/host"
	"hjemmel/shared/person"
	"hjemmel/shared/roles/synced"
)

const number = scim.PersonSchema + ":" + scim.Foedselsnummer

// resource is a user as it was sent, with the number: it is for changes alone and never answered.
func (p *provider) resource(u synced.User) scim.Resource {
	r := scim.Resource(u.Attributter).Clone()
	scim.User.SetText(r, number, p.synced.Number(u))
	return r
}

// user makes of a resource the user that it says, over the one that was.
func (p *provider) user(c *call, r scim.Resource, was synced.User) synced.User {
	u := was
	r = r.Clone()
	sent := scim.User.Text(r, number)
	scim.User.SetText(r, number, "")
	u.Attributter = r
	u.Brukernavn, u.EksternID = scim.User.Text(r, "userName"), scim.User.Text(r, "externalId")
	u.Navn = name(r)
	u.Aktiv = r["active"] == true
	u.Epost = ""
	if key, err := scim.User.SortKey("emails"); err == nil {
		u.Epost = key(r)
	}
	if u.KildeID == "" {
		u.ID, u.KildeID, u.FiksOrgID, u.Opprettet = uuid.NewString(), c.source.ID, c.source.FiksOrgID, synced.Moment(p.now())
	}
	if sent != p.synced.Number(was) || was.ID == "" {
		var known person.ID
		if id, err := p.numbers.Parse(sent); err == nil {
			known = id
		}
		u = p.synced.WithNumber(u, sent, known) // one that is no number is kept, and nobody logs in by it
	}
	return u
}

// name is what a user is called: KS wants displayName or name.formatted.
func name(r scim.Resource) string {
	for _, at := range []string{"displayName", "name.formatted"} {
		if s := scim.User.Text(r, at); s != "" {
			return s
		}
	}
	if s := strings.TrimSpace(scim.User.Text(r, "name.givenName") + " " + scim.User.Text(r, "name.familyName")); s != "" {
		return s
	}
	return scim.User.Text(r, "userName")
}

// readUser reads a user as it is sent. KS' own guide has sources without userName: then it is the externalId.
// A user who is not said to be active is, unless it was not before.
func (p *provider) readUser(c *call, was synced.User) (scim.Resource, error) {
	raw, err := scim.Read(c.body)
	if err != nil {
		return nil, err
	}
	if scim.Member(raw, "userName") == nil && scim.Member(raw, scim.UserSchema+":userName") == nil {
		raw["userName"] = scim.Member(raw, "externalId")
	}
	r, err := scim.User.Normal(raw)
	if err != nil {
		return nil, err
	}
	if _, said := r["active"]; !said {
		r["active"] = was.ID == "" || was.Aktiv
	}
	return r, nil
}

func (p *provider) createUser(c *call) (reply, error) {
	return p.change(c, "synk-bruker-opprettet", func() (change, error) {
		r, err := p.readUser(c, synced.User{})
		if err != nil {
			return change{}, err
		}
		return p.saveUser(c, r, synced.User{}, http.StatusCreated)
	})
}

func (p *provider) putUser(c *call) (reply, error) {
	return p.overUser(c, func(was synced.User) (scim.Resource, error) { return p.readUser(c, was) })
}

func (p *provider) patchUser(c *call) (reply, error) {
	ops, err := scim.ReadPatch(c.body)
	if err != nil {
		return reply{}, err
	}
	return p.overUser(c, func(was synced.User) (scim.Resource, error) {
		return scim.User.Patch(p.resource(was), ops) // who is not said to be active any more is not
	})
}

func (p *provider) overUser(c *call, next func(synced.User) (scim.Resource, error)) (reply, error) {
	return p.change(c, "synk-bruker-endret", func() (change, error) {
		was, ok, err := p.synced.User(c.Context(), c.source.ID, c.id)
		if err != nil || !ok {
			return change{}, orNotFound(err)
		}
		if err := c.current(was.Versjon); err != nil {
			return change{}, err
		}
		r, err := next(was)
		if err != nil {
			return change{}, err
		}
		return p.saveUser(c, r, was, http.StatusOK)
	})
}

func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return scim.ErrNotFound
}

// saveUser works out the writes of a user; none where nothing is changed.
func (p *provider) saveUser(c *call, r scim.Resource, was synced.User, status int) (change, error) {
	u := p.user(c, r, was)
	var err error
	out := change{gjelder: u.AktorID(), endret: changed(p.resource(was), r)}
	if was.ID == "" || len(out.endret) > 0 {
		u.Versjon, u.Endret = was.Versjon+1, synced.Moment(p.now())
		if out.plan.Ops, err = p.synced.PutUser(c.Context(), u, was); err != nil {
			return change{}, err
		}
		if was.Aktiv && !u.Aktiv || was.Person != "" && u.Person != was.Person {
			if err := p.lost(c, &out.plan, "DEAKTIVERT", u.AktorID()); err != nil {
				return change{}, err
			}
		}
	}
	if out.reply, err = p.showUser(c, u); err != nil {
		return change{}, err
	}
	out.reply.status = status
	return out, nil
}

// lost adds to a change that somebody loses access by it, and when we were told.
func (p *provider) lost(c *call, plan *host.Plan, why string, who ...string) error {
	op, err := synced.PutLoss(synced.Loss{FiksOrgID: c.source.FiksOrgID, KildeID: c.source.ID, Aarsak: why, AktorIDer: who, Mottatt: c.received, Lagret: p.now()})
	plan.Ops = append(plan.Ops, op)
	return err
}

// changed names the attributes that differ.
func changed(was, now scim.Resource) []string {
	var names []string
	for _, r := range []scim.Resource{was, now} {
		for _, name := range slices.Sorted(maps.Keys(r)) {
			if !slices.Contains(names, name) && !reflect.DeepEqual(was[name], now[name]) {
				names = append(names, name)
			}
		}
	}
	return names
}

func (p *provider) deleteUser(c *call) (reply, error) {
	return p.change(c, "synk-bruker-slettet", func() (change, error) {
		u, ok, err := p.synced.User(c.Context(), c.source.ID, c.id)
		if err != nil || !ok {
			return change{}, orNotFound(err)
		}
		if err := c.current(u.Versjon); err != nil {
			return change{}, err
		}
		out := change{gjelder: u.AktorID(), reply: reply{status: http.StatusNoContent}}
		if out.plan.Ops, err = p.synced.DropUser(c.Context(), u, p.now()); err != nil {
			return change{}, err
		}
		return out, p.lost(c, &out.plan, "SLETTET", u.AktorID())
	})
}

// showUser is a user as the request wants it.
func (p *provider) showUser(c *call, u synced.User) (reply, error) {
	x, err := c.projection(scim.User)
	if err != nil {
		return reply{}, err
	}
	r, err := p.fullUser(c, u, x)
	if err != nil {
		return reply{}, err
	}
	return reply{http.StatusOK, x.Show(r), etag(u.Versjon), c.base + "/Users/" + u.ID}, nil
}

// fullUser is a user with what we say of it. The number is not in it.
func (p *provider) fullUser(c *call, u synced.User, x scim.Projection) (scim.Resource, error) {
	r := scim.Resource(u.Attributter).Clone()
	r["id"], r["meta"] = u.ID, c.meta(scim.User, u.ID, u.Opprettet, u.Endret, u.Versjon)
	if !x.Wants("groups") {
		return r, nil
	}
	ids, err := p.synced.Groups(c.Context(), u)
	var in []any
	for _, id := range ids {
		id = strings.TrimPrefix(id, synced.GroupPrefix)
		in = append(in, map[string]any{"value": id, "$ref": c.base + "/Groups/" + id, "type": "direct"})
	}
	if in != nil {
		r["groups"] = in
	}
	return r, err
}

// projection reads which attributes the request wants.
func (c *call) projection(of *scim.Type) (scim.Projection, error) {
	q := c.URL.Query()
	return of.Project(q.Get("attributes"), q.Get("excludedAttributes"))
}
