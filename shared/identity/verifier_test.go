package identity_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hjemmel/shared/fault"
	"hjemmel/shared/identity"
	"hjemmel/shared/identity/identitytest"
	"hjemmel/shared/identity/idsim"
	"hjemmel/shared/store/storetest"
)

const org = "11111111-1111-4111-8111-111111111111"

func vendorClaims(w *identitytest.World) map[string]any {
	return w.Maskinporten.Claims(identitytest.Vendor, identity.DefaultScope, "")
}

func employeeClaims(w *identitytest.World) map[string]any {
	return w.IDPorten.Claims(idsim.Employee{PID: identitytest.Person(0)}, identitytest.OwnLogin, "openid profile")
}

func viaClaims(w *identitytest.World) map[string]any {
	return w.IDPorten.Claims(idsim.Employee{PID: identitytest.Person(0)}, identitytest.VendorLogin, "openid ks:fiks")
}

func TestZeroCallerIsNobody(t *testing.T) {
	var c identity.Caller
	if !c.IsZero() || c.Kind() != identity.KindNobody || !c.Person().IsZero() ||
		c.Organisation()+c.IntegrationID()+c.ClientOrgnr()+c.Level() != "" {
		t.Fatalf("the zero caller is somebody: %v", c)
	}
	if got := identity.Kind(99).String(); got != "nobody" {
		t.Errorf("an unknown kind is called %q", got)
	}
}

func TestCaller(t *testing.T) {
	w := identitytest.New(t)
	l := w.Register(org)
	me := identitytest.Person(0)

	c := w.Integration(identitytest.Login{ID: strings.ToUpper(l.ID), Password: l.Password})
	if c.Kind() != identity.KindIntegration || !c.Person().IsZero() || c.Organisation() != org ||
		c.IntegrationID() != l.ID || c.ClientOrgnr() != identitytest.Vendor.Orgnr || c.Level() != "" {
		t.Errorf("integration: %v", c)
	}
	c = w.Employee(me)
	if c.Kind() != identity.KindEmployee || c.Person() != me || c.Organisation() != "" ||
		c.IntegrationID() != "" || c.ClientOrgnr() != "" || c.Level() != identity.LevelHigh {
		t.Errorf("employee: %v", c)
	}
	c = w.EmployeeVia(me, l)
	if c.Kind() != identity.KindEmployeeViaIntegration || c.Person() != me || c.Organisation() != org ||
		c.IntegrationID() != l.ID || c.ClientOrgnr() != identitytest.Vendor.Orgnr || c.Level() != identity.LevelHigh {
		t.Errorf("employee via integration: %v", c)
	}
	if w.Employee(me) != w.Employee(me) || w.Employee(me) == w.Employee(identitytest.Person(1)) {
		t.Error("callers do not compare as parties")
	}
}

// TestAccepts holds what is at the edge and inside.
func TestAccepts(t *testing.T) {
	w := identitytest.New(t)
	l := w.Register(org)
	unix := func(d time.Duration) int64 { return w.Now().Add(d).Unix() }
	for name, c := range map[string]map[string]any{
		"expired within leeway":      set(vendorClaims(w), "exp", unix(-5*time.Second)),
		"issued ahead within leeway": set(vendorClaims(w), "iat", unix(5*time.Second)),
		"nbf ahead within leeway":    set(vendorClaims(w), "nbf", unix(5*time.Second)),
		"aud unspecified":            set(vendorClaims(w), "aud", "unspecified"),
		"more scopes":                set(vendorClaims(w), "scope", "a:b ks:fiks c:d"),
		"delegated to the vendor's subsidiary": set(w.Maskinporten.Claims(
			idsim.Client{ID: "x", Orgnr: "333333333"}, "ks:fiks", identitytest.Vendor.Orgnr), "jti", "x"),
	} {
		t.Run(name, func(t *testing.T) {
			r := identitytest.Request(w.Sign(w.Maskinporten.Issuer, c), l)
			if _, err := w.Verifier.Caller(t.Context(), r); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("substantial", func(t *testing.T) {
		r := identitytest.Request(w.Sign(w.IDPorten.Issuer, set(employeeClaims(w), "acr", identity.LevelSubstantial)), identitytest.Login{})
		if c, err := w.Verifier.Caller(t.Context(), r); err != nil || c.Level() != identity.LevelSubstantial {
			t.Error(c, err)
		}
	})
	t.Run("audience of ours", func(t *testing.T) {
		cfg := w.Config
		cfg.Audiences = []string{"https://hjemmel.example"}
		v, err := identity.NewVerifier(cfg, identity.NewIntegrations(w.Store))
		if err != nil {
			t.Fatal(err)
		}
		c := set(vendorClaims(w), "aud", []string{"https://other.example", "https://hjemmel.example"})
		r := identitytest.Request(w.Sign(w.Maskinporten.Issuer, c), l)
		if _, err := v.Caller(t.Context(), r); err != nil {
			t.Error(err)
		}
	})
}

func set(claims map[string]any, name string, value any) map[string]any {
	claims[name] = value
	if value == nil {
		delete(claims, name)
	}
	return claims
}

func refused(t *testing.T, v *identity.Verifier, r *http.Request, code string) {
	t.Helper()
	c, err := v.Caller(t.Context(), r)
	if err == nil || !c.IsZero() {
		t.Fatalf("let in: %v", c)
	}
	if f := fault.Of(err); f.Kind != fault.Unauthenticated || f.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
	canary(t, err, r)
}

// canary fails when anything that was sent, or a number, shows in the error.
func canary(t *testing.T, err error, r *http.Request) {
	t.Helper()
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Error("avvist", slog.Any("err", err))
	f := fault.Of(err)
	all := fmt.Sprintf("%s %v %+v %s %v %v", log.String(), err, *f, f.Detail, f.Elements, errors.Unwrap(err))
	secrets := []string{identitytest.Person(0).Reveal(), identitytest.Vendor.Orgnr}
	for _, name := range []string{"IntegrasjonId", "IntegrasjonPassord"} {
		secrets = append(secrets, r.Header.Values(name)...)
	}
	for _, h := range r.Header.Values("Authorization") {
		secrets = append(secrets, strings.FieldsFunc(h, func(c rune) bool { return c == ' ' || c == '.' })...)
	}
	for _, s := range secrets {
		if len(s) > 8 && strings.Contains(all, s) {
			t.Errorf("the error repeats what was sent: %s", all)
		}
	}
}

// TestRefusesVendor turns one thing at a time into something else in a call that would be let in.
func TestRefusesVendor(t *testing.T) {
	w := identitytest.New(t)
	l := w.Register(org)
	unix := func(d time.Duration) int64 { return w.Now().Add(d).Unix() }
	consumer := func(authority, id string) map[string]string {
		return map[string]string{"authority": authority, "ID": id}
	}
	const upis = "iso6523-actorid-upis"
	tests := []struct {
		name  string
		claim string
		value any
		code  string
	}{
		{"expired", "exp", unix(-11 * time.Second), "TOKEN_UTLOEPT"},
		{"no exp", "exp", nil, "TOKEN_UGYLDIG"},
		{"exp as text", "exp", "9999999999", "TOKEN_UGYLDIG"},
		{"no iat", "iat", nil, "TOKEN_UGYLDIG"},
		{"iat ahead", "iat", unix(15 * time.Second), "TOKEN_UGYLDIG"},
		{"nbf ahead", "nbf", unix(15 * time.Second), "TOKEN_UGYLDIG"},
		{"no iss", "iss", nil, "TOKEN_FEIL_UTSTEDER"},
		{"other environment", "iss", "https://test.maskinporten.no/", "TOKEN_FEIL_UTSTEDER"},
		{"iss without slash", "iss", strings.TrimSuffix(w.Maskinporten.Name(), "/"), "TOKEN_FEIL_UTSTEDER"},
		{"iss of the other issuer", "iss", w.IDPorten.Name(), "TOKEN_UGYLDIG"},
		{"iss as a list", "iss", []string{w.Maskinporten.Name()}, "TOKEN_UGYLDIG"},
		{"no scope", "scope", nil, "TOKEN_MANGLER_SCOPE"},
		{"longer scope", "scope", "ks:fiks.les ks:fiks2", "TOKEN_MANGLER_SCOPE"},
		{"scope in other case", "scope", "KS:FIKS", "TOKEN_MANGLER_SCOPE"},
		{"scope as a list", "scope", []string{"ks:fiks"}, "TOKEN_UGYLDIG"},
		{"no consumer", "consumer", nil, "TOKEN_MANGLER_CONSUMER"},
		{"authority", "consumer", consumer("iso6523", "0192:311111111"), "TOKEN_MANGLER_CONSUMER"},
		{"foreign register", "consumer", consumer(upis, "9908:311111111"), "TOKEN_MANGLER_CONSUMER"},
		{"no register", "consumer", consumer(upis, "311111111"), "TOKEN_MANGLER_CONSUMER"},
		{"short orgnr", "consumer", consumer(upis, "0192:31111111"), "TOKEN_MANGLER_CONSUMER"},
		{"sub-unit", "consumer", consumer(upis, "0192:311111111:1"), "TOKEN_MANGLER_CONSUMER"},
		{"consumer as text", "consumer", "0192:311111111", "TOKEN_UGYLDIG"},
		{"another organisation", "consumer", consumer(upis, "0192:399999999"), "INTEGRASJON_AUTENTISERING_FEILET"},
		{"audience of another API", "aud", "https://other.example", "TOKEN_UGYLDIG"},
		{"bound to a key", "cnf", map[string]string{"jkt": "x"}, "TOKEN_UGYLDIG"},
		{"bound to a person", "pid", identitytest.Person(0).Reveal(), "TOKEN_UGYLDIG"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw := w.Sign(w.Maskinporten.Issuer, set(vendorClaims(w), tt.claim, tt.value))
			refused(t, w.Verifier, identitytest.Request(raw, l), tt.code)
		})
	}
}

func TestRefusesEmployee(t *testing.T) {
	w := identitytest.New(t)
	l := w.Register(org)
	const noLogin = "TOKEN_UGYLDIG"
	tests := []struct {
		name   string
		claims map[string]any
		login  identitytest.Login
		code   string
	}{
		{"client of another", set(employeeClaims(w), "client_id", "annen-tjeneste"), identitytest.Login{}, noLogin},
		{"no client", set(employeeClaims(w), "client_id", nil), identitytest.Login{}, noLogin},
		{"vendor's client without integration", viaClaims(w), identitytest.Login{}, noLogin},
		{"low", set(employeeClaims(w), "acr", "idporten-loa-low"), identitytest.Login{}, noLogin},
		{"no level", set(employeeClaims(w), "acr", nil), identitytest.Login{}, noLogin},
		{"level as a list", set(employeeClaims(w), "acr", []string{identity.LevelHigh}), identitytest.Login{}, noLogin},
		{"no pid", set(employeeClaims(w), "pid", nil), identitytest.Login{}, noLogin},
		{"pid in other case", set(set(employeeClaims(w), "pid", nil), "PID", identitytest.Person(0).Reveal()), identitytest.Login{}, noLogin},
		{"pid with wrong control digit", set(employeeClaims(w), "pid", flip(identitytest.Person(0).Reveal())), identitytest.Login{}, noLogin},
		{"pid with space", set(employeeClaims(w), "pid", identitytest.Person(0).Reveal()+" "), identitytest.Login{}, noLogin},
		{"aud", set(employeeClaims(w), "aud", "https://other.example"), identitytest.Login{}, noLogin},
		{"id_token", set(set(employeeClaims(w), "client_id", nil), "aud", identitytest.OwnLogin.ID), identitytest.Login{}, noLogin},
		{"via: no scope", set(viaClaims(w), "scope", "openid"), l, "TOKEN_MANGLER_SCOPE"},
		{"via: no consumer", set(viaClaims(w), "consumer", nil), l, "TOKEN_MANGLER_CONSUMER"},
		{"via: our own login's token", set(employeeClaims(w), "scope", "openid ks:fiks"), l, "INTEGRASJON_AUTENTISERING_FEILET"},
		{"via: low", set(viaClaims(w), "acr", "idporten-loa-low"), l, noLogin},
		{"via: no pid", set(viaClaims(w), "pid", nil), l, noLogin},
		{"via: wrong password", viaClaims(w), identitytest.Login{ID: l.ID, Password: identity.NewPassword()}, "INTEGRASJON_AUTENTISERING_FEILET"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			refused(t, w.Verifier, identitytest.Request(w.Sign(w.IDPorten.Issuer, tt.claims), tt.login), tt.code)
		})
	}
	t.Run("no clients of ours", func(t *testing.T) {
		cfg := w.Config
		cfg.ClientIDs = nil
		v, err := identity.NewVerifier(cfg, identity.NewIntegrations(w.Store))
		if err != nil {
			t.Fatal(err)
		}
		refused(t, v, identitytest.Request(w.Sign(w.IDPorten.Issuer, employeeClaims(w)), identitytest.Login{}), noLogin)
	})
	t.Run("door closed", func(t *testing.T) {
		cfg := w.Config
		cfg.IDPorten = identity.Issuer{}
		v, err := identity.NewVerifier(cfg, identity.NewIntegrations(w.Store))
		if err != nil {
			t.Fatal(err)
		}
		for _, iss := range []any{w.IDPorten.Name(), "", nil} {
			raw := w.Sign(w.IDPorten.Issuer, set(employeeClaims(w), "iss", iss))
			refused(t, v, identitytest.Request(raw, identitytest.Login{}), "TOKEN_FEIL_UTSTEDER")
		}
	})
}

// flip changes the last digit.
func flip(digits string) string {
	return digits[:10] + string('0'+(digits[10]-'0'+1)%10)
}

func TestRefusesHeaders(t *testing.T) {
	w := identitytest.New(t)
	l := w.Register(org)
	vendor := w.Sign(w.Maskinporten.Issuer, vendorClaims(w))
	employee := w.Sign(w.IDPorten.Issuer, employeeClaims(w))
	const noToken, noHeaders = "TOKEN_MANGLER", "INTEGRASJON_HODER_MANGLER"
	tests := []struct {
		name, token string
		change      func(http.Header)
		code        string
	}{
		{"no authorization", vendor, func(h http.Header) { h.Del("Authorization") }, noToken},
		{"basic", vendor, func(h http.Header) { h.Set("Authorization", "Basic "+vendor) }, noToken},
		{"token alone", vendor, func(h http.Header) { h.Set("Authorization", vendor) }, noToken},
		{"bearer alone", vendor, func(h http.Header) { h.Set("Authorization", "Bearer ") }, noToken},
		{"two equal authorizations", vendor, func(h http.Header) { h.Add("Authorization", "Bearer "+vendor) }, noToken},
		{"two authorizations", vendor, func(h http.Header) { h.Add("Authorization", "Bearer "+employee) }, noToken},
		{"two in one", vendor, func(h http.Header) { h.Set("Authorization", "Bearer "+vendor+", Bearer "+vendor) }, "TOKEN_UGYLDIG"},
		{"no login", vendor, func(h http.Header) { h.Del("IntegrasjonId"); h.Del("IntegrasjonPassord") }, noHeaders},
		{"no id", vendor, func(h http.Header) { h.Del("IntegrasjonId") }, noHeaders},
		{"no password", vendor, func(h http.Header) { h.Del("IntegrasjonPassord") }, noHeaders},
		{"empty id", vendor, func(h http.Header) { h.Set("IntegrasjonId", "") }, noHeaders},
		{"empty both", employee, func(h http.Header) { h.Set("IntegrasjonId", ""); h.Set("IntegrasjonPassord", "") }, noHeaders},
		{"two ids", vendor, func(h http.Header) { h.Add("IntegrasjonId", l.ID) }, noHeaders},
		{"two passwords", vendor, func(h http.Header) { h.Add("IntegrasjonPassord", l.Password) }, noHeaders},
		{"employee with id only", employee, func(h http.Header) { h.Del("IntegrasjonPassord") }, noHeaders},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := identitytest.Request(tt.token, l)
			tt.change(r.Header)
			refused(t, w.Verifier, r, tt.code)
		})
	}
}

// integrations that all must be answered alike, and the login to try.
func unacceptable(w *identitytest.World) map[string]identitytest.Login {
	hour := time.Hour
	change := func(f func(*identity.Integration)) identitytest.Login { return w.Register(org, f) }
	good, other := w.Register(org), w.Register(org)
	return map[string]identitytest.Login{
		"unknown":           {ID: uuid.NewString(), Password: good.Password},
		"not an id":         {ID: "../integrasjon", Password: good.Password},
		"wrong password":    {ID: good.ID, Password: identity.NewPassword()},
		"another's":         {ID: good.ID, Password: other.Password},
		"password and more": {ID: good.ID, Password: good.Password + "A"},
		"inactive":          change(func(i *identity.Integration) { i.Aktiv = false }),
		"not yet":           change(func(i *identity.Integration) { i.GyldigFra = w.Now().Add(hour) }),
		"no longer":         change(func(i *identity.Integration) { i.GyldigTil = w.Now().Add(-hour) }),
		"no password":       change(func(i *identity.Integration) { i.Passord = nil }),
		"other consumer":    change(func(i *identity.Integration) { i.AutorisertOrgnr = "399999999" }),
		"password expired":  change(func(i *identity.Integration) { i.Passord[0].GyldigTil = w.Now().Add(-hour) }),
	}
}

// TestUniform shows that the answer and the work tell nobody which integrations exist.
func TestUniform(t *testing.T) {
	w := identitytest.New(t)
	var macs atomic.Int64
	w.Verifier.CountMACs(&macs)
	for _, claims := range []map[string]any{vendorClaims(w), viaClaims(w)} {
		issuer := w.Maskinporten.Issuer
		if claims["iss"] == w.IDPorten.Name() {
			issuer = w.IDPorten.Issuer
		}
		token := w.Sign(issuer, claims)
		var first *fault.Error
		for name, l := range unacceptable(w) {
			macs.Store(0)
			r := identitytest.Request(token, l)
			refused(t, w.Verifier, r, "INTEGRASJON_AUTENTISERING_FEILET")
			if macs.Load() != 1 {
				t.Errorf("%s: %d MACs were computed, want 1", name, macs.Load())
			}
			_, err := w.Verifier.Caller(t.Context(), r)
			f := fault.Of(err)
			if first == nil {
				first = f
			}
			if diff := cmp.Diff(*first, *f, cmp.AllowUnexported(fault.Error{})); diff != "" {
				t.Errorf("%s is answered differently:\n%s", name, diff)
			}
		}
	}
	macs.Store(0)
	w.Integration(w.Register(org))
	if macs.Load() != 1 {
		t.Errorf("success takes %d MACs, want 1", macs.Load())
	}
}

// TestPasswordChange shows that two passwords work while one replaces the other, and that a change
// is felt at once.
func TestPasswordChange(t *testing.T) {
	w := identitytest.New(t)
	fresh := identity.NewPassword()
	var in identity.Integration
	old := w.Register(org, func(i *identity.Integration) {
		p, err := identity.Seal(w.Config.PasswordKey, i.ID, fresh, w.Now().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		i.Passord = append(i.Passord, p)
		in = *i
	})
	w.Integration(old)
	w.Integration(identitytest.Login{ID: old.ID, Password: fresh})
	in.Passord = in.Passord[1:]
	op, err := in.Put()
	if err == nil {
		err = w.Store.Commit(t.Context(), op)
	}
	if err != nil {
		t.Fatal(err)
	}
	token := w.Sign(w.Maskinporten.Issuer, vendorClaims(w))
	refused(t, w.Verifier, identitytest.Request(token, old), "INTEGRASJON_AUTENTISERING_FEILET")
	w.Integration(identitytest.Login{ID: old.ID, Password: fresh})
}

func TestStoreDown(t *testing.T) {
	w := identitytest.New(t)
	l := w.Register(org)
	r := identitytest.Request(w.Sign(w.Maskinporten.Issuer, vendorClaims(w)), l)
	w.Store.FailReads(1)
	if c, err := w.Verifier.Caller(t.Context(), r); !fault.Is(err, fault.Unavailable) || !c.IsZero() {
		t.Errorf("got %v, %v", c, err)
	}
	if _, err := w.Verifier.Caller(t.Context(), r); err != nil {
		t.Error(err)
	}
}

func TestNewVerifierRefuses(t *testing.T) {
	good := identity.Config{
		Maskinporten: identity.Issuer{URL: "https://maskinporten.no/", JWKS: "https://maskinporten.no/jwk"},
		PasswordKey:  make([]byte, 32),
	}
	in := identity.NewIntegrations(storetest.NewMemory())
	if _, err := identity.NewVerifier(good, in); err != nil {
		t.Fatal(err)
	}
	tests := map[string]func(*identity.Config){
		"no issuer":        func(c *identity.Config) { c.Maskinporten = identity.Issuer{} },
		"no name":          func(c *identity.Config) { c.Maskinporten.URL = "" },
		"same name":        func(c *identity.Config) { c.IDPorten = c.Maskinporten },
		"no key address":   func(c *identity.Config) { c.Maskinporten.JWKS = "" },
		"plain http":       func(c *identity.Config) { c.Maskinporten.JWKS = "http://maskinporten.no/jwk" },
		"localhost in dns": func(c *identity.Config) { c.Maskinporten.JWKS = "http://localhost.example/jwk" },
		"file":             func(c *identity.Config) { c.Maskinporten.JWKS = "file://localhost/etc/keys" },
		"short key":        func(c *identity.Config) { c.PasswordKey = make([]byte, 31) },
		"no key":           func(c *identity.Config) { c.PasswordKey = nil },
		"nameless client":  func(c *identity.Config) { c.ClientIDs = []string{"web", ""} },
		"nameless aud":     func(c *identity.Config) { c.Audiences = []string{""} },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			cfg := good
			change(&cfg)
			if _, err := identity.NewVerifier(cfg, in); err == nil {
				t.Error("accepted")
			}
		})
	}
	if _, err := identity.NewVerifier(good, nil); err == nil {
		t.Error("accepted without integrations")
	}
}

func benchmark(b *testing.B, request func(*identitytest.World) *http.Request) {
	w := identitytest.New(b)
	r := request(w)
	if _, err := w.Verifier.Caller(context.Background(), r); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_, _ = w.Verifier.Caller(context.Background(), r)
	}
}

func BenchmarkCaller(b *testing.B) {
	b.Run("vendor", func(b *testing.B) {
		benchmark(b, func(w *identitytest.World) *http.Request {
			l := w.Register(org)
			return identitytest.Request(w.Sign(w.Maskinporten.Issuer, set(vendorClaims(w), "exp", w.Now().Add(time.Hour).Unix())), l)
		})
	})
	b.Run("employee", func(b *testing.B) {
		benchmark(b, func(w *identitytest.World) *http.Request {
			return identitytest.Request(w.Sign(w.IDPorten.Issuer, employeeClaims(w)), identitytest.Login{})
		})
	})
}
