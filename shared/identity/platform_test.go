package identity_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"net/http/httptest"
	"testing"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/identity"
	"hjemmel/shared/identity/identitytest"
	"hjemmel/shared/identity/idsim"
)

const (
	ourURL  = "https://hjemmel.example"
	account = "planlegger@hjemmel.example.iam.gserviceaccount.com"
	pod     = "system:serviceaccount:hjemmel:planlegger"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// platform is a platform and a verifier that believes two of its accounts, at noon.
func platform(t *testing.T) (*idsim.Platform, *identity.Platform) {
	t.Helper()
	now := func() time.Time { return noon }
	sim, err := idsim.NewPlatform("https://accounts.example", identitytest.Keys()[0], now)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(sim)
	t.Cleanup(srv.Close)
	p, err := identity.NewPlatform(identity.PlatformConfig{
		Issuer: identity.Issuer{URL: sim.Name(), JWKS: srv.URL + "/jwks"}, Audience: ourURL, Callers: []string{account, pod}, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return sim, p
}

func called(t *testing.T, p *identity.Platform, raw string) error {
	t.Helper()
	return p.Check(t.Context(), identitytest.Request(raw, identitytest.Login{}))
}

// Google's token for a service account, and a cluster's for one of its, are let in.
func TestThePlatformIsLetIn(t *testing.T) {
	sim, p := platform(t)
	google := sim.Claims(account, ourURL)
	cluster := map[string]any{
		"iss": sim.Name(), "aud": []string{"another", ourURL}, "sub": pod, "iat": google["iat"], "exp": google["exp"], "nbf": google["iat"],
		"kubernetes.io": map[string]any{"namespace": "hjemmel"},
	}
	for name, claims := range map[string]map[string]any{"Google": google, "Kubernetes": cluster} {
		raw, err := sim.Sign(claims)
		if err != nil {
			t.Fatal(err)
		}
		if err := called(t, p, raw); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever is wrong, the answer is the same.
func TestOnlyThePlatformIsLetIn(t *testing.T) {
	sim, p := platform(t)
	key, id := identitytest.Keys()[0], kid(t, sim.Issuer)
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	signed := func(change ...any) string { // name, value, …; a nil value takes the claim away
		claims := sim.Claims(account, ourURL)
		for i := 0; i < len(change); i += 2 {
			claims[change[i].(string)] = change[i+1]
			if change[i+1] == nil {
				delete(claims, change[i].(string))
			}
		}
		return compact(t, header{"alg": "RS256", "kid": id}, claims, rs256(t, key))
	}
	if err := called(t, p, signed()); err != nil {
		t.Fatal(err)
	}
	claims := sim.Claims(account, ourURL)
	rs512 := func(input string) []byte {
		sum := sha512.Sum512([]byte(input))
		sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA512, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return sig
	}
	at := noon.Unix()
	tests := map[string]string{
		"nothing": "", "a word": "planlegger",
		"another's issuer":         signed("iss", "https://accounts.google.com"),
		"no issuer":                signed("iss", nil),
		"another's audience":       signed("aud", "https://hjemmel.example.evil"),
		"our audience and a slash": signed("aud", ourURL+"/"),
		"no audience":              signed("aud", nil),
		"an audience for anybody":  signed("aud", "unspecified"),
		"another account":          signed("email", "leverandoer@hjemmel.example.iam.gserviceaccount.com"),
		"an address not verified":  signed("email_verified", false),
		"verified is not said":     signed("email_verified", nil),
		"verified in words":        signed("email_verified", "true"),
		"another pod":              signed("sub", pod+"2", "email", nil, "email_verified", nil),
		"nobody":                   signed("sub", nil, "email", nil, "email_verified", nil),
		"empty":                    signed("sub", "", "email", "", "email_verified", nil),
		"expired":                  signed("exp", at-11),
		"no expiry":                signed("exp", nil),
		"from the future":          signed("iat", at+11),
		"not yet":                  signed("nbf", at+11),
		"no beginning":             signed("iat", nil),
		"bound to a key":           signed("cnf", map[string]any{"jkt": "x"}),
		"none":                     compact(t, header{"alg": "none", "kid": id}, claims, func(string) []byte { return nil }),
		"a MAC with the key":       compact(t, header{"alg": "HS256", "kid": id}, claims, hs(sha256.New, key.N.Bytes())),
		"another algorithm":        compact(t, header{"alg": "RS512", "kid": id}, claims, rs512),
		"another's key":            compact(t, header{"alg": "RS256", "kid": id}, claims, rs256(t, stranger)),
		"an unknown key":           compact(t, header{"alg": "RS256", "kid": "annen"}, claims, rs256(t, stranger)),
	}
	for name, raw := range tests {
		err := called(t, p, raw)
		if !fault.Is(err, fault.Unauthenticated) || fault.Of(err).Code != "PLATTFORM_UKJENT" {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := identitytest.Request(signed(), identitytest.Login{})
	r.Header.Add("Authorization", r.Header.Get("Authorization"))
	if err := p.Check(t.Context(), r); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("twice: %v", err)
	}
}

// Without settings nobody is the platform, and half of them are none.
func TestAPlatformThatIsNotSet(t *testing.T) {
	sim, _ := platform(t)
	none, err := identity.NewPlatform(identity.PlatformConfig{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	claims := sim.Claims("", "")
	claims["iss"] = ""
	for _, c := range []map[string]any{claims, sim.Claims(account, ourURL)} {
		raw, err := sim.Sign(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := called(t, none, raw); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%v", err)
		}
	}
	whole := identity.PlatformConfig{Issuer: identity.Issuer{URL: "https://a", JWKS: "https://a/jwks"}, Audience: ourURL, Callers: []string{account}}
	for name, without := range map[string]func(*identity.PlatformConfig){
		"issuer": func(c *identity.PlatformConfig) { c.Issuer.URL = "" }, "keys": func(c *identity.PlatformConfig) { c.Issuer.JWKS = "" },
		"plain keys": func(c *identity.PlatformConfig) { c.Issuer.JWKS = "http://a.example/jwks" }, "audience": func(c *identity.PlatformConfig) { c.Audience = "" },
		"callers": func(c *identity.PlatformConfig) { c.Callers = nil }, "a caller": func(c *identity.PlatformConfig) { c.Callers = []string{account, ""} },
	} {
		c := whole
		without(&c)
		if _, err := identity.NewPlatform(c); err == nil {
			t.Errorf("%s may be missing", name)
		}
	}
}

// Keys that cannot be had are told as what they are, so that the call is made again.
func TestAPlatformWhoseKeysAreDown(t *testing.T) {
	sim, p := platform(t)
	sim.Down(true)
	raw, err := sim.Sign(sim.Claims(account, ourURL))
	if err != nil {
		t.Fatal(err)
	}
	if err := called(t, p, raw); !fault.Is(err, fault.Unavailable) {
		t.Errorf("%v", err)
	}
}
