package export_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"hjemmel/functions/audit/export"
	"hjemmel/shared/audit"
)

func entry(formaal string) audit.Entry {
	return audit.Entry{
		Skriver: "00112233445566778899", Nr: 7, Tid: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), FiksOrgID: "org", Aktor: "ansatt-1", Formaal: formaal,
		Handling: "oppslag", Utfall: audit.Utlevert, Levert: []string{"navn", "kjoenn"}, Subjekt: "pseudonym", ForseglingAv: []byte("sealed"),
	}
}

// parse reads a line of CEF as a reader does: header parts up to seven unescaped pipes, then keys.
func parse(t fataler, line string) (head []string, values map[string]string) {
	t.Helper()
	var part strings.Builder
	rest := ""
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line):
			i++
			part.WriteByte(line[i])
		case line[i] == '|':
			head = append(head, part.String())
			part.Reset()
			if len(head) == 7 {
				rest = line[i+1:]
				i = len(line)
			}
		default:
			part.WriteByte(line[i])
		}
	}
	values = map[string]string{}
	var key, word strings.Builder
	inKey, current := true, ""
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		switch {
		case inKey && c == '=':
			current, inKey = key.String(), false
		case inKey:
			key.WriteByte(c)
		case c == '\\' && i+1 < len(rest):
			i++
			word.WriteByte(map[byte]byte{'n': '\n', 'r': '\r', '\\': '\\', '=': '='}[rest[i]])
		case c == '=': // the last word before was the next key
			text := word.String()
			cut := strings.LastIndexByte(text, ' ')
			if cut < 0 {
				t.Fatalf("an equals sign stands bare in %q", rest)
			}
			values[current], current = text[:cut], text[cut+1:]
			word.Reset()
		default:
			word.WriteByte(c)
		}
	}
	values[current] = word.String()
	return head, values
}

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

// Whatever a caller wrote as purpose, it is one line, one event, and comes out as it went in.
func TestCEFKeepsAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zæøå|=\\ \n\r]{0,20}x`).Draw(t, "text")
		line := export.Line(entry(text))
		if strings.ContainsAny(line, "\r\n") {
			t.Fatalf("%q", line)
		}
		head, values := parse(t, line)
		if len(head) != 7 || head[0] != "CEF:0" || head[4] != "oppslag" || head[6] != "3" {
			t.Fatalf("%q", head)
		}
		if values["cs3"] != text || values["cs3Label"] != "formaal" || values["suid"] != "ansatt-1" || values["rt"] != "1795435200000" || values["externalId"] != "00112233445566778899-7" {
			t.Fatalf("%q of %q", values, line)
		}
	})
}

func TestCEFHeadersAndControlCharacters(t *testing.T) {
	e := entry("a\x00b\x1b[31m\u2028c\xff")
	e.Handling = "a|b\\c\nd"
	line := export.Line(e)
	head, values := parse(t, line)
	if head[4] != "a|b\\c d" || values["cs3"] != "a b [31m c\uFFFD" {
		t.Errorf("%q %q", head, values)
	}
	if n := strings.Count(string(export.Lines([]audit.Entry{e, entry("")})), "\n"); n != 2 {
		t.Error(n)
	}
}

func TestNoFileHoldsTheSealedNumber(t *testing.T) {
	e := entry("sak 1")
	table, err := export.Table([]audit.Entry{e})
	if err != nil || bytes.Contains(table, []byte("sealed")) || bytes.Contains(export.Lines([]audit.Entry{e}), []byte("sealed")) {
		t.Errorf("%s %v", table, err)
	}
}

// A purpose is text in a spreadsheet, whatever it begins with.
func TestSpreadsheetsRunNothing(t *testing.T) {
	for _, text := range []string{"=1+1", "+1", "-1", "@x", "\tx", "sak 2026/1", "æ<&>\"", " x "} {
		table, err := export.Table([]audit.Entry{entry(text)})
		if err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(table, []byte("\uFEFF"))))
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil || len(rows) != 2 || strings.ContainsRune("=+-@\t", rune(rows[1][6][0])) || !strings.HasSuffix(rows[1][6], text) || rows[0][6] != "Formål" {
			t.Errorf("%q: %v %v", text, rows, err)
		}
		file, err := export.Workbook([]audit.Entry{entry(text)})
		if err != nil {
			t.Fatal(err)
		}
		x, err := excelize.OpenReader(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		cell, err := x.GetCellValue("Logg", "G2")
		formula, _ := x.GetCellFormula("Logg", "G2")
		if err != nil || cell != text || formula != "" {
			t.Errorf("%q: %q %q %v", text, cell, formula, err)
		}
	}
	long, err := export.Workbook([]audit.Entry{entry(strings.Repeat("æ", 20_000))})
	if err != nil || len(long) == 0 {
		t.Error(err)
	}
}
