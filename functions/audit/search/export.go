package search

import (
	"net/http"

	"hjemmel/functions/audit/export"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/audit/tiles"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
)

// Bounds of a file: how many entries it has, and how many are read to find them.
const (
	maxExport    = 5000
	exportBudget = 20_000
)

var errFormat = fault.New(fault.Invalid, "UKJENT_FORMAT", "Formatet må være CSV, XLSX, CEF eller BEVISPAKKE.")

// ordered is an export as a client asks for it.
type ordered struct {
	criteria
	Format export.Format `json:"format"`
}

// export gives all that a search finds as a file. What is too much for one file is refused, never cut.
func (d *desk) export(e *office.Errand) (host.Reply, error) {
	var o ordered
	if _, err := api.ReadBody(e.Request, &o); err != nil {
		return host.Reply{}, err
	}
	if err := e.In(office.Innsyn, o.FiksOrgID); err != nil {
		return host.Reply{}, err
	}
	if export.Media[o.Format] == "" {
		return host.Reply{}, errFormat
	}
	if o.Antall != 0 || o.Markoer != "" {
		return host.Reply{}, office.ErrField.About("antall", "markoer")
	}
	f, err := o.read(d.numbers, e.Org, d.Now())
	if err != nil {
		return host.Reply{}, err
	}
	about(e, f)
	entries, records, err := d.all(e, f)
	if err != nil {
		return host.Reply{}, err
	}
	n := len(entries)
	e.Entry.Treff, e.Entry.Endret = &n, []string{string(o.Format)}
	body, err := d.file(e, o.Format, entries, records)
	return d.Told(e, host.Reply{Status: http.StatusOK, Media: export.Media[o.Format], Body: body}, err)
}

// all reads everything that is found.
func (d *desk) all(e *office.Errand, f filter) (entries []audit.Entry, records []audit.Record, err error) {
	next, err := d.log.Newest(e.Context(), f.query, exportBudget, func(entry audit.Entry, r audit.Record) (bool, error) {
		if f.matches(entry) {
			entries, records = append(entries, entry), append(records, r)
		}
		return len(entries) <= maxExport, nil
	})
	if err == nil && next != "" {
		err = errTooMuch
	}
	return entries, records, err
}

func (d *desk) file(e *office.Errand, f export.Format, entries []audit.Entry, records []audit.Record) ([]byte, error) {
	switch f {
	case export.CSV:
		return export.Table(entries)
	case export.XLSX:
		return export.Workbook(entries)
	case export.CEF:
		return export.Lines(entries), nil
	case export.Pack:
		pack := tiles.Pack{Innslag: make([]tiles.Evidence, len(entries))}
		checkpoint, leaves, err := d.sealer.Evidence(e.Context(), entries)
		if err != nil {
			return nil, err
		}
		pack.Sjekkpunkt = checkpoint
		for i, r := range records {
			pack.Innslag[i] = tiles.Evidence{Innslag: string(r.Innslag), Salt: r.Salt, Leaf: leaves[i]}
		}
		return export.Zip(entries, pack, d.sealer.Signer.Key)
	}
	return nil, errFormat
}
