package workbook

import (
	"strconv"
	"strings"
	"time"

	"hjemmel/shared/lists/template"
)

// encoder writes the XML of rows. Styles are those that the frame has registered.
type encoder struct {
	columns []cellForm
}

// cellForm is what is the same in all cells of a column.
type cellForm struct {
	kind template.Kind
	open string // <c r="AB
}

func newEncoder(l List) encoder {
	e := encoder{make([]cellForm, len(l.Columns))}
	for i, c := range l.Columns {
		e.columns[i] = cellForm{c.Kind, `<c r="` + letters(i)}
	}
	return e
}

// letters names column i from 0: A, B … Z, AA.
func letters(i int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if i < len(alphabet) {
		return alphabet[i : i+1]
	}
	return letters(i/len(alphabet)-1) + letters(i%len(alphabet))
}

// row appends row number n of the sheet. Empty cells are left out.
func (e encoder) row(b []byte, n int, cells []string) []byte {
	var digits [8]byte
	number := strconv.AppendInt(digits[:0], int64(n), 10)
	b = append(append(append(b, `<row r="`...), number...), `">`...)
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		f := e.columns[i]
		b = append(append(b, f.open...), number...)
		switch day, ok := serial(f.kind, cell); {
		case ok:
			b = append(b, `" s="`+styleDate+`"><v>`...)
			b = append(strconv.AppendInt(b, int64(day), 10), `</v></c>`...)
		case f.kind == template.Number && plain(cell):
			b = append(b, `"><v>`...)
			b = append(append(b, cell...), `</v></c>`...)
		case padded(cell):
			b = append(b, `" s="`+styleText+`" t="inlineStr"><is><t xml:space="preserve">`...)
			b = append(escaped(b, cell), `</t></is></c>`...)
		default:
			b = append(b, `" s="`+styleText+`" t="inlineStr"><is><t>`...)
			b = append(escaped(b, cell), `</t></is></c>`...)
		}
	}
	return append(b, `</row>`...)
}

// padded reports whether space at the ends must be kept.
func padded(cell string) bool {
	return cell[0] <= ' ' || cell[len(cell)-1] <= ' ' || strings.Contains(cell, "\n")
}

// plain reports whether a number is written as Excel writes it back: digits without zeros in front, as
// many as it keeps.
func plain(cell string) bool {
	if len(cell) > 15 || (cell[0] == '0' && len(cell) > 1) {
		return false
	}
	for i := range len(cell) {
		if cell[i] < '0' || cell[i] > '9' {
			return false
		}
	}
	return true
}

// Excel counts days from 30 December 1899 and believes in 29 February 1900, so days before March 1900 are
// not the same in all programs.
var (
	epoch    = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	firstDay = time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC)
)

// serial gives the number of a whole day that Excel knows.
func serial(k template.Kind, cell string) (day int, ok bool) {
	if k != template.Date || len(cell) != len(time.DateOnly) {
		return 0, false
	}
	t, err := time.Parse(time.DateOnly, cell)
	if err != nil || t.Before(firstDay) {
		return 0, false
	}
	return int((t.Unix() - epoch.Unix()) / 86_400), true
}

const hexadecimal = "0123456789ABCDEF"

// suspect are the bytes that may have to be escaped.
var suspect = func() (t [256]bool) {
	for c := range ' ' {
		t[c] = true
	}
	for _, c := range []byte("&<>_\xEF") {
		t[c] = true
	}
	return t
}()

// escaped appends text as XML.
func escaped(b []byte, s string) []byte {
	from := 0
	for i := range len(s) {
		if !suspect[s[i]] {
			continue
		}
		if escape, width := escape(s[i:]); escape != "" {
			b = append(append(b, s[from:i]...), escape...)
			from = i + width
		}
	}
	return append(b, s[from:]...)
}

// escape gives what is written for how many of the first bytes of s, or "" where they are written as they
// are. What XML cannot hold is written _x000B_, and an underscore before what would be read as that is
// escaped itself (ECMA-376 part 1, 22.9.2.19).
func escape(s string) (written string, width int) {
	switch c := s[0]; {
	case c == '&':
		return "&amp;", 1
	case c == '<':
		return "&lt;", 1
	case c == '>':
		return "&gt;", 1
	case c == '_' && coded(s):
		return "_x005F_", 1
	case c < ' ' && c != '\t' && c != '\n':
		return "_x00" + string(hexadecimal[c>>4]) + string(hexadecimal[c&15]) + "_", 1
	case strings.HasPrefix(s, "\uFFFE"):
		return "_xFFFE_", 3
	case strings.HasPrefix(s, "\uFFFF"):
		return "_xFFFF_", 3
	}
	return "", 0
}

// coded reports whether s begins as an escape does: _x and four hexadecimal digits.
func coded(s string) bool {
	if len(s) < 6 || s[1] != 'x' {
		return false
	}
	for _, c := range s[2:6] {
		if !strings.ContainsRune("0123456789abcdefABCDEF", c) {
			return false
		}
	}
	return true
}
