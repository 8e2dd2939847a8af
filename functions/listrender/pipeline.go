package listrender

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/lists"
	"hjemmel/shared/person"
	"hjemmel/shared/queue"
	"hjemmel/shared/store"
)

// How long the pipeline waits.
const (
	deadline = 24 * time.Hour  // for a list that is delayed
	poll     = time.Second     // between two questions whether a batch is ready
	patience = 4 * time.Minute // for one batch, before the work rests
	forget   = 400             // records removed at a time
)

var (
	errNotReady = fault.New(fault.Unavailable, "UTTREKK_IKKE_KLART", "Folkeregisteret er ikke ferdig med uttrekket.")
	errTooLate  = fault.New(fault.Unavailable, "LISTE_FRIST_UTE", "Listen ble ikke ferdig innen et døgn.")
	errOrder    = fault.New(fault.Internal, "BESTILLING_ULESELIG", "Bestillingen kan ikke leses.")
)

// job is one list under work.
type job struct {
	*renderer
	lease *queue.Lease
	liste lists.Liste
	order disclosure.Order

	present snapshot // of the list, while it is compared
	seen    seen
}

// Work makes one list, from wherever it was left, and gives no writes of its own: each step is committed
// when it is done. A list that is gone, or at an end, is only cleaned up after.
func (r *renderer) Work(ctx context.Context, lease *queue.Lease) ([]store.Op, error) {
	j := &job{renderer: r, lease: lease}
	for {
		ok, err := j.reload(ctx)
		if err != nil {
			return nil, err
		}
		if !ok || j.liste.Status.Ended() {
			return nil, j.cleanUp(ctx)
		}
		if j.liste.Venter() { // nobody has ordered this work
			return nil, nil
		}
		err = j.step(ctx)
		if errors.Is(err, store.ErrConflict) { // somebody removed it, or extended the lease
			continue
		}
		if err != nil {
			err = j.stopped(ctx, err)
		}
		if err != nil {
			return nil, err
		}
	}
}

func (j *job) reload(ctx context.Context) (ok bool, err error) {
	j.liste, ok, err = j.lists.Liste(ctx, j.lease.ID)
	if err == nil && ok && json.Unmarshal(j.liste.Bestilling, &j.order) != nil {
		err = errOrder
	}
	return ok, err
}

// step takes the list one step further.
func (j *job) step(ctx context.Context) error {
	switch {
	case j.liste.Status == lists.FerdigSkatt && j.liste.Gjort < j.liste.Deler:
		return j.fetch(ctx)
	case j.liste.Status == lists.FerdigSkatt && j.liste.Grunnlag != nil && j.liste.Grunnlag.Gjort < j.liste.Grunnlag.Deler:
		return j.left(ctx)
	case j.liste.Status == lists.FerdigSkatt:
		return j.write(ctx)
	case j.liste.Kilde == lists.Soek, j.liste.Kilde == lists.Listesoek && j.liste.Deler == 0:
		return j.gather(ctx)
	}
	for i := range j.liste.Jobber {
		switch {
		case j.liste.Jobber[i].ID == "":
			return j.ordered(ctx, &j.liste.Jobber[i])
		case !j.liste.Jobber[i].Slutt:
			return j.batch(ctx, &j.liste.Jobber[i])
		}
	}
	return j.save(ctx, lists.FerdigSkatt)
}

// save commits the list as it is now, under the lease.
func (j *job) save(ctx context.Context, to lists.Status, ops ...store.Op) error {
	j.liste.Forsinket = nil
	saved, err := j.liste.Save(to, j.now())
	if err != nil {
		return err
	}
	return j.lease.Commit(ctx, append(ops, saved...)...)
}

// gather finds the persons of a list of searches.
func (j *job) gather(ctx context.Context) error {
	var all []disclosure.Sought
	if json.Unmarshal(j.liste.Sporsmaal, &all) != nil {
		return errOrder
	}
	ids, err := j.desk.Gather(ctx, j.order, all...)
	if err != nil {
		return err
	}
	return j.found(ctx, lists.FerdigSkatt, ids)
}

// found remembers numbers, in pieces.
func (j *job) found(ctx context.Context, to lists.Status, ids []person.ID) error {
	var ops []store.Op
	for len(ids) > 0 {
		n := min(len(ids), lists.PartSize)
		op, err := j.lists.PutPart(&j.liste, j.liste.Deler, ids[:n])
		if err != nil {
			return err
		}
		ops, ids = append(ops, op), ids[n:]
		j.liste.Deler++
	}
	return j.save(ctx, to, ops...)
}

// fetch discloses the next piece: its rows, the entries and how far the list has come are one commit.
func (j *job) fetch(ctx context.Context) error {
	ids, err := j.lists.Part(ctx, &j.liste, j.liste.Gjort)
	if err != nil {
		return err
	}
	_, err = j.desk.DiscloseList(ctx, j.order, ids, func(answers []disclosure.Answer) ([]store.Op, error) {
		rows, err := j.rows(answers)
		if err != nil {
			return nil, err
		}
		put, err := j.lists.PutRows(&j.liste, j.liste.Gjort, rows)
		if err != nil {
			return nil, err
		}
		who := j.lists.PutPersons(&j.liste, j.liste.Gjort, shown(answers))
		j.liste.Gjort++
		j.liste.Rader += len(rows)
		j.liste.Forsinket = nil
		saved, err := j.liste.Save(lists.FerdigSkatt, j.now())
		if err != nil {
			return nil, err
		}
		fence, err := j.lease.Fence(ctx)
		return append(saved, put, who, fence), err
	})
	return err
}

// stopped notes why a list waits, or ends it where waiting does not help.
func (j *job) stopped(ctx context.Context, cause error) error {
	f := fault.Of(cause)
	if errors.Is(cause, queue.ErrLost) || ctx.Err() != nil {
		return cause
	}
	now := j.now()
	waits := f.Kind == fault.Unavailable || f.Kind == fault.TooMany
	if ok, err := j.reload(ctx); err != nil || !ok {
		return err
	}
	if waits {
		if j.liste.Forsinket == nil {
			j.liste.Forsinket = &lists.Forsinkelse{Siden: now}
		}
		j.liste.Forsinket.Grunn, j.liste.Forsinket.Forsoek = f.Code, j.liste.Forsinket.Forsoek+1
		if now.Sub(j.liste.Opprettet) < deadline {
			saved, err := j.liste.Save(j.liste.Status, now)
			if err != nil {
				return err
			}
			return errors.Join(j.lease.Commit(ctx, saved...), cause)
		}
		f = errTooLate
	}
	j.liste.Feilkode, j.liste.Feil = f.Code, f.Detail
	return j.save(ctx, lists.Feilet)
}

// shown are those who have a row.
func shown(answers []disclosure.Answer) (ids []person.ID) {
	for _, a := range answers {
		if a.Feil == nil {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// cleanUp removes what the pipeline remembered of a list that is at its end, and the files of one that has
// none.
func (j *job) cleanUp(ctx context.Context) error {
	at := lists.Liste{ID: j.lease.ID, FiksOrgID: string(j.lease.Body), Status: j.liste.Status, TrukketTid: j.liste.TrukketTid}
	own := j.liste.Fil.Noekkel
	if j.liste.Trukket() {
		own = ""
	}
	for {
		ops, err := j.lists.Forget(ctx, &at, j.compared(), forget)
		if err != nil {
			return err
		}
		if len(ops) == 0 {
			return j.swept(ctx, at, own)
		}
		if err := j.lease.Commit(ctx, ops...); err != nil {
			return err
		}
	}
}

// Borte is the action of a list of which nothing is left but what it says of itself, if that.
const Borte = "innbyggerliste-borte"

// swept removes files, and of a list that is to have none proves that it is so: the entry is written when they are
// gone, and once more where we die before the work is done.
func (j *job) swept(ctx context.Context, at lists.Liste, own string) error {
	if err := j.sweepFiles(ctx, at.FiksOrgID, at.ID, own); err != nil {
		return err
	}
	if at.Status != "" && !at.Trukket() {
		return nil
	}
	_, err := j.log.Append(ctx, audit.Entry{FiksOrgID: at.FiksOrgID, Rolle: j.liste.RolleID, Handling: Borte, Gjelder: at.ID, Utfall: audit.Utfoert})
	return err
}
