package listrender

import (
	"context"
	"sync"
	"testing"
	"time"

	"hjemmel/functions/listorder"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/host/hosttest/served"
	"hjemmel/shared/lists"
	"hjemmel/shared/queue/embedded"
)

// Workers who together could have thirty uttrekk under way have ten, of each organisation, and the lists that had to wait are
// made all the same.
func TestTenUttrekkAtOnce(t *testing.T) {
	w := served.Start(t, []served.Routes{listorder.Routes}, func(o *hosttest.Options) {
		o.Extracts = fregsim.Extracts{Polls: 25}
	})
	var ids []string
	for range 30 {
		ids = append(ids, ordered(t, w, w.Vendor(t, 2), "4621"))
	}
	ctx, stop := context.WithCancel(t.Context())
	var workers sync.WaitGroup
	for range 3 {
		r, err := newRenderer(w.Env)
		if err != nil {
			t.Fatal(err)
		}
		hasten(r)
		workers.Go(func() { embedded.New(r.orders, 5*time.Millisecond).Serve(ctx, 10, r.Work, func(error) {}) })
	}
	r, err := newRenderer(w.Env)
	if err != nil {
		t.Fatal(err)
	}
	idle(t, r, time.Minute)
	stop()
	workers.Wait()
	for _, id := range ids {
		if l, _, err := r.lists.Liste(t.Context(), id); err != nil || l.Status != lists.Ferdig {
			t.Errorf("%s: %s %s %v", id, l.Status, l.Feilkode, err)
		}
	}
	for consumer, jobs := range w.Freg.Jobs() {
		if t.Logf("%s: %+v", consumer, jobs); jobs.Most != fregsim.MaxJobs {
			t.Errorf("%s has had %d uttrekk under way at once", consumer, jobs.Most)
		}
	}
}
