package upkeep

import (
	"maps"
	"net/http"
	"slices"

	"hjemmel/functions/listorder/wire"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/lists"
	"hjemmel/shared/roles"
)

var errNotWithdrawn = fault.New(fault.Conflict, "INGENTING_AA_BEKREFTE", "Listen er ikke trukket tilbake, eller du har ikke lastet den ned.")

// copies tells who has had the file of a list that is withdrawn, and who has confirmed that it is gone.
func (u *upkeep) copies(c *office.Errand) (host.Reply, error) {
	l, err := u.overseen(c, roles.Administrator, roles.Personvern)
	if err != nil {
		return host.Reply{}, err
	}
	if !l.Trukket() {
		return host.Reply{}, errNotWithdrawn
	}
	out, err := host.ReplyJSON(http.StatusOK, "", wire.NewCopies(l))
	return u.Told(c, out, err)
}

// confirm takes the word of somebody who has had the file that they have no copies any more. They may have lost
// the role since.
func (u *upkeep) confirm(c *office.Errand) (host.Reply, error) {
	return u.Commit(c, func() (host.Plan, error) {
		l, err := u.had(c)
		if err != nil {
			return host.Plan{}, err
		}
		ops, err := l.Confirm(c.Aktor, u.Now())
		if err != nil {
			return host.Plan{}, errNotWithdrawn
		}
		return host.Plan{Ops: ops, Reply: host.Reply{Status: http.StatusNoContent}}, nil
	})
}

// had finds the list of the path for a caller who has had its file, or holds its role.
func (u *upkeep) had(c *office.Errand) (lists.Liste, error) {
	l, err := u.find(c)
	if err != nil {
		return l, err
	}
	own := []string{c.Who.IntegrationID()}
	if !c.Who.Person().IsZero() { // whom the system only carries
		own = nil
	}
	for _, e := range c.Employed {
		own = append(own, e.ID)
	}
	for _, aktor := range slices.Concat(l.Missing(), slices.Sorted(maps.Keys(l.Nedlastinger))) { // first what is not confirmed
		if slices.Contains(own, aktor) {
			about(c, l, aktor)
			return l, nil
		}
	}
	return u.overseen(c)
}
