package freg

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"hjemmel/shared/fault"
)

// Maskinporten says how we identify ourselves: with a key registered under a kid, or with a
// virksomhetssertifikat (x5c). Exactly one of KeyID and Chain must be set.
type Maskinporten struct {
	// Issuer is also the audience of the grant: https://maskinporten.no/.
	Issuer string
	// TokenURL is where grants are exchanged: https://maskinporten.no/token.
	TokenURL string
	ClientID string
	// Orgnr is our own organisation. Asking for another needs its delegation in Altinn.
	Orgnr string
	Key   *rsa.PrivateKey
	KeyID string
	// Chain is the certificate chain in DER, leaf first.
	Chain [][]byte
}

// tokens keeps one access token for each scope and organisation until shortly before it expires.
type tokens struct {
	cfg    Maskinporten
	http   *http.Client
	signer jose.Signer
	flight singleflight.Group

	mu   sync.Mutex
	held map[string]token
}

type token struct {
	value string
	until time.Time
}

func newTokens(cfg Maskinporten, client *http.Client) (*tokens, error) {
	if cfg.Key == nil || (cfg.KeyID == "") == (len(cfg.Chain) == 0) {
		return nil, errors.New("freg: Maskinporten needs a key and either a key id or a certificate chain")
	}
	opts := &jose.SignerOptions{}
	if len(cfg.Chain) > 0 {
		chain := make([]string, len(cfg.Chain))
		for i, der := range cfg.Chain {
			chain[i] = base64.StdEncoding.EncodeToString(der)
		}
		opts.WithHeader("x5c", chain)
	} else {
		opts.WithHeader("kid", cfg.KeyID)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: cfg.Key}, opts)
	if err != nil {
		return nil, fmt.Errorf("freg: Maskinporten key: %w", err)
	}
	return &tokens{cfg: cfg, http: client, signer: signer, held: map[string]token{}}, nil
}

// token gives a token that is good for some seconds more. Callers who need the same one share a
// request, which lives on when one of them leaves.
func (t *tokens) token(ctx context.Context, scope, orgnr string) (string, error) {
	key := scope + " " + orgnr
	if held, ok := t.good(key); ok {
		return held, nil
	}
	fetched := t.flight.DoChan(key, func() (any, error) {
		if held, ok := t.good(key); ok { // somebody was quicker
			return held, nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return t.fetch(ctx, key, scope, orgnr)
	})
	select {
	case r := <-fetched:
		if r.Err != nil {
			return "", r.Err
		}
		return r.Val.(string), nil
	case <-ctx.Done():
		return "", because(noToken, ctx.Err())
	}
}

// good gives the token held, while it is.
func (t *tokens) good(key string) (string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	held := t.held[key]
	return held.value, time.Now().Before(held.until)
}

// forget drops a token that was refused, unless a new one has taken its place.
func (t *tokens) forget(scope, orgnr, refused string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if key := scope + " " + orgnr; t.held[key].value == refused {
		delete(t.held, key)
	}
}

var noToken = fault.New(fault.Unavailable, "MASKINPORTEN_UTILGJENGELIG",
	"Vi får ikke legitimert oss for Folkeregisteret nå, og vet derfor ikke om personen finnes. Prøv igjen om litt.")

func (t *tokens) fetch(ctx context.Context, key, scope, orgnr string) (string, error) {
	assertion, err := t.grant(scope, orgnr)
	if err != nil {
		return "", because(noToken, errors.Join(err, errFinal))
	}
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.cfg.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return "", because(noToken, errors.Join(err, errFinal))
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	start := time.Now()
	resp, err := t.http.Do(req)
	if err != nil {
		return "", because(noToken, withoutURL(err))
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
		Error       string `json:"error"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 64<<10)).Decode(&answer); err != nil {
		return "", because(noToken, fmt.Errorf("freg: Maskinporten status %d, not JSON", resp.StatusCode))
	}
	if resp.StatusCode != http.StatusOK || answer.AccessToken == "" {
		return "", t.refusal(resp.StatusCode, answer.Error)
	}
	life := time.Duration(answer.ExpiresIn) * time.Second
	t.mu.Lock()
	t.held[key] = token{answer.AccessToken, start.Add(life - min(life/5, 10*time.Second))}
	t.mu.Unlock()
	return answer.AccessToken, nil
}

// refusal tells a missing delegation, which only people can mend, from a passing fault. The error
// code is one of OAuth's few words; anything else is not repeated.
func (t *tokens) refusal(status int, code string) error {
	switch code {
	case "invalid_scope", "forbidden", "invalid_grant", "invalid_client", "invalid_request":
	default:
		code = "other"
	}
	cause := fmt.Errorf("freg: Maskinporten status %d: %s", status, code)
	if code == "forbidden" || code == "invalid_scope" {
		return because(refused, errors.Join(cause, errFinal))
	}
	if status >= 400 && status < 500 {
		cause = errors.Join(cause, errFinal)
	}
	return because(noToken, cause)
}

// grant makes the signed request for a token (RFC 7523, Digdir's Maskinporten guide): it lives for
// 60 s and is used once.
func (t *tokens) grant(scope, orgnr string) (string, error) {
	now := time.Now()
	claims := map[string]any{
		"aud": t.cfg.Issuer, "iss": t.cfg.ClientID, "scope": scope,
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "jti": uuid.NewString(),
	}
	if orgnr != "" && orgnr != t.cfg.Orgnr {
		claims["consumer_org"] = orgnr
	}
	return jwt.Signed(t.signer).Claims(claims).Serialize()
}
