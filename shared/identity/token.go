package identity

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"hjemmel/shared/identity/jwks"
)

const (
	leeway    = 10 * time.Second // Maskinporten's own tolerance between clocks
	tokenSize = 8 << 10
)

// claims are what we read of a token. They hold an identity number in the open: a value of this
// type lives no longer than one call and is never printed.
type claims struct {
	Issuer    string           `json:"iss"`
	Audience  jwt.Audience     `json:"aud"`
	Expiry    *jwt.NumericDate `json:"exp"`
	IssuedAt  *jwt.NumericDate `json:"iat"`
	NotBefore *jwt.NumericDate `json:"nbf"`
	Scope     string           `json:"scope"`
	ClientID  string           `json:"client_id"`
	Level     string           `json:"acr"`
	Pid       string           `json:"pid"`
	Bound     any              `json:"cnf"`
	Consumer  struct {
		Authority string `json:"authority"`
		ID        string `json:"ID"`
	} `json:"consumer"`
}

// bearer takes the one token out of the headers.
func bearer(h http.Header) (string, error) {
	all := h.Values("Authorization")
	if len(all) != 1 {
		return "", errNoToken
	}
	scheme, token, _ := strings.Cut(all[0], " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", errNoToken
	}
	if len(token) > tokenSize {
		return "", errMalformed
	}
	return token, nil
}

// token verifies what holds for every token: form, issuer, signature, times and audience. What was
// signed stays signed, so a signature is checked once in a while; times are checked each time.
func (v *Verifier) token(ctx context.Context, raw string) (claims, error) {
	c, ok := v.signed.get(raw, v.now())
	if !ok {
		var err error
		if c, err = v.verify(ctx, raw); err != nil {
			return claims{}, err
		}
		v.signed.put(raw, c, v.now())
	}
	return c, v.check(c)
}

// verify checks form, issuer and signature.
func (v *Verifier) verify(ctx context.Context, raw string) (c claims, err error) {
	return c, open(ctx, raw, jwks.Algorithms, v.keys, &c)
}

// open checks form, issuer and signature of a token, and reads its claims. Keys are by issuer. An algorithm
// that is not named is refused before any key is looked up, so neither "none" nor a MAC made with a public key
// gets further.
func open(ctx context.Context, raw string, algorithms []jose.SignatureAlgorithm, issuers map[string]*jwks.Set, into any) error {
	t, err := jwt.ParseSigned(raw, algorithms)
	if err != nil || !plain(t.Headers[0]) {
		return errMalformed
	}
	var peek struct {
		Issuer string `json:"iss"`
	}
	if t.UnsafeClaimsWithoutVerification(&peek) != nil {
		return errMalformed
	}
	keys := issuers[peek.Issuer]
	if keys == nil {
		return errIssuer
	}
	key, err := keys.Key(ctx, t.Headers[0].KeyID)
	switch {
	case errors.Is(err, jwks.ErrUnknown):
		return errSignature
	case err != nil:
		return err
	}
	switch err := t.Claims(key, into); {
	case errors.Is(err, jose.ErrCryptoFailure):
		return errSignature
	case err != nil:
		return errMalformed
	}
	return nil
}

// plain wants a key name and nothing that changes what the signature means or brings its own key.
func plain(h jose.Header) bool {
	_, crit := h.ExtraHeaders["crit"]
	_, b64 := h.ExtraHeaders["b64"]
	return h.KeyID != "" && h.JSONWebKey == nil && !crit && !b64
}

func (v *Verifier) check(c claims) error {
	if err := c.timely(v.now()); err != nil {
		return err
	}
	return v.ours(c)
}

// timely looks at the token's times.
func (c claims) timely(now time.Time) error {
	switch {
	case c.Expiry == nil || c.IssuedAt == nil:
		return errTimes
	case !now.Before(c.Expiry.Time().Add(leeway)):
		return errExpired
	case now.Add(leeway).Before(c.IssuedAt.Time()):
		return errTimes
	case c.NotBefore != nil && now.Add(leeway).Before(c.NotBefore.Time()):
		return errTimes
	}
	return nil
}

// ours wants a token that is meant for us and asks for no proof that we do not check.
func (v *Verifier) ours(c claims) error {
	switch {
	case !v.meant(c.Audience):
		return errAudience
	case c.Bound != nil: // RFC 7800
		return errBound
	}
	return nil
}

// meant reports whether the token is for us or for no API in particular, which both issuers spell
// as no aud or as "unspecified".
func (v *Verifier) meant(aud jwt.Audience) bool {
	return len(aud) == 0 || slices.ContainsFunc(aud, func(a string) bool {
		return a == "unspecified" || slices.Contains(v.audiences, a)
	})
}

// orgnr gives the nine digits of the consumer.
func (c claims) orgnr() (string, error) {
	nr, ok := strings.CutPrefix(c.Consumer.ID, "0192:")
	if !ok || c.Consumer.Authority != "iso6523-actorid-upis" || !isOrgnr(nr) {
		return "", errConsumer
	}
	return nr, nil
}

func isOrgnr(s string) bool {
	return len(s) == 9 && strings.Trim(s, "0123456789") == ""
}
