// Package listorder is the function with which employees and fagsystemer order citizen lists
// (innbyggerlister), see how far they have come, and have their files.
//
// It refuses an order whose entry is not written in the same commit, everything about a list to those who
// do not hold its role now, and a file whose reading is not written down first.
package listorder

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/GoogleCloudPlatform/functions-framework-go/functions"
	"gocloud.dev/blob"

	"hjemmel/functions/listorder/maler"
	"hjemmel/functions/listorder/upkeep"
	"hjemmel/functions/listorder/wire"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/host"
	"hjemmel/shared/identity"
	"hjemmel/shared/lists"
	"hjemmel/shared/policy"
	"hjemmel/shared/queue"
	"hjemmel/shared/roles"
)

func init() { functions.HTTP("listorder", host.HTTP("listorder", host.Routed(Routes))) }

// orders is the function with the parts it uses.
type orders struct {
	caller  *identity.Verifier
	roles   *roles.Book
	desk    *disclosure.Desk
	lists   *lists.Book
	work    *queue.Outbox
	changes *host.Changes
	files   *blob.Bucket
	numbers api.Numbers
	log     *slog.Logger
	now     func() time.Time
}

// Routes are the operations of the function.
func Routes(e *host.Env) ([]host.Route, error) {
	o := &orders{log: e.Log, now: e.Now, numbers: e.Numbers()}
	var errs [7]error
	o.caller, errs[0] = e.Verifier()
	o.roles, errs[1] = e.Roles()
	o.desk, errs[2] = e.Desk()
	o.lists, errs[3] = e.Lists()
	o.work, errs[4] = e.ListWork()
	o.changes, errs[5] = e.Changes()
	o.files, errs[6] = e.Files()
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	const (
		fiks = "/register/api/v1/ks/innbyggerliste/v1"
		one  = fiks + "/rolle/{rolleId}/{innbyggerlisteId}"
	)
	kept, err1 := upkeep.Routes(e)
	saved, err2 := maler.Routes(e)
	return append(append(kept, saved...), []host.Route{
		{Pattern: "GET " + fiks + "/rolle/verdier", Handle: o.by("innbyggerliste-verdier", o.values)},
		{Pattern: "POST " + fiks + "/rolle/{$}", Handle: o.by(string(disclosure.InnbyggerlisteBestilt), o.fromCriteria)},
		{Pattern: "POST " + fiks + "/rolle/soek", Handle: o.by(string(disclosure.InnbyggerlisteBestilt), o.fromSearch)},
		{Pattern: "POST " + fiks + "/rolle/barnehage", Handle: o.by(string(disclosure.InnbyggerlisteBestilt), o.fromBirth)},
		{Pattern: "POST " + fiks + "/rolle/listesoek/csv", Handle: o.by(string(disclosure.InnbyggerlisteBestilt), o.fromCSV)},
		{Pattern: "POST " + fiks + "/rolle/hendelser", Handle: o.by(string(disclosure.InnbyggerlisteBestilt), o.fromEvents)},
		{Pattern: "POST " + fiks + "/rolle/{rolleId}/adresselistesoek", Handle: o.by(string(policy.InnbyggerlisteSoek), o.atAddresses)},
		{Pattern: "GET " + fiks + "/rolle/{$}", Handle: o.by("innbyggerliste-lest", o.all)},
		{Pattern: "GET " + one, Handle: o.by("innbyggerliste-lest", o.one)},
		{Pattern: "DELETE " + one, Handle: o.by("innbyggerliste-slettet", o.remove)},
		{Pattern: "GET " + fiks + "/events/rolle/{rolleId}", Handle: o.by("innbyggerliste-lest", o.events)},
		{Pattern: "GET " + fiks + "/events/{fiksOrgId}", Handle: o.by("innbyggerliste-lest", o.eventsOfAll)},
		{Pattern: "POST /hjemmel/v1/lister/anslag", Handle: o.by("innbyggerliste-anslag", o.estimate)},
		{Pattern: "GET /hjemmel/v1/lister/{innbyggerlisteId}/fil", Handle: o.by("innbyggerliste-lastet", o.file)},
		{Pattern: "POST /hjemmel/v1/lister/{innbyggerlisteId}/endringer", Handle: o.by(string(disclosure.InnbyggerlisteBestilt), o.differ)},
	}...), errors.Join(err1, err2)
}

// errand is one request: who asks, in which role, about which list.
type errand struct {
	*http.Request
	w         http.ResponseWriter
	who       identity.Caller
	rolle     string
	holder    policy.Holder
	liste     lists.Liste
	handling  string
	requestID string
}

// by finds out who asks, and sees to it that a refusal is written down before it is told.
func (o *orders) by(handling string, do func(*errand) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		e := &errand{Request: r, w: w, handling: handling, requestID: w.Header().Get(host.RequestIDHeader), rolle: strings.ToLower(r.PathValue("rolleId"))}
		var err error
		if e.who, err = o.caller.Caller(r.Context(), r); err == nil {
			err = do(e)
		}
		if err != nil {
			err = o.desk.Refuse(r.Context(), e.request(policy.Ask{Action: policy.Action(handling)}), err)
			api.WriteRefusalReceipt(w, err)
		}
		return err
	}
}

func (e *errand) request(a policy.Ask) disclosure.Request {
	return disclosure.Request{Who: e.who, RolleID: e.rolle, Ask: a, RequestID: e.requestID}
}

var errNoList = wire.ErrNoList

// hold lets in those who can use the role now.
func (o *orders) hold(e *errand) error {
	var err error
	if e.holder, err = o.roles.Holder(e.Context(), e.who, e.rolle); err != nil {
		return err
	}
	if !policy.Usable(e.holder, o.now()) {
		return policy.NoRole
	}
	return nil
}

// find finds the list of the path, in a role that the caller can use now. Of another role's it says the same
// as of none.
func (o *orders) find(e *errand) error {
	l, ok, err := o.lists.Liste(e.Context(), strings.ToLower(e.PathValue("innbyggerlisteId")))
	if err != nil {
		return err
	}
	if e.PathValue("rolleId") == "" {
		e.rolle = l.RolleID
	}
	if !ok && e.rolle == "" {
		return errNoList
	}
	if err := o.hold(e); err != nil {
		if e.PathValue("rolleId") == "" {
			return errNoList
		}
		return err
	}
	if !ok || l.RolleID != e.rolle || !o.now().Before(l.Utloepsdato) {
		return errNoList
	}
	e.liste = l
	return nil
}

// entry is what the log says of something done to a list.
func (e *errand) entry(outcome audit.Utfall) audit.Entry {
	h := e.holder
	out := audit.Entry{FiksOrgID: h.FiksOrgID, Aktor: h.Aktor, PaaVegneAv: h.PaaVegneAv, Handling: e.handling, Utfall: outcome, RequestID: e.requestID, Gjelder: e.liste.ID}
	if p := h.Profil; p != nil {
		out.Rolle, out.Rolleversjon, out.Tjenesteomraade, out.Hjemler = p.Role.ID, p.Role.Versjon, p.Role.Tjenesteomraade, p.Role.Hjemler
	}
	if out.Rolle == "" {
		out.Rolle = e.liste.RolleID
	}
	return out
}
