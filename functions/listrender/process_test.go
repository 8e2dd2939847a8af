package listrender

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
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
	"hjemmel/shared/store"
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
	e := host.NewEnv(c)
	if err == nil {
		r, err = newRenderer(e)
	}
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error())
		return 1
	}
	hasten(r)
	for range 2 { // each delivery twice
		go embedded.New(r.orders, 10*time.Millisecond).Serve(context.Background(), 2, r.Work, func(error) {})
	}
	go func() { // it does not outlive the test
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
	_, _ = os.Stdout.WriteString("up\n")
	astray(context.Background(), r, e)
	return 0
}

// astray delivers for good what was ordered at any time, at random: late, again and before its turn.
func astray(ctx context.Context, r *renderer, e *host.Env) {
	s, err := e.State()
	for err == nil {
		known, _ := store.All(ctx, s, "rolleliste/") // a store that is busy is asked again
		if len(known) > 0 {
			_ = r.orders.Work(ctx, path.Base(known[rand.IntN(len(known))].Key), r.Work) // what fails comes again
		}
		time.Sleep(20 * time.Millisecond)
	}
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
				_, err := c.StdinPipe()
				out, err2 := c.StdoutPipe()
				if err = errors.Join(err, err2); err == nil {
					err = c.Start()
				}
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = out.Read(make([]byte, 1)) // up, which on a busy machine takes longer than it gets to live; or gone, and then comes another
				select {
				case <-time.After(time.Duration(200+chance.IntN(800)) * time.Millisecond):
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

// chaos is a world whose lists are made by processes that are killed.
type chaos struct {
	served.World
	*renderer
	t      *testing.T
	config string
	kinds  []kind
	calm   [][]string // the files of the kinds where nobody is killed
}

// kind is what an order is of.
type kind struct {
	vendor        int
	role, kommune string
}

func newChaos(t *testing.T) *chaos {
	t.Helper()
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
	const skole, teknisk = "10000002-0000-4000-8000-000000000002", "10000006-0000-4000-8000-000000000006"
	c := &chaos{w, r, t, config, []kind{{1, skole, "4601"}, {1, skole, "0301"}, {2, role, "4621"}, {2, role, "0301"}, {2, teknisk, "4621"}}, nil}
	for _, k := range c.kinds {
		id := orderedIn(t, w, w.Vendor(t, k.vendor), k.role, k.kommune)
		ctx, stop := context.WithCancel(t.Context())
		var worker sync.WaitGroup
		worker.Go(func() { embedded.New(r.orders, time.Millisecond).Serve(ctx, 1, r.Work, func(error) {}) })
		idle(t, r, time.Minute)
		stop()
		worker.Wait()
		c.calm = append(c.calm, rows(t, r, id))
	}
	return c
}

// faults make the register slow, busy, down and garbled.
func (c *chaos) faults(seed uint64) {
	c.t.Helper()
	for _, f := range []fregsim.Fault{
		{Kind: fregsim.Slow, Probability: .2, WaitMillis: 40}, {Kind: fregsim.Status, Status: 429, RetryMillis: 20, Probability: .04},
		{Kind: fregsim.Status, Status: 503, Probability: .04}, {Kind: fregsim.Truncated, Probability: .03},
	} {
		f.Seed = seed
		if err := c.Freg.Faults().Set(f); err != nil {
			c.t.Fatal(err)
		}
	}
}

// run has lists made while workers are killed, and gives how many were.
func (c *chaos) run(seed uint64, ids []string) (kills int64) {
	c.t.Helper()
	c.faults(seed)
	defer c.Freg.Faults().Clear()
	ctx, stop := context.WithCancel(c.t.Context())
	end := killed(ctx, c.t, c.config, seed, 3)
	for i := range ids {
		k := c.kinds[i%len(c.kinds)]
		ids[i] = orderedIn(c.t, c.World, c.Vendor(c.t, k.vendor), k.role, k.kommune)
	}
	idle(c.t, c.renderer, 9*time.Minute)
	stop()
	return end()
}

// whole checks each list, its file, its rows and its entries.
func (c *chaos) whole(ids []string) {
	c.t.Helper()
	entries := c.Entries(c.t)
	for i, id := range ids {
		l, ok, err := c.lists.Liste(c.t.Context(), id)
		if err != nil || !ok || l.Status != lists.Ferdig {
			c.t.Errorf("%s: %v %v %s %s: what passes makes no list fail", id, ok, err, l.Status, l.Feilkode)
			continue
		}
		holds(c.t, c.World, c.renderer, entries, id)
		if got := rows(c.t, c.renderer, id); !slices.Equal(got, c.calm[i%len(c.kinds)]) {
			c.t.Errorf("%s: %d rows, and %d where nobody was killed", id, len(got), len(c.calm[i%len(c.kinds)]))
		}
	}
}

// seeds are those to run and how many orders each: ten of few, or those of HJEMMEL_CHAOS_SEEDS, with commas, of 200.
func seeds(t *testing.T) (all []uint64, orders int) {
	t.Helper()
	given := os.Getenv("HJEMMEL_CHAOS_SEEDS")
	if given == "" {
		return []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 20
	}
	for s := range strings.SplitSeq(given, ",") {
		seed, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, seed)
	}
	return all, 200
}

// Worker processes are killed at random, and what they are told of comes twice, late and out of turn, while two
// organisations order lists in three roles and the register is slow, busy, down and garbled: each list ends with one file
// that says what a calm one says, and everybody on it has one entry. The register never has more than ten uttrekk of an
// organisation under way.
func TestProcessesThatAreKilled(t *testing.T) {
	all, orders := seeds(t)
	c := newChaos(t)
	for _, seed := range all {
		begun, ids := time.Now(), make([]string, orders)
		kills := c.run(seed, ids)
		c.whole(ids)
		t.Logf("seed %d: %d orders, %d workers killed, %.0f s", seed, orders, kills, time.Since(begun).Seconds())
	}
	for consumer, jobs := range c.Freg.Jobs() {
		t.Logf("%s: at most %d uttrekk at once, %d refused", consumer, jobs.Most, jobs.Refused)
		if jobs.Most > fregsim.MaxJobs {
			t.Errorf("%s has had %d uttrekk under way at once", consumer, jobs.Most)
		}
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
