package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"hjemmel/functions/lookup"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/identity/idsim"
	"hjemmel/shared/telemetry"
)

// stage is the whole system and the simulators on one address, a plain reverse proxy before the
// register simulator on another, and one client for all.
type stage struct {
	*hosttest.World
	client   *http.Client
	proxy    string // base of the reverse proxy
	register string // bearer token for the simulator
	vendor   http.Header
	people   []string
}

const (
	openRole   = "10000003-0000-4000-8000-000000000003" // uten hjemmel: one question to the register
	schoolRole = "10000002-0000-4000-8000-000000000002" // med hjemmel: and one about the family's grading
	widestRole = "10000001-0000-4000-8000-000000000001" // med hjemmel, with former values
)

func lookups() ([]measurement, error) {
	folder, err := os.MkdirTemp("", "hjemmel-bench")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	srv := httptest.NewUnstartedServer(nil)
	w, err := hosttest.New(hosttest.Options{Listener: srv.Listener, Data: folder, Population: population.Config{Size: 10_000}})
	if err != nil {
		return nil, err
	}
	defer func() { _ = w.Env.Close() }()
	w.Env.Log = telemetry.NewLogger(io.Discard, slog.LevelInfo)
	h, err := host.Routed(lookup.Routes)(w.Env)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", h)
	w.Mount(mux)
	srv.Config.Handler = mux
	srv.Start()
	defer srv.Close()
	target, err := url.Parse(w.Base)
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	plain := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }, Transport: transport})
	defer plain.Close()
	s := &stage{World: w, client: &http.Client{Transport: transport}, proxy: plain.URL}
	if err := s.enter(); err != nil {
		return nil, err
	}
	return s.measure(), nil
}

// enter gets the tokens and a thousand persons.
func (s *stage) enter() (err error) {
	if s.register, err = s.token("hjemmel", "folkeregister:deling/offentligutenhjemmel folkeregister:deling/offentligmedhjemmel"); err != nil {
		return err
	}
	i := s.Demo.Integrasjoner[0]
	token, err := s.token(i.KlientID, "ks:fiks")
	if err != nil {
		return err
	}
	s.vendor = http.Header{"Authorization": {"Bearer " + token}, "Integrasjonid": {i.ID}, "Integrasjonpassord": {i.Passord}, "Content-Type": {"application/json"}}
	s.Freg.Population().Each(func(f population.Facts) bool {
		s.people = append(s.people, f.ID.Reveal())
		return len(s.people) < 1000
	})
	return nil
}

func (s *stage) token(client, scope string) (string, error) {
	grant, err := idsim.Grant(s.Key(client), client+"-2026", client, s.Maskinporten.Name(), scope)
	if err != nil {
		return "", err
	}
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {grant}}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, s.Base+"/sim/maskinporten/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := s.client.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	var t struct {
		AccessToken string `json:"access_token"`
	}
	return t.AccessToken, json.NewDecoder(resp.Body).Decode(&t)
}

// call does one request, reads all of the answer and gives its size.
func (s *stage) call(method, at string, h http.Header, body []byte) int {
	req, _ := http.NewRequest(method, at, bytes.NewReader(body)) //nolint:noctx // a benchmark
	req.Header = h
	resp, err := s.client.Do(req)
	if err != nil {
		panic(err)
	}
	n, _ := io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK || n == 0 {
		panic(fmt.Sprintf("%s answered %d", strings.SplitN(at, "personer", 2)[0], resp.StatusCode))
	}
	return int(n)
}

// The question of one lookup to each: the same parts reach the register.
const openParts = "?part=identifikasjonsnummer&part=status&part=foedsel&part=navn&part=adressebeskyttelse&part=bostedsadresse&part=postadresse&part=doedsfall"

func (s *stage) direct(base string, n int) {
	s.call("GET", base+"/sim/freg/folkeregisteret/api/offentligutenhjemmel/v1/personer/"+s.people[n%len(s.people)]+openParts, http.Header{"Authorization": {"Bearer " + s.register}}, nil)
}

func (s *stage) ours(role string, n int) {
	s.call("GET", s.Base+"/folkeregister/api/v1/"+role+"/v1/personer/"+s.people[n%len(s.people)], s.vendor, nil)
}

func (s *stage) measure() []measurement {
	n := 0
	lone := alternate(2000, 300,
		func() { n++; s.direct(s.Base, n) },
		func() { s.direct(s.proxy, n) },
		func() { s.ours(openRole, n) },
		func() { s.ours(schoolRole, n) },
	)
	direct, proxy, open, school := lone[0].median(), lone[1].median(), lone[2].median(), lone[3].median()
	table := []measurement{
		{"lookup, med one caller, median (role without hjemmel)", millis(open), millis(direct) + " (simulator directly)", "+ " + millis(open-direct), "≤ + 1.5 ms"},
		{"the same, 99th percentile", millis(lone[2].at(0.99)), millis(lone[0].at(0.99)), "+ " + millis(lone[2].at(0.99)-lone[0].at(0.99)), ""},
		{"lookup med hjemmel, which judges the family too, median", millis(school), millis(direct) + " (simulator directly)", "+ " + millis(school-direct), "≤ + 1.5 ms"},
		{"plain reverse proxy, median", millis(proxy), millis(direct) + " (simulator directly)", "+ " + millis(max(0, proxy-direct)), ""},
	}
	ourRate, proxyRate := s.rates()
	table = append(table, measurement{
		"lookups per second, 16 callers, audit durable on SQLite", fmt.Sprintf("%.0f/s", ourRate), fmt.Sprintf("%.0f/s (plain reverse proxy)", proxyRate),
		fmt.Sprintf("%.0f %%", 100*ourRate/proxyRate), "≥ 60 %",
	})
	return append(append(table, s.document()), s.bulk()...)
}

// document measures a person document from request to file, in the role that shows the most.
func (s *stage) document() measurement {
	var size, n int
	t := alternate(60, 10, func() {
		n++
		body := `{"rolleId":"` + widestRole + `","personidentifikator":"` + s.people[n%len(s.people)] + `","parts":["historikk"]}`
		size = max(size, s.call("POST", s.Base+"/register/api/v1/ks/personer/soek/"+s.Demo.Organisasjoner[0].FiksOrgID+"/pdf", s.vendor, []byte(body)))
	})
	return measurement{
		"person document (PDF) with former values, median", millis(t[0].median()), "", fmt.Sprintf("99th percentile %s, largest %d kB", millis(t[0].at(0.99)), size/1000), "≤ 150 ms, ≤ 300 kB",
	}
}

// rates measures throughput in slices that alternate.
func (s *stage) rates() (ours, proxy float64) {
	const slice = 700 * time.Millisecond
	for range 4 {
		proxy += s.rate(slice, func(n int) { s.direct(s.proxy, n) }) / 4
		ours += s.rate(slice, func(n int) { s.ours(openRole, n) }) / 4
	}
	return ours, proxy
}

func (s *stage) rate(d time.Duration, call func(int)) float64 {
	var done atomic.Int64
	var wg sync.WaitGroup
	end := time.Now().Add(d)
	for range 16 {
		wg.Go(func() {
			for time.Now().Before(end) {
				call(int(done.Add(1)))
			}
		})
	}
	wg.Wait()
	return float64(done.Load()) / d.Seconds()
}

func (s *stage) bulk() []measurement {
	body, _ := json.Marshal(map[string][]string{"foedselsEllerDNummer": s.people}) // strings always encode
	direct := func() {
		s.call("POST", s.Base+"/sim/freg/folkeregisteret/api/offentligutenhjemmel/v1/personer/bulkoppslag"+openParts+"&somBestilt=true",
			http.Header{"Authorization": {"Bearer " + s.register}, "Content-Type": {"application/json"}}, body)
	}
	ours := func(role string) func() {
		return func() {
			s.call("POST", s.Base+"/folkeregister/api/v1/"+role+"/v1/personer/bulkoppslag?somBestilt=true", s.vendor, body)
		}
	}
	t := alternate(15, 3, direct, ours(openRole), ours(schoolRole))
	d, o, m := t[0].median(), t[1].median(), t[2].median()
	return []measurement{
		{"bulk of 1000 (role without hjemmel)", millis(o), millis(d) + " (simulator directly)", fmt.Sprintf("%.2f ×", float64(o)/float64(d)), "≤ 2 ×"},
		{"bulk of 1000 med hjemmel, families judged", millis(m), millis(d) + " (simulator directly)", fmt.Sprintf("%.2f ×", float64(m)/float64(d)), ""},
	}
}
