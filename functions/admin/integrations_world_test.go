package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"hjemmel/functions/lookup"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/host/hosttest/served"
)

// town is a served one in which administration and lookups answer.
type town struct {
	served.World
	t testing.TB
}

const (
	bergen = "b8d1c6de-1a44-4f0e-9c1b-6f1d7e0a4601"
	voss   = "c47e0b52-3e9d-4a7a-8f0d-2d9a5b3c4621"

	arne  = "ansatt-04" // administrator in Bergen
	vidar = "ansatt-07" // administrator in Voss
	olav  = "ansatt-08" // operator
)

func newTown(t testing.TB, options ...func(*hosttest.Options)) *town {
	t.Helper()
	return &town{served.Start(t, []served.Routes{lookup.Routes, Routes}, options...), t}
}

type reply struct {
	*http.Response
	body []byte
}

func (a reply) code(t testing.TB) string {
	t.Helper()
	var p api.Problem
	if err := json.Unmarshal(a.body, &p); err != nil {
		t.Fatalf("%d is no problem body: %s", a.StatusCode, a.body)
	}
	return p.ErrorCode
}

func read[T any](t testing.TB, a reply) (v T) {
	t.Helper()
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("%d: %s", a.StatusCode, a.body)
	}
	return v
}

// ask calls with headers, and pairs of further headers.
func (w *town) ask(method, path, body string, h http.Header, more ...string) reply {
	w.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, w.Base+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	for k, v := range h {
		req.Header[k] = v
	}
	if body != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(more); i += 2 {
		req.Header.Set(more[i], more[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if strings.HasPrefix(path, "/hjemmel/") {
		w.asContracted(req, body, resp, b)
	}
	return reply{resp, b}
}

// router finds the operation of a request in the contract, in which our objects are closed here.
var router = sync.OnceValues(func() (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromData(api.Contract)
	if err != nil {
		return nil, err
	}
	for name, s := range doc.Components.Schemas {
		if strings.HasPrefix(name, "Integrasjon") || strings.HasPrefix(name, "Selvtest") || strings.HasPrefix(name, "Katalog") {
			no := false
			s.Value.AdditionalProperties = openapi3.BoolSchema{Has: &no}
		}
	}
	doc.Servers = nil
	return legacy.NewRouter(doc)
})

// asContracted holds an answer, and the request where it was a good one, against openapi.yaml.
func (w *town) asContracted(req *http.Request, body string, resp *http.Response, answer []byte) {
	w.t.Helper()
	r, err := router()
	if err != nil {
		w.t.Fatal(err)
	}
	again := req.Clone(context.Background())
	again.URL.Scheme, again.URL.Host, again.Body = "", "", io.NopCloser(strings.NewReader(body))
	route, params, err := r.FindRoute(again)
	if err != nil {
		w.t.Errorf("%s %s is in no operation: %v", req.Method, req.URL.Path, err)
		return
	}
	in := &openapi3filter.RequestValidationInput{Request: again, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}}
	if resp.StatusCode < 300 {
		if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
			w.t.Errorf("%s: a request that was answered is not in the contract: %v", route.Operation.OperationID, err)
		}
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: resp.StatusCode, Header: resp.Header,
		Body: io.NopCloser(bytes.NewReader(answer)), Options: &openapi3filter.Options{IncludeResponseStatus: true}}
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		w.t.Errorf("%s: the answer %d is not in the contract: %v", route.Operation.OperationID, resp.StatusCode, err)
	}
}

func (w *town) as(ansatt string) http.Header { return w.Employee(w.t, ansatt) }

func (w *town) vendor(n int) http.Header { return w.Vendor(w.t, n) }

func (w *town) viaVendor(n int, ansatt string) http.Header { return w.Through(w.t, n, ansatt) }

// vendorToken gives the token of integration n's vendor.
func (w *town) vendorToken(n int) string {
	w.t.Helper()
	return w.Token(w.t, "/sim/maskinporten/token", w.Grant(w.t, n))
}

func login(token, id, password string) http.Header {
	return http.Header{"Authorization": {"Bearer " + token}, "Integrasjonid": {id}, "Integrasjonpassord": {password}}
}

// entries gives what f adds to the audit log.
func (w *town) entries(f func()) []audit.Entry {
	w.t.Helper()
	seen := map[string]bool{}
	for _, e := range w.all() {
		seen[e.Skriver+"-"+e.RequestID] = true
	}
	f()
	var added []audit.Entry
	for _, e := range w.all() {
		if !seen[e.Skriver+"-"+e.RequestID] {
			added = append(added, e)
		}
	}
	return added
}

func (w *town) all() []audit.Entry {
	w.t.Helper()
	return w.Entries(w.t)
}
