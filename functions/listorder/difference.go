package listorder

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hjemmel/functions/listorder/bestilling"
	"hjemmel/functions/listorder/wire"
	"hjemmel/shared/api"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/lists"
	"hjemmel/shared/lists/template"
	"hjemmel/shared/policy"
)

var errNoDifference = fault.New(fault.Conflict, "ENDRINGER_IKKE_MULIG",
	"Endringer kan bare bestilles av den som bestilte listen, når den er ferdig, har fødselsnummer som kolonne og er laget av kriterier eller et søk.")

// differ orders what has changed since a list: a list of the same criteria and columns, judged as of now. Only the
// one who ordered the first may: what another was not shown would come out as changes.
func (o *orders) differ(e *errand) error {
	var c struct {
		Beskrivelse      string `json:"beskrivelse"`
		EksportFilformat string `json:"eksportFilformat"`
	}
	body, err := api.ReadBody(e.Request, &c)
	if err != nil {
		return err
	}
	f := bestilling.Form{Beskrivelse: c.Beskrivelse, EksportFilformat: c.EksportFilformat}
	if wrong := f.Wrong(); len(wrong) > 0 {
		return errCriteria.About(wrong...)
	}
	if err := o.find(e); err != nil {
		return err
	}
	base := e.liste
	if base.Trukket() {
		return wire.ErrWithdrawn
	}
	t, err := template.New(base.Mal, base.Kolonner)
	if err != nil {
		return err
	}
	own, err := o.desk.OrderedBy(base.Bestilling, e.who)
	if err != nil {
		return err
	}
	if !own && base.OpprettetAv != e.holder.Aktor || base.Status != lists.Ferdig || t.Number() < 0 || !slices.Contains([]lists.Kilde{lists.Innbyggerliste, lists.Soek}, base.Kilde) {
		return errNoDifference
	}
	d, err := since(e, base, f)
	if err != nil {
		return err
	}
	d.ask.Parts = t.Needs()
	return o.order(e, body, d)
}

// since is the order of the changes since a list.
func since(e *errand, base lists.Liste, f bestilling.Form) (draft, error) {
	var accepted disclosure.Order
	if err := json.Unmarshal(base.Bestilling, &accepted); err != nil {
		return draft{}, err
	}
	l := lists.Liste{
		ID: uuid.NewString(), RolleID: base.RolleID, Kilde: base.Kilde, Emne: base.Emne, Beskrivelse: f.Beskrivelse, Formaal: e.Header.Get(formaalHeader),
		Mal: base.Mal, Malnavn: base.Malnavn, Kolonner: base.Kolonner, Filformat: f.EksportFilformat, Maskinnavn: base.Maskinnavn,
		Grunnlag: &lists.Grunnlag{ID: base.ID, Deler: base.Deler},
	}
	l.Kriterier = strings.Join([]string{l.Kriterier, "Endringer siden listen bestilt " + base.Opprettet.In(policy.Oslo()).Format("02.01.2006 15:04")}, "\n")
	for _, j := range base.Jobber {
		l.Jobber = append(l.Jobber, lists.Jobb{Kommunenummer: j.Kommunenummer, Opphold: j.Opphold})
	}
	return draft{Liste: l, sporsmaal: base.Sporsmaal, ask: policy.Ask{
		Action: accepted.Handling, Parametre: slices.Clone(accepted.Parametre), Kommuner: accepted.Kommuner, Formaal: l.Formaal,
	}}, nil
}
