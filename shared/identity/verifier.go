package identity

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"hjemmel/shared/identity/jwks"
	"hjemmel/shared/identity/lastuse"
	"hjemmel/shared/person"
)

// DefaultScope is the Maskinporten scope of Fiks, which vendors' clients already have.
const DefaultScope = "ks:fiks"

// Issuer is one issuer of tokens: its iss exactly as it writes it, slash and all, and where its
// keys are (https, or a loopback address for a simulator). The zero Issuer is a closed door.
type Issuer struct {
	URL  string // https://maskinporten.no/ or https://idporten.no
	JWKS string // https://maskinporten.no/jwk or https://idporten.no/jwks.json
}

// Config is whom a [Verifier] believes.
type Config struct {
	Maskinporten Issuer
	IDPorten     Issuer
	// Scope is what every token that comes with an integration must have. "" means DefaultScope.
	Scope string
	// Audiences are the names that an audience-restricted token may know this API by.
	Audiences []string
	// ClientIDs are our own clients at ID-porten. A token issued to another client is worth nothing
	// without an integration, and with no client here nobody is an employee.
	ClientIDs []string
	// PasswordKey is the key of the kept passwords, 32 bytes.
	PasswordKey []byte
	// Uses notes who was let in; nil notes nobody.
	Uses *lastuse.Notes
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Verifier finds out who asks. It is safe for concurrent use.
type Verifier struct {
	maskinporten string
	idporten     string
	keys         map[string]*jwks.Set // by issuer
	scope        string
	audiences    []string
	clients      []string
	passwordKey  []byte
	integrations *Integrations
	uses         *lastuse.Notes
	signed       signed
	now          func() time.Time
	mac          func(key []byte, id, password string) []byte
}

// NewVerifier makes a verifier. It fetches nothing until the first token. It errs when an issuer
// has no usable key address, when none is given, when a client or an audience is "", or when the
// password key is not 32 bytes.
func NewVerifier(cfg Config, integrations *Integrations) (*Verifier, error) {
	v := &Verifier{
		maskinporten: cfg.Maskinporten.URL,
		idporten:     cfg.IDPorten.URL,
		keys:         make(map[string]*jwks.Set),
		scope:        cfg.Scope,
		audiences:    slices.Clone(cfg.Audiences),
		clients:      slices.Clone(cfg.ClientIDs),
		passwordKey:  slices.Clone(cfg.PasswordKey),
		integrations: integrations,
		uses:         cfg.Uses,
		now:          cfg.Now,
		mac:          passwordMAC,
	}
	if v.scope == "" {
		v.scope = DefaultScope
	}
	if v.now == nil {
		v.now = time.Now
	}
	for _, i := range []Issuer{cfg.Maskinporten, cfg.IDPorten} {
		if i == (Issuer{}) {
			continue
		}
		keys, err := jwks.New(i.JWKS, v.now)
		if err != nil {
			return nil, err
		}
		v.keys[i.URL] = keys
	}
	switch {
	case len(v.keys) == 0 || v.keys[""] != nil || v.maskinporten == v.idporten:
		return nil, errors.New("identity: issuers must have a name each, and there must be one")
	case slices.Contains(v.clients, "") || slices.Contains(v.audiences, ""):
		return nil, errors.New("identity: a client or an audience without a name")
	case len(v.passwordKey) != passwordKeySize:
		return nil, errPasswordKey
	case integrations == nil:
		return nil, errors.New("identity: no integrations to look in")
	}
	return v, nil
}

// Caller says who sent the request, by its headers alone:
//
//   - a Maskinporten token with the scope, IntegrasjonId and IntegrasjonPassord: the integration;
//   - an ID-porten token with the scope and the same two headers: the person, through it;
//   - an ID-porten token of one of our own clients and neither header: the person.
//
// In the two first the token's consumer must be the organisation that the integration is authorised
// for. Fiks documents that for Maskinporten tokens; here it holds for persons too, because else a
// token from any service the person ever logged in to would open the register.
//
// Anything else is a fault of kind Unauthenticated. Keys or a store that cannot be had are faults
// of kind Unavailable.
func (v *Verifier) Caller(ctx context.Context, r *http.Request) (Caller, error) {
	raw, err := bearer(r.Header)
	if err != nil {
		return Caller{}, err
	}
	l, err := readLogin(r.Header)
	if err != nil {
		return Caller{}, err
	}
	c, err := v.token(ctx, raw)
	if err != nil {
		return Caller{}, err
	}
	switch {
	case c.Issuer == v.maskinporten && l == login{}:
		return Caller{}, errHeaders
	case c.Issuer == v.maskinporten && c.Pid != "": // meant for one subject only
		return Caller{}, errBound
	case c.Issuer == v.maskinporten:
		return v.viaIntegration(ctx, c, l, Caller{kind: KindIntegration})
	case l != login{}:
		who, err := employee(c, KindEmployeeViaIntegration)
		if err != nil {
			return Caller{}, err
		}
		return v.viaIntegration(ctx, c, l, who)
	case !slices.Contains(v.clients, c.ClientID):
		return Caller{}, errClient
	}
	return employee(c, KindEmployee)
}

// employee reads the person out of an ID-porten token.
func employee(c claims, kind Kind) (Caller, error) {
	id, err := person.ParseID(c.Pid)
	if err != nil {
		return Caller{}, errPerson
	}
	if c.Level != LevelSubstantial && c.Level != LevelHigh {
		return Caller{}, errLevel
	}
	return Caller{kind: kind, person: id, level: c.Level}, nil
}

// viaIntegration adds to who the integration that the call came through.
func (v *Verifier) viaIntegration(ctx context.Context, c claims, l login, who Caller) (Caller, error) {
	if err := v.scoped(c); err != nil {
		return Caller{}, err
	}
	nr, err := c.orgnr()
	if err != nil {
		return Caller{}, err
	}
	in, err := v.authenticate(ctx, l, nr)
	if err != nil {
		return Caller{}, err
	}
	who.organisation, who.integration, who.client = in.FiksOrgID, in.ID, nr
	return who, nil
}

func (v *Verifier) scoped(c claims) error {
	if !slices.Contains(strings.Fields(c.Scope), v.scope) {
		return errScope
	}
	return nil
}
