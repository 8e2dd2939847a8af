// Command bench measures what a user waits for, each thing beside a floor or a peer in the same run,
// and prints the ratios as a table. It judges nothing: figures and budgets stand in README.md beside it.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"time"

	"hjemmel/infra/bench/synk"
)

// measurement is one line of the table.
type measurement struct {
	what, ours, peer, ratio, budget string
}

func main() {
	only := flag.String("only", "", "run only redaction, lookups, render, or what runs by this alone: lists, loggsoek or scim")
	entries := flag.Int("innslag", 1_000_000, "entries of the log that loggsoek searches")
	users := flag.Int("brukere", 20_000, "users that scim syncs")
	renderer := flag.String("renderer", "", "render once, in this process, and print what it cost")
	worker := flag.String("worker", "", "make lists, in this process, with the configuration in a file")
	profile := flag.String("cpuprofile", "", "write a CPU profile to this file")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		_ = pprof.StartCPUProfile(f) // fails only when one runs
		defer pprof.StopCPUProfile()
	}
	if *renderer != "" || *worker != "" {
		one := func() error { return rendered(*renderer) }
		if *worker != "" {
			one = func() error { return work(*worker) }
		}
		if err := one(); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	start := time.Now()
	var table []measurement
	for _, part := range []struct {
		name string
		run  func() ([]measurement, error)
	}{
		{"redaction", redaction}, {"lookups", lookups}, {"render", render}, {"lists", listsMade},
		{"loggsoek", func() ([]measurement, error) { return loggsoek(*entries) }},
		{"scim", func() ([]measurement, error) { return synchronised(*users) }},
	} {
		if *only != part.name && (*only != "" || slices.Contains([]string{"loggsoek", "lists", "scim"}, part.name)) {
			continue
		}
		lines, err := part.run()
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		table = append(table, lines...)
	}
	fmt.Printf("%s, %d cores, %s, took %s\n\n", runtime.Version(), runtime.NumCPU(), time.Now().Format("2006-01-02"), time.Since(start).Round(time.Second))
	fmt.Println("| what | ours | floor or peer | ratio | budget |\n|---|---|---|---|---|")
	for _, m := range table {
		fmt.Printf("| %s | %s | %s | %s | %s |\n", m.what, m.ours, m.peer, m.ratio, m.budget)
	}
}

// spread is a sample of durations.
type spread []time.Duration

func (s spread) at(q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(s))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func (s spread) median() time.Duration { return s.at(0.5) }

// alternate times the runners in turn, so that what disturbs one disturbs all, and gives each one's
// durations. Some rounds first are not counted.
func alternate(rounds, warmup int, runners ...func()) []spread {
	out := make([]spread, len(runners))
	for round := range rounds + warmup {
		for i, run := range runners {
			start := time.Now()
			run()
			if round >= warmup {
				out[i] = append(out[i], time.Since(start))
			}
		}
	}
	return out
}

func micros(d time.Duration) string { return fmt.Sprintf("%.1f µs", float64(d.Nanoseconds())/1000) }

func millis(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000) }

// synchronised measures role synchronisation.
func synchronised(users int) ([]measurement, error) {
	phases, err := synk.Measure(users)
	lines := make([]measurement, len(phases))
	for i, p := range phases {
		lines[i] = measurement{what: p.What, ours: p.Rate, peer: p.Writes, ratio: p.Memory}
	}
	return lines, err
}
