package workbook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"hjemmel/shared/lists/template"
	"hjemmel/shared/policy"
)

// Names of the sheets. The data comes first, since programs read the first sheet.
const (
	dataSheet  = "Liste"
	coverSheet = "Om listen"
)

// Styles of the data's cells, as the frame registers them.
const (
	styleText = "1" // "@": what is typed over stays text
	styleDate = "2" // dd.mm.yyyy
)

// frame has excelize make everything of the workbook that is not a row of data: sheets[i] is how many
// rows data sheet i has. What it makes of a data sheet up to its rows does not depend on how many there
// are or what comes after.
func frame(l List, lines []line, c Cover, sheets []int) (map[string][]byte, error) {
	b := builder{File: excelize.NewFile(), list: l}
	defer func() { _ = b.Close() }() // nothing of it lies on disk
	b.styles()
	for i, rows := range sheets {
		b.data(i, rows)
	}
	b.cover(c.Title, lines)
	b.properties(c)
	if b.err != nil {
		return nil, fmt.Errorf("workbook: %w", b.err)
	}
	parts := captured{}
	b.SetZipWriter(func(io.Writer) excelize.ZipWriter { return parts })
	if _, err := b.WriteToBuffer(); err != nil {
		return nil, fmt.Errorf("workbook: %w", err)
	}
	whole := map[string][]byte{}
	for name, part := range parts {
		whole[name] = part.Bytes()
	}
	return whole, nil
}

// captured keeps the parts that excelize writes.
type captured map[string]*bytes.Buffer

func (c captured) Create(name string) (io.Writer, error) {
	c[name] = &bytes.Buffer{}
	return c[name], nil
}

func (captured) AddFS(fs.FS) error { return zip.ErrAlgorithm } // excelize writes part by part
func (captured) Close() error      { return nil }

// builder is a workbook in the making; the first error stays.
type builder struct {
	*excelize.File
	list                         List
	text, date, bold, small, fat int
	err                          error
}

func (b *builder) try(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *builder) style(s excelize.Style) int {
	id, err := b.NewStyle(&s)
	b.try(err)
	return id
}

func (b *builder) styles() {
	day := "[$-414]dd\\.mm\\.yyyy" // Norwegian whatever the language of the program is
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	b.text = b.style(excelize.Style{NumFmt: 49})
	b.date = b.style(excelize.Style{CustomNumFmt: &day})
	if fmt.Sprint(b.text, b.date) != styleText+" "+styleDate {
		b.try(fmt.Errorf("styles are numbered %d and %d", b.text, b.date))
	}
	b.bold = b.style(excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}, Alignment: top})
	b.small = b.style(excelize.Style{NumFmt: 49, Alignment: top})
	b.fat = b.style(excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}})
}

// sheetName names data sheet i from 0: Liste, Liste 2.
func sheetName(i int) string {
	if i == 0 {
		return dataSheet
	}
	return fmt.Sprintf("%s %d", dataSheet, i+1)
}

// sheetPart is where excelize puts data sheet i.
func sheetPart(i int) string { return fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1) }

func (b *builder) data(i, rows int) {
	name := sheetName(i)
	if i == 0 {
		b.try(b.SetSheetName("Sheet1", name))
	} else {
		_, err := b.NewSheet(name)
		b.try(err)
	}
	last, top := letters(len(b.list.Columns)-1), b.list.headerRows()
	for n, names := range b.list.names() {
		for at, header := range names {
			b.try(b.SetCellStr(name, fmt.Sprint(letters(at), n+1), header))
		}
	}
	for at, c := range b.list.Columns {
		b.try(b.SetColStyle(name, letters(at), map[template.Kind]int{template.Text: b.text, template.ID: b.text, template.Date: b.date}[c.Kind]))
		b.try(b.SetColWidth(name, letters(at), letters(at), width(c)))
	}
	b.try(b.SetCellStyle(name, "A1", fmt.Sprint(last, top), b.bold))
	b.try(b.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: top, TopLeftCell: fmt.Sprint("A", top+1), ActivePane: "bottomLeft"}))
	b.try(b.SetSheetDimension(name, "")) // the rows that come are not counted yet
	table := excelize.Table{Range: fmt.Sprintf("A%d:%s%d", top, last, top+max(rows, 1)), Name: strings.ReplaceAll(name, " ", "_")}
	b.try(b.AddTable(name, &table))
}

// width is in characters.
func width(c template.Column) float64 {
	least := map[template.Kind]int{template.Text: 20, template.ID: 14, template.Date: 12, template.Number: 10}[c.Kind]
	return float64(min(max(least, len([]rune(c.Header))+4), 50))
}

// line is one of the cover.
type line struct{ name, text string }

// lines are what the cover says, in order, without what is empty.
func (c Cover) lines(s Summary, salt []byte) []line {
	all := []line{
		{"Organisasjon", c.Organisation},
		{"Utvalg", strings.Join(c.Criteria, "\n")},
		{"Antall rader", fmt.Sprint(s.Rows)},
		{"Mal", c.Template},
		{"Rolle", c.Rolle},
		{"Hjemmel", strings.Join(c.Hjemler, "\n")},
		{"Formål", c.Formaal},
		{"Bestilt av", c.OrderedBy},
		{"Bestilt", moment(c.Ordered)},
		{"Ferdig", moment(c.Finished)},
		{"Slettes", moment(c.ExpiresAt)},
		{"Kvittering", c.Receipt},
		{"Manifest (SHA-256)", s.Manifest.String()},
		{"Salt", fmt.Sprintf("%x", salt)},
	}
	some := all[:0]
	for _, l := range all {
		if l.text != "" {
			some = append(some, l)
		}
	}
	return some
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(policy.Oslo()).Format("02.01.2006 kl. 15:04")
}

func (b *builder) cover(title string, lines []line) {
	_, err := b.NewSheet(coverSheet)
	b.try(err)
	b.try(b.SetSheetDimension(coverSheet, ""))
	b.try(b.SetColWidth(coverSheet, "A", "A", 22))
	b.try(b.SetColWidth(coverSheet, "B", "B", 80))
	b.try(b.SetCellStr(coverSheet, "A1", title))
	b.try(b.SetCellStyle(coverSheet, "A1", "A1", b.fat))
	for i, l := range lines {
		at := fmt.Sprint(i + 3)
		b.try(b.SetCellStr(coverSheet, "A"+at, l.name))
		b.try(b.SetCellStr(coverSheet, "B"+at, l.text))
		b.try(b.SetCellStyle(coverSheet, "A"+at, "A"+at, b.bold))
		b.try(b.SetCellStyle(coverSheet, "B"+at, "B"+at, b.small))
	}
}

func (b *builder) properties(c Cover) {
	made := c.Finished.UTC().Format(time.RFC3339)
	b.try(b.SetDocProps(&excelize.DocProperties{
		Title: c.Title, Creator: c.Organisation, LastModifiedBy: c.Organisation, Language: "nb-NO", Created: made, Modified: made,
	}))
	b.try(b.SetAppProps(&excelize.AppProperties{Application: "Hjemmel", Company: c.Organisation}))
}
