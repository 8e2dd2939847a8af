package system

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kelseyhightower/envconfig"

	"hjemmel/infra/routes"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/host/hosttest/served"
	"hjemmel/shared/host/setting"
)

// system is a world whose functions are processes.
type system struct {
	served.World
	t         *testing.T
	platform  platform
	functions []*function
	verify    string // the program
	again     []*time.Timer

	body   []byte
	header http.Header
}

// function is one process, on an address that it keeps.
type function struct {
	name, program, addr string
	env                 []string

	mu   sync.Mutex
	run  *exec.Cmd
	said bytes.Buffer
}

// begin builds and starts everything, and stops it with the test.
func begin(t *testing.T, p platform) *system {
	t.Helper()
	all, err := routes.All(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s, front := &system{t: t, platform: p}, httptest.NewUnstartedServer(nil)
	base := "http://" + front.Listener.Addr().String()
	w, err := hosttest.New(hosttest.Options{
		Listener: front.Listener, Data: t.TempDir(), Population: population.Config{Size: 400}, Bucket: p.bucket,
		State: p.state, Queue: p.queue,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Env.Close() })
	s.World = served.World{World: w}
	mux := http.NewServeMux()
	w.Mount(mux)
	mux.HandleFunc("POST /_push/", s.push)
	mux.Handle("/", s.routed(routes.Rules(all)))
	front.Config.Handler = mux
	front.Start()
	t.Cleanup(front.Close)
	for kind, at := range map[string]string{"liste": "lag", "tilbaketrekking": "trekk"} {
		if p.pushed != nil {
			p.pushed(t, kind, base+"/_push/hjemmel/v1/plattform/lister/"+at)
		}
	}
	s.build(all)
	for _, f := range s.functions {
		f.start(s)
		t.Cleanup(f.stop)
	}
	t.Cleanup(s.settle)
	for _, f := range s.functions {
		s.wait(f.name+" is ready", f.ready)
	}
	return s
}

// build makes the programs as the images of the platform have them.
func (s *system) build(all []routes.Function) {
	s.t.Helper()
	s.verify = s.program("hjemmel-verify", "../../functions/audit/cmd/hjemmel-verify")
	values, special := s.settings(), map[string]bool{} // what not everybody gets
	for _, f := range all {
		for _, n := range f.Needs {
			special[n] = true
		}
	}
	for _, f := range all {
		me := &function{name: f.Name, program: s.program(f.Name, "../../functions/"+f.Name+"/cmd"), addr: free(s.t)}
		me.env = append([]string{"PATH=" + os.Getenv("PATH")}, s.platform.env...)
		for name, value := range values {
			if !special[name] || slices.Contains(f.Needs, name) {
				me.env = append(me.env, name+"="+value)
			}
		}
		me.env = append(me.env, "HJEMMEL_ADDR="+me.addr)
		s.functions = append(s.functions, me)
	}
}

// bin is where programs are built, once for all tests.
var bin string

func TestMain(m *testing.M) {
	var err error
	if bin, err = os.MkdirTemp("", "hjemmel-system"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(bin)
	os.Exit(code)
}

func (s *system) program(name, from string) string {
	s.t.Helper()
	to := filepath.Join(bin, s.platform.name+"-"+name)
	if _, err := os.Stat(to); err == nil {
		return to
	}
	if out, err := exec.CommandContext(s.t.Context(), "go", "build", "-tags", s.platform.tags, "-o", to, from).CombinedOutput(); err != nil {
		s.t.Fatalf("%s: %v: %s", from, err, out)
	}
	return to
}

// settings are the world's, as the environment would have them.
func (s *system) settings() map[string]string {
	s.t.Helper()
	c := s.Env.Config
	var names bytes.Buffer
	if err := envconfig.Usagef(host.Prefix, &c, &names, "{{range .}}{{.Key}} {{.Name}}\n{{end}}"); err != nil {
		s.t.Fatal(err)
	}
	values := map[string]string{}
	for line := range strings.Lines(names.String()) {
		key, field, _ := strings.Cut(strings.TrimSpace(line), " ")
		if v := text(reflect.ValueOf(c).FieldByName(field).Interface()); v != "" {
			values[key] = v
		}
	}
	delete(values, "HJEMMEL_ADDR")
	return values
}

// text is what a setting is written as.
func text(v any) string {
	switch v := v.(type) {
	case setting.Secret:
		return base64.StdEncoding.EncodeToString(v)
	case setting.PEM:
		var b bytes.Buffer
		for _, block := range v {
			_ = pem.Encode(&b, block) // a buffer takes all
		}
		return b.String()
	case []string:
		return strings.Join(v, ",")
	default:
		return fmt.Sprint(v)
	}
}

// routed sends requests by the route table, as the load balancer does.
func (s *system) routed(rules []routes.Rule) http.Handler {
	proxy := &httputil.ReverseProxy{ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }}
	proxy.Rewrite = func(r *httputil.ProxyRequest) {
		for _, rule := range rules {
			if !regexp.MustCompile(rule.Regexp()).MatchString(r.In.URL.Path) {
				continue
			}
			for _, f := range s.functions {
				if f.name == rule.Function {
					r.SetURL(&url.URL{Scheme: "http", Host: f.addr})
				}
			}
			return
		}
	}
	return proxy
}

// push passes on what the emulator of Pub/Sub pushes, with the token that Google's own would show.
func (s *system) push(w http.ResponseWriter, r *http.Request) {
	req, err := http.NewRequestWithContext(r.Context(), http.MethodPost, s.Base+strings.TrimPrefix(r.URL.Path, "/_push"), r.Body) //nolint:gosec // our own address
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	req.Header = s.Platform(s.t)
	resp, err := http.DefaultClient.Do(req) //nolint:gosec // our own address
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	_ = resp.Body.Close()
	w.WriteHeader(resp.StatusCode)
}

// start runs the process. It does not wait until it is ready.
func (f *function) start(s *system) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.run = exec.Command(f.program)
	f.run.Env, f.run.Stderr = f.env, &f.said
	if err := f.run.Start(); err != nil {
		s.t.Error(err)
	}
}

func (f *function) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	_ = f.run.Process.Kill()
	_ = f.run.Wait()
}

// restart kills the process as a machine that dies would, and starts it anew.
func (f *function) restart(s *system) {
	f.stop()
	f.start(s)
}

func (f *function) ready() bool {
	c, err := net.Dial("tcp", f.addr)
	if err == nil {
		_ = c.Close()
	}
	return err == nil
}

// settle waits until what was to be killed is there again.
func (s *system) settle() {
	for _, a := range s.again {
		for a.Stop() {
			a.Reset(0)
		}
	}
	for _, f := range s.functions {
		s.wait(f.name+" is ready", f.ready)
	}
	if s.t.Failed() {
		for _, f := range s.functions {
			s.t.Logf("%s: %.2000s", f.name, f.said.String())
		}
	}
}

// member gives a member of the last answer.
func (s *system) member(name string) string {
	s.t.Helper()
	var v map[string]any
	_ = json.Unmarshal(s.body, &v) // no JSON has no members
	text, _ := v[name].(string)
	if text == "" {
		s.t.Fatalf("no %s in %s", name, s.body)
	}
	return text
}

func free(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
