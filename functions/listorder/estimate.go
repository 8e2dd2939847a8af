package listorder

import (
	"encoding/json"
	"net/http"
	"strings"

	"hjemmel/functions/listorder/estimate"
	"hjemmel/functions/listorder/wire"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/lists/template"
)

// estimate tells what an order would become, judged as the order would be and counted as one search. The
// register is not asked: it counts nobody without an uttrekk, and what it finds is not for whoever only tries.
func (o *orders) estimate(e *errand) error {
	_, d, err := o.readCriteria(e)
	if err != nil {
		return err
	}
	t, err := template.New(d.Mal, d.Kolonner)
	if err != nil {
		return err
	}
	if err := o.hold(e); err != nil {
		return err
	}
	_, entry, err := o.desk.JudgeList(e.Context(), e.request(d.ask), d.ID)
	if err != nil {
		return err
	}
	p := e.holder.Profil.At(o.now())
	out := wire.Estimate{
		RolleID: e.rolle, Kriterier: strings.Split(d.Kriterier, "\n"), Kolonner: wire.NewColumns(t.Columns), Valgbare: wire.NewColumns(template.Available(p.Holds)),
		Maler: template.Whole(p.Holds), KreverGodkjenning: p.Role.ListerKreverGodkjenning,
	}
	if out.Eksempel, err = estimate.Examples(p, t, o.now()); err != nil {
		return err
	}
	if d.Sporsmaal, err = json.Marshal(d.sporsmaal); err != nil {
		return err
	}
	if out.Anslag, err = estimate.Sized(e.Context(), o.lists, d.Liste, o.now()); err != nil {
		return err
	}
	entry.Handling, entry.Utfall, entry.Gjelder = e.handling, audit.Utlevert, ""
	receipt, err := o.changes.Note(e.Context(), entry)
	if err != nil {
		return err
	}
	e.w.Header().Set(api.ReceiptHeader, receipt.String())
	return api.Write(e.w, http.StatusOK, out)
}
