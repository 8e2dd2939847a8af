package citizen

import (
	"net/http"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/audit/innsyn"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/policy"
)

const rulePath = "/hjemmel/v1/organisasjoner/{fiksOrgId}/innsynsregel"

// Bounds of a rule.
const (
	maxUnntak = 20
	maxDager  = 3650
)

// wrong names what cannot be in a rule.
func wrong(r innsyn.Regel) []string {
	if r.ForsinkelseDager < 0 || r.ForsinkelseDager > innsyn.MaxForsinkelse {
		return []string{"forsinkelseDager"}
	}
	for _, u := range r.Unntak {
		one := (u.Rolle == "") != (u.Tjenesteomraade == "")
		if !one || len(u.Rolle)+len(u.Tjenesteomraade) > 64 || u.Dager < 0 || u.Dager > maxDager || !office.Fits(u.Begrunnelse, 10, policy.MaxFormaal) || len(u.Begrunnelse) > policy.MaxFormaal {
			return []string{"unntak"}
		}
	}
	if len(r.Unntak) > maxUnntak {
		return []string{"unntak"}
	}
	return nil
}

func (d *door) getRule(e *office.Errand) (host.Reply, error) {
	r, err := d.rules.Rule(e.Context(), e.Org)
	if err != nil {
		return host.Reply{}, err
	}
	return host.ReplyJSON(http.StatusOK, "", r)
}

// known refuses roles that are not the organisation's and areas that nobody has: a name that is misspelt would hold nothing back.
func (d *door) known(e *office.Errand, all []innsyn.Unntak) error {
	for _, u := range all {
		_, ok := e.Katalog.Area(u.Tjenesteomraade)
		if u.Rolle != "" {
			v, found, err := d.Roles.Current(e.Context(), u.Rolle)
			if err != nil {
				return err
			}
			ok = found && v.ID == u.Rolle && v.FiksOrgID == e.Org
		}
		if !ok {
			return office.ErrField.About("unntak")
		}
	}
	return nil
}

// putRule decides a rule. An entry for each exclusion says what is held back and why; the reasons are the
// privacy officer's own words.
func (d *door) putRule(e *office.Errand) (host.Reply, error) {
	var to innsyn.Regel
	var err error
	if e.Body, err = api.ReadBody(e.Request, &to); err != nil {
		return host.Reply{}, err
	}
	if to.Unntak == nil {
		to.Unntak = []innsyn.Unntak{}
	}
	if bad := wrong(to); len(bad) > 0 {
		return host.Reply{}, office.ErrField.About(bad...)
	}
	if err := d.known(e, to.Unntak); err != nil {
		return host.Reply{}, err
	}
	for _, u := range to.Unntak { // before the change: a reason that is not written holds nothing back
		entry := e.Doing(u.Rolle+u.Tjenesteomraade, "unntak")
		entry.Handling, entry.Bekreftelse = "innsynsunntak-begrunnet", audit.Written(u.Begrunnelse)
		if _, err := d.Changes.Note(e.Context(), entry); err != nil {
			return host.Reply{}, err
		}
	}
	e.Entry.Gjelder, e.Entry.Endret = "innsynsregel", []string{"forsinkelseDager", "unntak"}
	return d.Commit(e, func() (host.Plan, error) {
		was, err := d.rules.Rule(e.Context(), e.Org)
		if err != nil {
			return host.Plan{}, err
		}
		ops, err := was.Put(to)
		if err != nil {
			return host.Plan{}, err
		}
		out, err := host.ReplyJSON(http.StatusOK, "", to)
		return host.Plan{Ops: ops, Reply: out}, err
	})
}
