package queue

import (
	"context"
	"time"

	"hjemmel/shared/store"
)

// Overdue is how long the order that has waited longest for somebody has been overdue; 0 where none is.
func (o *Outbox) Overdue(ctx context.Context) (time.Duration, error) {
	records, err := store.All(ctx, o.state, o.prefix())
	if err != nil {
		return 0, err
	}
	var longest time.Duration
	for _, r := range records {
		w, err := store.Value[order](r)
		if err != nil {
			return 0, err
		}
		longest = max(longest, o.now().Sub(w.Due))
	}
	return longest, nil
}
