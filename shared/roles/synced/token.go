package synced

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"hjemmel/shared/store"
)

// TokenMonths is how long a token is good, as with Fiks; TokenWarning is how long before its end it is warned of.
const (
	TokenMonths  = 6
	TokenWarning = 30 * 24 * time.Hour
	// MaxTokens bounds those of one source that are good at once.
	MaxTokens = 10
)

// Token is what is kept of a source's bearer token: not enough to send it.
type Token struct {
	ID        string    `json:"id"`
	KildeID   string    `json:"kildeId"`
	MAC       string    `json:"mac"`
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"`
	RevokedAt time.Time `json:"revokedAt,omitzero"`

	over store.Revision
}

// InForce reports whether the token is good at the time.
func (t Token) InForce(at time.Time) bool {
	return t.RevokedAt.IsZero() && !at.Before(t.CreatedAt) && at.Before(t.ExpiresAt)
}

// Issue makes a token of 256 random bits. The text is shown once; only its keyed hash is kept.
func (b *Book) Issue(s Source, at time.Time) (Token, string, []store.Op, error) {
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails
	at = Moment(at)
	t := Token{ID: uuid.NewString(), KildeID: s.ID, CreatedAt: at, ExpiresAt: at.AddDate(0, TokenMonths, 0)}
	text := t.ID + "." + base64.RawURLEncoding.EncodeToString(random)
	t.MAC = b.mac(s.ID, text)
	op, err := store.Write(tokenKey(s.ID, t.ID), t, "")
	return t, text, []store.Op{op}, err
}

// mac binds a token to its source.
func (b *Book) mac(kilde, text string) string { return hashed(b.token, kilde+" "+text) }

// Tokens lists a source's tokens, good or not.
func (b *Book) Tokens(ctx context.Context, s Source) (all []Token, err error) {
	err = each(ctx, b.store, tokenKey(s.ID, ""), func(t Token, r store.Record) error {
		t.over = r.Revision
		all = append(all, t)
		return nil
	})
	return all, err
}

// Revoke gives the write after which the token is not good.
func (t Token) Revoke(at time.Time) ([]store.Op, error) {
	t.RevokedAt = Moment(at)
	op, err := store.Write(tokenKey(t.KildeID, t.ID), t, t.over)
	return []store.Op{op}, err
}

// Authenticate finds the source that a bearer token is for; ok is false for a token that is wrong, over,
// revoked or another source's, without telling which.
func (b *Book) Authenticate(ctx context.Context, kildeID, text string, at time.Time) (s Source, ok bool, err error) {
	id, _, _ := strings.Cut(text, ".")
	if !IsID(kildeID) || !IsID(id) || len(text) > 128 {
		return s, false, nil
	}
	t, _, err := read[Token](ctx, b.store, tokenKey(kildeID, id))
	if err != nil {
		return s, false, err
	}
	same := subtle.ConstantTimeCompare([]byte(t.MAC), []byte(b.mac(kildeID, text))) == 1
	if !same || !t.InForce(at) {
		return s, false, nil
	}
	return b.Source(ctx, kildeID)
}

// read gets a record as it may be remembered; ok is false where there is none.
func read[T any](ctx context.Context, s store.Store, key string) (v T, ok bool, err error) {
	r, err := s.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return v, false, nil
	}
	if err != nil {
		return v, false, err
	}
	v, err = store.Value[T](r)
	return v, err == nil, err
}
