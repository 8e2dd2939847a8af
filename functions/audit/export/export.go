// Package export writes entries of the audit log as files: a table for people (CSV, XLSX), lines for systems that
// watch (CEF), and a pack of evidence that anybody can check with the log's key alone.
//
// It refuses to write a cell that a spreadsheet would run as a formula, and a line that could be taken for two.
// It knows no store: what it is given it writes, so whoever calls it has written down that it is read.
package export

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/policy"
)

// Format is the kind of file.
type Format string

// The formats.
const (
	CSV  Format = "CSV"
	XLSX Format = "XLSX"
	CEF  Format = "CEF"
	Pack Format = "BEVISPAKKE"
)

// Media are the formats' media types.
var Media = map[Format]string{
	CSV:  "text/csv; charset=utf-8",
	XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	CEF:  "text/plain; charset=utf-8",
	Pack: "application/zip",
}

// column is one column of the table.
type column struct {
	header string
	cell   func(audit.Entry) string
}

func joined(s []string) string { return strings.Join(s, ", ") }

// columns are what an entry says, in words a reader knows. The sealed number is not among them.
var columns = []column{
	{"Tid", func(e audit.Entry) string { return e.Tid.In(policy.Oslo()).Format(time.RFC3339) }},
	{"Ansatt eller system", func(e audit.Entry) string { return e.Aktor }},
	{"Gjennom system", func(e audit.Entry) string { return e.PaaVegneAv }},
	{"Handling", func(e audit.Entry) string { return e.Handling }},
	{"Utfall", func(e audit.Entry) string { return string(e.Utfall) }},
	{"Person (pseudonym)", func(e audit.Entry) string { return e.Subjekt }},
	{"Formål", func(e audit.Entry) string { return e.Formaal }},
	{"Rolle", func(e audit.Entry) string { return e.Rolle }},
	{"Rolleversjon", func(e audit.Entry) string { return number(e.Rolleversjon) }},
	{"Tjenesteområde", func(e audit.Entry) string { return e.Tjenesteomraade }},
	{"Hjemler", func(e audit.Entry) string { return joined(e.Hjemler) }},
	{"Spurt om", func(e audit.Entry) string { return joined(e.Spurt) }},
	{"Utlevert", func(e audit.Entry) string { return joined(e.Levert) }},
	{"Søkt på", func(e audit.Entry) string { return joined(e.Parametre) }},
	{"Treff", func(e audit.Entry) string {
		if e.Treff == nil {
			return ""
		}
		return strconv.Itoa(*e.Treff)
	}},
	{"Gradert adresse vist", func(e audit.Entry) string {
		if e.Avdekket {
			return "ja"
		}
		return ""
	}},
	{"Bekreftelse", func(e audit.Entry) string { return e.Bekreftelse }},
	{"Overstyring", func(e audit.Entry) string { return e.Overstyring }},
	{"Regler", func(e audit.Entry) string { return joined(e.Regler) }},
	{"Feilkode", func(e audit.Entry) string { return e.Feilkode }},
	{"Gjelder", func(e audit.Entry) string { return e.Gjelder }},
	{"Endret", func(e audit.Entry) string { return joined(e.Endret) }},
	{"Forespørsel", func(e audit.Entry) string { return e.RequestID }},
	{"Innslag", audit.Entry.ID},
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// rows gives the header and the entries' cells.
func rows(entries []audit.Entry) [][]string {
	all := make([][]string, len(entries)+1)
	for _, c := range columns {
		all[0] = append(all[0], c.header)
		for i, e := range entries {
			all[i+1] = append(all[i+1], c.cell(e))
		}
	}
	return all
}

// Table writes entries as CSV: UTF-8 with a byte order mark, semicolons and CRLF, as Norwegian Excel reads it.
func Table(entries []audit.Entry) ([]byte, error) {
	out := bytes.NewBufferString("\uFEFF")
	w := csv.NewWriter(out)
	w.Comma, w.UseCRLF = ';', true
	for _, row := range rows(entries) {
		for i, cell := range row {
			row[i] = harmless(cell)
		}
		if err := w.Write(row); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// harmless keeps a spreadsheet from running a caller's words as a formula: an apostrophe makes it text.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
