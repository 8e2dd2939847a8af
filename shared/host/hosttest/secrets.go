package hosttest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/go-jose/go-jose/v4"

	"hjemmel/shared/host/setting"
	"hjemmel/shared/identity"
)

// secrets are what a world keeps between starts, in {data}/simulator-hemmeligheter.json. They guard
// nothing but demonstration data.
type secrets struct {
	Audit    setting.Secret
	Password setting.Secret
	Person   setting.Secret
	Logg     setting.Secret
	// Keys are RSA keys by the name of the client or issuer they belong to.
	Keys map[string][]byte
	// Passwords are the integrations' passwords by integration id.
	Passwords map[string]string

	path   string
	mu     sync.Mutex
	parsed map[string]*rsa.PrivateKey
}

func openSecrets(folder string) (*secrets, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	s := &secrets{
		Audit: random(), Password: random(), Person: random(), Logg: random(), Keys: map[string][]byte{}, Passwords: map[string]string{},
		path: filepath.Join(folder, "simulator-hemmeligheter.json"), parsed: map[string]*rsa.PrivateKey{},
	}
	b, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, s.save()
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, s); err != nil {
		return nil, fmt.Errorf("%s: %w", s.path, err)
	}
	return s, s.save() // what is new since the file was made
}

func random() []byte {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return b
}

func (s *secrets) save() error {
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return os.WriteFile(s.path, b, 0o600)
}

// shared keys spare tests the making of new ones, a tenth of a second each.
var sharedKeys = struct {
	sync.Mutex
	byName map[string]*rsa.PrivateKey
}{byName: map[string]*rsa.PrivateKey{}}

// key gives the RSA key of a name, making it the first time.
func (s *secrets) key(name string) *rsa.PrivateKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := s.parsed[name]; k != nil {
		return k
	}
	k, err := x509.ParsePKCS1PrivateKey(s.Keys[name])
	if err != nil {
		k = sharedKey(name)
		s.Keys[name] = x509.MarshalPKCS1PrivateKey(k)
	}
	s.parsed[name] = k
	return k
}

func sharedKey(name string) *rsa.PrivateKey {
	sharedKeys.Lock()
	defer sharedKeys.Unlock()
	k := sharedKeys.byName[name]
	if k == nil {
		k, _ = rsa.GenerateKey(rand.Reader, 2048) // fails for bad sizes only
		sharedKeys.byName[name] = k
	}
	return k
}

func keyID(name string) string { return name + "-2026" }

func (s *secrets) public(name string) jose.JSONWebKey {
	return jose.JSONWebKey{Key: &s.key(name).PublicKey, KeyID: keyID(name), Algorithm: "RS256", Use: "sig"}
}

func (s *secrets) pem(name string) setting.PEM {
	return setting.PEM{&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(s.key(name))}}
}

// password gives an integration's password, making it the first time.
func (s *secrets) password(integration string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Passwords[integration] == "" {
		s.Passwords[integration] = identity.NewPassword()
	}
	return s.Passwords[integration]
}
