package synced

import (
	"context"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/roles/synced/pulled"
	"hjemmel/shared/roles/synced/target"
	"hjemmel/shared/secret"
	"hjemmel/shared/store"
)

// Book reads what was synced. It is safe for concurrent use, and a change in the store shows at the next read.
type Book struct {
	store  store.Store
	person []byte // hashes numbers for the index that package roles finds employees by
	token  []byte
	unique []byte
	aead   cipher.AEAD
	target *target.Book
	pulled *pulled.Book
}

// NewBook opens the book. From the key, at least 32 bytes, are derived those that hash and seal.
func NewBook(s store.Store, key []byte) (*Book, error) {
	b := &Book{store: s, person: key}
	var errs [5]error
	b.token, errs[0] = secret.Key(key, "hjemmel/synk/token")
	b.unique, errs[1] = secret.Key(key, "hjemmel/synk/entydig")
	b.aead, errs[2] = secret.AEAD(key, "hjemmel/synk/nummer")
	b.target, errs[3] = target.NewBook(s, key)
	b.pulled, errs[4] = pulled.NewBook(s, key)
	return b, errors.Join(errs[:]...)
}

// Targets are the systems that follow what is synced.
func (b *Book) Targets() *target.Book { return b.target }

// Pulls are the sources that we read.
func (b *Book) Pulls() *pulled.Book { return b.pulled }

// PersonIndex is the prefix of the entries that find by a number whom a person is, employees and synced users
// alike, so that one scan finds both: a keyed hash.
func PersonIndex(key []byte, number person.ID) string {
	return "ansattindeks/" + hashed(key, number.Reveal()) + "/"
}

func hashed(key []byte, text string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// What a source cannot do.
var (
	ErrGone = fault.New(fault.NotFound, "SYNK_IKKE_FUNNET", "Kilden, brukeren, gruppen eller tokenet finnes ikke i organisasjonen.")
	// ErrTaken is told of a userName or an externalId that another one of the source has.
	ErrTaken = errors.New("synced: taken")
	// ErrMember is told of a member that is no user of the source.
	ErrMember = errors.New("synced: a member is no user of the source")
	// ErrMany is told of more changes of members than one commit takes.
	ErrMany = errors.New("synced: too many members in one change")
)

// Sources lists an organisation's sources.
func (b *Book) Sources(ctx context.Context, fiksOrgID string) ([]Source, error) {
	if !IsID(fiksOrgID) {
		return nil, nil
	}
	index, err := store.All(ctx, b.store, sourceIndexKey(fiksOrgID, ""))
	if err != nil {
		return nil, err
	}
	var all []Source
	for _, r := range index {
		s, ok, err := b.Source(ctx, last(r.Key))
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, s)
		}
	}
	return all, nil
}

// Source gives a source; ok is false where there is none.
func (b *Book) Source(ctx context.Context, id string) (s Source, ok bool, err error) {
	if !IsID(id) {
		return s, false, nil
	}
	s, s.over, err = store.Read[Source](ctx, b.store, sourceKey(id))
	return s, s.over != "", err
}

// PutSource gives the writes of a new source.
func PutSource(s Source) ([]store.Op, error) {
	op, err := store.Write(sourceKey(s.ID), s, s.over)
	return []store.Op{op, store.Put(sourceIndexKey(s.FiksOrgID, s.ID), nil)}, err
}

// Drop gives the writes after which the source, its tokens and whatever its users held count for nothing, at
// once and whatever their number: each of them is looked at through its source. What is left is swept later.
func (b *Book) Drop(ctx context.Context, s Source) ([]store.Op, error) {
	return b.remove(ctx, []store.Op{store.DeleteIf(sourceKey(s.ID), s.over)}, sourceIndexKey(s.FiksOrgID, s.ID))
}

// remove adds the removal of the records that are there.
func (b *Book) remove(ctx context.Context, ops []store.Op, keys ...string) ([]store.Op, error) {
	found, err := b.store.GetMany(ctx, keys)
	for _, key := range keys {
		if r, ok := found[key]; ok {
			ops = append(ops, store.DeleteIf(key, r.Revision))
		}
	}
	return ops, err
}

// each visits the records below prefix, in pages.
func each[T any](ctx context.Context, s store.Store, prefix string, visit func(T, store.Record) error) error {
	after := ""
	for {
		page, err := s.Scan(ctx, prefix, after, store.MaxScan)
		if err != nil {
			return err
		}
		for _, r := range page {
			v, err := store.Value[T](r)
			if err != nil {
				return err
			}
			if err := visit(v, r); err != nil {
				return err
			}
			after = r.Key
		}
		if len(page) < store.MaxScan {
			return nil
		}
	}
}

// names gives the last parts of the keys below prefix.
func (b *Book) names(ctx context.Context, prefix string) ([]string, error) {
	records, err := store.All(ctx, b.store, prefix)
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = strings.TrimPrefix(r.Key, prefix)
	}
	return ids, err
}

// Moment cuts a time to what we keep of it.
func Moment(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
