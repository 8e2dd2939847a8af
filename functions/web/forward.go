package web

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/host"
)

// passed are the headers that functions hear from the page. Who asks is not among them.
var passed = []string{
	"Accept", "Accept-Language", "Content-Type", "If-Match", "Idempotency-Key", "Range", "Hjemmel-Formaal", "Hjemmel-Bekreftelse", "Hjemmel-Overstyring",
}

// backgroundHeader is set by the page on what nobody pressed: it does not keep a session alive.
const backgroundHeader = "Hjemmel-Bakgrunn"

// bodyBytes bounds what the page sends.
const bodyBytes = 8 << 20

// bearing is a request as functions get it: with the token and nothing of the browser.
func bearing(r *http.Request, token string) *http.Request {
	out := r.Clone(r.Context())
	out.Header = http.Header{}
	for _, name := range passed {
		if v := r.Header.Values(name); v != nil {
			out.Header[name] = v
		}
	}
	out.Header.Set("Authorization", "Bearer "+token)
	out.RequestURI = ""
	return out
}

// forwarding are the routes by which the page asks the other functions.
func (w *web) forwarding(api http.Handler) []host.Route {
	handle := func(rw http.ResponseWriter, r *http.Request) error {
		s, err := w.live(r)
		if err != nil {
			return err
		}
		if !w.busy.allow(s.Key()) {
			return errBusy
		}
		if r.Header.Get(backgroundHeader) == "" {
			if _, err := w.sessions.Touch(r.Context(), s); err != nil {
				return err
			}
		}
		out := bearing(r, s.Access)
		out.URL.Path = strings.TrimPrefix(r.URL.Path, APIPrefix)
		out.URL.RawPath = strings.TrimPrefix(r.URL.RawPath, APIPrefix)
		out.Body = http.MaxBytesReader(rw, r.Body, bodyBytes)
		api.ServeHTTP(rw, out)
		return nil
	}
	var routes []host.Route
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		routes = append(routes, host.Route{Pattern: method + " " + APIPrefix + "/", Handle: handle})
	}
	return routes
}

var errBusy = fault.New(fault.TooMany, "FOR_MANGE_KALL", "Det kommer for mange forespørsler fra nettsiden. Vent litt.").After(time.Second)

// A session may ask so much at once, and so much each second after that.
const (
	burst   = 100
	steady  = 20
	tracked = 20_000
)

// limiter bounds what each session asks of one process. It forgets all when it is full.
type limiter struct {
	now func() time.Time

	mu   sync.Mutex
	used map[string]bucket
}

type bucket struct {
	level float64
	at    time.Time
}

func (l *limiter) allow(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.used == nil || len(l.used) >= tracked {
		l.used = map[string]bucket{}
	}
	now, b := l.now(), l.used[key]
	b.level = max(0, b.level-now.Sub(b.at).Seconds()*steady)
	b.at = now
	if b.level >= burst {
		return false
	}
	b.level++
	l.used[key] = b
	return true
}
