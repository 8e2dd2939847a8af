package disclosure

import (
	"context"

	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/policy"
	"hjemmel/shared/roles"
)

// Avslagsinnsyn is the action of being told why a request was refused.
const Avslagsinnsyn policy.Action = "avslagsinnsyn"

var (
	errFunksjon  = fault.New(fault.Denied, "FUNKSJON_MANGLER", "Dette er bare for administratorer og personvernombud i organisasjonen.")
	errNoRefusal = fault.New(fault.NotFound, "AVSLAG_IKKE_FUNNET", "Organisasjonen har ingen forespørsel med denne id-en som ble avslått.")
)

// Explanation is why a request was refused: one entry for each person it was about.
type Explanation struct {
	Avslag  []audit.Entry
	Receipt audit.Receipt
}

// Explain tells an administrator or a privacy officer why a request in their organisation was refused.
// Reading is itself logged, about the same pseudonyms, before it is told. A request of another
// organisation looks like none.
func (d *Desk) Explain(ctx context.Context, r Request, refused string) (Explanation, error) {
	r.Ask.Action = Avslagsinnsyn
	readers, err := d.roles.Ansettelser(ctx, r.Who, roles.Administrator, roles.Personvern)
	switch {
	case err != nil:
		return Explanation{}, err
	case len(readers) == 0:
		return Explanation{}, errFunksjon
	}
	for _, a := range readers {
		found, err := d.log.Refusals(ctx, a.FiksOrgID, refused)
		if err != nil {
			return Explanation{}, err
		}
		if len(found) == 0 {
			continue
		}
		read := make([]audit.Entry, len(found))
		for i, e := range found {
			read[i] = audit.Entry{
				FiksOrgID: a.FiksOrgID, Aktor: a.ID, Handling: string(Avslagsinnsyn), Formaal: "avslag " + refused,
				Subjekt: e.Subjekt, Utfall: audit.Utlevert, RequestID: r.RequestID,
			}
		}
		receipt, err := d.log.Append(ctx, read...)
		return Explanation{found, receipt}, err
	}
	return Explanation{}, errNoRefusal
}
