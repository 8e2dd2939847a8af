package roles

import (
	"context"

	"hjemmel/shared/identity"
)

// Employments lists what an employee who logged in with us is, in every organisation. For everybody
// else, also an employee who comes through a vendor's system, it is empty: what administrators and
// operators may do is theirs alone. An error means that the store could not answer.
func (b *Book) Employments(ctx context.Context, who identity.Caller) ([]Ansatt, error) {
	if who.Kind() != identity.KindEmployee {
		return nil, nil
	}
	return b.aktorer(ctx, who)
}
