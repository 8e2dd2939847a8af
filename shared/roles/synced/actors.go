package synced

import (
	"context"
	"strings"
)

// Named finds an actor by its id alone: a synced user or group of a source that is still there.
func (b *Book) Named(ctx context.Context, aktorID string) (navn, fiksOrgID string, ok bool, err error) {
	u, ok, err := b.Actor(ctx, aktorID)
	if err != nil || ok {
		return u.Navn, u.FiksOrgID, ok, err
	}
	id, is := strings.CutPrefix(aktorID, GroupPrefix)
	if !is || !IsID(id) {
		return "", "", false, nil
	}
	o, ok, err := read[owner](ctx, b.store, ownerKey(aktorID))
	if err != nil || !ok {
		return "", "", false, err
	}
	g, ok, err := b.Group(ctx, o.KildeID, id)
	if err != nil || !ok {
		return "", "", false, err
	}
	_, ok, err = b.Source(ctx, o.KildeID)
	return g.Navn, g.FiksOrgID, ok, err
}

// Actor gives the synced user that an actor id names; ok is false where there is none, and where its source is
// gone.
func (b *Book) Actor(ctx context.Context, aktorID string) (u User, ok bool, err error) {
	id, is := strings.CutPrefix(aktorID, UserPrefix)
	if !is || !IsID(id) {
		return u, false, nil
	}
	o, ok, err := read[owner](ctx, b.store, ownerKey(aktorID))
	if err != nil || !ok {
		return u, false, err
	}
	if u, ok, err = b.User(ctx, o.KildeID, id); err != nil || !ok {
		return u, false, err
	}
	_, ok, err = b.Source(ctx, o.KildeID)
	return u, ok, err
}

// Groups gives the actor ids of the groups of its own source that a synced user is in, those that are there.
func (b *Book) Groups(ctx context.Context, u User) ([]string, error) {
	ids, err := b.Memberships(ctx, u.ID)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = groupKey(u.KildeID, id)
	}
	found, err := b.store.GetMany(ctx, keys)
	var all []string
	for i, key := range keys {
		if _, ok := found[key]; ok {
			all = append(all, GroupPrefix+ids[i])
		}
	}
	return all, err
}

// SourceOf gives the source that a synced user or group is of; ok is false where there is no such actor.
func (b *Book) SourceOf(ctx context.Context, aktorID string) (kilde string, ok bool, err error) {
	if id := strings.TrimPrefix(strings.TrimPrefix(aktorID, UserPrefix), GroupPrefix); !IsID(id) {
		return "", false, nil
	}
	o, ok, err := read[owner](ctx, b.store, ownerKey(aktorID))
	return o.KildeID, ok, err
}
