package lookup

import (
	"net/http"
	"strings"
	"time"

	"hjemmel/functions/lookup/reference"
	"hjemmel/shared/api"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/host"
	"hjemmel/shared/identity"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/roles"
)

// lookup is the function with the parts it uses.
type lookup struct {
	desk    *disclosure.Desk
	caller  *identity.Verifier
	roles   *roles.Book
	numbers api.Numbers
	links   *reference.Sealer
	now     func() time.Time
}

// Headers with which a caller states purpose, confirmation and override.
const (
	FormaalHeader     = "Hjemmel-Formaal"     // purpose or case number
	BekreftelseHeader = "Hjemmel-Bekreftelse" // reason for opening a graded address
	OverstyringHeader = "Hjemmel-Overstyring" // reason for looking up close family
)

// Routes are the operations of the function.
func Routes(e *host.Env) ([]host.Route, error) {
	desk, err := e.Desk()
	if err != nil {
		return nil, err
	}
	caller, err := e.Verifier()
	if err != nil {
		return nil, err
	}
	book, err := e.Roles()
	if err != nil {
		return nil, err
	}
	key, err := e.PersonKey()
	if err != nil {
		return nil, err
	}
	links, err := reference.New(key)
	if err != nil {
		return nil, err
	}
	l := &lookup{desk, caller, book, e.Numbers(), links, e.Now}
	const proxy = "/folkeregister/api/v1/{rolleId}/v1/personer"
	const fiks, before, soek = "/register/api/v1/ks/personer/soek", "/folkeregister/api/v1/personer/soek", "/hjemmel/v1/soek"
	return []host.Route{
		{Pattern: "GET " + proxy + "/{id}", Handle: l.asking(policy.Oppslag, l.person)},
		{Pattern: "POST " + proxy + "/bulkoppslag", Handle: l.asking(policy.Bulkoppslag, l.bulk)},
		{Pattern: "GET " + proxy + "/soek", Handle: l.asking(policy.SoekTreff, l.search)},
		{Pattern: "GET " + proxy + "/entydigsoek", Handle: l.asking(policy.EntydigSoek, l.unique)},
		{Pattern: "POST /register/api/v1/ks/{rolleId}/oppvekst", Handle: l.asking(policy.Oppvekst, l.oppvekst)},
		{Pattern: "POST /folkeregister/api/v1/oppvekst/{fiksOrgId}/{rolleId}", Handle: l.asking(policy.Oppvekst, l.oppvekst)},
		{Pattern: "POST " + fiks + "/{fiksOrgId}", Handle: l.asking(policy.Personsoek, l.persons)},
		{Pattern: "POST " + before + "/{fiksOrgId}", Handle: l.asking(policy.Personsoek, l.persons)},
		{Pattern: "POST " + fiks + "/navn", Handle: l.asking(policy.Bulkoppslag, l.names)},
		{Pattern: "POST " + before + "/navn", Handle: l.asking(policy.Bulkoppslag, l.names)},
		{Pattern: "GET " + fiks + "/verdier", Handle: l.values},
		{Pattern: "GET " + before + "/verdier", Handle: l.values},
		{Pattern: "POST " + soek + "/fri", Handle: l.asking(policy.Personsoek, l.free)},
		{Pattern: "POST " + soek + "/antall", Handle: l.asking(policy.Antallsoek, l.count)},
		{Pattern: "POST /hjemmel/v1/personer/side", Handle: l.asking(policy.Oppslag, l.page)},
		{Pattern: "POST /register/api/v1/ks/personer/soek/{fiksOrgId}/pdf", Handle: l.answering(policy.Oppslag, api.AcceptsPDF, l.document)},
		{Pattern: "GET /hjemmel/v1/avslag/{requestId}", Handle: l.asking(disclosure.Avslagsinnsyn, l.explain)},
		{Pattern: "GET /hjemmel/v1/meg/roller", Handle: l.mine},
		{Pattern: "GET /hjemmel/v1/roller/{id}/innhold", Handle: l.content},
		{Pattern: "POST /hjemmel/v1/roller/{id}/noedtilgang", Handle: l.asking(disclosure.AapneNoedtilgang, l.widen)},
		{Pattern: "GET /hjemmel/v1/roller/{id}/noedtilgang", Handle: l.asking(disclosure.SeNoedtilgang, l.widenings)},
	}, nil
}

// answerer reads what its route asks into the request and answers it.
type answerer func(w http.ResponseWriter, r *http.Request, ask *disclosure.Request) error

// asking finds out who asks, and sees to it that whatever goes wrong is written down before it is
// told. The role, the purpose and the reasons are read the same way on every route.
func (l *lookup) asking(action policy.Action, answer answerer) func(http.ResponseWriter, *http.Request) error {
	return l.answering(action, api.AcceptsJSON, answer)
}

// answering is asking where the answer is of a kind that the caller must accept.
func (l *lookup) answering(action policy.Action, accepts func(*http.Request) error, answer answerer) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ask := disclosure.Request{
			RolleID:   strings.ToLower(r.PathValue("rolleId")),
			RequestID: w.Header().Get(host.RequestIDHeader),
			Ask: policy.Ask{
				Action:      action,
				Formaal:     r.Header.Get(FormaalHeader),
				Bekreftelse: r.Header.Get(BekreftelseHeader),
				Overstyring: r.Header.Get(OverstyringHeader),
			},
		}
		err := l.answer(w, r, &ask, accepts, answer)
		if err != nil {
			err = l.desk.Refuse(r.Context(), ask, err)
			api.WriteRefusalReceipt(w, err)
		}
		return err
	}
}

func (l *lookup) answer(w http.ResponseWriter, r *http.Request, ask *disclosure.Request, accepts func(*http.Request) error, answer answerer) error {
	who, err := l.caller.Caller(r.Context(), r)
	if err != nil {
		return err
	}
	ask.Who = who
	if err := accepts(r); err != nil {
		return err
	}
	return answer(w, r, ask)
}

func (l *lookup) person(w http.ResponseWriter, r *http.Request, ask *disclosure.Request) error {
	id, err := l.numbers.Parse(r.PathValue("id"))
	if err != nil {
		return err
	}
	ask.Ask.Subjects = []person.ID{id}
	q, err := api.ReadQuery(r, "part")
	if err != nil {
		return err
	}
	if ask.Ask.Parts, err = api.Parts(q); err != nil {
		return err
	}
	d, err := l.desk.Disclose(r.Context(), *ask)
	if err != nil {
		return err
	}
	return api.WritePerson(w, d)
}

func (l *lookup) bulk(w http.ResponseWriter, r *http.Request, ask *disclosure.Request) error {
	q, err := api.ReadQuery(r, "part", "somBestilt")
	if err != nil {
		return err
	}
	if ask.Ask.Parts, err = api.Parts(q); err != nil {
		return err
	}
	somBestilt, err := api.Bool(q, "somBestilt")
	if err != nil {
		return err
	}
	if ask.Ask.Subjects, err = l.numbers.ReadBulk(r); err != nil {
		return err
	}
	b, err := l.desk.DiscloseMany(r.Context(), *ask, somBestilt)
	if err != nil {
		return err
	}
	return api.WriteBulk(w, b)
}

func (l *lookup) oppvekst(w http.ResponseWriter, r *http.Request, ask *disclosure.Request) error {
	ask.Ask.Organisasjon = strings.ToLower(r.PathValue("fiksOrgId"))
	_, err := api.ReadQuery(r)
	if err != nil {
		return err
	}
	if ask.Ask.Subjects, err = l.numbers.ReadBarn(r); err != nil {
		return err
	}
	f, err := l.desk.Oppvekst(r.Context(), *ask)
	if err != nil {
		return err
	}
	return api.WriteOppvekst(w, f)
}

func (l *lookup) search(w http.ResponseWriter, r *http.Request, ask *disclosure.Request) error {
	by, err := l.numbers.ReadHitCriteria(r)
	if err != nil {
		return err
	}
	hits, err := l.desk.Search(r.Context(), *ask, by)
	if err != nil {
		return err
	}
	return api.WriteHits(w, hits)
}

func (l *lookup) unique(w http.ResponseWriter, r *http.Request, ask *disclosure.Request) error {
	by, parts, err := l.numbers.ReadUniqueCriteria(r)
	if err != nil {
		return err
	}
	ask.Ask.Parts = parts
	d, err := l.desk.Unique(r.Context(), *ask, by)
	if err != nil {
		return err
	}
	return api.WritePerson(w, d)
}
