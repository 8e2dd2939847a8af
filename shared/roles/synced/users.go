package synced

import (
	"context"
	"strings"
	"time"

	"hjemmel/shared/person"
	"hjemmel/shared/store"
)

// uniqueKey is the record that only one of a source can have: what is unique is a keyed hash, because a user
// name says who somebody is.
func (b *Book) uniqueKey(kilde, sort, value string) string {
	return "synkentydig/" + kilde + "/" + sort + "/" + hashed(b.unique, value)
}

// claims are the unique records of a user.
func (b *Book) claims(u User) map[string]bool {
	keys := map[string]bool{}
	if u.Brukernavn != "" {
		keys[b.uniqueKey(u.KildeID, "brukernavn", strings.ToLower(u.Brukernavn))] = true
	}
	if u.EksternID != "" {
		keys[b.uniqueKey(u.KildeID, "brukerid", u.EksternID)] = true
	}
	return keys
}

// claim gives the writes by which the owner has the new keys and no longer the old ones. ErrTaken where
// somebody else has one of them.
func (b *Book) claim(ctx context.Context, id string, was, now map[string]bool) ([]store.Op, error) {
	var ops []store.Op
	var leave []string
	for key := range was {
		if !now[key] {
			leave = append(leave, key)
		}
	}
	for key := range now {
		if was[key] {
			continue
		}
		if _, taken, err := read[string](ctx, b.store, key); err != nil || taken {
			return nil, first(err, ErrTaken)
		}
		op, err := store.Write(key, id, "")
		if err != nil {
			return nil, err
		}
		ops = append(ops, op)
	}
	return b.remove(ctx, ops, leave...)
}

func first(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// WithNumber gives the user with a number as it was sent: sealed, and, where it is an identity number that we
// take, found by it. "" is no number.
func (b *Book) WithNumber(u User, sent string, number person.ID) User {
	u.Nummer, u.Person = nil, ""
	if sent != "" {
		u.Nummer = b.aead.Seal(nil, nil, []byte(sent), []byte(u.ID)) //nolint:gosec // the AEAD makes the nonce
	}
	if !number.IsZero() {
		u.Person = PersonIndex(b.person, number)
	}
	return u
}

// Number gives the number as it was sent; "" where none was, or where it cannot be opened.
func (b *Book) Number(u User) string {
	clear, err := b.aead.Open(nil, nil, u.Nummer, []byte(u.ID))
	if err != nil {
		return ""
	}
	return string(clear)
}

// PutUser gives the writes of a user over the one that it was made of: the zero User for a new one.
func (b *Book) PutUser(ctx context.Context, u, was User) ([]store.Op, error) {
	ops, err := b.claim(ctx, u.ID, b.claims(was), b.claims(u))
	if err != nil {
		return nil, err
	}
	op, err := store.Write(userKey(u.KildeID, u.ID), u, was.over)
	if err != nil {
		return nil, err
	}
	ops, err = b.trace(ctx, append(ops, op), u.FiksOrgID, Brukere, Trace{ID: u.ID, KildeID: u.KildeID, Tid: u.Endret}, was.Endret)
	if err != nil {
		return nil, err
	}
	if u.Person != was.Person && u.Person != "" {
		ops = append(ops, store.Put(u.Person+u.AktorID(), nil))
	}
	if u.Person != was.Person && was.Person != "" {
		if ops, err = b.remove(ctx, ops, was.Person+u.AktorID()); err != nil {
			return nil, err
		}
	}
	if was.over != "" {
		return ops, nil
	}
	owned, err := store.Write(ownerKey(u.AktorID()), owner{u.KildeID, u.FiksOrgID}, "")
	return append(ops, owned), err
}

// DropUser gives the writes after which, from the time, the user is nobody and in no group.
func (b *Book) DropUser(ctx context.Context, u User, at time.Time) ([]store.Op, error) {
	ops, err := b.claim(ctx, u.ID, b.claims(u), nil)
	if err != nil {
		return nil, err
	}
	ops, err = b.trace(ctx, ops, u.FiksOrgID, Brukere, Trace{ID: u.ID, KildeID: u.KildeID, Tid: Moment(at), Slettet: true}, u.Endret)
	if err != nil {
		return nil, err
	}
	keys := []string{ownerKey(u.AktorID())}
	if u.Person != "" {
		keys = append(keys, u.Person+u.AktorID())
	}
	groups, err := b.store.Scan(ctx, membershipKey(u.ID, ""), "", maxMembers)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		keys = append(keys, g.Key, memberKey(last(g.Key), u.ID))
	}
	return b.remove(ctx, append(ops, store.DeleteIf(userKey(u.KildeID, u.ID), u.over)), keys...)
}

// User gives a source's user; ok is false where there is none.
func (b *Book) User(ctx context.Context, kilde, id string) (u User, ok bool, err error) {
	if !IsID(kilde) || !IsID(id) {
		return u, false, nil
	}
	u, u.over, err = store.Read[User](ctx, b.store, userKey(kilde, id))
	return u, u.over != "", err
}

// UserBy finds a source's user by user name, or else by external id.
func (b *Book) UserBy(ctx context.Context, kilde, brukernavn, eksternID string) (u User, ok bool, err error) {
	key := b.uniqueKey(kilde, "brukerid", eksternID)
	if brukernavn != "" {
		key = b.uniqueKey(kilde, "brukernavn", strings.ToLower(brukernavn))
	}
	id, ok, err := read[string](ctx, b.store, key)
	if err != nil || !ok {
		return u, false, err
	}
	return b.User(ctx, kilde, id)
}

// EachUser visits a source's users in the order of their ids.
func (b *Book) EachUser(ctx context.Context, kilde string, visit func(User) error) error {
	return each(ctx, b.store, userKey(kilde, ""), func(u User, r store.Record) error {
		u.over = r.Revision
		return visit(u)
	})
}
