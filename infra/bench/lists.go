package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"hjemmel/functions/listorder"
	"hjemmel/functions/listrender"
	"hjemmel/shared/audit"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/lists"
	"hjemmel/shared/store"
	"hjemmel/shared/telemetry"
)

// listStage takes orders in this process, where the register simulator is too; they are made in another.
type listStage struct {
	*stage
	book    *lists.Book
	config  string // file of the environment, for the worker
	kommune map[string]int
}

const (
	listRole    = "10000007-0000-4000-8000-000000000007"
	listPath    = "/register/api/v1/ks/innbyggerliste/v1/rolle/"
	smallOrders = 1000
	smallRows   = 20
	callers     = 50
)

// listsMade measures lists from order to file.
func listsMade() ([]measurement, error) {
	folder, err := os.MkdirTemp("", "hjemmel-bench")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	srv := httptest.NewUnstartedServer(nil)
	w, err := hosttest.New(hosttest.Options{
		Listener: srv.Listener, Data: folder, Population: population.Config{Size: 240_000}, Extracts: fregsim.Extracts{Polls: -1},
	})
	if err != nil {
		return nil, err
	}
	defer func() { _ = w.Env.Close() }()
	w.Env.Log = telemetry.NewLogger(io.Discard, slog.LevelInfo)
	h, err := host.Routed(listorder.Routes)(w.Env)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", h)
	w.Mount(mux)
	srv.Config.Handler = mux
	srv.Start()
	defer srv.Close()
	s := &listStage{stage: &stage{World: w, client: &http.Client{}}, config: filepath.Join(folder, "config.json")}
	if err := s.open(); err != nil {
		return nil, err
	}
	return s.measure()
}

// open gets a token, writes the worker's configuration and counts who lives where.
func (s *listStage) open() (err error) {
	i := s.Demo.Integrasjoner[1]
	token, err := s.token(i.KlientID, "ks:fiks")
	if err != nil {
		return err
	}
	s.vendor = http.Header{"Authorization": {"Bearer " + token}, "Integrasjonid": {i.ID}, "Integrasjonpassord": {i.Passord}}
	if s.book, err = s.Env.Lists(); err != nil {
		return err
	}
	config, err := json.Marshal(s.Env.Config)
	if err != nil {
		return err
	}
	s.kommune = map[string]int{}
	for f := range s.Freg.Population().Each {
		if f.Status != "bosatt" {
			continue
		}
		if len(s.people) < smallOrders*smallRows {
			s.people = append(s.people, f.ID.Reveal())
		}
		for _, a := range f.Adresser {
			if a.Rolle == "bostedsadresse" && a.ErGjeldende {
				s.kommune[a.Kommunenummer]++
			}
		}
	}
	return os.WriteFile(s.config, config, 0o600)
}

func (s *listStage) measure() (table []measurement, err error) {
	for _, n := range []int{10_000, 50_000, 100_000} {
		m, err := s.large(n)
		if err != nil {
			return nil, err
		}
		table = append(table, m)
	}
	m, err := s.small()
	return append(table, m...), err
}

// worked is what happens while a worker, which did nothing before, makes lists.
func (s *listStage) worked(do func() error) (c cost, err error) {
	self, err := os.Executable()
	if err != nil {
		return c, err
	}
	worker := exec.Command(self, "-worker", s.config) //nolint:gosec,noctx // this program; a benchmark
	var out bytes.Buffer
	worker.Stdout, worker.Stderr = &out, os.Stderr
	stop, err := worker.StdinPipe()
	if err != nil {
		return c, err
	}
	if err := worker.Start(); err != nil {
		return c, err
	}
	failed := do()
	if err := errors.Join(failed, stop.Close(), worker.Wait()); err != nil {
		return c, err
	}
	return c, json.Unmarshal(out.Bytes(), &c)
}

// work makes lists in this process until nobody wants it to, and prints what it cost.
func work(at string) error {
	var c host.Config
	b, err := os.ReadFile(at) //nolint:gosec // a file of the benchmark
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, &c); err != nil {
		return err
	}
	e := host.NewEnv(c)
	e.Log = telemetry.NewLogger(os.Stderr, slog.LevelError)
	if err := listrender.Start(e); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // ends when the parent is done, or dead
	return errors.Join(e.Close(), spent())
}

// large measures one list of about n persons.
func (s *listStage) large(n int) (m measurement, err error) {
	var kommuner []string
	for k := range s.kommune {
		kommuner = append(kommuner, k)
	}
	slices.SortFunc(kommuner, func(a, b string) int { return s.kommune[b] - s.kommune[a] })
	residents, some := 0, []string(nil)
	for _, k := range kommuner { // an eighth more, for those whom a list does not tell of and who live with them
		if here := s.kommune[k]; residents+here <= n+n/8 && len(some) < 50 {
			residents, some = residents+here, append(some, k)
		}
	}
	body, _ := json.Marshal(map[string]any{ // strings always encode
		"rolleId": listRole, "kommunenummer": some, "kommuneTilhoerighet": "BOSTED", "status": []string{"BOSATT"},
	})
	var l lists.Liste
	c, err := s.worked(func() error {
		id, err := s.order("", "application/json", body)
		if err == nil {
			l, err = s.ended(id)
		}
		return err
	})
	if err == nil {
		err = s.once([]lists.Liste{l})
	}
	took := l.SistEndret.Sub(l.Opprettet)
	return measurement{
		fmt.Sprintf("list of %d rows (XLSX), from order to file", l.Rader), seconds(took),
		"", fmt.Sprintf("%.0f rows/s; the worker: %s of CPU, at most %s resident", float64(l.Rader)/took.Seconds(), seconds(c.CPU), mebibytes(c.Peak)), "memory flat",
	}, err
}

// order orders a list and gives its id.
func (s *listStage) order(at, kind string, body []byte) (id string, err error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, s.Base+listPath+at, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header = s.vendor.Clone()
	req.Header.Set("Content-Type", kind)
	resp, err := s.client.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	var a struct{ Ref, ErrorCode string }
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		return "", err
	}
	if a.Ref == "" {
		return "", fmt.Errorf("an order was answered by %d %s", resp.StatusCode, a.ErrorCode)
	}
	return a.Ref, nil
}

// ended waits for a list to come to its end.
func (s *listStage) ended(id string) (lists.Liste, error) {
	for {
		l, ok, err := s.book.Liste(context.Background(), id)
		switch {
		case err != nil || !ok:
			return l, fmt.Errorf("list %s: %v %w", id, ok, err)
		case l.Status == lists.Feilet:
			return l, fmt.Errorf("list %s: %s", id, l.Feilkode)
		case l.Status == lists.Ferdig:
			return l, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// small measures many orders at once, each of a few numbers: the register gives no more than ten uttrekk at a time
// and would be all there is to measure.
func (s *listStage) small() ([]measurement, error) {
	var mu sync.Mutex
	var answered, done spread
	var made []lists.Liste
	var failed []error
	start := time.Now()
	_, err := s.worked(func() error {
		var all sync.WaitGroup
		for n := range callers {
			all.Go(func() {
				for i := n; i < smallOrders; i += callers {
					began := time.Now()
					id, err := s.order("listesoek/csv?listesoekType=PERSONIDENTIFIKATOR&rolleId="+listRole, "text/csv",
						[]byte("personidentifikator\n"+strings.Join(s.people[i*smallRows:(i+1)*smallRows], "\n")))
					mu.Lock()
					answered, failed = append(answered, time.Since(began)), append(failed, err)
					made = append(made, lists.Liste{ID: id})
					mu.Unlock()
				}
			})
		}
		all.Wait()
		err := errors.Join(failed...)
		for i := 0; i < len(made) && err == nil; i++ {
			if made[i], err = s.ended(made[i].ID); err == nil {
				done = append(done, made[i].SistEndret.Sub(made[i].Opprettet))
			}
		}
		return err
	})
	took := time.Since(start)
	if err == nil {
		err = s.once(made)
	}
	if err != nil {
		return nil, err
	}
	what := fmt.Sprintf("%d orders of %d numbers from %d callers", smallOrders, smallRows, callers)
	return []measurement{
		{what + ", answer to an order, median", millis(answered.median()), "", "99th percentile " + millis(answered.at(0.99)), ""},
		{"the same, from order to file, median", seconds(done.median()), "", "99th percentile " + seconds(done.at(0.99)), ""},
		{"the same, lists made", fmt.Sprintf("%.0f/s", smallOrders/took.Seconds()), "", "each has one file, one entry that it was made and one for each row", "all, once"},
	}, nil
}

// once checks that each list has one file, and in the log one entry that it was made and one for each row.
func (s *listStage) once(made []lists.Liste) error {
	ctx := context.Background()
	state, err := s.Env.State()
	if err != nil {
		return err
	}
	stacks, err := store.All(ctx, state, "logg/")
	if err != nil {
		return err
	}
	makings, rows, files := map[string]int{}, map[string]int{}, map[string]int{}
	for _, stack := range stacks {
		records, err := audit.Records(stack.Value)
		if err != nil {
			return err
		}
		for _, r := range records {
			e, _, err := audit.Open(r)
			if err != nil {
				return err
			}
			switch {
			case e.Handling == "innbyggerliste-laget":
				makings[e.Gjelder]++
			case e.Handling == "innbyggerliste" && e.Subjekt != "" && e.Utfall == audit.Utlevert:
				rows[e.Gjelder]++
			}
		}
	}
	bucket, err := s.Env.Files()
	if err != nil {
		return err
	}
	for all := bucket.List(nil); ; {
		o, err := all.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		files[o.Key]++
	}
	for _, l := range made {
		if makings[l.ID] != 1 || rows[l.ID] != l.Rader || l.Rader == 0 || files[l.Fil.Noekkel] != 1 {
			return fmt.Errorf("list %s was made %d times, %d rows have %d entries, %d files", l.ID, makings[l.ID], l.Rader, rows[l.ID], files[l.Fil.Noekkel])
		}
	}
	return nil
}
