package listorder

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"hjemmel/functions/listorder/bestilling"
	"hjemmel/functions/listorder/rader"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/lists"
	"hjemmel/shared/policy"
)

// Formaal is the header with which a caller states purpose or case number, as for a lookup.
const formaalHeader = "Hjemmel-Formaal"

// wait is how long an order can wait for approval before it is removed.
const wait = 7 * 24 * time.Hour

var (
	errCriteria = fault.New(fault.Invalid, "LISTE_UGYLDIG", "Felter i bestillingen mangler eller har verdier som ikke kan stemme.")
	errEvents   = fault.New(fault.Unavailable, "HENDELSER_IKKE_TILGJENGELIG", "Lister fra hendelser kan ikke bestilles ennå.")
)

// values answers what an order can be made of. It depends on nobody.
func (o *orders) values(e *errand) error {
	return api.Write(e.w, http.StatusOK, bestilling.NewVerdier())
}

// fromEvents: there are no events yet.
func (o *orders) fromEvents(*errand) error { return errEvents }

// fromCriteria orders a list of whom criteria fit.
func (o *orders) fromCriteria(e *errand) error {
	body, d, err := o.readCriteria(e)
	if err != nil {
		return err
	}
	return o.order(e, body, d)
}

// readCriteria reads an order by criteria, and says in which role it is asked.
func (o *orders) readCriteria(e *errand) (body []byte, d draft, err error) {
	var c bestilling.Kriterier
	if body, err = api.ReadBody(e.Request, &c); err != nil {
		return nil, d, err
	}
	e.rolle = strings.ToLower(c.RolleID)
	u, wrong := c.Uttrekk()
	if len(wrong) > 0 {
		return nil, d, errCriteria.About(wrong...)
	}
	if d, err = o.begin(e, c.Form, lists.Innbyggerliste, "LISTESOEK"); err != nil {
		return nil, d, err
	}
	d.Definisjon, d.Kriterier, d.sporsmaal = body, c.Words(), u
	d.uttrekk(c.Kommunenummer, u.Kommune)
	d.ask.Action, d.ask.Parametre = policy.Innbyggerliste, u.Names()
	return body, d, nil
}

// order has the corridor judge the order, and writes list, work and entry in one commit.
func (o *orders) order(e *errand, body []byte, d draft) error {
	if err := o.hold(e); err != nil {
		return err
	}
	r := e.request(d.ask)
	r.Foedt = d.foedt
	accepted, entry, err := o.desk.JudgeList(e.Context(), r, d.ID, d.soek...)
	if err != nil {
		return err
	}
	d.Salt = make([]byte, 32)
	_, _ = rand.Read(d.Salt) // never fails (crypto/rand)
	settings, err := o.roles.Settings(e.Context(), e.holder.FiksOrgID)
	if err != nil {
		return err
	}
	d.FiksOrgID, d.OpprettetAv, d.Utloepsdato = e.holder.FiksOrgID, e.holder.Aktor, o.now().Add(settings.ListLife()).UTC().Truncate(time.Second)
	if e.holder.Profil.Role.ListerKreverGodkjenning {
		d.Utloepsdato = o.now().Add(wait).UTC().Truncate(time.Second)
		d.Godkjenning = &lists.Godkjenning{Tilstand: lists.Venter, Frist: d.Utloepsdato}
	}
	if d.Bestilling, err = json.Marshal(accepted); err != nil {
		return err
	}
	if d.Sporsmaal, err = json.Marshal(d.sporsmaal); err != nil {
		return err
	}
	out, err := o.changes.Make(e.Request, e.holder.Aktor, body, func() (host.Plan, error) { return o.plan(d, entry) })
	if err != nil {
		return err
	}
	o.nudge(e, d.ID)
	return out.Write(e.w)
}

// plan is what an order writes.
func (o *orders) plan(d draft, entry audit.Entry) (host.Plan, error) {
	ops, err := o.lists.Order(&d.Liste, o.now(), d.numre...)
	if err != nil {
		return host.Plan{}, err
	}
	if !d.Venter() {
		work, err := o.work.Order(d.ID, []byte(d.FiksOrgID))
		if err != nil {
			return host.Plan{}, err
		}
		ops = append(ops, work)
	}
	reply, err := host.ReplyJSON(http.StatusOK, "", struct {
		FiksOrgID string         `json:"fiksOrgId"`
		Ref       string         `json:"ref"`
		Rapport   *rader.Rapport `json:"rapport,omitempty"`
	}{d.FiksOrgID, d.ID, d.rapport})
	return host.Plan{Ops: ops, Entry: entry, Reply: reply}, err
}

// nudge lets workers know of an order. One that cannot be told of is found by the sweep.
func (o *orders) nudge(e *errand, id string) {
	if err := o.work.Tell(e.Context(), id); err != nil {
		o.log.Warn("work", "cause", err.Error())
	}
}
