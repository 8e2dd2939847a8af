package freg

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/failsafe-go/failsafe-go"
	"github.com/go-json-experiment/json"

	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// MaxBulk is the most persons one bulk lookup may ask for (Freg's limit).
const MaxBulk = 1000

// MaxHits is the most persons one search may find (Freg's limit).
const MaxHits = 10_000

// Client asks the register. It is safe for concurrent use.
type Client struct {
	cfg    Config
	http   *http.Client
	tokens *tokens
	calls  failsafe.Executor[reply]
}

// Answer is the register's answer about one person of a bulk lookup. Person.Document is nil where
// there is none.
type Answer struct {
	ID     person.ID
	Person person.Person
}

// Criteria are the parameters of a search by the register's names. They hold personal data and go
// nowhere but to the register.
type Criteria map[string]string

// Names lists the parameters, sorted.
func (c Criteria) Names() []string {
	names := make([]string, 0, len(c))
	for n := range c {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// reply is a parsed answer of any of the calls.
type reply struct {
	document *person.Document
	answers  []Answer
	ids      []person.ID
	job      string
}

var errNotCovered = fault.New(fault.Internal, "INTERN_FEIL", "Noe gikk galt hos oss. Oppgi feil-id ved henvendelse.")

// Person fetches one person. NotFound: the register knows nobody by the number.
func (c *Client) Person(ctx context.Context, g policy.Grant, id person.ID) (person.Person, error) {
	if !g.Covers(id) {
		return person.Person{}, errNotCovered
	}
	r, err := c.call(ctx, g, question{method: http.MethodGet, resource: "personer/" + id.Reveal(), query: parts(g.Parts())}, parsePerson)
	if err != nil {
		return person.Person{}, err
	}
	return c.judged(ctx, g, r.document)
}

// judged is the person whose document it is, with what judgement needs beside it.
func (c *Client) judged(ctx context.Context, g policy.Grant, d *person.Document) (person.Person, error) {
	p := []person.Person{{Document: d}}
	if err := c.judgeRelatives(ctx, g, p); err != nil {
		return person.Person{}, err
	}
	return p[0], nil
}

// Persons fetches up to [MaxBulk] persons in one question. With somBestilt the answers come in the
// order asked and repeat repeated numbers; otherwise in the register's order.
func (c *Client) Persons(ctx context.Context, g policy.Grant, ids []person.ID, somBestilt bool) ([]Answer, error) {
	for _, id := range ids {
		if !g.Covers(id) {
			return nil, errNotCovered
		}
	}
	answers, err := c.bulk(ctx, g, ids, g.Parts(), somBestilt)
	if err != nil {
		return nil, err
	}
	people := make([]person.Person, len(answers))
	for i := range answers {
		people[i] = answers[i].Person
	}
	if err := c.judgeRelatives(ctx, g, people); err != nil {
		return nil, err
	}
	for i := range answers {
		answers[i].Person = people[i]
	}
	return answers, nil
}

// Search finds numbers by criteria. No hits is an empty list; more than [MaxHits] is [TooMany].
func (c *Client) Search(ctx context.Context, g policy.Grant, by Criteria) ([]person.ID, error) {
	if g.IsZero() || !g.Action().Listing() && g.Action() != policy.InnbyggerlisteSoek {
		return nil, errNotCovered
	}
	r, err := c.call(ctx, g, question{method: http.MethodGet, resource: "personer/soek", query: by.query()}, parseHits)
	return r.ids, err
}

// Unique finds the one person that the criteria fit. NotFound: none, or more than one. What the grant's
// conditions need of relatives counts as the strongest grading until [Client.Relatives] has asked, so
// that a person who is withheld anyway takes no more questions than nobody.
func (c *Client) Unique(ctx context.Context, g policy.Grant, by Criteria) (person.Person, error) {
	if g.IsZero() || g.Action() != policy.EntydigSoek {
		return person.Person{}, errNotCovered
	}
	q := by.query()
	q["part"] = g.Parts()
	r, err := c.call(ctx, g, question{method: http.MethodGet, resource: "personer/entydigsoek", query: q}, parsePerson)
	if err != nil {
		return person.Person{}, err
	}
	p := person.Person{Document: r.document}
	if g.JudgesRelatives() {
		p.Slekt = person.UkjentGradering
	}
	return p, nil
}

// Relatives fills in what the grant's conditions need of the person's relatives.
func (c *Client) Relatives(ctx context.Context, g policy.Grant, p person.Person) (person.Person, error) {
	judged, err := c.judged(ctx, g, p.Document)
	judged.Krets = p.Krets
	return judged, err
}

func (c *Client) bulk(ctx context.Context, g policy.Grant, ids []person.ID, part []string, somBestilt bool) ([]Answer, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if len(ids) > MaxBulk {
		return nil, errNotCovered
	}
	query := parts(part)
	query.Set("somBestilt", strconv.FormatBool(somBestilt))
	r, err := c.call(ctx, g, question{method: http.MethodPost, resource: "personer/bulkoppslag", query: query, body: bulkBody(ids)}, parseBulk(ids))
	if fault.Is(err, fault.NotFound) { // of a bulk lookup it says nothing about anybody
		err = because(unavailable, err)
	}
	return r.answers, err
}

// judgeRelatives fills in the highest grading among each person's close family, where the
// grant's conditions need it. Persons of the same answer are not asked about again. A relative whom
// the register does not answer about may be graded, and counts so.
func (c *Client) judgeRelatives(ctx context.Context, g policy.Grant, people []person.Person) error {
	if !g.JudgesRelatives() {
		return nil
	}
	grades := map[person.ID]person.Gradering{}
	for _, p := range people {
		if p.Document != nil {
			for _, id := range p.Document.Numbers() {
				grades[id] = p.Document.Gradering()
			}
		}
	}
	for chunk := range slices.Chunk(unknown(g, people, grades), MaxBulk) {
		answers, err := c.bulk(ctx, g, chunk, []string{"adressebeskyttelse"}, true)
		if err != nil {
			return err
		}
		for _, id := range chunk {
			grades[id] = person.UkjentGradering
		}
		for _, a := range answers {
			if a.Person.Document != nil {
				grades[a.ID] = a.Person.Document.Gradering()
			}
		}
	}
	for i, p := range people {
		if p.Document == nil {
			continue
		}
		family, all := p.Document.Relatives()
		if !all {
			people[i].Slekt = person.UkjentGradering
		}
		for _, r := range family {
			people[i].Slekt = max(people[i].Slekt, grades[r])
		}
	}
	return nil
}

// unknown lists the relatives whose grading nobody has told yet, each once. Those of graded persons are
// asked about too, so that the work done does not tell who is graded; but in a search by address a
// graded person is no hit, and no hit asks nothing more.
func unknown(g policy.Grant, people []person.Person, known map[person.ID]person.Gradering) []person.ID {
	var ask []person.ID
	seen := map[person.ID]bool{}
	for _, p := range people {
		if p.Document == nil || g.ByAddress() && p.Document.Gradering() > person.Ugradert {
			continue
		}
		family, _ := p.Document.Relatives()
		for _, r := range family {
			if _, ok := known[r]; !ok && !seen[r] {
				seen[r] = true
				ask = append(ask, r)
			}
		}
	}
	return ask
}

func parts(part []string) url.Values { return url.Values{"part": part} }

func (c Criteria) query() url.Values {
	q := url.Values{}
	for name, value := range c {
		q.Set(name, value)
	}
	return q
}

func bulkBody(ids []person.ID) []byte {
	var b bytes.Buffer
	b.WriteString(`{"foedselsEllerDNummer":[`)
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + id.Reveal() + `"`)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

func parsePerson(body []byte) (reply, error) {
	d, err := person.ParseDocument(body)
	return reply{document: d}, err
}

func parseHits(body []byte) (reply, error) {
	var hits struct {
		IDs []string `json:"foedselsEllerDNummer"`
	}
	if err := json.Unmarshal(body, &hits); err != nil {
		return reply{}, errMalformed
	}
	ids, err := parseIDs(hits.IDs)
	return reply{ids: ids}, err
}

func parseIDs(numbers []string) ([]person.ID, error) {
	ids := make([]person.ID, len(numbers))
	for i, s := range numbers {
		id, err := person.ParseID(s)
		if err != nil {
			return nil, errMalformed
		}
		ids[i] = id
	}
	return ids, nil
}

// parseBulk reads the answers of a bulk lookup and refuses persons nobody asked for.
func parseBulk(asked []person.ID) func([]byte) (reply, error) {
	return func(body []byte) (reply, error) {
		bulk, err := person.ParseBulk(body)
		if err != nil {
			return reply{}, errMalformed
		}
		expected := make(map[person.ID]bool, len(asked))
		for _, id := range asked {
			expected[id] = true
		}
		answers := make([]Answer, len(bulk))
		for i, a := range bulk {
			if !expected[a.ID] {
				return reply{}, errMalformed
			}
			answers[i] = Answer{a.ID, person.Person{Document: a.Document}}
		}
		return reply{answers: answers}, nil
	}
}
