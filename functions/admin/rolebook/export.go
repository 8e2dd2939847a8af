package rolebook

import (
	"hjemmel/shared/host/office"
	"net/http"
	"strings"

	"hjemmel/functions/admin/wire"
	"hjemmel/shared/host"
	"hjemmel/shared/roles"
)

// export answers who has access to what, as JSON or CSV. Reading it is written down.
func (a *book) export(c *office.Errand) (host.Reply, error) {
	all, err := a.accesses(c)
	if err != nil {
		return host.Reply{}, err
	}
	out, err := host.ReplyJSON(http.StatusOK, "", struct {
		FiksOrgID string        `json:"fiksOrgId"`
		Roller    []wire.Access `json:"roller"`
	}{c.Org, all})
	if strings.Contains(c.Header.Get("Accept"), "text/csv") {
		out.Media = "text/csv; charset=utf-8"
		out.Body, err = wire.Table(all)
	}
	return a.Told(c, out, err)
}

func (a *book) accesses(c *office.Errand) ([]wire.Access, error) {
	all, err := a.Roles.Roles(c.Context(), c.Org)
	if err != nil {
		return nil, err
	}
	administrators, err := a.Administrators(c)
	if err != nil {
		return nil, err
	}
	out := []wire.Access{}
	for _, v := range all {
		given, err := a.Roles.Assignments(c.Context(), v.ID)
		if err != nil {
			return nil, err
		}
		one := wire.Access{
			ID: v.ID, Navn: v.Navn, Personer: []string{}, Integrasjoner: []string{}, EksterneBrukere: []string{}, EksterneGrupper: []string{},
			Administratorer: wire.List(administrators),
		}
		for _, t := range v.Current(given, a.Now()) {
			in := map[roles.AktorType]*[]string{
				roles.PersonAktor: &one.Personer, roles.IntegrasjonType: &one.Integrasjoner,
				roles.EksternBruker: &one.EksterneBrukere, roles.EksternGruppe: &one.EksterneGrupper,
			}[t.Type]
			if in != nil {
				*in = append(*in, t.AktorID)
			}
		}
		out = append(out, one)
	}
	return out, nil
}
