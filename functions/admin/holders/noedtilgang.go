package holders

import (
	"net/http"
	"slices"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/roles"
)

// widening is a nødtilgang as those see it who answer for the organisation.
type widening struct {
	api.Noedtilgang
	Sett   time.Time `json:"sett,omitzero"`
	SettAv string    `json:"settAv,omitempty"`
}

func shown(w roles.Widening) widening {
	return widening{api.NewNoedtilgang(w.Noedtilgang), w.Sett, w.SettAv}
}

// widenings tells administrators and the privacy officer of every nødtilgang, and how many of them nobody
// has looked at.
func (a *holders) widenings(c *office.Errand) (host.Reply, error) {
	all, err := a.Roles.Widenings(c.Context(), c.Org)
	if err != nil {
		return host.Reply{}, err
	}
	out := struct {
		Usette        int        `json:"usette"`
		Noedtilganger []widening `json:"noedtilganger"`
	}{Noedtilganger: []widening{}}
	for _, w := range all {
		if w.Sett.IsZero() {
			out.Usette++
		}
		out.Noedtilganger = append(out.Noedtilganger, shown(w))
	}
	return host.ReplyJSON(http.StatusOK, "", out)
}

// seen says that a nødtilgang was looked at; nobody looks at their own.
func (a *holders) seen(c *office.Errand) (host.Reply, error) {
	return a.Commit(c, func() (host.Plan, error) {
		all, err := a.Roles.Widenings(c.Context(), c.Org)
		if err != nil {
			return host.Plan{}, err
		}
		i := slices.IndexFunc(all, func(w roles.Widening) bool { return w.ID == c.PathValue("id") })
		if i < 0 {
			return host.Plan{}, office.ErrNothing
		}
		c.Entry.Gjelder = all[i].AktorID
		if c.Self(all[i].AktorID) {
			return host.Plan{}, errOwnApproval
		}
		ops, w, err := all[i].See(c.Aktor, a.Now().UTC().Truncate(time.Millisecond))
		if err != nil {
			return host.Plan{}, err
		}
		out, err := host.ReplyJSON(http.StatusOK, "", shown(w))
		return host.Plan{Ops: ops, Reply: out}, err
	})
}
