// Package served is a world that answers on a real address while a test runs.
//
// It refuses to be used outside tests.
package served

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/tiles"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
	"hjemmel/shared/telemetry"
)

// Routes are a function's.
type Routes func(*host.Env) ([]host.Route, error)

// World is everything on one address, as the dev host has it, with 400 persons and what is logged in Log.
type World struct {
	*hosttest.World
	Log *Lines
}

// Start serves the functions until the test ends. Options change the world before it is made.
func Start(t testing.TB, functions []Routes, options ...func(*hosttest.Options)) World {
	t.Helper()
	srv := httptest.NewUnstartedServer(nil)
	o := hosttest.Options{Listener: srv.Listener, Data: t.TempDir(), Population: population.Config{Size: 400}}
	for _, f := range options {
		f(&o)
	}
	w, err := hosttest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	me := World{w, &Lines{}}
	w.Env.Log = telemetry.NewLogger(me.Log, slog.LevelDebug)
	var routes []host.Route
	for _, of := range functions {
		some, err := of(w.Env)
		if err != nil {
			t.Fatal(err)
		}
		routes = append(routes, some...)
	}
	mux := http.NewServeMux()
	mux.Handle("/", w.Env.Mux(routes...))
	w.Mount(mux)
	srv.Config.Handler = mux
	srv.Start()
	t.Cleanup(func() {
		srv.Close()
		me.sealed(t)
		if err := w.Env.Close(); err != nil {
			t.Error(err)
		}
	})
	return me
}

// sealed checks, of everything that a test has made the system write, that each entry gets one leaf and each
// leaf is an entry's. A test that leaves its store broken is spared.
func (w World) sealed(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	s, err := w.Env.Sealer()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Seal(ctx); errors.Is(err, storetest.ErrInjected) {
		return
	} else if err != nil {
		t.Errorf("what the test wrote cannot be sealed: %v", err)
		return
	}
	tree, leaves, err := tiles.Check(ctx, s.Fetch, s.Signer.Key)
	if err != nil && tree.N > 0 {
		t.Errorf("what the test wrote is not a log: %v", err)
	}
	stacks, err := store.All(ctx, s.State, "logg/")
	if err != nil {
		t.Fatal(err)
	}
	missing := map[tlog.Hash]int{}
	for _, leaf := range leaves {
		missing[leaf]--
	}
	for _, stack := range stacks {
		records, err := audit.Records(stack.Value)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			_, record, _ := audit.Open(r) // an erased entry has its commitment too
			missing[tlog.RecordHash(record.Forplikt)]++
		}
	}
	for _, n := range missing {
		if n != 0 {
			t.Errorf("an entry has %d leaves too few", n)
		}
	}
}

// Entries reads the whole audit log, oldest first within each writer.
func (w World) Entries(t testing.TB) []audit.Entry {
	t.Helper()
	s, err := w.Env.State()
	if err != nil {
		t.Fatal(err)
	}
	stacks, err := store.All(context.Background(), s, "logg/")
	if err != nil {
		t.Fatal(err)
	}
	var all []audit.Entry
	for _, stack := range stacks {
		records, err := audit.Records(stack.Value)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			e, _, err := audit.Open(r)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, e)
		}
	}
	return all
}

// Lines is what was logged so far. Functions may go on logging while a test reads.
type Lines struct {
	mu    sync.Mutex
	bytes bytes.Buffer
}

// Write takes a line.
func (l *Lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bytes.Write(b)
}

// String gives all lines.
func (l *Lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bytes.String()
}
