package wire

import (
	"bytes"
	"encoding/csv"
	"strings"
)

// Access is a role with all who hold it.
type Access struct {
	ID              string   `json:"id"`
	Navn            string   `json:"navn"`
	Personer        []string `json:"personer"` // employees' ids: we do not keep their numbers
	Integrasjoner   []string `json:"integrasjoner"`
	EksterneBrukere []string `json:"eksterneBrukere"`
	EksterneGrupper []string `json:"eksterneGrupper"`
	Administratorer []string `json:"administratorer"`
}

// Table is Fiks' CSV of persons. The middle column holds the employee's id (infra/decisions).
func Table(all []Access) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"Rollenavn", "Personnummer", "Tilgangstype"}}
	for _, r := range all {
		for _, id := range r.Personer {
			rows = append(rows, []string{cell(r.Navn), cell(id), "Bruker"})
		}
		for _, id := range r.Administratorer {
			rows = append(rows, []string{cell(r.Navn), cell(id), "Administrator"})
		}
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

// cell keeps a spreadsheet from reading a text as a formula: what starts like one gets an apostrophe.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}
