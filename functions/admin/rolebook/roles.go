package rolebook

import (
	"hjemmel/shared/host/office"
	"net/http"
	"slices"

	"hjemmel/functions/admin/wire"
	"hjemmel/shared/api"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/roles"
)

func (a *book) count(c *office.Errand, v roles.Version) (wire.Counted, error) {
	out := wire.Counted{Role: wire.NewRole(c.Katalog, v, a.Now())}
	held, err := a.Roles.Assignments(c.Context(), v.ID)
	for _, t := range v.Current(held, a.Now()) {
		switch t.Type {
		case roles.PersonAktor:
			out.AntallPersoner++
		case roles.IntegrasjonType:
			out.AntallIntegrasjoner++
		case roles.EksternGruppe:
			out.AntallEksterneGrupper++
		case roles.EksternBruker:
			out.AntallEksterneBrukere++
		}
	}
	return out, err
}

func (a *book) list(c *office.Errand) (host.Reply, error) {
	all, err := a.Roles.Roles(c.Context(), c.Org)
	if err != nil {
		return host.Reply{}, err
	}
	out := []wire.Role{}
	for _, v := range all {
		out = append(out, wire.NewRole(c.Katalog, v, a.Now()))
	}
	return host.ReplyJSON(http.StatusOK, "", out)
}

func (a *book) listWithHolders(c *office.Errand) (host.Reply, error) {
	all, err := a.Roles.Roles(c.Context(), c.Org)
	if err != nil {
		return host.Reply{}, err
	}
	out := []wire.Counted{}
	for _, v := range all {
		one, err := a.count(c, v)
		if err != nil {
			return host.Reply{}, err
		}
		out = append(out, one)
	}
	return host.ReplyJSON(http.StatusOK, "", out)
}

func (a *book) get(c *office.Errand) (host.Reply, error) {
	return host.ReplyJSON(http.StatusOK, wire.ETag(c.Role), wire.NewRole(c.Katalog, c.Role, a.Now()))
}

func (a *book) getWithHolders(c *office.Errand) (host.Reply, error) {
	one, err := a.count(c, c.Role)
	if err != nil {
		return host.Reply{}, err
	}
	return host.ReplyJSON(http.StatusOK, wire.ETag(c.Role), one)
}

// mine lists the roles that the caller can use now, of those that fit.
func (a *book) mine(c *office.Errand, fits func(policy.Role) bool) ([]wire.Role, error) {
	held, err := a.Roles.Held(c.Context(), c.Who)
	out := []wire.Role{}
	for _, h := range held {
		if policy.Usable(h, a.Now()) && (!h.Menneske || h.Profil.Role.KanBrukesPaaSokeside) && fits(h.Profil.Role) {
			out = append(out, wire.NewRole(c.Katalog, roles.Version{Role: h.Profil.Role}, a.Now()))
		}
	}
	return out, err
}

var errNoRole = fault.New(fault.Denied, "INGEN_ROLLE", "Den som spør, har ingen rolle som kan brukes nå.")

// hasAccess answers 204 to those who can use a role now.
func (a *book) hasAccess(c *office.Errand) (host.Reply, error) {
	mine, err := a.mine(c, func(policy.Role) bool { return true })
	if err == nil && len(mine) == 0 {
		err = errNoRole
	}
	return host.Reply{Status: http.StatusNoContent}, err
}

// registers is the service that a role is for when it was made for none in particular.
const registers = "FOLKEREGISTER"

// usable answers POST /roller: the caller's roles for a service.
func (a *book) usable(c *office.Errand) (host.Reply, error) {
	var ask struct {
		Tjeneste  string `json:"tjeneste"`
		FiksOrgID string `json:"fiksOrgId"`
	}
	if _, err := api.ReadBody(c.Request, &ask); err != nil {
		return host.Reply{}, err
	}
	if !wire.Service(ask.Tjeneste) {
		return host.Reply{}, wire.ErrRole.About("tjeneste")
	}
	mine, err := a.mine(c, func(r policy.Role) bool {
		serves := slices.Contains(r.Tjenester, ask.Tjeneste) || len(r.Tjenester) == 0 && ask.Tjeneste == registers
		return serves && (ask.FiksOrgID == "" || ask.FiksOrgID == r.FiksOrgID)
	})
	if err != nil {
		return host.Reply{}, err
	}
	return host.ReplyJSON(http.StatusOK, "", mine)
}

// searchable answers the roles that the caller can search with.
func (a *book) searchable(c *office.Errand) (host.Reply, error) {
	mine, err := a.mine(c, func(r policy.Role) bool { return slices.Contains(r.Bruksomraader, katalog.Soek) })
	if err != nil {
		return host.Reply{}, err
	}
	return host.ReplyJSON(http.StatusOK, "", mine)
}

// catalogue answers what a role can be made of.
func (a *book) catalogue(c *office.Errand) (host.Reply, error) {
	return host.ReplyJSON(http.StatusOK, "", wire.NewValues(c.Katalog, a.Now()))
}
