package idsim

import (
	"crypto/rsa"
	"net/http"
	"time"
)

// Platform stands for the platform we run on: it signs the service tokens (OpenID Connect) with which its
// scheduler and its queue call. It is an http.Handler with the address /jwks.
type Platform struct{ *Issuer }

// NewPlatform makes one of a name, the address it is reached at. A nil key means a new one, a nil clock the
// machine's.
func NewPlatform(name string, key *rsa.PrivateKey, now func() time.Time) (*Platform, error) {
	i, err := newIssuer(name, key, now, time.Hour)
	return &Platform{i}, err
}

// Claims are those of a token for an account, as Google writes them.
func (p *Platform) Claims(account, audience string) map[string]any {
	iat, exp, _ := p.expiry()
	return map[string]any{
		"iss": p.name, "aud": audience, "iat": iat, "exp": exp, "azp": "117000000000000000001", "sub": "117000000000000000001",
		"email": account, "email_verified": true,
	}
}

// ServeHTTP gives the keys.
func (p *Platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /jwks", p.jwks)
	p.serve(w, r, mux)
}
