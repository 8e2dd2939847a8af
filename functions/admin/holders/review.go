package holders

import (
	"net/http"
	"slices"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/policy"
	"hjemmel/shared/roles"
)

// review (gjennomgang) is what an organisation should look at: access that nobody uses, roles that nobody
// has, and what ends when.
type review struct {
	office.Period
	// Ubrukte are assignments in force since before the period that were not used in it.
	Ubrukte []reviewed `json:"ubrukteTildelinger"`
	// IkkeVurdert counts those of groups: whose use it was the log does not tell.
	IkkeVurdert int `json:"ikkeVurderteTildelinger"`
	// UtenInnehavere are the roles that nobody holds.
	UtenInnehavere []reviewedRole `json:"rollerUtenInnehavere"`
	// Utloeper are the assignments that end within as many days as the period has, the first one first.
	Utloeper []reviewed `json:"utloeper"`
}

// reviewedRole is a role.
type reviewedRole struct {
	RolleID string `json:"rolleId"`
	Rolle   string `json:"rolle"`
}

// reviewed is an assignment with its role.
type reviewed struct {
	reviewedRole
	held
}

// use is who uses what.
type use struct{ rolle, aktor string }

// review looks at every role and assignment of the organisation. What it read of the log is written down.
func (a *holders) review(c *office.Errand) (host.Reply, error) {
	var out review
	var err error
	if out.Period, err = a.Period(c); err != nil {
		return host.Reply{}, err
	}
	used, err := a.used(c, out.Period)
	if err != nil {
		return host.Reply{}, err
	}
	all, err := a.Roles.Roles(c.Context(), c.Org)
	if err != nil {
		return host.Reply{}, err
	}
	out.Ubrukte, out.UtenInnehavere, out.Utloeper = []reviewed{}, []reviewedRole{}, []reviewed{}
	for _, v := range all {
		if err := a.reviewRole(c, v, used, &out); err != nil {
			return host.Reply{}, err
		}
	}
	slices.SortStableFunc(out.Utloeper, func(x, y reviewed) int { return byEnd(x.held.Utloeper, y.held.Utloeper) })
	reply, err := host.ReplyJSON(http.StatusOK, "", out)
	return a.Told(c, reply, err)
}

// used reads from the log who used what.
func (a *holders) used(c *office.Errand, p office.Period) (map[use]bool, error) {
	used := map[use]bool{}
	return used, a.Log.Read(c.Context(), c.Org, p.Fra, p.Til, func(e audit.Entry) error {
		if policy.Action(e.Handling).Asks() {
			used[use{e.Rolle, e.Aktor}] = true
		}
		return nil
	})
}

func (a *holders) reviewRole(c *office.Errand, v roles.Version, used map[use]bool, out *review) error {
	c.Role = v // whose assignments are shown
	defer func() { c.Role = roles.Version{} }()
	given, err := a.Roles.Assignments(c.Context(), v.ID)
	if err != nil {
		return err
	}
	of, now := reviewedRole{v.ID, v.Navn}, a.Now()
	current := v.Current(given, now)
	if len(current) == 0 {
		out.UtenInnehavere = append(out.UtenInnehavere, of)
	}
	for _, t := range current {
		h, err := a.showHeld(c, t, a.status(v, t))
		if err != nil {
			return err
		}
		switch {
		case t.Type == roles.EksternGruppe:
			out.IkkeVurdert++
		case !used[use{v.ID, t.AktorID}] && latest(t.Tildelt, t.Fra).Before(out.Fra):
			out.Ubrukte = append(out.Ubrukte, reviewed{of, h})
		}
		if end := v.Ends(t); !end.IsZero() && end.Before(now.AddDate(0, 0, out.Dager)) {
			out.Utloeper = append(out.Utloeper, reviewed{of, h})
		}
	}
	return nil
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
