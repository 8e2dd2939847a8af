package workbook

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCSVToTheByte(t *testing.T) {
	l := List{Columns: columns, Salt: salt, MachineNames: true}
	got := string(written(t, CSV, l, [][]string{{"01820012345", "Áŋŋel", "2024-05-17", "1984"}, {"", `a;"b"`, "to\nlinjer", "=1"}}))
	want := "\ufeffFødselsnummer eller d-nummer;Fornavn;Fødselsdato;Fødselsår\r\n" +
		"identifikasjonsnummer_foedselsEllerDNummer;navn_fornavn;foedsel_foedselsdato;foedsel_foedselsaar\r\n" +
		"01820012345;Áŋŋel;2024-05-17;1984\r\n" +
		";\"a;\"\"b\"\"\";\"to\r\nlinjer\";'=1\r\n"
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestNoCellOfACSVIsAFormula(t *testing.T) {
	for cell, want := range map[string]string{
		"=cmd|'/c calc'!A0": "'=cmd|'/c calc'!A0", "+47": "'+47", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1",
		"'": "'", "a=1": "a=1", "1-1": "1-1", "": "", "0012": "0012", "Åse": "Åse",
	} {
		if got := harmless(cell); got != want {
			t.Errorf("%q became %q, want %q", cell, got, want)
		}
	}
}

func TestCSVCellsComeBackAsTheyWere(t *testing.T) {
	rows, _ := everything()
	got := readCSV(t, written(t, CSV, List{Columns: columns, Salt: salt}, rows))
	for i, r := range rows {
		for at := range r {
			r[at] = harmless(r[at])
		}
		if d := cmp.Diff(r, got[i+1]); d != "" {
			t.Error(d)
		}
	}
}

func readCSV(t *testing.T, raw []byte) [][]string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff")))
	r.Comma = ';'
	got, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return got
}
