package routes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"
)

// manifest is what the tests below ask of one; infra/strict reads them whole, as upstream does.
type manifest struct {
	Kind     string
	Metadata struct{ Name string }
	Spec     struct {
		Data []struct {
			SecretKey string `yaml:"secretKey"`
		}
		Subscriber, Sink destination
	}
	Data map[string]string
}

type destination struct {
	Ref      struct{ Name string }
	URI      string
	Audience string
}

func manifests(t *testing.T, file string) (all []manifest) {
	t.Helper()
	d := yaml.NewDecoder(strings.NewReader(read(t, file)))
	for {
		var m manifest
		switch err := d.Decode(&m); {
		case errors.Is(err, io.EOF):
			return all
		case err != nil:
			t.Fatal(err)
		}
		all = append(all, m)
	}
}

// By the code, Terraform, Kubernetes and one host, a function gets the same secrets.
func TestEveryPlatformGivesTheSameSecrets(t *testing.T) {
	given := map[string][]string{}
	for _, m := range stanza.FindAllStringSubmatch(read(t, terraform+"/environments/prod/functions.tf"), -1) {
		for _, s := range named.FindAllStringSubmatch(needs.FindString(m[2]), -1) {
			given[m[1]] = append(given[m[1]], s[1])
		}
	}
	secret := regexp.MustCompile(`(?m)^  secret\s+= \[(.*)\]$`).FindString(read(t, terraform+"/environments/prod/main.tf"))
	var compose struct {
		Services map[string]struct{ Environment map[string]string }
	}
	if err := yaml.Unmarshal([]byte(read(t, "../compose.yaml")), &compose); err != nil {
		t.Fatal(err)
	}
	for _, f := range everything(t) {
		var kubernetes, host []string
		for _, m := range manifests(t, "../knative/"+f.Name+".yaml") {
			for _, s := range m.Spec.Data {
				kubernetes = append(kubernetes, s.SecretKey)
			}
		}
		for _, s := range slices.Sorted(maps.Keys(compose.Services[f.Name].Environment)) {
			if strings.Contains(secret, `"`+s+`"`) {
				host = append(host, s)
			}
		}
		cloud := slices.DeleteFunc(given[f.Name], func(s string) bool { return !strings.Contains(secret, `"`+s+`"`) })
		slices.Sort(cloud)
		if want := f.Secrets(); len(want) == 0 || kubernetes[0] != "PGPASSWORD" || !slices.Equal(kubernetes[1:], want) || !slices.Equal(host, want) || !slices.Equal(cloud, want) {
			t.Errorf("%s: the code %v, Terraform %v, Kubernetes %v, one host %v", f.Name, want, cloud, kubernetes, host)
		}
	}
}

// Each of the platform's own operations is called by one clock, or by one trigger where Google's queue tells of work; where
// NATS does the worker listens, and nothing calls. The accounts that call are those let in.
func TestKnativeCallsWhatThePlatformShall(t *testing.T) {
	told := map[string]string{"/hjemmel/v1/plattform/lister/lag": "listrender", "/hjemmel/v1/plattform/lister/trekk": "listrender"}
	want := map[string]string{}
	for _, f := range everything(t) {
		for _, p := range f.Patterns {
			if at, ok := strings.CutPrefix(p, "POST "); ok && (strings.Contains(p, "/plattform/") || strings.HasSuffix(p, "/forsegl") || strings.HasSuffix(p, "/logg/slett")) {
				want[at] = f.Name
			}
		}
	}
	clocks, byClock := calls(t, "../knative/platform.yaml", "PingSource", "sources.knative.dev-pingsource")
	triggers, byTrigger := calls(t, "../knative-gcp/queue.yaml", "Trigger", "eventing.knative.dev-trigger")
	if !maps.Equal(triggers, told) {
		t.Errorf("triggers call %v, want %v", triggers, told)
	}
	maps.Copy(triggers, clocks)
	if !maps.Equal(want, triggers) || len(want) != len(clocks)+len(told) || len(clocks) < 4 {
		t.Errorf("Knative calls %v, want %v", triggers, want)
	}
	var gcp struct{ Patches []struct{ Patch string } }
	if err := yaml.Unmarshal([]byte(read(t, "../knative-gcp/kustomization.yaml")), &gcp); err != nil {
		t.Fatal(err)
	}
	var patched manifest
	if err := yaml.Unmarshal([]byte(gcp.Patches[0].Patch), &patched); err != nil {
		t.Fatal(err)
	}
	const callers = "HJEMMEL_PLATFORM_CALLERS"
	if got := settingsOf(t, "../knative/platform.yaml")[callers]; got != strings.Join(byClock, ",") {
		t.Errorf("%s may call, %v do", got, byClock)
	}
	if got := patched.Data[callers]; got != strings.Join(append(byTrigger, byClock...), ",") {
		t.Errorf("%s may call, %v and %v do", got, byTrigger, byClock)
	}
}

// settingsOf are what the functions of a file's platform share.
func settingsOf(t *testing.T, file string) map[string]string {
	t.Helper()
	for _, m := range manifests(t, file) {
		if m.Kind == "ConfigMap" {
			return m.Data
		}
	}
	t.Fatalf("%s has no settings", file)
	return nil
}

// calls are which functions a file's triggers or clocks call, by path, and the accounts that do.
func calls(t *testing.T, file, kind, group string) (to map[string]string, accounts []string) {
	t.Helper()
	to = map[string]string{}
	audience := settingsOf(t, "../knative/platform.yaml")["HJEMMEL_PLATFORM_AUDIENCE"]
	for _, m := range manifests(t, file) {
		if m.Kind != kind {
			continue
		}
		d := m.Spec.Sink
		if kind == "Trigger" {
			d = m.Spec.Subscriber
		}
		if d.Audience != audience || to[d.URI] != "" {
			t.Errorf("%s: %+v", m.Metadata.Name, d)
		}
		to[d.URI] = d.Ref.Name
		accounts = append(accounts, "system:serviceaccount:hjemmel:"+m.Metadata.Name+"-oidc-"+group)
	}
	return to, accounts
}

// proxied starts the proxy of the route table before a server that tells whom it is reached as.
func proxied(t *testing.T, rules []Rule) string {
	t.Helper()
	bin, err := exec.LookPath("nginx")
	if err != nil {
		t.Skip("nginx is not here: its configuration is not tried")
	}
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, r.Host, " ", r.Header.Get("X-Forwarded-Host"), " ", r.RequestURI) //nolint:gosec // a test reads it
	}))
	t.Cleanup(behind.Close)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	_ = l.Close()
	conf, err := filled("nginx.conf", proxy{rules, "127.0.0.1", ".test", 80})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "nginx.conf")
	s := strings.NewReplacer("http://$function.test:80", behind.URL, "listen 8080", "listen "+at, "/tmp/", dir+"/").Replace(string(conf))
	if err := os.WriteFile(name, []byte(s), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	c := exec.CommandContext(ctx, bin, "-c", name, "-p", dir, "-g", "daemon off; master_process off;")
	var out bytes.Buffer
	c.Stderr = &out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(); _ = c.Wait() })
	for range 500 { // until it listens
		if got, err := http.Get("http://" + at + "/readyz"); err == nil {
			_ = got.Body.Close()
			return at
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("nginx does not listen: %s", out.Bytes())
	return ""
}

// The proxy itself sends every path where the rules do, which is where one mux of all routes would: as it came, with the
// host that the caller named.
func TestTheProxySendsWhereTheRulesDo(t *testing.T) {
	all := everything(t)
	rules := Rules(all)
	at := proxied(t, rules)
	var paths []string
	for _, f := range all {
		for _, p := range f.Patterns {
			paths = append(paths, pathOf(p))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		path := strings.ReplaceAll(rapid.SampledFrom(paths).Draw(t, "path"), "*", rapid.SampledFrom([]string{"7", "a-b.c", "soek"}).Draw(t, "part"))
		resp, err := http.Get("http://" + at + path + "?a=b%20c")
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		if want := sent(t, rules, path) + ".test " + at + " " + path + "?a=b%20c"; err != nil || string(b) != want {
			t.Fatalf("%s, %v, want %s", b, err, want)
		}
		_ = resp.Body.Close()
	})
	http.DefaultClient.CloseIdleConnections()
}
