// Package rolebook is how municipalities keep their roles: Fiks' role API, and of our own drafts,
// versions and what-if.
//
// It refuses every change whose entry is not written in the same commit, and roles beyond what area and
// organisation open.
package rolebook

import (
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
)

// book is the roles of all organisations.
type book struct{ *office.Office }

// Routes are the operations on roles.
func Routes(e *host.Env) ([]host.Route, error) {
	o, err := office.New(e)
	if err != nil {
		return nil, err
	}
	a := &book{o}
	const (
		fiks = "/register/api/v2/konfigurasjon"
		one  = fiks + "/{fiksOrgId}/roller/{id}"
		ours = "/hjemmel/v1/roller/{id}"
	)
	manages := office.Administrator
	oversees := office.Either(office.Administrator, office.Personvern) // what an organisation's log tells is not the operator's to read
	reads := office.Either(oversees, office.Operator)
	var routes []host.Route
	for _, r := range []struct {
		pattern, handling string
		may               office.Right
		do                office.Do
	}{
		{"GET " + fiks + "/roller/gyldigeverdier", "rolle-gyldigeverdier", office.Employed, a.catalogue},
		{"GET " + fiks + "/roller/har-tilgang", "rolle-har-tilgang", office.Anybody, a.hasAccess},
		{"POST " + fiks + "/roller", "rolle-mine", office.Anybody, a.usable},
		{"GET /folkeregister/api/v3/konfigurasjon/roller", "rolle-mine", office.Anybody, a.searchable},
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
		{"POST " + ours + "/utkast/proev", "rolle-proevd", manages, a.try},
		{"POST " + ours + "/utkast/publiser", "rolle-publisert", manages, a.publish},
		{"POST " + ours + "/rull-tilbake", "rolle-tilbakerullet", manages, a.rollBack},
		{"GET " + ours + "/versjoner", "rolle-lest", reads, a.versions},
		{"GET " + ours + "/endringer", "rolle-lest", reads, a.differences},
		{"GET " + ours + "/bruk", "rollebruk-lest", oversees, a.used},
		{"GET /hjemmel/v1/eksempelpersoner", "eksempelperson-lest", office.Employed, a.specimens},
	} {
		routes = append(routes, host.Route{Pattern: r.pattern, Handle: a.By(r.may, r.handling, r.do)})
	}
	return routes, nil
}
