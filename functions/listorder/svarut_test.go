package listorder_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"hjemmel/shared/policy/katalog"
)

// letters is a list of the persons for SvarUt, in a role that has every kind of address: its rows by number, as excelize
// reads them, and the file.
func (w *world) letters(of ...string) (rows map[string][]string, file []byte) {
	w.t.Helper()
	h := w.Vendor(w.t, 2)
	area, _ := katalog.Standard().Area("TEKNISK")
	wide, _ := json.Marshal(map[string]any{"opplysninger": area.Folkeregister(), "kommuner": []string{}})
	if a := w.do("PATCH", "/register/api/v2/konfigurasjon/"+voss+"/roller/"+teknisk, string(wide), w.Employee(w.t, "ansatt-07")); a.StatusCode != 200 {
		w.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	text := "personidentifikator\n"
	for _, name := range of {
		text += w.Person(name).Reveal() + "\n"
	}
	typed := h.Clone()
	typed.Set("Content-Type", "text/csv")
	ref := w.do("POST", fiks+"listesoek/csv?rolleId="+teknisk+"&eksportFormat=SVAR_UT&"+byNumber, text, typed).csv(w.t).Ref
	if l := w.finished(teknisk, ref, h); l.InnbyggerlisteStatus != "FERDIG" || l.Rader != len(of) {
		w.t.Fatalf("%+v", l)
	}
	file = w.do("GET", "/hjemmel/v1/lister/"+ref+"/fil", "", h).body
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		w.t.Fatal(err)
	}
	all, err := book.GetRows("Liste")
	if err != nil {
		w.t.Fatal(err)
	}
	rows = map[string][]string{}
	for _, r := range all[1:] {
		rows[r[0]] = append(slices.Clone(r), make([]string, len(all[0])-len(r))...) // empty cells at the end are not told
	}
	return rows, file
}

// Where a letter goes, by the register's order: a postal address before a home, abroad with the country and without a
// Norwegian town; to nowhere where the register does not know, where nobody lives any more and where the address is
// graded. Strengt fortrolig get what the register made public for them.
func TestALetterGoesWhereTheRegisterSays(t *testing.T) {
	w := newWorld(t)
	const nowhere = `^\|\|\|\|$`
	want := map[string]string{
		"vanlig":            `^[^|]+ \d+( [A-Z])?\|\|\|\d{4}\|[A-ZÆØÅ ]+$`,
		"postboks":          `^Postboks \d+\|\|\|\d{4}\|[A-ZÆØÅ ]+$`,
		"dnummer":           `^C/O [^|]+\|[^|]+ \d+\|\|\d{4}\|[A-ZÆØÅ ]+$`,
		"matrikkel":         `^[^|]+\|[^|]*\|\|\d{4}\|[A-ZÆØÅ ]+$`,
		"strengtFortrolig":  `^SOT 6\|Postboks 2094 Vika\|\|0125\|OSLO$`,
		"utenlandskAdresse": `^Testadressenavn \d+\|Testboenhet \d\|\d{5} Alicante, SPANIA\|\|$`,
		"utflyttet":         `^TESTGATAN \d+\|ANDRE ETASJE\|[^|]+, [A-ZÆØÅ]+\|\|$`,
		"fortrolig":         nowhere, "klientadresse": nowhere, "utenBosted": nowhere, "forsvunnet": nowhere, "doed": nowhere,
	}
	rows, file := w.letters(slices.Collect(maps.Keys(want))...)
	for name, pattern := range want {
		r := rows[w.Person(name).Reveal()]
		if len(r) != 9 {
			t.Fatalf("%s: %q", name, r)
		}
		if got := strings.Join(r[2:7], "|"); !regexp.MustCompile(pattern).MatchString(got) || r[1] == "" || r[7]+r[8] != "" {
			t.Errorf("%s: %q", name, r)
		}
	}
	readAlike(t, file, rows)
}

// openpyxl prints the rows of the first sheet below its header.
const openpyxl = `
import io, json, sys, openpyxl
w = openpyxl.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
print(json.dumps([["" if c is None else c for c in r] for r in w.worksheets[0].iter_rows(min_row=2, values_only=True)]))
`

// readAlike checks that a reader that is not Go reads the same.
func readAlike(t *testing.T, file []byte, rows map[string][]string) {
	t.Helper()
	if exec.Command("/usr/bin/python3", "-c", "import openpyxl").Run() != nil {
		t.Skip("no python3 with openpyxl (apt-get install python3-openpyxl)")
	}
	c := exec.Command("/usr/bin/python3", "-c", openpyxl)
	c.Stdin = bytes.NewReader(file)
	out, err := c.Output()
	var all [][]string
	if err != nil || json.Unmarshal(out, &all) != nil {
		t.Fatalf("%v %s", err, out)
	}
	for _, r := range all {
		if d := cmp.Diff(rows[r[0]], r); d != "" {
			t.Error(d)
		}
	}
	if len(all) != len(rows) {
		t.Errorf("%d rows of %d", len(all), len(rows))
	}
}
