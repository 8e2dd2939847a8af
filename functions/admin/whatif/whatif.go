// Package whatif tells what a role would have done: it plays an organisation's own log, which says what
// was asked and never what was answered, through two versions of a role.
//
// It asks the register nothing and names no person. It refuses to guess: what the log alone cannot tell is
// counted as undecided, and a period with more entries than it reads is an error and never a sample.
package whatif

import (
	"cmp"
	"slices"
	"strings"

	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/policy"
)

// MaxEntries bounds what is held in memory.
const MaxEntries = 300_000

// ErrTooMuch is told of a period with more entries than MaxEntries.
var ErrTooMuch = fault.New(fault.Invalid, "LOGG_FOR_STOR_PERIODE", "Loggen har for mange innslag for rollen i perioden. Velg færre dager.")

// Recording (opptak) is what was asked in a role in a period.
type Recording struct {
	role    string
	asks    map[string]*ask // by request id
	entries int
	levert  map[string][]string // lists that stand in many entries, once
}

// ask is one question with what came of it for each person.
type ask struct {
	audit.Entry // of the first that was read
	persons     []told
}

// told is what came of an ask for one person, or for the search itself.
type told struct {
	subjekt string
	utfall  audit.Utfall
	regler  []string
	levert  []string
}

// NewRecording records a role.
func NewRecording(rolle string) *Recording {
	return &Recording{role: rolle, asks: map[string]*ask{}, levert: map[string][]string{}}
}

// Add records an entry, in any order. Those of other roles and those that were never judged are passed
// over.
func (r *Recording) Add(e audit.Entry) error {
	if e.Rolle != r.role || !policy.Action(e.Handling).Asks() || policy.Action(e.Handling).Ordered() || e.Utfall == audit.Feilet || e.Utfall == audit.Avslag && len(e.Regler) == 0 {
		return nil
	}
	if r.entries++; r.entries > MaxEntries {
		return ErrTooMuch
	}
	a := r.asks[e.RequestID]
	if a == nil {
		a = &ask{Entry: e}
		r.asks[e.RequestID] = a
	}
	if e.Tid.Before(a.Tid) {
		a.Tid = e.Tid
	}
	a.persons = append(a.persons, told{e.Subjekt, e.Utfall, e.Regler, r.once(e.Levert)})
	return nil
}

func (r *Recording) once(codes []string) []string {
	key := strings.Join(codes, " ")
	known, ok := r.levert[key]
	if !ok {
		known = codes
		r.levert[key] = known
	}
	return known
}

// inOrder gives the asks as they came.
func (r *Recording) inOrder() []*ask {
	all := make([]*ask, 0, len(r.asks))
	for _, a := range r.asks {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b *ask) int { return cmp.Or(a.Tid.Compare(b.Tid), strings.Compare(a.RequestID, b.RequestID)) })
	return all
}

// subjects counts the persons of an ask, each once.
func (a *ask) subjects() int {
	seen := map[string]bool{}
	for _, p := range a.persons {
		if p.subjekt != "" {
			seen[p.subjekt] = true
		}
	}
	return len(seen)
}
