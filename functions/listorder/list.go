package listorder

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/lists"
)

// record is a list as Fiks has it, and, last, what ours adds.
type record struct {
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
}

func shown(l lists.Liste) record {
	r := record{
		ID: l.ID, Status: l.Status, InnbyggereHentet: l.Rader, Opprettet: l.Opprettet, SistOppdatert: l.SistEndret, OpprettetAv: l.OpprettetAv,
		RolleID: l.RolleID, FiksOrg: l.FiksOrgID, Beskrivelse: l.Beskrivelse, Kilde: l.Kilde, Definisjon: l.Definisjon,
		EksportFilformat: format(l), Utlopsdato: l.Utloepsdato,
		Rader: l.Rader, Feilkode: l.Feilkode, Feil: l.Feil, Forsinket: l.Forsinket, Godkjenning: l.Godkjenning,
	}
	if l.Status == lists.Ferdig {
		r.DokumentlagerID = &l.ID
	}
	return r
}

func format(l lists.Liste) string {
	if l.Filformat == "" {
		return "XLSX"
	}
	return l.Filformat
}

// all answers the lists of a role by how far they have come.
func (o *orders) all(e *errand) error {
	q, err := api.ReadQuery(e.Request, "rolleId", "status")
	if err != nil {
		return err
	}
	e.rolle = q.Get("rolleId")
	if err := o.hold(e); err != nil {
		return err
	}
	found, err := o.lists.Lister(e.Context(), e.rolle)
	if err != nil {
		return err
	}
	out := struct {
		Ferdige []record `json:"ferdige"`
		Feilede []record `json:"feilede"`
		Igang   []record `json:"igang"`
	}{[]record{}, []record{}, []record{}}
	for _, l := range found {
		if s := q.Get("status"); s != "" && s != string(l.Status) || !o.now().Before(l.Utloepsdato) {
			continue
		}
		switch l.Status {
		case lists.Ferdig:
			out.Ferdige = append(out.Ferdige, shown(l))
		case lists.Feilet:
			out.Feilede = append(out.Feilede, shown(l))
		default:
			out.Igang = append(out.Igang, shown(l))
		}
	}
	return api.Write(e.w, http.StatusOK, out)
}

func (o *orders) one(e *errand) error {
	if err := o.find(e); err != nil {
		return err
	}
	return api.Write(e.w, http.StatusOK, shown(e.liste))
}

// remove removes the list, at every stage. What is being made of it stops at its next step; the file goes
// with the next sweep.
func (o *orders) remove(e *errand) error {
	if err := o.find(e); err != nil {
		return err
	}
	ops, err := o.lists.Remove(e.Context(), &e.liste)
	if err != nil {
		return err
	}
	work, err := o.work.Anew(e.Context(), e.liste.ID, []byte(e.liste.FiksOrgID)) // to clean up
	if err != nil {
		return err
	}
	receipt, err := o.changes.Once(e.Context(), e.entry(audit.Utfoert), append(ops, work)...)
	if err != nil {
		return err
	}
	o.nudge(e, e.liste.ID)
	return host.Reply{Status: http.StatusNoContent, Receipt: receipt}.Write(e.w)
}

var errNoFile = fault.New(fault.Conflict, "INNBYGGERLISTE_IKKE_FERDIG", "Innbyggerlisten er ikke ferdig, eller den feilet. Se statusen.")

// file gives the file, or a range of it, to a holder of the role, after writing down that it was read.
func (o *orders) file(e *errand) error {
	if err := o.find(e); err != nil {
		return err
	}
	if e.liste.Status != lists.Ferdig {
		return errNoFile
	}
	r, err := o.files.NewReader(e.Context(), e.liste.Fil.Noekkel, nil)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	entry := e.entry(audit.Utlevert)
	rows := e.liste.Rader
	entry.Treff = &rows
	receipt, err := o.changes.Note(e.Context(), entry)
	if err != nil {
		return err
	}
	h := e.w.Header()
	h.Set(api.ReceiptHeader, receipt.String())
	h.Set("Content-Type", media(e.liste))
	h.Set("Content-Disposition", `attachment; filename="innbyggerliste`+extension(e.liste)+`"`)
	h.Set("ETag", strconv.Quote(e.liste.Fil.SHA256))
	http.ServeContent(e.w, e.Request, "", e.liste.SistEndret, io.ReadSeeker(r))
	return nil
}

func media(l lists.Liste) string {
	if format(l) == "CSV" {
		return "text/csv; charset=utf-8"
	}
	return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}

func extension(l lists.Liste) string {
	if format(l) == "CSV" {
		return ".csv"
	}
	return ".xlsx"
}
