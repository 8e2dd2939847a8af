package roles

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"hjemmel/shared/policy"
	"hjemmel/shared/store"
)

// noedtilgangKey orders the newest first: noedtilgang/{fiksOrgId}/{rolle}/{aktor}/{time}-{id}.
func noedtilgangKey(n policy.Noedtilgang) string {
	return fmt.Sprintf("%s%s/%012d-%s", noedtilgangPrefix(n.FiksOrgID, n.RolleID), n.AktorID, 1e11-n.Fra.Unix(), n.ID)
}

func noedtilgangPrefix(fiksOrgID, rolleID string) string {
	return "noedtilgang/" + fiksOrgID + "/" + rolleID + "/"
}

// PutNoedtilgang gives the write of a nødtilgang, which administrators list too.
func PutNoedtilgang(n policy.Noedtilgang) ([]store.Op, error) {
	return put(n, []string{n.FiksOrgID, n.RolleID, n.AktorID, n.ID}, noedtilgangKey(n))
}

// maxNoedtilganger bounds what is read of one holder's: those in force are among the newest.
const maxNoedtilganger = 20

// widened adds the holder's newest nødtilganger. Roles that permit none cost nothing.
func (b *Book) widened(ctx context.Context, h policy.Holder) (policy.Holder, error) {
	if r := h.Profil.Role; r.NoedtilgangTimer > 0 && plain(h.Aktor) {
		var err error
		h.Noedtilganger, err = b.noedtilganger(ctx, noedtilgangPrefix(r.FiksOrgID, r.ID)+h.Aktor+"/", maxNoedtilganger)
		return h, err
	}
	return h, nil
}

// Noedtilganger lists those of a role, each holder's newest first, at most 1000: of the one holder, or
// of all where aktor is "".
func (b *Book) Noedtilganger(ctx context.Context, fiksOrgID, rolleID, aktor string) ([]policy.Noedtilgang, error) {
	prefix := noedtilgangPrefix(fiksOrgID, rolleID)
	if aktor != "" {
		prefix += aktor + "/"
	}
	return b.noedtilganger(ctx, prefix, 1000)
}

func (b *Book) noedtilganger(ctx context.Context, prefix string, limit int) ([]policy.Noedtilgang, error) {
	records, err := b.store.Scan(ctx, prefix, "", limit)
	if err != nil {
		return nil, unreadable(err)
	}
	var all []policy.Noedtilgang
	for _, r := range records {
		var n policy.Noedtilgang
		if err := json.Unmarshal(r.Value, &n); err != nil {
			return nil, unreadable(err)
		}
		all = append(all, n)
	}
	return all, nil
}

// Open stores a nødtilgang that is written in the log already.
func (b *Book) Open(ctx context.Context, n policy.Noedtilgang) error {
	ops, err := PutNoedtilgang(n)
	if err != nil {
		return err
	}
	if err := b.store.Commit(ctx, ops...); err != nil {
		return unreadable(err)
	}
	return nil
}

// Widening is a nødtilgang with who in the organisation has looked at it afterwards.
type Widening struct {
	policy.Noedtilgang
	Sett   time.Time `json:"sett,omitzero"`
	SettAv string    `json:"settAv,omitempty"` // an administrator's or privacy officer's id

	over store.Revision
}

// Widenings lists the nødtilganger of an organisation, newest first.
func (b *Book) Widenings(ctx context.Context, fiksOrgID string) ([]Widening, error) {
	if !plain(fiksOrgID) {
		return nil, nil
	}
	records, err := store.All(ctx, b.store, "noedtilgang/"+fiksOrgID+"/")
	if err != nil {
		return nil, unreadable(err)
	}
	all := make([]Widening, len(records))
	for i, r := range records {
		if all[i], err = store.Value[Widening](r); err != nil {
			return nil, err
		}
		all[i].over = r.Revision
	}
	slices.SortStableFunc(all, func(a, b Widening) int { return b.Fra.Compare(a.Fra) })
	return all, nil
}

// See gives the write that the nødtilgang, as Widenings gave it, has been looked at.
func (w Widening) See(by string, at time.Time) ([]store.Op, Widening, error) {
	w.Sett, w.SettAv = at, by
	ops, err := one(store.Write(noedtilgangKey(w.Noedtilgang), w, w.over))
	return ops, w, err
}
