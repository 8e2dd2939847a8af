package listrender

import (
	"context"
	"testing"
	"time"

	"hjemmel/shared/lists"
	"hjemmel/shared/queue/embedded"
)

// recalled has the lists withdrawn that a person is on, and waits until all have been looked for.
func (b *bench) recalled(number string) {
	b.t.Helper()
	if got := b.send("POST", "/hjemmel/v1/organisasjoner/c47e0b52-3e9d-4a7a-8f0d-2d9a5b3c4621/lister/tilbaketrekking", `{"personidentifikator":"`+number+`"}`, b.Employee(b.t, "ansatt-07")); got != 202 {
		b.t.Fatal(got)
	}
	ctx, stop := context.WithTimeout(b.t.Context(), 30*time.Second)
	defer stop()
	go embedded.New(b.recalls, 2*time.Millisecond).Serve(ctx, 1, b.Recall, func(error) {})
	for n, err := b.recalls.Waiting(ctx); n > 0 || err != nil; n, err = b.recalls.Waiting(ctx) {
		if ctx.Err() != nil {
			b.t.Fatal("a recall is not done")
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// Somebody becomes graded while a list is made: their piece was read before, and is committed after their lists were looked
// for. Here the register goes on telling of them as it did. The list is withdrawn; one of others, and one that is ordered
// afterwards, are not.
func TestAListThatARecallDidNotFindYet(t *testing.T) {
	b := newBench(t)
	before := b.finished(ordered(t, b.World, b.h, "0301"))
	number := b.csv(before)[1][0]
	id, other := ordered(t, b.World, b.h, "0301"), ordered(t, b.World, b.h, "4601")
	b.recalled(number)
	if l := b.finished(id); l.Status != lists.Feilet || l.Feilkode != "INNBYGGERLISTE_TRUKKET" || !l.Trukket() || l.Fil.Noekkel != "" {
		t.Errorf("%s %s", l.Status, l.Feilkode)
	}
	b.until(id, func(l lists.Liste, ok bool) bool { return ok && l.Trukket() })
	if l := b.finished(other); l.Status != lists.Ferdig || l.Trukket() {
		t.Errorf("others: %s %s", l.Status, l.Feilkode)
	}
	withdrawn := 0
	for _, e := range b.Entries(t) {
		if e.Handling == Trukket && e.Gjelder == id && e.Subjekt == "" {
			withdrawn++
		}
	}
	if withdrawn != 1 {
		t.Errorf("%d entries", withdrawn)
	}
	b.now = func() time.Time { return time.Now().Add(lists.RecallKept + time.Hour) }
	if _, err := b.Expire(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := b.kept("listetilbakekall/"); n != 0 {
		t.Errorf("%d recalls are kept for good", n)
	}
}

// kept counts the records below a prefix.
func (b *bench) kept(prefix string) int {
	b.t.Helper()
	s, err := b.Env.State()
	if err != nil {
		b.t.Fatal(err)
	}
	found, err := s.Scan(b.t.Context(), prefix, "", 100)
	if err != nil {
		b.t.Fatal(err)
	}
	return len(found)
}
