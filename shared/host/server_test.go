package host

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hjemmel/shared/api"
	"hjemmel/shared/fault"
	"hjemmel/shared/telemetry"
)

// What Pub/Sub's client starts as it is linked runs for good.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("go.opencensus.io/stats/view.(*worker).start"))
}

func get(t *testing.T, at string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at, nil)
	if err != nil {
		t.Error(err)
		return ""
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer func() { _ = resp.Body.Close() }()
	b, _ := io.ReadAll(resp.Body)
	return string(b)
}

// The edge: one error body, no value in it or in the log, whatever goes wrong.
func TestTheEdgeTurnsEveryErrorIntoOneBody(t *testing.T) {
	var log bytes.Buffer
	e := &Env{Log: telemetry.NewLogger(&log, slog.LevelDebug), Now: time.Now}
	h := e.Mux(
		Route{Pattern: "GET /fault/{id}", Handle: func(http.ResponseWriter, *http.Request) error {
			return fault.New(fault.Denied, "NEI", "Nei.").About("navn")
		}},
		Route{Pattern: "GET /bare/{id}", Handle: func(http.ResponseWriter, *http.Request) error { return errors.New("internt") }},
		Route{Pattern: "GET /panic/{id}", Handle: func(http.ResponseWriter, *http.Request) error { panic("STADIG KUBBESTOL") }},
		Route{Pattern: "GET /slow/{id}", Handle: func(http.ResponseWriter, *http.Request) error {
			return fault.New(fault.TooMany, "FORT", "For fort.").After(1500 * time.Millisecond)
		}},
		Route{Pattern: "GET /login/{id}", Handle: func(http.ResponseWriter, *http.Request) error {
			return fault.New(fault.Unauthenticated, "HVEM", "Hvem?")
		}},
		Route{Pattern: "GET /ok/{id}", Handle: func(w http.ResponseWriter, _ *http.Request) error { return api.WriteJSON(w, []byte(`{}`)) }},
	)
	for path, want := range map[string]int{
		"/fault/1": 403, "/bare/1": 500, "/panic/1": 500, "/slow/1": 429, "/login/1": 401, "/ok/1": 200, "/nothing": 404,
	} {
		r := httptest.NewRequest(http.MethodGet, path+"?navn=STADIG", nil)
		r.Header.Set("Accept", "application/problem+json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want || w.Header().Get(RequestIDHeader) == "" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
		if want == 200 {
			continue
		}
		var p api.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != want || p.Title == "" || p.Detail != p.Message || p.Timestamp == 0 || p.ErrorID == "" ||
			!strings.HasPrefix(p.Type, "urn:") || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %s", path, w.Body)
		}
		if p.Path != "/" && !strings.HasSuffix(p.Path, "{id}") || strings.Contains(w.Body.String(), "STADIG") || strings.Contains(w.Body.String(), "internt") {
			t.Errorf("%s: %s", path, w.Body)
		}
	}
	if strings.Contains(log.String(), "STADIG") || strings.Contains(log.String(), "/fault/1") {
		t.Errorf("a value is in the log: %s", log.String())
	}
}

// The container's own binary: it stops with one line that names a bad setting, and drains on SIGTERM.
func TestTheLookupBinary(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "lookup")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, "hjemmel/functions/lookup/cmd").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	start := func(change map[string]string) (*exec.Cmd, *bytes.Buffer) {
		var stderr bytes.Buffer
		c := exec.CommandContext(t.Context(), bin)
		c.Stderr = &stderr
		c.Env = []string{"HJEMMEL_STATE=sqlite://" + filepath.Join(t.TempDir(), "state.db"), "HJEMMEL_ADDR=127.0.0.1:0"}
		for k, v := range settings() {
			if _, ok := change[k]; !ok {
				c.Env = append(c.Env, k+"="+v)
			}
		}
		for k, v := range change {
			c.Env = append(c.Env, k+"="+v)
		}
		return c, &stderr
	}
	for _, bad := range []map[string]string{
		{"HJEMMEL_AUDIT_SEKRET": "x"}, {"HJEMMEL_MILJO": "x"}, {"HJEMMEL_STATE": "mysql://x"}, {"HJEMMEL_STATE": "sqlite:///dev/null/state.db"}, {"HJEMMEL_MASKINPORTEN_KEY": settings()["HJEMMEL_MASKINPORTEN_KEY"]},
	} {
		c, stderr := start(bad)
		err := c.Run()
		lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		var name string
		for k := range bad {
			name = k
		}
		if err == nil || len(lines) != 1 || !strings.Contains(lines[0], name) {
			t.Errorf("%s: %v %q", name, err, stderr.String())
		}
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	c, stderr := start(map[string]string{"HJEMMEL_ADDR": addr, "HJEMMEL_MASKINPORTEN_KEY": testKey(t)})
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for { // until it listens, or has ended
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			_ = conn.Close()
			break
		}
		if c.ProcessState != nil || t.Context().Err() != nil {
			t.Fatal(stderr.String())
		}
		time.Sleep(5 * time.Millisecond)
	}
	if got := get(t, "http://"+addr+"/readyz"); got != "ok" {
		t.Errorf("readyz says %q", got)
	}
	for _, path := range []string{"/sim/demo", "/sim/freg/", "/sim/maskinporten/jwk", "/sim/idporten/token"} {
		if got := get(t, "http://"+addr+path); !strings.Contains(got, "UKJENT_ADRESSE") {
			t.Errorf("%s exists outside the dev host: %s", path, got)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("SIGTERM: %v %s", err, stderr)
	}
	_ = os.Remove(bin)
}
