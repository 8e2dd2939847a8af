// Package jwks has the published keys of an issuer of tokens (RFC 7517), fetched when they are needed.
//
// It refuses to let a stranger decide how often an issuer is called, to trust a withdrawn key for long, and any
// key but RSA of a decent size.
package jwks

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/sync/singleflight"

	"hjemmel/shared/fault"
)

// Algorithms are what issuers may sign with (RFC 7518 §3.3).
var Algorithms = []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512}

// ErrUnknown says that an issuer has no such key.
var ErrUnknown = errors.New("jwks: no such key")

const (
	refetchFloor = 10 * time.Second // between two fetches, whoever asks and however they end
	keysFresh    = time.Hour        // then we look again, so that a withdrawn key stops working
	keysUsable   = 24 * time.Hour   // how long known keys serve while the issuer is down
	fetchTimeout = 5 * time.Second
	fetchBytes   = 64 << 10
	minKeyBits   = 2048
)

// Set is the published keys of one issuer, fetched when first needed.
//
// go-oidc's RemoteKeySet would do but for three things: it fetches for every token with an unknown
// kid or a bad signature, so a stranger decides how often we call the issuer; it reads a body of
// any size, and quotes it in errors; and it trusts a withdrawn key until some token makes it look
// again.
type Set struct {
	url    string
	client *http.Client
	now    func() time.Time
	flight singleflight.Group

	mu      sync.RWMutex
	keys    map[string]*rsa.PublicKey
	fetched time.Time // when keys were got
	tried   time.Time // when keys were last asked for
	failed  error     // how that ended
}

// New wants an https address, or a loopback one for simulators.
func New(address string, now func() time.Time) (*Set, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, errors.New("jwks: the key address is not a URL")
	}
	local := u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()
	if u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return nil, errors.New("jwks: the key address must be https")
	}
	client := &http.Client{
		Timeout:       fetchTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Set{url: address, client: client, now: now}, nil
}

// Key gives the issuer's key with the kid. It errs with [ErrUnknown] when there is none, and with
// a fault of kind Unavailable when we cannot know.
func (s *Set) Key(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	if k, age := s.known(kid); k != nil && age < keysFresh {
		return k, nil
	}
	err := s.refresh(ctx)
	k, age := s.known(kid)
	switch {
	case k != nil && age < keysUsable:
		return k, nil
	case err != nil:
		return nil, fault.From(fault.Unavailable, "NOEKLER_UTILGJENGELIG",
			"Klarte ikke å hente nøklene til utstederen av tokenet. Prøv igjen om litt.", err).After(refetchFloor)
	}
	return nil, ErrUnknown
}

func (s *Set) known(kid string) (*rsa.PublicKey, time.Duration) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.keys[kid], s.now().Sub(s.fetched)
}

// refresh fetches unless it was tried lately, and tells how the last try ended. All who wait share
// one fetch, which goes on even if the one who started it gives up.
func (s *Set) refresh(ctx context.Context) error {
	if lately, err := s.lately(); lately {
		return err
	}
	done := s.flight.DoChan("", func() (any, error) {
		if lately, err := s.lately(); lately {
			return nil, err
		}
		keys, err := s.fetch(context.WithoutCancel(ctx))
		s.settle(keys, err)
		return nil, err
	})
	select {
	case r := <-done:
		return r.Err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *Set) lately() (bool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return !s.tried.IsZero() && s.now().Sub(s.tried) < refetchFloor, s.failed
}

func (s *Set) settle(keys map[string]*rsa.PublicKey, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tried, s.failed = s.now(), err
	if err == nil {
		s.keys, s.fetched = keys, s.tried
	}
}

func (s *Set) fetch(ctx context.Context) (map[string]*rsa.PublicKey, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, nil)
	if err != nil {
		return nil, err
	}
	res, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("jwks: key address answered %d", res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, fetchBytes)) // what is cut off is no JSON
	if err != nil {
		return nil, err
	}
	return parseKeys(body)
}

// parseKeys keeps the RSA signing keys that have a name and a decent size, and passes over the
// rest: a key set may hold kinds we do not know (RFC 7517 §5).
func parseKeys(body []byte) (map[string]*rsa.PublicKey, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if json.Unmarshal(body, &set) != nil {
		return nil, errors.New("jwks: key set is not JSON")
	}
	keys := make(map[string]*rsa.PublicKey)
	for _, raw := range set.Keys {
		var k jose.JSONWebKey
		if k.UnmarshalJSON(raw) != nil || k.KeyID == "" || (k.Use != "" && k.Use != "sig") {
			continue
		}
		if k.Algorithm != "" && !slices.Contains(Algorithms, jose.SignatureAlgorithm(k.Algorithm)) {
			continue
		}
		if pub, ok := k.Key.(*rsa.PublicKey); ok && pub.N.BitLen() >= minKeyBits {
			keys[k.KeyID] = pub
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("jwks: key set has no key we can use")
	}
	return keys, nil
}
