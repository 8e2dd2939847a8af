// Package template (mal) says which columns a citizen list has, which opplysninger each of them needs, and what
// it says of a person.
//
// A cell is made of the redacted document alone, so it shows no more than a lookup would: what is withheld and
// what is absent make the same empty cell. Columns and templates are data; Fiks names its templates and
// documents no columns, so these are ours ([decision 0020]).
//
// It refuses a column outside the role, by name, and drops none in silence. It has no column that tells who is
// graded, and none about another person than the one the row is of.
//
// [decision 0020]: infra/decisions/0020-listefil.md
package template

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"hjemmel/shared/fault"
	"hjemmel/shared/person"
)

// Kind is what a column holds.
type Kind int

// The kinds. Text and ID are shown as they are, whatever they look like. A Date is a day, 2024-05-17, and a
// Number is digits without zeros in front; what is not so is shown as it is too.
const (
	Text Kind = iota
	ID
	Date
	Number
)

// Column is one column of a list.
type Column struct {
	// Name is the machine name, <egenskap>_<felt>: navn_fornavn.
	Name string
	// Header is what people read, in Norwegian.
	Header string
	Kind   Kind
	// Needs are the opplysninger of the population register that it is made of, in the register's spelling.
	// None for what comes from another register.
	Needs []string

	cell func(document person.Value) string
}

// Template is the columns of one list, in order.
type Template struct {
	// Kode is Fiks' name of it (eksportFormat).
	Kode    string
	Columns []Column
}

// Custom (EGENDEFINERT) is the template whose columns are chosen.
const Custom = "EGENDEFINERT"

var (
	unknownTemplate = fault.New(fault.Invalid, "MAL_UKJENT", "Malen finnes ikke.")
	wrongColumns    = fault.New(fault.Invalid, "KOLONNER_UGYLDIGE",
		"En egendefinert liste må ha minst én kolonne, og hver av dem må finnes og stå én gang. Andre maler har faste kolonner.")
	outside = fault.New(fault.Denied, "OPPLYSNING_UTENFOR_ROLLE", "Rollen gir ikke rett til alle opplysningene i listen.")
)

// New gives the template with a code. Columns are machine names, kept in their order; only EGENDEFINERT has
// any.
func New(kode string, columns []string) (Template, error) {
	fixed, ok := templates[kode]
	switch {
	case kode == Custom:
		if len(columns) == 0 {
			return Template{}, wrongColumns
		}
	case !ok:
		return Template{}, unknownTemplate
	case len(columns) > 0:
		return Template{}, wrongColumns
	default:
		columns = fixed
	}
	t := Template{Kode: kode}
	var wrong []string
	for i, name := range columns {
		c, ok := byName[name]
		if !ok || slices.Contains(columns[:i], name) {
			wrong = append(wrong, fmt.Sprint("kolonne ", i+1))
		}
		t.Columns = append(t.Columns, c)
	}
	if wrong != nil {
		return Template{}, wrongColumns.About(wrong...)
	}
	return t, nil
}

// Available gives the columns that a role can choose, in the order in which they are offered. Holds reports
// whether the role gives an opplysning (policy.Profile.Holds).
func Available(holds func(kode string) bool) []Column {
	var some []Column
	for _, c := range all {
		if len(c.lacks(holds)) == 0 {
			some = append(some, c)
		}
	}
	return some
}

// Whole gives the codes of Fiks' templates that a role gives every column of, sorted.
func Whole(holds func(kode string) bool) []string {
	codes := []string{}
	for kode, columns := range templates {
		if !slices.ContainsFunc(columns, func(name string) bool { return len(byName[name].lacks(holds)) > 0 }) {
			codes = append(codes, kode)
		}
	}
	slices.Sort(codes)
	return codes
}

func (c Column) lacks(holds func(kode string) bool) []string {
	var lacks []string
	for _, kode := range c.Needs {
		if !holds(kode) {
			lacks = append(lacks, kode)
		}
	}
	return lacks
}

// Needs are the opplysninger that the columns are made of, each once.
func (t Template) Needs() []string {
	var needs []string
	for _, c := range t.Columns {
		for _, kode := range c.Needs {
			if !slices.Contains(needs, kode) {
				needs = append(needs, kode)
			}
		}
	}
	return needs
}

// Within refuses a template with columns that the role does not give, and names these and the opplysninger that
// they lack.
func (t Template) Within(holds func(kode string) bool) error {
	var headers, lacking []string
	for _, c := range t.Columns {
		if lacks := c.lacks(holds); lacks != nil {
			headers = append(headers, "«"+c.Header+"»")
			lacking = append(lacking, lacks...)
		}
	}
	if headers == nil {
		return nil
	}
	slices.Sort(lacking)
	f := outside.About(slices.Compact(lacking)...)
	f.Detail = fmt.Sprintf("%s Det gjelder %s. Velg andre kolonner, eller bruk en annen rolle.", f.Detail, strings.Join(headers, ", "))
	return f
}

// numberColumn is the column that tells who a row is of.
const numberColumn = "identifikasjonsnummer_foedselsEllerDNummer"

// Number is which of the columns holds the number of who the row is of; -1 where none does.
func (t Template) Number() int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == numberColumn })
}

// errDocument does not repeat the bytes.
var errDocument = errors.New("template: not a redacted document")

// Row gives the cells of a person, in the columns' order, of a redacted document (disclosure.Answer.JSON).
func (t Template) Row(redacted []byte) ([]string, error) {
	d, err := person.ParseDocument(redacted)
	if err != nil {
		return nil, errDocument
	}
	cells := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		if c.cell != nil {
			cells[i] = c.cell(d.Root())
		}
	}
	return cells, nil
}
