package freg

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/retrypolicy"

	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

// Config says where the register is and who we are there. It is filled from the environment by
// package host.
type Config struct {
	// BaseURL is the register's host: https://folkeregisteret.api.skatteetaten.no.
	BaseURL string
	// Maskinporten says how to get tokens.
	Maskinporten Maskinporten
	// Timeout bounds one attempt; 0 means 10 s. The caller's deadline bounds them all.
	Timeout time.Duration
	// Retries is how many times more a failed read is tried; negative for none, 0 means 3.
	Retries int
	// HTTP is the client to use; nil for one of our own.
	HTTP *http.Client
	// Through is put around the transport of our own client: what measures calls. It may be nil.
	Through func(http.RoundTripper) http.RoundTripper
}

// New makes a client.
func New(cfg Config) (*Client, error) {
	if u, err := url.Parse(cfg.BaseURL); err != nil || u.Host == "" {
		return nil, errors.New("freg: BaseURL is not a URL")
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 10 * time.Second
	}
	if cfg.Retries == 0 {
		cfg.Retries = 3
	}
	if cfg.HTTP == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConnsPerHost = 64
		var by http.RoundTripper = t
		if cfg.Through != nil {
			by = cfg.Through(t)
		}
		cfg.HTTP = &http.Client{Transport: by, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	ts, err := newTokens(cfg.Maskinporten, cfg.HTTP)
	if err != nil {
		return nil, err
	}
	return &Client{cfg: cfg, http: cfg.HTTP, tokens: ts, calls: failsafe.With(retries(cfg), breaker())}, nil
}

// retries tries reads again that a moment may mend, and waits as long as the register asks. The
// caller's deadline ends it.
func retries(cfg Config) failsafe.Policy[reply] {
	return retrypolicy.NewBuilder[reply]().
		HandleIf(func(_ reply, err error) bool { return passing(err) }).
		WithMaxRetries(max(cfg.Retries, 0)).
		WithBackoff(50*time.Millisecond, 2*time.Second).
		WithJitterFactor(0.2).
		WithDelayFunc(func(e failsafe.ExecutionAttempt[reply]) time.Duration {
			if f := fault.Of(e.LastError()); f != nil && f.RetryAfter > 0 {
				return f.RetryAfter * 5 / 4 // the jitter takes up to a fifth off, and sooner is too soon
			}
			return -1 // the backoff's own
		}).
		ReturnLastFailure().
		Build()
}

// breaker stops asking a register that is down: after ten failures of twenty it waits, then lets a
// single question through. What is wrong with one organisation's access does not count, or it would
// shut the others out.
func breaker() failsafe.Policy[reply] {
	return circuitbreaker.NewBuilder[reply]().
		HandleIf(func(_ reply, err error) bool {
			return fault.Is(err, fault.Unavailable) && !errors.Is(err, context.Canceled) && !errors.Is(err, errFinal)
		}).
		WithFailureThresholdRatio(10, 20).
		WithDelay(5 * time.Second).
		WithSuccessThreshold(1).
		Build()
}

// passing reports whether trying again may help.
func passing(err error) bool {
	return (fault.Is(err, fault.Unavailable) || fault.Is(err, fault.TooMany)) &&
		!errors.Is(err, circuitbreaker.ErrOpen) && !errors.Is(err, errFinal)
}

// What callers are told of the register.
var (
	errMalformed = errors.New("freg: malformed answer")
	errFinal     = errors.New("freg: trying again will not help")
	errGone      = errors.New("freg: there is no such thing any more")

	unavailable = fault.New(fault.Unavailable, "FOLKEREGISTERET_UTILGJENGELIG",
		"Folkeregisteret svarer ikke som det skal nå. Vi vet derfor ikke om personen finnes. Prøv igjen om litt.")
	tooFast = fault.New(fault.TooMany, "FOLKEREGISTERET_FOR_MANGE_KALL",
		"Folkeregisteret tar ikke imot flere spørringer akkurat nå. Prøv igjen om litt.")
	refused = fault.New(fault.Unavailable, "FOLKEREGISTERET_AVVISER",
		"Folkeregisteret godtar ikke at organisasjonen spør. Sjekk at tilgangen er delegert i Altinn.")
	// TooMany is told of a search that finds more persons than the register answers with.
	TooMany = fault.New(fault.Invalid, "FOR_MANGE_TREFF",
		"Søket treffer flere enn de 10 000 personene Folkeregisteret svarer med. Gjør det smalere med flere kriterier, som hele navnet, fødselsdato eller postnummer.")
	unknownPerson = fault.New(fault.NotFound, "UKJENT_PERSON",
		"Folkeregisteret kjenner ingen person som passer.")
	badQuestion = fault.New(fault.Invalid, "FOLKEREGISTERET_UGYLDIG_SPOERRING",
		"Folkeregisteret godtar ikke spørringen. Sjekk at søkekriteriene kan brukes sammen, eller gjør søket smalere.")
)

func because(f *fault.Error, cause error) *fault.Error {
	return fault.From(f.Kind, f.Code, f.Detail, cause).After(f.RetryAfter)
}

// question is one HTTP request to the register, below the package's path.
type question struct {
	method, resource string
	query            url.Values
	body             []byte
}

// call asks until it has an answer that parses, the policies give up, or the deadline ends it.
func (c *Client) call(ctx context.Context, g policy.Grant, q question, parse func([]byte) (reply, error)) (reply, error) {
	r, err := c.calls.WithContext(ctx).Get(func() (reply, error) {
		return c.attempt(ctx, g, q, parse)
	})
	switch {
	case err == nil:
		return r, nil
	case errors.Is(err, circuitbreaker.ErrOpen):
		return reply{}, because(unavailable, errors.New("freg: breaker is open")).After(5 * time.Second)
	case ctx.Err() != nil && !errors.As(err, new(*fault.Error)):
		return reply{}, because(unavailable, ctx.Err())
	}
	return reply{}, err
}

func (c *Client) attempt(ctx context.Context, g policy.Grant, q question, parse func([]byte) (reply, error)) (reply, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	p, ok := packages[g.Pakke()]
	if !ok || g.Orgnr() == "" { // without a name it would be asked in our own
		return reply{}, errNotCovered
	}
	token, err := c.tokens.token(ctx, p.scope, g.Orgnr())
	if err != nil {
		return reply{}, err
	}
	status, body, header, err := c.send(ctx, c.cfg.BaseURL+p.path+"/v1/"+q.resource, token, q)
	if err != nil {
		return reply{}, because(unavailable, err)
	}
	if status == http.StatusUnauthorized {
		c.tokens.forget(p.scope, g.Orgnr(), token)
	}
	if f := verdict(status, header); f != nil {
		if fault.Is(f, fault.Invalid) && tooBroad(body) {
			f = because(TooMany, f)
		}
		return reply{}, f
	}
	r, err := parse(body)
	if err != nil {
		return reply{}, because(unavailable, errMalformed)
	}
	return r, nil
}

// packages says where each rettighetspakke lies and what scope opens it.
var packages = map[katalog.Pakke]struct{ path, scope string }{
	katalog.MedHjemmel:  {"/folkeregisteret/offentlig-med-hjemmel/api", "folkeregister:deling/offentligmedhjemmel"},
	katalog.UtenHjemmel: {"/folkeregisteret/api/offentligutenhjemmel", "folkeregister:deling/offentligutenhjemmel"},
}

// maxAnswer bounds an answer.
const maxAnswer = person.MaxBulk

// send does the HTTP. Its errors never hold the URL, because the URL holds the number.
func (c *Client) send(ctx context.Context, at, token string, q question) (int, []byte, http.Header, error) {
	req, err := http.NewRequestWithContext(ctx, q.method, at+"?"+q.query.Encode(), bytes.NewReader(q.body))
	if err != nil {
		return 0, nil, nil, errors.New("freg: cannot make the request")
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/json")
	if q.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, nil, nil, withoutURL(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return 0, nil, nil, withoutURL(err)
	}
	if len(body) > maxAnswer {
		return 0, nil, nil, errors.New("freg: answer too large")
	}
	return resp.StatusCode, body, resp.Header, nil
}

// withoutURL keeps of net/http's errors what cannot hold anything of a question or an answer: they
// quote the URL, and what the other side sent where it cannot be read.
func withoutURL(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return fmt.Errorf("freg: %w", op)
	}
	if cert, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return fmt.Errorf("freg: %w", cert)
	}
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, io.ErrUnexpectedEOF, io.EOF} {
		if errors.Is(err, known) {
			return fmt.Errorf("freg: %w", known)
		}
	}
	return errors.New("freg: the answer is not HTTP that can be read")
}

// verdict turns status and headers into a fault, or nil for an answer worth parsing. A page that is
// not JSON comes from a firewall or a proxy and says nothing about any person, whatever its status.
func verdict(status int, h http.Header) *fault.Error {
	cause := fmt.Errorf("freg: status %d", status)
	if status == http.StatusTooManyRequests {
		return because(tooFast, cause).After(retryAfter(h))
	}
	if media, _, err := mime.ParseMediaType(h.Get("Content-Type")); err != nil || media != "application/json" {
		return because(unavailable, fmt.Errorf("freg: status %d, not JSON", status))
	}
	switch status {
	case http.StatusOK:
		return nil
	case http.StatusNotFound:
		return because(unknownPerson, cause)
	case http.StatusBadRequest, http.StatusNotAcceptable:
		return because(badQuestion, cause)
	case http.StatusGone:
		return because(unavailable, errors.Join(cause, errFinal, errGone))
	case http.StatusForbidden:
		return because(refused, errors.Join(cause, errFinal))
	}
	return because(unavailable, cause)
}

// tooBroad reports whether the register asks for a narrower search («konkretisere»). Its documentation
// gives no code for that, so the words are looked for.
func tooBroad(body []byte) bool {
	return bytes.Contains(bytes.ToLower(body), []byte("konkretiser"))
}

// retryAfter reads Retry-After, which Freg gives in milliseconds. It is bounded, so that a bad
// header cannot hold us.
func retryAfter(h http.Header) time.Duration {
	ms, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || ms < 0 {
		return 200 * time.Millisecond
	}
	return min(time.Duration(ms)*time.Millisecond, 30*time.Second)
}
