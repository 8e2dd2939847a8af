package workbook

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hjemmel/shared/lists/template"
)

// python prints the cells of the first sheet with their types, a row a line, and last the sheets.
const python = `
import json, sys, openpyxl
w = openpyxl.load_workbook(sys.argv[1])
for row in w.worksheets[0].iter_rows():
    print(json.dumps([[c.data_type, c.value.strftime("%Y-%m-%d") if c.data_type == "d" else str("" if c.value is None else c.value)] for c in row]))
print(json.dumps([[s.title, s.sheet_state] for s in w.worksheets]))
`

// openpyxl leaves escapes as they are written, so it is not shown what needs one.
func TestOpenpyxlReadsEveryCell(t *testing.T) {
	var program string
	for _, p := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(p, "-c", "import openpyxl").Run() == nil {
			program = p
		}
	}
	if program == "" {
		t.Skip("no python3 with openpyxl (apt-get install python3-openpyxl)")
	}
	rows := readable()
	name := saved(t, rows)
	out, err := exec.Command(program, "-c", python, name).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	for i, r := range rows {
		var want [][2]string
		for at, cell := range r {
			kind := "s"
			_, day := serial(columns[at].Kind, cell)
			switch {
			case cell == "", columns[at].Kind == template.Number && plain(cell):
				kind = "n"
			case day:
				kind = "d"
			}
			want = append(want, [2]string{kind, cell})
		}
		var got [][2]string
		if err := json.Unmarshal([]byte(lines[i+1]), &got); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("row %d: %s", i+1, d)
		}
	}
	if last := lines[len(lines)-1]; last != `[["Liste", "visible"], ["Om listen", "visible"]]` {
		t.Errorf("sheets %s", last)
	}
}

func TestLibreOfficeReadsEveryCell(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("no soffice (apt-get install libreoffice-calc-nogui)")
	}
	rows, _ := everything()
	name := saved(t, rows)
	profile := "-env:UserInstallation=file://" + t.TempDir()
	to := "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,1" // semicolon, quotes, UTF-8, as shown, sheet 1
	cmd := exec.Command(office, profile, "--headless", "--convert-to", to, "--outdir", filepath.Dir(name), name)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	raw, err := os.ReadFile(strings.TrimSuffix(name, ".xlsx") + "-Liste.csv")
	if err != nil {
		t.Fatal(err)
	}
	_, shown := everything()
	got := readCSV(t, raw)
	for i, want := range shown {
		if i+1 == len(got) { // rows of empty cells at the end are not told
			break
		}
		if d := cmp.Diff(want, got[i+1]); d != "" {
			t.Errorf("row %d: %s", i+1, d)
		}
	}
}

// readable are the rows of everything that need no escape.
func readable() (some [][]string) {
	all, _ := everything()
	for _, r := range all {
		if !strings.Contains(string(escaped(nil, strings.Join(r, " "))), "_x") {
			some = append(some, r)
		}
	}
	return some
}

func saved(t *testing.T, rows [][]string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "liste.xlsx")
	if err := os.WriteFile(name, written(t, XLSX, List{Columns: columns, Salt: salt}, rows), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
