package holders

import (
	"hjemmel/shared/host/office"
	"net/http"

	"hjemmel/shared/api"
	"hjemmel/shared/host"
	"hjemmel/shared/roles"
)

// administrator is one in an answer.
type administrator struct {
	AnsattID string `json:"ansattId"`
	Navn     string `json:"navn"`
}

func (a *holders) administrators(c *office.Errand) (host.Reply, error) {
	ids, err := a.Administrators(c)
	if err != nil {
		return host.Reply{}, err
	}
	out := struct {
		Administratorer []administrator `json:"administratorer"`
	}{[]administrator{}}
	for _, id := range ids {
		e, _, err := a.Roles.Ansatt(c.Context(), id)
		if err != nil {
			return host.Reply{}, err
		}
		out.Administratorer = append(out.Administratorer, administrator{id, e.Navn})
	}
	return host.ReplyJSON(http.StatusOK, "", out)
}

// appoint makes an employee administrator. Nobody appoints themselves, so that the platform's
// operator cannot walk in.
func (a *holders) appoint(c *office.Errand) (host.Reply, error) {
	if c.Self(c.PathValue("ansattId")) {
		return host.Reply{}, errOwnApproval
	}
	return a.setAdministrator(c, true)
}

func (a *holders) dismiss(c *office.Errand) (host.Reply, error) { return a.setAdministrator(c, false) }

func (a *holders) setAdministrator(c *office.Errand, to bool) (host.Reply, error) {
	return a.Commit(c, func() (host.Plan, error) {
		e, ok, err := a.Roles.Ansatt(c.Context(), c.PathValue("ansattId"))
		if err != nil {
			return host.Plan{}, err
		}
		if !ok || e.FiksOrgID != c.Org {
			return host.Plan{}, office.ErrNothing
		}
		c.Entry.Gjelder = e.ID
		ops, err := a.Roles.Appoint(c.Context(), e.ID, to, c.Administers()...)
		return host.Plan{Ops: ops, Reply: host.Reply{Status: http.StatusNoContent}}, err
	})
}

func (a *holders) getSettings(c *office.Errand) (host.Reply, error) {
	s, err := a.Roles.Settings(c.Context(), c.Org)
	if err != nil {
		return host.Reply{}, err
	}
	return host.ReplyJSON(http.StatusOK, "", s)
}

func (a *holders) putSettings(c *office.Errand) (host.Reply, error) {
	var to struct {
		SelvtildelingUtenGodkjenning bool `json:"selvtildelingUtenGodkjenning"`
		ListerDager                  *int `json:"listerDager"`
	}
	var err error
	if c.Body, err = api.ReadBody(c.Request, &to); err != nil {
		return host.Reply{}, err
	}
	if d := to.ListerDager; d != nil && (*d < 1 || *d > roles.MaxListerDager) {
		return host.Reply{}, office.ErrField.About("listerDager")
	}
	return a.Commit(c, func() (host.Plan, error) {
		s, err := a.Roles.Settings(c.Context(), c.Org)
		if err != nil {
			return host.Plan{}, err
		}
		if to.ListerDager != nil {
			s.ListerDager = *to.ListerDager
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
