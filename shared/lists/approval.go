package lists

import (
	"context"
	"time"

	"hjemmel/shared/store"
)

// Godkjenning is what somebody else than the one who ordered says of the order, where the role wants that.
// Until then nothing is done for the list.
type Godkjenning struct {
	Tilstand Tilstand  `json:"tilstand"`
	Frist    time.Time `json:"frist"` // when an order that nobody decides about is removed
	Av       string    `json:"av,omitempty"`
	Tid      time.Time `json:"tid,omitzero"`
	Grunn    string    `json:"grunn,omitempty"`
}

// Tilstand is how far an approval has come.
type Tilstand string

// What an approval can be.
const (
	Venter   Tilstand = "VENTER"
	Godkjent Tilstand = "GODKJENT"
	Avvist   Tilstand = "AVVIST"
)

// Venter reports whether the list waits for somebody's approval.
func (l *Liste) Venter() bool { return l.Godkjenning != nil && l.Godkjenning.Tilstand == Venter }

// Begun is when work on the list could begin: when it was ordered, or approved.
func (l *Liste) Begun() time.Time {
	if l.Godkjenning != nil && !l.Godkjenning.Tid.IsZero() {
		return l.Godkjenning.Tid
	}
	return l.Opprettet
}

// Decide gives the writes of a decision about a list that waits: from now it lives until a time, or, refused,
// fails with a code and a text.
func (b *Book) Decide(ctx context.Context, l *Liste, g Godkjenning, until, now time.Time) ([]store.Op, error) {
	if !l.Venter() {
		return nil, ErrState
	}
	g.Frist, g.Tid = l.Godkjenning.Frist, stamp(now)
	l.Godkjenning = &g
	if g.Tilstand == Avvist {
		l.Feilkode, l.Feil = "BESTILLING_AVVIST", "Bestillingen ble ikke godkjent."
		return l.Save(Feilet, now)
	}
	moved, err := b.Expire(ctx, l, until)
	if err != nil {
		return nil, err
	}
	saved, err := l.Save(l.Status, now)
	return append(moved, saved...), err
}

// Expire moves the list's end to a time, and gives the writes of its index. The list is to be saved with them.
func (b *Book) Expire(ctx context.Context, l *Liste, until time.Time) ([]store.Op, error) {
	was, is := expiryKey(l.Utloepsdato, l.ID), expiryKey(until, l.ID)
	l.Utloepsdato = until.UTC().Truncate(time.Second)
	if was == is {
		return nil, nil
	}
	ops := []store.Op{store.Put(is, nil)}
	found, err := b.store.GetMany(ctx, []string{was})
	if r, ok := found[was]; ok {
		ops = append(ops, store.DeleteIf(was, r.Revision))
	}
	return ops, err
}
