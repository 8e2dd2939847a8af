package roles

import (
	"context"
	"slices"

	"hjemmel/shared/identity"
)

// Ansettelser lists what an employee who logged in with us is, in every organisation, of some functions.
// For everybody else, also an employee who comes through a vendor's system, it is empty: what
// administrators and operators may do is theirs alone. An error means that the store could not answer.
func (b *Book) Ansettelser(ctx context.Context, who identity.Caller, as ...Funksjon) ([]Ansatt, error) {
	if who.Kind() != identity.KindEmployee {
		return nil, nil
	}
	all, err := b.aktorer(ctx, who)
	return slices.DeleteFunc(all, func(a Ansatt) bool { return !slices.Contains(as, a.Funksjon) }), err
}
