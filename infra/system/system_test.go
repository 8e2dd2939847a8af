// Package system runs the whole system as the cloud would: every function a process of its own with no settings but those that
// it needs, on Google's services by their emulators and on servers that any cloud has, and the route table before it all.
package system

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	bergen        = "b8d1c6de-1a44-4f0e-9c1b-6f1d7e0a4601"
	childWelfare  = "10000001-0000-4000-8000-000000000001"
	frontDesk     = "10000003-0000-4000-8000-000000000003"
	manntall      = "10000007-0000-4000-8000-000000000007"
	synced        = "30000000-0000-4000-8000-000000000000" // a user, and the group that they are in
	administrator = "ansatt-04"
	lister        = "/register/api/v1/ks/innbyggerliste/v1/rolle/"
)

// What the system is for, end to end, with each part in a process of its own.
func TestTheWholeSystem(t *testing.T) {
	for name, stand := range platforms {
		t.Run(name, func(t *testing.T) { flow(begin(t, stand(t)), func(string) {}) })
	}
}

// The same while one function is killed somewhere in each step, and started again: who asks again gets what they would have got.
func TestTheWholeSystemWithOneFunctionKilled(t *testing.T) {
	for name, stand := range platforms {
		t.Run(name, func(t *testing.T) {
			seed := uint64(time.Now().UnixNano())
			t.Logf("seed %d", seed)
			chance := rand.New(rand.NewPCG(seed, 0))
			s := begin(t, stand(t))
			flow(s, func(step string) {
				victim, after := s.functions[chance.IntN(len(s.functions))], time.Duration(chance.IntN(200))*time.Millisecond
				t.Logf("%s: %s is killed after %v", step, victim.name, after)
				s.again = append(s.again, time.AfterFunc(after, func() { victim.restart(s) }))
			})
		})
	}
}

// flow is what people do, step by step; before each of them it tells of it.
func flow(s *system, step func(string)) {
	step("lookup")
	s.until(200, "GET", "/folkeregister/api/v1/"+childWelfare+"/v1/personer/"+s.Person("vanlig").Reveal()+"?part=navn", "", s.Employee(s.t, "ansatt-01"))

	step("list")
	h := s.Vendor(s.t, 2)
	s.until(200, "POST", lister, `{"rolleId":"`+manntall+`","kommunenummer":["0301"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"],"eksportFilformat":"CSV"}`, h)
	ref := s.member("ref")
	s.wait("the list is made", func() bool {
		s.ask("POST", "/hjemmel/v1/plattform/lister/purr", "", s.Platform(s.t)) // as the clock does
		return s.ask("GET", lister+manntall+"/"+ref, "", h) == 200 && strings.Contains(string(s.body), "FERDIG")
	})
	if s.until(200, "GET", "/hjemmel/v1/lister/"+ref+"/fil", "", h); bytes.Count(s.body, []byte("\n")) < 2 {
		s.t.Errorf("the list has %d bytes", len(s.body))
	}

	step("access lost")
	who, admin := s.Employee(s.t, "synk-01"), s.Employee(s.t, administrator)
	look := "/folkeregister/api/v1/" + frontDesk + "/v1/personer/" + s.Person("vanlig").Reveal() + "?part=navn"
	s.until(200, "POST", "/hjemmel/v1/roller/"+frontDesk+"/tildelinger", `{"aktorId":"SDG_`+synced+`"}`, admin)
	s.until(200, "PUT", "/hjemmel/v1/organisasjoner/"+bergen+"/brukerstyring", `{"synkronisert":true,"beholdDager":10}`, admin)
	s.until(200, "GET", look, "", who)
	k := s.Demo.Kilder[0]
	s.until(200, "PATCH", strings.TrimPrefix(k.ScimEndepunkt, s.Base)+"/Users/"+synced,
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":false}]}`, bearer(k.Token))
	s.until(403, "GET", look, "", who)
	receipt := s.header.Get("Hjemmel-Kvittering")

	step("sealing")
	s.wait("all is sealed", func() bool {
		return s.ask("POST", "/hjemmel/v1/logg/forsegl", "", s.Platform(s.t)) == 200 && s.ask("GET", "/hjemmel/v1/logg/bevis/"+receipt, "", nil) == 200
	})
	proof := filepath.Join(s.t.TempDir(), "bevis.json")
	if err := os.WriteFile(proof, s.body, 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.until(200, "GET", "/hjemmel/v1/logg/noekkel", "", nil)
	key := strings.TrimSpace(string(s.body))
	for _, args := range [][]string{{"kvittering", receipt, proof}, {"logg", s.Base + "/hjemmel/v1/logg"}} {
		s.settle()
		out, err := exec.CommandContext(s.t.Context(), s.verify, append([]string{"-key", key}, args...)...).CombinedOutput()
		if err != nil {
			s.t.Errorf("hjemmel-verify %s: %v: %s", args[0], err, out)
		}
	}
}

func bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// until asks again until the answer has the status.
func (s *system) until(status int, method, path, body string, h http.Header) {
	s.t.Helper()
	got := 0
	defer func() {
		if s.t.Failed() {
			s.t.Logf("%s %s: %d %s", method, strings.SplitN(path, "/personer/", 2)[0], got, s.body)
		}
	}()
	s.wait(method+" is answered", func() bool { got = s.ask(method, path, body, h); return got == status })
}

// wait waits until something is so: longer than a lease, which a worker who was killed leaves behind.
func (s *system) wait(what string, so func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(100 * time.Second); !so(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("it does not come to that: %s", what)
		}
	}
}

// ask gives the status of an answer, and keeps its body and header; 0 for none.
func (s *system) ask(method, path, body string, h http.Header) int {
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.Base+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if r.Header = h.Clone(); h == nil {
		r.Header = http.Header{}
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	defer func() { _ = resp.Body.Close() }()
	if s.body, err = io.ReadAll(resp.Body); err != nil {
		return 0
	}
	s.header = resp.Header
	return resp.StatusCode
}
