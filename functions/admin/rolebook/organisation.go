package rolebook

import (
	"net/http"
	"slices"

	"hjemmel/shared/api"
	"hjemmel/shared/host"
	"hjemmel/shared/roles"
)

// administrator is one in an answer.
type administrator struct {
	AnsattID string `json:"ansattId"`
	Navn     string `json:"navn"`
}

func (a *admin) administrators(c *call) (host.Reply, error) {
	ids, err := a.listed(c)
	if err != nil {
		return host.Reply{}, err
	}
	out := struct {
		Administratorer []administrator `json:"administratorer"`
	}{[]administrator{}}
	for _, id := range ids {
		e, _, err := a.roles.Ansatt(c.Context(), id)
		if err != nil {
			return host.Reply{}, err
		}
		out.Administratorer = append(out.Administratorer, administrator{id, e.Navn})
	}
	return host.ReplyJSON(http.StatusOK, "", out)
}

// listed are the ids of the organisation's administrators. Where the list was never written the
// caller is taken to be the only one.
func (a *admin) listed(c *call) ([]string, error) {
	ids, err := a.roles.Administrators(c.Context(), c.org)
	if err == nil && ids == nil {
		ids = c.own()
	}
	slices.Sort(ids)
	return ids, err
}

// own are the caller's employments as administrator of the organisation.
func (c *call) own() []string {
	var ids []string
	for _, e := range c.employed {
		if e.FiksOrgID == c.org && e.Funksjon == roles.Administrator {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// appoint makes an employee administrator. Nobody appoints themselves, so that the platform's
// operator cannot walk in.
func (a *admin) appoint(c *call) (host.Reply, error) {
	if c.self(c.PathValue("ansattId")) {
		return host.Reply{}, errOwnApproval
	}
	return a.setAdministrator(c, true)
}

func (a *admin) dismiss(c *call) (host.Reply, error) { return a.setAdministrator(c, false) }

func (a *admin) setAdministrator(c *call, to bool) (host.Reply, error) {
	return a.commit(c, func() (host.Plan, error) {
		e, ok, err := a.roles.Ansatt(c.Context(), c.PathValue("ansattId"))
		if err != nil {
			return host.Plan{}, err
		}
		if !ok || e.FiksOrgID != c.org {
			return host.Plan{}, errNothing
		}
		c.gjelder = e.ID
		ops, err := a.roles.Appoint(c.Context(), e.ID, to, c.own()...)
		return host.Plan{Ops: ops, Reply: host.Reply{Status: http.StatusNoContent}}, err
	})
}

func (a *admin) getSettings(c *call) (host.Reply, error) {
	s, err := a.roles.Settings(c.Context(), c.org)
	if err != nil {
		return host.Reply{}, err
	}
	return host.ReplyJSON(http.StatusOK, "", s)
}

func (a *admin) putSettings(c *call) (host.Reply, error) {
	var to roles.Settings
	var err error
	if c.body, err = api.ReadBody(c.Request, &to); err != nil {
		return host.Reply{}, err
	}
	return a.commit(c, func() (host.Plan, error) {
		s, err := a.roles.Settings(c.Context(), c.org)
		if err != nil {
			return host.Plan{}, err
		}
		s.SelvtildelingUtenGodkjenning = to.SelvtildelingUtenGodkjenning
		ops, err := s.Put()
		if err != nil {
			return host.Plan{}, err
		}
		out, err := host.ReplyJSON(http.StatusOK, "", s)
		return host.Plan{Ops: ops, Reply: out}, err
	})
}
