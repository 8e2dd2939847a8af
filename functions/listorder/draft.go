package listorder

import (
	"slices"

	"github.com/google/uuid"

	"hjemmel/functions/listorder/bestilling"
	"hjemmel/functions/listorder/maler"
	"hjemmel/functions/listorder/rader"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/lists"
	"hjemmel/shared/lists/template"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

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

// begin begins a list of a source, in the form, or in that of a template which the organisation of the role has saved.
func (o *orders) begin(e *errand, f bestilling.Form, kilde lists.Kilde, usual string) (draft, error) {
	saved := ""
	if maler.Saved(f.EksportFormat) {
		err := o.hold(e)
		if err == nil {
			saved, err = maler.Apply(e.Context(), o.lists, e.holder.FiksOrgID, &f)
		}
		if err != nil {
			return draft{}, err
		}
	}
	mal, kolonner := f.Template(usual)
	t, err := template.New(mal, kolonner)
	if err != nil {
		return draft{}, err
	}
	l := lists.Liste{
		ID: uuid.NewString(), RolleID: e.rolle, Kilde: kilde, Beskrivelse: f.Beskrivelse, Formaal: e.Header.Get(formaalHeader),
		Mal: mal, Malnavn: saved, Kolonner: kolonner, Filformat: f.EksportFilformat, Maskinnavn: f.Maskinnavn,
	}
	return draft{Liste: l, ask: policy.Ask{Parts: t.Needs(), Formaal: l.Formaal}}, nil
}

// uttrekk notes the kommuner in which the register is to find persons, each an uttrekk of its own, by bosted, by opphold or two
// by either.
func (d *draft) uttrekk(kommuner []string, of disclosure.Kommune) {
	d.ask.Kommuner = kommuner
	for _, k := range slices.Compact(slices.Sorted(slices.Values(kommuner))) {
		if of.Bosted != "" {
			d.Jobber = append(d.Jobber, lists.Jobb{Kommunenummer: k})
		}
		if of.Opphold != "" {
			d.Jobber = append(d.Jobber, lists.Jobb{Kommunenummer: k, Opphold: true})
		}
	}
}
