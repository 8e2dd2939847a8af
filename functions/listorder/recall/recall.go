// Package recall takes orders to withdraw the lists that somebody is on (tilbaketrekking), because they must not
// be found there any more.
//
// It refuses to tell whether they are on any: the answer is the same, as fast, and the work is done later. It keeps
// the number sealed until then and nowhere else, and writes an entry about the person each time, so that nobody
// tries numbers without a trace.
package recall

import (
	"errors"
	"net/http"

	"github.com/google/uuid"

	"hjemmel/shared/api"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/lists"
	"hjemmel/shared/queue"
)

// recalls is the function's part with what it uses.
type recalls struct {
	*office.Office
	lists   *lists.Book
	work    *queue.Outbox
	numbers api.Numbers
}

// Routes are the operations.
func Routes(e *host.Env) ([]host.Route, error) {
	r := &recalls{numbers: e.Numbers()}
	var errs [3]error
	r.Office, errs[0] = office.New(e)
	r.lists, errs[1] = e.Lists()
	r.work, errs[2] = e.RecallWork()
	const handling = "innbyggerliste-tilbaketrekking"
	return []host.Route{
		{Pattern: "POST /hjemmel/v1/organisasjoner/{fiksOrgId}/lister/tilbaketrekking", Handle: r.By(office.Either(office.Administrator, office.Personvern), handling, r.order)},
		{Pattern: "POST /hjemmel/v1/lister/tilbaketrekking", Handle: r.By(office.Operator, handling, r.order)},
	}, errors.Join(errs[:]...)
}

// order orders that the lists of the path's organisation, or of all, are withdrawn where the person is on them.
func (r *recalls) order(c *office.Errand) (host.Reply, error) {
	var ask struct {
		Personidentifikator string `json:"personidentifikator"`
	}
	// The body is not kept for the Idempotency-Key: its digest would tell the number to whoever tries them all.
	if _, err := api.ReadBody(c.Request, &ask); err != nil {
		return host.Reply{}, err
	}
	id, err := r.numbers.Parse(ask.Personidentifikator)
	if err != nil {
		return host.Reply{}, err
	}
	c.Entry.Person = id
	return r.Commit(c, func() (host.Plan, error) {
		at := uuid.NewString()
		sealed, err := r.lists.SealRecall(at, lists.Tilbaketrekking{FiksOrgID: c.Org, Person: id})
		if err != nil {
			return host.Plan{}, err
		}
		op, err := r.work.Order(at, sealed)
		if err != nil {
			return host.Plan{}, err
		}
		reply, err := host.ReplyJSON(http.StatusAccepted, "", struct {
			Mottatt bool `json:"mottatt"`
		}{true})
		return host.Plan{Ops: append(host.Plan{}.Ops, op), Reply: reply}, err
	})
}
