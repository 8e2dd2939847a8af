// Package login is our side of a login in the browser at ID-porten or another OpenID Connect issuer: the
// code flow with PKCE, state and nonce, as a confidential client that proves itself by private_key_jwt.
//
// It refuses an answer that is not to the attempt that this browser began, a token that was not signed by the
// issuer for us, and to repeat a code, a token or an issuer's words in an error.
//
// Up: functions/web. Who a token is from, and whether it is believed, is package identity's to say.
package login

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"golang.org/x/oauth2"

	"hjemmel/shared/fault"
)

// Config is how the issuer knows us.
type Config struct {
	Issuer   string          // its iss; its discovery document lies below it
	ClientID string          // ours
	Key      *rsa.PrivateKey // proves that we are the client
	KeyID    string          // what the issuer calls the key
	Redirect string          // our address that browsers come back to
	Left     string          // our address for those who have logged out
	Now      func() time.Time
}

// Provider logs people in at one issuer. It is safe for concurrent use.
type Provider struct {
	cfg    Config
	signer jose.Signer
	web    *http.Client

	mu    sync.Mutex
	found *endpoints
}

// endpoints are what the issuer tells of itself.
type endpoints struct {
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
	leave    string
}

// Attempt is a login that a browser has begun. It must be kept where only that browser can show it again.
type Attempt struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
}

// Tokens are what a login gives.
type Tokens struct {
	Access  string    // what functions are asked with
	Refresh string    // "" where the issuer gives none
	Until   time.Time // when Access ends
	Session string    // sid: what the issuer calls the login
}

// What goes wrong between the issuer and us. None of them tells what the issuer said.
var (
	errIssuer  = fault.New(fault.Unavailable, "INNLOGGING_UTILGJENGELIG", "Innloggingstjenesten svarer ikke nå. Prøv igjen om litt.")
	errAttempt = fault.New(fault.Unauthenticated, "INNLOGGING_AVBRUTT", "Innloggingen ble ikke fullført. Start på nytt.")
)

// patience bounds each call to the issuer.
const patience = 10 * time.Second

// New makes a provider. It asks the issuer nothing until the first login. It errs without a key.
func New(cfg Config) (*Provider, error) {
	if cfg.Key == nil || cfg.ClientID == "" || cfg.Issuer == "" {
		return nil, errors.New("login: an issuer, a client id and a key are needed")
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: cfg.Key},
		&jose.SignerOptions{ExtraHeaders: map[jose.HeaderKey]any{"kid": cfg.KeyID}})
	if err != nil {
		return nil, errors.New("login: the key cannot sign")
	}
	return &Provider{cfg: cfg, signer: s, web: &http.Client{Timeout: patience}}, nil
}

// Issuer is the iss of the provider.
func (p *Provider) Issuer() string { return p.cfg.Issuer }

// Begin gives the address at the issuer that the browser goes to. level is the acr that is wanted at least;
// "" leaves it to the issuer.
func (p *Provider) Begin(ctx context.Context, level string) (to string, a Attempt, err error) {
	e, err := p.endpoints(ctx)
	if err != nil {
		return "", Attempt{}, err
	}
	a = Attempt{State: random(), Nonce: random(), Verifier: oauth2.GenerateVerifier()}
	options := []oauth2.AuthCodeOption{oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)}
	if level != "" {
		options = append(options, oauth2.SetAuthURLParam("acr_values", level))
	}
	return e.oauth.AuthCodeURL(a.State, options...), a, nil
}

// Finish gives the tokens for the code that the browser came back with to the attempt that it began. Everything
// that does not fit is one fault of kind Unauthenticated.
func (p *Provider) Finish(ctx context.Context, a Attempt, back url.Values) (Tokens, error) {
	if a.State == "" || subtle.ConstantTimeCompare([]byte(a.State), []byte(back.Get("state"))) != 1 || back.Get("code") == "" {
		return Tokens{}, errAttempt
	}
	if iss := back.Get("iss"); iss != "" && iss != p.cfg.Issuer { // RFC 9207
		return Tokens{}, errAttempt
	}
	e, err := p.endpoints(ctx)
	if err != nil {
		return Tokens{}, err
	}
	proof, err := p.proof()
	if err != nil {
		return Tokens{}, err
	}
	got, err := e.oauth.Exchange(p.outward(ctx), back.Get("code"), append(proof, oauth2.VerifierOption(a.Verifier))...)
	if err != nil {
		return Tokens{}, refused(err)
	}
	return p.verified(ctx, e, got, a.Nonce)
}

// verified reads the id_token, which must be to us and to this attempt.
func (p *Provider) verified(ctx context.Context, e *endpoints, got *oauth2.Token, nonce string) (Tokens, error) {
	raw, _ := got.Extra("id_token").(string)
	id, err := e.verifier.Verify(p.outward(ctx), raw)
	if err != nil || subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1 {
		return Tokens{}, errAttempt
	}
	var c struct {
		Session string `json:"sid"`
	}
	if id.Claims(&c) != nil {
		return Tokens{}, errAttempt
	}
	return Tokens{Access: got.AccessToken, Refresh: got.RefreshToken, Until: got.Expiry, Session: c.Session}, nil
}

// Renew gives new tokens for a refresh token. Session is not told again.
func (p *Provider) Renew(ctx context.Context, refresh string) (Tokens, error) {
	if refresh == "" {
		return Tokens{}, errAttempt
	}
	e, err := p.endpoints(ctx)
	if err != nil {
		return Tokens{}, err
	}
	assertion, err := p.assertion()
	if err != nil {
		return Tokens{}, err
	}
	got, err := e.renew(p.outward(ctx), p.web, url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {refresh}, "client_id": {p.cfg.ClientID},
		"client_assertion_type": {assertionType}, "client_assertion": {assertion},
	})
	if err != nil {
		return Tokens{}, err
	}
	if got.Refresh == "" {
		got.Refresh = refresh
	}
	got.Until = p.cfg.Now().Add(time.Duration(got.In) * time.Second)
	return Tokens{Access: got.Access, Refresh: got.Refresh, Until: got.Until}, nil
}

// Leave gives the address where a browser ends its login at the issuer too; "" where the issuer has none. It
// names the client and no token: a token tells who somebody is, and addresses are logged.
func (p *Provider) Leave(ctx context.Context) (string, error) {
	e, err := p.endpoints(ctx)
	if err != nil || e.leave == "" {
		return "", err
	}
	q := url.Values{"client_id": {p.cfg.ClientID}, "post_logout_redirect_uri": {p.cfg.Left}}
	return e.leave + "?" + q.Encode(), nil
}

// endpoints asks the issuer what it is, once.
func (p *Provider) endpoints(ctx context.Context) (*endpoints, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	o, err := oidc.NewProvider(p.outward(ctx), p.cfg.Issuer)
	if err != nil {
		return nil, fault.From(errIssuer.Kind, errIssuer.Code, errIssuer.Detail, errors.New("the issuer does not tell of itself"))
	}
	var more struct {
		Leave string `json:"end_session_endpoint"`
	}
	if o.Claims(&more) != nil {
		return nil, errIssuer
	}
	at := o.Endpoint()
	at.AuthStyle = oauth2.AuthStyleInParams
	p.found = &endpoints{
		oauth: oauth2.Config{ClientID: p.cfg.ClientID, Endpoint: at, RedirectURL: p.cfg.Redirect, Scopes: []string{oidc.ScopeOpenID, "profile"}},
		verifier: o.Verifier(&oidc.Config{
			ClientID: p.cfg.ClientID, SupportedSigningAlgs: []string{oidc.RS256, oidc.RS384, oidc.RS512}, Now: p.cfg.Now,
		}),
		leave: more.Leave,
	}
	return p.found, nil
}

// outward is a context in which the libraries use our client.
func (p *Provider) outward(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.web)
}

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// assertion is private_key_jwt (OpenID Connect Core §9): a minute long, for this issuer, once.
func (p *Provider) assertion() (string, error) {
	now := p.cfg.Now()
	return jwt.Signed(p.signer).Claims(jwt.Claims{
		Issuer: p.cfg.ClientID, Subject: p.cfg.ClientID, Audience: jwt.Audience{p.cfg.Issuer}, ID: random(),
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(time.Minute)),
	}).Serialize()
}

func (p *Provider) proof() ([]oauth2.AuthCodeOption, error) {
	a, err := p.assertion()
	return []oauth2.AuthCodeOption{
		oauth2.SetAuthURLParam("client_assertion_type", assertionType), oauth2.SetAuthURLParam("client_assertion", a),
	}, err
}

// refused tells an issuer that says no from one that does not answer.
func refused(err error) error {
	if r, ok := errors.AsType[*oauth2.RetrieveError](err); ok && r.Response.StatusCode < http.StatusInternalServerError {
		return errAttempt
	}
	return errIssuer
}

// random gives 256 bits as base64url.
func random() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}
