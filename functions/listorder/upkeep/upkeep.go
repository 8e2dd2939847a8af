// Package upkeep is what is done about a list beside making it and giving its file: somebody approves it, somebody has it
// withdrawn (tilbaketrekking), and whoever had it says that their copies are gone.
//
// It refuses to tell of a list to those who neither hold its role nor oversee its organisation, to let anybody approve
// what they ordered themselves, and to tell whether a person whose lists are withdrawn is on any: the answer is the
// same, as fast, and the work is done later.
package upkeep

import (
	"errors"
	"log/slog"
	"slices"
	"strings"

	"hjemmel/functions/listorder/wire"
	"hjemmel/shared/api"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/identity"
	"hjemmel/shared/lists"
	"hjemmel/shared/policy"
	"hjemmel/shared/queue"
	"hjemmel/shared/roles"
)

// upkeep is the function's part with what it uses.
type upkeep struct {
	*office.Office
	desk    *disclosure.Desk
	lists   *lists.Book
	work    *queue.Outbox // lists to make
	recalls *queue.Outbox // persons whose lists are to be withdrawn
	numbers api.Numbers
	log     *slog.Logger
}

// nudge lets workers know of work. Work that they cannot be told of is found by the sweep.
func (u *upkeep) nudge(c *office.Errand, box *queue.Outbox, id string) {
	if err := box.Tell(c.Context(), id); err != nil {
		u.log.Warn("work", "cause", err.Error())
	}
}

// Routes are the operations.
func Routes(e *host.Env) ([]host.Route, error) {
	u := &upkeep{numbers: e.Numbers(), log: e.Log}
	var errs [5]error
	u.Office, errs[0] = office.New(e)
	u.desk, errs[1] = e.Desk()
	u.lists, errs[2] = e.Lists()
	u.work, errs[3] = e.ListWork()
	u.recalls, errs[4] = e.RecallWork()
	const (
		one     = "/hjemmel/v1/lister/{innbyggerlisteId}"
		recalls = "innbyggerliste-tilbaketrekking"
	)
	oversees := office.Either(office.Administrator, office.Personvern)
	return []host.Route{
		{Pattern: "GET " + one + "/godkjenning", Handle: u.By(office.Anybody, "innbyggerliste-lest", u.awaited)},
		{Pattern: "POST " + one + "/godkjenning", Handle: u.By(office.Anybody, "innbyggerliste-godkjenning", u.approve)},
		{Pattern: "GET " + one + "/tilbaketrekking", Handle: u.By(office.Anybody, "innbyggerliste-lest", u.copies)},
		{Pattern: "POST " + one + "/tilbaketrekking/bekreftelse", Handle: u.By(office.Anybody, "innbyggerliste-kopi-slettet", u.confirm)},
		{Pattern: "POST /hjemmel/v1/organisasjoner/{fiksOrgId}/lister/tilbaketrekking", Handle: u.By(oversees, recalls, u.order)},
		{Pattern: "POST /hjemmel/v1/lister/tilbaketrekking", Handle: u.By(office.Operator, recalls, u.order)},
	}, errors.Join(errs[:]...)
}

// find finds the list of the path while it is there.
func (u *upkeep) find(c *office.Errand) (lists.Liste, error) {
	l, ok, err := u.lists.Liste(c.Context(), strings.ToLower(c.PathValue("innbyggerlisteId")))
	if err == nil && (!ok || !u.Now().Before(l.Utloepsdato)) {
		err = wire.ErrNoList
	}
	return l, err
}

// overseen finds the list of the path for a caller who holds its role now, or who is logged in themselves and has one of
// some functions in its organisation.
func (u *upkeep) overseen(c *office.Errand, as ...roles.Funksjon) (lists.Liste, error) {
	l, err := u.find(c)
	if err != nil {
		return l, err
	}
	h, err := u.Roles.Holder(c.Context(), c.Who, l.RolleID)
	if err != nil {
		return l, err
	}
	if policy.Usable(h, u.Now()) {
		about(c, l, h.Aktor)
		return l, nil
	}
	for _, e := range c.Employed {
		if c.Who.Kind() == identity.KindEmployee && e.FiksOrgID == l.FiksOrgID && slices.Contains(as, e.Funksjon) {
			about(c, l, e.ID)
			return l, nil
		}
	}
	return l, wire.ErrNoList
}

// about has the log say which list the errand is about, and who the caller is to it.
func about(c *office.Errand, l lists.Liste, aktor string) {
	c.Org, c.Aktor = l.FiksOrgID, aktor
	c.Entry.Rolle, c.Entry.Gjelder = l.RolleID, l.ID
}
