package identity_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"hjemmel/shared/fault"
	"hjemmel/shared/identity"
	"hjemmel/shared/identity/identitytest"
)

func ask(w *identitytest.World, raw string) error {
	r := identitytest.Request(raw, identitytest.Login{})
	_, err := w.Verifier.Caller(r.Context(), r)
	return err
}

func employeeToken(w *identitytest.World) string { return w.Sign(w.IDPorten.Issuer, employeeClaims(w)) }

func wantFetches(t *testing.T, w *identitytest.World, n int64) {
	t.Helper()
	if got := w.Fetches.Load(); got != n {
		t.Errorf("keys were fetched %d times, want %d", got, n)
	}
}

func TestKeysAreFetchedOnce(t *testing.T) {
	w := identitytest.New(t)
	wantFetches(t, w, 0)
	for range 5 {
		if err := ask(w, employeeToken(w)); err != nil {
			t.Fatal(err)
		}
	}
	wantFetches(t, w, 1)
}

// TestKeysAreFetchedTogether sends a crowd at a verifier without keys.
func TestKeysAreFetchedTogether(t *testing.T) {
	w := identitytest.New(t)
	raw := employeeToken(w)
	var crowd sync.WaitGroup
	for range 50 {
		crowd.Go(func() {
			if err := ask(w, raw); err != nil {
				t.Error(err)
			}
		})
	}
	crowd.Wait()
	wantFetches(t, w, 1)
}

func TestKeyRotation(t *testing.T) {
	w := identitytest.New(t)
	old := employeeToken(w)
	if err := ask(w, old); err != nil {
		t.Fatal(err)
	}
	w.IDPorten.Rotate(identitytest.Keys()[0])
	fresh := employeeToken(w)

	// Within ten seconds of the last fetch a new name is not looked up, however often it comes.
	for range 20 {
		refused(t, w.Verifier, identitytest.Request(fresh, identitytest.Login{}), "TOKEN_UGYLDIG")
	}
	wantFetches(t, w, 1)
	w.Advance(10 * time.Second)
	for range 3 {
		if err := ask(w, fresh); err != nil {
			t.Fatal(err)
		}
	}
	wantFetches(t, w, 2)

	// A stranger's names cost the issuer one fetch in ten seconds, and hurt nobody.
	for range 5 {
		w.Advance(4 * time.Second)
		forged := compact(t, header{"alg": "RS256", "kid": "fremmed"}, employeeClaims(w), func(string) []byte { return []byte("x") })
		refused(t, w.Verifier, identitytest.Request(forged, identitytest.Login{}), "TOKEN_UGYLDIG")
		if err := ask(w, old); err != nil {
			t.Fatal(err)
		}
	}
	wantFetches(t, w, 3)
}

func TestWithdrawnKeyStopsWorking(t *testing.T) {
	w := identitytest.New(t)
	w.IDPorten.ExpiresIn(48 * time.Hour)
	old := employeeToken(w)
	if err := ask(w, old); err != nil {
		t.Fatal(err)
	}
	w.IDPorten.Rotate(identitytest.Keys()[0])
	w.IDPorten.Withdraw()
	if err := ask(w, old); err != nil {
		t.Errorf("known keys are fresh for an hour: %v", err)
	}
	w.Advance(time.Hour)
	refused(t, w.Verifier, identitytest.Request(old, identitytest.Login{}), "TOKEN_UGYLDIG")
}

func TestKeysDown(t *testing.T) {
	w := identitytest.New(t)
	w.IDPorten.ExpiresIn(48 * time.Hour)
	raw := employeeToken(w)
	down := func() {
		t.Helper()
		err := ask(w, raw)
		if f := fault.Of(err); f == nil || f.Kind != fault.Unavailable || f.RetryAfter != 10*time.Second {
			t.Fatalf("got %v, want unavailable", err)
		}
		canary(t, err, identitytest.Request(raw, identitytest.Login{}))
	}
	w.IDPorten.Down(true)
	down()
	w.IDPorten.Down(false)
	down() // within ten seconds it is not tried again
	wantFetches(t, w, 1)
	w.Advance(10 * time.Second)
	if err := ask(w, raw); err != nil {
		t.Fatal(err)
	}

	// Known keys outlive an outage of less than a day; after that nobody can say that they hold.
	w.IDPorten.Down(true)
	w.Advance(23 * time.Hour)
	if err := ask(w, raw); err != nil {
		t.Fatal(err)
	}
	w.Advance(time.Hour)
	down()
	w.Advance(time.Minute)
	w.IDPorten.Down(false)
	if err := ask(w, raw); err != nil {
		t.Fatal(err)
	}
	// An unknown name while the issuer is down is a thing that we cannot know.
	w.IDPorten.Rotate(identitytest.Keys()[0])
	raw = employeeToken(w)
	w.IDPorten.Down(true)
	w.Advance(time.Minute)
	down()
}

func TestLyingIssuer(t *testing.T) {
	w := identitytest.New(t)
	w.IDPorten.WrongKey(true)
	refused(t, w.Verifier, identitytest.Request(employeeToken(w), identitytest.Login{}), "TOKEN_UGYLDIG")
	w.IDPorten.WrongKey(false)
	if err := ask(w, employeeToken(w)); err != nil {
		t.Error(err)
	}
}

// TestImpatientCallerSpoilsNothing: the fetch that a caller started goes on without it.
func TestImpatientCallerSpoilsNothing(t *testing.T) {
	w := identitytest.New(t)
	arrived, release := make(chan struct{}), make(chan struct{})
	var body []byte
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		close(arrived) // panics at a second fetch
		<-release
		_, _ = rw.Write(body)
	}))
	t.Cleanup(srv.Close)
	body = published(t, w)
	v := withKeysAt(t, w, srv.URL)
	r := identitytest.Request(employeeToken(w), identitytest.Login{})
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, err := v.Caller(ctx, r)
		gone <- err
	}()
	<-arrived
	cancel()
	if err := <-gone; !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v", err)
	}
	close(release)
	if _, err := v.Caller(t.Context(), r); err != nil {
		t.Error(err)
	}
}

// published is ID-porten's key set as it goes over the wire.
func published(t *testing.T, w *identitytest.World) []byte {
	t.Helper()
	rec := httptest.NewRecorder()
	w.IDPorten.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/jwks", nil))
	return rec.Body.Bytes()
}

func withKeysAt(t *testing.T, w *identitytest.World, address string) *identity.Verifier {
	t.Helper()
	cfg := w.Config
	cfg.IDPorten.JWKS = address
	v, err := identity.NewVerifier(cfg, identity.NewIntegrations(w.Store))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestKeySetBodies(t *testing.T) {
	w := identitytest.New(t)
	id, key := kid(t, w.IDPorten.Issuer), identitytest.Keys()[1].Public()
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	good := jose.JSONWebKey{Key: key, KeyID: id, Algorithm: "RS256", Use: "sig"}
	bare := jose.JSONWebKey{Key: key, KeyID: id}
	set := func(keys ...any) string {
		b, err := json.Marshal(map[string]any{"keys": keys})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	const fails = `{"fails":true,`
	const ok, down = fault.Kind(-1), fault.Unavailable
	tests := []struct {
		name string
		body string
		want fault.Kind
	}{
		{"good", set(good), ok},
		{"bare", set(bare), ok},
		{"among strangers", set(jose.JSONWebKey{Key: ec.Public(), KeyID: "ec"}, map[string]string{"kty": "AKP", "kid": "pq"}, 7, good), ok},
		{"others only", set(jose.JSONWebKey{Key: key, KeyID: "annen"}), fault.Unauthenticated},
		{"for encryption", set(jose.JSONWebKey{Key: key, KeyID: id, Use: "enc"}), down},
		{"for another algorithm", set(jose.JSONWebKey{Key: key, KeyID: id, Algorithm: "PS256"}), down},
		{"nameless", set(jose.JSONWebKey{Key: key}), down},
		{"small", set(jose.JSONWebKey{Key: small.Public(), KeyID: id}), down},
		{"a shared secret", set(jose.JSONWebKey{Key: []byte("0123456789abcdef0123456789abcdef"), KeyID: id}), down},
		{"empty", set(), down},
		{"html", "<html>logg inn</html>", down},
		{"good on a failed answer", fails + set(good)[1:], down},
		{"too large", set(good, map[string]string{"fyll": strings.Repeat("a", 64<<10)}), down},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
				if strings.HasPrefix(tt.body, fails) {
					rw.WriteHeader(http.StatusInternalServerError)
				}
				_, _ = rw.Write([]byte(tt.body))
			}))
			t.Cleanup(srv.Close)
			r := identitytest.Request(employeeToken(w), identitytest.Login{})
			_, err := withKeysAt(t, w, srv.URL).Caller(t.Context(), r)
			if got := fault.Of(err); (got == nil) != (tt.want == ok) || got != nil && got.Kind != tt.want {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestKeysAreNotFetchedElsewhere(t *testing.T) {
	w := identitytest.New(t)
	var elsewhere atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/nytt" {
			elsewhere.Add(1)
		}
		http.Redirect(rw, r, "/nytt", http.StatusFound)
	}))
	t.Cleanup(srv.Close)
	r := identitytest.Request(employeeToken(w), identitytest.Login{})
	if _, err := withKeysAt(t, w, srv.URL).Caller(t.Context(), r); !fault.Is(err, fault.Unavailable) || elsewhere.Load() > 0 {
		t.Errorf("followed: %v", err)
	}
}
