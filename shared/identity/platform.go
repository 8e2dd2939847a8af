package identity

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"

	"hjemmel/shared/fault"
	"hjemmel/shared/identity/jwks"
)

// PlatformConfig is which of the platform's own accounts may call: its scheduler, its queue.
type PlatformConfig struct {
	// Issuer signs service tokens (OpenID Connect): Google's accounts, or a Kubernetes cluster. The zero
	// Issuer is a closed door.
	Issuer Issuer
	// Audience is the name by which tokens know us, by custom our URL.
	Audience string
	// Callers are the accounts: a verified e-mail address (Google) or a subject (Kubernetes:
	// system:serviceaccount:NAMESPACE:NAME).
	Callers []string
	// Now is the clock.
	Now func() time.Time
}

// Platform knows the platform's own calls by their service tokens. It is safe for concurrent use.
type Platform struct {
	issuers  map[string]*jwks.Set // one at most
	audience string
	callers  []string
	now      func() time.Time
}

// NewPlatform makes a verifier that fetches nothing until the first token. It errs when the issuer has no
// usable key address, or when issuer, audience or callers are there without the others.
func NewPlatform(cfg PlatformConfig) (*Platform, error) {
	p := &Platform{audience: cfg.Audience, callers: slices.Clone(cfg.Callers), now: cfg.Now}
	if cfg.Issuer == (Issuer{}) && cfg.Audience == "" && len(cfg.Callers) == 0 {
		return p, nil
	}
	if cfg.Issuer.URL == "" || cfg.Audience == "" || len(cfg.Callers) == 0 || slices.Contains(cfg.Callers, "") {
		return nil, errors.New("identity: issuer, audience and callers of the platform go together")
	}
	keys, err := jwks.New(cfg.Issuer.JWKS, cfg.Now)
	if err != nil {
		return nil, err
	}
	p.issuers = map[string]*jwks.Set{cfg.Issuer.URL: keys}
	return p, nil
}

// errPlatform is all that anybody else is told, whatever is wrong with what they showed.
var errPlatform = refusal("PLATTFORM_UKJENT",
	"Dette kan bare plattformens egen planlegger og kø kalle, med et tjenestetoken (OpenID Connect) som er utstedt til en konto vi kjenner, for denne adressen.")

// serviceClaims are what we read of a service token beside what every token has.
type serviceClaims struct {
	claims
	Subject  string `json:"sub"`
	Email    string `json:"email"`
	Verified bool   `json:"email_verified"`
}

// Check lets the platform's own accounts in. Anybody else gets one fault of kind Unauthenticated, whatever is
// wrong; keys that cannot be had are one of kind Unavailable.
func (p *Platform) Check(ctx context.Context, r *http.Request) error {
	raw, err := bearer(r.Header)
	if err != nil {
		return errPlatform
	}
	var c serviceClaims
	switch err := open(ctx, raw, []jose.SignatureAlgorithm{jose.RS256}, p.issuers, &c); {
	case fault.Is(err, fault.Unavailable):
		return err
	case err != nil || c.timely(p.now()) != nil || c.Bound != nil || !slices.Contains(c.Audience, p.audience):
		return errPlatform
	}
	account := c.Subject
	if c.Verified {
		account = c.Email
	}
	if !slices.Contains(p.callers, account) {
		return errPlatform
	}
	return nil
}
