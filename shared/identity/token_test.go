package identity_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"hash"
	"net/http"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"pgregory.net/rapid"

	"hjemmel/shared/fault"
	"hjemmel/shared/identity"
	"hjemmel/shared/identity/identitytest"
	"hjemmel/shared/identity/idsim"
)

type header = map[string]any

// compact writes a token by hand, as an attacker does.
func compact(t testing.TB, h header, claims map[string]any, sign func(input string) []byte) string {
	t.Helper()
	part := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	input := part(h) + "." + part(claims)
	return input + "." + base64.RawURLEncoding.EncodeToString(sign(input))
}

func rs256(t testing.TB, key *rsa.PrivateKey) func(string) []byte {
	return func(input string) []byte {
		sum := sha256.Sum256([]byte(input))
		sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return sig
	}
}

func hs(h func() hash.Hash, secret []byte) func(string) []byte {
	return func(input string) []byte {
		m := hmac.New(h, secret)
		_, _ = m.Write([]byte(input))
		return m.Sum(nil)
	}
}

// kid is the name of the key that the simulator signs with.
func kid(t testing.TB, i *idsim.Issuer) string {
	t.Helper()
	raw, err := i.Sign(map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	tok, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		t.Fatal(err)
	}
	return tok.Headers[0].KeyID
}

func TestRefusesForgery(t *testing.T) {
	w := identitytest.New(t)
	w.Employee(identitytest.Person(0)) // the keys are at hand
	key, claims, id := identitytest.Keys()[1], employeeClaims(w), kid(t, w.IDPorten.Issuer)
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	pub := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	mine, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	nothing := func(string) []byte { return nil }
	sign := rs256(t, key)
	good := compact(t, header{"alg": "RS256", "kid": id}, claims, sign)
	parts := strings.Split(good, ".")
	jwkOf := func(pub any) any { return jose.JSONWebKey{Key: pub, KeyID: id} }
	tests := map[string]string{
		"none":                 compact(t, header{"alg": "none", "kid": id}, claims, nothing),
		"None":                 compact(t, header{"alg": "None", "kid": id}, claims, nothing),
		"no alg":               compact(t, header{"kid": id}, claims, sign),
		"HS256 with PEM":       compact(t, header{"alg": "HS256", "kid": id}, claims, hs(sha256.New, pub)),
		"HS256 with DER":       compact(t, header{"alg": "HS256", "kid": id}, claims, hs(sha256.New, der)),
		"HS512 with modulus":   compact(t, header{"alg": "HS512", "kid": id}, claims, hs(sha512.New, key.N.Bytes())),
		"PS256":                compact(t, header{"alg": "PS256", "kid": id}, claims, sign),
		"RS256 said to be 512": compact(t, header{"alg": "RS512", "kid": id}, claims, sign),
		"ES256": compact(t, header{"alg": "ES256", "kid": id}, claims, func(in string) []byte {
			sum := sha256.Sum256([]byte(in))
			r, s, _ := ecdsa.Sign(rand.Reader, ec, sum[:])
			return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
		}),
		"no kid":          compact(t, header{"alg": "RS256"}, claims, sign),
		"empty kid":       compact(t, header{"alg": "RS256", "kid": ""}, claims, sign),
		"kid as number":   compact(t, header{"alg": "RS256", "kid": 1}, claims, sign),
		"unknown kid":     compact(t, header{"alg": "RS256", "kid": "annen"}, claims, sign),
		"crit":            compact(t, header{"alg": "RS256", "kid": id, "crit": []string{"exp"}}, claims, sign),
		"crit b64":        compact(t, header{"alg": "RS256", "kid": id, "crit": []string{"b64"}, "b64": true}, claims, sign),
		"b64":             compact(t, header{"alg": "RS256", "kid": id, "b64": false}, claims, sign),
		"crit of nothing": compact(t, header{"alg": "RS256", "kid": id, "crit": []string{"b64"}}, claims, sign),
		"b64 as it is":    compact(t, header{"alg": "RS256", "kid": id, "b64": true}, claims, sign),
		"brings its key":  compact(t, header{"alg": "RS256", "kid": id, "jwk": jwkOf(mine.Public())}, claims, rs256(t, mine)),
		"brings our key":  compact(t, header{"alg": "RS256", "kid": id, "jwk": jwkOf(key.Public())}, claims, sign),
		"other's key":     compact(t, header{"alg": "RS256", "kid": id}, claims, rs256(t, mine)),
		"Maskinporten's":  compact(t, header{"alg": "RS256", "kid": kid(t, w.Maskinporten.Issuer)}, claims, rs256(t, identitytest.Keys()[0])),
		"no signature":    parts[0] + "." + parts[1] + ".",
		"two parts":       parts[0] + "." + parts[1],
		"four parts":      good + ".",
		"five parts":      good + ".a.b",
		"not base64":      parts[0] + "." + parts[1] + "!." + parts[2],
		"as JSON":         `{"protected":"` + parts[0] + `","payload":"` + parts[1] + `","signature":"` + parts[2] + `"}`,
		"a word":          "hemmelig-ord-som-ikke-skal-gjentas",
		"too long":        good + strings.Repeat("A", 8<<10),
		"long but right":  compact(t, header{"alg": "RS256", "kid": id}, set(employeeClaims(w), "fyll", strings.Repeat("a", 8<<10)), sign),
		"payload is null": compact(t, header{"alg": "RS256", "kid": id}, nil, sign),
	}
	for name, raw := range tests {
		t.Run(name, func(t *testing.T) {
			code := "TOKEN_UGYLDIG"
			if name == "payload is null" { // no iss in it
				code = "TOKEN_FEIL_UTSTEDER"
			}
			refused(t, w.Verifier, identitytest.Request(raw, identitytest.Login{}), code)
		})
	}
	t.Run("the model they were made from", func(t *testing.T) {
		r := identitytest.Request(good, identitytest.Login{})
		if _, err := w.Verifier.Caller(t.Context(), r); err != nil {
			t.Error(err)
		}
	})
}

// TestTampering: whatever is done to the bytes of A's token, it is A's or nobody's.
func TestTampering(t *testing.T) {
	w := identitytest.New(t)
	l := w.Register(org)
	a, b := w.Employee(identitytest.Person(0)), w.Employee(identitytest.Person(1))
	rawA, rawB := w.Sign(w.IDPorten.Issuer, employeeClaims(w)), w.Sign(w.IDPorten.Issuer,
		w.IDPorten.Claims(idsim.Employee{PID: b.Person()}, identitytest.OwnLogin, "openid"))
	vendor := w.Sign(w.Maskinporten.Issuer, vendorClaims(w))
	rapid.Check(t, func(t *rapid.T) {
		raw := []byte(rawA)
		for range rapid.IntRange(1, 4).Draw(t, "edits") {
			i := rapid.IntRange(0, len(raw)-1).Draw(t, "at")
			switch rapid.IntRange(0, 4).Draw(t, "edit") {
			case 0:
				raw[i] = rapid.Byte().Draw(t, "byte")
			case 1:
				raw = append(raw[:i:i], raw[i+1:]...)
			case 2:
				raw = append(raw[:i:i], append([]byte{rapid.Byte().Draw(t, "byte")}, raw[i:]...)...)
			case 3: // a part of B's
				pa, pb := strings.Split(string(raw), "."), strings.Split(rawB, ".")
				if n := rapid.IntRange(0, 2).Draw(t, "part"); n < len(pa) {
					pa[n] = pb[n]
				}
				raw = []byte(strings.Join(pa, "."))
			case 4:
				pa, pv := strings.Split(string(raw), "."), strings.Split(vendor, ".")
				if n := rapid.IntRange(0, 2).Draw(t, "part"); n < len(pa) {
					pa[n] = pv[n]
				}
				raw = []byte(strings.Join(pa, "."))
			}
			if len(raw) == 0 {
				return
			}
		}
		login := rapid.SampledFrom([]identitytest.Login{{}, l}).Draw(t, "login")
		r := identitytest.Request("", login)
		r.Header["Authorization"] = []string{"Bearer " + string(raw)}
		c, err := w.Verifier.Caller(r.Context(), r)
		switch {
		case err != nil && !c.IsZero():
			t.Fatal("an error and a caller")
		case err == nil && c != a && string(raw) != rawB && c.Kind() != identity.KindIntegration:
			t.Fatalf("became somebody else: %v", c)
		case err == nil && c.Kind() == identity.KindIntegration && string(raw) != vendor:
			t.Fatal("a person became an integration")
		}
	})
}

// FuzzCaller sends anything as the three headers. Nothing may panic, no caller may come out of it
// but those whose tokens we made, and no error may be anybody's but the caller's.
func FuzzCaller(f *testing.F) {
	w := identitytest.New(f)
	l := w.Register(org)
	a := w.Employee(identitytest.Person(0))
	employee, vendor := w.Sign(w.IDPorten.Issuer, employeeClaims(w)), w.Sign(w.Maskinporten.Issuer, vendorClaims(w))
	f.Add("Bearer "+employee, "", "")
	f.Add("Bearer "+vendor, l.ID, l.Password)
	f.Add("Bearer "+employee, l.ID, l.Password)
	f.Add("Bearer eyJhbGciOiJub25lIn0.e30.", "x", "")
	f.Add("bearer  .. ", "", "y")
	f.Fuzz(func(t *testing.T, authorization, id, password string) {
		r := &http.Request{Header: http.Header{"Authorization": {authorization}}}
		if id != "" {
			r.Header["Integrasjonid"] = []string{id}
		}
		if password != "" {
			r.Header["Integrasjonpassord"] = []string{password}
		}
		c, err := w.Verifier.Caller(t.Context(), r)
		switch {
		case err == nil && c.Kind() == identity.KindIntegration:
			if !strings.EqualFold(id, l.ID) || password != l.Password {
				t.Fatal("an integration without its password")
			}
		case err == nil && c.Person() != a.Person():
			t.Fatal("somebody else")
		case err != nil && (!c.IsZero() || !fault.Is(err, fault.Unauthenticated)):
			t.Fatalf("refused otherwise: %v", err)
		}
	})
}
