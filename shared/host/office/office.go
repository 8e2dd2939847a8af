// Package office is where errands of those who administer are run: who asks about what is found out, whether
// they may is decided, and what comes of it is written down.
//
// It refuses everybody who lacks the right that the errand wants, tells them the same whatever there is, and
// makes no change whose entry is not written in the same commit.
package office

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/identity"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/roles"
)

// Office has the parts that every errand uses.
type Office struct {
	Caller  *identity.Verifier
	Roles   *roles.Book
	Changes *host.Changes
	Log     *audit.Log
	Now     func() time.Time
}

// New opens the parts that an office needs.
func New(e *host.Env) (*Office, error) {
	o := &Office{Now: e.Now}
	var errs [4]error
	o.Caller, errs[0] = e.Verifier()
	o.Roles, errs[1] = e.Roles()
	o.Changes, errs[2] = e.Changes()
	o.Log, errs[3] = e.Audit()
	return o, errors.Join(errs[:]...)
}

// Errand is one request: who asks, about which organisation and role.
type Errand struct {
	*http.Request
	Who      identity.Caller
	Employed []roles.Ansatt   // what the caller is employed as
	Ansatt   roles.Ansatt     // the employment by which they may; none where anybody may
	Org      string           // the organisation it concerns; "" where there is none that we know of
	Aktor    string           // the caller in it
	Role     roles.Version    // the role it concerns, of Org
	Found    bool             // whether there is such a role
	Body     []byte           // as it was sent
	Katalog  *katalog.Katalog // as it is now
	// Entry is what the audit log will say; a handler adds what it does.
	Entry audit.Entry
}

// Do is what an errand's handler does.
type Do func(*Errand) (host.Reply, error)

// By lets those in who have the right, and sees to it that whatever goes wrong is written down before it
// is told. handling is the name of the errand in the log.
func (o *Office) By(may Right, handling string, do Do) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		a := &Errand{Request: r, Entry: audit.Entry{Handling: handling, RequestID: w.Header().Get(host.RequestIDHeader)}}
		out, err := o.run(a, may, do)
		if err != nil {
			return o.refuse(w, a, err)
		}
		return out.Write(w)
	}
}

func (o *Office) run(a *Errand, may Right, do Do) (host.Reply, error) {
	var err error
	if a.Who, err = o.Caller.Caller(a.Context(), a.Request); err != nil {
		return host.Reply{}, err
	}
	if a.Employed, err = o.Roles.Employments(a.Context(), a.Who); err != nil {
		return host.Reply{}, err
	}
	if a.Katalog, err = o.Roles.Catalogue().Current(a.Context()); err != nil {
		return host.Reply{}, err
	}
	if err := o.locate(a); err != nil {
		return host.Reply{}, err
	}
	if !a.admitted(may) {
		return host.Reply{}, errFunksjon
	}
	if a.PathValue("fiksOrgId") != "" && a.Org == "" || a.named() != "" && !a.Found {
		return host.Reply{}, roles.ErrGone
	}
	return do(a)
}

// locate finds the organisation and the role of the path. What does not exist, and a role that is not
// the organisation's, are left empty.
func (o *Office) locate(a *Errand) error {
	if id := strings.ToLower(a.PathValue("fiksOrgId")); id != "" {
		org, ok, err := o.Roles.Organisation(a.Context(), id)
		if err != nil {
			return err
		}
		if ok {
			a.Org = org.FiksOrgID
		}
	}
	if err := o.reload(a); err != nil {
		return err
	}
	a.Aktor = a.Who.IntegrationID()
	for i, e := range a.Employed {
		if i == 0 || e.FiksOrgID == a.Org {
			a.Aktor = e.ID
		}
	}
	return nil
}

// named is the role that the path names; "" where it names none.
func (a *Errand) named() string {
	if !strings.Contains(a.Pattern, "/roller/{id}") {
		return ""
	}
	return strings.ToLower(a.PathValue("id"))
}

// reload reads the role of the path as it is now.
func (o *Office) reload(a *Errand) error {
	id := a.named()
	if id == "" {
		return nil
	}
	v, ok, err := o.Roles.Current(a.Context(), id)
	if err != nil || !ok || a.PathValue("fiksOrgId") != "" && v.FiksOrgID != a.Org {
		a.Role, a.Found = roles.Version{}, false
		return err
	}
	a.Role, a.Found, a.Org = v, true, v.FiksOrgID
	return nil
}

// Self reports whether the employee is the caller.
func (a *Errand) Self(ansattID string) bool {
	for _, e := range a.Employed {
		if e.ID == ansattID {
			return true
		}
	}
	return false
}

// Logged is what the audit log says of the errand.
func (a *Errand) Logged(outcome audit.Utfall) audit.Entry {
	e := a.Entry
	e.Aktor, e.Utfall = a.Aktor, outcome
	if a.Found || a.Role.ID != "" {
		e.Rolle, e.Rolleversjon, e.Tjenesteomraade = a.Role.ID, a.Role.Versjon, a.Role.Tjenesteomraade
	}
	if a.Who.Kind() == identity.KindEmployeeViaIntegration {
		e.PaaVegneAv = a.Who.IntegrationID()
	}
	if e.FiksOrgID == "" {
		e.FiksOrgID = a.home()
	}
	return e
}

// home is whose log the errand stands in: that of the organisation it concerns, or else the caller's own.
func (a *Errand) home() string {
	switch {
	case a.Org != "":
		return a.Org
	case a.Ansatt.FiksOrgID != "":
		return a.Ansatt.FiksOrgID
	case len(a.Employed) > 0:
		return a.Employed[0].FiksOrgID
	}
	return audit.Platform
}

// Doing is the entry of a change, with what is changed, and in what.
func (a *Errand) Doing(gjelder string, endret ...string) audit.Entry {
	a.Entry.Gjelder, a.Entry.Endret = gjelder, endret
	return a.Logged(audit.Utfoert)
}

// refuse writes the refusal down and gives it; what cannot be written down is not told.
func (o *Office) refuse(w http.ResponseWriter, a *Errand, cause error) error {
	f := fault.Of(cause)
	outcome := audit.Avslag
	if f.Kind == fault.Unavailable || f.Kind == fault.Internal {
		outcome = audit.Feilet
	}
	e := a.Logged(outcome)
	e.Feilkode = f.Code
	receipt, err := o.Changes.Note(a.Context(), e)
	if err != nil {
		return errors.Join(err, cause)
	}
	w.Header().Set(api.ReceiptHeader, receipt.String())
	return cause
}

// Commit makes a change of what is stored now. work is asked anew where somebody else was faster.
func (o *Office) Commit(a *Errand, work func() (host.Plan, error)) (host.Reply, error) {
	return o.Changes.Make(a.Request, a.Aktor, a.Body, func() (host.Plan, error) {
		if err := o.reload(a); err != nil {
			return host.Plan{}, err
		}
		if a.named() != "" && !a.Found {
			return host.Plan{}, roles.ErrGone
		}
		p, err := work()
		p.Entry = a.Logged(audit.Utfoert)
		return p, err
	})
}

var errNotOrganisations = fault.New(fault.Denied, "OMRAADE_UTENFOR_ORGANISASJONEN",
	"Organisasjonen har ikke dette tjenesteområdet og kan ikke ha eller tildele roller i det.")

// Within refuses roles in areas that the organisation does not have.
func (o *Office) Within(a *Errand, r policy.Role) error {
	org, _, err := o.Roles.Organisation(a.Context(), r.FiksOrgID)
	if err == nil && len(org.Tjenesteomraader) > 0 && !slices.Contains(org.Tjenesteomraader, r.Tjenesteomraade) {
		err = errNotOrganisations
	}
	return err
}

// Administrators are the ids of those of the organisation, in order. Where the list was never written the
// caller is taken to be the only one.
func (o *Office) Administrators(a *Errand) ([]string, error) {
	ids, err := o.Roles.Administrators(a.Context(), a.Org)
	if err == nil && ids == nil {
		ids = a.Administers()
	}
	slices.Sort(ids)
	return ids, err
}

// Administers are the caller's employments as administrator of the organisation.
func (a *Errand) Administers() []string {
	var ids []string
	for _, e := range a.Employed {
		if e.FiksOrgID == a.Org && e.Funksjon == roles.Administrator {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// Told answers what was read about others, after writing down that it was read.
func (o *Office) Told(a *Errand, out host.Reply, err error) (host.Reply, error) {
	if err != nil {
		return host.Reply{}, err
	}
	out.Receipt, err = o.Changes.Note(a.Context(), a.Logged(audit.Utlevert))
	return out, err
}

// ErrNothing is told of what is not there.
var ErrNothing = fault.New(fault.NotFound, "FINNES_IKKE", "Det finnes ikke noe slikt her: utkastet, versjonen, tildelingen eller den ansatte.")

// ErrField is told of a body with fields that cannot be; it names them.
var ErrField = fault.New(fault.Invalid, "UGYLDIG_FELT", "Felter mangler eller har verdier som ikke kan stemme.")

// Fits wants text without control characters and of a length in characters.
func Fits(text string, shortest, longest int) bool {
	n := utf8.RuneCountInString(text)
	return utf8.ValidString(text) && n >= shortest && n <= longest && !strings.ContainsFunc(text, unicode.IsControl)
}
