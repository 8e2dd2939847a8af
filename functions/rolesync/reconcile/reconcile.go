// Package reconcile holds now and then what identity systems have told against what roles are given to: it
// sweeps what is left of what is gone, ends assignments that nobody can have any more, and writes down for each
// organisation what somebody should see to.
//
// It refuses to give anybody anything, to take a role from somebody who is there and in time, and to mend
// anything without an entry in the same commit.
package reconcile

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"hjemmel/functions/rolesync/feed"
	"hjemmel/shared/audit"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/host/trigger"
	"hjemmel/shared/roles"
	"hjemmel/shared/roles/synced"
)

const (
	// maxSwept bounds what one reconciliation sweeps; the next one goes on.
	maxSwept = 20_000
	// keepEnded is how long an assignment that has ended can be seen, and renewed, before it is taken away.
	keepEnded = 90 * 24 * time.Hour
	// keepDeleted is longer than a mark of a target lives, so that none of them misses a deletion.
	keepDeleted  = 2 * feed.MarkLife
	maxForgotten = 1000
	// within bounds a reconciliation that a scheduler calls.
	within = 9 * time.Minute
	pause  = time.Hour
)

// reconciler is of all organisations.
type reconciler struct {
	*office.Office
	synced *synced.Book
	log    *slog.Logger
}

func newReconciler(e *host.Env) (*reconciler, error) {
	o, err := office.New(e)
	if err != nil {
		return nil, err
	}
	return &reconciler{o, o.Roles.Synced(), e.Log}, nil
}

// Routes are the scheduler's operation, and the administrators' look at what came of it.
func Routes(e *host.Env) ([]host.Route, error) {
	r, err := newReconciler(e)
	if err != nil {
		return nil, err
	}
	run := trigger.Counted("POST /hjemmel/v1/plattform/rollesynk/avstem", "avvik", r.Run)
	run.Within = within
	routes, err := trigger.ByPlatform(e, run)
	reads := office.Either(office.Administrator, office.Personvern)
	return append(routes, host.Route{
		Pattern: "GET /hjemmel/v1/organisasjoner/{fiksOrgId}/brukerstyring/avvik", Handle: r.By(reads, "synk-avvik-lest", r.show),
	}), err
}

// Start reconciles every hour until the environment is closed, on a machine that has no scheduler.
func Start(e *host.Env) error {
	r, err := newReconciler(e)
	if err != nil {
		return err
	}
	e.Every(pause, func(ctx context.Context) error {
		_, err := r.Run(ctx)
		return err
	})
	return nil
}

func (r *reconciler) show(c *office.Errand) (host.Reply, error) {
	report, err := r.synced.Report(c.Context(), c.Org)
	if err != nil {
		return host.Reply{}, err
	}
	out, err := host.ReplyJSON(http.StatusOK, "", report)
	return r.Told(c, out, err)
}

// Run sweeps and reconciles every organisation, and gives how much drift there is. What goes wrong with one
// does not keep it from the others.
func (r *reconciler) Run(ctx context.Context) (drift int, err error) {
	failed := []error{r.sweep(ctx)}
	all, err := r.Roles.Organisations(ctx)
	failed = append(failed, err)
	for _, o := range all {
		n, err := r.organisation(ctx, o.FiksOrgID)
		drift += n
		failed = append(failed, err)
	}
	return drift, errors.Join(failed...)
}

// sweep removes leftovers, with an entry for each batch.
func (r *reconciler) sweep(ctx context.Context) error {
	for ops, err := range r.synced.Sweep(ctx, maxSwept, r.Now()) {
		if err == nil {
			_, err = r.Changes.Once(ctx, audit.Entry{FiksOrgID: audit.Platform, Handling: "synk-ryddet"}, ops...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// organisation reconciles one organisation and keeps the report; there is none of one that has no source and
// no drift, and never had.
func (r *reconciler) organisation(ctx context.Context, id string) (drift int, err error) {
	report := synced.NewReport(id)
	report.Tid = synced.Moment(r.Now())
	if err := r.sources(ctx, &report); err != nil {
		return 0, err
	}
	if err := r.assignments(ctx, &report); err != nil {
		return 0, err
	}
	for _, n := range report.Antall {
		drift += n
	}
	if err := r.forget(ctx, id); err != nil {
		return drift, err
	}
	if n := report.Antall[synced.TokenEnding]; n > 0 { // an alert is made of this line
		r.log.Warn("tokens end soon", "code", synced.TokenEnding, "count", n)
	}
	before, err := r.synced.Report(ctx, id)
	if err != nil || drift == 0 && report.Kilder == 0 && before.Tid.IsZero() {
		return drift, err
	}
	op, err := r.synced.PutReport(ctx, report)
	if err != nil {
		return drift, err
	}
	_, err = r.Changes.Once(ctx, audit.Entry{FiksOrgID: id, Handling: "synk-avstemt", Gjelder: id}, op)
	return drift, err
}

// forget removes traces of what was deleted so long ago that nobody can be following from before it.
func (r *reconciler) forget(ctx context.Context, id string) error {
	ops, err := r.synced.Forget(ctx, id, r.Now().Add(-keepDeleted), maxForgotten)
	if err != nil || len(ops) == 0 {
		return err
	}
	_, err = r.Changes.Once(ctx, audit.Entry{FiksOrgID: id, Handling: "synk-ryddet"}, ops...)
	return err
}

// sources looks at the sources of an organisation: their tokens, users and groups.
func (r *reconciler) sources(ctx context.Context, to *synced.Report) error {
	all, err := r.synced.Sources(ctx, to.FiksOrgID)
	if err != nil {
		return err
	}
	persons := map[string][]string{} // active users by index entry
	for _, k := range all {
		to.Kilder++
		if err := r.tokens(ctx, k, to); err != nil {
			return err
		}
		err := r.synced.EachUser(ctx, k.ID, func(u synced.User) error {
			to.Brukere++
			if u.Aktiv && u.Person != "" {
				persons[u.Person] = append(persons[u.Person], u.AktorID())
			} else if u.Aktiv {
				to.Add(synced.Drift{Kode: map[bool]string{true: synced.NoNumber, false: synced.BadNumber}[len(u.Nummer) == 0], KildeID: k.ID, AktorIDer: []string{u.AktorID()}})
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := r.synced.EachGroup(ctx, k.ID, func(synced.Group) error { to.Grupper++; return nil }); err != nil {
			return err
		}
	}
	for _, ids := range persons {
		if len(ids) > 1 {
			to.Add(synced.Drift{Kode: synced.SamePerson, AktorIDer: ids})
		}
	}
	return nil
}

// tokens warns of a source whose tokens end soon, and of one that has none.
func (r *reconciler) tokens(ctx context.Context, k synced.Source, to *synced.Report) error {
	all, err := r.synced.Tokens(ctx, k)
	good, now := 0, r.Now()
	for _, t := range all {
		if !t.InForce(now) {
			continue
		}
		if good++; t.ExpiresAt.Sub(now) < synced.TokenWarning {
			to.Add(synced.Drift{Kode: synced.TokenEnding, KildeID: k.ID, TokenID: t.ID, Til: t.ExpiresAt})
		}
	}
	if err != nil || good > 0 {
		return err
	}
	if _, read, err := r.synced.Pulls().Pull(ctx, k.ID); err != nil || read {
		return err // a source that we read needs no token
	}
	to.Add(synced.Drift{Kode: synced.NoToken, KildeID: k.ID})
	return nil
}

// assignments ends those that count for nothing and never will: of synced users and groups that are gone, whose
// ids nobody gets again, and those that ended long ago. Of other actors that are gone it only tells.
func (r *reconciler) assignments(ctx context.Context, to *synced.Report) error {
	all, err := r.Roles.Roles(ctx, to.FiksOrgID)
	if err != nil {
		return err
	}
	for _, v := range all {
		given, err := r.Roles.Assignments(ctx, v.ID)
		if err != nil {
			return err
		}
		for _, a := range given {
			if err := r.assignment(ctx, v, a, to); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *reconciler) assignment(ctx context.Context, v roles.Version, a roles.Assignment, to *synced.Report) error {
	_, _, there, err := r.Roles.Aktor(ctx, to.FiksOrgID, a.AktorID)
	if err != nil {
		return err
	}
	d := synced.Drift{RolleID: v.ID, AktorIDer: []string{a.AktorID}}
	sort := roles.TypeOf(a.AktorID)
	switch {
	case v.Ended(a, r.Now().Add(-keepEnded)):
		d.Kode, d.Til, d.Rettet = synced.LongEnded, v.Ends(a), true
	case !there:
		d.Kode, d.Rettet = synced.ActorGone, sort == roles.EksternBruker || sort == roles.EksternGruppe
	default:
		return nil
	}
	if d.Rettet {
		if err := r.withdraw(ctx, v, a); err != nil {
			return err
		}
	}
	to.Add(d)
	return nil
}

// withdraw takes an assignment away, with its entry.
func (r *reconciler) withdraw(ctx context.Context, v roles.Version, a roles.Assignment) error {
	ops, err := r.Roles.Withdraw(ctx, v.ID, a.AktorID)
	if err != nil || ops == nil {
		return err
	}
	_, err = r.Changes.Once(ctx, audit.Entry{
		FiksOrgID: v.FiksOrgID, Handling: "tildeling-ryddet", Gjelder: a.AktorID,
		Rolle: v.ID, Rolleversjon: v.Versjon, Tjenesteomraade: v.Tjenesteomraade,
	}, ops...)
	return err
}
