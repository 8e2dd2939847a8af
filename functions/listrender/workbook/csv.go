package workbook

import (
	"encoding/csv"
	"io"
)

// commaSeparated is a list as CSV: UTF-8 with a byte order mark, semicolons, lines that end in CRLF, as
// Norwegian Excel reads it. It has the header rows and no cover. A carriage return inside a cell is lost
// where CRLF is read as an end of line.
type commaSeparated struct {
	csv  *csv.Writer
	safe []string
}

func newCSV(to io.Writer, l List) (file, error) {
	if _, err := io.WriteString(to, "\uFEFF"); err != nil {
		return nil, err
	}
	c := &commaSeparated{csv: csv.NewWriter(to), safe: make([]string, len(l.Columns))}
	c.csv.Comma, c.csv.UseCRLF = ';', true
	for _, names := range l.names() {
		if err := c.row(names); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *commaSeparated) row(cells []string) error {
	for i, cell := range cells {
		c.safe[i] = harmless(cell)
	}
	return c.csv.Write(c.safe)
}

// harmless puts an apostrophe before what a spreadsheet would take for a formula (OWASP, CSV injection).
func harmless(cell string) string {
	if cell == "" {
		return cell
	}
	switch cell[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n':
		return "'" + cell
	}
	return cell
}

func (c *commaSeparated) close(Cover, Summary) error {
	c.csv.Flush()
	return c.csv.Error()
}
