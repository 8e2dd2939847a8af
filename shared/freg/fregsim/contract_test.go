package fregsim_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/population"
)

const personSchemas = "folkeregisteret.tilgjengeliggjoering.person.v1."

// contract reads a published OpenAPI and adds what has come since (reference freg.md §1.6, §3.2):
// rettsligHandleevne, identitetsgrunnlagstatus unik, and the guardian's tasks in OMH. Every object is
// closed, so that a field the contract does not know is an error.
func contract(t testing.TB, file string) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile(oracle(t, "openapi/"+file))
	if err != nil {
		t.Fatal(err)
	}
	schemas := doc.Components.Schemas
	at := func(name string) *openapi3.Schema { return schemas[personSchemas+name].Value }
	text := openapi3.NewSchemaRef("", openapi3.NewStringSchema())

	legal := openapi3.NewObjectSchema().WithPropertyRef("rettsligHandleevneomfang", text)
	for name, p := range at("Identitetsgrunnlag").Properties {
		if name != "identitetsgrunnlagstatus" {
			legal.WithPropertyRef(name, p)
		}
	}
	at("Folkeregisterperson").WithProperty("rettsligHandleevne", openapi3.NewArraySchema().WithItems(legal))
	status := at("Identitetsgrunnlag").Properties["identitetsgrunnlagstatus"].Value
	status.Enum = append(status.Enum, "unik")
	duty := openapi3.NewObjectSchema().WithPropertyRef("vergeTjenestevirksomhet", text).WithPropertyRef("vergeTjenesteoppgave", text)
	at("VergeRepresentantEllerFullmektig").WithProperty("tjenesteomraade", openapi3.NewArraySchema().WithItems(duty))
	at("VergeRepresentantEllerFullmektig").WithPropertyRef("navnFoedselsdato", schemas[personSchemas+"IdentifiserendeInformasjon"])
	at("IdentifiserendeInformasjon").Required = []string{"personnavn"}

	for name, s := range schemas {
		if strings.HasPrefix(name, personSchemas) {
			s.Value.WithoutAdditionalProperties()
		}
	}
	legal.WithoutAdditionalProperties()
	duty.WithoutAdditionalProperties()
	return doc
}

var formats = []openapi3.SchemaValidationOption{
	openapi3.EnableFormatValidation(),
	openapi3.WithStringFormatValidator("date", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringDate)),
	openapi3.WithStringFormatValidator("date-time", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringDateTime)),
}

func check(t *testing.T, schema *openapi3.Schema, body string) bool {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Errorf("%v", err)
		return false
	}
	if err := schema.VisitJSON(v, formats...); err != nil {
		t.Errorf("%v", err)
		return false
	}
	return true
}

// whole says for how many of a hundred persons everything is validated; it takes long with -race.
var whole = map[document.Pakke]int{document.OMH: 80, document.OUtH: 40}

// TestContract validates what thousands of persons look like, in both pakker, for no part, each
// group, each property, and everything with history, against the published OpenAPI.
func TestContract(t *testing.T) {
	for pakke, file := range map[document.Pakke]string{document.OMH: "freg-offentlig-med-hjemmel-1.5.yaml", document.OUtH: "freg-offentlig-uten-hjemmel-1.6.json"} {
		t.Run(pakke.String(), func(t *testing.T) {
			t.Parallel()
			doc := contract(t, file)
			bulk := doc.Components.Schemas[personSchemas+"bulk.response.PersonBulkoppslagResponse"].Value
			s, path := start(t, nil), map[document.Pakke]string{document.OMH: omh, document.OUtH: outh}[pakke]
			var ids []string
			people().Each(func(f population.Facts) bool { ids = append(ids, f.ID.Reveal()); return true })
			for chunk := range slices.Chunk(ids[:len(ids)*whole[pakke]/100], 500) {
				if !check(t, bulk, s.do(t, "POST", path+"bulkoppslag"+everything(pakke), idsBody(chunk...)).body) {
					return
				}
			}
			sets := [][]string{nil, {"person-basis"}, {"relasjon-utvidet", "historikk"}, {"person-basis", "historikk"}}
			for _, p := range document.Parts(pakke) {
				sets = append(sets, []string{p}, []string{p, "historikk"})
			}
			for i, parts := range sets {
				query := "?" + url.Values{"part": parts}.Encode()
				if !check(t, bulk, s.do(t, "POST", path+"bulkoppslag"+query, idsBody(ids[i*20:i*20+20]...)).body) {
					return
				}
			}
		})
	}
}

// TestContractOfTheRest validates single lookup, searches and the documented error body.
func TestContractOfTheRest(t *testing.T) {
	doc := contract(t, "freg-offentlig-med-hjemmel-1.5.yaml")
	s, schemas := start(t, nil), doc.Components.Schemas
	for as := range people().Named() {
		check(t, schemas[personSchemas+"Folkeregisterperson"].Value, s.get(t, omh+named(as)+everything(document.OMH)).body)
	}
	check(t, schemas[personSchemas+"soek.response.PersonsoekResponse"].Value, s.get(t, omh+"soek?maksTreff=50").body)
	const uttrekk = "folkeregisteret.tilgjengeliggjoering.uttrekk.v1.response."
	job := s.order(t, everybody)
	check(t, schemas[uttrekk+"UttrekkJobbResponse"].Value, `{"jobbId":"`+job+`"}`)
	for _, n := range []int{0, 0, 0, 1, 1, 1, 2} { // not ready, numbers, not ready, the end, gone
		check(t, schemas[uttrekk+"UttrekkDataResponse"].Value, s.get(t, batch(job, n)).body)
	}
}

// TestContractBites makes sure that the contract refuses what it should.
func TestContractBites(t *testing.T) {
	schema := contract(t, "freg-offentlig-med-hjemmel-1.5.yaml").Components.Schemas[personSchemas+"Folkeregisterperson"].Value
	for _, bad := range []string{`{"ukjent":[]}`, `{"status":[{"status":"finnesIkke"}]}`, `{"navn":[{"fornavn":"X"}]}`, `{"doedsfall":{"doedsdato":"i går"}}`,
		`{"status":[{"status":"bosatt","ajourholdstidspunkt":"2020-01-01"}]}`, `{"bostedsadresse":[{"adressegradering":"ugradert","vegadresse":{"adressenavn":"x","kommunenummer":1234}}]}`} {
		var v any
		if err := json.Unmarshal([]byte(bad), &v); err != nil {
			t.Fatal(err)
		}
		if schema.VisitJSON(v, formats...) == nil {
			t.Errorf("%s passes", bad)
		}
	}
}
