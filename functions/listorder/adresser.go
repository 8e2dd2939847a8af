package listorder

import (
	"fmt"

	"github.com/google/uuid"

	"hjemmel/functions/listorder/rader"
	"hjemmel/shared/api"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/policy"
)

// maxAddresses bounds the addresses of one question that is answered at once: each is a search in the register.
const maxAddresses = 100

var errAtOnce = fault.New(fault.Denied, "LISTE_KREVER_GODKJENNING",
	"Lister i denne rollen må godkjennes av en annen, og et svar med én gang kan ingen godkjenne. Bestill en liste av adressene.")

// atAddresses answers who lives at addresses, at once, by the rules of a list of them.
func (o *orders) atAddresses(e *errand) error {
	var b struct {
		Adresser []struct {
			Adressenavn   string `json:"adressenavn"`
			Husnummer     string `json:"husnummer,omitempty"`
			Kommunenummer string `json:"kommunenummer"`
		} `json:"adresser"`
	}
	if _, err := api.ReadBody(e.Request, &b); err != nil {
		return err
	}
	if len(b.Adresser) == 0 || len(b.Adresser) > maxAddresses {
		return errCriteria.About("adresser")
	}
	var all []disclosure.Sought
	var wrong []string
	for i, a := range b.Adresser {
		s, ok := rader.Sted(a.Adressenavn, a.Husnummer, a.Kommunenummer, o.numbers)
		if !ok {
			wrong = append(wrong, fmt.Sprintf("adresser[%d]", i))
		}
		all = append(all, s)
	}
	if len(wrong) > 0 {
		return errCriteria.About(wrong...)
	}
	if err := o.hold(e); err != nil {
		return err
	}
	if e.holder.Profil.Role.ListerKreverGodkjenning {
		return errAtOnce
	}
	ask := policy.Ask{Action: policy.InnbyggerlisteSoek, Parts: []string{"identifikasjonsnummer", "navn"}, Formaal: e.Header.Get(formaalHeader)}
	found, err := o.desk.Seek(e.Context(), e.request(ask), uuid.NewString(), all...)
	if err != nil {
		return err
	}
	return api.WriteContacts(e.w, found)
}
