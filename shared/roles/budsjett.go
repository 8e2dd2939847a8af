package roles

import (
	"context"
	"encoding/json"
	"errors"

	"hjemmel/shared/policy"
	"hjemmel/shared/store"
)

// Forbruk is what a holder has used of a role's budget, as it was read. The zero Forbruk is of a role
// without a budget, which costs nothing to keep.
type Forbruk struct {
	key      string
	revision store.Revision
	used     used
}

// used is the record: one for each role and holder, which starts afresh with a new day.
type used struct {
	Dag     string `json:"dag"`
	Oppslag int    `json:"oppslag"`
	Soek    int    `json:"soek"`
}

// Brukt is what was used on the action.
func (f Forbruk) Brukt(a policy.Action) int {
	if a.Searching() {
		return f.used.Soek
	}
	return f.used.Oppslag
}

// Forbruk reads what the holder has used on the day.
func (b *Book) Forbruk(ctx context.Context, h policy.Holder, dag string) (Forbruk, error) {
	if h.Profil == nil || h.Profil.Role.Budsjett == (policy.Budsjett{}) || !plain(h.Aktor) {
		return Forbruk{}, nil
	}
	f := Forbruk{key: "budsjett/" + h.Profil.Role.ID + "/" + h.Aktor, used: used{Dag: dag}}
	r, err := b.store.Get(ctx, f.key)
	if errors.Is(err, store.ErrNotFound) {
		return f, nil
	}
	if err != nil {
		return f, unreadable(err)
	}
	f.revision = r.Revision
	before, err := decode[used](r)
	if err == nil && before.Dag == dag {
		f.used = before
	}
	return f, err
}

// Bruk counts the ask. It gives false where somebody else counted meanwhile: then read and judge again.
func (b *Book) Bruk(ctx context.Context, f Forbruk, a policy.Ask) (bool, error) {
	if f.key == "" {
		return true, nil
	}
	if a.Action.Searching() {
		f.used.Soek += a.Kostnad()
	} else {
		f.used.Oppslag += a.Kostnad()
	}
	value, err := json.Marshal(f.used)
	if err != nil {
		return false, err
	}
	op := store.Create(f.key, value)
	if f.revision != "" {
		op = store.PutIf(f.key, value, f.revision)
	}
	err = b.store.Commit(ctx, op)
	switch {
	case errors.Is(err, store.ErrConflict):
		return false, nil
	case err != nil:
		return false, unreadable(err)
	}
	return true, nil
}
