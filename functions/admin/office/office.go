// Package office is where the admin function's errands are run: who asks is found out, what they may
// do is decided, and what comes of it is written down.
//
// It refuses everybody but an employee who logged in with us and has the function that the errand
// wants, and tells them the same whatever there is.
package office

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/identity"
	"hjemmel/shared/roles"
)

// Office is where changes of integrations and catalogue are made: who asks is found out, what they do
// is written down, and then done.
type Office struct {
	Caller  *identity.Verifier
	Roles   *roles.Book
	Changes *host.Changes
	Now     func() time.Time
}

// New opens the parts that an office needs.
func New(e *host.Env) (*Office, error) {
	o := &Office{Now: e.Now}
	var errs [3]error
	o.Caller, errs[0] = e.Verifier()
	o.Roles, errs[1] = e.Roles()
	o.Changes, errs[2] = e.Changes()
	return o, errors.Join(errs[:]...)
}

// Errand is one call at the office, by whom it is and in whose name.
type Errand struct {
	W      http.ResponseWriter
	R      *http.Request
	Ansatt roles.Ansatt
	// Entry is what will be written down; a handler adds what it does.
	Entry audit.Entry
}

// Context is the call's.
func (a *Errand) Context() context.Context { return a.R.Context() }

var errFunksjon = fault.New(fault.Denied, "FUNKSJON_MANGLER",
	"Du har ikke funksjonen som kreves her, eller ikke i denne organisasjonen. Ansatte må logge inn selv; fagsystemer slipper ikke til.")

// Admits decides whether one of the caller's employments may do the errand.
type Admits func(a *Errand, employed roles.Ansatt) bool

// Administrator admits the administrators of the organisation that the path names as fiksOrgId.
func Administrator(a *Errand, employed roles.Ansatt) bool {
	return employed.Funksjon == roles.Administrator && employed.FiksOrgID == a.R.PathValue("fiksOrgId")
}

// By lets those in whom who admits, and sees to it that every refusal is written down before it is
// told. handling is the name of the errand in the log.
func (o *Office) By(who Admits, handling string, handle func(*Errand) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		a := &Errand{W: w, R: r, Entry: audit.Entry{
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
func (o *Office) admit(a *Errand, who Admits) error {
	caller, err := o.Caller.Caller(a.Context(), a.R)
	if err != nil {
		return err
	}
	if caller.Kind() != identity.KindEmployee {
		return errFunksjon
	}
	employments, err := o.Roles.LoggedIn(a.Context(), caller)
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

func (a *Errand) as(employed roles.Ansatt) {
	a.Ansatt, a.Entry.Aktor, a.Entry.FiksOrgID = employed, employed.ID, employed.FiksOrgID
}

// Doing adds to the errand's entry what is changed, and in what.
func (a *Errand) Doing(gjelder string, endret ...string) audit.Entry {
	a.Entry.Gjelder, a.Entry.Endret = gjelder, endret
	return a.Entry
}

// Done gives the receipt of the change to the one who made it.
func (a *Errand) Done(receipt audit.Receipt) {
	a.W.Header().Set(api.ReceiptHeader, receipt.String())
}

// refuse writes down that nothing came of the errand.
func (o *Office) refuse(a *Errand, cause error) error {
	f := fault.Of(cause)
	a.Entry.Utfall, a.Entry.Feilkode = audit.Avslag, f.Code
	if f.Kind == fault.Unavailable || f.Kind == fault.Internal {
		a.Entry.Utfall = audit.Feilet
	}
	receipt, err := o.Changes.Note(a.Context(), a.Entry)
	if err != nil {
		return errors.Join(err, cause)
	}
	return &disclosure.Refusal{Fault: f, Receipt: receipt}
}

// ErrField is told of a body with fields that cannot be; it names them.
var ErrField = fault.New(fault.Invalid, "UGYLDIG_FELT", "Felter mangler eller har verdier som ikke kan stemme.")

// Fits wants text without control characters and of a length in characters.
func Fits(text string, shortest, longest int) bool {
	n := utf8.RuneCountInString(text)
	return utf8.ValidString(text) && n >= shortest && n <= longest && !strings.ContainsFunc(text, unicode.IsControl)
}
