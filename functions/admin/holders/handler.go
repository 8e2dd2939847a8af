// Package holders is who holds what: assignments of roles, an organisation's administrators, and what it
// has decided about its own administration.
//
// It refuses administrators who approve their own access, roles in areas that the organisation does not
// have, and to leave an organisation without an administrator.
package holders

import (
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
)

// holders are those of all organisations.
type holders struct{ *office.Office }

// Routes are the operations on assignments and administrators.
func Routes(e *host.Env) ([]host.Route, error) {
	o, err := office.New(e)
	if err != nil {
		return nil, err
	}
	a := &holders{o}
	const (
		ours = "/hjemmel/v1/roller/{id}"
		org  = "/hjemmel/v1/organisasjoner/{fiksOrgId}"
	)
	manages := office.Administrator
	appoints := office.Either(office.Administrator, office.Operator)   // the operator gives a new organisation its first
	oversees := office.Either(office.Administrator, office.Personvern) // of what the log tells
	reads := office.Either(appoints, office.Personvern)
	var routes []host.Route
	for _, r := range []struct {
		pattern, handling string
		may               office.Right
		do                office.Do
	}{
		{"GET " + ours + "/tildelinger", "tildeling-lest", reads, a.assignments},
		{"POST " + ours + "/tildelinger", "tildelt", manages, a.assign},
		{"DELETE " + ours + "/tildelinger/{aktorId}", "fratatt", manages, a.withdraw},
		{"POST " + ours + "/tildelinger/{aktorId}/godkjenn", "tildeling-godkjent", manages, a.approve},

		{"POST " + ours + "/tildelinger/{aktorId}/forny", "tildeling-fornyet", manages, a.renew},
		{"GET " + ours + "/fornyelse", "fornyelse-lest", reads, a.renewals},
		{"PUT " + ours + "/fornyelse", "fornyelse-endret", manages, a.setDeadline},
		{"DELETE " + ours + "/fornyelse", "fornyelse-endret", manages, a.dropDeadline},

		{"GET " + org + "/noedtilganger", "noedtilgang-lest", oversees, a.widenings},
		{"POST " + org + "/noedtilganger/{id}/sett", "noedtilgang-sett", oversees, a.seen},
		{"GET " + org + "/gjennomgang", "gjennomgang-lest", oversees, a.review},
		{"GET " + org + "/administratorer", "administrator-lest", reads, a.administrators},
		{"PUT " + org + "/administratorer/{ansattId}", "administrator-utnevnt", appoints, a.appoint},
		{"DELETE " + org + "/administratorer/{ansattId}", "administrator-fjernet", appoints, a.dismiss},
		{"GET " + org + "/innstillinger", "innstilling-lest", reads, a.getSettings},
		{"PUT " + org + "/innstillinger", "innstilling-endret", manages, a.putSettings},
	} {
		routes = append(routes, host.Route{Pattern: r.pattern, Handle: a.By(r.may, r.handling, r.do)})
	}
	return routes, nil
}
