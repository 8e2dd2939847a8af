package admin

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/identity"
	"hjemmel/shared/roles"
)

// office is where changes of integrations and catalogue are made: who asks is found out, what they do
// is written down, and then done.
type office struct {
	caller *identity.Verifier
	roles  *roles.Book
	ledger *host.Ledger
	now    func() time.Time
}

func newOffice(e *host.Env) (*office, error) {
	o := &office{now: e.Now}
	var errs [3]error
	o.caller, errs[0] = e.Verifier()
	o.roles, errs[1] = e.Roles()
	o.ledger, errs[2] = e.Ledger()
	return o, errors.Join(errs[:]...)
}

// errand is one call at the office, by whom it is and in whose name.
type errand struct {
	w      http.ResponseWriter
	r      *http.Request
	ansatt roles.Ansatt
	// entry is what will be written down; a handler adds what it does.
	entry audit.Entry
}

func (a *errand) ctx() context.Context { return a.r.Context() }

var errFunksjon = fault.New(fault.Denied, "FUNKSJON_MANGLER",
	"Du har ikke funksjonen som kreves her, eller ikke i denne organisasjonen. Ansatte må logge inn selv; fagsystemer slipper ikke til.")

// admits decides whether one of the caller's employments may do the errand.
type admits func(a *errand, employed roles.Ansatt) bool

func administrator(a *errand, employed roles.Ansatt) bool {
	return employed.Funksjon == roles.Administrator && employed.FiksOrgID == a.r.PathValue("fiksOrgId")
}

// by lets those in whom who admits, and sees to it that every refusal is written down before it is
// told. handling is the name of the errand in the log.
func (o *office) by(who admits, handling string, handle func(*errand) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		a := &errand{w: w, r: r, entry: audit.Entry{
			FiksOrgID: audit.Platform, Handling: handling, RequestID: w.Header().Get(host.RequestIDHeader),
		}}
		err := o.admit(a, who)
		if err == nil {
			err = handle(a)
		}
		if err != nil {
			err = o.refuse(a, err)
			api.WriteRefusalReceipt(w, err)
		}
		return err
	}
}

// admit finds out who asks and as what. Somebody else is told the same whether the organisation
// exists or not, and their refusal stands in the log of their own.
func (o *office) admit(a *errand, who admits) error {
	caller, err := o.caller.Caller(a.ctx(), a.r)
	if err != nil {
		return err
	}
	if caller.Kind() != identity.KindEmployee {
		return errFunksjon
	}
	employments, err := o.roles.Employments(a.ctx(), caller)
	if err != nil {
		return err
	}
	if len(employments) > 0 {
		a.as(employments[0])
	}
	i := slices.IndexFunc(employments, func(e roles.Ansatt) bool { return who(a, e) })
	if i < 0 {
		return errFunksjon
	}
	a.as(employments[i])
	return nil
}

func (a *errand) as(employed roles.Ansatt) {
	a.ansatt, a.entry.Aktor, a.entry.FiksOrgID = employed, employed.ID, employed.FiksOrgID
}

// doing adds to the errand's entry what is changed, and in what.
func (a *errand) doing(gjelder string, endret ...string) audit.Entry {
	a.entry.Gjelder, a.entry.Endret = gjelder, endret
	return a.entry
}

// done gives the receipt of the change to the one who made it.
func (a *errand) done(receipt audit.Receipt) {
	a.w.Header().Set(api.ReceiptHeader, receipt.String())
}

// refuse writes down that nothing came of the errand.
func (o *office) refuse(a *errand, cause error) error {
	f := fault.Of(cause)
	a.entry.Utfall, a.entry.Feilkode = audit.Avslag, f.Code
	if f.Kind == fault.Unavailable || f.Kind == fault.Internal {
		a.entry.Utfall = audit.Feilet
	}
	receipt, err := o.ledger.Note(a.ctx(), a.entry)
	if err != nil {
		return errors.Join(err, cause)
	}
	return &disclosure.Refusal{Fault: f, Receipt: receipt}
}
