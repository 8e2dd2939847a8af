package listorder

import (
	"encoding/json"
	"fmt"
	"strings"

	"hjemmel/functions/listorder/bestilling"
	"hjemmel/functions/listorder/rader"
	"hjemmel/shared/api"
	"hjemmel/shared/fault"
	"hjemmel/shared/lists"
	"hjemmel/shared/policy"
)

var (
	errRows = fault.New(fault.Invalid, "CSV_FEIL_I_RADER",
		"Noen av radene kan ikke brukes, og ingenting er bestilt. Rapporten sier hvilke og hvorfor. Rett dem, eller bestill resten med fortsett=true.")
	errNoRows = fault.New(fault.Invalid, "CSV_INGEN_BRUKBARE_RADER", "Ingen av radene kan brukes. Rapporten sier hvorfor.")
)

// fromCSV orders a list of persons by number, or of those who live at addresses, as a file has them.
func (o *orders) fromCSV(e *errand) error {
	f, slag, goOn, err := readCSVQuery(e)
	if err != nil {
		return err
	}
	if err := o.hold(e); err != nil { // a file is read for those who may order
		return err
	}
	body, err := api.ReadCSV(e.Request, rader.MaksBytes)
	if err != nil {
		return err
	}
	fil, err := rader.Read(body, slag, o.numbers)
	if err != nil {
		return err
	}
	switch r := fil.Rapport; {
	case r.Brukt == 0:
		return errNoRows.With(r)
	case r.AntallFeil > 0 && !goOn:
		return errRows.With(r)
	}
	d, err := o.fromRows(e, f, slag, fil)
	if err != nil {
		return err
	}
	return o.order(e, body, d)
}

// readCSVQuery reads how the list is to look, what the rows hold, and whether it is to be made of the rows that
// can be used. There is no description in a URL: it may name somebody.
func readCSVQuery(e *errand) (f bestilling.Form, slag rader.Slag, goOn bool, err error) {
	q, err := api.ReadQuery(e.Request, "rolleId", "listesoekType", "eksportFilformat", "eksportFormat", "maskinnavn", "fortsett")
	if err != nil {
		return f, "", false, err
	}
	e.rolle, slag = strings.ToLower(q.Get("rolleId")), rader.Slag(q.Get("listesoekType"))
	f = bestilling.Form{EksportFormat: q.Get("eksportFormat"), EksportFilformat: q.Get("eksportFilformat")}
	wrong := f.Wrong()
	if slag != rader.Personidentifikator && slag != rader.Adresse {
		wrong = append(wrong, "listesoekType")
	}
	if len(wrong) > 0 {
		return f, slag, false, errCriteria.About(wrong...)
	}
	if f.Maskinnavn, err = api.Bool(q, "maskinnavn"); err == nil {
		goOn, err = api.Bool(q, "fortsett")
	}
	return f, slag, goOn, err
}

// fromRows is a list of what a file holds. It says how many rows there were, and none of them.
func (o *orders) fromRows(e *errand, f bestilling.Form, slag rader.Slag, fil rader.Fil) (draft, error) {
	d, err := o.begin(e, f, lists.Listesoek, "LISTESOEK")
	if err != nil {
		return d, err
	}
	d.rapport = &fil.Rapport
	if d.Definisjon, err = json.Marshal(map[string]any{"listesoekType": slag, "rader": fil.Rapport.Brukt, "tegnsett": fil.Rapport.Tegnsett}); err != nil {
		return d, err
	}
	if slag == rader.Adresse {
		d.Kriterier = fmt.Sprintf("Bosatt på %d adresser i en fil", fil.Rapport.Brukt)
		d.soek, d.sporsmaal, d.ask.Action = fil.Adresser, fil.Adresser, policy.InnbyggerlisteSoek
		return d, nil
	}
	d.Kriterier = fmt.Sprintf("%d fødselsnumre eller d-numre i en fil", fil.Rapport.Brukt)
	d.numre, d.ask.Action, d.ask.Parametre = fil.Numre, policy.Innbyggerliste, []string{"identifikasjonsnummer"}
	return d, nil
}
