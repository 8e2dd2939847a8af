package listrender

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gocloud.dev/blob"

	"hjemmel/functions/admin"
	"hjemmel/functions/listorder"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/host"
	"hjemmel/shared/host/hosttest/served"
	"hjemmel/shared/lists"
	"hjemmel/shared/queue/embedded"
	"hjemmel/shared/store"
)

// bench is a world with one worker that the test starts and stops.
type bench struct {
	served.World
	*renderer
	t *testing.T
	h http.Header
}

func newBench(t *testing.T) *bench {
	t.Helper()
	w := served.Start(t, []served.Routes{listorder.Routes, admin.Routes})
	r, err := newRenderer(w.Env)
	if err != nil {
		t.Fatal(err)
	}
	r.poll = 2 * time.Millisecond
	r.orders.Again, r.orders.Lease = 5*time.Millisecond, time.Second
	return &bench{w, r, t, w.Vendor(t, 2)}
}

// until works until the list is so, or for too long.
func (b *bench) until(id string, so func(l lists.Liste, ok bool) bool) lists.Liste {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.t.Context(), 30*time.Second)
	defer stop()
	go embedded.New(b.orders, 2*time.Millisecond).Serve(ctx, 1, b.Work, func(error) {})
	for ctx.Err() == nil {
		l, ok, err := b.lists.Liste(ctx, id)
		if err == nil && so(l, ok) {
			return l
		}
		time.Sleep(2 * time.Millisecond)
	}
	l, ok, err := b.lists.Liste(context.Background(), id)
	b.t.Fatalf("%v %v: %s %s %+v", ok, err, l.Status, l.Feilkode, l.Forsinket)
	return l
}

// left counts what is remembered of lists: numbers, rows and files.
func (b *bench) left() (n int) {
	b.t.Helper()
	s, err := b.Env.State()
	if err != nil {
		b.t.Fatal(err)
	}
	for _, prefix := range []string{"listedel/", "listerader/", "listepersoner/", "utboks/"} {
		found, err := store.All(context.Background(), s, prefix)
		if err != nil {
			b.t.Fatal(err)
		}
		n += len(found)
	}
	files := b.files.List(&blob.ListOptions{})
	for {
		if _, err := files.Next(context.Background()); err != nil {
			return n
		}
		n++
	}
}

func (b *bench) send(method, path, body string, h http.Header) int {
	b.t.Helper()
	return status(b.t, b.Base+path, method, body, h)
}

// A register that is down delays a list and does not fail it; the status says why.
func TestARegisterThatIsDownDelaysAList(t *testing.T) {
	b := newBench(t)
	if err := b.Freg.Faults().Set(fregsim.Fault{Kind: fregsim.Status, Status: 503, Probability: 1}); err != nil {
		t.Fatal(err)
	}
	id := ordered(t, b.World, b.h, "0301")
	l := b.until(id, func(l lists.Liste, ok bool) bool { return ok && l.Forsinket != nil && l.Forsinket.Forsoek > 1 })
	if l.Status.Ended() || l.Forsinket.Grunn == "" || l.Forsinket.Siden.IsZero() {
		t.Errorf("%s %+v", l.Status, l.Forsinket)
	}
	b.Freg.Faults().Clear()
	l = b.until(id, func(l lists.Liste, ok bool) bool { return ok && l.Status == lists.Ferdig })
	if l.Forsinket != nil || l.Rader == 0 {
		t.Errorf("%+v, %d rows", l.Forsinket, l.Rader)
	}
}

// Whoever loses the role between order and list gets none, and is told why.
func TestAListIsJudgedAgainWhenItIsMade(t *testing.T) {
	b := newBench(t)
	id := ordered(t, b.World, b.h, "0301")
	vendor := b.Demo.Integrasjoner[1].ID
	if got := b.send("DELETE", "/hjemmel/v1/roller/"+role+"/tildelinger/"+vendor, "", b.Employee(t, "ansatt-07")); got != 204 {
		t.Fatal(got)
	}
	l := b.until(id, func(l lists.Liste, ok bool) bool { return ok && l.Status.Ended() })
	if l.Status != lists.Feilet || l.Feilkode != "ROLLE_IKKE_TILGJENGELIG" || l.Rader != 0 {
		t.Errorf("%s %s", l.Status, l.Feilkode)
	}
	b.until(id, func(lists.Liste, bool) bool { return b.left() == 0 })
}

// A list that is removed, at whatever stage, leaves nothing.
func TestARemovedListLeavesNothing(t *testing.T) {
	b := newBench(t)
	at := "/register/api/v1/ks/innbyggerliste/v1/rolle/" + role + "/"
	for name, stage := range map[string]func(l lists.Liste, ok bool) bool{
		"ordered":  nil,
		"found":    func(l lists.Liste, ok bool) bool { return ok && l.Deler > 0 },
		"finished": func(l lists.Liste, ok bool) bool { return ok && l.Status == lists.Ferdig },
	} {
		id := ordered(t, b.World, b.h, "0301")
		if stage != nil {
			b.until(id, stage)
		}
		for got := 0; got != 204; {
			if got = b.send("DELETE", at+id, "", b.h); got != 204 && got != 409 { // somebody was faster
				t.Fatalf("%s: %d", name, got)
			}
		}
		b.until(id, func(_ lists.Liste, ok bool) bool { return !ok && b.left() == 0 })
	}
}

// A list that is withdrawn while it is made is never finished, and leaves nothing but what it says of itself; one that
// is gone is not withdrawn, and one that is withdrawn is so once.
func TestAListIsWithdrawnWhileItIsMade(t *testing.T) {
	b := newBench(t)
	for name, stage := range map[string]func(l lists.Liste, ok bool) bool{
		"found":    func(l lists.Liste, ok bool) bool { return ok && l.Deler > 0 },
		"fetched":  func(l lists.Liste, ok bool) bool { return ok && l.Gjort > 0 },
		"finished": func(l lists.Liste, ok bool) bool { return ok && l.Status == lists.Ferdig },
	} {
		id := ordered(t, b.World, b.h, "0301")
		b.until(id, stage)
		if _, err := b.changes.Deliver(t.Context(), func() (host.Plan, error) { return b.withdraw(t.Context(), id) }); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		l := b.until(id, func(l lists.Liste, ok bool) bool { return ok && l.Trukket() && b.left() == 0 })
		if l.Status != lists.Ferdig && (l.Status != lists.Feilet || l.Feilkode != "INNBYGGERLISTE_TRUKKET") {
			t.Errorf("%s: %s %s", name, l.Status, l.Feilkode)
		}
		if _, err := b.withdraw(t.Context(), id); !errors.Is(err, errDone) {
			t.Errorf("%s: twice: %v", name, err)
		}
	}
	if _, err := b.withdraw(t.Context(), "5b1f6a52-0c8e-4d0b-9a53-0000000000c0"); !errors.Is(err, errDone) {
		t.Errorf("none: %v", err)
	}
}

// An order that nobody approves is removed when its time is over; until then no worker touches it.
func TestAnOrderThatNobodyApprovesIsRemoved(t *testing.T) {
	b := newBench(t)
	admin := b.Employee(t, "ansatt-07")
	if got := b.send("PATCH", "/register/api/v2/konfigurasjon/c47e0b52-3e9d-4a7a-8f0d-2d9a5b3c4621/roller/"+role, `{"listerKreverGodkjenning":true}`, admin); got != 200 {
		t.Fatal(got)
	}
	id := ordered(t, b.World, b.h, "0301")
	b.now = func() time.Time { return time.Now().AddDate(0, 0, 6) }
	if n, err := b.Expire(t.Context()); err != nil || n != 0 || b.left() != 0 { // no work either
		t.Fatal(n, err, b.left())
	}
	b.until(id, func(l lists.Liste, ok bool) bool { return ok && l.Venter() })
	b.now = func() time.Time { return time.Now().AddDate(0, 0, 9) }
	if n, err := b.Expire(t.Context()); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	b.until(id, func(_ lists.Liste, ok bool) bool { return !ok && b.left() == 0 })
}

// nothingOf checks that the state has nothing of a list but that something happened to it.
func (b *bench) nothingOf(id string) {
	b.t.Helper()
	s, err := b.Env.State()
	if err != nil {
		b.t.Fatal(err)
	}
	all, err := store.All(context.Background(), s, "")
	if err != nil || len(all) < 20 {
		b.t.Fatal(len(all), err)
	}
	for _, r := range all {
		kind, _, _ := strings.Cut(r.Key, "/")
		named := strings.Contains(r.Key, id) || bytes.Contains(r.Value, []byte(id))
		if named && !slices.Contains([]string{"listehendelse", "logg", "idempotens"}, kind) || bytes.Contains(r.Value, []byte("Bosatt i ")) || bytes.Contains(r.Value, []byte(`"kommuneTilhoerighet"`)) {
			b.t.Errorf("%s tells of the list", r.Key)
		}
	}
}

// When its time is over a list goes, with its file, and that it did is written down.
func TestAListExpires(t *testing.T) {
	b := newBench(t)
	id := ordered(t, b.World, b.h, "0301")
	b.until(id, func(l lists.Liste, ok bool) bool { return ok && l.Status == lists.Ferdig && l.Fil.Noekkel != "" })
	b.until(id, func(lists.Liste, bool) bool { return b.left() == 3 }) // the file, its rows, and who is in it
	if n, err := b.Expire(t.Context()); err != nil || n != 0 || b.left() != 3 {
		t.Fatalf("%v, %d left", err, b.left())
	}
	b.now = func() time.Time { return time.Now().AddDate(0, 0, 16) }
	if n, err := b.Expire(t.Context()); err != nil || n != 1 {
		t.Fatal(err)
	}
	b.until(id, func(_ lists.Liste, ok bool) bool { return !ok && b.left() == 0 })
	n, gone := 0, 0
	for _, e := range b.Entries(t) {
		if e.Handling == "innbyggerliste-utloept" && e.Gjelder == id {
			n++
		}
		if e.Handling == Borte && e.Gjelder == id {
			gone++
		}
	}
	if n != 1 || gone != 1 {
		t.Errorf("%d entries that it expired, %d that nothing is left", n, gone)
	}
	b.nothingOf(id)
}
