package listorder

import (
	"io"
	"net/http"
	"strconv"

	"hjemmel/functions/listorder/wire"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/lists"
)

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
		Ferdige []wire.Record `json:"ferdige"`
		Feilede []wire.Record `json:"feilede"`
		Igang   []wire.Record `json:"igang"`
	}{[]wire.Record{}, []wire.Record{}, []wire.Record{}}
	for _, l := range found {
		if s := q.Get("status"); s != "" && s != string(l.Status) || !o.now().Before(l.Utloepsdato) {
			continue
		}
		switch l.Status {
		case lists.Ferdig:
			out.Ferdige = append(out.Ferdige, wire.NewRecord(l))
		case lists.Feilet:
			out.Feilede = append(out.Feilede, wire.NewRecord(l))
		default:
			out.Igang = append(out.Igang, wire.NewRecord(l))
		}
	}
	return api.Write(e.w, http.StatusOK, out)
}

func (o *orders) one(e *errand) error {
	if err := o.find(e); err != nil {
		return err
	}
	return api.Write(e.w, http.StatusOK, wire.NewRecord(e.liste))
}

// remove removes the list, at every stage. What is being made of it stops at its next step; the file goes
// with the next sweep.
func (o *orders) remove(e *errand) error {
	receipt, err := o.changes.Deliver(e.Context(), func() (host.Plan, error) { return o.removal(e) }) // whoever makes it writes too
	if err != nil {
		return err
	}
	o.nudge(e, e.liste.ID)
	return host.Reply{Status: http.StatusNoContent, Receipt: receipt}.Write(e.w)
}

// removal works out how the list is removed, and that what it left is cleaned up.
func (o *orders) removal(e *errand) (p host.Plan, err error) {
	if err := o.find(e); err != nil {
		return p, err
	}
	if len(e.liste.Missing()) > 0 { // copies are to be accounted for first
		return p, wire.ErrWithdrawn
	}
	if p.Ops, err = o.lists.Remove(e.Context(), &e.liste); err != nil {
		return p, err
	}
	work, err := o.work.Anew(e.Context(), e.liste.ID, []byte(e.liste.FiksOrgID))
	p.Ops, p.Entry = append(p.Ops, work), e.entry(audit.Utfoert)
	return p, err
}

var errNoFile = fault.New(fault.Conflict, "INNBYGGERLISTE_IKKE_FERDIG", "Innbyggerlisten er ikke ferdig, eller den feilet. Se statusen.")

// file gives the file, or a range of it, to a holder of the role, after writing down that it was read.
func (o *orders) file(e *errand) error {
	if err := o.find(e); err != nil {
		return err
	}
	switch {
	case e.liste.Trukket():
		return wire.ErrWithdrawn
	case e.liste.Status != lists.Ferdig:
		return errNoFile
	}
	r, err := o.files.NewReader(e.Context(), e.liste.Fil.Noekkel, nil)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	receipt, err := o.changes.Deliver(e.Context(), func() (host.Plan, error) { return o.downloaded(e) })
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

// downloaded counts the download of the list as it is now: one that was withdrawn meanwhile is not given.
func (o *orders) downloaded(e *errand) (host.Plan, error) {
	if err := o.find(e); err != nil {
		return host.Plan{}, err
	}
	ops, err := e.liste.Downloaded(e.holder.Aktor, o.now())
	if err != nil {
		return host.Plan{}, wire.ErrWithdrawn
	}
	entry, rows := e.entry(audit.Utlevert), e.liste.Rader
	entry.Treff = &rows
	return host.Plan{Ops: ops, Entry: entry}, nil
}

func media(l lists.Liste) string {
	if wire.Format(l) == "CSV" {
		return "text/csv; charset=utf-8"
	}
	return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}

func extension(l lists.Liste) string {
	if wire.Format(l) == "CSV" {
		return ".csv"
	}
	return ".xlsx"
}
