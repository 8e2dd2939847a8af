package rolebook_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"hjemmel/shared/api"
)

// contract finds operations in openapi.yaml, whose objects are closed here: a member that it does not
// tell of is an error, though callers must bear new ones.
var contract = sync.OnceValues(func() (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromData(api.Contract)
	if err != nil {
		return nil, err
	}
	for name, s := range doc.Components.Schemas {
		if !strings.HasPrefix(name, "Folkeregister") && !strings.HasPrefix(name, "Registermetadata") {
			closed(s.Value, map[*openapi3.Schema]bool{})
		}
	}
	doc.Servers = nil
	return legacy.NewRouter(doc)
})

func closed(s *openapi3.Schema, seen map[*openapi3.Schema]bool) {
	if s == nil || seen[s] || s.Type == nil || len(s.AllOf) > 0 || s.Properties["kanBrukes"] != nil && s.Properties["versjon"] != nil {
		return
	}
	seen[s] = true
	for _, p := range s.Properties {
		closed(p.Value, seen)
	}
	if s.Items != nil {
		closed(s.Items.Value, seen)
	}
	if s.Type.Is("object") && s.AdditionalProperties.Schema == nil { // a map says itself what is in it
		no := false
		s.AdditionalProperties = openapi3.BoolSchema{Has: &no}
	}
}

// check holds an answer of the administration against the contract: every test does so by asking.
func check(t testing.TB, method, path, body string, header http.Header, a answer) {
	t.Helper()
	if !strings.Contains(path, "/konfigurasjon/") && !strings.HasPrefix(path, "/hjemmel/") || strings.ContainsAny(path, "%") || a.StatusCode == http.StatusNotFound && a.code() == "UKJENT_ADRESSE" {
		return
	}
	router, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	for k, v := range header {
		req.Header[k] = v
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	route, params, err := router.FindRoute(req)
	if err != nil {
		t.Errorf("%s %s is in no operation: %v", method, path, err)
		return
	}
	in := &openapi3filter.RequestValidationInput{
		Request: req, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	}
	id := route.Operation.OperationID
	if a.StatusCode < 300 {
		if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
			t.Errorf("%s: a request that was answered is not in the contract: %v", id, err)
		}
	}
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") {
		return
	}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: a.StatusCode, Header: a.Header, Body: io.NopCloser(bytes.NewReader(a.body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
	if err != nil {
		t.Errorf("%s: the answer %d is not in the contract: %.500v\n%.400s", id, a.StatusCode, err, a.body)
	}
	stated := route.Operation.Responses.Status(a.StatusCode)
	for name := range a.Header {
		if (strings.HasPrefix(name, "Hjemmel-") || name == "Etag") && (stated == nil || stated.Value.Headers[name] == nil && stated.Value.Headers["ETag"] == nil) {
			t.Errorf("%s: the answer %d has the header %s, which is not in the contract", id, a.StatusCode, name)
		}
	}
}
