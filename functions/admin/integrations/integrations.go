// Package integrations is what an organisation's administrators do with the integrations that they let
// in, and the self-test that tells an integrator why it is not.
//
// It refuses to show a password but in the answer that made it, and to tell of an integration to
// anybody but its own.
package integrations

import (
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/identity"
	"hjemmel/shared/identity/lastuse"
)

// integrations are an organisation's integrations, as its administrators see and change them.
type integrations struct {
	*office.Office
	registered *identity.Integrations
	uses       *lastuse.Notes
	key        []byte
	perAddress *limiter
	perVendor  *limiter
}

// Routes are the operations on integrations.
func Routes(e *host.Env) ([]host.Route, error) {
	o, err := office.New(e)
	if err != nil {
		return nil, err
	}
	state, err := e.State()
	if err != nil {
		return nil, err
	}
	uses, err := e.Uses()
	if err != nil {
		return nil, err
	}
	key, err := e.PasswordKey()
	if err != nil {
		return nil, err
	}
	i := &integrations{o, identity.NewIntegrations(state), uses, key,
		newLimiter(PerAddress, e.Now), newLimiter(PerVendor, e.Now)}
	const all = "/hjemmel/v1/organisasjoner/{fiksOrgId}/integrasjoner"
	return []host.Route{
		{Pattern: "GET " + all, Handle: i.By(office.Administrator, "integrasjon-liste", i.list)},
		{Pattern: "POST " + all, Handle: i.By(office.Administrator, "integrasjon-ny", i.create)},
		{Pattern: "GET " + all + "/{id}", Handle: i.By(office.Administrator, "integrasjon-les", i.one)},
		{Pattern: "PATCH " + all + "/{id}", Handle: i.By(office.Administrator, "integrasjon-endre", i.change)},
		{Pattern: "DELETE " + all + "/{id}", Handle: i.By(office.Administrator, "integrasjon-slett", i.remove)},
		{Pattern: "POST " + all + "/{id}/passord", Handle: i.By(office.Administrator, "integrasjon-passord", i.rotate)},
		{Pattern: "POST /hjemmel/v1/integrasjoner/selvtest", Handle: i.selfTest},
	}, nil
}

// Integrasjon is an integration as administrators see it. A password stands in it once only: in the
// answer to the call that made it.
type Integrasjon struct {
	ID              string    `json:"id"`
	FiksOrgID       string    `json:"fiksOrgId"`
	Navn            string    `json:"navn"`
	AutorisertOrgnr string    `json:"autorisertOrgnr"`
	Aktiv           bool      `json:"aktiv"`
	GyldigFra       time.Time `json:"gyldigFra,omitzero"`
	GyldigTil       time.Time `json:"gyldigTil,omitzero"`
	// SistBrukt is to within an hour; absent where it never was.
	SistBrukt time.Time `json:"sistBrukt,omitzero"`
	// Passord are those in force: two while one replaces the other.
	Passord []Passord `json:"passord"`
	// ETag is what If-Match wants.
	ETag        string `json:"etag"`
	NyttPassord string `json:"nyttPassord,omitempty"`
}

// Passord is what is told of a password.
type Passord struct {
	Opprettet time.Time `json:"opprettet,omitzero"`
	GyldigTil time.Time `json:"gyldigTil,omitzero"`
}

var errNoIntegration = fault.New(fault.NotFound, "INTEGRASJON_IKKE_FUNNET", "Organisasjonen har ingen integrasjon med denne id-en.")

func (i *integrations) list(a *office.Errand) (host.Reply, error) {
	all, err := i.registered.Of(a.Context(), a.Org)
	if err != nil {
		return host.Reply{}, err
	}
	found, err := i.show(a, all...)
	if err != nil {
		return host.Reply{}, err
	}
	return host.ReplyJSON(http.StatusOK, "", struct {
		Integrasjoner []Integrasjon `json:"integrasjoner"`
	}{found})
}

// show makes what administrators see, with when each was last used.
func (i *integrations) show(a *office.Errand, all ...identity.Registered) ([]Integrasjon, error) {
	ids := make([]string, len(all))
	for n, r := range all {
		ids[n] = r.ID
	}
	last, err := i.uses.Last(a.Context(), ids)
	if err != nil {
		return nil, err
	}
	found := make([]Integrasjon, len(all))
	for n, r := range all {
		found[n] = Integrasjon{
			ID: r.ID, FiksOrgID: r.FiksOrgID, Navn: r.Navn, AutorisertOrgnr: r.AutorisertOrgnr, Aktiv: r.Aktiv,
			GyldigFra: r.GyldigFra, GyldigTil: r.GyldigTil, SistBrukt: last[r.ID], Passord: []Passord{}, ETag: api.ETag(r.Revision),
		}
		for _, p := range inForce(r.Passord, i.Now()) {
			found[n].Passord = append(found[n].Passord, Passord{p.Opprettet, p.GyldigTil})
		}
	}
	return found, nil
}

// read gives the integration that the path names.
func (i *integrations) read(a *office.Errand) (identity.Registered, error) {
	r, ok, err := i.registered.Registered(a.Context(), a.Org, a.PathValue("id"))
	if err == nil && !ok {
		err = errNoIntegration
	}
	a.Entry.Gjelder = r.ID
	return r, err
}

func (i *integrations) one(a *office.Errand) (host.Reply, error) {
	r, err := i.read(a)
	if err != nil {
		return host.Reply{}, err
	}
	return i.answer(a, http.StatusOK, r, "")
}

func (i *integrations) answer(a *office.Errand, status int, r identity.Registered, password string) (host.Reply, error) {
	found, err := i.show(a, r)
	if err != nil {
		return host.Reply{}, err
	}
	found[0].NyttPassord = password
	return host.ReplyJSON(status, found[0].ETag, found[0])
}

// saved answers what stands in the store after a change.
func (i *integrations) saved(a *office.Errand, status int, id, password string, receipt audit.Receipt) (host.Reply, error) {
	r, ok, err := i.registered.Registered(a.Context(), a.Org, id)
	if err == nil && !ok {
		err = api.ErrStale // removed by somebody else meanwhile
	}
	if err != nil {
		return host.Reply{}, err
	}
	out, err := i.answer(a, status, r, password)
	out.Receipt = receipt
	return out, err
}

// fields are what can be said of an integration; nil and unset are left as they are.
type fields struct {
	Navn            *string `json:"navn"`
	AutorisertOrgnr *string `json:"autorisertOrgnr"`
	Aktiv           *bool   `json:"aktiv"`
	GyldigFra       moment  `json:"gyldigFra"`
	GyldigTil       moment  `json:"gyldigTil"`
}

// on changes in and gives the names of what became different.
func (f fields) on(in *identity.Integration) []string {
	var changed []string
	note := func(name string, different bool) {
		if different {
			changed = append(changed, name)
		}
	}
	if f.Navn != nil {
		name := strings.TrimSpace(*f.Navn)
		note("navn", name != in.Navn)
		in.Navn = name
	}
	if f.AutorisertOrgnr != nil {
		note("autorisertOrgnr", *f.AutorisertOrgnr != in.AutorisertOrgnr)
		in.AutorisertOrgnr = *f.AutorisertOrgnr
	}
	if f.Aktiv != nil {
		note("aktiv", *f.Aktiv != in.Aktiv)
		in.Aktiv = *f.Aktiv
	}
	note("gyldigFra", f.GyldigFra.on(&in.GyldigFra))
	note("gyldigTil", f.GyldigTil.on(&in.GyldigTil))
	return changed
}

func valid(in identity.Integration) error {
	var wrong []string
	if !office.Fits(in.Navn, 2, 400) {
		wrong = append(wrong, "navn")
	}
	if len(in.AutorisertOrgnr) != 9 || strings.Trim(in.AutorisertOrgnr, "0123456789") != "" {
		wrong = append(wrong, "autorisertOrgnr")
	}
	if !in.GyldigTil.IsZero() && !in.GyldigFra.Before(in.GyldigTil) {
		wrong = append(wrong, "gyldigTil")
	}
	if wrong != nil {
		return office.ErrField.About(wrong...)
	}
	return nil
}

func (i *integrations) create(a *office.Errand) (host.Reply, error) {
	var f fields
	if err := api.ReadJSON(a.Request, &f); err != nil {
		return host.Reply{}, err
	}
	in := identity.Integration{ID: uuid.NewString(), FiksOrgID: a.Org, Aktiv: true}
	changed := f.on(&in)
	if err := valid(in); err != nil {
		return host.Reply{}, err
	}
	password := identity.NewPassword()
	sealed, err := i.seal(in.ID, password)
	if err != nil {
		return host.Reply{}, err
	}
	in.Passord = []identity.Password{sealed}
	ops, err := in.Create()
	if err != nil {
		return host.Reply{}, err
	}
	receipt, err := i.Changes.Once(a.Context(), a.Doing(in.ID, append(changed, "passord")...), ops...)
	if err != nil {
		return host.Reply{}, err
	}
	return i.saved(a, http.StatusCreated, in.ID, password, receipt)
}

func (i *integrations) change(a *office.Errand) (host.Reply, error) {
	r, err := i.read(a)
	if err != nil {
		return host.Reply{}, err
	}
	var f fields
	if err := api.ReadJSON(a.Request, &f); err != nil {
		return host.Reply{}, err
	}
	if err := api.Match(a.Request, r.Revision, true); err != nil {
		return host.Reply{}, err
	}
	in := r.Integration
	changed := f.on(&in)
	if err := valid(in); err != nil {
		return host.Reply{}, err
	}
	if changed == nil {
		return i.answer(a, http.StatusOK, r, "")
	}
	ops, err := r.Replace(in)
	if err != nil {
		return host.Reply{}, err
	}
	receipt, err := i.Changes.Once(a.Context(), a.Doing(r.ID, changed...), ops...)
	if err != nil {
		return host.Reply{}, err
	}
	return i.saved(a, http.StatusOK, r.ID, "", receipt)
}

// remove stops the integration's calls at once, in other processes within seconds.
func (i *integrations) remove(a *office.Errand) (host.Reply, error) {
	r, err := i.read(a)
	if err != nil {
		return host.Reply{}, err
	}
	if err := api.Match(a.Request, r.Revision, true); err != nil {
		return host.Reply{}, err
	}
	receipt, err := i.Changes.Once(a.Context(), a.Doing(r.ID, "slettet"), r.Remove()...)
	if err != nil {
		return host.Reply{}, err
	}
	return host.Reply{Status: http.StatusNoContent, Receipt: receipt}, nil
}
