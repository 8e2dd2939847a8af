package upkeep

import (
	"net/http"
	"strings"

	"hjemmel/functions/listorder/estimate"
	"hjemmel/functions/listorder/wire"
	"hjemmel/shared/api"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/identity"
	"hjemmel/shared/lists"
	"hjemmel/shared/lists/template"
	"hjemmel/shared/roles"
)

// What stops an approval.
var (
	errSystem     = fault.New(fault.Denied, "GODKJENNER_MAA_LOGGE_INN", "Bare ansatte som selv logger inn, kan godkjenne lister. Fagsystemer slipper ikke til.")
	errOwnOrder   = fault.New(fault.Denied, "EGEN_BESTILLING", "Den som har bestilt en liste, kan ikke selv godkjenne den.")
	errNotWaiting = fault.New(fault.Conflict, "INNBYGGERLISTE_VENTER_IKKE", "Listen venter ikke på godkjenning, eller noen har alt svart.")
	errReason     = fault.New(fault.Invalid, "GRUNN_MANGLER", "Skriv en grunn på 3 til 400 tegn når en bestilling ikke godkjennes.")
	errNoApproval = fault.New(fault.NotFound, "GODKJENNING_IKKE_FUNNET", "Listen trenger ingen godkjenning.")
)

// approvable finds the list of the path for an employee who may approve such.
func (u *upkeep) approvable(c *office.Errand) (lists.Liste, error) {
	if c.Who.Kind() != identity.KindEmployee {
		return lists.Liste{}, errSystem
	}
	return u.overseen(c, roles.Administrator)
}

// awaited tells what there is to approve.
func (u *upkeep) awaited(c *office.Errand) (host.Reply, error) {
	l, err := u.approvable(c)
	if err != nil {
		return host.Reply{}, err
	}
	if l.Godkjenning == nil {
		return host.Reply{}, errNoApproval
	}
	t, err := template.New(l.Mal, l.Kolonner)
	if err != nil {
		return host.Reply{}, err
	}
	size, err := estimate.Sized(c.Context(), u.lists, l, u.Now())
	if err != nil {
		return host.Reply{}, err
	}
	own, err := u.own(c, l)
	if err != nil {
		return host.Reply{}, err
	}
	out, err := host.ReplyJSON(http.StatusOK, "", wire.NewApproval(l, t.Columns, size, l.Venter() && !own))
	return u.Told(c, out, err)
}

// approve takes a decision about an order that waits, by somebody else than the one who ordered.
func (u *upkeep) approve(c *office.Errand) (host.Reply, error) {
	var answer struct {
		Godkjent bool   `json:"godkjent"`
		Grunn    string `json:"grunn"`
	}
	var err error
	if c.Body, err = api.ReadBody(c.Request, &answer); err != nil {
		return host.Reply{}, err
	}
	if _, err := u.approvable(c); err != nil {
		return host.Reply{}, err
	}
	g := lists.Godkjenning{Tilstand: lists.Godkjent, Av: c.Aktor, Grunn: strings.TrimSpace(answer.Grunn)}
	least := 0
	if !answer.Godkjent {
		g.Tilstand, least = lists.Avvist, 3
	}
	if !office.Fits(g.Grunn, least, 400) {
		return host.Reply{}, errReason
	}
	reply, err := u.Commit(c, func() (host.Plan, error) { return u.decided(c, g) })
	if err == nil && answer.Godkjent {
		u.nudge(c, u.work, strings.ToLower(c.PathValue("innbyggerlisteId")))
	}
	return reply, err
}

// own reports whether whoever asks ordered the list, in this employment or another.
func (u *upkeep) own(c *office.Errand, l lists.Liste) (bool, error) {
	own, err := u.desk.OrderedBy(l.Bestilling, c.Who)
	return own || c.Self(l.OpprettetAv), err
}

// decided is the decision about the list as it is now, and the work that it lets begin.
func (u *upkeep) decided(c *office.Errand, g lists.Godkjenning) (host.Plan, error) {
	l, err := u.approvable(c)
	if err != nil {
		return host.Plan{}, err
	}
	if !l.Venter() {
		return host.Plan{}, errNotWaiting
	}
	own, err := u.own(c, l)
	if err != nil {
		return host.Plan{}, err
	}
	if own {
		return host.Plan{}, errOwnOrder
	}
	settings, err := u.Roles.Settings(c.Context(), l.FiksOrgID)
	if err != nil {
		return host.Plan{}, err
	}
	ops, err := u.lists.Decide(c.Context(), &l, g, u.Now().Add(settings.ListLife()), u.Now())
	if err != nil {
		return host.Plan{}, err
	}
	if g.Tilstand == lists.Godkjent {
		work, err := u.work.Order(l.ID, []byte(l.FiksOrgID))
		if err != nil {
			return host.Plan{}, err
		}
		ops = append(ops, work)
	}
	c.Entry.Endret = []string{string(g.Tilstand)}
	reply, err := host.ReplyJSON(http.StatusOK, "", wire.NewRecord(l))
	return host.Plan{Ops: ops, Reply: reply}, err
}
