package roles

import (
	"context"

	"hjemmel/shared/identity"
)

// high leaves out the employments in organisations that want a higher level of assurance than the employee
// logged in with: in those the caller is nobody, whatever is asked.
func (b *Book) high(ctx context.Context, who identity.Caller, found []Ansatt) ([]Ansatt, error) {
	var reached []Ansatt
	for _, a := range found {
		org, _, err := b.Organisation(ctx, a.FiksOrgID)
		if err != nil {
			return nil, err
		}
		if !org.wantsMore(who) {
			reached = append(reached, a)
		}
	}
	return reached, nil
}

func (o Organisation) wantsMore(who identity.Caller) bool {
	return o.Innloggingsnivaa != "" && who.Level() != identity.LevelHigh && who.Level() != o.Innloggingsnivaa
}

// OutOfReach lists the organisations that employ the caller and want a higher level of assurance than they
// logged in with.
func (b *Book) OutOfReach(ctx context.Context, who identity.Caller) ([]Organisation, error) {
	if who.Kind() != identity.KindEmployee {
		return nil, nil
	}
	found, err := b.employments(ctx, who.Person())
	if err != nil {
		return nil, err
	}
	var out []Organisation
	for _, a := range found {
		org, _, err := b.Organisation(ctx, a.FiksOrgID)
		if err != nil {
			return nil, err
		}
		if org.wantsMore(who) {
			out = append(out, org)
		}
	}
	return out, nil
}
