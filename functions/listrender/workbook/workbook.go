// Package workbook writes the file of one citizen list (innbyggerliste), XLSX or CSV, while its rows are
// poured in. Memory does not grow with the rows.
//
// What the file says of itself is known only when the rows are: [Writer.Summary] tells how many there are
// and their manifest, and [Writer.Close] takes the cover. An XLSX has the sheet «Liste», «Liste 2» and so
// on where Excel's rows do not suffice, and last «Om listen», the cover. Every value is text, a date or a
// number: there are no formulas, links, hidden sheets or shared strings of rows.
//
// It refuses a cell that Excel would cut, text that is not UTF-8, rows of another width, and a cover
// without the proof that what it covers was written down. After a refusal nothing can be written or
// closed, so that half a file is never taken for a whole one. It never repeats a value in an error. It
// knows no register, store or clock: what it is given it writes, so it must be given what was redacted.
package workbook

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hjemmel/shared/fault"
	"hjemmel/shared/lists/template"
)

// List is what is known of a list before its rows.
type List struct {
	// Columns have names and headers of their own. A template.Date that is not a whole day from 1 March 1900 is
	// written as text, and so is a template.Number that a spreadsheet would write otherwise (007).
	Columns []template.Column
	// MachineNames adds a second header row with the columns' names.
	MachineNames bool
	// Salt is at least 16 random bytes of this list alone. With it the manifest of a short list cannot be
	// found by trying every number there is.
	Salt []byte
}

// Cover is what the file says of itself. Title, Organisation, Rolle, Hjemler and Receipt must be there;
// what else is empty is left out. It must say nothing of who was withheld, not even how many.
type Cover struct {
	Title        string
	Organisation string
	// Criteria are what the list was ordered by, in words, a line each.
	Criteria []string
	Template string
	Rolle    string
	Hjemler  []string
	Formaal  string
	// OrderedBy is who ordered it, as the organisation knows them.
	OrderedBy                    string
	Ordered, Finished, ExpiresAt time.Time
	// Receipt is that of the audit log (kvittering).
	Receipt string
}

// Format is the kind of file (eksportFilformat).
type Format string

// The formats, as Fiks spells them.
const (
	XLSX Format = "XLSX"
	CSV  Format = "CSV"
)

// Summary is what is known when the rows are.
type Summary struct {
	Rows     int
	Manifest Manifest
}

// Bounds of a list.
const (
	// MaxCell is how many UTF-16 units Excel keeps of a cell.
	MaxCell = 32_767
	// MaxColumns is far over the elements of the catalogue and under Excel's own 16 384.
	MaxColumns = 1000
	minSalt    = 16
	maxHeader  = 255 // of a table's column in Excel
)

// What is wrong with a list, in words for the one who ordered it. Refused cells name row and column.
var (
	tooLong  = fault.New(fault.TooLarge, "LISTE_CELLE_FOR_LANG", "En celle er lengre enn Excel tar imot.")
	notText  = fault.New(fault.Internal, "LISTE_CELLE_UGYLDIG", "En celle er ikke gyldig tekst.")
	tooLarge = fault.New(fault.TooLarge, "LISTE_FOR_STOR", "Filen blir større enn Excel tar imot. Del bestillingen i flere lister.")
)

var (
	errList   = errors.New("workbook: no columns, a column without a name or header or with that of another, or a salt that is too short")
	errWidth  = errors.New("workbook: a row has not one cell for each column")
	errCover  = errors.New("workbook: the cover lacks title, organisation, rolle, hjemler or receipt")
	errClosed = errors.New("workbook: closed")
)

// Writer writes one file. It is not safe for concurrent use.
type Writer struct {
	list     List
	file     file
	manifest digest
	rows     int
	err      error
}

// file is one format.
type file interface {
	row(cells []string) error
	close(Cover, Summary) error
}

// New begins a file.
func New(to io.Writer, f Format, l List) (*Writer, error) {
	if !l.valid() {
		return nil, errList
	}
	w := &Writer{list: l, manifest: newDigest(l)}
	var err error
	switch f {
	case XLSX:
		w.file, err = newXLSX(to, l)
	case CSV:
		w.file, err = newCSV(to, l)
	default:
		err = fmt.Errorf("workbook: unknown format %q", f)
	}
	return w, err
}

func (l List) valid() bool {
	seen := map[string]bool{}
	for _, c := range l.Columns {
		name, header := "name "+c.Name, "header "+strings.ToLower(c.Header)
		readable := utf8.ValidString(c.Name+c.Header) && !strings.ContainsFunc(c.Name+c.Header, func(r rune) bool { return r < ' ' })
		if c.Name == "" || c.Header == "" || seen[name] || seen[header] || !readable || max(len(c.Header), len(c.Name)) > maxHeader {
			return false
		}
		seen[name], seen[header] = true, true
	}
	return len(l.Columns) > 0 && len(l.Columns) <= MaxColumns && len(l.Salt) >= minSalt
}

// Row adds a row, a cell for each column in their order. Days are written 2024-05-17. It does not keep
// cells.
func (w *Writer) Row(cells []string) error {
	if w.err == nil {
		w.err = w.row(cells)
	}
	return w.err
}

func (w *Writer) row(cells []string) error {
	if len(cells) != len(w.list.Columns) {
		return errWidth
	}
	for i, c := range cells {
		if f := refused(c); f != nil {
			return w.at(f, i)
		}
	}
	w.manifest.row(cells)
	w.rows++
	return w.file.row(cells)
}

// refused tells what is wrong with a cell, or nil.
func refused(cell string) *fault.Error {
	switch {
	case len(cell) > MaxCell && units(cell) > MaxCell:
		return tooLong
	case !utf8.ValidString(cell):
		return notText
	}
	return nil
}

// units counts UTF-16 units: two for what lies beyond the first plane.
func units(s string) (n int) {
	for _, r := range s {
		if n++; r > 0xFFFF {
			n++
		}
	}
	return n
}

// at says where a refused cell of the next row is: the first row of persons is 1.
func (w *Writer) at(f *fault.Error, column int) *fault.Error {
	located := *f.About(w.list.Columns[column].Name)
	located.Detail = fmt.Sprintf("%s Den er i rad %d, kolonnen «%s».", f.Detail, w.rows+1, w.list.Columns[column].Header)
	return &located
}

// Summary tells of the rows written so far. The manifest is of all of them once the last is written.
func (w *Writer) Summary() Summary { return Summary{w.rows, w.manifest.sum()} }

// Close writes what is left of the file. The writer it is written to stays open; on an error, what was
// written to it is no file.
func (w *Writer) Close(c Cover) error {
	if w.err != nil {
		return w.err
	}
	if w.err = w.closing(c); w.err != nil {
		return w.err
	}
	w.err = errClosed
	return nil
}

func (w *Writer) closing(c Cover) error {
	if c.Title == "" || c.Organisation == "" || c.Rolle == "" || len(c.Hjemler) == 0 || c.Receipt == "" {
		return errCover
	}
	for _, l := range c.lines(w.Summary(), w.list.Salt) {
		if f := refused(l.text); f != nil {
			return f
		}
	}
	return w.file.close(c, w.Summary())
}

// names are the header rows, as cells.
func (l List) names() [][]string {
	headers, names := make([]string, len(l.Columns)), make([]string, len(l.Columns))
	for i, c := range l.Columns {
		headers[i], names[i] = c.Header, c.Name
	}
	return slices.Clip([][]string{headers, names})[:l.headerRows()]
}

func (l List) headerRows() int {
	if l.MachineNames {
		return 2
	}
	return 1
}
