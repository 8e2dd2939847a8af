package api

import (
	"context"
	"encoding/json"
	"maps"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

func contract(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(Contract)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// operations gives every operation by its id.
func operations(doc *openapi3.T) map[string]*openapi3.Operation {
	all := map[string]*openapi3.Operation{}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			all[op.OperationID] = op
			op.Parameters = append(slices.Clone(item.Parameters), op.Parameters...)
		}
	}
	return all
}

// The contract is OpenAPI 3.1 by the letter, and every example in it is one of what it describes.
func TestTheContractAndItsExamplesAreValid(t *testing.T) {
	doc := contract(t)
	if !doc.IsOpenAPI31OrLater() {
		t.Errorf("version %s", doc.OpenAPI)
	}
	err := doc.Validate(context.Background(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaFormatValidation(),
		openapi3.EnableSchemaDefaultsValidation(), openapi3.EnableMultiError())
	if err != nil {
		t.Error(err)
	}
}

// A vendor's generated client has one method for each operation, so each has a name, words and an
// example of its answer.
func TestEveryOperationIsDescribed(t *testing.T) {
	doc := contract(t)
	ids := operations(doc)
	if want := 197; len(ids) != want {
		t.Errorf("%d different operationIds, want %d", len(ids), want)
	}
	for id, op := range ids {
		if id == "" || op.Summary == "" || op.Description == "" || len(op.Tags) != 1 || doc.Tags.Get(op.Tags[0]) == nil {
			t.Errorf("%s lacks an id, a summary, a description or a known tag", id)
		}
		for _, p := range op.Parameters {
			if p.Value.Description == "" || p.Value.Example == nil {
				t.Errorf("%s: parameter %s lacks a description or an example", id, p.Value.Name)
			}
		}
		for status, r := range op.Responses.Map() {
			media := r.Value.Content.Get("application/json")
			file := false
			for name := range r.Value.Content {
				file = file || !strings.Contains(name, "json")
			}
			if id != "kontrakt" && status != "204" && !file && (media == nil || media.Example == nil && len(media.Examples) == 0) {
				t.Errorf("%s: %s has no example", id, status)
			}
		}
	}
}

// The parameters are those that the code reads, and the code takes the contract's examples.
func TestParametersAreThoseThatAreRead(t *testing.T) {
	ops := operations(contract(t))
	for id, known := range map[string][]string{
		"hentSisteVersjonAvPerson": {"part"},
		"hentPersoner":             {"part", "somBestilt"},
		"personsoek":               slices.Collect(maps.Keys(hitParameters)),
		"entydigSoek":              append(slices.Collect(maps.Keys(uniqueParameters)), "part"),
	} {
		var stated []string
		example := url.Values{}
		for _, p := range ops[id].Parameters {
			if p.Value.In != "query" {
				continue
			}
			stated = append(stated, p.Value.Name)
			for _, v := range values(p.Value.Example) {
				example.Add(p.Value.Name, v)
			}
		}
		slices.Sort(stated)
		if slices.Sort(known); !slices.Equal(stated, known) {
			t.Errorf("%s: the contract has %v, the code reads %v", id, stated, known)
		}
		r := httptest.NewRequest("GET", "/?"+example.Encode(), nil)
		read := map[string]func() error{
			"personsoek":  func() error { _, err := Numbers{}.ReadHitCriteria(r); return err },
			"entydigSoek": func() error { _, _, err := Numbers{}.ReadUniqueCriteria(r); return err },
		}[id]
		if read != nil && read() != nil {
			t.Errorf("%s: the examples are refused: %v", id, read())
		}
	}
}

// values gives an example as it stands in a query.
func values(example any) []string {
	if list, ok := example.([]any); ok {
		var all []string
		for _, v := range list {
			all = append(all, values(v)...)
		}
		return all
	}
	if s, ok := example.(string); ok {
		return []string{s}
	}
	b, _ := json.Marshal(example) // numbers and booleans always encode
	return []string{string(b)}
}

// Every value of part in the contract is one that policy knows, and none is missing.
func TestPartsAreThoseThatPolicyKnows(t *testing.T) {
	stated := contract(t).Components.Schemas["Part"].Value.Enum
	for _, f := range person.Model.Fields {
		if !slices.Contains(stated, any(f.Name)) {
			t.Errorf("%s is no part in the contract", f.Name)
		}
	}
	area := katalog.Standard().Tjenesteomraader[0]
	h := policy.Holder{Profil: policy.Compile(katalog.Standard(), policy.Role{Tjenesteomraade: area.Kode})}
	for _, part := range stated {
		d := policy.Decide(h, policy.Ask{Action: policy.Oppslag, Parts: []string{part.(string)}})
		if slices.Contains(d.Rules(), "part-kjent") {
			t.Errorf("policy knows no part %s", part)
		}
	}
}

// The person in the contract is the register model: the same elements, lists and values.
func TestThePersonIsTheRegisterModel(t *testing.T) {
	schemas := contract(t).Components.Schemas
	sameAsModel(t, "person", schemas["Folkeregisterperson"].Value, person.Model.Fields)
	sameAsModel(t, "metadata", schemas["Registermetadata"].Value, person.Metadata)
}

func sameAsModel(t *testing.T, at string, s *openapi3.Schema, fields []*person.Field) {
	t.Helper()
	if len(s.Properties) != len(fields) {
		t.Errorf("%s has %d elements in the contract and %d in the model", at, len(s.Properties), len(fields))
	}
	for _, f := range fields {
		ref, at := s.Properties[f.Name], at+"."+f.Name
		if ref == nil {
			t.Errorf("%s is not in the contract", at)
			continue
		}
		one := ref.Value
		if one.Type.Is("array") != f.Many {
			t.Errorf("%s is a list in one of contract and model only", at)
		}
		if one.Type.Is("array") {
			one = one.Items.Value
		}
		if f.Fields != nil {
			sameAsModel(t, at, one, f.Fields)
		}
		if len(one.Enum) != len(f.Enum) || slices.ContainsFunc(f.Enum, func(v string) bool { return !slices.Contains(one.Enum, any(v)) }) {
			t.Errorf("%s may be %v in the contract and %v in the model", at, one.Enum, f.Enum)
		}
	}
}

// A problem as the code makes it has the form that the contract gives, and the statuses are those of
// the error ladder. (That every code of the project has an example is a rule in infra/rules.)
func TestProblemsAreAsTheContractSays(t *testing.T) {
	doc := contract(t)
	schema := doc.Components.Schemas["Feil"].Value
	no := false
	schema.AdditionalProperties = openapi3.BoolSchema{Has: &no}
	for kind, status := range statuses {
		b, err := json.Marshal(NewProblem(fault.New(kind, "EN_KODE", "En setning.").About("navn"), "GET /en/{sti}", time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatal(err)
		}
		if err := schema.VisitJSON(v, openapi3.EnableJSONSchema2020(), openapi3.EnableFormatValidation()); err != nil {
			t.Errorf("%d: %v", status, err)
		}
	}
	for name, e := range doc.Components.Examples {
		v := e.Value.Value.(map[string]any)
		if code := v["errorCode"].(string); v["type"] != "urn:hjemmel:feil:"+strings.ToLower(code) || v["detail"] != v["message"] {
			t.Errorf("example %s is no problem that we make", name)
		}
	}
}

// Lists are never null, so that a client can loop over them without a look.
func TestListsAreNeverNull(t *testing.T) {
	h := policy.Holder{Profil: policy.Compile(katalog.Standard(), policy.Role{Tjenesteomraade: "FINNES_IKKE"})}
	b, err := json.Marshal(NewInnhold(h, false))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), "null") {
		t.Errorf("%s", b)
	}
}

func TestTheContractIsServedAsYAML(t *testing.T) {
	w := httptest.NewRecorder()
	ServeContract(w, httptest.NewRequest("GET", "/openapi.yaml", nil))
	if w.Header().Get("Content-Type") != "application/yaml" || w.Body.Len() != len(Contract) || w.Body.Len() == 0 {
		t.Errorf("%d bytes of %s", w.Body.Len(), w.Header().Get("Content-Type"))
	}
}
