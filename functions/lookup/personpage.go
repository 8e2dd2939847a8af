package lookup

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"

	"hjemmel/functions/lookup/page"
	"hjemmel/shared/api"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

// What is wrong with an ask for a page before anybody judges it.
var (
	errWhom     = fault.New(fault.Invalid, "INGEN_PERSONER", "Oppgi enten personidentifikator eller referanse.")
	errLanguage = fault.New(fault.Invalid, "UGYLDIG_PARAMETER", "Språket må være nb, nn eller en.").About("spraak")
)

// pageAsk is the body of an ask for a page. The purpose and the reasons may stand here or in headers.
type pageAsk struct {
	RolleID             string `json:"rolleId"`
	Personidentifikator string `json:"personidentifikator"`
	Referanse           string `json:"referanse"`
	Formaal             string `json:"formaal"`
	Bekreftelse         string `json:"bekreftelse"`
	Overstyring         string `json:"overstyring"`
	Historikk           bool   `json:"historikk"`
	Spraak              string `json:"spraak"`
}

// page answers with all that the role shows of one person, as people think of a person.
func (l *lookup) page(w http.ResponseWriter, r *http.Request, ask *disclosure.Request) error {
	var body pageAsk
	if _, err := api.ReadBody(r, &body); err != nil {
		return err
	}
	ask.RolleID = strings.ToLower(body.RolleID)
	body.reasons(&ask.Ask)
	spraak, ok := page.Language(body.Spraak, r.Header.Get("Accept-Language"))
	if !ok {
		return errLanguage
	}
	id, err := l.whom(body, *ask)
	if err != nil {
		return err
	}
	ask.Ask.Subjects, ask.Ask.Parts = []person.ID{id}, []string{policy.Alt}
	if body.Historikk {
		ask.Ask.Parts = append(ask.Ask.Parts, katalog.Historikk)
	}
	d, err := l.desk.Disclose(r.Context(), *ask)
	if err != nil {
		return err
	}
	return l.writePage(w, *ask, d, spraak)
}

// reasons are taken from the body where they stand there.
func (b pageAsk) reasons(a *policy.Ask) {
	a.Formaal = cmp.Or(b.Formaal, a.Formaal)
	a.Bekreftelse = cmp.Or(b.Bekreftelse, a.Bekreftelse)
	a.Overstyring = cmp.Or(b.Overstyring, a.Overstyring)
}

// whom is the person asked about, by number or by a reference that the caller was given.
func (l *lookup) whom(b pageAsk, ask disclosure.Request) (person.ID, error) {
	switch {
	case (b.Personidentifikator == "") == (b.Referanse == ""):
		return person.ID{}, errWhom
	case b.Referanse != "":
		return l.links.Open(b.Referanse, ask.Who, ask.RolleID, l.now())
	}
	return l.numbers.Parse(b.Personidentifikator)
}

func (l *lookup) writePage(w http.ResponseWriter, ask disclosure.Request, d disclosure.Disclosure, spraak string) error {
	p, err := l.built(ask, d, spraak)
	if err != nil {
		return err
	}
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Language", spraak)
	w.Header().Set("Vary", "Accept-Language")
	return api.WritePerson(w, disclosure.Disclosure{JSON: body, Receipt: d.Receipt})
}

// built makes the page of what the corridor let leave.
func (l *lookup) built(ask disclosure.Request, d disclosure.Disclosure, spraak string) (*page.Page, error) {
	link := func(id person.ID) string { return l.links.Seal(id, ask.Who, ask.RolleID, d.At) }
	return page.Build(page.Source{JSON: d.JSON, Profil: d.Holder.Profil, Link: link, Spraak: spraak, At: d.At})
}
