package listrender

import (
	"context"
	"errors"

	"hjemmel/shared/audit"
	"hjemmel/shared/host"
	"hjemmel/shared/queue"
	"hjemmel/shared/store"
)

// Trukket is the action of a list that is withdrawn.
const Trukket = "innbyggerliste-trukket"

// Recall withdraws the lists that a person is on, each in a commit of its own with its entry, which does not say
// whom it was for. It is done again from the start where it stops halfway: a list is withdrawn once.
func (r *renderer) Recall(ctx context.Context, lease *queue.Lease) ([]store.Op, error) {
	t, err := r.lists.OpenRecall(lease.ID, lease.Body)
	if err != nil {
		return nil, err
	}
	note, err := r.lists.Note(lease.ID, t, r.now())
	if err != nil {
		return nil, err
	}
	if err := lease.Commit(ctx, note); err != nil { // before anybody is looked for
		return nil, err
	}
	ids, err := r.lists.With(ctx, t.FiksOrgID, t.Person)
	if err != nil {
		return nil, err
	}
	var failed []error
	for _, id := range ids {
		_, err := r.changes.Deliver(ctx, func() (host.Plan, error) { return r.withdraw(ctx, id) })
		if !errors.Is(err, errDone) {
			failed = append(failed, err)
		}
	}
	return nil, errors.Join(failed...)
}

// errDone stops where there is nothing to do.
var errDone = errors.New("listrender: withdrawn already")

// missed withdraws the list where somebody in its pieces was recalled while they were read, and reports whether it was so.
// After the last piece a recall finds the list itself.
func (j *job) missed(ctx context.Context) (bool, error) {
	found, err := j.lists.Recalled(ctx, &j.liste)
	if err != nil || !found {
		return false, err
	}
	_, err = j.changes.Deliver(ctx, func() (host.Plan, error) { return j.withdraw(ctx, j.liste.ID) })
	if errors.Is(err, errDone) {
		err = nil
	}
	return true, err
}

// withdraw is the withdrawal of a list as it is now. Its file and what is remembered go with the next work.
func (r *renderer) withdraw(ctx context.Context, id string) (host.Plan, error) {
	l, ok, err := r.lists.Liste(ctx, id)
	if err != nil {
		return host.Plan{}, err
	}
	if !ok {
		return host.Plan{}, errDone
	}
	ops, err := r.lists.Withdraw(ctx, &l, r.now())
	if err != nil {
		return host.Plan{}, err
	}
	if ops == nil {
		return host.Plan{}, errDone
	}
	work, err := r.orders.Anew(ctx, l.ID, []byte(l.FiksOrgID))
	if err != nil {
		return host.Plan{}, err
	}
	return host.Plan{Ops: append(ops, work), Entry: audit.Entry{FiksOrgID: l.FiksOrgID, Rolle: l.RolleID, Handling: Trukket, Gjelder: l.ID, Utfall: audit.Utfoert}}, nil
}
