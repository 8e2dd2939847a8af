package roles

import (
	"context"
	"slices"

	"hjemmel/shared/identity"
)

// Ansettelser lists the caller's employments that have one of the functions; none for a system.
func (b *Book) Ansettelser(ctx context.Context, who identity.Caller, as ...Funksjon) ([]Ansatt, error) {
	if who.Kind() != identity.KindEmployee {
		return nil, nil
	}
	all, err := b.aktorer(ctx, who)
	return slices.DeleteFunc(all, func(a Ansatt) bool { return !slices.Contains(as, a.Funksjon) }), err
}
