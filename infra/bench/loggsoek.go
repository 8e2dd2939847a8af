package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	function "hjemmel/functions/audit"
	"hjemmel/shared/audit"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/person"
	"hjemmel/shared/telemetry"
)

// archive is a log of one organisation that has been used for years.
type archive struct {
	*hosttest.World
	people []person.ID
	now    time.Time
	pia    string // the privacy officer's token
}

const (
	archiveOrg   = "b8d1c6de-1a44-4f0e-9c1b-6f1d7e0a4601"
	archiveYears = 5
	employees    = 100 // few, so that each has more entries than are read for one answer
)

// loggsoek measures searches in a log of n entries, over HTTP.
func loggsoek(n int) ([]measurement, error) {
	folder, err := os.MkdirTemp("", "hjemmel-bench")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	srv := httptest.NewUnstartedServer(nil)
	w, err := hosttest.New(hosttest.Options{Listener: srv.Listener, Data: folder, Population: population.Config{Size: 100_000}})
	if err != nil {
		return nil, err
	}
	defer func() { _ = w.Env.Close() }()
	w.Env.Log = telemetry.NewLogger(io.Discard, slog.LevelInfo)
	a := &archive{World: w}
	w.Freg.Population().Each(func(f population.Facts) bool { a.people = append(a.people, f.ID); return true })
	start := time.Now()
	if err := a.fill(n); err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "%d entries in %s\n", n, time.Since(start).Round(time.Second))
	h, err := host.Routed(function.Routes)(w.Env)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", h)
	w.Mount(mux)
	srv.Config.Handler = mux
	srv.Start()
	defer srv.Close()
	if err := a.enter(); err != nil {
		return nil, err
	}
	return a.searches(n), nil
}

// fill writes lookups by commits of some, as a busy organisation does, over the years in order.
func (a *archive) fill(n int) error {
	const commit, at = 8, 16
	a.now = time.Now().AddDate(-archiveYears, 0, 0)
	step := archiveYears * 365 * 24 * time.Hour / time.Duration(n)
	state, err := a.Env.State()
	if err != nil {
		return err
	}
	keys, err := audit.NewKeys(a.Env.Config.AuditSecret)
	if err != nil {
		return err
	}
	var g errgroup.Group
	for w := range at {
		g.Go(func() error {
			now := a.now
			l := audit.NewLog(state, keys, func() time.Time { return now })
			defer l.Close()
			r := rand.New(rand.NewPCG(1, uint64(w))) //nolint:gosec // made-up entries
			for i := w * commit; i < n; i += at * commit {
				now = a.now.Add(step * time.Duration(i))
				if _, err := l.Append(context.Background(), a.some(r, commit)...); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

func (a *archive) some(r *rand.Rand, n int) []audit.Entry {
	all := make([]audit.Entry, n)
	for i := range all {
		all[i] = audit.Entry{
			FiksOrgID: archiveOrg, Aktor: fmt.Sprintf("ansatt-%d", r.IntN(employees)), Rolle: fmt.Sprintf("1000000%d-0000-4000-8000-000000000001", 1+r.IntN(9)), Rolleversjon: 3,
			Tjenesteomraade: "BARNEVERN", Hjemler: []string{"barnevernsloven-12-4"}, Formaal: fmt.Sprintf("sak 2026/%d", r.IntN(10_000)), Handling: "oppslag",
			Spurt: []string{"navn", "bostedsadresse", "foedsel"}, Levert: []string{"navn.fornavn", "navn.etternavn", "bostedsadresse", "foedsel.foedselsdato"},
			Utfall: audit.Utlevert, RequestID: fmt.Sprintf("%08x-0000-4000-8000-%012x", r.Uint32(), r.Uint64()>>16), Person: a.people[int(r.ExpFloat64()*float64(len(a.people))/8)%len(a.people)],
		}
		if r.IntN(1000) == 0 {
			all[i].Handling = "noedtilgang"
		}
	}
	return all
}

func (a *archive) enter() error {
	form := url.Values{"grant_type": {"hjemmel-sim"}, "ansatt": {"ansatt-05"}}
	r, err := http.Post(a.Base+"/sim/idporten/token", "application/x-www-form-urlencoded", strings.NewReader(form.Encode())) //nolint:noctx // a benchmark against itself
	if err != nil {
		return err
	}
	defer func() { _ = r.Body.Close() }()
	var t struct {
		AccessToken string `json:"access_token"`
	}
	err = json.NewDecoder(r.Body).Decode(&t)
	a.pia = t.AccessToken
	return err
}

// searches times each kind of search, every one for somebody else or another time.
func (a *archive) searches(n int) []measurement {
	r := rand.New(rand.NewPCG(2, 3)) //nolint:gosec // made-up searches
	var table []measurement
	for _, kind := range []struct {
		what string
		by   func() map[string]any
	}{
		{"who has seen a person", func() map[string]any {
			return map[string]any{"personidentifikator": a.people[r.IntN(len(a.people))].Reveal()}
		}},
		{"of the most looked at", func() map[string]any { return map[string]any{"personidentifikator": a.people[r.IntN(100)].Reveal()} }},
		{"what an employee has done", func() map[string]any { return map[string]any{"aktor": fmt.Sprintf("ansatt-%d", r.IntN(employees))} }},
		{"what was done before a time", func() map[string]any {
			return map[string]any{"til": a.now.AddDate(0, r.IntN(12*archiveYears), r.IntN(30))}
		}},
		{"the same, of an action that is one of a thousand", func() map[string]any {
			return map[string]any{"til": a.now.AddDate(0, r.IntN(12*archiveYears), r.IntN(30)), "handlinger": []string{"noedtilgang"}}
		}},
	} {
		t := alternate(200, 20, func() { a.search(kind.by()) })[0]
		table = append(table, measurement{fmt.Sprintf("search in %d entries: %s, 95th percentile", n, kind.what), millis(t.at(0.95)), "", "median " + millis(t.median()), "≤ 300 ms"})
	}
	return table
}

func (a *archive) search(by map[string]any) {
	body, _ := json.Marshal(by)
	r, _ := http.NewRequest(http.MethodPost, a.Base+"/hjemmel/v1/logg/soek", bytes.NewReader(body)) //nolint:noctx // a benchmark
	r.Header = http.Header{"Authorization": {"Bearer " + a.pia}, "Content-Type": {"application/json"}}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		panic(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		panic(resp.Status)
	}
}
