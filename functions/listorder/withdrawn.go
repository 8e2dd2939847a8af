package listorder

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"hjemmel/functions/listorder/wire"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/lists"
	"hjemmel/shared/policy"
	"hjemmel/shared/roles"
)

var (
	errWithdrawn    = fault.New(fault.Conflict, "INNBYGGERLISTE_TRUKKET", lists.Withdrawn)
	errNotWithdrawn = fault.New(fault.Conflict, "INGENTING_AA_BEKREFTE", "Listen er ikke trukket tilbake, eller du har ikke lastet den ned.")
)

// copies tells who has had the file of a list that is withdrawn, and who has confirmed that it is gone.
func (o *orders) copies(e *errand) error {
	if err := o.overseen(e, roles.Administrator, roles.Personvern); err != nil {
		return err
	}
	l := e.liste
	if !l.Trukket() {
		return errNotWithdrawn
	}
	receipt, err := o.changes.Note(e.Context(), e.entry(audit.Utlevert))
	if err != nil {
		return err
	}
	e.w.Header().Set(api.ReceiptHeader, receipt.String())
	return api.Write(e.w, http.StatusOK, wire.NewCopies(l))
}

// confirm takes the word of somebody who has had the file that they have no copies any more. They may have lost
// the role since.
func (o *orders) confirm(e *errand) error {
	out, err := o.changes.Make(e.Request, "", nil, func() (host.Plan, error) {
		if err := o.had(e); err != nil {
			return host.Plan{}, err
		}
		ops, err := e.liste.Confirm(e.holder.Aktor, o.now())
		if err != nil {
			return host.Plan{}, errNotWithdrawn
		}
		return host.Plan{Ops: ops, Entry: e.entry(audit.Utfoert), Reply: host.Reply{Status: http.StatusNoContent}}, nil
	})
	if err != nil {
		return err
	}
	return out.Write(e.w)
}

// had finds the list of the path for a caller who has had its file, or holds its role.
func (o *orders) had(e *errand) error {
	l, ok, err := o.lists.Liste(e.Context(), strings.ToLower(e.PathValue("innbyggerlisteId")))
	if err != nil {
		return err
	}
	employed, err := o.roles.Employments(e.Context(), e.who)
	if err != nil {
		return err
	}
	own := []string{e.who.IntegrationID()}
	if !e.who.Person().IsZero() {
		own = nil
	}
	for _, a := range employed {
		own = append(own, a.ID)
	}
	for _, aktor := range slices.Concat(l.Missing(), slices.Sorted(maps.Keys(l.Nedlastinger))) { // first what is not confirmed
		if ok && slices.Contains(own, aktor) && o.now().Before(l.Utloepsdato) {
			e.liste, e.holder = l, policy.Holder{Aktor: aktor, FiksOrgID: l.FiksOrgID}
			return nil
		}
	}
	return o.find(e)
}
