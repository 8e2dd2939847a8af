// Package retain erases what the log has kept for as long as it may: the entry and its salt go, and what leads to it; its
// commitment stays, so that the sealed log proves all that it proved.
//
// It refuses to erase what is held for a case, what does not match its commitment, and anything whose rule was changed
// meanwhile. An entry that it cannot read is evidence, and stays.
package retain

import (
	"context"
	"strings"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/store"
)

// Regel is for how long an organisation keeps its entries, and what it holds beyond that.
type Regel struct {
	// Aar is in years: MinAar to MaxAar.
	Aar int `json:"aar"`
	// Bevart is what is held until that is lifted, at most MaxBevart.
	Bevart []Bevaring `json:"bevart"`

	key  string
	over store.Revision
}

// Bounds of a rule. What nobody has decided is five years.
const (
	MinAar     = 1
	DefaultAar = 5
	MaxAar     = 10
	MaxBevart  = 100
)

// Bevaring is a legal hold: nothing that it covers is erased.
type Bevaring struct {
	ID  string `json:"id"`
	Art Art    `json:"art"`
	// Verdi is the person's pseudonym, or text that stands in the stated purpose; "" for everything.
	Verdi string `json:"verdi,omitempty"`
	// Begrunnelse is why, in the privacy officer's words, Av their id.
	Begrunnelse string    `json:"begrunnelse"`
	Av          string    `json:"av"`
	Tid         time.Time `json:"tid"`
}

// Art is what a hold covers.
type Art string

// The kinds.
const (
	Person Art = "PERSON"
	Sak    Art = "SAK"
	Alt    Art = "ALT"
)

// Book has the organisations' rules. It is safe for concurrent use.
type Book struct{ store store.Store }

// New opens the rules in a store.
func New(s store.Store) *Book { return &Book{s} }

// Rule gives an organisation's rule, and where nothing was decided five years.
func (b *Book) Rule(ctx context.Context, fiksOrgID string) (Regel, error) {
	key := "oppbevaring/" + fiksOrgID
	r, over, err := store.Read[Regel](ctx, b.store, key)
	if over == "" {
		r.Aar, r.Bevart = DefaultAar, []Bevaring{}
	}
	r.key, r.over = key, over
	return r, err
}

// Put gives the write of a decision over the one that Rule gave.
func (r Regel) Put(to Regel) (store.Op, error) { return store.Write(r.key, to, r.over) }

// until is the moment before which entries have been kept long enough.
func (r Regel) until(now time.Time) time.Time {
	return now.UTC().AddDate(-max(r.Aar, MinAar), 0, 0)
}

// holds reports whether something covers the entry. A case is found as part of the purpose, in any case of letters: too
// much is kept rather than too little.
func (r Regel) holds(e audit.Entry) bool {
	for _, b := range r.Bevart {
		switch b.Art {
		case Person:
			if e.Subjekt == b.Verdi {
				return true
			}
		case Sak:
			if strings.Contains(strings.ToLower(e.Formaal), strings.ToLower(b.Verdi)) {
				return true
			}
		default:
			return true
		}
	}
	return false
}
