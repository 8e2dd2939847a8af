package rolebook

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
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
}

// waits is the status of an assignment that nobody has approved.
const waits = "VENTER_PAA_GODKJENNING"

func (a *admin) status(t roles.Assignment) string {
	switch now := a.now(); {
	case t.Ended(now):
		return "UTLOEPT"
	case t.Fra.After(now):
		return "FREMTIDIG"
	}
	return "AKTIV"
}

func (a *admin) showHeld(c *call, t roles.Assignment, status string) (held, error) {
	_, navn, err := a.actor(c, t.AktorID)
	if errors.Is(err, errAssignment) { // was here once
		err = nil
	}
	return held{t.AktorID, t.Type, navn, t.Fra, t.Til, status, t.TildeltAv, t.GodkjentAv}, err
}

func (a *admin) assignments(c *call) (host.Reply, error) {
	given, err := a.roles.Assignments(c.Context(), c.role.ID)
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
		if err := add(t, a.status(t)); err != nil {
			return host.Reply{}, err
		}
	}
	wishes, err := a.roles.Wishes(c.Context(), c.role.ID)
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
func (a *admin) actor(c *call, id string) (roles.AktorType, string, error) {
	sort, navn, ok, err := a.roles.Aktor(c.Context(), c.org, id)
	if err == nil && !ok {
		err = errAssignment.About("aktorId")
	}
	return sort, navn, err
}

// assign gives the role to an actor from and to, anew or for another time. What an administrator
// gives themselves waits for another one, unless the organisation has done away with that.
func (a *admin) assign(c *call) (host.Reply, error) {
	var ask struct {
		AktorID string    `json:"aktorId"`
		Fra     time.Time `json:"fra"`
		Til     time.Time `json:"til"`
	}
	var err error
	if c.body, err = api.ReadBody(c.Request, &ask); err != nil {
		return host.Reply{}, err
	}
	if strings.ContainsFunc(ask.AktorID, func(r rune) bool { return r <= ' ' || r > '~' || r == '/' }) || len(ask.AktorID) > 64 {
		return host.Reply{}, errAssignment.About("aktorId")
	}
	return a.commit(c, func() (host.Plan, error) {
		t := roles.Assignment{
			Tildeling: policy.Tildeling{RolleID: c.role.ID, AktorID: ask.AktorID, Fra: ask.Fra, Til: ask.Til},
			TildeltAv: c.aktor, Tildelt: a.now().UTC().Truncate(time.Millisecond),
		}
		if t.Type, _, err = a.actor(c, t.AktorID); err != nil {
			return host.Plan{}, err
		}
		c.gjelder = t.AktorID
		if err := a.grantable(c, t); err != nil {
			return host.Plan{}, err
		}
		s, err := a.roles.Settings(c.Context(), c.org)
		if err != nil {
			return host.Plan{}, err
		}
		if c.self(t.AktorID) && !s.SelvtildelingUtenGodkjenning {
			return a.wished(c, t)
		}
		return a.given(c, t, http.StatusOK)
	})
}

// grantable holds an assignment against what the organisation has.
func (a *admin) grantable(c *call, t roles.Assignment) error {
	if t.Ended(a.now()) || !t.Til.IsZero() && !t.Fra.Before(t.Til) {
		return errAssignment.About("til")
	}
	return a.within(c, c.role.Role)
}

func (a *admin) given(c *call, t roles.Assignment, status int) (host.Plan, error) {
	ops, err := a.roles.Assign(c.Context(), t)
	if err != nil {
		return host.Plan{}, err
	}
	h, err := a.showHeld(c, t, a.status(t))
	if err != nil {
		return host.Plan{}, err
	}
	out, err := host.ReplyJSON(status, "", h)
	return host.Plan{Ops: ops, Reply: out}, err
}

func (a *admin) wished(c *call, t roles.Assignment) (host.Plan, error) {
	c.handling = "tildeling-oensket"
	w, _, err := a.roles.Wish(c.Context(), c.role.ID, t.AktorID)
	if err != nil {
		return host.Plan{}, err
	}
	w.Assignment, w.OensketAv = t, c.aktor
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
func (a *admin) approve(c *call) (host.Reply, error) {
	return a.commit(c, func() (host.Plan, error) {
		w, ok, err := a.roles.Wish(c.Context(), c.role.ID, c.PathValue("aktorId"))
		switch {
		case err != nil:
			return host.Plan{}, err
		case !ok:
			return host.Plan{}, errNothing
		case c.self(w.OensketAv) || c.self(w.AktorID):
			return host.Plan{}, errOwnApproval
		}
		c.gjelder = w.AktorID
		if err := a.grantable(c, w.Assignment); err != nil {
			return host.Plan{}, err
		}
		w.GodkjentAv = c.aktor
		p, err := a.given(c, w.Assignment, http.StatusOK)
		p.Ops = append(p.Ops, w.Drop())
		return p, err
	})
}

// withdraw takes the role from an actor, and refuses what they wish.
func (a *admin) withdraw(c *call) (host.Reply, error) {
	return a.commit(c, func() (host.Plan, error) {
		ops, err := a.roles.Withdraw(c.Context(), c.role.ID, c.PathValue("aktorId"))
		if err != nil {
			return host.Plan{}, err
		}
		w, ok, err := a.roles.Wish(c.Context(), c.role.ID, c.PathValue("aktorId"))
		if err != nil {
			return host.Plan{}, err
		}
		if ok {
			ops = append(ops, w.Drop())
		}
		if len(ops) == 0 {
			return host.Plan{}, errNothing // what is asked about may be anything, and is not written down
		}
		c.gjelder = c.PathValue("aktorId")
		return host.Plan{Ops: ops, Reply: host.Reply{Status: http.StatusNoContent}}, nil
	})
}
