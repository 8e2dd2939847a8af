package listorder

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"hjemmel/functions/listorder/rader"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/lists"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

// Formaal is the header with which a caller states purpose or case number, as for a lookup.
const formaalHeader = "Hjemmel-Formaal"

// life is how long a finished list can be had.
const life = 14 * 24 * time.Hour

// criteria is what a list is ordered by, as Fiks has it. Empty members do not restrict.
type criteria struct {
	RolleID             string   `json:"rolleId"`
	Kommunenummer       []string `json:"kommunenummer"`
	KommuneTilhoerighet string   `json:"kommuneTilhoerighet"` // BOSTED or OPPHOLD
	Status              []string `json:"status"`
	Foedt               span     `json:"foedt,omitzero"`
	Doed                span     `json:"doed,omitzero"`
	Kjoenn              string   `json:"kjoenn,omitempty"`
	Statsborgerskap     string   `json:"statsborgerskap,omitempty"`
	Sivilstand          string   `json:"sivilstand,omitempty"`
	form
	Tilleggsopplysninger []string `json:"tilleggsopplysninger,omitempty"`
}

// words are the criteria in words, a line each.
func (c criteria) words() string {
	var kommuner []string
	for _, k := range c.Kommunenummer {
		kommuner = append(kommuner, katalog.Kommuner()[k]+" ("+k+")")
	}
	where := "Bosatt i "
	if c.KommuneTilhoerighet == "OPPHOLD" {
		where = "Oppholdsadresse i "
	}
	lines := []string{where + strings.Join(kommuner, ", "), "Status: " + strings.Join(named(statuses, c.Status), ", ")}
	for _, l := range []struct{ what, text string }{
		{"Født", c.Foedt.words()}, {"Død", c.Doed.words()}, {"Kjønn", strings.Join(named(genders, []string{c.Kjoenn}), "")},
		{"Statsborgerskap", c.Statsborgerskap}, {"Sivilstand", strings.Join(named(civil, []string{c.Sivilstand}), "")},
	} {
		if l.text != "" {
			lines = append(lines, l.what+": "+l.text)
		}
	}
	return strings.Join(lines, "\n")
}

func (s span) words() string {
	from, to, _ := s.years()
	if from == to {
		return from
	}
	return from + "–" + to
}

// named are values of a closed list in words.
func named(of, values []string) []string {
	var all []string
	for _, v := range values {
		if kode, ok := code(of, v); ok {
			all = append(all, words[kode])
		}
	}
	return all
}

// span is a span of years, both included; an end that is not there is open.
type span struct {
	FraAar *int `json:"fraAar,omitempty"`
	TilAar *int `json:"tilAar,omitempty"`
}

var (
	errCriteria = fault.New(fault.Invalid, "LISTE_UGYLDIG", "Felter i bestillingen mangler eller har verdier som ikke kan stemme.")
	errEvents   = fault.New(fault.Unavailable, "HENDELSER_IKKE_TILGJENGELIG", "Lister fra hendelser kan ikke bestilles ennå.")
)

// fromEvents: there are no events yet.
func (o *orders) fromEvents(*errand) error { return errEvents }

// fromCriteria orders a list of whom criteria fit.
func (o *orders) fromCriteria(e *errand) error {
	body, d, err := readCriteria(e)
	if err != nil {
		return err
	}
	return o.order(e, body, d)
}

// readCriteria reads an order by criteria, and says in which role it is asked.
func readCriteria(e *errand) (body []byte, d draft, err error) {
	var c criteria
	if body, err = api.ReadBody(e.Request, &c); err != nil {
		return nil, d, err
	}
	e.rolle = strings.ToLower(c.RolleID)
	u, wrong := c.uttrekk()
	if len(wrong) > 0 {
		return nil, d, errCriteria.About(wrong...)
	}
	if d, err = c.draft(e, lists.Innbyggerliste, "LISTESOEK"); err != nil {
		return nil, d, err
	}
	d.Definisjon, d.Kriterier, d.sporsmaal = body, c.words(), u
	d.uttrekk(c.Kommunenummer)
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
	d.FiksOrgID, d.OpprettetAv, d.Utloepsdato = e.holder.FiksOrgID, e.holder.Aktor, o.now().Add(life).UTC().Truncate(time.Second)
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

// uttrekk is what to ask the register for in each kommune, and the members that cannot be right.
func (c criteria) uttrekk() (u disclosure.Uttrekk, wrong []string) {
	wrong = c.form.wrong()
	check := func(ok bool, name string) {
		if !ok {
			wrong = append(wrong, name)
		}
	}
	check(len(c.Kommunenummer) > 0 && len(c.Kommunenummer) <= maxKommuner && !slices.ContainsFunc(c.Kommunenummer, unknownKommune), "kommunenummer")
	check(c.KommuneTilhoerighet == "BOSTED" || c.KommuneTilhoerighet == "OPPHOLD", "kommuneTilhoerighet")
	check(len(c.Status) > 0, "status")
	check(len(c.Tilleggsopplysninger) == 0, "tilleggsopplysninger") // no such register is connected
	u.Kommune.Bosted = "0000"
	if c.KommuneTilhoerighet == "OPPHOLD" {
		u.Kommune.Bosted, u.Kommune.Opphold = "", "0000"
	}
	for _, s := range c.Status {
		kode, ok := code(statuses, s)
		check(ok, "status")
		u.Personstatustyper = append(u.Personstatustyper, kode)
	}
	var ok bool
	u.Kjoenn, ok = code(genders, c.Kjoenn)
	check(ok || c.Kjoenn == "", "kjoenn")
	u.Sivilstandstype, ok = code(civil, c.Sivilstand)
	check(ok || c.Sivilstand == "", "sivilstand")
	check(c.Statsborgerskap == "" || len(c.Statsborgerskap) == 3 && strings.ToUpper(c.Statsborgerskap) == c.Statsborgerskap, "statsborgerskap")
	u.Statsborgerskap = c.Statsborgerskap
	u.FoedselsaarFraOgMed, u.FoedselsaarTilOgMed, ok = c.Foedt.years()
	check(ok, "foedt")
	u.DoedsaarFraOgMed, u.DoedsaarTilOgMed, ok = c.Doed.years()
	check(ok, "doed")
	slices.Sort(wrong)
	return u, slices.Compact(wrong)
}

func (s span) years() (from, to string, ok bool) {
	year := func(n *int) (string, bool) {
		if n == nil {
			return "", true
		}
		return strconv.Itoa(*n), *n >= 1800 && *n <= 2200
	}
	from, ok1 := year(s.FraAar)
	to, ok2 := year(s.TilAar)
	return from, to, ok1 && ok2 && (from == "" || to == "" || from <= to)
}

// code finds a value of a closed list in the register's spelling.
func code(of []string, value string) (string, bool) {
	i := slices.IndexFunc(of, func(s string) bool { return strings.ToUpper(s) == value })
	if i < 0 {
		return "", false
	}
	return of[i], true
}
