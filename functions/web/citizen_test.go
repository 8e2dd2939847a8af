package web_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"hjemmel/infra/routes"
	"hjemmel/shared/api"
)

// open are the operations that answer anybody who has logged in, and with what. All others refuse.
var open = map[string]string{
	"egetInnsyn":                "what is written of themselves",
	"gyldigeVerdierPersonsoek":  "codes of the register",
	"gyldigeVerdierRegister":    "codes of the register",
	"hentInnbyggerlisteVerdier": "codes of lists",
	"loggkonsistens":            "the public log of commitments",
	"loggnoekkel":               "the public log of commitments",
	"loggsjekkpunkt":            "the public log of commitments",
	"loggstatus":                "the public log of commitments",
	"mineRoller":                "an empty list",
	"rollerForTjeneste":         "an empty list",
	"rollerTilSoek":             "an empty list",
	"noedtilganger":             "an empty list",
	"selvtest":                  "that the caller is no system",
	"bestillFraHendelser":       "that there are no such lists",
}

var variable = regexp.MustCompile(`\{[^}]+\}`)

// TestACitizensSessionReachesNothingElse asks every operation of the contract, as its examples do, in the session of
// somebody who is employed nowhere.
func TestACitizensSessionReachesNothingElse(t *testing.T) {
	all := maps.Clone(routes.Functions)
	delete(all, "web")
	b := newWorld(t, slices.Collect(maps.Values(all))...).browser()
	b.login("innbygger-01")
	if s := b.session(); !s.Innlogget || s.Navn != "" || len(s.Roller)+len(s.Organisasjoner) != 0 {
		t.Errorf("%+v", s)
	}
	if status, body, _ := b.do(http.MethodGet, "/api/hjemmel/v1/meg/innsyn", ""); status != 200 || !strings.Contains(body, `"antall":0`) {
		t.Errorf("%d %s", status, body)
	}
	doc, err := openapi3.NewLoader().LoadFromData(api.Contract)
	if err != nil {
		t.Fatal(err)
	}
	for at, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			b.later(time.Second / 10) // a session may ask so often
			status, body, _ := b.do(method, "/api"+b.exemplary(at, item, op), sent(op), "Idempotency-Key", "5b1f6a52-0c8e-4d0b-9a53-000000000001")
			if open[op.OperationID] == "" && status != 401 && status != 403 && status != 404 {
				t.Errorf("%s: %d %s", op.OperationID, status, body)
			}
			if strings.Contains(open[op.OperationID], "empty") && strings.ContainsRune(body, '-') { // an id of anything
				t.Errorf("%s: %s", op.OperationID, body)
			}
		}
	}
}

// exemplary is the path of an operation with the demonstration's organisation and role, and the examples of what else it takes.
func (b *browser) exemplary(at string, item *openapi3.PathItem, op *openapi3.Operation) string {
	query := url.Values{}
	for _, p := range append(slices.Clone(item.Parameters), op.Parameters...) {
		v, ok := p.Value.Example.(string)
		switch {
		case p.Value.Name == "fiksOrgId":
			v = b.Demo.Organisasjoner[0].FiksOrgID
		case strings.Contains(strings.ToLower(p.Value.Name), "rolle") || p.Value.Name == "id" && strings.Contains(at, "/roller/"):
			v = b.Demo.Roller[0].ID
		case !ok:
			v = "1"
		}
		if p.Value.In == "path" {
			at = strings.ReplaceAll(at, "{"+p.Value.Name+"}", url.PathEscape(v))
		} else if p.Value.In == "query" && (p.Value.Required || p.Value.Name == "fiksOrgId") {
			query.Set(p.Value.Name, v)
		}
	}
	return variable.ReplaceAllString(at, "1") + "?" + query.Encode()
}

// sent is the example of what an operation is sent.
func sent(op *openapi3.Operation) string {
	if op.RequestBody == nil {
		return ""
	}
	m := op.RequestBody.Value.Content.Get("application/json")
	if m == nil {
		return "{}"
	}
	v := m.Example
	for _, e := range m.Examples {
		v = e.Value.Value
	}
	b, _ := json.Marshal(v)
	return string(b)
}
