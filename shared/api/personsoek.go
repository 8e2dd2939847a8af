package api

import (
	"encoding/json"
	"net/http"

	"hjemmel/shared/disclosure"
	"hjemmel/shared/person"
)

// WritePersons sends the persons that a search found, {"personer": […]}.
func WritePersons(w http.ResponseWriter, b disclosure.Batch) error {
	out, err := appendAnswers([]byte(`{"personer":[`), b.Answers)
	if err != nil {
		return err
	}
	return write(w, b.Receipt, append(out, `]}`...))
}

// WriteFound sends the persons that a search of our own found, each with a reference to look them up by, and
// first what was understood of a search in words, where it was one.
func WriteFound(w http.ResponseWriter, forstaatt any, link func(person.ID) string, b disclosure.Batch) error {
	type found struct {
		Number    string          `json:"foedselsEllerDNummer"`
		Referanse string          `json:"referanse"`
		Person    json.RawMessage `json:"folkeregisterperson,omitempty"`
	}
	out := struct {
		Forstaatt any     `json:"forstaatt,omitempty"`
		Personer  []found `json:"personer"`
	}{forstaatt, []found{}}
	for _, a := range b.Answers {
		out.Personer = append(out.Personer, found{a.ID.Reveal(), link(a.ID), a.JSON})
	}
	body, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return write(w, b.Receipt, body)
}

// Personnavn is a name in Fiks' form.
type Personnavn struct {
	Fornavn    string `json:"fornavn"`
	Mellomnavn string `json:"mellomnavn,omitempty"`
	Etternavn  string `json:"etternavn"`
}

// WriteNames sends the current names of persons. Somebody of whom there is nothing to tell has none.
func WriteNames(w http.ResponseWriter, b disclosure.Batch) error {
	type named struct {
		Personidentifikator string      `json:"personidentifikator"`
		Personnavn          *Personnavn `json:"personnavn,omitempty"`
	}
	all := make([]named, len(b.Answers))
	for i, a := range b.Answers {
		all[i] = named{a.ID.Reveal(), personnavn(a.JSON)}
	}
	body, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return write(w, b.Receipt, body)
}

// personnavn is the current name in a redacted document, or nil.
func personnavn(document []byte) *Personnavn {
	d, err := person.ParseDocument(document)
	if err != nil { // there is none
		return nil
	}
	for n := range d.Root().Member("navn").Each() {
		if n.Member("erGjeldende").True() {
			return &Personnavn{n.Member("fornavn").Text(), n.Member("mellomnavn").Text(), n.Member("etternavn").Text()}
		}
	}
	return nil
}

// WriteCount sends about how many persons a search would find.
func WriteCount(w http.ResponseWriter, c disclosure.Count) error {
	body, err := json.Marshal(map[string]int{"fra": c.Fra, "til": c.Til})
	if err != nil {
		return err
	}
	return write(w, c.Receipt, body)
}
