// Package reference makes references to persons: opaque texts that stand for a number in an answer,
// so that a relative can be looked up by whoever was shown them and by nobody else.
//
// It refuses a reference that was made for another caller or another role, that is too old, or that
// we did not make, and does not say which.
package reference

import (
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/identity"
	"hjemmel/shared/person"
	"hjemmel/shared/secret"
)

// Life is how long a reference can be used: a working day.
const Life = 8 * time.Hour

// ErrReference is the one answer to every reference that cannot be used.
var ErrReference = fault.New(fault.Invalid, "UGYLDIG_REFERANSE",
	"Referansen til personen kan ikke brukes lenger. Slå opp på nytt den personen den kom fra.")

// Sealer makes and opens references. It is safe for concurrent use.
type Sealer struct{ aead cipher.AEAD }

// New derives the key from a secret of at least 32 bytes.
func New(from []byte) (*Sealer, error) {
	aead, err := secret.AEAD(from, "hjemmel/reference")
	return &Sealer{aead}, err
}

// Seal gives a reference to the person, for a caller in a role, that can be used for [Life].
func (s *Sealer) Seal(id person.ID, who identity.Caller, rolleID string, now time.Time) string {
	plain := binary.BigEndian.AppendUint64(nil, uint64(now.Add(Life).Unix())) //nolint:gosec // after 1970
	sealed := s.aead.Seal(nil, nil, append(plain, id.Reveal()...), bound(who, rolleID))
	return base64.RawURLEncoding.EncodeToString(sealed)
}

// Open gives the person that a reference stands for, or ErrReference.
func (s *Sealer) Open(ref string, who identity.Caller, rolleID string, now time.Time) (person.ID, error) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(ref)
	if err != nil {
		return person.ID{}, ErrReference
	}
	plain, err := s.aead.Open(nil, nil, sealed, bound(who, rolleID))
	if err != nil || len(plain) < 8 || now.Unix() >= int64(binary.BigEndian.Uint64(plain)) { //nolint:gosec // we wrote it
		return person.ID{}, ErrReference
	}
	id, err := person.ParseID(string(plain[8:]))
	if err != nil {
		return person.ID{}, ErrReference
	}
	return id, nil
}

// bound is what a reference holds for: the caller, through the same door, and the role. No part can
// hold the byte that divides them.
func bound(who identity.Caller, rolleID string) []byte {
	return []byte(strings.Join([]string{
		who.Kind().String(), who.Person().Reveal(), who.Organisation(), who.IntegrationID(), who.ClientOrgnr(), strings.ToLower(rolleID),
	}, "\x00"))
}
