// Package synk measures role synchronisation: an identity system loads a municipality's users and groups, sends a day's
// changes, and all is reconciled; and another is read that cannot push.
//
// It refuses to give figures where a call failed.
package synk

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"hjemmel/functions/rolesync"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host/drivers"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/store"
	"hjemmel/shared/telemetry"
)

// counting counts the writes of a store.
type counting struct {
	store.Store
	ops atomic.Int64
}

func (c *counting) Commit(ctx context.Context, ops ...store.Op) error {
	c.ops.Add(int64(len(ops)))
	return c.Store.Commit(ctx, ops...)
}

const patchOp = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":`

// municipality is an identity system that syncs, one call at a time.
type municipality struct {
	*hosttest.World
	state    *counting
	users    []string
	groups   []string
	requests int
	failed   error
}

// Phase is one part of it: what was done, how fast, how many writes it made and what memory held after it.
type Phase struct{ What, Rate, Writes, Memory string }

// Measure loads users and groups, syncs a day's changes and the same again, and reconciles it all.
func Measure(users int) ([]Phase, error) {
	folder, err := os.MkdirTemp("", "scim")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	state, err := drivers.OpenState(context.Background(), "sqlite://"+folder+"/scim.db")
	if err != nil {
		return nil, err
	}
	srv := httptest.NewUnstartedServer(nil)
	m := &municipality{state: &counting{Store: state}}
	if m.World, err = hosttest.New(hosttest.Options{Listener: srv.Listener, Data: folder, Store: m.state, Population: population.Config{Size: 400}}); err != nil {
		return nil, err
	}
	defer func() { _ = m.Env.Close() }()
	m.Env.Log = telemetry.NewLogger(io.Discard, slog.LevelInfo)
	routes, err := rolesync.Routes(m.Env)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", m.Env.Mux(routes...))
	m.Mount(mux)
	srv.Config.Handler = mux
	srv.Start()
	defer srv.Close()
	groups := max(users/40, 2)
	return []Phase{
		m.timed(fmt.Sprintf("new users, %d", users), func() { m.load(users) }),
		m.timed(fmt.Sprintf("%d groups, the largest of %d, 500 members a call", groups, users/2), func() { m.group(groups) }),
		m.timed("a day: 1 % of the users change, 1 % change groups", func() { m.day("ny") }),
		m.timed("the same day again, which changes nothing", func() { m.day("ny") }),
		m.timed("one member into and out of the largest group, 100 times", func() { m.move(m.groups[0]) }),
		m.timed("the same of the smallest", func() { m.move(m.groups[len(m.groups)-1]) }),
		m.against(m.groups[0], m.groups[len(m.groups)-1], 500),
		m.timed("a full reconciliation", func() { m.scheduled("/hjemmel/v1/plattform/rollesynk/avstem") }),
		m.timed("a system that cannot push is thought up", func() { m.pulling(users, groups) }),
		m.timed("it is read for the first time, by Graph", m.pull),
		m.timed("it is read again, and nothing has changed", m.pull),
		m.timed("it is read after a day in which 1 % changed", func() { m.aDay(users); m.pull() }),
		m.timed("its places to begin are too old: all is read again", func() { m.Directory.Forget(); m.pull() }),
	}, m.failed
}

// timed measures a phase: requests a second, writes, and what the heap holds after it.
func (m *municipality) timed(what string, do func()) Phase {
	m.requests = 0
	writes, start := m.state.ops.Load(), time.Now()
	do()
	took := time.Since(start)
	var mem runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&mem)
	return Phase{
		What: what, Rate: fmt.Sprintf("%d requests in %s: %.0f/s", m.requests, took.Round(time.Millisecond), float64(m.requests)/took.Seconds()),
		Writes: fmt.Sprintf("%d writes", m.state.ops.Load()-writes),
		Memory: fmt.Sprintf("heap %d MiB, from the system %d MiB", mem.HeapAlloc>>20, mem.Sys>>20),
	}
}

// send makes a call and gives the id of what is answered.
func (m *municipality) send(method, url, body, token string) string {
	if m.failed != nil {
		return ""
	}
	r, err := http.NewRequestWithContext(context.Background(), method, url, strings.NewReader(body))
	if err != nil {
		m.failed = err
		return ""
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		m.failed = err
		return ""
	}
	defer func() { _ = resp.Body.Close() }()
	m.requests++
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		m.failed = err
	} else if resp.StatusCode >= http.StatusBadRequest {
		m.failed = fmt.Errorf("%s: %d %s", method, resp.StatusCode, b)
	}
	var got struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(b, &got) // an answer without a body has none
	return got.ID
}

func (m *municipality) scim(method, path, body string) string {
	k := m.Demo.Kilder[0]
	return m.send(method, k.ScimEndepunkt+path, body, k.Token)
}

func (m *municipality) load(users int) {
	for i := range users {
		m.users = append(m.users, m.scim("POST", "/Users", fmt.Sprintf(`{"userName":"bruker%d@kommune.example","externalId":"%d","displayName":"Bruker %d"}`, i, i, i)))
	}
}

func (m *municipality) group(n int) {
	for i := range n {
		g := m.scim("POST", "/Groups", fmt.Sprintf(`{"displayName":"gruppe %d"}`, i))
		m.groups = append(m.groups, g)
		size := len(m.users) / 2 / (i + 1)
		for from := 0; from < size; from += 500 {
			m.members("add", g, m.users[from:min(from+500, size)]...)
		}
	}
}

func (m *municipality) members(op, group string, users ...string) {
	body := patchOp + `[{"op":"` + op + `","path":"members","value":[{"value":"` + strings.Join(users, `"},{"value":"`) + `"}]}]}`
	m.scim("PATCH", "/Groups/"+group, body)
}

func (m *municipality) day(name string) {
	for i := 0; i < len(m.users); i += 100 {
		m.scim("PATCH", "/Users/"+m.users[i], patchOp+`[{"op":"replace","path":"displayName","value":"`+name+`"}]}`)
		m.members("remove", m.groups[0], m.users[i])
		m.members("add", m.groups[1], m.users[i])
	}
}

func (m *municipality) move(group string) {
	for range 100 {
		m.members("add", group, m.users[len(m.users)-1])
		m.members("remove", group, m.users[len(m.users)-1])
	}
}

// scheduled has the scheduler call.
func (m *municipality) scheduled(path string) {
	token, err := m.Platform.Sign(m.Platform.Claims(hosttest.PlatformAccount, m.Base))
	if err != nil {
		m.failed = err
		return
	}
	m.send("POST", m.Base+path, "", token)
}

// against moves a member into and out of two groups by turns, and tells how much longer it takes in the first.
func (m *municipality) against(first, second string, rounds int) Phase {
	var took [2]time.Duration
	writes := m.state.ops.Load()
	for range rounds {
		for i, g := range []string{first, second} {
			start := time.Now()
			m.members("add", g, m.users[len(m.users)-1])
			m.members("remove", g, m.users[len(m.users)-1])
			took[i] += time.Since(start)
		}
	}
	each := func(i int) time.Duration { return (took[i] / time.Duration(2*rounds)).Round(time.Microsecond) }
	return Phase{
		What: fmt.Sprintf("by turns in the largest and the smallest, %d times", rounds),
		Rate: fmt.Sprintf("%s and %s a change, ratio %.2f", each(0), each(1), float64(took[0])/float64(took[1])), Writes: fmt.Sprintf("%d writes", m.state.ops.Load()-writes),
	}
}
