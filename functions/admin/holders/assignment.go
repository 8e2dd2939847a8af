package holders

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/policy"
	"hjemmel/shared/roles"
)

// What is wrong with an assignment.
var (
	errAssignment = fault.New(fault.Invalid, "TILDELING_UGYLDIG",
		"Den som skal få rollen, finnes ikke i organisasjonen, eller tidene kan ikke stemme.")
	errOwnApproval = fault.New(fault.Denied, "SELVGODKJENNING",
		"Dette må en annen administrator gjøre: ingen godkjenner sin egen tilgang.")
)

// held is an assignment in an answer.
type held struct {
	AktorID    string          `json:"aktorId"`
	Type       roles.AktorType `json:"type"`
	Navn       string          `json:"navn,omitempty"`
	Fra        time.Time       `json:"fra,omitzero"`
	Til        time.Time       `json:"til,omitzero"`
	Status     string          `json:"status"`
	TildeltAv  string          `json:"tildeltAv,omitempty"`
	GodkjentAv string          `json:"godkjentAv,omitempty"`
	Tildelt    time.Time       `json:"tildelt,omitzero"`
	Fornyet    time.Time       `json:"fornyet,omitzero"`
	FornyetAv  string          `json:"fornyetAv,omitempty"`
	// Utloeper is when it ends by time alone: at Til, or at a frist that it is not renewed for.
	Utloeper time.Time `json:"utloeper,omitzero"`
}

// waits is the status of an assignment that nobody has approved.
const waits = "VENTER_PAA_GODKJENNING"

func (a *holders) status(of roles.Version, t roles.Assignment) string {
	switch now := a.Now(); {
	case of.Ended(t, now):
		return "UTLOEPT"
	case t.Fra.After(now):
		return "FREMTIDIG"
	}
	return "AKTIV"
}

func (a *holders) showHeld(c *office.Errand, t roles.Assignment, status string) (held, error) {
	_, navn, err := a.actor(c, t.AktorID)
	if errors.Is(err, errAssignment) { // was here once
		err = nil
	}
	return held{
		AktorID: t.AktorID, Type: t.Type, Navn: navn, Fra: t.Fra, Til: t.Til, Status: status, TildeltAv: t.TildeltAv, GodkjentAv: t.GodkjentAv,
		Tildelt: t.Tildelt, Fornyet: t.Fornyet, FornyetAv: t.FornyetAv, Utloeper: c.Role.Ends(t),
	}, err
}

func (a *holders) assignments(c *office.Errand) (host.Reply, error) {
	given, err := a.Roles.Assignments(c.Context(), c.Role.ID)
	if err != nil {
		return host.Reply{}, err
	}
	out := struct {
		Tildelinger []held `json:"tildelinger"`
	}{[]held{}}
	add := func(t roles.Assignment, status string) error {
		h, err := a.showHeld(c, t, status)
		out.Tildelinger = append(out.Tildelinger, h)
		return err
	}
	for _, t := range given {
		if err := add(t, a.status(c.Role, t)); err != nil {
			return host.Reply{}, err
		}
	}
	wishes, err := a.Roles.Wishes(c.Context(), c.Role.ID)
	if err != nil {
		return host.Reply{}, err
	}
	for _, w := range wishes {
		if err := add(w.Assignment, waits); err != nil {
			return host.Reply{}, err
		}
	}
	return host.ReplyJSON(http.StatusOK, "", out)
}

// actor finds who is to have a role.
func (a *holders) actor(c *office.Errand, id string) (roles.AktorType, string, error) {
	sort, navn, ok, err := a.Roles.Aktor(c.Context(), c.Org, id)
	if err == nil && !ok {
		err = errAssignment.About("aktorId")
	}
	return sort, navn, err
}

// assign gives the role to an actor from and to, anew or for another time. What an administrator
// gives themselves waits for another one, unless the organisation has done away with that.
func (a *holders) assign(c *office.Errand) (host.Reply, error) {
	var ask struct {
		AktorID string    `json:"aktorId"`
		Fra     time.Time `json:"fra"`
		Til     time.Time `json:"til"`
	}
	var err error
	if c.Body, err = api.ReadBody(c.Request, &ask); err != nil {
		return host.Reply{}, err
	}
	if strings.ContainsFunc(ask.AktorID, func(r rune) bool { return r <= ' ' || r > '~' || r == '/' }) || len(ask.AktorID) > 64 {
		return host.Reply{}, errAssignment.About("aktorId")
	}
	return a.Commit(c, func() (host.Plan, error) {
		t := roles.Assignment{
			Tildeling: policy.Tildeling{RolleID: c.Role.ID, AktorID: ask.AktorID, Fra: ask.Fra, Til: ask.Til},
			TildeltAv: c.Aktor, Tildelt: a.Now().UTC().Truncate(time.Millisecond),
		}
		if t.Type, _, err = a.actor(c, t.AktorID); err != nil {
			return host.Plan{}, err
		}
		c.Entry.Gjelder = t.AktorID
		if err := a.grantable(c, t); err != nil {
			return host.Plan{}, err
		}
		s, err := a.Roles.Settings(c.Context(), c.Org)
		if err != nil {
			return host.Plan{}, err
		}
		if c.Self(t.AktorID) && !s.SelvtildelingUtenGodkjenning {
			return a.wished(c, t)
		}
		return a.given(c, t, http.StatusOK)
	})
}

// grantable holds an assignment against what the organisation has.
func (a *holders) grantable(c *office.Errand, t roles.Assignment) error {
	if c.Role.Ended(t, a.Now()) || !t.Til.IsZero() && !t.Fra.Before(t.Til) {
		return errAssignment.About("til")
	}
	return a.Within(c, c.Role.Role)
}

func (a *holders) given(c *office.Errand, t roles.Assignment, status int) (host.Plan, error) {
	ops, err := a.Roles.Assign(c.Context(), t)
	if err != nil {
		return host.Plan{}, err
	}
	h, err := a.showHeld(c, t, a.status(c.Role, t))
	if err != nil {
		return host.Plan{}, err
	}
	out, err := host.ReplyJSON(status, "", h)
	return host.Plan{Ops: ops, Reply: out}, err
}

func (a *holders) wished(c *office.Errand, t roles.Assignment) (host.Plan, error) {
	c.Entry.Handling = "tildeling-oensket"
	w, _, err := a.Roles.Wish(c.Context(), c.Role.ID, t.AktorID)
	if err != nil {
		return host.Plan{}, err
	}
	w.Assignment, w.OensketAv = t, c.Aktor
	ops, err := w.Put()
	if err != nil {
		return host.Plan{}, err
	}
	h, err := a.showHeld(c, t, waits)
	if err != nil {
		return host.Plan{}, err
	}
	out, err := host.ReplyJSON(http.StatusAccepted, "", h)
	return host.Plan{Ops: ops, Reply: out}, err
}

// approve gives what another administrator wished for themselves.
func (a *holders) approve(c *office.Errand) (host.Reply, error) {
	return a.Commit(c, func() (host.Plan, error) {
		w, ok, err := a.Roles.Wish(c.Context(), c.Role.ID, c.PathValue("aktorId"))
		switch {
		case err != nil:
			return host.Plan{}, err
		case !ok:
			return host.Plan{}, office.ErrNothing
		case c.Self(w.OensketAv) || c.Self(w.AktorID):
			return host.Plan{}, errOwnApproval
		}
		c.Entry.Gjelder, w.Tildelt = w.AktorID, a.Now().UTC().Truncate(time.Millisecond)
		if err := a.grantable(c, w.Assignment); err != nil {
			return host.Plan{}, err
		}
		w.GodkjentAv = c.Aktor
		p, err := a.given(c, w.Assignment, http.StatusOK)
		p.Ops = append(p.Ops, w.Drop())
		return p, err
	})
}

// withdraw takes the role from an actor, and refuses what they wish.
func (a *holders) withdraw(c *office.Errand) (host.Reply, error) {
	return a.Commit(c, func() (host.Plan, error) {
		ops, err := a.Roles.Withdraw(c.Context(), c.Role.ID, c.PathValue("aktorId"))
		if err != nil {
			return host.Plan{}, err
		}
		w, ok, err := a.Roles.Wish(c.Context(), c.Role.ID, c.PathValue("aktorId"))
		if err != nil {
			return host.Plan{}, err
		}
		if ok {
			ops = append(ops, w.Drop())
		}
		if len(ops) == 0 {
			return host.Plan{}, office.ErrNothing // what is asked about may be anything, and is not written down
		}
		c.Entry.Gjelder = c.PathValue("aktorId")
		return host.Plan{Ops: ops, Reply: host.Reply{Status: http.StatusNoContent}}, nil
	})
}
