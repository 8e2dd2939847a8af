package idsim

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	grantSkew = 10 * time.Second
	grantLife = 120 * time.Second
)

var (
	grantAlgorithms = []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512}
	grantClaims     = []string{"aud", "iss", "scope", "iat", "exp", "jti", "consumer_org", "resource"}
)

// Claim is a claim to set in a grant; a nil Value takes the claim out.
type Claim struct {
	Name  string
	Value any
}

// Grant makes a signed JWT grant (RFC 7523) as a client of Maskinporten does: issued now, valid for
// a minute, with a fresh jti. key is the private half of the client's registered key kid. With
// scope "" and the extra claim sub it is what ID-porten wants of a client (private_key_jwt).
func Grant(key *rsa.PrivateKey, kid, clientID, issuer, scope string, extra ...Claim) (string, error) {
	now := time.Now()
	claims := map[string]any{
		"aud": issuer, "iss": clientID, "jti": random(),
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}
	if scope != "" {
		claims["scope"] = scope
	}
	for _, c := range extra {
		claims[c.Name] = c.Value
		if c.Value == nil {
			delete(claims, c.Name)
		}
	}
	return sign(key, map[jose.HeaderKey]any{"kid": kid}, claims)
}

// grant is a checked grant.
type grant struct {
	Audience    jwt.Audience     `json:"aud"`
	Issuer      string           `json:"iss"`
	Scope       string           `json:"scope"`
	IssuedAt    *jwt.NumericDate `json:"iat"`
	Expiry      *jwt.NumericDate `json:"exp"`
	ID          string           `json:"jti"`
	ConsumerOrg string           `json:"consumer_org"`
	Resource    any              `json:"resource"`

	client Client
	amr    string
}

// readGrant checks everything about a grant but what it asks for. The codes are those of Digdir's
// page for troubleshooting.
func (m *Maskinporten) readGrant(raw string) (grant, *oauthError) {
	t, err := jwt.ParseSigned(raw, grantAlgorithms)
	if err != nil {
		return grant{}, bad("invalid_grant", "Invalid assertion. Invalid JWT (MP-011)")
	}
	var all map[string]any
	var g grant
	if t.UnsafeClaimsWithoutVerification(&all, &g) != nil {
		return grant{}, bad("invalid_grant", "Invalid assertion. Invalid parameter value (MP-011)")
	}
	for name := range all {
		if !slices.Contains(grantClaims, name) {
			return grant{}, bad("invalid_grant", "Invalid assertion. Unknown claim (MP-011)")
		}
	}
	client, ok := m.clients[g.Issuer]
	if !ok {
		return grant{}, bad("invalid_grant", "Authentication of client by JWT failed. Client not found (MP-100)")
	}
	key, amr, failed := m.keyOf(raw, client)
	if failed != nil {
		return grant{}, failed
	}
	if t.Claims(key) != nil {
		return grant{}, bad("invalid_grant", "Validation of JWT failed. Invalid JWT signature (MP-124)")
	}
	g.client, g.amr = client, amr
	return g, m.checkGrant(g, raw)
}

func (m *Maskinporten) checkGrant(g grant, raw string) *oauthError {
	now := m.now()
	switch {
	case len(g.Audience) != 1 || g.Audience[0] != m.name:
		return bad("invalid_grant", "Invalid assertion. Client authentication failed. Invalid JWT claim aud (MP-110)")
	case g.IssuedAt == nil || g.Expiry == nil:
		return bad("invalid_grant", "Invalid assertion. Missing iat or exp (MP-011)")
	case g.IssuedAt.Time().After(now.Add(grantSkew)):
		return bad("invalid_grant", "Issue time is after now")
	case g.IssuedAt.Time().Before(now.Add(-grantSkew)) || !g.Expiry.Time().After(now):
		return bad("invalid_grant", "JWT is expired (MP-130)")
	case g.Expiry.Time().Sub(g.IssuedAt.Time()) > grantLife:
		return bad("invalid_grant", "Invalid assertion. exp is more than 120 seconds after iat (MP-011)")
	case g.ConsumerOrg == g.client.Orgnr:
		return bad("invalid_request", "Validation of JWT claim failed: The combination consumer_org in claim and delegation scope on client is invalid")
	}
	single := "jti " + g.Issuer + " " + g.ID
	if g.ID == "" {
		single = raw
	}
	if !m.once(single, g.Expiry.Time()) {
		return bad("invalid_grant", "Validation of JWT Bearer grant failed. Grant is used before (MP-012)")
	}
	return nil
}

// keyOf finds the key that the grant's header names (kid) or brings (x5c), and how that proves who
// the client is.
func (m *Maskinporten) keyOf(raw string, c Client) (crypto.PublicKey, string, *oauthError) {
	var h struct {
		Kid *string  `json:"kid"`
		X5c []string `json:"x5c"`
	}
	head, _, _ := strings.Cut(raw, ".")
	b, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil || json.Unmarshal(b, &h) != nil {
		return nil, "", bad("invalid_grant", "Invalid assertion. Invalid JWT header (MP-123)")
	}
	switch {
	case (h.Kid == nil) == (len(h.X5c) == 0):
		return nil, "", bad("invalid_grant", "Invalid assertion. There must be one of kid and x5c (MP-123)")
	case h.Kid != nil:
		for _, k := range c.Keys {
			if k.KeyID == *h.Kid {
				return k.Key, "private_key_jwt", nil
			}
		}
		return nil, "", bad("invalid_grant", "Invalid assertion. Client authentication failed. Unknown key (MP-100)")
	}
	leaf, failed := m.certificate(h.X5c, c)
	if failed != nil {
		return nil, "", failed
	}
	return leaf.PublicKey, "virksomhetssertifikat", nil
}

// certificate takes a chain whose leaf holds a key of the client, or is issued to the client's
// organisation by a CA that we know.
func (m *Maskinporten) certificate(x5c []string, c Client) (*x509.Certificate, *oauthError) {
	var chain []*x509.Certificate
	for _, s := range x5c {
		der, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return nil, bad("invalid_grant", "Validation of JWT failed. Invalid JWT header x5c (MP-123)")
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, bad("invalid_grant", "Validation of JWT failed. Invalid JWT header x5c (MP-123)")
		}
		chain = append(chain, cert)
	}
	leaf, between := chain[0], x509.NewCertPool()
	if now := m.now(); now.Before(leaf.NotBefore) || now.After(leaf.NotAfter) {
		return nil, bad("invalid_grant", "The JWT is signed with an invalid certificate (MP-120)")
	}
	for _, k := range c.Keys {
		if pub, ok := k.Key.(*rsa.PublicKey); ok && pub.Equal(leaf.PublicKey) {
			return leaf, nil
		}
	}
	for _, cert := range chain[1:] {
		between.AddCert(cert)
	}
	known := m.cas
	if known == nil {
		known = x509.NewCertPool()
	}
	if _, err := leaf.Verify(x509.VerifyOptions{
		Roots: known, Intermediates: between, CurrentTime: m.now(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	}); err != nil {
		return nil, bad("invalid_grant", "The JWT is signed with an invalid certificate (MP-120)")
	}
	if leaf.Subject.SerialNumber != c.Orgnr {
		return nil, bad("invalid_grant", "Invalid organization number for client. Does not match certificate orgno (MP-122)")
	}
	return leaf, nil
}
