package directory

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
	"github.com/go-json-experiment/json"

	"hjemmel/shared/host/outgoing"
)

// Config is what every reading needs.
type Config struct {
	Rules outgoing.Rules
	// Wait is the shortest wait before asking again where a system is busy; it doubles. 0 is a second.
	Wait time.Duration
}

const (
	callTime = 30 * time.Second
	longWait = time.Minute // at most, whatever Retry-After says
	attempts = 4
)

// answer is one that came.
type answer struct {
	status int
	after  time.Duration
	body   []byte
}

// wire asks one host, with a credential, and nobody else.
type wire struct {
	host  string // SCHEME://HOST
	http  *http.Client
	token func(context.Context) (string, error)
	calls failsafe.Executor[answer]
}

func newWire(c Config, address string, client *http.Client, token func(context.Context) (string, error)) (*wire, error) {
	u, err := c.Rules.Check(address)
	if err != nil {
		return nil, ErrAddress
	}
	return &wire{u.Scheme + "://" + u.Host, client, token, failsafe.With[answer](again(c.Wait))}, nil
}

// again asks anew of a system that is busy, when it says that it will not be.
func again(wait time.Duration) failsafe.Policy[answer] {
	if wait == 0 {
		wait = time.Second
	}
	busy := func(a answer, err error) bool {
		return err != nil && !errors.Is(err, outgoing.ErrPrivate) && !errors.Is(err, ErrAccess) || errors.Is(status(a.status), ErrSilent) && err == nil
	}
	return retrypolicy.NewBuilder[answer]().HandleIf(busy).WithMaxAttempts(attempts).ReturnLastFailure().
		WithDelayFunc(func(e failsafe.ExecutionAttempt[answer]) time.Duration {
			return min(longWait, max(e.LastResult().after, wait<<(e.Attempts()-1)))
		}).Build()
}

// get reads a JSON object. The address must be of the host that the credential is for.
func (w *wire) get(ctx context.Context, address string, into any) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme+"://"+u.Host != w.host || u.User != nil {
		return ErrAnswer
	}
	a, err := w.calls.WithContext(ctx).GetWithExecution(func(e failsafe.Execution[answer]) (answer, error) {
		return w.once(e.Context(), address)
	})
	if err != nil {
		return told(ctx, err)
	}
	if err := status(a.status); err != nil {
		return err
	}
	if json.Unmarshal(a.body, into) != nil {
		return ErrAnswer
	}
	return nil
}

// told gives a fault that tells nothing of the address, and keeps the end of our own time.
func told(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, outgoing.ErrPrivate):
		return ErrAddress
	case errors.Is(err, ErrAccess), errors.Is(err, ErrAnswer):
		return err
	}
	return ErrSilent
}

func (w *wire) once(ctx context.Context, address string) (a answer, err error) {
	token, err := w.token(ctx)
	if err != nil {
		return a, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return a, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", "application/scim+json, application/json")
	resp, err := w.http.Do(r)
	if err != nil {
		return a, err
	}
	defer func() { _ = resp.Body.Close() }()
	a.status = resp.StatusCode
	if s, err := strconv.Atoi(strings.TrimSpace(resp.Header.Get("Retry-After"))); err == nil && s > 0 {
		a.after = time.Duration(min(s, int(longWait/time.Second))) * time.Second
	}
	a.body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if len(a.body) > maxAnswer {
		return a, ErrAnswer
	}
	return a, err
}
