// Package pull reads the users and groups of identity systems that cannot push, when a schedule or an administrator
// says so, and makes the source as the system tells.
//
// It refuses to take away more than a chosen share of users or memberships unless an administrator has confirmed just
// that, to call somebody gone because they were not named, and to send a secret to an address that it was not given for.
package pull

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"hjemmel/functions/rolesync/directory"
	"hjemmel/functions/rolesync/provider"
	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/host/outgoing"
	"hjemmel/shared/host/trigger"
	"hjemmel/shared/roles/synced"
	"hjemmel/shared/roles/synced/pulled"
)

const (
	within = 9 * time.Minute
	pause  = time.Hour
)

// puller is of all sources.
type puller struct {
	*office.Office
	synced *synced.Book
	pulls  *pulled.Book
	inside provider.Inside
	config directory.Config
	entra  directory.Entra
	log    *slog.Logger
}

func newPuller(e *host.Env) (*puller, error) {
	o, err := office.New(e)
	if err != nil {
		return nil, err
	}
	inside, err := provider.NewInside(e)
	book := o.Roles.Synced()
	return &puller{
		o, book, book.Pulls(), inside, directory.Config{Rules: outgoing.Rules{Private: e.Config.PrivateHosts}},
		directory.Entra{Login: e.Config.EntraURL, Graph: e.Config.GraphURL}, e.Log,
	}, err
}

// Routes are the administrators' operations and the scheduler's.
func Routes(e *host.Env) ([]host.Route, error) {
	p, err := newPuller(e)
	if err != nil {
		return nil, err
	}
	run := trigger.Counted("POST /hjemmel/v1/plattform/rollesynk/hent", "stoppet", p.Run)
	run.Within = within
	routes, err := trigger.ByPlatform(e, run)
	const at = " /hjemmel/v1/organisasjoner/{fiksOrgId}/kilder/{kildeId}/henting"
	reads := office.Either(office.Administrator, office.Personvern)
	return append(routes,
		host.Route{Pattern: "GET" + at, Handle: p.By(reads, "synk-henting-lest", p.show)},
		host.Route{Pattern: "PUT" + at, Handle: p.By(office.Administrator, "synk-henting-satt", p.put)},
		host.Route{Pattern: "DELETE" + at, Handle: p.By(office.Administrator, "synk-henting-slettet", p.remove)},
		host.Route{Pattern: "POST" + at, Within: within, Handle: p.By(office.Administrator, "synk-henting-bestilt", p.order)},
	), err
}

// Start reads every hour until the environment is closed, on a machine that has no scheduler.
func Start(e *host.Env) error {
	p, err := newPuller(e)
	if err != nil {
		return err
	}
	e.Every(pause, func(ctx context.Context) error {
		_, err := p.Run(ctx)
		return err
	})
	return nil
}

// Run reads every source that is to be read, and gives how many stopped or failed: those are for their
// administrators to see to, and keep nothing from the others.
func (p *puller) Run(ctx context.Context) (stopped int, err error) {
	all, err := p.pulls.All(ctx)
	if err != nil {
		return 0, err
	}
	for _, h := range all {
		s, err := p.once(ctx, h, h.KildeID, "")
		if err != nil || s.Utfall != pulled.Done {
			stopped++
		}
		if err != nil { // an alert is made of this line
			p.log.Warn("a source could not be read", "code", fault.Of(err).Code)
		}
	}
	return stopped, nil
}

var errRunning = fault.New(fault.Conflict, "HENTING_PAAGAAR", "Kilden hentes nå. Vent til det er ferdig, og se hvordan det gikk.")

// once reads one source. by is who wants it, confirmed the fingerprint of what may be taken away, or "".
func (p *puller) once(ctx context.Context, h pulled.Pull, by, confirmed string) (pulled.Status, error) {
	source, ok, err := p.synced.Source(ctx, h.KildeID)
	if err != nil {
		return pulled.Status{}, err
	}
	if !ok {
		return pulled.Status{Utfall: pulled.Done}, p.forget(ctx, h)
	}
	s, err := p.begin(ctx, h, by)
	if err != nil {
		return s, err
	}
	within, stop := context.WithTimeout(ctx, within-15*time.Second)
	defer stop()
	s.Utfall = pulled.Done
	if err := p.read(within, source, h, confirmed, &s); err != nil {
		s.Utfall, s.Feil = pulled.Failed, code(err)
	}
	s.Ferdig = synced.Moment(p.Now())
	return s, p.end(context.WithoutCancel(ctx), h, by, s)
}

// code is of what went wrong.
func code(err error) string {
	if f, ok := errors.AsType[directory.Failure](err); ok {
		return string(f)
	}
	return fault.Of(err).Code
}

// forget ends the reading of a source that is gone.
func (p *puller) forget(ctx context.Context, h pulled.Pull) error {
	ops, err := p.pulls.Drop(ctx, h)
	if err == nil {
		_, err = p.Changes.Once(ctx, audit.Entry{FiksOrgID: h.FiksOrgID, Handling: "synk-ryddet", Gjelder: h.KildeID}, ops...)
	}
	return err
}

// begin writes down that a run is under way, so that no other is.
func (p *puller) begin(ctx context.Context, h pulled.Pull, by string) (pulled.Status, error) {
	was, err := p.pulls.Status(ctx, h.KildeID)
	if err != nil {
		return was, err
	}
	if was.Running(p.Now()) {
		return was, errRunning
	}
	next := was.Begun(h.KildeID, synced.Moment(p.Now()))
	op, err := pulled.PutStatus(next)
	if err == nil {
		_, err = p.Changes.Once(ctx, audit.Entry{FiksOrgID: h.FiksOrgID, Aktor: by, Handling: "synk-henting-begynt", Gjelder: h.KildeID}, op)
	}
	if err != nil {
		return was, err
	}
	return p.pulls.Status(ctx, h.KildeID)
}

// read compares and applies. Where the run begins next is moved on first when all of it is done.
func (p *puller) read(ctx context.Context, source synced.Source, h pulled.Pull, confirmed string, s *pulled.Status) error {
	dir, err := p.open(h)
	if err != nil {
		return err
	}
	told := p.Now()
	t, err := dir.Read(ctx, s.Merke)
	if err != nil {
		return err
	}
	work := planner{synced: p.synced, source: source, dir: dir, told: t, prefix: h.Gruppeprefiks}
	if err := work.work(ctx); err != nil {
		return err
	}
	s.Fjerner, s.Melder, s.UkjenteMedlemmer, s.Fingeravtrykk = work.fewer, work.apart, work.unknown, ""
	if s.Fjerner.Above(h.MaksAndel) || s.Melder.Above(h.MaksAndel) {
		if s.Fingeravtrykk = work.fingerprint(); s.Fingeravtrykk != confirmed {
			s.Utfall = pulled.Stopped
			return nil
		}
	}
	a := applier{p.inside, source, told, work.ids, s}
	if err := a.apply(ctx, &work.plan); err != nil {
		return err
	}
	if s.Fingeravtrykk = ""; s.Avvist == 0 {
		s.Merke = t.Next
	}
	return nil
}

func (p *puller) open(h pulled.Pull) (directory.Directory, error) {
	secret, err := p.pulls.Secret(h)
	if err != nil {
		return nil, directory.ErrAccess
	}
	if h.Type == pulled.SCIM {
		return directory.NewSCIM(p.config, h.Adresse, secret, h.Nummerfelt)
	}
	e := p.entra
	e.Tenant, e.ClientID, e.Secret, e.Number = h.Tenant, h.KlientID, secret, h.Nummerfelt
	return directory.NewGraph(p.config, e)
}

// end writes down how it went.
func (p *puller) end(ctx context.Context, h pulled.Pull, by string, s pulled.Status) error {
	op, err := pulled.PutStatus(s)
	if err != nil {
		return err
	}
	n := s.Opprettet + s.Endret + s.Fjernet
	e := audit.Entry{FiksOrgID: h.FiksOrgID, Aktor: by, Handling: "synk-hentet", Gjelder: h.KildeID, Treff: &n}
	switch s.Utfall {
	case pulled.Stopped:
		e.Handling = "synk-henting-stoppet"
	case pulled.Failed:
		e.Utfall = audit.Feilet
	}
	if s.Utfall != pulled.Done { // an alert is made of this line
		p.log.Warn("a source was not read", "code", s.Utfall+" "+s.Feil)
	}
	_, err = p.Changes.Once(ctx, e, op)
	return err
}

// answered is what an administrator sees: never the secret.
type answered struct {
	KildeID       string         `json:"kildeId"`
	Type          string         `json:"type"`
	Adresse       string         `json:"adresse,omitempty"`
	Tenant        string         `json:"tenant,omitempty"`
	KlientID      string         `json:"klientId,omitempty"`
	Nummerfelt    string         `json:"nummerfelt,omitempty"`
	Gruppeprefiks string         `json:"gruppeprefiks,omitempty"`
	MaksAndel     int            `json:"maksAndel"`
	Endret        time.Time      `json:"endret"`
	Siste         *pulled.Status `json:"sisteHenting,omitempty"`
}

func shown(h pulled.Pull, s pulled.Status) answered {
	out := answered{h.KildeID, h.Type, h.Adresse, h.Tenant, h.KlientID, h.Nummerfelt, h.Gruppeprefiks, h.MaksAndel, h.Endret, nil}
	if s.Merke = ""; !s.Startet.IsZero() {
		out.Siste = &s
	}
	return out
}

// source gives the source of the path, where it is the organisation's.
func (p *puller) source(c *office.Errand) (synced.Source, error) {
	k, ok, err := p.synced.Source(c.Context(), c.PathValue("kildeId"))
	if err == nil && (!ok || k.FiksOrgID != c.Org) {
		return synced.Source{}, synced.ErrGone
	}
	c.Entry.Gjelder = k.ID
	return k, err
}

// pull gives how the source of the path is read.
func (p *puller) pull(c *office.Errand) (pulled.Pull, error) {
	k, err := p.source(c)
	if err != nil {
		return pulled.Pull{}, err
	}
	h, ok, err := p.pulls.Pull(c.Context(), k.ID)
	if err == nil && !ok {
		err = errNone
	}
	return h, err
}

var errNone = fault.New(fault.NotFound, "HENTING_IKKE_SATT_OPP", "Det er ikke satt opp henting fra denne kilden.")

func (p *puller) show(c *office.Errand) (host.Reply, error) {
	h, err := p.pull(c)
	if err != nil {
		return host.Reply{}, err
	}
	s, err := p.pulls.Status(c.Context(), h.KildeID)
	if err != nil {
		return host.Reply{}, err
	}
	out, err := host.ReplyJSON(http.StatusOK, "", shown(h, s))
	return p.Told(c, out, err)
}

func (p *puller) remove(c *office.Errand) (host.Reply, error) {
	return p.Commit(c, func() (host.Plan, error) {
		h, err := p.pull(c)
		if err != nil {
			return host.Plan{}, err
		}
		ops, err := p.pulls.Drop(c.Context(), h)
		return host.Plan{Ops: ops, Reply: host.Reply{Status: http.StatusNoContent}}, err
	})
}
