package idsim

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// refreshLife is how long a login can be renewed.
const refreshLife = 8 * time.Hour

// renewal is a login that tokens can be had for anew.
type renewal struct {
	employee      Employee
	client, scope string
	until         time.Time
}

// lasting gives a refresh token for a login.
func (p *IDPorten) lasting(r renewal) string {
	token := random()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.renewals[token] = r
	return token
}

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

func (p *IDPorten) token(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil {
		answer(w, http.StatusBadRequest, bad("invalid_request", "The form is not readable"))
		return
	}
	var body map[string]any
	var failed *oauthError
	switch r.PostForm.Get("grant_type") {
	case "authorization_code":
		body, failed = p.redeem(r)
	case "refresh_token":
		body, failed = p.renew(r)
	case simGrant:
		body, failed = p.become(r.PostForm)
	default:
		failed = bad("unsupported_grant_type", "authorization_code and refresh_token are supported")
	}
	if failed != nil {
		answer(w, failed.status, failed)
		return
	}
	answer(w, http.StatusOK, body)
}

// redeem gives tokens for a code (RFC 6749 §4.1.3, RFC 7636 §4.6). A code is spent by the first try.
func (p *IDPorten) redeem(r *http.Request) (map[string]any, *oauthError) {
	f := r.PostForm
	c, failed := p.authenticate(r)
	if failed != nil {
		return nil, failed
	}
	l, ok := p.takeCode(f.Get("code"))
	sum := sha256.Sum256([]byte(f.Get("code_verifier")))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	n := len(f.Get("code_verifier"))
	switch {
	case !ok || l.client.ID != c.ID:
		return nil, bad("invalid_grant", "The code is unknown, used or expired")
	case l.redirect != f.Get("redirect_uri"):
		return nil, bad("invalid_grant", "redirect_uri is not that of the authentication request")
	case n < 43 || n > 128 || l.params.Get("code_challenge") != challenge:
		return nil, bad("invalid_grant", "code_verifier does not match code_challenge")
	}
	body, failed := p.issue(l.employee, c, l.params.Get("scope"), l.params.Get("nonce"))
	if failed == nil && c.Refresh {
		body["refresh_token"] = p.lasting(renewal{l.employee, c.ID, l.params.Get("scope"), p.now().Add(refreshLife)})
	}
	return body, failed
}

// renew gives new tokens for a refresh token, which is spent by that (RFC 6749 §6).
func (p *IDPorten) renew(r *http.Request) (map[string]any, *oauthError) {
	c, failed := p.authenticate(r)
	if failed != nil {
		return nil, failed
	}
	token := r.PostForm.Get("refresh_token")
	p.mu.Lock()
	old, ok := p.renewals[token]
	delete(p.renewals, token)
	p.mu.Unlock()
	if !ok || old.client != c.ID || !p.now().Before(old.until) {
		return nil, bad("invalid_grant", "The refresh token is unknown, used or expired")
	}
	body, failed := p.issue(old.employee, c, old.scope, "")
	if failed == nil {
		body["refresh_token"] = p.lasting(old)
	}
	return body, failed
}

// become gives a script a token for an employee without a login.
func (p *IDPorten) become(f url.Values) (map[string]any, *oauthError) {
	e, ok := p.Employee(f.Get("ansatt"))
	if !ok {
		return nil, bad("invalid_grant", "No such ansatt")
	}
	if len(p.clients) == 0 {
		return nil, bad("invalid_client", "No clients")
	}
	c, scope := p.clients[0], f.Get("scope")
	if id := f.Get("client_id"); id != "" {
		if c, ok = p.client(id); !ok {
			return nil, bad("invalid_client", "No such client")
		}
	}
	if scope == "" {
		scope = "openid profile"
	}
	if !c.allows(scope) {
		return nil, bad("invalid_scope", "The client does not have the scope")
	}
	return p.issue(e, c, scope, "")
}

func (p *IDPorten) issue(e Employee, c LoginClient, scope, nonce string) (map[string]any, *oauthError) {
	body, err := p.tokens(e, c, scope, nonce)
	if err != nil {
		return nil, &oauthError{status: http.StatusInternalServerError, Code: "server_error", Description: "signing failed"}
	}
	return body, nil
}

// method is how the client proves itself.
func (c LoginClient) method() string {
	switch {
	case len(c.Keys) > 0:
		return "private_key_jwt"
	case c.Secret != "":
		return "client_secret_basic"
	}
	return "none"
}

var errLogin = oauthError{status: http.StatusUnauthorized, Code: "invalid_client", Description: "Client authentication failed"}

// authenticate gives the client that asks, which must prove itself the one way it is registered for.
func (p *IDPorten) authenticate(r *http.Request) (LoginClient, *oauthError) {
	f, failed := r.PostForm, errLogin
	id, secret, basic := r.BasicAuth()
	if basic {
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	} else {
		id, secret = f.Get("client_id"), f.Get("client_secret")
	}
	assertion := f.Get("client_assertion")
	if id == "" && assertion != "" {
		id = claimedID(assertion)
	}
	c, ok := p.client(id)
	if !ok {
		return LoginClient{}, &failed
	}
	switch c.method() {
	case "private_key_jwt":
		ok = secret == "" && f.Get("client_assertion_type") == assertionType && p.proves(c, assertion)
	case "none":
		ok = secret == "" && assertion == ""
	default:
		ok = assertion == "" && subtle.ConstantTimeCompare([]byte(secret), []byte(c.Secret)) == 1
	}
	if !ok {
		return LoginClient{}, &failed
	}
	return c, nil
}

// claimedID is whom the assertion says it is from, before anything is checked.
func claimedID(raw string) string {
	var c jwt.Claims
	if t, err := jwt.ParseSigned(raw, grantAlgorithms); err != nil || t.UnsafeClaimsWithoutVerification(&c) != nil {
		return ""
	}
	return c.Issuer
}

// proves checks a client assertion (RFC 7523 §3).
func (p *IDPorten) proves(client LoginClient, raw string) bool {
	t, err := jwt.ParseSigned(raw, grantAlgorithms)
	if err != nil {
		return false
	}
	var c jwt.Claims
	if t.Claims(jose.JSONWebKeySet{Keys: client.Keys}, &c) != nil {
		return false
	}
	now := p.now()
	meant := slices.Contains(c.Audience, p.name) || slices.Contains(c.Audience, p.address("/token"))
	return meant && c.Issuer == client.ID && c.Subject == client.ID && c.ID != "" &&
		c.Expiry != nil && c.Expiry.Time().After(now) && c.Expiry.Time().Before(now.Add(grantLife+grantSkew)) &&
		p.once("assertion "+client.ID+" "+c.ID, c.Expiry.Time())
}
