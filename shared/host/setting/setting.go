// Package setting has settings that hold a secret: random bytes, and keys as PEM.
//
// It refuses to print what they hold, by whatever verb.
package setting

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"
)

// Secret is a setting of random bytes in base64. It does not print.
type Secret []byte

// Decode reads base64.
func (s *Secret) Decode(value string) error {
	b, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return errors.New("not base64")
	}
	*s = b
	return nil
}

// String hides the secret; so does every other way of printing it.
func (Secret) String() string { return "▮" }

// Format hides the secret under every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("▮")) }

// PEM is a setting of PEM blocks, given as such or as @FILE. It does not print.
type PEM []*pem.Block

// Decode reads the blocks.
func (p *PEM) Decode(value string) error {
	text := []byte(value)
	if name, ok := strings.CutPrefix(value, "@"); ok {
		var err error
		if text, err = os.ReadFile(name); err != nil { //nolint:gosec // the operator names the file
			return errors.New("cannot read the file")
		}
	}
	for {
		var b *pem.Block
		if b, text = pem.Decode(text); b == nil {
			break
		}
		*p = append(*p, b)
	}
	if len(*p) == 0 {
		return errors.New("no PEM block")
	}
	return nil
}

// Format hides the key under every verb.
func (PEM) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("▮")) }

// RSAKey reads a private key of the kinds openssl writes.
func (p PEM) RSAKey() (*rsa.PrivateKey, error) {
	if len(p) == 0 {
		return nil, errors.New("no key")
	}
	if k, err := x509.ParsePKCS1PrivateKey(p[0].Bytes); err == nil {
		return k, nil
	}
	k, err := x509.ParsePKCS8PrivateKey(p[0].Bytes)
	if err != nil {
		return nil, errors.New("not a private key")
	}
	rsaKey, ok := k.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("not an RSA key")
	}
	return rsaKey, nil
}

// Chain gives the blocks as certificates, DER, the leaf first.
func (p PEM) Chain() [][]byte {
	var der [][]byte
	for _, b := range p {
		der = append(der, b.Bytes)
	}
	return der
}
