package listrender

import (
	"slices"
	"testing"
	"time"

	"hjemmel/functions/listorder"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/host/hosttest/served"
	"hjemmel/shared/lists"
)

// An uttrekk that the register has no longer, because nobody came for the rest of it in time, is ordered anew, and whom it
// gave before is on the list once.
func TestAnUttrekkThatIsGoneIsOrderedAnew(t *testing.T) {
	const life = 600 * time.Millisecond
	w := served.Start(t, []served.Routes{listorder.Routes}, func(o *hosttest.Options) {
		o.Extracts = fregsim.Extracts{BatchSize: 10, Polls: 1, Life: life}
	})
	r, err := newRenderer(w.Env)
	if err != nil {
		t.Fatal(err)
	}
	hasten(r)
	r.poll = 50 * time.Millisecond
	b := &bench{w, r, t, w.Vendor(t, 2)}
	calm := b.finished(ordered(t, w, b.h, "0301"))
	id := ordered(t, w, b.h, "0301")
	b.until(id, func(l lists.Liste, ok bool) bool { return ok && l.Deler > 0 && !l.Jobber[0].Slutt })
	time.Sleep(life) // the machine was gone as long
	l := b.finished(id)
	if l.Status != lists.Ferdig || !slices.Equal(rows(t, r, id), rows(t, r, calm.ID)) {
		t.Errorf("%s %s, %d rows of %d", l.Status, l.Feilkode, l.Rader, calm.Rader)
	}
	holds(t, w, r, w.Entries(t), id)
}
