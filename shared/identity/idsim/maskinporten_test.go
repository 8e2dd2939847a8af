package idsim_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/go-cmp/cmp"

	"hjemmel/shared/identity/identitytest"
	"hjemmel/shared/identity/idsim"
)

const (
	scope  = "folkeregister:deling/offentligmedhjemmel"
	other  = "ks:fiks"
	orgnr  = "311111111"
	kommun = "344444444"
)

// port is a Maskinporten on a loopback port with one client, whose registered key signs grants.
type port struct {
	*idsim.Maskinporten
	t   *testing.T
	url string
	key *rsa.PrivateKey
	ca  *x509.Certificate
}

func newPort(t *testing.T) *port {
	t.Helper()
	srv := httptest.NewUnstartedServer(nil)
	p := &port{t: t, url: "http://" + srv.Listener.Addr().String(), key: identitytest.Keys()[1]}
	cas := x509.NewCertPool()
	p.ca = p.certificate(nil, "", p.key.Public())
	cas.AddCert(p.ca)
	var err error
	p.Maskinporten, err = idsim.NewMaskinporten(idsim.MaskinportenConfig{
		Issuer: p.url + "/",
		Key:    identitytest.Keys()[0],
		CAs:    cas,
		Access: map[string][]string{scope: {orgnr, kommun, "355555555"}, "skatt:lukket": {}},
		Clients: []idsim.Client{{
			ID: "klient", Orgnr: orgnr, Scopes: []string{scope, other, "skatt:lukket"},
			Keys:        []jose.JSONWebKey{{Key: p.key.Public(), KeyID: "k1"}},
			Delegations: map[string][]string{kommun: {scope}, "366666666": {scope}},
		}, {ID: "sertifikatklient", Orgnr: "377777777", Scopes: []string{other}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	srv.Config.Handler = p.Maskinporten
	srv.Start()
	t.Cleanup(srv.Close)
	return p
}

// certificate issues one to orgnr, by issuer or by itself, always with the port's key as CA key.
func (p *port) certificate(issuer *x509.Certificate, orgnr string, pub any, change ...func(*x509.Certificate)) *x509.Certificate {
	p.t.Helper()
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test " + orgnr, SerialNumber: orgnr},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: issuer == nil, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	for _, f := range change {
		f(c)
	}
	if issuer == nil {
		issuer = c
	}
	der, err := x509.CreateCertificate(rand.Reader, c, issuer, pub, p.key)
	if err != nil {
		p.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		p.t.Fatal(err)
	}
	return cert
}

func (p *port) grant(extra ...idsim.Claim) string {
	p.t.Helper()
	raw, err := idsim.Grant(p.key, "k1", "klient", p.url+"/", scope, extra...)
	if err != nil {
		p.t.Fatal(err)
	}
	return raw
}

// signed makes a grant with any header.
func (p *port) signed(key *rsa.PrivateKey, alg jose.SignatureAlgorithm, header map[jose.HeaderKey]any, extra ...idsim.Claim) string {
	p.t.Helper()
	var claims map[string]any
	tok, err := jwt.ParseSigned(p.grant(extra...), []jose.SignatureAlgorithm{jose.RS256})
	if err == nil {
		err = tok.UnsafeClaimsWithoutVerification(&claims)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, &jose.SignerOptions{ExtraHeaders: header})
	if err != nil {
		p.t.Fatal(err)
	}
	raw, err := jwt.Signed(s).Claims(claims).Serialize()
	if err != nil {
		p.t.Fatal(err)
	}
	return raw
}

func post(t *testing.T, address string, form url.Values) (int, map[string]any) {
	t.Helper()
	res, err := http.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var body map[string]any
	_ = json.NewDecoder(res.Body).Decode(&body)
	return res.StatusCode, body
}

func (p *port) ask(assertion string) (int, map[string]any) {
	p.t.Helper()
	return post(p.t, p.url+"/token", url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion},
	})
}

// claims are those of a token, verified with the keys at address.
func claimsOf(t *testing.T, raw any, address string) map[string]any {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var set jose.JSONWebKeySet
	if err := json.NewDecoder(res.Body).Decode(&set); err != nil {
		t.Fatal(err)
	}
	s, _ := raw.(string)
	tok, err := jwt.ParseSigned(s, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := tok.Claims(set, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func upis(orgnr string) any {
	return map[string]any{"authority": "iso6523-actorid-upis", "ID": "0192:" + orgnr}
}

func TestMaskinportenToken(t *testing.T) {
	p := newPort(t)
	status, body := p.ask(p.grant())
	if status != 200 || body["token_type"] != "Bearer" || body["expires_in"] != 119.0 || body["scope"] != scope {
		t.Fatal(status, body)
	}
	c := claimsOf(t, body["access_token"], p.url+"/jwk")
	iat, _ := c["iat"].(float64)
	if c["exp"] != iat+119 || c["jti"] == "" {
		t.Errorf("times: %v", c)
	}
	delete(c, "iat")
	delete(c, "exp")
	delete(c, "jti")
	want := map[string]any{
		"iss": p.url + "/", "client_id": "klient", "client_orgno": orgnr, "client_amr": "private_key_jwt",
		"consumer": upis(orgnr), "scope": scope, "token_type": "Bearer",
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
}

func TestMaskinportenGivesTokens(t *testing.T) {
	p := newPort(t)
	own := p.certificate(nil, "", p.key.Public())
	issued := p.certificate(p.ca, "377777777", identitytest.Keys()[0].Public())
	x5c := func(certs ...*x509.Certificate) map[jose.HeaderKey]any {
		return map[jose.HeaderKey]any{"x5c": chain(certs...)}
	}
	for name, tt := range map[string]struct {
		grant string
		want  map[string]any
	}{
		"RS384":                             {p.signed(p.key, jose.RS384, map[jose.HeaderKey]any{"kid": "k1"}), nil},
		"RS512":                             {p.signed(p.key, jose.RS512, map[jose.HeaderKey]any{"kid": "k1"}), nil},
		"no jti":                            {p.grant(idsim.Claim{Name: "jti"}), nil},
		"many scopes":                       {p.grant(idsim.Claim{Name: "scope", Value: scope + " " + other}), map[string]any{"scope": scope + " " + other}},
		"certificate of the registered key": {p.signed(p.key, jose.RS256, x5c(own)), map[string]any{"client_amr": "virksomhetssertifikat"}},
		"certificate from the CA": {p.signed(identitytest.Keys()[0], jose.RS256, x5c(issued, p.ca),
			idsim.Claim{Name: "iss", Value: "sertifikatklient"}, idsim.Claim{Name: "scope", Value: other}),
			map[string]any{"client_amr": "virksomhetssertifikat", "consumer": upis("377777777")}},
		"delegated": {p.grant(idsim.Claim{Name: "consumer_org", Value: kommun}), map[string]any{
			"consumer": upis(kommun), "supplier": upis(orgnr), "delegation_source": "https://tt02.altinn.no/"}},
		"resource": {p.grant(idsim.Claim{Name: "scope", Value: other}, idsim.Claim{Name: "resource", Value: []string{"https://a.example"}}),
			map[string]any{"aud": []any{"https://a.example"}}},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := p.ask(tt.grant)
			if status != 200 {
				t.Fatal(status, body)
			}
			c := claimsOf(t, body["access_token"], p.url+"/jwk")
			for k, v := range tt.want {
				if diff := cmp.Diff(v, c[k]); diff != "" {
					t.Errorf("%s:\n%s", k, diff)
				}
			}
		})
	}
}

func chain(certs ...*x509.Certificate) (x5c []string) {
	for _, c := range certs {
		x5c = append(x5c, base64.StdEncoding.EncodeToString(c.Raw))
	}
	return x5c
}

func TestMaskinportenRefuses(t *testing.T) {
	p := newPort(t)
	key, kid := identitytest.Keys()[0], map[jose.HeaderKey]any{"kid": "k1"}
	unix := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	x5c := func(certs ...*x509.Certificate) map[jose.HeaderKey]any {
		return map[jose.HeaderKey]any{"x5c": chain(certs...)}
	}
	own := p.certificate(nil, "", p.key.Public())
	old := p.certificate(nil, "", p.key.Public(), func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	foreign := p.certificate(p.ca, "388888888", key.Public())
	certClient := idsim.Claim{Name: "iss", Value: "sertifikatklient"}
	with := func(name string, value any) string { return p.grant(idsim.Claim{Name: name, Value: value}) }
	used := p.grant()
	if status, body := p.ask(used); status != 200 {
		t.Fatal(body)
	}
	jti := idsim.Claim{Name: "jti", Value: "brukt"}
	p.ask(p.grant(jti))
	nameless := p.grant(idsim.Claim{Name: "jti"})
	p.ask(nameless)
	for name, tt := range map[string]struct {
		grant  string
		status int
		code   string
		mp     string
	}{
		"nothing":                {"", 400, "invalid_grant", "MP-011"},
		"PS256":                  {p.signed(p.key, jose.PS256, kid), 400, "invalid_grant", "MP-011"},
		"unknown claim":          {with("nbf", unix(0)), 400, "invalid_grant", "Unknown claim"},
		"iat as text":            {with("iat", "nå"), 400, "invalid_grant", "MP-011"},
		"unknown client":         {with("iss", "annen"), 400, "invalid_grant", "MP-100"},
		"unknown key":            {p.signed(p.key, jose.RS256, map[jose.HeaderKey]any{"kid": "k2"}), 400, "invalid_grant", "MP-100"},
		"no key":                 {p.signed(p.key, jose.RS256, nil), 400, "invalid_grant", "MP-123"},
		"kid and x5c":            {p.signed(p.key, jose.RS256, map[jose.HeaderKey]any{"kid": "k1", "x5c": chain(own)}), 400, "invalid_grant", "MP-123"},
		"key of another":         {p.signed(key, jose.RS256, kid), 400, "invalid_grant", "MP-124"},
		"certificate of another": {p.signed(key, jose.RS256, x5c(own)), 400, "invalid_grant", "MP-124"},
		"certificate expired":    {p.signed(p.key, jose.RS256, x5c(old)), 400, "invalid_grant", "MP-120"},
		"certificate self-made": {p.signed(p.key, jose.RS256, x5c(p.certificate(nil, "377777777", p.key.Public())), certClient,
			idsim.Claim{Name: "scope", Value: other}), 400, "invalid_grant", "MP-120"},
		"certificate of another organisation": {p.signed(key, jose.RS256, x5c(foreign), certClient), 400, "invalid_grant", "MP-122"},
		"aud without slash":                   {with("aud", p.url), 400, "invalid_grant", "MP-110"},
		"aud is the token address":            {with("aud", p.url+"/token"), 400, "invalid_grant", "MP-110"},
		"two auds":                            {with("aud", []string{p.url + "/", "x"}), 400, "invalid_grant", "MP-110"},
		"no iat":                              {with("iat", nil), 400, "invalid_grant", "MP-011"},
		"no exp":                              {with("exp", nil), 400, "invalid_grant", "MP-011"},
		"iat ahead":                           {p.grant(idsim.Claim{Name: "iat", Value: unix(20 * time.Second)}), 400, "invalid_grant", "Issue time is after now"},
		"iat behind":                          {with("iat", unix(-20*time.Second)), 400, "invalid_grant", "MP-130"},
		"expired":                             {with("exp", unix(-time.Second)), 400, "invalid_grant", "MP-130"},
		"too long":                            {with("exp", unix(125*time.Second)), 400, "invalid_grant", "MP-011"},
		"used":                                {used, 400, "invalid_grant", "MP-012"},
		"jti used":                            {p.grant(jti), 400, "invalid_grant", "MP-012"},
		"used, without jti":                   {nameless, 400, "invalid_grant", "MP-012"},
		"no scope":                            {with("scope", nil), 400, "invalid_scope", "MP-200"},
		"scope of another":                    {with("scope", "skatt:annet"), 400, "invalid_scope", "MP-200"},
		"one scope too many":                  {with("scope", scope+" skatt:annet"), 400, "invalid_scope", "MP-200"},
		"scope not granted":                   {with("scope", "skatt:lukket"), 403, "forbidden", "MP-250"},
		"delegated by one without access":     {with("consumer_org", "366666666"), 403, "forbidden", "MP-250"},
		"not delegated":                       {with("consumer_org", "355555555"), 403, "forbidden", "MP-251"},
		"other scope not delegated": {p.grant(idsim.Claim{Name: "consumer_org", Value: kommun}, idsim.Claim{Name: "scope", Value: other}),
			403, "forbidden", "MP-251"},
		"on behalf of itself": {with("consumer_org", orgnr), 400, "invalid_request", "consumer_org"},
		"resource for Freg":   {with("resource", []string{"https://a.example"}), 400, "invalid_request", "resource"},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := p.ask(tt.grant)
			description, _ := body["error_description"].(string)
			if status != tt.status || body["error"] != tt.code || !strings.Contains(description, tt.mp) || body["error_uri"] == "" {
				t.Errorf("%d %v", status, body)
			}
			if body["access_token"] != nil {
				t.Error("a token came with it")
			}
		})
	}
	for name, form := range map[string]url.Values{
		"another grant":  {"grant_type": {"client_credentials"}, "assertion": {p.grant()}},
		"two assertions": {"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {p.grant(), p.grant()}},
		"too large": {"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {p.grant()},
			"fyll": {strings.Repeat("a", 65<<10)}},
	} {
		if status, body := post(t, p.url+"/token", form); status != 400 || body["error"] == nil {
			t.Errorf("%s: %d %v", name, status, body)
		}
	}
}

func TestMaskinportenSwitches(t *testing.T) {
	p := newPort(t)
	p.ExpiresIn(10 * time.Second)
	if _, body := p.ask(p.grant()); body["expires_in"] != 10.0 {
		t.Error(body)
	}
	p.Down(true)
	if status, _ := p.ask(p.grant()); status != 503 {
		t.Error(status)
	}
	p.Down(false)
	if status, _ := p.ask(p.grant()); status != 200 {
		t.Error(status)
	}
}

func TestMaskinportenMetadata(t *testing.T) {
	p := newPort(t)
	res, err := http.Get(p.url + "/.well-known/oauth-authorization-server")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var m map[string]any
	if err := json.NewDecoder(res.Body).Decode(&m); err != nil {
		t.Fatal(err)
	}
	if m["issuer"] != p.url+"/" || m["token_endpoint"] != p.url+"/token" || m["jwks_uri"] != p.url+"/jwk" {
		t.Error(m)
	}
}
