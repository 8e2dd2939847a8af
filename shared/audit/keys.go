package audit

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"errors"

	"hjemmel/shared/person"
	"hjemmel/shared/secret"
)

// Keys derives each organisation's own keys from the platform's audit secret (HKDF, RFC 5869).
type Keys struct{ secret []byte }

// ErrSecret is returned for an audit secret under 32 bytes.
var ErrSecret = errors.New("audit: the audit secret must be at least 32 bytes")

// NewKeys takes the platform's audit secret, at least 32 bytes.
func NewKeys(secret []byte) (Keys, error) {
	if len(secret) < 32 {
		return Keys{}, ErrSecret
	}
	return Keys{append([]byte(nil), secret...)}, nil
}

// Organisation gives the keys of one organisation.
func (k Keys) Organisation(fiksOrgID string) (OrganisationKey, error) {
	if len(k.secret) == 0 {
		return OrganisationKey{}, ErrSecret
	}
	mac, err := secret.Key(k.secret, "hjemmel/audit/pseudonym/"+fiksOrgID)
	if err != nil {
		return OrganisationKey{}, err
	}
	aead, err := secret.AEAD(k.secret, "hjemmel/audit/seal/"+fiksOrgID)
	return OrganisationKey{mac, aead}, err
}

// OrganisationKey makes and opens what the log says of persons, for one organisation.
type OrganisationKey struct {
	mac  []byte
	aead cipher.AEAD
}

// Pseudonym is the same for the same person within the organisation, and tells nothing without the
// key: HMAC-SHA256, base64url.
func (k OrganisationKey) Pseudonym(id person.ID) string {
	h := hmac.New(sha256.New, k.mac)
	h.Write([]byte(id.Reveal()))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// Actor is what a person is told in place of an employee or an integration: the same for the same actor within what is
// told to one person, another to the next, and nothing without the key. "" for nobody.
func (k OrganisationKey) Actor(told person.ID, aktor string) string {
	if aktor == "" || told.IsZero() || len(k.mac) == 0 {
		return ""
	}
	h := hmac.New(sha256.New, k.mac)
	h.Write([]byte("innsyn\x00" + told.Reveal() + "\x00" + aktor)) // no number begins so: these are no pseudonyms of persons
	return base32.StdEncoding.EncodeToString(h.Sum(nil))[:12]
}

// seal encrypts the number, bound to the entry it stands in (AES-256-GCM, random nonce).
func (k OrganisationKey) seal(id person.ID, entry string) ([]byte, error) {
	if k.aead == nil {
		return nil, ErrSecret
	}
	return k.aead.Seal(nil, nil, []byte(id.Reveal()), []byte(entry)), nil //nolint:gosec // the AEAD makes the nonce
}

// Unseal reads the number of an entry that seal sealed. Reading the log is itself logged by the one
// who calls this.
func (k OrganisationKey) Unseal(e Entry) (person.ID, error) {
	if k.aead == nil {
		return person.ID{}, ErrSecret
	}
	digits, err := k.aead.Open(nil, nil, e.ForseglingAv, []byte(entryID(e.Skriver, e.Nr)))
	if err != nil {
		return person.ID{}, ErrTampered
	}
	return person.ParseID(string(digits))
}
