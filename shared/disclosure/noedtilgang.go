package disclosure

import (
	"context"

	"github.com/google/uuid"

	"hjemmel/shared/audit"
	"hjemmel/shared/policy"
	"hjemmel/shared/roles"
)

// AapneNoedtilgang and SeNoedtilgang are the actions of widening a role, and of listing who did.
const (
	AapneNoedtilgang policy.Action = "noedtilgang"
	SeNoedtilgang    policy.Action = "noedtilganger"
)

// Widening is a nødtilgang with the receipt of its entry.
type Widening struct {
	Noedtilgang policy.Noedtilgang
	Receipt     audit.Receipt
}

// Widen opens a nødtilgang for an employee in a role that permits it. The entry is written first: an
// entry without a nødtilgang is possible, the reverse is not.
func (d *Desk) Widen(ctx context.Context, r Request, grunn string) (Widening, error) {
	r.Ask.Action, r.Ask.Formaal, r.Ask.At = AapneNoedtilgang, grunn, d.now()
	c := corridor{req: r}
	var err error
	if c.holder, err = d.roles.Holder(ctx, r.Who, r.RolleID); err != nil {
		return Widening{}, d.failed(ctx, c, err)
	}
	n, refused := policy.NewNoedtilgang(c.holder, grunn, r.Ask.At)
	if refused != nil {
		return Widening{}, d.written(ctx, c, refused, audit.Avslag, []policy.RuleID{"noedtilgang"})
	}
	n.ID = uuid.NewString()
	e := c.entry()
	e.Utfall = audit.Gitt
	receipt, err := d.log.Append(ctx, e)
	if err != nil {
		return Widening{}, err
	}
	return Widening{n, receipt}, d.roles.Open(ctx, n)
}

// Widenings lists the nødtilganger of a role: all of them for an administrator or a privacy officer of
// the role's organisation, and for others their own.
func (d *Desk) Widenings(ctx context.Context, r Request) ([]policy.Noedtilgang, error) {
	readers, err := d.roles.Ansettelser(ctx, r.Who, roles.Administrator, roles.Personvern)
	if err != nil {
		return nil, err
	}
	for _, a := range readers {
		all, err := d.roles.Noedtilganger(ctx, a.FiksOrgID, r.RolleID, "")
		if err != nil || len(all) > 0 {
			return all, err
		}
	}
	h, err := d.roles.Holder(ctx, r.Who, r.RolleID)
	if err != nil || h.Aktor == "" || h.FiksOrgID == "" || h.Profil == nil {
		return nil, err
	}
	return d.roles.Noedtilganger(ctx, h.FiksOrgID, h.Profil.Role.ID, h.Aktor)
}
