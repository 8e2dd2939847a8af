package synced

import (
	"context"
	"maps"
	"slices"
	"time"

	"hjemmel/shared/store"
)

// maxMembers is how many memberships one commit may change: each is two records.
const maxMembers = 900

// claims are the unique records of a group.
func (b *Book) groupClaims(g Group) map[string]bool {
	if g.EksternID == "" {
		return nil
	}
	return map[string]bool{b.uniqueKey(g.KildeID, "gruppeid", g.EksternID): true}
}

// Group gives a source's group; ok is false where there is none.
func (b *Book) Group(ctx context.Context, kilde, id string) (g Group, ok bool, err error) {
	if !IsID(kilde) || !IsID(id) {
		return g, false, nil
	}
	g, g.over, err = store.Read[Group](ctx, b.store, groupKey(kilde, id))
	return g, g.over != "", err
}

// GroupBy finds a source's group by external id.
func (b *Book) GroupBy(ctx context.Context, kilde, eksternID string) (g Group, ok bool, err error) {
	id, ok, err := read[string](ctx, b.store, b.uniqueKey(kilde, "gruppeid", eksternID))
	if err != nil || !ok {
		return g, false, err
	}
	return b.Group(ctx, kilde, id)
}

// EachGroup visits a source's groups in the order of their ids.
func (b *Book) EachGroup(ctx context.Context, kilde string, visit func(Group) error) error {
	return each(ctx, b.store, groupKey(kilde, ""), func(g Group, r store.Record) error {
		g.over = r.Revision
		return visit(g)
	})
}

// PutGroup gives the writes of a group over the one that it was made of, the zero Group for a new one, with a
// change of its members. Only what changes is read and written.
func (b *Book) PutGroup(ctx context.Context, g, was Group, add, remove []string) ([]store.Op, error) {
	ops, err := b.claim(ctx, g.ID, b.groupClaims(was), b.groupClaims(g))
	if err != nil {
		return nil, err
	}
	op, err := store.Write(groupKey(g.KildeID, g.ID), g, was.over)
	if err != nil {
		return nil, err
	}
	ops, err = b.trace(ctx, append(ops, op), g.FiksOrgID, Grupper, Trace{ID: g.ID, KildeID: g.KildeID, Tid: g.Endret}, was.Endret)
	if err != nil {
		return nil, err
	}
	if was.over == "" {
		owned, err := store.Write(ownerKey(g.AktorID()), owner{g.KildeID, g.FiksOrgID}, "")
		if err != nil {
			return nil, err
		}
		ops = append(ops, owned)
	}
	if len(add)+len(remove) > maxMembers {
		return nil, ErrMany
	}
	for _, u := range add {
		ops = append(ops, store.Put(memberKey(g.ID, u), []byte("{}")), store.Put(membershipKey(u, g.ID), []byte("{}")))
	}
	return b.remove(ctx, ops, memberKeys(g.ID, remove)...)
}

func memberKeys(group string, users []string) []string {
	var keys []string
	for _, u := range users {
		keys = append(keys, memberKey(group, u), membershipKey(u, group))
	}
	return keys
}

// DropGroup gives the writes after which, from the time, the group is none. Memberships count through their group, so they
// need not go in the same commit; those that are left are swept later.
func (b *Book) DropGroup(ctx context.Context, g Group, at time.Time) ([]store.Op, error) {
	ops, err := b.claim(ctx, g.ID, b.groupClaims(g), nil)
	if err != nil {
		return nil, err
	}
	ops, err = b.trace(ctx, ops, g.FiksOrgID, Grupper, Trace{ID: g.ID, KildeID: g.KildeID, Tid: Moment(at), Slettet: true}, g.Endret)
	if err != nil {
		return nil, err
	}
	return b.remove(ctx, append(ops, store.DeleteIf(groupKey(g.KildeID, g.ID), g.over)), ownerKey(g.AktorID()))
}

// Members lists the ids of a group's members.
func (b *Book) Members(ctx context.Context, group string) ([]string, error) {
	return b.names(ctx, memberKey(group, ""))
}

// Memberships lists the ids of the groups that a user is in.
func (b *Book) Memberships(ctx context.Context, user string) ([]string, error) {
	return b.names(ctx, membershipKey(user, ""))
}

// MembersAmong gives those of the users who are members of the group.
func (b *Book) MembersAmong(ctx context.Context, group string, users []string) (map[string]bool, error) {
	keys := make([]string, len(users))
	for i, u := range users {
		keys[i] = memberKey(group, u)
	}
	found, err := b.store.GetMany(ctx, keys)
	in := map[string]bool{}
	for key := range found {
		in[last(key)] = true
	}
	return in, err
}

// CheckUsers wants all of them to be users of the source: ErrMember where one is not, also where it is a group.
func (b *Book) CheckUsers(ctx context.Context, kilde string, users []string) error {
	keys := map[string]bool{}
	for _, u := range users {
		if !IsID(u) {
			return ErrMember
		}
		keys[userKey(kilde, u)] = true
	}
	for part := range slices.Chunk(slices.Collect(maps.Keys(keys)), 1000) {
		found, err := b.store.GetMany(ctx, part)
		if err != nil {
			return err
		}
		if len(found) < len(part) {
			return ErrMember
		}
	}
	return nil
}
