package listorder

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/disclosure/specimen"
	"hjemmel/shared/lists"
	"hjemmel/shared/lists/template"
	"hjemmel/shared/policy"
)

// estimated is what an order would become.
type estimated struct {
	RolleID   string      `json:"rolleId"`
	Kriterier []string    `json:"kriterier"`
	Kolonner  []columnOut `json:"kolonner"`
	// Valgbare are the columns that the role gives.
	Valgbare []columnOut `json:"valgbare"`
	Anslag   size        `json:"anslag"`
	// KreverGodkjenning says whether somebody else must approve the order.
	KreverGodkjenning bool `json:"kreverGodkjenning"`
	// Eksempel are rows of made-up persons.
	Eksempel [][]string `json:"eksempel"`
}

type columnOut struct {
	Navn         string   `json:"navn"`
	Overskrift   string   `json:"overskrift"`
	Opplysninger []string `json:"opplysninger"`
}

func shownColumns(of []template.Column) []columnOut {
	all := make([]columnOut, len(of))
	for i, c := range of {
		all[i] = columnOut{c.Name, c.Header, append([]string{}, c.Needs...)}
	}
	return all
}

// estimate tells what an order would become, judged as the order would be and counted as one search. The
// register is not asked: it counts nobody without an uttrekk, and what it finds is not for whoever only tries.
func (o *orders) estimate(e *errand) error {
	_, d, err := readCriteria(e)
	if err != nil {
		return err
	}
	t, err := template.New(d.Mal, d.Kolonner)
	if err != nil {
		return err
	}
	if err := o.hold(e); err != nil {
		return err
	}
	_, entry, err := o.desk.JudgeList(e.Context(), e.request(d.ask), d.ID)
	if err != nil {
		return err
	}
	p := e.holder.Profil.At(o.now())
	out := estimated{
		RolleID: e.rolle, Kriterier: strings.Split(d.Kriterier, "\n"), Kolonner: shownColumns(t.Columns), Valgbare: shownColumns(template.Available(p.Holds)),
		KreverGodkjenning: p.Role.ListerKreverGodkjenning,
	}
	if out.Eksempel, err = examples(p, t, o.now()); err != nil {
		return err
	}
	if d.Sporsmaal, err = json.Marshal(d.sporsmaal); err != nil {
		return err
	}
	if out.Anslag, err = o.sized(e.Context(), d.Liste); err != nil {
		return err
	}
	entry.Handling, entry.Utfall, entry.Gjelder = e.handling, audit.Utlevert, ""
	receipt, err := o.changes.Note(e.Context(), entry)
	if err != nil {
		return err
	}
	e.w.Header().Set(api.ReceiptHeader, receipt.String())
	return api.Write(e.w, http.StatusOK, out)
}

// shownOn are the made-up persons of an example: such as are on lists.
var shownOn = []string{"vanlig", "barn", "barnMedDeltBosted", "dnummer", "navneendring"}

// examples are the rows that made-up persons would have in the role.
func examples(p *policy.Profile, t template.Template, at time.Time) ([][]string, error) {
	var rows [][]string
	for _, kode := range shownOn {
		s, err := specimen.Find(kode)
		if err != nil {
			return nil, err
		}
		shown, err := s.Show(p, at, false)
		if err != nil {
			return nil, err
		}
		row := make([]string, len(t.Columns))
		if shown != nil {
			if row, err = t.Row(shown); err != nil {
				return nil, err
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// size is about how many rows a list gets: from Fra to Til, both included, and what that stands on.
type size struct {
	Fra       *int       `json:"fra,omitempty"`
	Til       *int       `json:"til,omitempty"`
	Grunnlag  string     `json:"grunnlag"` // TIDLIGERE_LISTE or UKJENT
	Tidspunkt *time.Time `json:"tidspunkt,omitempty"`
}

// smallest is how coarse an estimate is at the least: what it tells of one person more or less is nothing.
const smallest = 50

// sized takes the size of the newest finished list in the role that asked the same of the register. It tells
// less of that than its own record does.
func (o *orders) sized(ctx context.Context, l lists.Liste) (size, error) {
	made, err := o.lists.Lister(ctx, l.RolleID)
	if err != nil {
		return size{}, err
	}
	for _, m := range made {
		if m.Status == lists.Ferdig && m.ID != l.ID && alike(m, l) && o.now().Before(m.Utloepsdato) {
			from, to := around(m.Rader)
			return size{&from, &to, "TIDLIGERE_LISTE", &m.Opprettet}, nil
		}
	}
	return size{Grunnlag: "UKJENT"}, nil
}

// alike reports whether two lists ask the same of the register, which a list of known numbers does not.
func alike(a, b lists.Liste) bool {
	return a.Kilde == b.Kilde && bytes.Equal(a.Sporsmaal, b.Sporsmaal) && string(a.Sporsmaal) != "null" && a.Kriterier == b.Kriterier &&
		slices.EqualFunc(a.Jobber, b.Jobber, func(a, b lists.Jobb) bool { return a.Kommunenummer == b.Kommunenummer })
}

// around gives a span that n lies in: fifty wide, and ten times wider each time n is twenty times that.
func around(n int) (from, to int) {
	width := smallest
	for n >= 20*width {
		width *= 10
	}
	from = n - n%width
	return from, from + width - 1
}
