// Package wire is how lists look to clients: in Fiks' shapes, and, last, what ours adds.
//
// It refuses nothing and decides nothing: who may see a list is decided before.
package wire

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/lists"
	"hjemmel/shared/lists/template"
)

// What every operation on a list may tell.
var (
	ErrNoList    = fault.New(fault.NotFound, "INNBYGGERLISTE_IKKE_FUNNET", "Det finnes ingen slik innbyggerliste i rollen. Den kan være slettet eller utløpt.")
	ErrWithdrawn = fault.New(fault.Conflict, "INNBYGGERLISTE_TRUKKET", lists.Withdrawn)
)

// Record is a list as Fiks has it, and, last, what ours adds.
type Record struct {
	ID               string          `json:"id"`
	Status           lists.Status    `json:"innbyggerlisteStatus"`
	InnbyggereHentet int             `json:"innbyggereHentet"`
	Opprettet        time.Time       `json:"opprettet"`
	SistOppdatert    time.Time       `json:"sistOppdatert"`
	OpprettetAv      string          `json:"opprettetAv"`
	RolleID          string          `json:"rolleId"`
	FiksOrg          string          `json:"fiksOrg"`
	Beskrivelse      string          `json:"beskrivelse"`
	Kilde            lists.Kilde     `json:"kilde"`
	Definisjon       json.RawMessage `json:"definisjon"`
	EksportFilformat string          `json:"eksportFilformat"`
	DokumentlagerID  *string         `json:"dokumentlagerId"`
	Utlopsdato       time.Time       `json:"utlopsdato"`

	Rader       int                `json:"rader"`
	Feilkode    string             `json:"feilkode,omitempty"`
	Feil        string             `json:"feil,omitempty"`
	Forsinket   *lists.Forsinkelse `json:"forsinket,omitempty"`
	Godkjenning *lists.Godkjenning `json:"godkjenning,omitempty"`
	Trukket     *Withdrawal        `json:"trukket,omitempty"`
	// Nedlastinger is how often the file was had.
	Nedlastinger int `json:"nedlastinger"`
}

// NewRecord shows a list.
func NewRecord(l lists.Liste) Record {
	r := Record{
		ID: l.ID, Status: l.Status, InnbyggereHentet: l.Rader, Opprettet: l.Opprettet, SistOppdatert: l.SistEndret, OpprettetAv: l.OpprettetAv,
		RolleID: l.RolleID, FiksOrg: l.FiksOrgID, Beskrivelse: l.Beskrivelse, Kilde: l.Kilde, Definisjon: l.Definisjon,
		EksportFilformat: Format(l), Utlopsdato: l.Utloepsdato,
		Rader: l.Rader, Feilkode: l.Feilkode, Feil: l.Feil, Forsinket: l.Forsinket, Godkjenning: l.Godkjenning, Trukket: NewWithdrawal(l),
	}
	for _, n := range l.Nedlastinger {
		r.Nedlastinger += n.Antall
	}
	if l.Status == lists.Ferdig && !l.Trukket() {
		r.DokumentlagerID = &l.ID
	}
	return r
}

// Format is that of the file: XLSX where nothing is said.
func Format(l lists.Liste) string {
	if l.Filformat == "" {
		return "XLSX"
	}
	return l.Filformat
}

// Withdrawal is what everybody who holds the role sees of a list that is withdrawn.
type Withdrawal struct {
	Tid     time.Time `json:"tid"`
	Tekst   string    `json:"tekst"`
	Mangler int       `json:"mangler"`
}

// NewWithdrawal shows it; nil for a list that is not withdrawn.
func NewWithdrawal(l lists.Liste) *Withdrawal {
	if !l.Trukket() {
		return nil
	}
	return &Withdrawal{l.TrukketTid, lists.Withdrawn, len(l.Missing())}
}

// Copy is what somebody had of a list, and whether they say that it is gone.
type Copy struct {
	Aktor string `json:"aktor"`
	lists.Nedlasting
}

// Copies are those of a list that is withdrawn: of those who have confirmed and of those who have not.
type Copies struct {
	Tid       time.Time `json:"tid"`
	Tekst     string    `json:"tekst"`
	Bekreftet []Copy    `json:"bekreftet"`
	Mangler   []Copy    `json:"mangler"`
}

// NewCopies shows them, by the ids of those who had them.
func NewCopies(l lists.Liste) Copies {
	out := Copies{l.TrukketTid, lists.Withdrawn, []Copy{}, []Copy{}}
	for _, aktor := range slices.Sorted(maps.Keys(l.Nedlastinger)) {
		if n := l.Nedlastinger[aktor]; n.Bekreftet.IsZero() {
			out.Mangler = append(out.Mangler, Copy{aktor, n})
		} else {
			out.Bekreftet = append(out.Bekreftet, Copy{aktor, n})
		}
	}
	return out
}

// Estimate is what an order would become.
type Estimate struct {
	RolleID   string   `json:"rolleId"`
	Kriterier []string `json:"kriterier"`
	Kolonner  []Column `json:"kolonner"`
	// Valgbare are the columns that the role gives.
	Valgbare []Column `json:"valgbare"`
	// Maler are the codes of the templates that the role gives every column of.
	Maler  []string `json:"maler"`
	Anslag Size     `json:"anslag"`
	// KreverGodkjenning says whether somebody else must approve the order.
	KreverGodkjenning bool `json:"kreverGodkjenning"`
	// Eksempel are rows of made-up persons.
	Eksempel [][]string `json:"eksempel"`
}

// Column is a column of a list, and the opplysninger that it is made of.
type Column struct {
	Navn         string   `json:"navn"`
	Overskrift   string   `json:"overskrift"`
	Opplysninger []string `json:"opplysninger"`
}

// NewColumns shows columns.
func NewColumns(of []template.Column) []Column {
	all := make([]Column, len(of))
	for i, c := range of {
		all[i] = Column{c.Name, c.Header, append([]string{}, c.Needs...)}
	}
	return all
}

// Size is about how many rows a list gets: from Fra to Til, both included, and what that stands on.
type Size struct {
	Fra       *int       `json:"fra,omitempty"`
	Til       *int       `json:"til,omitempty"`
	Grunnlag  string     `json:"grunnlag"` // TIDLIGERE_LISTE or UKJENT
	Tidspunkt *time.Time `json:"tidspunkt,omitempty"`
}

// Approval is an order that waits, or waited, for somebody's approval.
type Approval struct {
	Godkjenning *lists.Godkjenning `json:"godkjenning"`
	RolleID     string             `json:"rolleId"`
	OpprettetAv string             `json:"opprettetAv"`
	Opprettet   time.Time          `json:"opprettet"`
	Beskrivelse string             `json:"beskrivelse"`
	Formaal     string             `json:"formaal"`
	Kriterier   []string           `json:"kriterier"`
	Kolonner    []Column           `json:"kolonner"`
	Anslag      Size               `json:"anslag"`
	// KanSvare says whether it waits for whoever asks, who has not ordered it.
	KanSvare bool `json:"kanSvare"`
}

// NewApproval shows what there is to approve.
func NewApproval(l lists.Liste, columns []template.Column, about Size, kanSvare bool) Approval {
	return Approval{
		l.Godkjenning, l.RolleID, l.OpprettetAv, l.Opprettet, l.Beskrivelse, l.Formaal, strings.Split(l.Kriterier, "\n"), NewColumns(columns), about, kanSvare,
	}
}
