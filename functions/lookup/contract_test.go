package lookup_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"hjemmel/functions/lookup"
	"hjemmel/shared/api"
	"hjemmel/shared/freg/fregsim"
	ids "hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

// contract holds real answers against openapi.yaml. The objects of the contract are closed here, so
// that a member that it does not tell of is an error, though callers must bear new ones.
type contract struct {
	*world
	router routers.Router
	// answered counts by operation and status.
	answered map[string]map[int]int
}

func newContract(t *testing.T) *contract {
	t.Helper()
	openapi3filter.RegisterBodyDecoder("application/pdf", openapi3filter.FileBodyDecoder)
	doc, err := openapi3.NewLoader().LoadFromData(api.Contract)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range doc.Components.Schemas {
		closed(s.Value, map[*openapi3.Schema]bool{})
	}
	doc.Servers = nil
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return &contract{newWorld(t), router, map[string]map[int]int{}}
}

// closed lets no object have more members than it tells of. What is there to be extended stays open:
// it is closed where it is used.
func closed(s *openapi3.Schema, seen map[*openapi3.Schema]bool) {
	if s == nil || seen[s] {
		return
	}
	seen[s] = true
	for _, p := range s.Properties {
		closed(p.Value, seen)
	}
	if s.Items != nil {
		closed(s.Items.Value, seen)
	}
	base := s.Properties["ajourholdstidspunkt"] != nil || (s.Properties["kanBrukes"] != nil && len(s.AllOf) == 0)
	if s.Type.Is("object") && !base {
		no := false
		s.UnevaluatedProperties = openapi3.BoolSchema{Has: &no}
	}
}

// ask sends a request and checks the answer, and, where it was a good one, the request too.
func (c *contract) ask(method, path, body string, h http.Header) answer {
	c.t.Helper()
	a := c.do(method, path, strings.NewReader(body), h)
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	req.Header = h.Clone()
	c.check(req, a.StatusCode, a.Header, a.body)
	return a
}

func (c *contract) check(req *http.Request, status int, h http.Header, body []byte) {
	c.t.Helper()
	route, params, err := c.router.FindRoute(req)
	if err != nil {
		c.t.Errorf("%s %s is in no operation: %v", req.Method, req.URL.Path, err)
		return
	}
	in := &openapi3filter.RequestValidationInput{
		Request: req, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	}
	id := route.Operation.OperationID
	if status == http.StatusOK {
		if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
			c.t.Errorf("%s: a request that was answered is not in the contract: %v", id, err)
		}
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: status, Header: h, Body: io.NopCloser(bytes.NewReader(body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, SchemaValidationOptions: []openapi3.SchemaValidationOption{openapi3.EnableFormatValidation()}},
	}
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		c.t.Errorf("%s: the answer %d is not in the contract: %v\n%.600s", id, status, err, body)
	}
	for name := range h {
		stated := route.Operation.Responses.Status(status)
		if strings.HasPrefix(name, "Hjemmel-") && (stated == nil || stated.Value.Headers[name] == nil) {
			c.t.Errorf("%s: the answer %d has the header %s, which is not in the contract", id, status, name)
		}
	}
	if c.answered[id] == nil {
		c.answered[id] = map[int]int{}
	}
	c.answered[id][status]++
}

// everythingFor is a role that holds all that an area opens.
func (w *world) everythingFor(kode, id string) policy.Role {
	w.t.Helper()
	area, ok := katalog.Standard().Area(kode)
	if !ok {
		w.t.Fatalf("no area is called %s", kode)
	}
	r := policy.Role{
		ID: id, FiksOrgID: w.integration(1).FiksOrgID, Versjon: 1, Navn: "Alt", Tjenesteomraade: area.Kode, Aktiv: true,
		Bruksomraader: []katalog.Bruk{katalog.Soek}, AapneGradert: area.KanAapneGradert(), Opplysninger: area.Registre[0].Opplysninger,
	}
	for _, h := range area.Lovhjemler {
		r.Hjemler = append(r.Hjemler, h.ID)
	}
	return r
}

// widest plants roles that hold all that their areas open, until together they show every element
// that any area opens, and gives them with the parts they can ask for.
func (c *contract) widest() map[string][]string {
	c.t.Helper()
	roles, shown := map[string][]string{}, map[string]bool{}
	for i, area := range katalog.Standard().Tjenesteomraader {
		if !area.Gyldig {
			continue
		}
		r := c.everythingFor(area.Kode, role(500+i))
		profile, more := policy.Compile(katalog.Standard(), r), false
		var parts []string
		for _, o := range profile.Innhold() {
			part, _, _ := strings.Cut(o.Kode, ".")
			if (part == "historikk" || ids.Model.Field(part) != nil) && !slices.Contains(parts, part) {
				parts = append(parts, part)
			}
			more = more || !shown[o.Kode]
			shown[o.Kode] = true
		}
		if more {
			c.plant(r)
			roles[r.ID] = parts
		}
	}
	return roles
}

// Every operation answers as the contract says, for every kind of person and with all there is.
func TestAnswersAreAsTheContractSays(t *testing.T) {
	c := newContract(t)
	h := c.vendor(1)
	h.Set("Content-Type", "application/json")
	everybody, err := json.Marshal(map[string][]string{"foedselsEllerDNummer": slices.Collect(maps.Values(c.Demo.Personer))})
	if err != nil {
		t.Fatal(err)
	}
	for id, parts := range c.widest() {
		query := "?" + url.Values{"part": parts}.Encode()
		c.ask("GET", "/hjemmel/v1/roller/"+id+"/innhold", "", h)
		c.ask("GET", personer(id, c.number("vanlig")+query), "", h)
		c.ask("POST", personer(id, "bulkoppslag"+query), string(everybody), h)
		list, _ := json.Marshal(parts) // strings always encode
		for _, number := range c.Demo.Personer {
			c.ask("POST", c.soek(0), fmt.Sprintf(`{"rolleId":%q,"personidentifikator":%q,"parts":%s}`, id, number, list), h)
		}
	}
	h.Set(lookup.BekreftelseHeader, "for å se alt det er mulig å se")
	first, last := c.names("vanlig")
	name := url.QueryEscape(first + " " + last)
	c.ask("GET", personer(role(1), "soek?navn="+url.QueryEscape(last)+"&maksTreff=50&inkluderDoede=true"), "", h)
	c.ask("GET", personer(role(1), "soek?navn=FINNESIKKENOENSTED"), "", h)
	for _, path := range []string{c.soek(0), strings.Replace(c.soek(0), "/register/api/v1/ks", "/folkeregister/api/v1", 1), soekAntall} {
		c.ask("POST", path, fmt.Sprintf(`{"rolleId":%q,"navn":%q,"foedt":{"fraAar":1900},"kommunenumre":["0301","4601"],"inkluderDoede":true}`, role(1), last), h)
		c.ask("POST", path, fmt.Sprintf(`{"rolleId":%q,"navn":%q,"kjoenn":"KVINNE","foedselsdato":19700101}`, role(1), last), h)
	}
	for _, text := range []string{last, last + " Voss", last + " 1970", c.number("vanlig"), last + ", Herøy", "Storgata 1 5700 " + last} {
		c.ask("POST", soekFri, fmt.Sprintf(`{"rolleId":%q,"tekst":%q}`, role(1), text), h)
	}
	for _, before := range []string{"/register/api/v1/ks", "/folkeregister/api/v1"} {
		c.ask("POST", strings.Replace(soekNavn, "/register/api/v1/ks", before, 1), fmt.Sprintf(`{"rolleId":%q,"personidentifikatorer":[%q,"14827849805"]}`, role(1), c.number("vanlig")), h)
		c.ask("GET", strings.Replace(soekVerdier, "/register/api/v1/ks", before, 1), "", h)
	}
	c.ask("GET", personer(role(1), "entydigsoek?navn="+name+"&identifikasjonsnummer="+c.number("vanlig")), "", h)
	c.ask("GET", personer(role(1), "14827849805"), "", h)
	for _, number := range c.Demo.Personer {
		c.ask("POST", pagePath, `{"rolleId":"`+role(1)+`","personidentifikator":"`+number+`","historikk":true,"spraak":"en"}`, h)
		c.ask("POST", documentPath(c.Demo.Organisasjoner[0].FiksOrgID), `{"rolleId":"`+role(1)+`","personidentifikator":"`+number+`","parts":["navn","historikk"]}`, with(h, "Accept", "application/pdf"))
	}
	c.ask("GET", "/hjemmel/v1/roller/"+role(99)+"/innhold", "", h)
	for _, who := range []http.Header{h, c.employee("ansatt-01"), {}} {
		c.ask("GET", "/hjemmel/v1/meg/roller", "", who)
	}
	c.ask("GET", "/hjemmel/v1/roller/"+role(1)+"/innhold", "", http.Header{})
	c.ask("POST", personer(role(1), "bulkoppslag?somBestilt=true"), `{"foedselsEllerDNummer":["`+c.number("vanlig")+`","14827849805"]}`, h)

	children := strings.Replace(string(everybody), "foedselsEllerDNummer", "foedselsnumre", 1)
	c.plant(c.everythingFor("OPPVEKST", role(600)))
	h.Del(lookup.BekreftelseHeader)
	c.ask("POST", "/register/api/v1/ks/"+role(600)+"/oppvekst", children, h)
	c.ask("POST", "/folkeregister/api/v1/oppvekst/"+c.integration(1).FiksOrgID+"/"+skole, children, h)

	denied := c.ask("GET", personer(role(3), c.number("skilt")), "", c.employee("ansatt-02")).Header.Get("Hjemmel-Request-Id")
	for _, who := range []string{"ansatt-05", "ansatt-07", "ansatt-02"} {
		c.ask("GET", "/hjemmel/v1/avslag/"+denied, "", c.employee(who))
	}

	c.demoRole(role(4), func(r *policy.Role) { r.NoedtilgangTimer = 4 })
	for _, who := range []string{"ansatt-03", "ansatt-02"} {
		who := with(c.employee(who), "Content-Type", "application/json")
		c.ask("POST", "/hjemmel/v1/roller/"+role(4)+"/noedtilgang", `{"grunn":"ras over bygda i natt"}`, who)
		c.ask("GET", "/hjemmel/v1/roller/"+role(4)+"/noedtilgang", "", who)
	}
	c.demoRole(role(3), func(r *policy.Role) { r.Budsjett.Oppslag.Hard = 1 })
	for range 2 {
		c.ask("GET", personer(role(3), c.number("vanlig")), "", c.employee("ansatt-03"))
	}

	w := httptest.NewRecorder()
	served := httptest.NewRequest("GET", "/openapi.yaml", nil)
	api.ServeContract(w, served)
	c.check(served, w.Code, w.Header(), w.Body.Bytes())
	for _, id := range []string{"hentSisteVersjonAvPerson", "hentPersoner", "hentOppvekstRegister", "getUttrekkOppvekst", "personsoek", "entydigSoek", "personside", "persondokument", "mineRoller", "rolleinnhold", "avslagsgrunn", "aapneNoedtilgang", "noedtilganger", "kontrakt",
		"soekRegister", "soek", "navnRegister", "navn", "gyldigeVerdierRegister", "gyldigeVerdierPersonsoek", "antallTreff", "soekMedOrd"} {
		if c.answered[id][200] == 0 {
			t.Errorf("%s was not answered: %v", id, c.answered[id])
		}
	}
	if c.answered["hentSisteVersjonAvPerson"][429] == 0 || c.answered["aapneNoedtilgang"][403] == 0 || c.answered["avslagsgrunn"][403] == 0 || c.answered["avslagsgrunn"][404] == 0 || c.answered["mineRoller"][401] == 0 || c.answered["rolleinnhold"][404] == 0 || c.answered["rolleinnhold"][401] == 0 || c.answered["hentSisteVersjonAvPerson"][404] == 0 {
		t.Errorf("%v", c.answered)
	}
}

// Every refusal has a status, a body and headers that the contract tells of.
func TestRefusalsAreAsTheContractSays(t *testing.T) {
	c := newContract(t)
	for _, r := range badRequests(c.world) {
		if strings.Contains(r.path, "%2F") {
			continue // a path that no operation has by the contract's reading
		}
		h := r.header.Clone()
		c.ask(r.method, r.path, r.body, h)
		if h.Get("Accept") == "" {
			h.Set("Accept", "application/json, application/problem+json")
			if a := c.ask(r.method, r.path, r.body, h); a.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: %s", r.name, a.Header.Get("Content-Type"))
			}
		}
	}
	person := c.answered["hentSisteVersjonAvPerson"]
	if person[400] < 10 || person[401] < 5 || person[403] < 10 || c.answered["hentPersoner"][413] == 0 {
		t.Errorf("%v", c.answered)
	}
}

// So have the answers when the register fails.
func TestFailuresAreAsTheContractSays(t *testing.T) {
	c := newContract(t)
	h := c.vendor(1)
	bulk := h.Clone()
	bulk.Set("Content-Type", "application/json")
	for _, f := range []fregsim.Fault{{Kind: fregsim.Status, Status: 429, RetryMillis: 5}, {Kind: fregsim.Status, Status: 403}, {Kind: fregsim.Status, Status: 503}} {
		c.Freg.Faults().Clear()
		if err := c.Freg.Faults().Set(f); err != nil {
			t.Fatal(err)
		}
		c.ask("GET", personer(role(3), c.number("vanlig")), "", h)
		c.ask("GET", personer(role(3), "soek?navn=Hansen"), "", h)
		c.ask("POST", personer(role(3), "bulkoppslag"), `{"foedselsEllerDNummer":["`+c.number("vanlig")+`"]}`, bulk)
		c.ask("POST", "/register/api/v1/ks/"+skole+"/oppvekst", `{"foedselsnumre":["`+c.number("barn")+`"]}`, bulk)
	}
	for _, id := range []string{"hentSisteVersjonAvPerson", "personsoek", "hentPersoner", "hentOppvekstRegister"} {
		if c.answered[id][429] == 0 || c.answered[id][503] == 0 {
			t.Errorf("%s: %v", id, c.answered[id])
		}
	}
}
