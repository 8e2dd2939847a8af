package idsim

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"hjemmel/shared/person"
)

const (
	levelSubstantial = "idporten-loa-substantial"
	levelHigh        = "idporten-loa-high"
	simGrant         = "hjemmel-sim"
)

// IDPortenConfig is the world that an [IDPorten] knows.
type IDPortenConfig struct {
	// Issuer is its name, and the address it is reached at: http://127.0.0.1:8080/sim/idporten.
	Issuer    string
	Clients   []LoginClient
	Employees []Employee
	Key       *rsa.PrivateKey  // signs; nil means a new one
	Now       func() time.Time // nil means time.Now
}

// LoginClient is a client registered in ID-porten. With Keys it must prove itself at /token by
// private_key_jwt, else with Secret by client_secret_basic or _post, else it is public.
type LoginClient struct {
	ID           string
	Orgnr        string   // of the organisation that owns it, nine digits
	RedirectURIs []string // exact
	LogoutURIs   []string // exact
	Scopes       []string // besides openid and profile
	Keys         []jose.JSONWebKey
	Secret       string
	Refresh      bool // gets refresh tokens
}

// Employee is a person one can be.
type Employee struct {
	ID          string // what scripts and the form call the person
	Navn        string
	Beskrivelse string // what the page says beside the name: title, workplace
	PID         person.ID
	Level       string // acr; "" means idporten-loa-high
}

// IDPorten is an http.Handler with the addresses /authorize (a page to pick who you are), /token,
// /jwks, /endsession and /.well-known/openid-configuration. Mount it behind http.StripPrefix where
// its name has a path.
//
// For scripts, POST /token with grant_type=hjemmel-sim and ansatt={id} gives a token at once;
// client_id and scope may follow.
type IDPorten struct {
	*Issuer
	clients   []LoginClient
	employees []Employee
	mux       *http.ServeMux

	mu       sync.Mutex
	codes    map[string]login
	renewals map[string]renewal
}

// NewIDPorten makes one. It errs when an employee's number is not synthetic. Making a key takes a
// tenth of a second: give one where many are made.
func NewIDPorten(cfg IDPortenConfig) (*IDPorten, error) {
	i, err := newIssuer(cfg.Issuer, cfg.Key, cfg.Now, time.Hour)
	if err != nil {
		return nil, err
	}
	for _, e := range cfg.Employees {
		if !e.PID.Synthetic() {
			return nil, errors.New("idsim: an employee's number is not synthetic")
		}
	}
	p := &IDPorten{
		Issuer: i, mux: http.NewServeMux(), codes: make(map[string]login), renewals: make(map[string]renewal),
		clients: slices.Clone(cfg.Clients), employees: slices.Clone(cfg.Employees),
	}
	p.mux.HandleFunc("GET /authorize", p.authorizePage)
	p.mux.HandleFunc("POST /authorize", p.authorizeChoice)
	p.mux.HandleFunc("POST /token", p.token)
	p.mux.HandleFunc("GET /jwks", p.jwks)
	p.mux.HandleFunc("GET /endsession", p.endSession)
	p.mux.HandleFunc("POST /endsession", p.endSession)
	p.mux.HandleFunc("GET /.well-known/openid-configuration", p.metadata)
	return p, nil
}

// ServeHTTP answers as ID-porten does.
func (p *IDPorten) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.serve(w, r, p.mux) }

// metadata is OpenID Connect Discovery 1.0 §3.
func (p *IDPorten) metadata(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{
		"issuer":                                           p.name,
		"authorization_endpoint":                           p.address("/authorize"),
		"token_endpoint":                                   p.address("/token"),
		"jwks_uri":                                         p.address("/jwks"),
		"end_session_endpoint":                             p.address("/endsession"),
		"response_types_supported":                         []string{"code"},
		"response_modes_supported":                         []string{"query"},
		"grant_types_supported":                            []string{"authorization_code", "refresh_token", simGrant},
		"subject_types_supported":                          []string{"pairwise"},
		"id_token_signing_alg_values_supported":            []string{"RS256"},
		"code_challenge_methods_supported":                 []string{"S256"},
		"token_endpoint_auth_methods_supported":            []string{"private_key_jwt", "client_secret_basic", "client_secret_post", "none"},
		"token_endpoint_auth_signing_alg_values_supported": grantAlgorithms,
		"scopes_supported":                                 []string{"openid", "profile"},
		"acr_values_supported":                             []string{levelSubstantial, levelHigh},
		"ui_locales_supported":                             []string{"nb"},
	})
}

// client gives the client with the id.
func (p *IDPorten) client(id string) (LoginClient, bool) {
	for _, c := range p.clients {
		if c.ID == id {
			return c, true
		}
	}
	return LoginClient{}, false
}

// Employee gives the employee with the id.
func (p *IDPorten) Employee(id string) (Employee, bool) {
	for _, e := range p.employees {
		if e.ID == id {
			return e, true
		}
	}
	return Employee{}, false
}

// allows reports whether the client may ask for the scopes. openid must be among them.
func (c LoginClient) allows(scope string) bool {
	scopes := strings.Fields(scope)
	for _, s := range scopes {
		if s != "openid" && s != "profile" && !slices.Contains(c.Scopes, s) {
			return false
		}
	}
	return slices.Contains(scopes, "openid")
}

// Claims are those of an access token issued now to the client for the employee. [Issuer.Sign]
// makes it a token; tests change it first.
func (p *IDPorten) Claims(e Employee, c LoginClient, scope string) map[string]any {
	iat, exp, _ := p.expiry()
	level := e.Level
	if level == "" {
		level = levelHigh
	}
	return map[string]any{
		"iss": p.name, "sub": subject(e, c), "pid": e.PID.Reveal(), "acr": level, "amr": []string{"TestID"},
		"client_id": c.ID, "client_orgno": c.Orgnr, "client_amr": c.method(), "consumer": organisation(c.Orgnr),
		"scope": scope, "aud": "unspecified", "token_type": "Bearer", "iat": iat, "exp": exp, "jti": random(), "sid": random(),
	}
}

// subject is pairwise: another client knows the same person by another name.
func subject(e Employee, c LoginClient) string {
	sum := sha256.Sum256([]byte(c.ID + "\x00" + e.ID))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// tokens issues an access token and, where there was a login with a nonce, an id_token.
func (p *IDPorten) tokens(e Employee, c LoginClient, scope, nonce string) (map[string]any, error) {
	access := p.Claims(e, c, scope)
	raw, err := p.Sign(access)
	if err != nil {
		return nil, err
	}
	_, _, in := p.expiry()
	body := map[string]any{"access_token": raw, "token_type": "Bearer", "expires_in": in, "scope": scope}
	if nonce == "" {
		return body, nil
	}
	id := map[string]any{"aud": c.ID, "nonce": nonce, "auth_time": access["iat"], "locale": "nb", "jti": random()}
	for _, name := range []string{"iss", "sub", "pid", "acr", "amr", "sid", "iat", "exp"} {
		id[name] = access[name]
	}
	body["id_token"], err = p.Sign(id)
	return body, err
}
