package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"

	"hjemmel/functions/audit/review"
	"hjemmel/functions/lookup"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host"
	"hjemmel/shared/host/drivers"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/store"
	"hjemmel/shared/telemetry"
)

// counted is what was asked of a store.
type counted struct {
	Reads, Scans, Commits int
	Writes                map[string]int // by the first part of the key
	Bytes                 int            // of what was written
}

// counting counts what is asked of the store inside it.
type counting struct {
	store.Store
	mu sync.Mutex
	n  counted
}

func (c *counting) note(add func(*counted)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	add(&c.n)
}

func (c *counting) Get(ctx context.Context, key string) (store.Record, error) {
	c.note(func(n *counted) { n.Reads++ })
	return c.Store.Get(ctx, key)
}

func (c *counting) GetMany(ctx context.Context, keys []string) (map[string]store.Record, error) {
	c.note(func(n *counted) { n.Reads += len(keys) })
	return c.Store.GetMany(ctx, keys)
}

func (c *counting) Scan(ctx context.Context, prefix, after string, limit int) ([]store.Record, error) {
	found, err := c.Store.Scan(ctx, prefix, after, limit)
	c.note(func(n *counted) { n.Scans++; n.Reads += max(1, len(found)) }) // an empty query is charged as one read
	return found, err
}

func (c *counting) Commit(ctx context.Context, ops ...store.Op) error {
	c.note(func(n *counted) {
		n.Commits++
		for _, o := range ops {
			first, _, _ := strings.Cut(o.Key, "/")
			n.Writes[first]++
			n.Bytes += len(o.Key) + len(o.Value)
		}
	})
	return c.Store.Commit(ctx, ops...)
}

// take gives what was counted and begins anew.
func (c *counting) take() (n counted) {
	c.note(func(now *counted) { n, *now = *now, counted{Writes: map[string]int{}} })
	return n
}

const (
	role = "10000001-0000-4000-8000-000000000001" // med hjemmel: the family is judged too
	warm = 30                                     // persons of the demo
)

// counts are of the first lookup of a process, of those that follow within two seconds by the same employee, each about another person, of
// sealing these, and of looking at them for misuse.
type counts struct{ cold, warm, sealing, looking counted }

// count does lookups through the whole corridor, one at a time, and counts.
func count() (c counts, err error) {
	folder, err := os.MkdirTemp("", "hjemmel-scale")
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	inner, err := drivers.OpenState(context.Background(), "sqlite://"+folder+"/state.db")
	if err != nil {
		return c, err
	}
	s := &counting{Store: inner, n: counted{Writes: map[string]int{}}}
	srv := httptest.NewUnstartedServer(nil)
	w, err := hosttest.New(hosttest.Options{Listener: srv.Listener, Data: folder, Store: s, Population: population.Config{Size: 400}})
	if err != nil {
		return c, errors.Join(err, inner.Close())
	}
	defer func() { err = errors.Join(err, w.Env.Close()) }()
	w.Env.Log = telemetry.NewLogger(io.Discard, slog.LevelInfo)
	h, err := host.Routed(lookup.Routes)(w.Env)
	if err != nil {
		return c, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", h)
	w.Mount(mux)
	srv.Config.Handler = mux
	srv.Start()
	defer srv.Close()
	return c, c.of(w, s)
}

func (c *counts) of(w *hosttest.World, s *counting) error {
	at, header := w.Base+"/folkeregister/api/v1/"+role+"/v1/personer/", http.Header{}
	token, err := employee(w)
	if err != nil {
		return err
	}
	header.Set("Authorization", "Bearer "+token)
	s.take()
	if err := ask(at+w.Demo.Personer["vanlig"], header); err != nil {
		return err
	}
	c.cold = s.take()
	sealer, err := w.Env.Sealer()
	if err != nil {
		return err
	}
	watcher, err := review.Watcher(w.Env, sealer)
	if err != nil {
		return err
	}
	steps := []struct {
		of *counted
		do func() error
	}{
		{&c.sealing, func() error { _, err := sealer.Seal(context.Background()); return err }},
		{&c.looking, func() error { _, err := watcher.Look(context.Background()); return err }},
	}
	known := answered(w, at, header)
	if len(known) < warm {
		return fmt.Errorf("%d persons were answered about, want %d", len(known), warm)
	}
	for _, of := range steps {
		if err := of.do(); err != nil {
			return err
		}
	}
	s.take()
	for _, id := range known {
		if err := ask(at+id, header); err != nil {
			return err
		}
	}
	c.warm = s.take()
	for _, of := range steps {
		if err := of.do(); err != nil {
			return err
		}
		*of.of = s.take()
	}
	return nil
}

// answered finds persons of the demo about whom the role is answered.
func answered(w *hosttest.World, at string, header http.Header) (ids []string) {
	for _, id := range w.Demo.Personer {
		if len(ids) < warm && ask(at+id, header) == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// ask does one lookup.
func ask(at string, header http.Header) error {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, at, nil)
	if err != nil {
		return err
	}
	r.Header = header
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the lookup was answered %d, %w", resp.StatusCode, err)
	}
	return nil
}

// employee is a token of one who logged in.
func employee(w *hosttest.World) (string, error) {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, w.Base+"/sim/idporten/token", strings.NewReader("grant_type=hjemmel-sim&ansatt=ansatt-01"))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	var got struct {
		AccessToken string `json:"access_token"`
	}
	return got.AccessToken, json.NewDecoder(resp.Body).Decode(&got)
}
