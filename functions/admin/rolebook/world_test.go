package rolebook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hjemmel/functions/admin"
	"hjemmel/functions/lookup"
	"hjemmel/shared/audit"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/host/hosttest/served"
	"hjemmel/shared/store"
)

// world is a served one in which administration and lookups answer.
type world struct {
	served.World
	t      testing.TB
	tokens map[string]http.Header
}

func newWorld(t testing.TB, options ...func(*hosttest.Options)) *world {
	t.Helper()
	return &world{served.Start(t, []served.Routes{admin.Routes, lookup.Routes}, options...), t, map[string]http.Header{}}
}

// answer is a response with its body read.
type answer struct {
	*http.Response
	body []byte
}

// code is the error code of a problem.
func (a answer) code() string {
	var p struct {
		ErrorCode string `json:"errorCode"`
	}
	_ = json.Unmarshal(a.body, &p) // no problem body has no code
	return p.ErrorCode
}

// read decodes a good answer.
func read[T any](t testing.TB, a answer) (v T) {
	t.Helper()
	if a.StatusCode > 299 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	return v
}

func (w *world) do(method, path, body string, header http.Header) answer {
	w.t.Helper()
	a, err := w.send(method, path, body, header)
	if err != nil {
		w.t.Fatal(err)
	}
	check(w.t, method, path, body, header, a)
	return a
}

func (w *world) send(method, path, body string, header http.Header) (answer, error) {
	req, err := http.NewRequestWithContext(context.Background(), method, w.Base+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for k, v := range header {
		req.Header[k] = v
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	return answer{resp, b}, err
}

// as gives the headers of a logged-in employee, ansatt-NN.
func (w *world) as(n int) http.Header {
	w.t.Helper()
	id := fmt.Sprintf("ansatt-%02d", n)
	if w.tokens[id] == nil {
		w.tokens[id] = w.Employee(w.t, id)
	}
	return w.tokens[id].Clone()
}

func (w *world) vendor(n int) http.Header { return w.Vendor(w.t, n) }

// through gives the headers of an employee who logged in in integration 1.
func (w *world) through(n int) http.Header { return w.Through(w.t, 1, fmt.Sprintf("ansatt-%02d", n)) }

// with adds a header.
func with(h http.Header, name, value string) http.Header {
	h = h.Clone()
	h.Set(name, value)
	return h
}

// state is the store below.
func (w *world) state() store.Store {
	w.t.Helper()
	s, err := w.Env.State()
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// entries are all entries of the audit log with the handling.
func (w *world) entries(handling string) []audit.Entry {
	w.t.Helper()
	return slices.DeleteFunc(w.Entries(w.t), func(e audit.Entry) bool { return e.Handling != handling })
}

// The demo's organisations and roles.
const (
	bergen = "b8d1c6de-1a44-4f0e-9c1b-6f1d7e0a4601"
	voss   = "c47e0b52-3e9d-4a7a-8f0d-2d9a5b3c4621"
	fiks   = "/register/api/v2/konfigurasjon/"
	org    = "/hjemmel/v1/organisasjoner/"
)

func id(n int) string              { return fmt.Sprintf("1000000%x-0000-4000-8000-00000000000%x", n, n) }
func ours(n int, of string) string { return "/hjemmel/v1/roller/" + id(n) + of }
func one(n int) string             { return fiks + bergen + "/roller/" + id(n) }
