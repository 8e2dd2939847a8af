// Package rolebook is how municipalities keep their roles: Fiks' role API, and of our own drafts,
// versions, assignments, administrators and settings.
//
// It refuses every change whose entry is not written in the same commit, roles beyond what area and
// organisation open, and administrators who approve their own access.
package rolebook

import (
	"net/http"
	"strings"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/identity"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/roles"
)

// admin is the function with the parts it uses.
type admin struct {
	caller  *identity.Verifier
	roles   *roles.Book
	changes *host.Changes
	now     func() time.Time
}

// Routes are the operations on roles, their holders and their administrators.
func Routes(e *host.Env) ([]host.Route, error) {
	a := &admin{now: e.Now}
	var err error
	if a.caller, err = e.Verifier(); err != nil {
		return nil, err
	}
	if a.roles, err = e.Roles(); err != nil {
		return nil, err
	}
	if a.changes, err = e.Changes(); err != nil {
		return nil, err
	}
	return a.routes(), nil
}

func (a *admin) routes() []host.Route {
	const (
		fiks = "/register/api/v2/konfigurasjon"
		one  = fiks + "/{fiksOrgId}/roller/{id}"
		ours = "/hjemmel/v1/roller/{id}"
		org  = "/hjemmel/v1/organisasjoner/{fiksOrgId}"
	)
	var routes []host.Route
	for _, r := range []struct {
		pattern, handling string
		may               right
		do                func(*call) (host.Reply, error)
	}{
		{"GET " + fiks + "/roller/gyldigeverdier", "rolle-gyldigeverdier", employed, a.catalogue},
		{"GET " + fiks + "/roller/har-tilgang", "rolle-har-tilgang", anybody, a.hasAccess},
		{"POST " + fiks + "/roller", "rolle-mine", anybody, a.usable},
		{"GET /folkeregister/api/v3/konfigurasjon/roller", "rolle-mine", anybody, a.searchable},
		{"GET " + fiks + "/{fiksOrgId}/roller", "rolle-lest", reads, a.list},
		{"GET " + fiks + "/{fiksOrgId}/roller/med-tilganger", "rolle-lest", reads, a.listWithHolders},
		{"GET " + one, "rolle-lest", reads, a.get},
		{"GET " + one + "/med-tilganger", "rolle-lest", reads, a.getWithHolders},
		{"POST " + fiks + "/{fiksOrgId}/roller", "rolle-opprettet", manages, a.create},
		{"PATCH " + one, "rolle-endret", manages, a.patch},
		{"DELETE " + one, "rolle-slettet", manages, a.delete},
		{"GET /register/api/v1/konfigurasjon/tilganger/{fiksOrgId}", "tilganger-lest", reads, a.export},

		{"GET " + ours + "/utkast", "rolle-lest", reads, a.getDraft},
		{"PUT " + ours + "/utkast", "rolle-utkast", manages, a.putDraft},
		{"POST " + ours + "/utkast/publiser", "rolle-publisert", manages, a.publish},
		{"POST " + ours + "/rull-tilbake", "rolle-tilbakerullet", manages, a.rollBack},
		{"GET " + ours + "/versjoner", "rolle-lest", reads, a.versions},
		{"GET " + ours + "/endringer", "rolle-lest", reads, a.differences},

		{"GET " + ours + "/tildelinger", "tildeling-lest", reads, a.assignments},
		{"POST " + ours + "/tildelinger", "tildelt", manages, a.assign},
		{"DELETE " + ours + "/tildelinger/{aktorId}", "fratatt", manages, a.withdraw},
		{"POST " + ours + "/tildelinger/{aktorId}/godkjenn", "tildeling-godkjent", manages, a.approve},

		{"GET " + org + "/administratorer", "administrator-lest", reads, a.administrators},
		{"PUT " + org + "/administratorer/{ansattId}", "administrator-utnevnt", appoints, a.appoint},
		{"DELETE " + org + "/administratorer/{ansattId}", "administrator-fjernet", appoints, a.dismiss},
		{"GET " + org + "/innstillinger", "innstilling-lest", reads, a.getSettings},
		{"PUT " + org + "/innstillinger", "innstilling-endret", manages, a.putSettings},
	} {
		routes = append(routes, host.Route{Pattern: r.pattern, Handle: a.managing(r.handling, r.may, r.do)})
	}
	return routes
}

// call is one request: who asks, about which organisation and role.
type call struct {
	*http.Request
	handling  string // what the audit log calls it
	requestID string
	who       identity.Caller
	employed  []roles.Ansatt   // what the caller is employed as
	org       string           // the organisation it concerns; "" where there is none that we know of
	aktor     string           // the caller in it
	role      roles.Version    // the role it concerns, of org
	found     bool             // whether there is such a role
	gjelder   string           // whose access it concerns
	body      []byte           // as it was sent
	katalog   *katalog.Katalog // as it is now
}

// managing finds out who asks about what and whether they may, and sees to it that whatever goes
// wrong is written down before it is told.
func (a *admin) managing(handling string, may right, do func(*call) (host.Reply, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		c := &call{Request: r, handling: handling, requestID: w.Header().Get(host.RequestIDHeader)}
		out, err := a.manage(c, may, do)
		if err != nil {
			return a.refuse(w, c, err)
		}
		return out.Write(w)
	}
}

func (a *admin) manage(c *call, may right, do func(*call) (host.Reply, error)) (host.Reply, error) {
	var err error
	if c.who, err = a.caller.Caller(c.Context(), c.Request); err != nil {
		return host.Reply{}, err
	}
	if c.employed, err = a.roles.Employments(c.Context(), c.who); err != nil {
		return host.Reply{}, err
	}
	if c.katalog, err = a.roles.Catalogue().Current(c.Context()); err != nil {
		return host.Reply{}, err
	}
	if err := a.locate(c); err != nil {
		return host.Reply{}, err
	}
	if !may(c) {
		return host.Reply{}, errNotYours
	}
	if c.PathValue("fiksOrgId") != "" && c.org == "" || c.PathValue("id") != "" && !c.found {
		return host.Reply{}, roles.ErrGone
	}
	return do(c)
}

// locate finds the organisation and the role of the path. What does not exist, and a role that is not
// the organisation's, are left empty.
func (a *admin) locate(c *call) error {
	if id := strings.ToLower(c.PathValue("fiksOrgId")); id != "" {
		o, ok, err := a.roles.Organisation(c.Context(), id)
		if err != nil {
			return err
		}
		if ok {
			c.org = o.FiksOrgID
		}
	}
	if err := a.reload(c); err != nil {
		return err
	}
	c.aktor = c.who.IntegrationID()
	for i, e := range c.employed {
		if i == 0 || e.FiksOrgID == c.org {
			c.aktor = e.ID
		}
	}
	return nil
}

// reload reads the role of the path as it is now.
func (a *admin) reload(c *call) error {
	id := strings.ToLower(c.PathValue("id"))
	if id == "" {
		return nil
	}
	v, ok, err := a.roles.Current(c.Context(), id)
	if err != nil || !ok || c.PathValue("fiksOrgId") != "" && v.FiksOrgID != c.org {
		c.role, c.found = roles.Version{}, false
		return err
	}
	c.role, c.found, c.org = v, true, v.FiksOrgID
	return nil
}

// right says who may do something. Only humans at our own door administer, as with Fiks.
type right func(*call) bool

func anybody(*call) bool { return true }

func employed(c *call) bool { return c.who.Kind() == identity.KindEmployee && len(c.employed) > 0 }

func manages(c *call) bool { return c.is(roles.Administrator) }

// appoints: the operator gives a new organisation its first administrator.
func appoints(c *call) bool { return c.is(roles.Administrator) || c.is(roles.Operatoer) }

func reads(c *call) bool { return appoints(c) || c.is(roles.Personvern) }

// is reports whether the caller has the function, the operator's anywhere, others in the organisation.
func (c *call) is(f roles.Funksjon) bool {
	for _, e := range c.employed {
		if c.who.Kind() == identity.KindEmployee && e.Funksjon == f && (f == roles.Operatoer || c.org != "" && e.FiksOrgID == c.org) {
			return true
		}
	}
	return false
}

// self reports whether the employee is the caller.
func (c *call) self(ansattID string) bool {
	for _, e := range c.employed {
		if e.ID == ansattID {
			return true
		}
	}
	return false
}

var errNotYours = fault.New(fault.Denied, "INGEN_ADMINISTRATORTILGANG",
	"Dette kan bare administratorer i organisasjonen gjøre, og noe av det personvernombudet lese. Fagsystemer kan ikke administrere.")

// entry is what the audit log says of the call.
func (c *call) entry(outcome audit.Utfall) audit.Entry {
	e := audit.Entry{
		FiksOrgID: c.org, Aktor: c.aktor, Handling: c.handling, Utfall: outcome, RequestID: c.requestID, Gjelder: c.gjelder,
		Rolle: c.role.ID, Rolleversjon: c.role.Versjon, Tjenesteomraade: c.role.Tjenesteomraade,
	}
	if c.who.Kind() == identity.KindEmployeeViaIntegration {
		e.PaaVegneAv = c.who.IntegrationID()
	}
	if e.FiksOrgID == "" {
		e.FiksOrgID = audit.Platform
		for _, own := range c.employed {
			e.FiksOrgID = own.FiksOrgID
		}
	}
	return e
}

// refuse writes the refusal down and gives it; what cannot be written down is not told.
func (a *admin) refuse(w http.ResponseWriter, c *call, cause error) error {
	f := fault.Of(cause)
	outcome := audit.Avslag
	if f.Kind == fault.Unavailable || f.Kind == fault.Internal {
		outcome = audit.Feilet
	}
	e := c.entry(outcome)
	e.Feilkode = f.Code
	receipt, err := a.changes.Note(c.Context(), e)
	if err != nil {
		return err
	}
	w.Header().Set(api.ReceiptHeader, receipt.String())
	return cause
}

// commit makes a change of what is stored now. work is asked anew where somebody else was faster.
func (a *admin) commit(c *call, work func() (host.Plan, error)) (host.Reply, error) {
	return a.changes.Make(c.Request, c.aktor, c.body, func() (host.Plan, error) {
		if err := a.reload(c); err != nil {
			return host.Plan{}, err
		}
		if c.PathValue("id") != "" && !c.found {
			return host.Plan{}, roles.ErrGone
		}
		p, err := work()
		p.Entry = c.entry(audit.Utfoert)
		return p, err
	})
}
