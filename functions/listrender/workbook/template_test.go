package workbook

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"hjemmel/shared/lists/template"
)

// Every column that there is makes a file, and a person of whom nothing is told an empty row.
func TestColumnsOfTemplatesMakeAFile(t *testing.T) {
	var names []string
	for _, c := range template.Available(func(string) bool { return true }) {
		names = append(names, c.Name)
	}
	m, err := template.New(template.Custom, names)
	if err != nil {
		t.Fatal(err)
	}
	cells, err := m.Row([]byte(`{"navn":[{"erGjeldende":true,"fornavn":"Áŋŋel"}],"foedsel":[{"erGjeldende":true,"foedselsdato":"1999-02-01","foedselsaar":1999}]}`))
	if err != nil {
		t.Fatal(err)
	}
	f := opened(t, written(t, XLSX, List{Columns: m.Columns, Salt: salt, MachineNames: true}, [][]string{cells}))
	rows, err := f.GetRows("Liste")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for i, cell := range rows[2] {
		if cell != "" {
			told[rows[1][i]] = cell
		}
	}
	want := map[string]string{"navn_fornavn": "Áŋŋel", "navn_fulltNavn": "Áŋŋel", "foedsel_foedselsdato": "01.02.1999", "foedsel_foedselsaar": "1999"}
	if d := cmp.Diff(want, told); d != "" {
		t.Error(d)
	}
}
