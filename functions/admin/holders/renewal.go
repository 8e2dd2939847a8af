package holders

import (
	"net/http"
	"slices"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/policy"
	"hjemmel/shared/roles"
)

var errDeadline = fault.New(fault.Invalid, "UGYLDIG_FRIST", "Fristen må være en dag som ligger mellom i morgen og tre år fram.")

// renewals is who must be renewed by when.
type renewals struct {
	Frister     []roles.Frist `json:"frister"`
	Tildelinger []held        `json:"tildelinger"` // those in force, by when they end
}

func (a *holders) renewals(c *office.Errand) (host.Reply, error) {
	given, err := a.Roles.Assignments(c.Context(), c.Role.ID)
	if err != nil {
		return host.Reply{}, err
	}
	out := renewals{append([]roles.Frist{}, c.Role.Frister...), []held{}}
	for _, t := range c.Role.Current(given, a.Now()) {
		h, err := a.showHeld(c, t, a.status(c.Role, t))
		if err != nil {
			return host.Reply{}, err
		}
		out.Tildelinger = append(out.Tildelinger, h)
	}
	slices.SortStableFunc(out.Tildelinger, func(x, y held) int { return byEnd(x.Utloeper, y.Utloeper) })
	return host.ReplyJSON(http.StatusOK, "", out)
}

// byEnd puts what never ends last.
func byEnd(x, y time.Time) int {
	switch {
	case x.IsZero() && y.IsZero():
		return 0
	case x.IsZero():
		return 1
	case y.IsZero():
		return -1
	}
	return x.Compare(y)
}

// setDeadline sets the day by which everybody who has the role now must be renewed. They lose it as that
// day begins in Norway.
func (a *holders) setDeadline(c *office.Errand) (host.Reply, error) {
	var ask struct {
		Dato string `json:"dato"`
	}
	var err error
	if c.Body, err = api.ReadBody(c.Request, &ask); err != nil {
		return host.Reply{}, err
	}
	day, err := time.ParseInLocation(time.DateOnly, ask.Dato, policy.Oslo())
	if now := a.Now(); err != nil || !day.After(now) || day.After(now.AddDate(3, 0, 0)) {
		return host.Reply{}, errDeadline
	}
	return a.deadline(c, roles.Frist{Dato: day.UTC(), Satt: a.Now().UTC().Truncate(time.Millisecond), SattAv: c.Aktor})
}

func (a *holders) dropDeadline(c *office.Errand) (host.Reply, error) {
	return a.deadline(c, roles.Frist{})
}

func (a *holders) deadline(c *office.Errand, f roles.Frist) (host.Reply, error) {
	return a.Commit(c, func() (host.Plan, error) {
		v := c.Role.WithFrist(f, a.Now())
		ops, err := roles.Revise(v)
		if err != nil {
			return host.Plan{}, err
		}
		c.Entry.Endret, c.Role = []string{"frist"}, v
		out, err := a.renewals(c)
		return host.Plan{Ops: ops, Reply: out}, err
	})
}

// renew says that an actor still needs the role. Nobody says so of themselves, unless the organisation has
// done away with that.
func (a *holders) renew(c *office.Errand) (host.Reply, error) {
	return a.Commit(c, func() (host.Plan, error) {
		given, err := a.Roles.Assignments(c.Context(), c.Role.ID)
		if err != nil {
			return host.Plan{}, err
		}
		i := slices.IndexFunc(given, func(t roles.Assignment) bool { return t.AktorID == c.PathValue("aktorId") })
		if i < 0 {
			return host.Plan{}, office.ErrNothing
		}
		s, err := a.Roles.Settings(c.Context(), c.Org)
		if err != nil {
			return host.Plan{}, err
		}
		t := given[i]
		c.Entry.Gjelder = t.AktorID
		if c.Self(t.AktorID) && !s.SelvtildelingUtenGodkjenning {
			return host.Plan{}, errOwnApproval
		}
		t.Fornyet, t.FornyetAv = a.Now().UTC().Truncate(time.Millisecond), c.Aktor
		if err := a.grantable(c, t); err != nil {
			return host.Plan{}, err
		}
		return a.given(c, t, http.StatusOK)
	})
}
