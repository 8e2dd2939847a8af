package freg_test

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/freg"
	"hjemmel/shared/identity/identitytest"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// look asks about one person for an organisation, by a grant that needs one request alone.
func (w *world) look(ctx context.Context, area, orgnr string) error {
	w.t.Helper()
	id := named(w.t, "vanlig")
	_, err := w.client.Person(ctx, granted(w.t, area, orgnr, policy.Ask{Action: policy.Oppslag, Subjects: []person.ID{id}, Parts: []string{"navn"}}), id)
	return err
}

func TestATokenIsKeptUntilShortlyBeforeItExpires(t *testing.T) {
	for life, kept := range map[time.Duration]time.Duration{ // a fifth of its life, or ten seconds, are left unused
		100 * time.Second: 90 * time.Second, time.Hour: time.Hour - 10*time.Second, 50 * time.Second: 40 * time.Second, 20 * time.Second: 16 * time.Second, 5 * time.Second: 4 * time.Second,
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, options{direct: true})
			w.maskinporten.ExpiresIn(life)
			for i, step := range []struct {
				wait   time.Duration
				tokens int
			}{{0, 1}, {kept - time.Millisecond, 1}, {2 * time.Millisecond, 2}, {kept - time.Millisecond, 2}} {
				time.Sleep(step.wait) // a bubble's clock
				if err := w.look(t.Context(), "ALT", kommune); err != nil || w.tokens() != step.tokens {
					t.Errorf("life %v, step %d: %d tokens: %v", life, i, w.tokens(), err)
				}
			}
		})
	}
}

// A token that is stale when it comes is used by nobody twice.
func TestAStaleTokenIsNotKept(t *testing.T) {
	w := newWorld(t, options{})
	for _, life := range []time.Duration{0, -time.Minute} {
		w.maskinporten.ExpiresIn(life)
		before := w.tokens()
		for range 3 {
			if err := w.look(t.Context(), "ALT", kommune); !fault.Is(err, fault.Unavailable) {
				t.Errorf("life %v: %v", life, err)
			}
		}
		if got := w.tokens() - before; got != 3 {
			t.Errorf("life %v: %d tokens for 3 questions", life, got)
		}
	}
}

// An organisation's token is never used for another, nor for another package.
func TestATokenBelongsToOneOrganisationAndOnePackage(t *testing.T) {
	w := newWorld(t, options{})
	for range 2 {
		for _, c := range []struct{ area, orgnr string }{{"ALT", kommune}, {"ALT", nabo}, {"AAPENT", kommune}, {"ALT", own}} {
			w.register.ForgetRequests()
			if err := w.look(t.Context(), c.area, c.orgnr); err != nil {
				t.Errorf("%s for %s: %v", c.area, c.orgnr, err)
			}
			if r := w.register.Requests(); len(r) != 1 || r[0].Consumer != c.orgnr {
				t.Errorf("%s for %s asked as %+v", c.area, c.orgnr, r)
			}
		}
	}
	want := []string{scopeOMH + " " + kommune, scopeOMH + " " + nabo, scopeOUtH + " " + kommune, scopeOMH + " <nil>"}
	if len(w.grants) != len(want) {
		t.Fatalf("%d tokens, want %d", len(w.grants), len(want))
	}
	for i, g := range w.grants {
		if got := fmt.Sprintf("%v %v", g["scope"], g["consumer_org"]); got != want[i] {
			t.Errorf("token %d is for %s, want %s", i, got, want[i])
		}
		iat, exp := g["iat"].(float64), g["exp"].(float64)
		if g["iss"] != "hjemmel" || g["aud"] != w.maskinporten.Name() || exp-iat > 120 || g["kid"] != "kid-1" || g["jti"] == "" || g["resource"] != nil {
			t.Errorf("grant %v", g)
		}
	}
	if w.grants[0]["jti"] == w.grants[1]["jti"] {
		t.Error("two grants with one jti")
	}
}

func TestAWholeCrowdSharesOneTokenRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, options{direct: true})
		gate := make(chan struct{})
		w.first(func(_ http.ResponseWriter, r *http.Request) bool {
			if strings.HasPrefix(r.URL.Path, "/maskinporten/") {
				<-gate
			}
			return false
		})
		ctx, leave := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() { left <- w.look(ctx, "ALT", kommune) }()
		synctest.Wait() // the first one's request is under way, and waits
		errs := make(chan error, 40)
		for range 40 {
			go func() { errs <- w.look(t.Context(), "ALT", kommune) }()
		}
		synctest.Wait()
		leave()
		if err := <-left; !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) {
			t.Errorf("the one who left: %v", err)
		}
		close(gate)
		for range 40 {
			if err := <-errs; err != nil {
				t.Errorf("the first one took the others along: %v", err)
			}
		}
		if w.tokens() != 1 {
			t.Errorf("%d tokens for one crowd", w.tokens())
		}
	})
}

// The register may refuse a token before its time: then one new one is had, and the question is
// asked again, also when many meet it at once and some hear of it late.
func TestATokenThatIsRefusedMidwayIsReplacedOnce(t *testing.T) {
	bubble(t, 2, func(t *testing.T, w *world) {
		if err := w.look(t.Context(), "ALT", kommune); err != nil {
			t.Fatal(err)
		}
		const crowd = 6
		var mu sync.Mutex
		var once sync.Once
		var stale string
		arrived, here, replaced := 0, make(chan struct{}), make(chan struct{})
		w.first(func(_ http.ResponseWriter, r *http.Request) bool {
			token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
			if !ok {
				return false
			}
			mu.Lock()
			if stale == "" {
				stale = token
			}
			if token != stale {
				mu.Unlock()
				once.Do(func() { close(replaced) })
				return false
			}
			arrived++
			nth := arrived
			mu.Unlock()
			if nth == crowd {
				w.refuse(stale)
				close(here)
			}
			if <-here; nth > 1 {
				<-replaced // its refusal comes when the first one has a new token
			}
			return false
		})
		var wg sync.WaitGroup
		for range crowd {
			wg.Go(func() {
				if err := w.look(t.Context(), "ALT", kommune); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if w.tokens() != 2 {
			t.Errorf("%d tokens for one refusal", w.tokens())
		}
	})
}

// A register that takes no token at all is not asked for ever.
func TestARegisterThatTakesNoToken(t *testing.T) {
	w := newWorld(t, options{change: func(c *freg.Config) { c.Retries = 2 }})
	w.first(func(rw http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(r.URL.Path, "/maskinporten/") {
			return false
		}
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(http.StatusUnauthorized)
		return true
	})
	if err := w.look(t.Context(), "ALT", kommune); !fault.Is(err, fault.Unavailable) || w.tokens() != 3 || w.questions() != 3 {
		t.Errorf("%d tokens, %d questions: %v", w.tokens(), w.questions(), err)
	}
}

func TestAVirksomhetssertifikatIdentifiesUsToo(t *testing.T) {
	key := identitytest.Keys()[0]
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Hjemmel", SerialNumber: own}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, options{change: func(c *freg.Config) { c.Maskinporten.KeyID, c.Maskinporten.Chain = "", [][]byte{der} }})
	if err := w.look(t.Context(), "ALT", kommune); err != nil || w.grants[0]["kid"] != "" {
		t.Errorf("kid %v: %v", w.grants[0]["kid"], err)
	}
}

// Maskinporten's refusals: who can mend them is told apart, and none is tried again that will stay.
func TestMaskinportenRefuses(t *testing.T) {
	answering := func(status int, media, body string) func(*world) {
		return func(w *world) {
			w.first(func(rw http.ResponseWriter, r *http.Request) bool {
				if !strings.HasPrefix(r.URL.Path, "/maskinporten/") {
					return false
				}
				rw.Header().Set("Content-Type", media)
				rw.WriteHeader(status)
				_, _ = rw.Write([]byte(body))
				return true
			})
		}
	}
	for name, c := range map[string]struct {
		options options
		orgnr   string
		prepare func(*world)
		code    string
		tokens  int
	}{
		"no delegation (MP-251)":       {options{}, fremmed, nil, "FOLKEREGISTERET_AVVISER", 1},
		"no access (MP-250)":           {options{access: map[string][]string{scopeOMH: {nabo}}}, kommune, nil, "FOLKEREGISTERET_AVVISER", 1},
		"a scope we lack (MP-200)":     {options{}, kommune, answering(400, "application/json", `{"error":"invalid_scope"}`), "FOLKEREGISTERET_AVVISER", 1},
		"an unknown client (MP-100)":   {options{change: func(c *freg.Config) { c.Maskinporten.ClientID = "ukjent" }}, kommune, nil, "MASKINPORTEN_UTILGJENGELIG", 1},
		"a key that is not registered": {options{change: func(c *freg.Config) { c.Maskinporten.Key = identitytest.Keys()[1] }}, kommune, nil, "MASKINPORTEN_UTILGJENGELIG", 1},
		"another audience":             {options{change: func(c *freg.Config) { c.Maskinporten.Issuer = "https://annet.test/" }}, kommune, nil, "MASKINPORTEN_UTILGJENGELIG", 1},
		"down":                         {options{}, kommune, func(w *world) { w.maskinporten.Down(true) }, "MASKINPORTEN_UTILGJENGELIG", 3},
		"a server error":               {options{}, kommune, answering(500, "application/json", `{"error":"server_error"}`), "MASKINPORTEN_UTILGJENGELIG", 3},
		"a firewall's page":            {options{}, kommune, answering(200, "text/html", `<html>Avvist</html>`), "MASKINPORTEN_UTILGJENGELIG", 3},
		"an empty answer":              {options{}, kommune, answering(200, "application/json", ``), "MASKINPORTEN_UTILGJENGELIG", 3},
		"no token in the answer":       {options{}, kommune, answering(200, "application/json", `{"expires_in":100}`), "MASKINPORTEN_UTILGJENGELIG", 3},
		"a token in an error":          {options{}, kommune, answering(500, "application/json", `{"access_token":"x","expires_in":100}`), "MASKINPORTEN_UTILGJENGELIG", 3},
		"an error that says too much":  {options{}, kommune, answering(400, "application/json", `{"error":"KANARI","error_description":"KANARI"}`), "MASKINPORTEN_UTILGJENGELIG", 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := c.options
				o.direct = true
				o.change = func(cfg *freg.Config) {
					if cfg.Retries = 2; c.options.change != nil {
						c.options.change(cfg)
					}
				}
				w := newWorld(t, o)
				if c.prepare != nil {
					c.prepare(w)
				}
				err := w.look(t.Context(), "ALT", c.orgnr)
				if f := fault.Of(err); f == nil || f.Kind != fault.Unavailable || f.Code != c.code {
					t.Fatalf("%v", err)
				}
				if w.tokens() != c.tokens || w.questions() > 0 {
					t.Errorf("%d requests for a token, %d to the register", w.tokens(), w.questions())
				}
				silent(t, err, "eyJ", "assertion", "KANARI", c.orgnr)
			})
		})
	}
}

// An organisation that has not delegated harms itself alone, however often it asks.
func TestAMissingDelegationHarmsNobodyElse(t *testing.T) {
	w := newWorld(t, options{})
	for range 40 {
		if err := w.look(t.Context(), "ALT", fremmed); fault.Of(err).Code != "FOLKEREGISTERET_AVVISER" {
			t.Fatal(err)
		}
	}
	if err := w.look(t.Context(), "ALT", kommune); err != nil {
		t.Errorf("another organisation is shut out: %v", err)
	}
}
