// Package maler is the templates of lists that an organisation has saved: those who hold a role for lists see and use
// them, administrators write them.
//
// It refuses a template that no list could have. It gives nobody a column: what a template names is held against the
// role when a list is ordered, as if the columns had been chosen then.
package maler

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hjemmel/functions/listorder/bestilling"
	"hjemmel/shared/api"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/identity"
	"hjemmel/shared/lists"
	"hjemmel/shared/lists/template"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

// most bounds the templates of an organisation: a client shows them all at once.
const most = 100

var (
	errUnknown = fault.New(fault.NotFound, "LISTEMAL_IKKE_FUNNET", "Organisasjonen har ingen slik listemal. Den kan være slettet.")
	errFixed   = fault.New(fault.Invalid, "LISTEMAL_HAR_KOLONNER", "En lagret listemal har sine egne kolonner. Velg enten malen eller kolonner.")
	errMany    = fault.New(fault.Conflict, "LISTEMALER_FOR_MANGE", "Organisasjonen har 100 listemaler og kan ikke ha flere. Slett en først.")
)

// Apply makes the form say what a saved template of the organisation says, where it names one, and gives the
// template's name. What the order says itself of the file's format stands.
func Apply(ctx context.Context, b *lists.Book, fiksOrgID string, f *bestilling.Form) (navn string, err error) {
	m, ok, err := b.Mal(ctx, fiksOrgID, strings.ToLower(f.EksportFormat))
	switch {
	case err != nil:
		return "", err
	case !ok:
		return "", errUnknown
	case len(f.Minimering) > 0:
		return "", errFixed
	}
	f.EksportFormat, f.Minimering, f.Maskinnavn = m.Grunnlag, m.Kolonner, f.Maskinnavn || m.Maskinnavn
	if f.EksportFilformat == "" {
		f.EksportFilformat = m.Filformat
	}
	return m.Navn, nil
}

// Saved reports whether an order's eksportFormat is meant as a saved template's id.
func Saved(eksportFormat string) bool { return uuid.Validate(eksportFormat) == nil }

// maler is the function's part with what it uses.
type maler struct {
	*office.Office
	lists *lists.Book
}

// Routes are the operations.
func Routes(e *host.Env) ([]host.Route, error) {
	m := &maler{}
	var errs [2]error
	m.Office, errs[0] = office.New(e)
	m.lists, errs[1] = e.Lists()
	const all, one = "/hjemmel/v1/organisasjoner/{fiksOrgId}/listemaler", "/hjemmel/v1/organisasjoner/{fiksOrgId}/listemaler/{listemalId}"
	return []host.Route{
		{Pattern: "GET " + all, Handle: m.By(office.Anybody, "listemal-lest", m.list)},
		{Pattern: "PUT " + one, Handle: m.By(office.Administrator, "listemal-lagret", m.put)},
		{Pattern: "DELETE " + one, Handle: m.By(office.Administrator, "listemal-slettet", m.remove)},
	}, errors.Join(errs[:]...)
}

// list gives those of the organisation to its administrators and to whoever holds a role for lists in it now.
func (m *maler) list(c *office.Errand) (host.Reply, error) {
	may, err := m.concerned(c)
	if err != nil {
		return host.Reply{}, err
	}
	if !may {
		return host.Reply{}, policy.NoRole
	}
	all, err := m.lists.Maler(c.Context(), c.Org)
	if err != nil {
		return host.Reply{}, err
	}
	return host.ReplyJSON(http.StatusOK, "", struct {
		Listemaler []lists.Mal `json:"listemaler"`
	}{all})
}

// concerned reports whether the caller has to do with lists in the organisation.
func (m *maler) concerned(c *office.Errand) (bool, error) {
	if c.Who.Kind() == identity.KindEmployee && len(c.Administers()) > 0 {
		return true, nil
	}
	held, err := m.Roles.Held(c.Context(), c.Who)
	return slices.ContainsFunc(held, func(h policy.Holder) bool {
		return h.FiksOrgID == c.Org && policy.Usable(h, m.Now()) && slices.Contains(h.Profil.Role.Bruksomraader, katalog.Innbyggerliste)
	}), err
}

// put saves a template under the id of the path.
func (m *maler) put(c *office.Errand) (host.Reply, error) {
	var to lists.Mal
	var err error
	if c.Body, err = api.ReadBody(c.Request, &to); err != nil {
		return host.Reply{}, err
	}
	id := strings.ToLower(c.PathValue("listemalId"))
	if err := sound(&to, id); err != nil {
		return host.Reply{}, err
	}
	c.Entry.Gjelder = id
	return m.Commit(c, func() (host.Plan, error) {
		all, err := m.lists.Maler(c.Context(), c.Org)
		if err != nil {
			return host.Plan{}, err
		}
		now, ok, err := m.lists.Mal(c.Context(), c.Org, id)
		if err != nil {
			return host.Plan{}, err
		}
		if !ok && len(all) >= most {
			return host.Plan{}, errMany
		}
		now.Navn, now.Grunnlag, now.Kolonner, now.Maskinnavn, now.Filformat = to.Navn, to.Grunnlag, to.Kolonner, to.Maskinnavn, to.Filformat
		ops, err := now.Put()
		if err != nil {
			return host.Plan{}, err
		}
		reply, err := host.ReplyJSON(http.StatusOK, "", now)
		return host.Plan{Ops: ops, Reply: reply}, err
	})
}

// sound refuses what no list could have, and fills in what is not said.
func sound(to *lists.Mal, id string) error {
	var wrong []string
	if uuid.Validate(id) != nil || to.ID != "" && !strings.EqualFold(to.ID, id) {
		wrong = append(wrong, "id")
	}
	if to.Navn = strings.TrimSpace(to.Navn); !office.Fits(to.Navn, 3, 100) {
		wrong = append(wrong, "navn")
	}
	if to.Filformat == "" {
		to.Filformat = "XLSX"
	}
	if to.Filformat != "XLSX" && to.Filformat != "CSV" {
		wrong = append(wrong, "filformat")
	}
	if len(wrong) > 0 {
		return office.ErrField.About(wrong...)
	}
	if to.Grunnlag == "" {
		to.Grunnlag = template.Custom
	}
	if to.Kolonner == nil {
		to.Kolonner = []string{}
	}
	for i, k := range to.Kolonner {
		to.Kolonner[i] = strings.ReplaceAll(k, ".", "_")
	}
	_, err := template.New(to.Grunnlag, to.Kolonner)
	return err
}

// remove removes a template. Lists that were ordered by it keep their columns.
func (m *maler) remove(c *office.Errand) (host.Reply, error) {
	id := strings.ToLower(c.PathValue("listemalId"))
	c.Entry.Gjelder = id
	return m.Commit(c, func() (host.Plan, error) {
		now, ok, err := m.lists.Mal(c.Context(), c.Org, id)
		if err != nil {
			return host.Plan{}, err
		}
		if !ok {
			return host.Plan{}, errUnknown
		}
		return host.Plan{Ops: now.Drop(), Reply: host.Reply{Status: http.StatusNoContent}}, nil
	})
}
