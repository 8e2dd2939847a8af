package integrations

import (
	"net/http"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"hjemmel/shared/api"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/identity"
)

// How long a password may work beside the one that replaces it.
const (
	defaultOverlap = 24      // hours
	maxOverlap     = 30 * 24 // hours
)

// rotate gives the integration a new password.
//
// The one that it replaces works on for the overlap. While an overlap runs, a new call means that the
// last password was lost or is known to somebody: then that one dies at once and the older one keeps
// its end. So there are never more than two, and of those whose answer may have got lost never more
// than one.
func (i *integrations) rotate(a *office.Errand) (host.Reply, error) {
	r, err := i.read(a)
	if err != nil {
		return host.Reply{}, err
	}
	body := struct {
		Overlapp *int `json:"overlappTimer"`
	}{}
	if err := api.ReadJSON(a.Request, &body); err != nil {
		return host.Reply{}, err
	}
	hours := defaultOverlap
	if body.Overlapp != nil {
		hours = *body.Overlapp
	}
	if hours < 0 || hours > maxOverlap {
		return host.Reply{}, office.ErrField.About("overlappTimer")
	}
	if err := api.Match(a.Request, r.Revision, false); err != nil {
		return host.Reply{}, err
	}
	password := identity.NewPassword()
	sealed, err := i.seal(r.ID, password)
	if err != nil {
		return host.Reply{}, err
	}
	now := i.Now()
	in := r.Integration
	in.Passord = append(overlapping(in.Passord, now, now.Add(time.Duration(hours)*time.Hour)), sealed)
	ops, err := r.Replace(in)
	if err != nil {
		return host.Reply{}, err
	}
	receipt, err := i.Changes.Once(a.Context(), a.Doing(r.ID, "passord"), ops...)
	if err != nil {
		return host.Reply{}, err
	}
	return i.saved(a, http.StatusOK, r.ID, password, receipt)
}

func (i *integrations) seal(id, password string) (identity.Password, error) {
	sealed, err := identity.Seal(i.key, id, password, time.Time{})
	sealed.Opprettet = i.Now().UTC().Truncate(time.Second)
	return sealed, err
}

// overlapping keeps the one password that works beside a new one until the given time at the latest:
// the one whose overlap runs, or else the last.
func overlapping(kept []identity.Password, now, until time.Time) []identity.Password {
	kept = inForce(kept, now)
	if len(kept) == 0 {
		return nil
	}
	old := kept[0]
	if old.GyldigTil.IsZero() || until.Before(old.GyldigTil) {
		old.GyldigTil = until.UTC().Truncate(time.Second)
	}
	return []identity.Password{old} // without an overlap it is kept, ended, so that a self-test can tell
}

func inForce(all []identity.Password, now time.Time) []identity.Password {
	return slices.DeleteFunc(slices.Clone(all), func(p identity.Password) bool {
		return !p.GyldigTil.IsZero() && !now.Before(p.GyldigTil)
	})
}

// moment is a time in a body that tells "absent" from null, which means no limit.
type moment struct {
	set bool
	at  time.Time
}

// UnmarshalJSON reads a time or null.
func (m *moment) UnmarshalJSON(text []byte) error {
	m.set = true
	return json.Unmarshal(text, &m.at)
}

// on sets t and reports whether it became different.
func (m moment) on(t *time.Time) bool {
	if !m.set || t.Equal(m.at) {
		return false
	}
	*t = m.at.UTC()
	return true
}
