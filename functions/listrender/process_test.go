package listrender

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hjemmel/functions/listorder"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/host"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/host/hosttest/served"
	"hjemmel/shared/lists"
	"hjemmel/shared/queue/embedded"
)

// workerOf names the file of the configuration that makes this binary a worker.
const workerOf = "HJEMMEL_TEST_WORKER"

func TestMain(m *testing.M) {
	if at := os.Getenv(workerOf); at != "" {
		os.Exit(work(at))
	}
	os.Exit(m.Run())
}

// work makes lists until the process is killed: the function on the state, the files and the register of its
// configuration, with leases that are short and a driver that tells of everything twice.
func work(at string) int {
	var c host.Config
	b, err := os.ReadFile(at) //nolint:gosec // a file of the test
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	var r *renderer
	if err == nil {
		r, err = newRenderer(host.NewEnv(c))
	}
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error())
		return 1
	}
	hasten(r)
	for range 2 { // each delivery twice
		go embedded.New(r.orders, 10*time.Millisecond).Serve(context.Background(), 2, r.Work, func(error) {})
	}
	select {}
}

func hasten(r *renderer) {
	r.poll = 5 * time.Millisecond
	r.orders.Again, r.orders.Lease = 10*time.Millisecond, 500*time.Millisecond
}

// killed runs workers as processes of their own until the context ends, each killed (SIGKILL) at random and
// followed by another. It gives how many were.
func killed(ctx context.Context, t *testing.T, config string, seed, n uint64) func() int64 {
	var kills atomic.Int64
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			chance := rand.New(rand.NewPCG(seed, i))
			for ctx.Err() == nil {
				c := exec.Command(os.Args[0]) //nolint:gosec // this test binary, as a worker
				c.Env = append(os.Environ(), workerOf+"="+config)
				c.Stderr = os.Stderr
				if err := c.Start(); err != nil {
					t.Error(err)
					return
				}
				select {
				case <-time.After(time.Duration(300+chance.IntN(1500)) * time.Millisecond):
					kills.Add(1)
				case <-ctx.Done():
				}
				_ = c.Process.Kill()
				_ = c.Wait() // it was killed
			}
		})
	}
	return func() int64 { all.Wait(); return kills.Load() }
}

// Worker processes are killed at random while two organisations order lists in three roles and the register is
// slow, busy, down and garbled: each list ends with one file that says what a calm one says, or one reason, and
// everybody on it has one entry.
func TestProcessesThatAreKilled(t *testing.T) {
	seed, orders := uint64(20261123), 200
	if s, err := strconv.ParseUint(os.Getenv("HJEMMEL_CHAOS_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("seed %d (HJEMMEL_CHAOS_SEED)", seed)
	w := served.Start(t, []served.Routes{listorder.Routes}, func(o *hosttest.Options) {
		o.Extracts = fregsim.Extracts{Polls: 1, Life: 3 * time.Second}
	})
	config := filepath.Join(t.TempDir(), "config.json")
	b, err := json.Marshal(w.Env.Config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, b, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := newRenderer(w.Env)
	if err != nil {
		t.Fatal(err)
	}
	hasten(r)
	kinds := []struct {
		vendor        int
		role, kommune string
	}{
		{1, "10000002-0000-4000-8000-000000000002", "4601"}, {1, "10000002-0000-4000-8000-000000000002", "0301"},
		{2, role, "4621"}, {2, role, "0301"}, {2, "10000006-0000-4000-8000-000000000006", "4621"},
	}
	calm := make([][]string, len(kinds))
	for i, k := range kinds {
		id := orderedIn(t, w, w.Vendor(t, k.vendor), k.role, k.kommune)
		ctx, stop := context.WithCancel(t.Context())
		var worker sync.WaitGroup
		worker.Go(func() { embedded.New(r.orders, time.Millisecond).Serve(ctx, 1, r.Work, func(error) {}) })
		idle(t, r, time.Minute)
		stop()
		worker.Wait()
		calm[i] = rows(t, r, id)
	}
	for _, f := range []fregsim.Fault{
		{Kind: fregsim.Slow, Probability: .2, WaitMillis: 40}, {Kind: fregsim.Status, Status: 429, RetryMillis: 20, Probability: .04},
		{Kind: fregsim.Status, Status: 503, Probability: .04}, {Kind: fregsim.Truncated, Probability: .03},
	} {
		f.Seed = seed
		if err := w.Freg.Faults().Set(f); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	kills := killed(ctx, t, config, seed, 3)
	ids := make([]string, orders)
	for i := range ids {
		k := kinds[i%len(kinds)]
		ids[i] = orderedIn(t, w, w.Vendor(t, k.vendor), k.role, k.kommune)
	}
	idle(t, r, 10*time.Minute)
	stop()
	t.Logf("%d workers were killed", kills())
	failed, entries := map[string]int{}, w.Entries(t)
	for i, id := range ids {
		l, ok, err := r.lists.Liste(t.Context(), id)
		switch {
		case err != nil || !ok || !l.Status.Ended():
			t.Fatalf("%s: %v %v %s", id, ok, err, l.Status)
		case l.Status == lists.Feilet:
			failed[l.Feilkode]++
			continue
		}
		holds(t, w, r, entries, id)
		if got := rows(t, r, id); !slices.Equal(got, calm[i%len(kinds)]) {
			t.Errorf("%s: %d rows, and %d where nobody was killed", id, len(got), len(calm[i%len(kinds)]))
		}
	}
	t.Logf("failed: %v", failed)
	if len(failed) > 0 {
		t.Errorf("what passes made lists fail: %v", failed)
	}
}

// idle waits until nothing waits to be done.
func idle(t *testing.T, r *renderer, most time.Duration) {
	t.Helper()
	for end := time.After(most); ; time.Sleep(20 * time.Millisecond) {
		if n, err := r.orders.Waiting(t.Context()); n == 0 && err == nil {
			return
		}
		select {
		case <-end:
			t.Fatal("lists are not done")
		default:
		}
	}
}

// rows are the lines of a list's file, in order of their text.
func rows(t *testing.T, r *renderer, id string) []string {
	t.Helper()
	l, ok, err := r.lists.Liste(t.Context(), id)
	if err != nil || !ok || l.Status != lists.Ferdig {
		t.Fatalf("%s: %v %v %s %s", id, ok, err, l.Status, l.Feilkode)
	}
	b, err := r.files.ReadAll(t.Context(), l.Fil.Noekkel)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(slices.Values(strings.Split(string(b), "\n")))
}
