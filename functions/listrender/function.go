// Package listrender makes citizen lists: it has the register find the persons, fetches them through the
// corridor, and writes the file.
//
// It refuses to begin from zero what another has half done, to make two files of one order, and to fetch
// anybody whom the corridor would not tell the one who ordered of now.
package listrender

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/GoogleCloudPlatform/functions-framework-go/functions"
	"gocloud.dev/blob"

	"hjemmel/shared/audit"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/host"
	"hjemmel/shared/host/trigger"
	"hjemmel/shared/lists"
	"hjemmel/shared/queue"
	"hjemmel/shared/roles"
)

func init() { functions.HTTP("listrender", host.HTTP("listrender", New)) }

// renderer is the function with the parts it uses.
type renderer struct {
	desk    *disclosure.Desk
	roles   *roles.Book
	lists   *lists.Book
	log     *audit.Log
	changes *host.Changes
	orders  *queue.Outbox
	recalls *queue.Outbox
	files   *blob.Bucket
	now     func() time.Time
	poll    time.Duration
}

// newRenderer opens the parts.
func newRenderer(e *host.Env) (*renderer, error) {
	r := &renderer{now: e.Now, poll: poll}
	var errs [8]error
	r.desk, errs[0] = e.Desk()
	r.roles, errs[1] = e.Roles()
	r.lists, errs[2] = e.Lists()
	r.log, errs[3] = e.Audit()
	r.changes, errs[4] = e.Changes()
	r.orders, errs[5] = e.ListWork()
	r.files, errs[6] = e.Files()
	r.recalls, errs[7] = e.RecallWork()
	return r, errors.Join(errs[:]...)
}

// tidy is how often lists whose time is over are looked for.
const tidy = time.Minute

// New makes the function.
func New(e *host.Env) (http.Handler, error) {
	routes, err := Routes(e)
	return e.Mux(routes...), errors.Join(err, Start(e))
}

// Routes are the operations of the function, for the platform's queue and scheduler.
func Routes(e *host.Env) ([]host.Route, error) {
	r, err := newRenderer(e)
	if err != nil {
		return nil, err
	}
	const at = "POST /hjemmel/v1/plattform/lister/"
	return trigger.ByPlatform(e,
		trigger.Pushed(at+"lag", r.orders, r.Work),
		trigger.Pushed(at+"trekk", r.recalls, r.Recall),
		trigger.Counted(at+"purr", "sendt", r.resend),
		trigger.Counted(at+"rydd", "fjernet", r.Expire),
	)
}

// resend sends what is overdue of either kind of work again.
func (r *renderer) resend(ctx context.Context) (sent int, err error) {
	lists, err := r.orders.Resend(ctx)
	recalls, other := r.recalls.Resend(ctx)
	return lists + recalls, errors.Join(err, other)
}

// Start makes lists, and removes those whose time is over, until the environment is closed, on a machine that
// has no queue and no scheduler.
func Start(e *host.Env) error {
	r, err := newRenderer(e)
	if err != nil {
		return err
	}
	e.Work(r.orders, r.Work)
	e.Work(r.recalls, r.Recall)
	e.Every(tidy, func(ctx context.Context) error {
		_, err := r.Expire(ctx)
		return err
	})
	return nil
}

// Utloept is the action of a list that is removed because its time is over.
const Utloept = "innbyggerliste-utloept"

// Expire removes the lists whose time is over, and gives how many. What is left of them goes with the next
// work. It removes notes of old recalls too.
func (r *renderer) Expire(ctx context.Context) (removed int, err error) {
	ids, err := r.lists.Expired(ctx, r.now(), 1000)
	if err != nil {
		return 0, err
	}
	var failed []error
	for _, id := range ids {
		ok, err := r.expire(ctx, id)
		if ok {
			removed++
		}
		failed = append(failed, err)
	}
	return removed, errors.Join(append(failed, r.lists.ForgetRecalls(ctx, r.now(), forget))...)
}

// expire removes one list; ok is false where there is none any more.
func (r *renderer) expire(ctx context.Context, id string) (ok bool, err error) {
	l, ok, err := r.lists.Liste(ctx, id)
	if err != nil || !ok {
		return false, err
	}
	ops, err := r.lists.Remove(ctx, &l)
	if err != nil {
		return false, err
	}
	work, err := r.orders.Anew(ctx, l.ID, []byte(l.FiksOrgID)) // to clean up
	if err != nil {
		return false, err
	}
	_, err = r.changes.Once(ctx, audit.Entry{FiksOrgID: l.FiksOrgID, Rolle: l.RolleID, Handling: Utloept, Gjelder: l.ID}, append(ops, work)...)
	if err != nil {
		return false, err
	}
	return true, r.orders.Tell(ctx, l.ID)
}
