package catalogue

import (
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/roles"
	"hjemmel/shared/roles/overlay"
)

// KatalogForespoersel is a request for something that the catalogue lacks.
type KatalogForespoersel struct {
	overlay.Request
	ETag string `json:"etag"`
}

func shown(q overlay.Request) KatalogForespoersel {
	return KatalogForespoersel{q, api.ETag(q.Revision)}
}

var errNoRequest = fault.New(fault.NotFound, "FORESPOERSEL_IKKE_FUNNET", "Det finnes ingen forespørsel med denne id-en.")

// requests answers every request to the operator, and to an administrator those of their own.
func (c *catalogue) requests(a *office.Errand) (host.Reply, error) {
	of := a.Ansatt.FiksOrgID
	if a.Ansatt.Funksjon == roles.Operatoer {
		of = ""
	}
	found, err := c.areas.Requests(a.Context(), of)
	if err != nil {
		return host.Reply{}, err
	}
	all := make([]KatalogForespoersel, len(found))
	for i, q := range found {
		all[i] = shown(q)
	}
	return host.ReplyJSON(http.StatusOK, "", struct {
		Foresporsler []KatalogForespoersel `json:"foresporsler"`
	}{all})
}

func (c *catalogue) request(a *office.Errand) (host.Reply, error) {
	var body struct {
		Tittel  string `json:"tittel"`
		Behov   string `json:"behov"`
		Hjemmel string `json:"foreslaattHjemmel"`
	}
	if err := api.ReadJSON(a.Request, &body); err != nil {
		return host.Reply{}, err
	}
	q := overlay.Request{
		ID: uuid.NewString(), FiksOrgID: a.Ansatt.FiksOrgID, Tittel: strings.TrimSpace(body.Tittel), Behov: strings.TrimSpace(body.Behov),
		Hjemmel: strings.TrimSpace(body.Hjemmel), Status: overlay.Open, Opprettet: c.Now().UTC().Truncate(time.Second),
	}
	var wrong []string
	if !office.Fits(q.Tittel, 3, 200) {
		wrong = append(wrong, "tittel")
	}
	if !office.Fits(strings.ReplaceAll(q.Behov, "\n", " "), 10, 4000) {
		wrong = append(wrong, "behov")
	}
	if !office.Fits(q.Hjemmel, 0, 400) {
		wrong = append(wrong, "foreslaattHjemmel")
	}
	if wrong != nil {
		return host.Reply{}, office.ErrField.About(wrong...)
	}
	return c.saveRequest(a, http.StatusCreated, q, "tittel", "behov", "foreslaattHjemmel")
}

// respond is the operator's answer; with one or without, the request can be closed and opened.
func (c *catalogue) respond(a *office.Errand) (host.Reply, error) {
	q, ok, err := c.areas.Request(a.Context(), a.PathValue("id"))
	if err != nil {
		return host.Reply{}, err
	}
	if !ok {
		return host.Reply{}, errNoRequest
	}
	var body struct {
		Svar   *string         `json:"svar"`
		Status *overlay.Status `json:"status"`
	}
	if err := api.ReadJSON(a.Request, &body); err != nil {
		return host.Reply{}, err
	}
	if err := api.Match(a.Request, q.Revision, false); err != nil {
		return host.Reply{}, err
	}
	var changed []string
	if body.Svar != nil {
		if !office.Fits(strings.ReplaceAll(*body.Svar, "\n", " "), 1, 4000) {
			return host.Reply{}, office.ErrField.About("svar")
		}
		q.Svar, changed = *body.Svar, append(changed, "svar")
		if q.Status == overlay.Open {
			q.Status = overlay.Answered
		}
	}
	if body.Status != nil {
		switch *body.Status {
		case overlay.Open, overlay.Answered, overlay.Closed:
			q.Status, changed = *body.Status, append(changed, "status")
		default:
			return host.Reply{}, office.ErrField.About("status")
		}
	}
	q.Endret = c.Now().UTC().Truncate(time.Second)
	a.Entry.FiksOrgID = audit.Platform
	return c.saveRequest(a, http.StatusOK, q, changed...)
}

func (c *catalogue) saveRequest(a *office.Errand, status int, q overlay.Request, changed ...string) (host.Reply, error) {
	ops, err := q.Put()
	if err != nil {
		return host.Reply{}, err
	}
	receipt, err := c.Changes.Once(a.Context(), a.Doing(q.ID, changed...), ops...)
	if err != nil {
		return host.Reply{}, err
	}
	saved, ok, err := c.areas.Request(a.Context(), q.ID)
	if err == nil && !ok {
		err = errNoRequest
	}
	if err != nil {
		return host.Reply{}, err
	}
	out, err := host.ReplyJSON(status, api.ETag(saved.Revision), shown(saved))
	out.Receipt = receipt
	return out, err
}
