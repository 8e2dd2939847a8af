package lookup

import (
	"cmp"
	"net/http"
	"strings"

	"hjemmel/functions/lookup/smartbox"
	"hjemmel/shared/api"
	"hjemmel/shared/api/personsoek"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// persons answers a search with the persons it finds, in Fiks' spelling. With a number in it, it is a
// lookup.
func (l *lookup) persons(w http.ResponseWriter, r *http.Request, ask *disclosure.Request) error {
	d, err := personsoek.Read(r)
	if err != nil {
		return err
	}
	ask.RolleID, ask.Ask.Organisasjon = d.RolleID, strings.ToLower(r.PathValue("fiksOrgId"))
	if ask.Ask.Parts, err = api.PartsOf(d.Parts); err != nil {
		return err
	}
	b, err := l.sought(r, ask, d)
	if err != nil {
		return err
	}
	if b, err = personsoek.Spell(b); err != nil {
		return err
	}
	return api.WritePersons(w, b)
}

// sought finds whom a definition is for.
func (l *lookup) sought(r *http.Request, ask *disclosure.Request, d personsoek.Definisjon) (disclosure.Batch, error) {
	if d.Personidentifikator != "" {
		return l.one(r, ask, d.Personidentifikator)
	}
	s, err := d.Sought(l.numbers)
	if err != nil {
		return disclosure.Batch{}, err
	}
	return l.desk.Find(r.Context(), *ask, s)
}

// one looks up a person by number.
func (l *lookup) one(r *http.Request, ask *disclosure.Request, number string) (disclosure.Batch, error) {
	ask.Ask.Action = policy.Oppslag
	id, err := l.numbers.Parse(number)
	if err != nil {
		return disclosure.Batch{}, err
	}
	ask.Ask.Subjects = []person.ID{id}
	found, err := l.desk.Disclose(r.Context(), *ask)
	return disclosure.Batch{Answers: []disclosure.Answer{{ID: id, JSON: found.JSON}}, Receipt: found.Receipt}, err
}

// names answers with the names of persons who are known by number.
func (l *lookup) names(w http.ResponseWriter, r *http.Request, ask *disclosure.Request) error {
	var body struct {
		RolleID               string   `json:"rolleId"`
		Personidentifikatorer []string `json:"personidentifikatorer"`
	}
	_, err := api.ReadBody(r, &body)
	if err != nil {
		return err
	}
	ask.RolleID, ask.Ask.Parts = strings.ToLower(body.RolleID), []string{"navn"}
	if ask.Ask.Subjects, err = l.numbers.ParseAll(body.Personidentifikatorer); err != nil {
		return err
	}
	b, err := l.desk.DiscloseMany(r.Context(), *ask, true)
	if err != nil {
		return err
	}
	return api.WriteNames(w, b)
}

// values answers which values the closed lists of a person search have. It depends on nobody.
func (l *lookup) values(w http.ResponseWriter, r *http.Request) error {
	if _, err := l.caller.Caller(r.Context(), r); err != nil {
		return err
	}
	return writeJSON(w, personsoek.Verdier)
}

// errWords is told of a search that is both in words and by criteria.
var errWords = api.InvalidParameter("tekst", "kriterier")

// free answers a search in people's own words with what was understood and the persons it finds, as the
// register spells them; or a search by the criteria that were understood before.
func (l *lookup) free(w http.ResponseWriter, r *http.Request, ask *disclosure.Request) error {
	var body struct {
		RolleID   string                 `json:"rolleId"`
		Tekst     string                 `json:"tekst"`
		Kriterier *personsoek.Definisjon `json:"kriterier"`
		Parts     []string               `json:"parts"`
		// What a header cannot hold may stand here.
		Formaal     string `json:"formaal"`
		Overstyring string `json:"overstyring"`
	}
	_, err := api.ReadBody(r, &body)
	if err != nil {
		return err
	}
	ask.RolleID = strings.ToLower(body.RolleID)
	ask.Ask.Formaal, ask.Ask.Overstyring = cmp.Or(body.Formaal, ask.Ask.Formaal), cmp.Or(body.Overstyring, ask.Ask.Overstyring)
	if ask.Ask.Parts, err = api.PartsOf(body.Parts); err != nil {
		return err
	}
	if body.Tekst != "" && body.Kriterier != nil {
		return errWords
	}
	var told any
	if body.Kriterier == nil {
		understood, err := smartbox.Read(body.Tekst, l.now())
		if err != nil {
			return err
		}
		told, body.Kriterier = understood, &understood.Kriterier
	}
	b, err := l.sought(r, ask, *body.Kriterier)
	if err != nil {
		return err
	}
	at := l.now()
	link := func(id person.ID) string { return l.links.Seal(id, ask.Who, ask.RolleID, at) }
	return api.WriteFound(w, told, link, b)
}

// count answers about how many persons a search would show.
func (l *lookup) count(w http.ResponseWriter, r *http.Request, ask *disclosure.Request) error {
	d, err := personsoek.Read(r)
	if err != nil {
		return err
	}
	ask.RolleID = d.RolleID
	s, err := d.Sought(l.numbers)
	if err != nil {
		return err
	}
	c, err := l.desk.Count(r.Context(), *ask, s)
	if err != nil {
		return err
	}
	return api.WriteCount(w, c)
}
