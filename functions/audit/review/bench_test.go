package review_test

import (
	"testing"
	"time"

	"hjemmel/functions/audit/review"
)

// BenchmarkLook is what a lookup takes and, in the same run, what it takes to look at its entry for misuse, as a share of it.
func BenchmarkLook(b *testing.B) {
	w := begin(b)
	sealer, err := w.Env.Sealer()
	if err != nil {
		b.Fatal(err)
	}
	watcher, err := review.Watcher(w.Env, sealer)
	if err != nil {
		b.Fatal(err)
	}
	var names []string
	for name := range w.Demo.Personer {
		names = append(names, name)
	}
	who := w.caller(berit)
	n, start := 0, time.Now()
	for b.Loop() {
		w.ask(who, names[n%len(names)])
		n++
	}
	asked := time.Since(start)
	if _, err := sealer.Seal(b.Context()); err != nil {
		b.Fatal(err)
	}
	start = time.Now()
	entries, err := watcher.Look(b.Context())
	if err != nil || entries < n {
		b.Fatalf("%d of %d were looked at: %v", entries, n, err)
	}
	looked := time.Since(start)
	b.ReportMetric(float64(looked.Nanoseconds())/float64(entries), "ns/entry")
	b.ReportMetric(100*float64(looked)/float64(asked), "%-of-lookup")
}
