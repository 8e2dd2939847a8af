package disclosure

import (
	"context"
	"errors"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/policy"
)

// maxTries bounds how often an ask is judged again because the same holder's other asks were counted
// meanwhile.
const maxTries = 200

var errBusy = fault.From(fault.Unavailable, "TILGANGER_UTILGJENGELIG", "Tilgangene kan ikke leses nå. Prøv igjen om litt.",
	errors.New("disclosure: the budget is counted by too many at once"))

// decide asks policy with what the holder has used today, and counts what is granted. Where somebody
// else counts at the same time it starts over, so that no two asks pass on the same count.
func (d *Desk) decide(ctx context.Context, h policy.Holder, a policy.Ask) (policy.Holder, policy.Decision, error) {
	for range maxTries {
		used, err := d.roles.Forbruk(ctx, h, a.At.In(policy.Oslo()).Format(time.DateOnly))
		if err != nil {
			return h, policy.Decision{}, err
		}
		h.Brukt = used.Brukt(a.Action)
		decision := policy.Decide(h, a)
		if decision.Denied() {
			return h, decision, nil
		}
		counted, err := d.roles.Bruk(ctx, used, a)
		if counted || err != nil {
			return h, decision, err
		}
	}
	return h, policy.Decision{}, errBusy
}

// untilTomorrow says when a budget that is used up can be used again.
func untilTomorrow(now time.Time) time.Duration {
	y, m, day := now.In(policy.Oslo()).Date()
	return time.Date(y, m, day+1, 0, 0, 0, 0, policy.Oslo()).Sub(now)
}
