// Package feed is where other systems (målsystemer) follow what an organisation's identity systems have told:
// users and groups as they are, and from then on what changes, on Fiks' own paths.
//
// It refuses, alike and whatever there is, everybody but the one integration that an administrator has let follow
// under the name, and to give identity numbers where the administrator did not say so. It never asks the register.
package feed

import (
	"net/http"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/identity"
	"hjemmel/shared/roles"
	"hjemmel/shared/roles/synced"
	"hjemmel/shared/roles/synced/target"
)

// feed is of all organisations.
type feed struct {
	*office.Office
	synced *synced.Book
	follow *target.Book
}

// Routes are the streams, and the administrators' say in who follows them.
func Routes(e *host.Env) ([]host.Route, error) {
	o, err := office.New(e)
	if err != nil {
		return nil, err
	}
	f := &feed{o, o.Roles.Synced(), o.Roles.Synced().Targets()}
	const (
		fiks = "/brukersynkronisering/sync/api/v1/{fiksOrgId}/{maalSystem}"
		ours = "/hjemmel/v1/organisasjoner/{fiksOrgId}/brukerstyring/maalsystemer"
	)
	reads := office.Either(office.Administrator, office.Personvern)
	var routes []host.Route
	for _, r := range []struct {
		pattern, handling string
		may               office.Right
		do                office.Do
	}{
		{"GET " + fiks + "/brukere", "synk-ut", office.Anybody, f.stream(synced.Brukere)},
		{"GET " + fiks + "/grupper", "synk-ut", office.Anybody, f.stream(synced.Grupper)},
		{"GET " + fiks + "/bruker/{id}", "synk-ut", office.Anybody, f.user},
		{"GET " + fiks + "/gruppe/{id}", "synk-ut", office.Anybody, f.group},
		{"GET " + ours, "maalsystem-lest", reads, f.targets},
		{"PUT " + ours + "/{maalSystem}", "maalsystem-endret", office.Administrator, f.put},
		{"DELETE " + ours + "/{maalSystem}", "maalsystem-slettet", office.Administrator, f.remove},
	} {
		routes = append(routes, host.Route{Pattern: r.pattern, Handle: f.By(r.may, r.handling, r.do)})
	}
	return routes, nil
}

// target gives the target of the path where the caller is the integration that may follow. Anybody else is told
// what is told of organisations that are not there.
func (f *feed) target(a *office.Errand) (target.Target, error) {
	t, ok, err := f.follow.Target(a.Context(), a.Org, a.PathValue("maalSystem"))
	if err == nil && (!ok || a.Who.Kind() != identity.KindIntegration || a.Who.IntegrationID() != t.IntegrasjonID) {
		return target.Target{}, roles.ErrGone
	}
	a.Entry.Gjelder = t.MaalSystem
	return t, err
}

// told answers a target, after writing down how much left, and whether numbers did.
func (f *feed) told(a *office.Errand, t target.Target, n int, v any) (host.Reply, error) {
	a.Entry.Treff = &n
	if t.Identitetsnummer {
		a.Entry.Handling = "synk-ut-med-nummer"
	}
	out, err := host.ReplyJSON(http.StatusOK, "", v)
	return f.Told(a, out, err)
}

func (f *feed) targets(a *office.Errand) (host.Reply, error) {
	all, err := f.follow.All(a.Context(), a.Org)
	if err != nil {
		return host.Reply{}, err
	}
	out, err := host.ReplyJSON(http.StatusOK, "", all)
	return f.Told(a, out, err)
}

var errTarget = fault.New(fault.NotFound, "SYNK_MAALSYSTEM_UKJENT", "Organisasjonen har ikke noe målsystem med dette navnet.")

// put lets an integration of the organisation follow. What it was given before ends: it starts again.
func (f *feed) put(a *office.Errand) (host.Reply, error) {
	var ask struct {
		IntegrasjonID    string `json:"integrasjonId"`
		Identitetsnummer bool   `json:"identitetsnummer"`
	}
	var err error
	if a.Body, err = api.ReadBody(a.Request, &ask); err != nil {
		return host.Reply{}, err
	}
	name := a.PathValue("maalSystem")
	if !target.IsName(name) {
		return host.Reply{}, office.ErrField.About("maalSystem")
	}
	sort, _, ok, err := f.Roles.Aktor(a.Context(), a.Org, ask.IntegrasjonID)
	if err != nil {
		return host.Reply{}, err
	}
	if !ok || sort != roles.IntegrasjonType {
		return host.Reply{}, office.ErrField.About("integrasjonId")
	}
	return f.Commit(a, func() (host.Plan, error) {
		was, _, err := f.follow.Target(a.Context(), a.Org, name)
		if err != nil {
			return host.Plan{}, err
		}
		t := target.Target{
			MaalSystem: name, FiksOrgID: a.Org, IntegrasjonID: ask.IntegrasjonID, Identitetsnummer: ask.Identitetsnummer,
			Endret: f.Now().UTC().Truncate(time.Microsecond),
		}
		a.Doing(name, "integrasjonId", "identitetsnummer")
		var p host.Plan
		if p.Ops, err = target.Put(t, was); err != nil {
			return host.Plan{}, err
		}
		p.Reply, err = host.ReplyJSON(http.StatusOK, "", t)
		return p, err
	})
}

func (f *feed) remove(a *office.Errand) (host.Reply, error) {
	return f.Commit(a, func() (host.Plan, error) {
		t, ok, err := f.follow.Target(a.Context(), a.Org, a.PathValue("maalSystem"))
		if err != nil {
			return host.Plan{}, err
		}
		if !ok {
			return host.Plan{}, errTarget
		}
		a.Entry.Gjelder = t.MaalSystem
		return host.Plan{Ops: target.Drop(t), Reply: host.Reply{Status: http.StatusNoContent}}, nil
	})
}
