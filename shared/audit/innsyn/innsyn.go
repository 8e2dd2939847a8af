// Package innsyn keeps what each organisation has decided about when citizens see its use of the register.
//
// It refuses to guess: a rule that cannot be read is an error, and what holds something back says why.
package innsyn

import (
	"context"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/store"
)

// Regel is one organisation's decision.
type Regel struct {
	// ForsinkelseDager is for how many days nothing is told: 0 to [MaxForsinkelse].
	ForsinkelseDager int      `json:"forsinkelseDager"`
	Unntak           []Unntak `json:"unntak"`

	key  string
	over store.Revision
}

// MaxForsinkelse is in days: who asks for access is to be answered within a month (GDPR article 12 no. 3).
const MaxForsinkelse = 30

// Unntak is what is told later, or not here at all, and why: the use of one role, or in one tjenesteområde.
type Unntak struct {
	Rolle           string `json:"rolle,omitempty"`
	Tjenesteomraade string `json:"tjenesteomraade,omitempty"`
	// Dager is for how many days; 0 is never.
	Dager int `json:"dager"`
	// Begrunnelse is why, in the privacy officer's words. It stands in the log.
	Begrunnelse string `json:"begrunnelse"`
}

// undecided holds where an organisation has decided nothing: who has looked somebody up there may tell where a child, or
// somebody in hiding, is.
var undecided = []Unntak{
	{Tjenesteomraade: "BARNEVERN", Begrunnelse: "Gjelder til organisasjonen har bestemt noe annet: oppslaget kan røpe en sak om et barn, eller hvor barnet er."},
	{Tjenesteomraade: "SOSIAL", Begrunnelse: "Gjelder til organisasjonen har bestemt noe annet: oppslaget kan røpe hvor noen søker vern."},
}

// Book has the organisations' rules. It is safe for concurrent use.
type Book struct{ store store.Store }

// New opens the rules in a store.
func New(s store.Store) *Book { return &Book{s} }

// Rule gives an organisation's rule, and where nothing was decided one that holds child welfare and social services back.
func (b *Book) Rule(ctx context.Context, fiksOrgID string) (Regel, error) {
	key := "innsynsregel/" + fiksOrgID
	r, over, err := store.Read[Regel](ctx, b.store, key)
	if err == nil && over == "" {
		r.Unntak = undecided
	}
	r.key, r.over = key, over
	return r, err
}

// Put gives the write of a decision over the one that Rule gave.
func (r Regel) Put(to Regel) ([]store.Op, error) {
	op, err := store.Write(r.key, to, r.over)
	return []store.Op{op}, err
}

// Shows reports whether an entry may be told now. Where several exclusions hold, the strictest does.
func (r Regel) Shows(e audit.Entry, now time.Time) bool {
	days := r.ForsinkelseDager
	for _, u := range r.Unntak {
		if (u.Rolle == "" || u.Rolle != e.Rolle) && (u.Tjenesteomraade == "" || u.Tjenesteomraade != e.Tjenesteomraade) {
			continue
		}
		if u.Dager <= 0 {
			return false
		}
		days = max(days, u.Dager)
	}
	return !now.Before(e.Tid.AddDate(0, 0, days))
}
