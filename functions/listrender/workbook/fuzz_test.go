package workbook

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// Whatever text a cell has comes back from both formats, in XML that any parser reads.
func FuzzCells(f *testing.F) {
	for i, s := range trap {
		f.Add(s, trap[(i+1)%len(trap)])
	}
	f.Add("_x000B\x0b", "_x005F_\x00")
	f.Fuzz(func(t *testing.T, a, b string) {
		if !utf8.ValidString(a) || !utf8.ValidString(b) || units(a) > MaxCell || units(b) > MaxCell {
			return
		}
		l := List{Columns: columns[:2], Salt: salt}
		row := []string{a, b}
		raw := written(t, XLSX, l, [][]string{row, {"end", "end"}})
		wellFormed(t, parts(t, raw)[sheetPart(0)])
		got, err := opened(t, raw).GetRows("Liste")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff([][]string{row, {"end", "end"}}, square(got[1:], 2)); d != "" {
			t.Errorf("xlsx: %s", d)
		}
		if strings.Contains(a+b, "\r") { // lost in an end of line
			return
		}
		if d := cmp.Diff([]string{harmless(a), harmless(b)}, readCSV(t, written(t, CSV, l, [][]string{row}))[1]); d != "" {
			t.Errorf("csv: %s", d)
		}
	})
}

func wellFormed(t *testing.T, part string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(part))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
