// Package target is which systems (målsystemer) an organisation lets follow what its identity systems have told,
// and the marks by which they say how far they have come.
//
// It refuses a mark that was made for anybody else, or that was changed.
package target

import (
	"context"
	"crypto/cipher"
	"encoding/base64"
	"regexp"
	"time"

	"hjemmel/shared/secret"
	"hjemmel/shared/store"
)

// Target (målsystem) is a system that follows.
type Target struct {
	MaalSystem    string `json:"maalSystem"`
	FiksOrgID     string `json:"fiksOrgId"`
	IntegrasjonID string `json:"integrasjonId"` // the only one that may follow
	// Identitetsnummer is whether it gets users' identity numbers.
	Identitetsnummer bool      `json:"identitetsnummer"`
	Endret           time.Time `json:"endret"`

	over store.Revision
}

// Book reads targets. It is safe for concurrent use.
type Book struct {
	store store.Store
	marks cipher.AEAD
}

// NewBook opens the book. From the key, at least 32 bytes, is derived the one that seals marks.
func NewBook(s store.Store, key []byte) (*Book, error) {
	marks, err := secret.AEAD(key, "hjemmel/synk/merke")
	return &Book{s, marks}, err
}

var shape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,39}$`)

// IsName reports whether s can name a target.
func IsName(s string) bool { return shape.MatchString(s) }

func key(org, navn string) string { return "synkmaal/" + org + "/" + navn }

// Target gives an organisation's target; ok is false where there is none.
func (b *Book) Target(ctx context.Context, org, navn string) (t Target, ok bool, err error) {
	if org == "" || !IsName(navn) {
		return t, false, nil
	}
	t, t.over, err = store.Read[Target](ctx, b.store, key(org, navn))
	return t, t.over != "", err
}

// All lists an organisation's targets by name.
func (b *Book) All(ctx context.Context, org string) ([]Target, error) {
	records, err := store.All(ctx, b.store, key(org, ""))
	all := make([]Target, len(records))
	for i, r := range records {
		if all[i], err = store.Value[Target](r); err != nil {
			return nil, err
		}
	}
	return all, err
}

// Put gives the write of a target over the one that was read, the zero Target for a new one.
func Put(t, was Target) ([]store.Op, error) {
	op, err := store.Write(key(t.FiksOrgID, t.MaalSystem), t, was.over)
	return []store.Op{op}, err
}

// Drop gives the write after which nobody follows by that name.
func Drop(t Target) []store.Op {
	return []store.Op{store.DeleteIf(key(t.FiksOrgID, t.MaalSystem), t.over)}
}

// Seal makes of a place in a stream a text that only whom it is about can use.
func (b *Book) Seal(plain []byte, about string) string {
	return base64.RawURLEncoding.EncodeToString(b.marks.Seal(nil, nil, plain, []byte(about))) //nolint:gosec // the AEAD makes the nonce
}

// Open opens what Seal made for the same; ok is false for anything else.
func (b *Book) Open(text, about string) (plain []byte, ok bool) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, false
	}
	plain, err = b.marks.Open(nil, nil, sealed, []byte(about))
	return plain, err == nil
}
