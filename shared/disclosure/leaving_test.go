package disclosure_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/store/storetest"
)

// moments are where a caller can leave: at the n-th step of a kind.
func (w *world) moments(leave func()) map[string]func(nth int) {
	counted := func(nth int) func() {
		var n atomic.Int64
		return func() {
			if int(n.Add(1)) == nth {
				leave()
			}
		}
	}
	call := func(moment storetest.Moment, commit bool) func(int) {
		return func(nth int) {
			count := counted(nth)
			w.store.Hook(func(_ context.Context, c storetest.Call) error {
				if c.Moment == moment && (c.Method == storetest.Commit) == commit {
					count()
				}
				return nil
			})
		}
	}
	return map[string]func(nth int){
		"before it starts": func(nth int) { counted(nth)() },
		"before read":      call(storetest.Before, false), "after read": call(storetest.After, false),
		"before commit": call(storetest.Before, true), "after commit": call(storetest.After, true),
		"before request": func(nth int) {
			count := counted(nth)
			outside := func(http.ResponseWriter) bool { count(); return false }
			w.outside.Store(&outside)
		},
		"after answer": func(nth int) { count := counted(nth); w.answered.Store(&count) },
	}
}

// A caller who leaves takes nothing along that is not written, and leaves a trace that they asked.
func TestACallerWhoLeaves(t *testing.T) {
	w := newWorld(t)
	for name, q := range w.questions() {
		if !strings.HasSuffix(name, "ansatt-01") { // about whom most is read
			continue
		}
		n := w.measured(q)
		left := 0
		for at := range w.moments(nil) {
			for nth := 1; nth <= n.reads+n.commits+n.requests; nth++ {
				what := fmt.Sprintf("%s, leaving %s %d", name, at, nth)
				ctx, leave := context.WithCancel(t.Context())
				w.moments(leave)[at](nth)
				a := w.tell(ctx, q)
				if ctx.Err() == nil { // there was no such step
					leave()
					w.calm()
					w.taken(t)
					break
				}
				left++
				edge := false
				if a.err != nil && !errors.As(a.err, new(*disclosure.Refusal)) {
					lost(t, what, a, "LOGG_UTILGJENGELIG")
					if leaves := w.taken(t); len(leaves) > 0 && !q.Ask.Action.Listing() && q.Ask.Action != policy.Oppvekst { // these are written in more than one go
						t.Errorf("%s: %d leaves", what, len(leaves))
					}
					a = told{err: w.desk.Refuse(ctx, q.Request, a.err)} // as the edge does
					edge = true
				}
				leaves := w.taken(t)
				if a.err != nil {
					lost(t, what, a, "")
				}
				if edge {
					accounted(t, question{Request: q.Request}, a, leaves)
					if leaves[0].Aktor == "" || leaves[0].Rolle == "" {
						t.Errorf("%s: written as if nobody had asked", what)
					}
				} else {
					accounted(t, q, a, leaves)
				}
				leave()
				w.calm()
			}
		}
		if left < n.reads+n.requests {
			t.Errorf("%s: left at %d of %+v", name, left, n)
		}
	}
}

// Many at once share commits, and some of those fail: who is told something has a leaf of their own,
// and who is not is not told.
func TestManyAtOnceOnAStoreThatFails(t *testing.T) {
	w := newWorld(t)
	var pool []person.ID
	for f := range w.Freg.Population().Each {
		pool = append(pool, f.ID)
	}
	var questions []question
	for i := range 240 {
		q := w.asks("vendor 1", role(1), policy.Oppslag, pool[i])
		if i%3 == 0 {
			q = w.asks("ansatt-01", role(1), policy.Bulkoppslag, pool[i:i+i%7+1]...)
		}
		q.RequestID = fmt.Sprint(i)
		questions = append(questions, q)
	}
	w.store.Hook(func(_ context.Context, c storetest.Call) error {
		if c.Method == storetest.Commit && c.Nth%3 == 0 && int(c.Moment) == c.Nth/3%2 {
			return errors.New("lost")
		}
		return nil
	})
	answers := make([]told, len(questions))
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := worker; i < len(questions); i += 8 {
				answers[i] = w.tell(t.Context(), questions[i])
			}
		})
	}
	wg.Wait()
	leaves := w.taken(t)
	told, failed := 0, 0
	for i, q := range questions {
		own := ofRequest(leaves, q.RequestID)
		if err := answers[i].err; err != nil && !errors.As(err, new(*disclosure.Refusal)) {
			failed++
			if !answers[i].empty() || !fault.Is(err, fault.Unavailable) {
				t.Fatalf("%v: %v", q, err)
			}
			continue
		}
		told++
		accounted(t, q, answers[i], own)
	}
	if told < 40 || failed < 40 {
		t.Errorf("%d told, %d failed: too few to tell", told, failed)
	}
}

// A search with more hits than are written at a time is told when all of them are.
func TestASearchIsToldWhenAllOfItIsWritten(t *testing.T) {
	w := newWorld(t, func(o *hosttest.Options) { o.Population = population.Config{Size: 1200} })
	q := w.asks("ansatt-01", role(1), policy.SoekTreff).criteria("foedselsaarFraOgMed", "1900", "inkluderDoede", "true")
	a := w.tell(t.Context(), q)
	leaves := w.taken(t)
	if accounted(t, q, a, leaves); len(a.hits) <= 1000 || len(leaves) != len(a.hits)+1 {
		t.Fatalf("%d hits, %d leaves", len(a.hits), len(leaves))
	}
	for nth, mode := range map[int]string{1: "failAppendButPersisted", 2: "failAppendAndNotPersisted", 3: "failAppendButPersisted"} {
		w.store.Crash(appends[mode], nth)
		lost(t, fmt.Sprint(mode, nth), w.tell(t.Context(), q), "LOGG_UTILGJENGELIG")
		if !w.store.Dead() {
			t.Errorf("there is no commit %d", nth)
		}
		w.calm()
		w.taken(t)
	}
	everywhere := q.criteria("foedselsaarFraOgMed", "1900", "inkluderDoede", "true", "inkluderOppholdsadresse", "true") // judged one by one
	a = w.tell(t.Context(), everywhere)
	accounted(t, everywhere, a, w.taken(t))
	all := w.residents()
	for _, id := range a.hits {
		if all[id].protected(false) {
			t.Error("somebody protected is found")
		}
	}
	if len(a.hits) <= 1000 {
		t.Errorf("%d hits", len(a.hits))
	}
}
