// Package secret derives keys of their own purpose from one secret, so that what is sealed for one thing opens
// nothing else.
//
// It refuses short secrets, and to be used for passwords: there is no stretching.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
)

// size is that of derived keys, and the least of a secret, in bytes.
const size = 32

// ErrShort is returned for a secret under 32 bytes.
var ErrShort = errors.New("secret: a secret must be at least 32 bytes")

// Key derives a key of 32 bytes for a purpose (HKDF-SHA256, RFC 5869).
func Key(secret []byte, purpose string) ([]byte, error) {
	if len(secret) < size {
		return nil, ErrShort
	}
	return hkdf.Key(sha256.New, secret, nil, purpose, size)
}

// AEAD derives a key for a purpose and gives what seals by it: AES-256-GCM, which makes a random nonce for each
// seal.
func AEAD(secret []byte, purpose string) (cipher.AEAD, error) {
	key, err := Key(secret, purpose)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
