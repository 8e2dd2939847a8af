// Package changeover is how an organisation's administrators let its identity systems decide who holds which
// role, or take that back: what it would mean, the switch itself, and who has lost access since.
//
// It refuses to delete an assignment: those that do not count are kept. The switch is one write.
package changeover

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strings"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/api/sheet"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/roles"
)

// changeovers are those of all organisations.
type changeovers struct{ *office.Office }

// How long the assignments that counted before are kept, in days.
const (
	defaultDays = 30
	maxDays     = 365
)

// maxLosses bounds the losses that are listed.
const maxLosses = 200

// Routes are the operations on whose assignments count.
func Routes(e *host.Env) ([]host.Route, error) {
	o, err := office.New(e)
	if err != nil {
		return nil, err
	}
	c := &changeovers{o}
	const (
		fiks = "/brukersynkronisering/konfigurasjon/api/v1/konfigurasjon/{fiksOrgId}/tjenester"
		ours = "/hjemmel/v1/organisasjoner/{fiksOrgId}/brukerstyring"
	)
	reads := office.Either(office.Administrator, office.Personvern)
	var routes []host.Route
	for _, r := range []struct {
		pattern, handling string
		may               office.Right
		do                office.Do
	}{
		{"POST " + fiks, "brukerstyring-endret", office.Administrator, c.service},
		{"GET " + fiks + "/{tjenesteKode}", "brukerstyring-lest", reads, c.status},
		{"GET " + ours, "brukerstyring-lest", reads, c.state},
		{"PUT " + ours, "brukerstyring-endret", office.Administrator, c.change},
		{"GET " + ours + "/proeve", "brukerstyring-proevd", reads, c.preview},
		{"GET " + ours + "/oversikt", "brukerstyring-proevd", reads, c.overviewCSV},
		{"GET " + ours + "/oversikt/xlsx", "brukerstyring-proevd", reads, c.overviewExcel},
		{"GET " + ours + "/bortfall", "bortfall-lest", reads, c.losses},
	} {
		routes = append(routes, host.Route{Pattern: r.pattern, Handle: c.By(r.may, r.handling, r.do)})
	}
	return routes, nil
}

var errService = fault.New(fault.NotFound, "SYNK_TJENESTE_UKJENT", "Tjenesten finnes ikke her. Den eneste er FOLKEREGISTER.")

// service is the one service that Fiks' switch is for.
const service = "FOLKEREGISTER"

// Fiks' statuses.
var statuses = map[bool]string{true: "AKTIVERT", false: "DEAKTIVERT"}

func (c *changeovers) organisation(a *office.Errand) (roles.Organisation, error) {
	o, _, err := c.Roles.Organisation(a.Context(), a.Org)
	return o, err
}

func (c *changeovers) status(a *office.Errand) (host.Reply, error) {
	if a.PathValue("tjenesteKode") != service {
		return host.Reply{}, errService
	}
	o, err := c.organisation(a)
	if err != nil {
		return host.Reply{}, err
	}
	return host.ReplyJSON(http.StatusOK, "", map[string]string{"status": statuses[o.Brukerstyring.Synkronisert]})
}

func (c *changeovers) state(a *office.Errand) (host.Reply, error) {
	o, err := c.organisation(a)
	if err != nil {
		return host.Reply{}, err
	}
	return host.ReplyJSON(http.StatusOK, "", o.Brukerstyring)
}

// service is the switch as Fiks has it.
func (c *changeovers) service(a *office.Errand) (host.Reply, error) {
	var ask struct {
		Tjeneste string `json:"tjeneste"`
		NyStatus string `json:"nyStatus"`
	}
	var err error
	if a.Body, err = api.ReadBody(a.Request, &ask); err != nil {
		return host.Reply{}, err
	}
	if ask.Tjeneste != service {
		return host.Reply{}, errService
	}
	if ask.NyStatus != statuses[true] && ask.NyStatus != statuses[false] {
		return host.Reply{}, office.ErrField.About("nyStatus")
	}
	return c.to(a, ask.NyStatus == statuses[true], defaultDays)
}

// change is the switch with days.
func (c *changeovers) change(a *office.Errand) (host.Reply, error) {
	var ask struct {
		Synkronisert *bool `json:"synkronisert"`
		BeholdDager  *int  `json:"beholdDager"`
	}
	var err error
	if a.Body, err = api.ReadBody(a.Request, &ask); err != nil {
		return host.Reply{}, err
	}
	days := defaultDays
	if ask.BeholdDager != nil {
		days = *ask.BeholdDager
	}
	if ask.Synkronisert == nil || days < 1 || days > maxDays {
		return host.Reply{}, office.ErrField.About("synkronisert", "beholdDager")
	}
	return c.to(a, *ask.Synkronisert, days)
}

// to makes the switch, in one write of one record.
func (c *changeovers) to(a *office.Errand, synkronisert bool, days int) (host.Reply, error) {
	return c.Commit(a, func() (host.Plan, error) {
		o, err := c.organisation(a)
		if err != nil {
			return host.Plan{}, err
		}
		next := o.Brukerstyring
		var p host.Plan
		if next.Synkronisert != synkronisert {
			next = next.Changed(a.Aktor, c.Now(), days)
			if p.Ops, err = roles.PutBrukerstyring(o, next); err != nil {
				return host.Plan{}, err
			}
			a.Doing(o.FiksOrgID, "brukerstyring", statuses[synkronisert])
		}
		p.Reply, err = host.ReplyJSON(http.StatusOK, "", next)
		return p, err
	})
}

// preview is what a changeover would mean.
func (c *changeovers) preview(a *office.Errand) (host.Reply, error) {
	o, err := c.organisation(a)
	if err != nil {
		return host.Reply{}, err
	}
	moves, unable, err := c.Roles.Preview(a.Context(), o, c.Now())
	if err != nil {
		return host.Reply{}, err
	}
	count := map[roles.Outcome]int{}
	for _, m := range moves {
		count[m.Utfall]++
	}
	if moves == nil {
		moves = []roles.Move{}
	}
	if unable == nil {
		unable = []string{}
	}
	out, err := host.ReplyJSON(http.StatusOK, "", struct {
		Synkronisert bool         `json:"synkronisert"` // what it would become
		Beholder     int          `json:"beholder"`
		Mister       int          `json:"mister"`
		Faar         int          `json:"faar"`
		Endringer    []roles.Move `json:"endringer"`
		UtenNummer   []string     `json:"utenNummer"`
	}{!o.Brukerstyring.Synkronisert, count[roles.Keeps], count[roles.Loses], count[roles.Gains], moves, unable})
	return c.Told(a, out, err)
}

// overview is who holds which role as it is now, as Fiks gives it before a switch, with what becomes of each.
func (c *changeovers) overview(a *office.Errand) ([][]string, error) {
	o, err := c.organisation(a)
	if err != nil {
		return nil, err
	}
	moves, _, err := c.Roles.Preview(a.Context(), o, c.Now())
	rows := [][]string{{"rolle", "rolleId", "navn", "aktorId", "vedOmlegging"}}
	for _, m := range moves {
		rows = append(rows, []string{m.Rolle, m.RolleID, m.Navn, m.AktorID, string(m.Utfall)})
	}
	return rows, err
}

func (c *changeovers) overviewCSV(a *office.Errand) (host.Reply, error) {
	rows, err := c.overview(a)
	if err != nil {
		return host.Reply{}, err
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, row := range rows {
		row[0], row[2] = cell(row[0]), cell(row[2])
		_ = w.Write(row) // to memory
	}
	w.Flush()
	return c.Told(a, host.Reply{Status: http.StatusOK, Body: b.Bytes(), Media: "text/csv; charset=utf-8"}, w.Error())
}

func (c *changeovers) overviewExcel(a *office.Errand) (host.Reply, error) {
	rows, err := c.overview(a)
	if err != nil {
		return host.Reply{}, err
	}
	b, err := sheet.Write(rows)
	return c.Told(a, host.Reply{Status: http.StatusOK, Body: b, Media: sheet.Media}, err)
}

// cell makes what a spreadsheet would take for a formula text.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}

// loss is one in an answer.
type loss struct {
	Aarsak        string    `json:"aarsak"`
	KildeID       string    `json:"kildeId"`
	AktorIDer     []string  `json:"aktorIder"`
	Mottatt       time.Time `json:"mottatt"`
	Lagret        time.Time `json:"lagret"`
	Millisekunder int64     `json:"millisekunder"`
}

// losses are the newest, with the longest that it took from the identity system's call until it was so.
func (c *changeovers) losses(a *office.Errand) (host.Reply, error) {
	found, err := c.Roles.Synced().Losses(a.Context(), a.Org, maxLosses)
	if err != nil {
		return host.Reply{}, err
	}
	out := struct {
		LengstMillisekunder int64  `json:"lengstMillisekunder"`
		SynligInnenSekunder int    `json:"synligInnenSekunder"`
		Bortfall            []loss `json:"bortfall"`
	}{0, visible, []loss{}}
	for _, l := range found {
		took := l.Lagret.Sub(l.Mottatt).Milliseconds()
		out.LengstMillisekunder = max(out.LengstMillisekunder, took)
		out.Bortfall = append(out.Bortfall, loss{l.Aarsak, l.KildeID, l.AktorIDer, l.Mottatt, l.Lagret, took})
	}
	reply, err := host.ReplyJSON(http.StatusOK, "", out)
	return c.Told(a, reply, err)
}

// visible is within how many seconds a change shows in every process (decision 12).
const visible = 2
