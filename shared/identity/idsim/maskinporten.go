package idsim

import (
	"crypto/rsa"
	"crypto/x509"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	jwtBearer    = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	troubleshoot = "https://docs.digdir.no/maskinporten_feilsoking.html"
	altinn       = "https://tt02.altinn.no/"
	freg         = "folkeregister:"
)

// MaskinportenConfig is the world that a [Maskinporten] knows.
type MaskinportenConfig struct {
	// Issuer is its name, and the address it is reached at: http://127.0.0.1:8080/sim/maskinporten/.
	Issuer  string
	Clients []Client
	// Access says which organisations (orgnr) have access to a scope. A scope that is not here is
	// open to all.
	Access map[string][]string
	// CAs issue virksomhetssertifikater: the subject's serial number is the orgnr. Nil means that
	// only certificates of registered keys are taken.
	CAs *x509.CertPool
	Key *rsa.PrivateKey  // signs; nil means a new one
	Now func() time.Time // nil means time.Now
}

// Client is a client registered in Maskinporten.
type Client struct {
	ID     string
	Orgnr  string // nine digits
	Scopes []string
	Keys   []jose.JSONWebKey // public, each with a kid
	// Delegations are the scopes that other organisations (orgnr) have delegated to this one.
	Delegations map[string][]string
}

// Maskinporten is an http.Handler with the addresses /token, /jwk and
// /.well-known/oauth-authorization-server. Mount it behind http.StripPrefix where its name has a
// path.
type Maskinporten struct {
	*Issuer
	clients map[string]Client
	access  map[string][]string
	cas     *x509.CertPool
	mux     *http.ServeMux
}

// NewMaskinporten makes one. Making a key takes a tenth of a second: give one where many are made.
func NewMaskinporten(cfg MaskinportenConfig) (*Maskinporten, error) {
	// Tokens for Freg live 119 seconds in Maskinporten's test environment.
	i, err := newIssuer(cfg.Issuer, cfg.Key, cfg.Now, 119*time.Second)
	if err != nil {
		return nil, err
	}
	m := &Maskinporten{Issuer: i, clients: make(map[string]Client), access: cfg.Access, cas: cfg.CAs, mux: http.NewServeMux()}
	for _, c := range cfg.Clients {
		m.clients[c.ID] = c
	}
	m.mux.HandleFunc("POST /token", m.token)
	m.mux.HandleFunc("GET /jwk", m.jwks)
	m.mux.HandleFunc("GET /.well-known/oauth-authorization-server", m.metadata)
	return m, nil
}

// ServeHTTP answers as Maskinporten does.
func (m *Maskinporten) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.serve(w, r, m.mux) }

// metadata is RFC 8414.
func (m *Maskinporten) metadata(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{
		"issuer":                                m.name,
		"token_endpoint":                        m.address("/token"),
		"jwks_uri":                              m.address("/jwk"),
		"grant_types_supported":                 []string{jwtBearer},
		"token_endpoint_auth_methods_supported": []string{"private_key_jwt"},
		"token_endpoint_auth_signing_alg_values_supported": grantAlgorithms,
	})
}

func (m *Maskinporten) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		answer(w, http.StatusBadRequest, bad("invalid_request", "The form is not readable"))
		return
	}
	body, failed := m.exchange(r.PostForm)
	if failed != nil {
		failed.URI = troubleshoot
		answer(w, failed.status, failed)
		return
	}
	answer(w, http.StatusOK, body)
}

func (m *Maskinporten) exchange(form url.Values) (map[string]any, *oauthError) {
	if form.Get("grant_type") != jwtBearer {
		return nil, bad("unsupported_grant_type", "Only the jwt-bearer grant is supported")
	}
	if len(form["assertion"]) != 1 {
		return nil, bad("invalid_request", "There must be one assertion")
	}
	g, failed := m.readGrant(form.Get("assertion"))
	if failed != nil {
		return nil, failed
	}
	if failed := m.authorise(g); failed != nil {
		return nil, failed
	}
	claims := m.Claims(g.client, g.Scope, g.ConsumerOrg)
	claims["client_amr"] = g.amr
	if g.Resource != nil {
		claims["aud"] = g.Resource
	}
	raw, err := m.Sign(claims)
	if err != nil {
		return nil, &oauthError{status: http.StatusInternalServerError, Code: "server_error", Description: "signing failed"}
	}
	_, _, in := m.expiry()
	return map[string]any{"access_token": raw, "token_type": "Bearer", "expires_in": in, "scope": g.Scope}, nil
}

// authorise checks that the client, and the organisation that it acts for, may have the scopes.
func (m *Maskinporten) authorise(g grant) *oauthError {
	scopes := strings.Fields(g.Scope)
	consumer := g.client.Orgnr
	if g.ConsumerOrg != "" {
		consumer = g.ConsumerOrg
	}
	if len(scopes) == 0 {
		return bad("invalid_scope", "Invalid scope - Token request contains no scope (MP-200)")
	}
	for _, s := range scopes {
		granted, limited := m.access[s]
		switch {
		case !slices.Contains(g.client.Scopes, s):
			return bad("invalid_scope", "Invalid scope - Token request contains invalid scopes for client (MP-200)")
		case limited && !slices.Contains(granted, consumer):
			return forbidden("Consumer has not been granted access to the scope " + s + " (MP-250)")
		case consumer != g.client.Orgnr && !slices.Contains(g.client.Delegations[consumer], s):
			return forbidden("Consumer " + consumer + " has not delegated access to the scope " + s +
				" to supplier " + g.client.Orgnr + " (MP-251)")
		case g.Resource != nil && strings.HasPrefix(s, freg):
			return bad("invalid_request", "Invalid JWT claim resource: the scope takes no audience (MP-011)")
		}
	}
	return nil
}

func forbidden(description string) *oauthError {
	return &oauthError{status: http.StatusForbidden, Code: "forbidden", Description: description}
}

// Claims are those of an access token issued now to the client, on behalf of another organisation
// (orgnr) where consumer is not "". [Issuer.Sign] makes it a token; tests change it first.
func (m *Maskinporten) Claims(c Client, scope, consumer string) map[string]any {
	iat, exp, _ := m.expiry()
	claims := map[string]any{
		"iss": m.name, "client_id": c.ID, "client_orgno": c.Orgnr, "client_amr": "private_key_jwt",
		"consumer": organisation(c.Orgnr), "scope": scope, "token_type": "Bearer",
		"iat": iat, "exp": exp, "jti": random(),
	}
	if consumer != "" {
		claims["consumer"], claims["supplier"] = organisation(consumer), organisation(c.Orgnr)
		claims["delegation_source"] = altinn
	}
	return claims
}

func organisation(orgnr string) map[string]string {
	return map[string]string{"authority": "iso6523-actorid-upis", "ID": "0192:" + orgnr}
}
