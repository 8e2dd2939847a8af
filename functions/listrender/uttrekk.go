package listrender

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/lists"
	"hjemmel/shared/person"
)

// ordered orders the uttrekk of one kommune.
func (j *job) ordered(ctx context.Context, of *lists.Jobb) error {
	var u disclosure.Uttrekk
	if json.Unmarshal(j.liste.Sporsmaal, &u) != nil {
		return errOrder
	}
	u.Kommune = disclosure.Kommune{Bosted: of.Kommunenummer}
	if of.Opphold {
		u.Kommune = disclosure.Kommune{Opphold: of.Kommunenummer}
	}
	id, err := j.desk.OrderUttrekk(ctx, j.order, u)
	if err != nil {
		return err
	}
	of.ID = id
	return j.save(ctx, lists.HosSkatt)
}

// batch reads the next batch of a job, waiting for it a while.
func (j *job) batch(ctx context.Context, of *lists.Jobb) error {
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		n, err := j.desk.Batch(ctx, j.order, of.ID, of.Lest)
		if err != nil {
			return j.gone(ctx, of, err)
		}
		if n.Ready {
			of.Slutt = n.End
			of.Lest++
			ids, err := j.unseen(ctx, n.IDs)
			if err != nil {
				return err
			}
			return j.found(ctx, lists.HosSkatt, ids)
		}
		select {
		case <-wait.Done():
			return errNotReady
		case <-time.After(j.poll):
		}
	}
}

// gone has an uttrekk ordered anew that the register has no longer, after a rest; whom it gave before is not found again.
func (j *job) gone(ctx context.Context, of *lists.Jobb, cause error) error {
	if fault.Of(cause).Code != disclosure.UttrekkGone.Code {
		return cause
	}
	of.ID, of.Lest, of.Igjen = "", 0, true
	return errors.Join(cause, j.save(ctx, lists.HosSkatt))
}

// seen are those whom the first pieces of a list have.
type seen struct {
	pieces int
	ids    map[person.ID]struct{}
}

// unseen leaves out those whom an earlier batch had: who lives in one kommune and stays in another, has moved between two
// uttrekk, or is found by one that was ordered anew, is on the list once. Each piece is read once.
func (j *job) unseen(ctx context.Context, ids []person.ID) ([]person.ID, error) {
	again := slices.ContainsFunc(j.liste.Jobber, func(o lists.Jobb) bool { return o.Igjen })
	if len(j.liste.Jobber) < 2 && !again || len(ids) == 0 {
		return ids, nil
	}
	if j.seen.ids == nil {
		j.seen.ids = map[person.ID]struct{}{}
	}
	for ; j.seen.pieces < j.liste.Deler; j.seen.pieces++ {
		part, err := j.lists.Part(ctx, &j.liste, j.seen.pieces)
		if err != nil {
			return nil, err
		}
		for _, id := range part {
			j.seen.ids[id] = struct{}{}
		}
	}
	return slices.DeleteFunc(ids, func(id person.ID) bool { _, was := j.seen.ids[id]; return was }), nil
}
