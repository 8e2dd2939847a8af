package workbook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"hjemmel/shared/lists/template"
)

var salt = []byte("0123456789abcdef")

var columns = []template.Column{
	{Name: "identifikasjonsnummer_foedselsEllerDNummer", Header: "Fødselsnummer eller d-nummer", Kind: template.ID},
	{Name: "navn_fornavn", Header: "Fornavn"},
	{Name: "foedsel_foedselsdato", Header: "Fødselsdato", Kind: template.Date},
	{Name: "foedsel_foedselsaar", Header: "Fødselsår", Kind: template.Number},
}

var about = Cover{
	Title: "Barn født i 2021", Organisation: "Eksempel kommune", Criteria: []string{"Bosatt i Eksempel", "Født 2021"}, Template: "BARNEHAGE",
	Rolle: "Barnehageopptak", Hjemler: []string{"Barnehageloven § 47"}, Formaal: "Opptak 2026", OrderedBy: "Kari Eksempel",
	Ordered: time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC), Finished: time.Date(2026, 6, 1, 8, 5, 0, 0, time.UTC), ExpiresAt: time.Date(2026, 6, 15, 8, 5, 0, 0, time.UTC),
	Receipt: "kvittering-1",
}

// trap are texts that spreadsheets are known to change.
var trap = []string{
	"Áŋŋel Čáhppesduottar", "🙂👩🏽‍🚒", "=cmd|'/c calc'!A0", "+1", "-1", "@x", "_x0041_", "_x005F_", "_x005F_x0041_", "_x000", "__x0041_x0042_", "0012", "1E5", "17.05.2024",
	"TRUE", "#N/A", " foran", "bak ", "to\nlinjer", "\t", "a\tb", "<t>&amp;</t>", "]]>", "\"'", "«æøå»", "\u00a0", "\u2028", "'ja", "a;b", "\ufeffx",
}

// written writes a list and gives the file.
func written(t *testing.T, f Format, l List, rows [][]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := New(&out, f, l)
	if err != nil {
		t.Fatal(err)
	}
	pour(t, w, rows)
	return out.Bytes()
}

func pour(t *testing.T, w *Writer, rows [][]string) {
	t.Helper()
	for _, r := range rows {
		if err := w.Row(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(about); err != nil {
		t.Fatal(err)
	}
}

func opened(t *testing.T, raw []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// parts unzips a file.
func parts(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		found[f.Name] = string(b)
	}
	return found
}

// A list of everything: each trap in each kind of column.
func everything() (rows, shown [][]string) {
	for _, s := range trap {
		rows = append(rows, []string{s, s, s, s})
	}
	rows = append(rows, []string{"00000000000", "", "2024-05-17", "1984"}, []string{"", "", "", ""}, []string{"x", "2024-05-17", "2024-05", "0"},
		[]string{"x", "y", "1900-02-28", "12345678901234567890"}, []string{"x", "y", "1900-03-01", "00"}, []string{"x", "y", "9999-12-31", "-1"}, []string{"x", "y", "2023-02-29", "1.5"})
	shown = slices.Clone(rows)
	for i, r := range shown {
		if day, err := time.Parse(time.DateOnly, r[2]); err == nil && day.Year() > 1900 || r[2] == "1900-03-01" {
			shown[i] = []string{r[0], r[1], day.Format("02.01.2006"), r[3]}
		}
	}
	return rows, shown
}

// square gives every row the same number of cells.
func square(rows [][]string, n int) [][]string {
	for i := range rows {
		for len(rows[i]) < n {
			rows[i] = append(rows[i], "")
		}
	}
	return rows
}

func TestCellsComeBackAsTheyWere(t *testing.T) {
	rows, shown := everything()
	f := opened(t, written(t, XLSX, List{Columns: columns, Salt: salt}, rows))
	got, err := f.GetRows("Liste")
	if err != nil {
		t.Fatal(err)
	}
	want := append([][]string{{columns[0].Header, columns[1].Header, columns[2].Header, columns[3].Header}}, shown...)
	for len(got) < len(want) { // rows of empty cells at the end are not told
		got = append(got, nil)
	}
	if d := cmp.Diff(want, square(got, 4)); d != "" {
		t.Error(d)
	}
}

// What XML cannot hold is text like any other.
func TestControlCharactersComeBack(t *testing.T) {
	var rows [][]string
	for c := range ' ' {
		rows = append(rows, []string{"x", "a" + string(c) + "b", string(c), "_x000B" + string(c)})
	}
	rows = append(rows, []string{"x", "\uFFFE\uFFFF", "\x7f\u0085", "\uFFFD"})
	got, err := opened(t, written(t, XLSX, List{Columns: columns, Salt: salt}, rows)).GetRows("Liste")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(rows, square(got[1:], 4)); d != "" {
		t.Error(d)
	}
}

func TestDaysAndNumbersAreTyped(t *testing.T) {
	f := opened(t, written(t, XLSX, List{Columns: columns, Salt: salt}, [][]string{
		{"1", "2024-05-17", "2024-05-17", "1984"}, {"01", "1984", "2024", "01984"}, {"1", "1", "1899-12-31", "1234567890123456"},
	}))
	for cell, want := range map[string]string{
		"A2": "text @ 1", "B2": "text @ 2024-05-17", "C2": "number [$-414]dd\\.mm\\.yyyy 45429", "D2": "number  1984",
		"C3": "text @ 2024", "D3": "text @ 01984", "C4": "text @ 1899-12-31", "D4": "text @ 1234567890123456",
	} {
		kind, err := f.GetCellType("Liste", cell)
		if err != nil {
			t.Fatal(err)
		}
		id, _ := f.GetCellStyle("Liste", cell)
		style, _ := f.GetStyle(id)
		format := map[int]string{49: "@"}[style.NumFmt]
		if style.CustomNumFmt != nil {
			format = *style.CustomNumFmt
		}
		value, _ := f.GetCellValue("Liste", cell, excelize.Options{RawCellValue: true})
		name := map[excelize.CellType]string{excelize.CellTypeInlineString: "text", excelize.CellTypeUnset: "number"}[kind]
		if got := fmt.Sprintf("%s %s %s", name, format, value); got != want {
			t.Errorf("%s is %q, want %q", cell, got, want)
		}
	}
}

func TestTheSheetIsReadyForUse(t *testing.T) {
	for _, names := range []bool{false, true} {
		l := List{Columns: columns, Salt: salt, MachineNames: names}
		f := opened(t, written(t, XLSX, l, [][]string{{"1", "Kari", "", ""}, {"2", "Ola", "", ""}}))
		top := l.headerRows()
		if got := f.GetSheetList(); !slices.Equal(got, []string{"Liste", "Om listen"}) {
			t.Errorf("sheets %v", got)
		}
		tables, err := f.GetTables("Liste")
		if err != nil || len(tables) != 1 || tables[0].Range != fmt.Sprintf("A%d:D%d", top, top+2) {
			t.Errorf("tables %v, %v", tables, err)
		}
		if p, err := f.GetPanes("Liste"); err != nil || !p.Freeze || p.YSplit != top {
			t.Errorf("panes %v, %v", p, err)
		}
		if w, err := f.GetColWidth("Liste", "A"); err != nil || w < 20 {
			t.Errorf("width %v, %v", w, err)
		}
		if got, _ := f.GetCellValue("Liste", fmt.Sprint("B", top)); got != map[bool]string{false: "Fornavn", true: "navn_fornavn"}[names] {
			t.Errorf("the table's header says %s", got)
		}
		if got, _ := f.GetCellValue("Liste", "B1"); got != "Fornavn" {
			t.Errorf("the header says %s", got)
		}
	}
}

func TestTheCoverTellsOfTheList(t *testing.T) {
	var out bytes.Buffer
	w, err := New(&out, XLSX, List{Columns: columns, Salt: salt})
	if err != nil {
		t.Fatal(err)
	}
	pour(t, w, [][]string{{"1", "Kari", "", ""}})
	f := opened(t, out.Bytes())
	rows, err := f.GetRows("Om listen")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Barn født i 2021"}, nil, {"Organisasjon", "Eksempel kommune"}, {"Utvalg", "Bosatt i Eksempel\nFødt 2021"}, {"Antall rader", "1"}, {"Mal", "BARNEHAGE"},
		{"Rolle", "Barnehageopptak"}, {"Hjemmel", "Barnehageloven § 47"}, {"Formål", "Opptak 2026"}, {"Bestilt av", "Kari Eksempel"},
		{"Bestilt", "01.06.2026 kl. 10:00"}, {"Ferdig", "01.06.2026 kl. 10:05"}, {"Slettes", "15.06.2026 kl. 10:05"},
		{"Kvittering", "kvittering-1"}, {"Manifest (SHA-256)", w.Summary().Manifest.String()}, {"Salt", fmt.Sprintf("%x", salt)},
	}
	if d := cmp.Diff(want, rows); d != "" {
		t.Error(d)
	}
	p, err := f.GetDocProps()
	if err != nil || p.Title != about.Title || p.Creator != about.Organisation || p.Language != "nb-NO" || p.Created != "2026-06-01T08:05:00Z" {
		t.Errorf("properties %+v, %v", p, err)
	}
}

// Nothing in the file computes, links, hides or remembers.
func TestNothingIsHidden(t *testing.T) {
	rows, _ := everything()
	for name, part := range parts(t, written(t, XLSX, List{Columns: columns, Salt: salt}, rows)) {
		for _, never := range []string{"<f>", "<f ", "hidden", "definedName", "xuri", "xcelize", `TargetMode="External"`, "hyperlink"} {
			if strings.Contains(part, never) && !strings.HasPrefix(name, "xl/theme") {
				t.Errorf("%s holds %s", name, never)
			}
		}
		for _, never := range []string{"calcChain", "external", "vba", "custom", "comment", "drawing"} {
			if strings.Contains(strings.ToLower(name), strings.ToLower(never)) {
				t.Errorf("there is a part %s", name)
			}
		}
	}
}

// A value that was not given as a cell of this list is in no part of it: not one that lies behind the row
// in memory, and not one of another list or of the row before.
func TestOnlyCellsAreInTheFile(t *testing.T) {
	const canary = "KANARI27118912345"
	_ = written(t, XLSX, List{Columns: columns, Salt: salt}, [][]string{{canary, canary, canary, canary}})
	behind := []string{"1", "Kari", "", "", canary}
	for _, format := range []Format{XLSX, CSV} {
		raw := written(t, format, List{Columns: columns, Salt: salt}, [][]string{behind[:4], {"", "", "", ""}})
		all := map[string]string{"file": string(raw)}
		if format == XLSX {
			maps.Copy(all, parts(t, raw))
		}
		for name, part := range all {
			if strings.Contains(part, "KANARI") {
				t.Errorf("%s of %s holds the canary", name, format)
			}
		}
	}
}

func TestALongListGoesOnTheNextSheet(t *testing.T) {
	for _, names := range []bool{false, true} {
		var out bytes.Buffer
		l := List{Columns: columns[:2], Salt: salt, MachineNames: names}
		w, err := New(&out, XLSX, l)
		if err != nil {
			t.Fatal(err)
		}
		w.file.(*spreadsheet).maxRows = 3 + l.headerRows()
		pour(t, w, [][]string{{"1", "a"}, {"2", "b"}, {"3", "c"}, {"4", "d"}, {"5", "e"}, {"6", "f"}, {"7", "g"}})
		f := opened(t, out.Bytes())
		if got := f.GetSheetList(); !slices.Equal(got, []string{"Liste", "Liste 2", "Liste 3", "Om listen"}) {
			t.Errorf("sheets %v", got)
		}
		for sheet, want := range map[string]string{"Liste": "1a 2b 3c", "Liste 2": "4d 5e 6f", "Liste 3": "7g"} {
			rows, err := f.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range rows[l.headerRows():] {
				got = append(got, strings.Join(r, ""))
			}
			if strings.Join(got, " ") != want || rows[0][1] != "Fornavn" {
				t.Errorf("%s holds %v", sheet, rows)
			}
			tables, err := f.GetTables(sheet)
			if end := fmt.Sprint("B", len(rows)); err != nil || len(tables) != 1 || !strings.HasSuffix(tables[0].Range, end) {
				t.Errorf("tables of %s: %v, %v", sheet, tables, err)
			}
		}
	}
}

// A part of 4 GiB would need zip's 64-bit form.
func TestALargeSheetGoesOnTheNext(t *testing.T) {
	var out bytes.Buffer
	w, err := New(&out, XLSX, List{Columns: columns[:2], Salt: salt})
	if err != nil {
		t.Fatal(err)
	}
	w.file.(*spreadsheet).maxPart = 10_000
	var rows [][]string
	for range 4 {
		rows = append(rows, []string{"1", strings.Repeat("a", 8_000)})
	}
	pour(t, w, rows)
	for name, part := range parts(t, out.Bytes()) {
		if strings.HasPrefix(name, "xl/worksheets/sheet") && len(part) > 20_000 {
			t.Errorf("%s has %d bytes", name, len(part))
		}
	}
	if got := opened(t, out.Bytes()).GetSheetList(); len(got) != 3 {
		t.Errorf("sheets %v", got)
	}
}

// Heads are written before anything after them is known.
func TestTheHeadOfASheetDoesNotDependOnWhatFollows(t *testing.T) {
	l := List{Columns: columns, Salt: salt}
	head := func(i int, sheets ...int) string {
		p, err := frame(l, about.lines(Summary{}, salt), about, sheets)
		if err != nil {
			t.Fatal(err)
		}
		before, _, _ := strings.Cut(string(p[sheetPart(i)]), rowsEnd)
		return before
	}
	if head(0, 0) != head(0, 7, 5, 3) || head(1, 7, 0) != head(1, 9, 5, 3) {
		t.Error("it does")
	}
}
