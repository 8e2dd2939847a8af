package web_test

import (
	"encoding/json"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hjemmel/functions/lookup"
	"hjemmel/functions/web"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/store"
	"hjemmel/shared/telemetry"
)

// world is the page over real functions and simulators, on TLS as browsers want it for our cookies.
type world struct {
	*hosttest.World
	t *testing.T

	mu    sync.Mutex
	ahead time.Duration // how much later than now our clock is
}

// newWorld serves the page over functions; over lookup alone where none is named.
func newWorld(t *testing.T, functions ...func(*host.Env) ([]host.Route, error)) *world {
	t.Helper()
	srv := httptest.NewUnstartedServer(nil)
	w, err := hosttest.New(hosttest.Options{Listener: srv.Listener, Data: t.TempDir(), Population: population.Config{Size: 400}})
	if err != nil {
		t.Fatal(err)
	}
	me := &world{World: w, t: t}
	w.Env.Log = telemetry.NewLogger(io.Discard, slog.LevelDebug)
	w.Env.Now = func() time.Time {
		me.mu.Lock()
		defer me.mu.Unlock()
		return time.Now().Add(me.ahead)
	}
	if functions == nil {
		functions = append(functions, lookup.Routes)
	}
	var routes []host.Route
	for _, of := range functions {
		some, err := of(w.Env)
		if err != nil {
			t.Fatal(err)
		}
		routes = append(routes, some...)
	}
	page, err := web.Handler(w.Env, w.Env.Mux(routes...))
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", page)
	w.Mount(mux)
	srv.Config.Handler = mux
	srv.Start()
	t.Cleanup(func() {
		srv.Close()
		if err := w.Env.Close(); err != nil {
			t.Error(err)
		}
	})
	return me
}

func (w *world) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ahead += d
}

// browser keeps cookies as a browser does that trusts this machine.
type browser struct {
	*world
	client *http.Client
}

// jar takes secure cookies from a loopback address, as Chromium does.
type jar struct{ *cookiejar.Jar }

func secure(u *url.URL) *url.URL { s := *u; s.Scheme = "https"; return &s }

func (j jar) SetCookies(u *url.URL, c []*http.Cookie) { j.Jar.SetCookies(secure(u), c) }
func (j jar) Cookies(u *url.URL) []*http.Cookie       { return j.Jar.Cookies(secure(u)) }

func (w *world) browser() *browser {
	kept, _ := cookiejar.New(nil) // never fails
	return &browser{w, &http.Client{Jar: jar{kept}}}
}

func (b *browser) do(method, path, body string, header ...string) (int, string, *http.Response) {
	b.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = b.Base + path
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	got, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(got), resp
}

var hidden = regexp.MustCompile(`type="hidden" name="([a-z_]+)" value="([^"]*)"`)

// choice is what the issuer's page posts when somebody says who they are.
func (b *browser) choice(start, ansatt string) url.Values {
	b.t.Helper()
	_, page, _ := b.do(http.MethodGet, start, "")
	form := url.Values{"ansatt": {ansatt}}
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	return form
}

// pick posts the choice and follows back to the page.
func (b *browser) pick(form url.Values) *http.Response {
	b.t.Helper()
	_, _, resp := b.do(http.MethodPost, "/sim/idporten/authorize", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	return resp
}

func (b *browser) login(ansatt string) {
	b.t.Helper()
	if resp := b.pick(b.choice("/innlogging/start?til=/person/x", ansatt)); resp.Request.URL.Path != "/person/x" {
		b.t.Fatalf("came to %s", resp.Request.URL)
	}
}

type told struct {
	Innlogget      bool
	Navn           string
	ValgtRolle     string
	Slutter        time.Time
	Roller         []struct{ ID string }
	Organisasjoner []struct {
		FiksOrgID    string
		KreverHoyere bool
	}
}

func (b *browser) session() (s told) {
	b.t.Helper()
	status, body, _ := b.do(http.MethodGet, "/hjemmel/v1/sesjon", "")
	if err := json.Unmarshal([]byte(body), &s); err != nil || status != 200 {
		b.t.Fatalf("%d %s", status, body)
	}
	return s
}

// id is the browser's session.
func (b *browser) id() string {
	at, _ := url.Parse(b.Base)
	for _, c := range b.client.Jar.Cookies(at) {
		if c.Name == "__Host-sesjon" {
			return c.Value
		}
	}
	return ""
}

// records are the keys in the state below a prefix.
func (w *world) records(prefix string) []store.Record {
	w.t.Helper()
	s, err := w.Env.State()
	if err != nil {
		w.t.Fatal(err)
	}
	all, err := store.All(w.t.Context(), s, prefix)
	if err != nil {
		w.t.Fatal(err)
	}
	return slices.Clone(all)
}
