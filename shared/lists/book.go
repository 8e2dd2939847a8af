package lists

import (
	"context"
	"crypto/cipher"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"hjemmel/shared/person"
	"hjemmel/shared/secret"
	"hjemmel/shared/store"
)

// Book reads lists and what the pipeline remembers of them. It is safe for concurrent use.
type Book struct {
	store store.Store
	aead  cipher.AEAD
	marks []byte // key of the pseudonyms of those on lists
}

// ErrKey is told of a key under 32 bytes.
var ErrKey = errors.New("lists: the key must be at least 32 bytes")

// NewBook opens the book. The key seals what the pipeline remembers between steps.
func NewBook(s store.Store, from []byte) (*Book, error) {
	if len(from) < 32 {
		return nil, ErrKey
	}
	aead, err := secret.AEAD(from, "hjemmel/lists")
	if err != nil {
		return nil, err
	}
	marks, err := secret.Key(from, "hjemmel/lists/personer")
	return &Book{s, aead, marks}, err
}

// Liste gives a list; ok is false where there is none.
func (b *Book) Liste(ctx context.Context, id string) (l Liste, ok bool, err error) {
	if !plain(id) {
		return l, false, nil
	}
	if l, l.over, err = store.Read[Liste](ctx, b.store, key(id)); err != nil || l.over == "" {
		return l, false, err
	}
	l.was, l.rader = l.Status, l.Rader
	return l, true, b.open(key(id), l.Forseglet, &l.Emne)
}

// Lister lists those of a role, newest first.
func (b *Book) Lister(ctx context.Context, rolleID string) ([]Liste, error) {
	if !plain(rolleID) {
		return nil, nil
	}
	prefix := rolePrefix(rolleID)
	index, err := store.All(ctx, b.store, prefix)
	if err != nil {
		return nil, err
	}
	var all []Liste
	for _, i := range index {
		l, ok, err := b.Liste(ctx, strings.TrimPrefix(i.Key, prefix))
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, l)
		}
	}
	sortNewest(all)
	return all, nil
}

// Part is a piece of the persons found: at most PartSize numbers.
type Part []person.ID

// PartSize is how many persons are fetched, written down and remembered together.
const PartSize = 1000

// PutPart gives the write of a piece, sealed. What was there of an earlier try is overwritten.
func (b *Book) PutPart(l *Liste, nr int, p Part) (store.Op, error) {
	digits := make([]string, len(p))
	for i, id := range p {
		digits[i] = id.Reveal()
	}
	return b.put(partKey(l.ID, nr), digits)
}

// Part gives a piece back.
func (b *Book) Part(ctx context.Context, l *Liste, nr int) (Part, error) {
	var digits []string
	if err := b.get(ctx, partKey(l.ID, nr), &digits); err != nil {
		return nil, err
	}
	p := make(Part, len(digits))
	for i, d := range digits {
		id, err := person.ParseID(d)
		if err != nil {
			return nil, errSealed
		}
		p[i] = id
	}
	return p, nil
}

// PutRows gives the write of the rows that a piece became, sealed. It is there once: a second one is a
// conflict.
func (b *Book) PutRows(l *Liste, nr int, rows [][]string) (store.Op, error) {
	op, err := b.put(rowsKey(l.ID, nr), rows)
	op.Kind = store.OpCreate
	return op, err
}

// Rows gives them back.
func (b *Book) Rows(ctx context.Context, l *Liste, nr int) (rows [][]string, err error) {
	return rows, b.get(ctx, rowsKey(l.ID, nr), &rows)
}

var errSealed = errors.New("lists: what was remembered cannot be opened")

// put gives the write of a value, sealed.
func (b *Book) put(at string, v any) (store.Op, error) {
	sealed, err := b.seal(at, v)
	return store.Put(at, sealed), err
}

// seal seals a value under its own key's name, compressed.
func (b *Book) seal(at string, v any) ([]byte, error) {
	clear, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return b.aead.Seal(nil, nil, squeeze(clear), []byte(at)), nil //nolint:gosec // the AEAD makes the nonce
}

func (b *Book) get(ctx context.Context, at string, v any) error {
	r, err := b.store.Get(ctx, at)
	if err != nil {
		return err
	}
	return b.open(at, r.Value, v)
}

func (b *Book) open(at string, sealed []byte, v any) error {
	squeezed, err := b.aead.Open(nil, nil, sealed, []byte(at))
	if err != nil {
		return errSealed
	}
	clear, err := unsqueeze(squeezed)
	if err != nil || json.Unmarshal(clear, v) != nil {
		return errSealed
	}
	return nil
}

// Forget gives the writes that remove what is remembered of the list beside it, at most most of them; none
// where nothing is left. While its file can be had, it is remembered who is on it, and its rows where changes can be
// told by them.
func (b *Book) Forget(ctx context.Context, l *Liste, rows bool, most int) ([]store.Op, error) {
	var ops []store.Op
	over := l.Status != Ferdig || l.Trukket()
	gone := []string{"listedel/" + l.ID + "/"}
	if over || !rows {
		gone = append(gone, "listerader/"+l.ID+"/")
	}
	if over {
		gone = append(gone, personsPrefix(l.FiksOrgID)+l.ID+"/")
	}
	for _, prefix := range gone {
		found, err := b.store.Scan(ctx, prefix, "", most-len(ops))
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			ops = append(ops, store.DeleteIf(r.Key, r.Revision))
		}
		if len(ops) == most {
			break
		}
	}
	return ops, nil
}

// Remove gives the writes that remove the list itself, as Liste gave it.
func (b *Book) Remove(ctx context.Context, l *Liste) ([]store.Op, error) {
	ops := []store.Op{store.DeleteIf(key(l.ID), l.over)}
	index := []string{roleKey(l), expiryKey(l.Utloepsdato, l.ID)}
	found, err := b.store.GetMany(ctx, index)
	for _, at := range index {
		if r, ok := found[at]; ok {
			ops = append(ops, store.DeleteIf(at, r.Revision))
		}
	}
	return ops, err
}

// Expired lists the ids of lists whose time is over, at most limit.
func (b *Book) Expired(ctx context.Context, now time.Time, limit int) ([]string, error) {
	records, err := b.store.Scan(ctx, expiryPrefix, "", limit)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, r := range records {
		day, id, _ := strings.Cut(strings.TrimPrefix(r.Key, expiryPrefix), "/")
		if day >= now.UTC().Format(time.DateOnly) {
			break
		}
		ids = append(ids, id)
	}
	return ids, nil
}
