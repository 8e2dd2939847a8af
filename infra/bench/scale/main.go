// Command scale counts what one lookup asks of the store, by a real one through the whole corridor, multiplies it by what a
// country does in a month, and writes README.md beside it. Assumptions and prices are constants here.
//
// It refuses to guess a count: what it cannot count it says that it assumes.
package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
)

func main() {
	b, err := report()
	if err == nil {
		err = os.WriteFile("infra/bench/scale/README.md", b, 0o644) //nolint:gosec // everybody may read it
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

// What a country does (issue 9), and how it is spread: assumed.
const (
	kommuner     = 357
	employees    = 60_000
	integrations = 5_000
	lookupsMonth = 50_000_000
	peakDay      = 6_000_000 // a day at school start, of the month's
	peakHours    = 7         // a working day
	peakFactor   = 3         // the worst second of it
	events       = 5_000_000 // of the register, in a week
	coldShare    = 0.2       // lookups by somebody whose roles no instance remembers
)

// Firestore's list prices, multi-region, USD, from firebase.google.com/docs/firestore/pricing as of 2026-11-24. One region such as
// europe-north1 costs about half; its own figures could not be read here.
const (
	perRead, perWrite = 0.06 / 100_000, 0.18 / 100_000
	perGiBMonth       = 0.18
)

func (n counted) writes() (sum int) {
	for _, w := range n.Writes {
		sum += w
	}
	return sum
}

// each is one of what was counted for all warm lookups.
func each(n int) float64 { return float64(n) / warm }

func report() ([]byte, error) {
	c, err := count()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprint(&b, "# Scale on paper, checked by counting\n\nMade by `go run ./infra/bench/scale`; a test holds it fresh. One employee looks one person up, with a secrecy hjemmel, alone: nobody to share a commit with, so\n"+
		"these are the most that a lookup writes; deletes are counted as writes. Register, Maskinporten and CPU are not in it.\n\n## One lookup, counted\n\n| | read | scans | commits | written | of which |\n|---|---|---|---|---|---|\n")
	fmt.Fprintf(&b, "| the first of a process | %d | %d | %d | %d | %s |\n", c.cold.Reads, c.cold.Scans, c.cold.Commits, c.cold.writes(), kinds(c.cold.Writes, 1))
	fmt.Fprintf(&b, "| one of %d that follow | %.1f | %.1f | %.1f | %.1f | %s |\n", warm, each(c.warm.Reads), each(c.warm.Scans), each(c.warm.Commits), each(c.warm.writes()), kinds(c.warm.Writes, warm))
	fmt.Fprintf(&b, "| sealing one of these | %.1f | %.1f | %.1f | %.1f | %s |\n", each(c.sealing.Reads), each(c.sealing.Scans), each(c.sealing.Commits), each(c.sealing.writes()), kinds(c.sealing.Writes, warm))
	fmt.Fprintf(&b, "| looking at these for misuse | %.1f | %.1f | %.1f | %.1f | %s |\n", each(c.looking.Reads), each(c.looking.Scans), each(c.looking.Commits), each(c.looking.writes()), kinds(c.looking.Writes, warm))
	month(&b, c)
	fmt.Fprint(&b, words)
	return b.Bytes(), nil
}

// kinds are the writes by the first part of their keys.
func kinds(w map[string]int, of int) string {
	var b bytes.Buffer
	for _, k := range slices.Sorted(maps.Keys(w)) {
		if n := float64(w[k]) / float64(of); n >= 0.05 {
			fmt.Fprintf(&b, "`%s` %.1f ", k, n)
		}
	}
	return b.String()
}

// month multiplies.
func month(b *bytes.Buffer, c counts) {
	reads := coldShare*float64(c.cold.Reads) + (1-coldShare)*each(c.warm.Reads) + each(c.sealing.Reads) + each(c.looking.Reads)
	writes := each(c.warm.writes()) + each(c.sealing.writes()) + each(c.looking.writes())
	commits := each(c.warm.Commits) + each(c.sealing.Commits) + each(c.looking.Commits)
	kilobytes := float64((c.warm.Bytes/warm + 1023) / 1024)
	second := float64(peakDay) / peakHours / 3600 * peakFactor
	thousand := 1000 * (reads*perRead + writes*perWrite)
	gib := kilobytes * lookupsMonth / (1 << 20)
	fmt.Fprintf(b, "\n## A month of %d kommuner, %d employees, %d integrations\n\n%.0f million lookups, of which %.0f %% by somebody whom no instance remembers (assumed); worst day %.0f million in %d hours, worst second %d times its mean (assumed).\n\n",
		kommuner, employees, integrations, lookupsMonth/1e6, coldShare*100, peakDay/1e6, peakHours, peakFactor)
	fmt.Fprint(b, "| | a lookup | a month | worst second |\n|---|---|---|---|\n")
	for _, row := range []struct {
		what string
		n    float64
	}{{"documents read", reads}, {"documents written", writes}, {"commits", commits}} {
		fmt.Fprintf(b, "| %s | %.1f | %.0f million | %.0f |\n", row.what, row.n, row.n*lookupsMonth/1e6, row.n*second)
	}
	fmt.Fprintf(b, "\nStore for 1 000 lookups: **%.3f USD**, a month %.0f USD. At most %.0f kB of keys and values a lookup (rounded up, indexes not counted): %.0f GiB more each month, and in ten years, when entries may be erased, %.0f USD a month for keeping them.\n",
		thousand, thousand*lookupsMonth/1000, kilobytes, gib, gib*120*perGiBMonth)
	fmt.Fprintf(b, "\nThe register's %.0f million events in a week are %.1f a second. Nothing here reads them yet (lists ask when they are made), so there is no count of what one costs: at a read and a write each, %.0f USD a month.\n", events/1e6, float64(events)/7/86400, events*52/12.0*(perRead+perWrite))
}

// words are what the counts say. Bounds are those of Firestore's documentation.
const words = `
## Hot keys, what breaks first, and what then

* **A document takes about one write a second, lastingly.** No key is written by every lookup: entries have keys of their writer, an instance, and indexes of
  their person, actor and time. The head of the sealed log (` + "`logghode`" + `) is written by the sealer alone, twice for each batch, every minute.
* **The time index is where keys lie close.** Its keys begin with the organisation, so that a country's writes are spread over its kommuner; the largest kommune at school start is the
  first to feel Firestore's 500 writes a second in one range of keys (Firestore splits ranges that are busy for minutes). Then: a prefix of some bits of the
  entry's commitment before the time, and as many scans for an answer.
* **The sealer is one.** It takes 600 notes (stacks of entries) a commit, one commit after another; the worst second above is as many if nobody shares a stack, so a commit with its files
  must take less than a second. Where it does not, it is behind until the evening, which the alert for late sealing tells; lookups do not wait for it. It reads and deletes at one end of
  ` + "`loggny/`" + `, where Firestore passes over what was just deleted: not measured. Then: notes of several prefixes, or a log for each group of kommuner.
* **Who looks for misuse is one too**: 200 entries a commit, 16 questions to the state at a time. What it remembers is keyed by employee, role and person, and each commit writes a key once. A role that a
  whole country's largest kommune uses is written once for each commit, which the schedule of sealing spreads; where it is behind, findings come later and nothing waits for them.
* **The register's own limit comes before ours**: it decides how many questions a second a consumer may ask.
* **Bulk is cheaper and bursts harder**: a thousand entries are a few commits. One school's list is one bulk.
`
