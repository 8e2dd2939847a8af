package upkeep

import (
	"net/http"

	"github.com/google/uuid"

	"hjemmel/shared/api"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/lists"
)

// order orders that the lists of the path's organisation, or of all, are withdrawn where the person is on them.
func (u *upkeep) order(c *office.Errand) (host.Reply, error) {
	var ask struct {
		Personidentifikator string `json:"personidentifikator"`
	}
	// The body is not kept for the Idempotency-Key: its digest would tell the number to whoever tries them all.
	if _, err := api.ReadBody(c.Request, &ask); err != nil {
		return host.Reply{}, err
	}
	id, err := u.numbers.Parse(ask.Personidentifikator)
	if err != nil {
		return host.Reply{}, err
	}
	c.Entry.Person = id
	at := uuid.NewString()
	reply, err := u.Commit(c, func() (host.Plan, error) {
		sealed, err := u.lists.SealRecall(at, lists.Tilbaketrekking{FiksOrgID: c.Org, Person: id})
		if err != nil {
			return host.Plan{}, err
		}
		op, err := u.recalls.Order(at, sealed)
		if err != nil {
			return host.Plan{}, err
		}
		reply, err := host.ReplyJSON(http.StatusAccepted, "", struct {
			Mottatt bool `json:"mottatt"`
		}{true})
		plan := host.Plan{Reply: reply}
		plan.Ops = append(plan.Ops, op)
		return plan, err
	})
	if err == nil {
		u.nudge(c, u.recalls, at)
	}
	return reply, err
}
