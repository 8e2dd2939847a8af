// Package idsim simulates Maskinporten and ID-porten for tests and the dev host: token issuers that
// speak the outer wire format over HTTP, with switches for bad days.
//
// They are strict where the real ones are (single use, exact redirect addresses, times, unknown
// claims), so that a client that works here is not refused there. They refuse to know real people:
// an employee with a number that is not synthetic stops the simulator from being made. Nothing here
// may run where a real person's data is; a rule test keeps the package out of every image.
//
// Up: package identity verifies the tokens, package freg asks for them, functions/web logs in.
package idsim

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const formBytes = 64 << 10

// Issuer is what both simulators have in common: a name, keys, a clock and switches.
type Issuer struct {
	name string
	now  func() time.Time
	life atomic.Int64 // nanoseconds
	down atomic.Bool
	lie  atomic.Bool

	mu   sync.Mutex
	keys []*rsa.PrivateKey // the last one signs
	used map[[sha256.Size]byte]time.Time
}

func newIssuer(name string, key *rsa.PrivateKey, now func() time.Time, life time.Duration) (*Issuer, error) {
	if name == "" {
		return nil, errors.New("idsim: the issuer needs a name")
	}
	if key == nil {
		var err error
		if key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			return nil, err
		}
	}
	if now == nil {
		now = time.Now
	}
	i := &Issuer{name: name, now: now, keys: []*rsa.PrivateKey{key}, used: make(map[[sha256.Size]byte]time.Time)}
	i.life.Store(int64(life))
	return i, nil
}

// Name is the iss of the tokens, as configured.
func (i *Issuer) Name() string { return i.name }

// Down makes every address answer 503, or mends it.
func (i *Issuer) Down(yes bool) { i.down.Store(yes) }

// WrongKey makes tokens be signed with a key that is not the one they name, or mends it.
func (i *Issuer) WrongKey(yes bool) { i.lie.Store(yes) }

// ExpiresIn sets how long the tokens issued from now on live. It may be negative.
func (i *Issuer) ExpiresIn(d time.Duration) { i.life.Store(int64(d)) }

// Rotate signs with key from now on. The keys before it stay published.
func (i *Issuer) Rotate(key *rsa.PrivateKey) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = append(i.keys, key)
}

// Withdraw stops publishing all keys but the one that signs.
func (i *Issuer) Withdraw() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = i.keys[len(i.keys)-1:]
}

var stray = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// Sign makes a token of any claims, signed as this issuer signs now (RS256).
func (i *Issuer) Sign(claims map[string]any) (string, error) {
	i.mu.Lock()
	key := i.keys[len(i.keys)-1]
	i.mu.Unlock()
	kid := keyID(key)
	if i.lie.Load() {
		var err error
		if key, err = stray(); err != nil {
			return "", err
		}
	}
	return sign(key, map[jose.HeaderKey]any{"kid": kid}, claims)
}

func sign(key *rsa.PrivateKey, header map[jose.HeaderKey]any, claims map[string]any) (string, error) {
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, &jose.SignerOptions{ExtraHeaders: header})
	if err != nil {
		return "", err
	}
	return jwt.Signed(s).Claims(claims).Serialize()
}

// keyID names a key by its contents.
func keyID(key *rsa.PrivateKey) string {
	sum := sha256.Sum256(key.N.Bytes())
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// published are the public keys.
func (i *Issuer) published() jose.JSONWebKeySet {
	i.mu.Lock()
	defer i.mu.Unlock()
	var set jose.JSONWebKeySet
	for _, k := range i.keys {
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: k.Public(), KeyID: keyID(k), Algorithm: string(jose.RS256), Use: "sig"})
	}
	return set
}

// expiry gives iat, exp and expires_in of a token issued now.
func (i *Issuer) expiry() (iat, exp, in int64) {
	iat, in = i.now().Unix(), int64(time.Duration(i.life.Load())/time.Second)
	return iat, iat + in, in
}

// address is an endpoint's, whether or not the issuer's name ends in a slash.
func (i *Issuer) address(path string) string { return strings.TrimSuffix(i.name, "/") + path }

// once reports whether the single-use value is seen for the first time. It is remembered until then.
func (i *Issuer) once(value string, then time.Time) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	for k, t := range i.used {
		if !i.now().Before(t) {
			delete(i.used, k)
		}
	}
	sum := sha256.Sum256([]byte(value))
	if _, seen := i.used[sum]; seen {
		return false
	}
	i.used[sum] = then
	return true
}

// serve wraps the endpoints in the switches and the headers that all answers have.
func (i *Issuer) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	if i.down.Load() {
		http.Error(w, "simulert nedetid", http.StatusServiceUnavailable)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, formBytes)
	next.ServeHTTP(w, r)
}

func (i *Issuer) jwks(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, i.published())
}

// oauthError is RFC 6749 §5.2 with the address of Digdir's page.
type oauthError struct {
	status      int
	Code        string `json:"error"`
	Description string `json:"error_description"`
	URI         string `json:"error_uri,omitempty"`
}

func bad(code, description string) *oauthError {
	return &oauthError{status: http.StatusBadRequest, Code: code, Description: description}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// random gives 256 bits as base64url.
func random() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}
