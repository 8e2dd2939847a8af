// Package search is where an organisation's audit log is read: by its privacy officer and its auditor, who may
// search all of it, and by every employee, who may see what is written of their own doings.
//
// It refuses everybody else in the same words whatever there is, another organisation's officer too, and to
// show anything before it is written that it was read. It never shows an identity number, only the pseudonym
// that the log has, and takes none in an address.
package search

import (
	"hjemmel/shared/api"
	"hjemmel/shared/audit/find"
	"hjemmel/shared/audit/seal"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
)

// desk has the parts that reading the log takes.
type desk struct {
	*office.Office
	log     *find.Log
	numbers api.Numbers
	sealer  *seal.Sealer
}

// Routes are the operations.
func Routes(e *host.Env) ([]host.Route, error) {
	o, err := office.New(e)
	if err != nil {
		return nil, err
	}
	log, err := e.Finder()
	if err != nil {
		return nil, err
	}
	s, err := e.Sealer()
	if err != nil {
		return nil, err
	}
	d := &desk{o, log, e.Numbers(), s}
	return []host.Route{
		{Pattern: "POST /hjemmel/v1/logg/soek", Handle: d.By(office.Innsyn, "loggsoek", d.search)},
		{Pattern: "POST /hjemmel/v1/logg/eksport", Handle: d.By(office.Innsyn, "loggeksport", d.export)},
		{Pattern: "GET /hjemmel/v1/meg/oppslag", Handle: d.By(office.Employed, "egne-oppslag-lest", d.own)},
		{Pattern: "GET /audit-sok/api/v1/sok", Handle: d.By(office.Innsyn, "loggsoek", d.fiks)},
	}, nil
}
