package bestilling

import (
	"slices"
	"strings"

	"hjemmel/shared/lists/template"
)

// Form is how a list is to look: what every order may say of it.
type Form struct {
	Beskrivelse string `json:"beskrivelse,omitempty"`
	// Minimering are the columns of a list without a template of its own: opplysninger of the register.
	Minimering       []string `json:"minimering,omitempty"`
	EksportFormat    string   `json:"eksportFormat,omitempty"`
	EksportFilformat string   `json:"eksportFilformat,omitempty"`
	// Maskinnavn asks for a second header row, with the machine names of the columns. It is ours.
	Maskinnavn bool `json:"maskinnavn,omitempty"`
}

// Wrong lists the members that cannot be right.
func (f Form) Wrong() (wrong []string) {
	if len([]rune(f.Beskrivelse)) > 400 {
		wrong = append(wrong, "beskrivelse")
	}
	if !slices.Contains([]string{"", "XLSX", "CSV"}, f.EksportFilformat) {
		wrong = append(wrong, "eksportFilformat")
	}
	return wrong
}

// Template is what the columns are: chosen ones, in the spelling of columns or of opplysninger, or those of a
// template; the usual one where nothing is said.
func (f Form) Template(usual string) (mal string, kolonner []string) {
	for _, m := range f.Minimering {
		kolonner = append(kolonner, strings.ReplaceAll(m, ".", "_"))
	}
	switch {
	case f.EksportFormat != "":
		return f.EksportFormat, kolonner
	case len(kolonner) > 0:
		return template.Custom, kolonner
	}
	return usual, nil
}
