package listorder

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"hjemmel/functions/listorder/rader"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/lists"
	"hjemmel/shared/lists/template"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// form is how a list is to look: what every order may say of it.
type form struct {
	Beskrivelse string `json:"beskrivelse,omitempty"`
	// Minimering are the columns of a list without a template of its own: opplysninger of the register.
	Minimering       []string `json:"minimering,omitempty"`
	EksportFormat    string   `json:"eksportFormat,omitempty"`
	EksportFilformat string   `json:"eksportFilformat,omitempty"`
	// Maskinnavn asks for a second header row, with the machine names of the columns. It is ours.
	Maskinnavn bool `json:"maskinnavn,omitempty"`
}

// wrong lists the members that cannot be right.
func (f form) wrong() (wrong []string) {
	if len([]rune(f.Beskrivelse)) > 400 {
		wrong = append(wrong, "beskrivelse")
	}
	if !slices.Contains([]string{"", "XLSX", "CSV"}, f.EksportFilformat) {
		wrong = append(wrong, "eksportFilformat")
	}
	return wrong
}

// template is what the columns are: chosen ones, in the spelling of columns or of opplysninger, or those of a
// template; the usual one where nothing is said.
func (f form) template(usual string) (mal string, kolonner []string) {
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

// draft is a list on its way to be ordered: the list, what the corridor is asked, and whom the register is to be
// asked for, by an uttrekk or by searches, or the numbers where they are known.
type draft struct {
	lists.Liste
	ask       policy.Ask
	soek      []disclosure.Sought
	sporsmaal any
	foedt     *disclosure.Foedt // that those on it must be; nil for whenever
	numre     []person.ID
	rapport   *rader.Rapport // of the file that it is ordered by; nil for none
}

// draft begins a list of a source, in the form.
func (f form) draft(e *errand, kilde lists.Kilde, usual string) (draft, error) {
	mal, kolonner := f.template(usual)
	t, err := template.New(mal, kolonner)
	if err != nil {
		return draft{}, err
	}
	l := lists.Liste{
		ID: uuid.NewString(), RolleID: e.rolle, Kilde: kilde, Beskrivelse: f.Beskrivelse, Formaal: e.Header.Get(formaalHeader),
		Mal: mal, Kolonner: kolonner, Filformat: f.EksportFilformat, Maskinnavn: f.Maskinnavn,
	}
	return draft{Liste: l, ask: policy.Ask{Parts: t.Needs(), Formaal: l.Formaal}}, nil
}

// uttrekk notes the kommuner in which the register is to find persons, each an uttrekk of its own.
func (d *draft) uttrekk(kommuner []string) {
	d.ask.Kommuner = kommuner
	for _, k := range slices.Compact(slices.Sorted(slices.Values(kommuner))) {
		d.Jobber = append(d.Jobber, lists.Jobb{Kommunenummer: k})
	}
}
