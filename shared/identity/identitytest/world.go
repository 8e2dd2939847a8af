// Package identitytest is a small world in which tests become somebody: both simulated issuers on a
// loopback port, a store, and a real verifier that believes them.
//
// It refuses short cuts: a Caller that comes out of it went through the token, the headers and the
// store, as in production. It is for tests only.
package identitytest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"hjemmel/shared/identity"
	"hjemmel/shared/identity/idsim"
	"hjemmel/shared/person"
	"hjemmel/shared/store/storetest"
)

// The vendor and our own login client, as both issuers know them. The organisations do not exist.
var (
	Vendor      = idsim.Client{ID: "fagsystem", Orgnr: "311111111", Scopes: []string{identity.DefaultScope}}
	VendorLogin = idsim.LoginClient{ID: "fagsystem-innlogging", Orgnr: Vendor.Orgnr, Scopes: []string{identity.DefaultScope}}
	OwnLogin    = idsim.LoginClient{ID: "hjemmel-web", Orgnr: "322222222"}
)

// Keys gives the same two signing keys to all who ask: making one takes a tenth of a second.
var Keys = sync.OnceValue(func() (keys [2]*rsa.PrivateKey) {
	for i := range keys {
		var err error
		if keys[i], err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			panic(err)
		}
	}
	return keys
})

// World is where somebody asks. Its parts may be used and broken directly.
type World struct {
	Maskinporten *idsim.Maskinporten
	IDPorten     *idsim.IDPorten
	Store        *storetest.FaultyStore
	Config       identity.Config
	Verifier     *identity.Verifier
	// Fetches counts the requests for keys.
	Fetches atomic.Int64

	t      testing.TB
	offset atomic.Int64
}

// Login is what an integration sends beside the token. The zero Login sends nothing.
type Login struct{ ID, Password string }

// New builds a world that ends with the test.
func New(t testing.TB) *World {
	t.Helper()
	w := &World{t: t, Store: storetest.Faulty(storetest.NewMemory())}
	srv := httptest.NewUnstartedServer(nil)
	base := "http://" + srv.Listener.Addr().String()
	var err error
	w.Maskinporten, err = idsim.NewMaskinporten(idsim.MaskinportenConfig{
		Issuer: base + "/maskinporten/", Clients: []idsim.Client{Vendor}, Key: Keys()[0], Now: w.Now,
	})
	w.must(err)
	w.IDPorten, err = idsim.NewIDPorten(idsim.IDPortenConfig{
		Issuer: base + "/idporten", Clients: []idsim.LoginClient{OwnLogin, VendorLogin}, Key: Keys()[1], Now: w.Now,
	})
	w.must(err)
	mux := http.NewServeMux()
	mux.Handle("/maskinporten/", http.StripPrefix("/maskinporten", w.Maskinporten))
	mux.Handle("/idporten/", http.StripPrefix("/idporten", w.IDPorten))
	srv.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/jwk") {
			w.Fetches.Add(1)
		}
		mux.ServeHTTP(rw, r)
	})
	srv.Start()
	t.Cleanup(srv.Close)
	w.Config = identity.Config{
		Maskinporten: identity.Issuer{URL: w.Maskinporten.Name(), JWKS: base + "/maskinporten/jwk"},
		IDPorten:     identity.Issuer{URL: w.IDPorten.Name(), JWKS: base + "/idporten/jwks"},
		ClientIDs:    []string{OwnLogin.ID},
		PasswordKey:  []byte("thirty-two bytes that guard none"),
		Now:          w.Now,
	}
	w.Verifier, err = identity.NewVerifier(w.Config, identity.NewIntegrations(w.Store))
	w.must(err)
	return w
}

func (w *World) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// Now is the world's clock, which runs, and jumps by [World.Advance].
func (w *World) Now() time.Time { return time.Now().Add(time.Duration(w.offset.Load())) }

// Advance moves the clock.
func (w *World) Advance(d time.Duration) { w.offset.Add(int64(d)) }

// Register stores an integration of the organisation (fiksOrgId), authorised for the vendor, after
// change has had its way with it.
func (w *World) Register(org string, change ...func(*identity.Integration)) Login {
	w.t.Helper()
	l := Login{uuid.NewString(), identity.NewPassword()}
	p, err := identity.Seal(w.Config.PasswordKey, l.ID, l.Password, time.Time{})
	w.must(err)
	in := identity.Integration{ID: l.ID, Navn: "Prøvesystem", FiksOrgID: org, AutorisertOrgnr: Vendor.Orgnr,
		Passord: []identity.Password{p}, Aktiv: true}
	for _, f := range change {
		f(&in)
	}
	op, err := in.Put()
	w.must(err)
	w.must(w.Store.Commit(context.Background(), op))
	return l
}

// Sign makes a token of claims with the issuer's key.
func (w *World) Sign(i *idsim.Issuer, claims map[string]any) string {
	w.t.Helper()
	raw, err := i.Sign(claims)
	w.must(err)
	return raw
}

// Request is a call with the token and the login.
func Request(token string, l Login) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	if l != (Login{}) {
		r.Header.Set("IntegrasjonId", l.ID)
		r.Header.Set("IntegrasjonPassord", l.Password)
	}
	return r
}

// Integration is the caller that the login's vendor system is.
func (w *World) Integration(l Login) identity.Caller {
	w.t.Helper()
	token := w.Sign(w.Maskinporten.Issuer, w.Maskinporten.Claims(Vendor, identity.DefaultScope, ""))
	return w.caller(Request(token, l))
}

// Employee is the caller that a person who logged in with us is.
func (w *World) Employee(id person.ID) identity.Caller {
	w.t.Helper()
	token := w.Sign(w.IDPorten.Issuer, w.IDPorten.Claims(idsim.Employee{PID: id}, OwnLogin, "openid profile"))
	return w.caller(Request(token, Login{}))
}

// EmployeeVia is the caller that a person in the login's vendor system is.
func (w *World) EmployeeVia(id person.ID, l Login) identity.Caller {
	w.t.Helper()
	token := w.Sign(w.IDPorten.Issuer, w.IDPorten.Claims(idsim.Employee{PID: id}, VendorLogin, "openid "+identity.DefaultScope))
	return w.caller(Request(token, l))
}

func (w *World) caller(r *http.Request) identity.Caller {
	w.t.Helper()
	c, err := w.Verifier.Caller(r.Context(), r)
	w.must(err)
	return c
}

// Person gives the n-th (0 to 999) of a row of synthetic persons.
func Person(n int) person.ID {
	for i := range 100_000 {
		nine := fmt.Sprintf("0181%05d", i)
		control, ok := person.ControlDigits(nine)
		if !ok {
			continue
		}
		id, err := person.ParseID(nine + control)
		if err != nil {
			continue
		}
		if n == 0 {
			return id
		}
		n--
	}
	return person.ID{}
}
