package policy

import (
	"hjemmel/shared/fault"
	"hjemmel/shared/person"
)

// Budsjett is how much each holder of a role may ask in a day (Norwegian time). The zero Budsjett sets
// no limit.
type Budsjett struct {
	// Oppslag counts persons asked about by number, in bulk each of them; Soek counts searches.
	Oppslag Grense `json:"oppslag,omitzero"`
	Soek    Grense `json:"soek,omitzero"`
}

// Grense is a limit for a day. Beyond Myk a purpose must be stated, beyond Hard nothing is answered. 0
// is no limit.
type Grense struct {
	Myk  int `json:"myk,omitempty"`
	Hard int `json:"hard,omitempty"`
}

func (g Grense) valid() bool {
	return g.Myk >= 0 && g.Hard >= 0 && (g.Hard == 0 || g.Myk <= g.Hard)
}

// Grense is the limit that the action is counted against.
func (b Budsjett) Grense(a Action) Grense {
	if a.Searching() {
		return b.Soek
	}
	return b.Oppslag
}

// Kostnad is what the ask takes of a budget: one for each person it names, however often, or one for
// each search; an order of a list is one search.
func (a Ask) Kostnad() int {
	if a.Action.Ordered() {
		return 1
	}
	if a.Action.Searching() {
		return max(1, a.Runder)
	}
	if len(a.Subjects) == 1 {
		return 1
	}
	named := make(map[person.ID]bool, len(a.Subjects))
	for _, id := range a.Subjects {
		named[id] = true
	}
	return len(named)
}

// beyond reports whether the ask would go beyond the limit.
func (q question) beyond(limit int) bool { return limit > 0 && q.Brukt+q.Kostnad() > limit }

// BudsjettBruktOpp is told of an ask beyond a role's hard limit, until the next day.
var BudsjettBruktOpp = fault.New(fault.TooMany, "BUDSJETT_BRUKT_OPP",
	"Rollen har en grense for hvor mye det kan spørres om på en dag, og den er nådd. Prøv igjen i morgen, eller snakk med en administrator.")

var needsFormaalBeyond = fault.New(fault.Invalid, "BUDSJETT_KREVER_FORMAAL",
	"Det er spurt om uvanlig mye i rollen i dag. Oppgi formål eller saksnummer for å fortsette.")
