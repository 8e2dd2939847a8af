package lookup

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"hjemmel/functions/lookup/page"
	"hjemmel/functions/lookup/persondokument"
	"hjemmel/shared/api"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

// documentAsk is the body of an ask for a person document, as Fiks has it; a reference in place of the number is ours.
type documentAsk struct {
	RolleID             string   `json:"rolleId"`
	Personidentifikator string   `json:"personidentifikator"`
	Referanse           string   `json:"referanse"`
	Parts               []string `json:"parts"`
}

// document answers with a PDF of the page: of all that the role shows, or of the parts asked for.
func (l *lookup) document(w http.ResponseWriter, r *http.Request, ask *disclosure.Request) error {
	var body documentAsk
	if _, err := api.ReadBody(r, &body); err != nil {
		return err
	}
	ask.RolleID = strings.ToLower(body.RolleID)
	ask.Ask.Organisasjon = strings.ToLower(r.PathValue("fiksOrgId"))
	id, err := l.documented(body, *ask)
	if err != nil {
		return err
	}
	ask.Ask.Subjects = []person.ID{id}
	if ask.Ask.Parts, err = api.Parts(url.Values{"part": body.Parts}); err != nil {
		return err
	}
	if !chosen(ask.Ask.Parts) {
		ask.Ask.Parts = append([]string{policy.Alt}, ask.Ask.Parts...)
	}
	d, err := l.desk.Disclose(r.Context(), *ask)
	if err != nil {
		return err
	}
	pdf, err := l.pdf(r, *ask, d)
	if err != nil {
		return err
	}
	return api.WritePDF(w, r, d.Receipt, pdf)
}

// documented is the person of a document; the number is what Fiks' callers are told to mend.
func (l *lookup) documented(b documentAsk, ask disclosure.Request) (person.ID, error) {
	if b.Referanse == "" {
		return l.numbers.Parse(b.Personidentifikator)
	}
	return l.whom(pageAsk{Personidentifikator: b.Personidentifikator, Referanse: b.Referanse}, ask)
}

// chosen reports whether parts choose among the properties; historikk alone does not.
func chosen(parts []string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return p != katalog.Historikk })
}

func (l *lookup) pdf(r *http.Request, ask disclosure.Request, d disclosure.Disclosure) ([]byte, error) {
	spraak, _ := page.Language("", r.Header.Get("Accept-Language"))
	p, err := l.built(ask, d, spraak)
	if err != nil {
		return nil, err
	}
	org, _, err := l.roles.Organisation(r.Context(), d.Holder.FiksOrgID)
	if err != nil {
		return nil, err
	}
	who, err := l.asker(r.Context(), d.Holder)
	if err != nil {
		return nil, err
	}
	return persondokument.Document{
		Page: p, Profil: d.Holder.Profil, Organisasjon: org.Navn, Hentet: who, Formaal: ask.Ask.Formaal,
		Kvittering: d.Receipt.String(), Innslag: d.Receipt.EntryID(),
		Utvalg: !slices.Contains(ask.Ask.Parts, policy.Alt),
	}.PDF()
}

// asker names who asked: an employee, a system, or an employee through a system.
func (l *lookup) asker(ctx context.Context, h policy.Holder) (string, error) {
	var names []string
	for _, id := range []string{h.Aktor, h.PaaVegneAv} {
		if id == "" {
			continue
		}
		_, name, ok, err := l.roles.Aktor(ctx, h.FiksOrgID, id)
		if err != nil {
			return "", err
		}
		if !ok || name == "" {
			name = id
		}
		names = append(names, name)
	}
	return strings.Join(names, " / "), nil
}
