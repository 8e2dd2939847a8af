package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/identity"
	"hjemmel/shared/identity/login"
	"hjemmel/shared/identity/session"
)

// The cookies. Both are for this host over a secure connection alone, and no script reads them.
const (
	sessionCookie = "__Host-sesjon"
	attemptCookie = "__Host-innlogging"
)

// attemptLife is how long somebody may take to log in.
const attemptLife = 10 * time.Minute

// attempt is what a browser keeps, sealed, while it is at the issuer.
type attempt struct {
	Login login.Attempt `json:"login"`
	Til   string        `json:"til"`
	Slutt time.Time     `json:"slutt"`
}

func keep(w http.ResponseWriter, name, value string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(life / time.Second), Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func forget(w http.ResponseWriter, name string) { keep(w, name, "", -time.Second) }

// begin sends the browser to the issuer. til is the page's own address to come back to, nivaa=hoyt asks for the
// high level.
func (w *web) begin(rw http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if at, err := url.Parse(w.env.Config.WebURL); err == nil && at.Host != host.Asked(r) && host.Asked(r) != "" {
		return w.failed(rw, r, w.env.Config.WebURL+"/", nil) // the issuer sends browsers to the one address, and cookies stay at theirs
	}
	level := ""
	if q.Get("nivaa") == "hoyt" {
		level = identity.LevelHigh
	}
	to, a, err := w.login.Begin(r.Context(), level)
	if err != nil {
		return w.failed(rw, r, "/", err)
	}
	sealed, err := w.sessions.Seal(attemptCookie, attempt{a, inside(q.Get("til")), w.env.Now().Add(attemptLife)})
	if err != nil {
		return err
	}
	keep(rw, attemptCookie, sealed, attemptLife)
	http.Redirect(rw, r, to, http.StatusSeeOther)
	return nil
}

// inside lets addresses of the page through, and nothing that a browser takes for another site.
func inside(til string) string {
	if !strings.HasPrefix(til, "/") || strings.HasPrefix(til, "//") || len(til) > 200 || strings.ContainsFunc(til, odd) {
		return "/"
	}
	return til
}

func odd(r rune) bool { return r <= ' ' || r == '\\' || r > '~' }

// failed sends the browser to the page with the code of what went wrong, which the page has words for.
func (w *web) failed(rw http.ResponseWriter, r *http.Request, to string, err error) error {
	if err != nil {
		to += "?feil=" + fault.Of(err).Code
		w.env.Log.Warn("login", "code", fault.Of(err).Code, "requestId", rw.Header().Get(host.RequestIDHeader))
	}
	http.Redirect(rw, r, to, http.StatusSeeOther) //nolint:gosec // an address of ours with a code of ours
	return nil
}

var errBack = fault.New(fault.Unauthenticated, "INNLOGGING_AVBRUTT", "Innloggingen ble ikke fullført. Start på nytt.")

// back takes the browser that comes from the issuer, and gives it a session.
func (w *web) back(rw http.ResponseWriter, r *http.Request) error {
	a, err := w.attempted(r)
	forget(rw, attemptCookie)
	if err != nil {
		return w.failed(rw, r, "/", err)
	}
	t, err := w.login.Finish(r.Context(), a.Login, r.URL.Query())
	if err != nil {
		return w.failed(rw, r, "/", err)
	}
	id, err := w.admit(r, t, rw.Header().Get(host.RequestIDHeader))
	if err != nil {
		return w.failed(rw, r, "/", err)
	}
	keep(rw, sessionCookie, id, session.Longest)
	http.Redirect(rw, r, a.Til, http.StatusSeeOther)
	return nil
}

func (w *web) attempted(r *http.Request) (a attempt, err error) {
	c, err := r.Cookie(attemptCookie)
	if err != nil || w.sessions.Open(attemptCookie, c.Value, &a) != nil || !w.env.Now().Before(a.Slutt) {
		return attempt{}, errBack
	}
	return a, nil
}

// admit begins a session for whom the tokens are from, in place of any that the browser had.
func (w *web) admit(r *http.Request, t login.Tokens, requestID string) (string, error) {
	ctx := r.Context()
	who, err := w.caller.Caller(ctx, bearing(r, t.Access))
	if err != nil {
		return "", err
	}
	id, ops, err := w.sessions.Begin(session.Session{
		Access: t.Access, Refresh: t.Refresh, Until: t.Until, Issuer: w.login.Issuer(), SID: t.Session,
	})
	if err != nil {
		return "", err
	}
	if old, err := w.current(r); err == nil {
		ops = append(ops, w.sessions.End(old)...)
	}
	return id, w.written(ctx, who, "innlogging", requestID, ops)
}

// written makes changes of sessions together with their entry, one in the log of each organisation that employs
// the caller. Who is employed nowhere stands in the platform's.
func (w *web) written(ctx context.Context, who identity.Caller, handling, requestID string, ops session.Writes) error {
	employed, err := w.roles.Employments(ctx, who)
	if err != nil {
		return err
	}
	first := audit.Entry{FiksOrgID: audit.Platform, Handling: handling, RequestID: requestID}
	for i, a := range employed {
		e := audit.Entry{FiksOrgID: a.FiksOrgID, Aktor: a.ID, Handling: handling, RequestID: requestID, Utfall: audit.Utfoert}
		if i == 0 {
			first = e
		} else if _, err := w.changes.Note(ctx, e); err != nil {
			return err
		}
	}
	_, err = w.changes.Once(ctx, first, ops...)
	return err
}

// endAll ends the sessions of a login that ended at the issuer, which shows this address in a frame of its own
// (OpenID Connect Front-Channel Logout 1.0). It has no cookie then, and tells nobody whether there was a session.
func (w *web) endAll(rw http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	rw.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors "+origin(w.login.Issuer()))
	if q.Get("iss") == w.login.Issuer() {
		ops, err := w.sessions.EndAll(r.Context(), q.Get("iss"), q.Get("sid"))
		if err != nil {
			return err
		}
		if len(ops) > 0 {
			e := audit.Entry{FiksOrgID: audit.Platform, Handling: "utlogging", RequestID: rw.Header().Get(host.RequestIDHeader)}
			if _, err := w.changes.Once(r.Context(), e, ops...); err != nil {
				return err
			}
		}
	}
	rw.WriteHeader(http.StatusNoContent)
	return nil
}

func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "'none'"
	}
	return u.Scheme + "://" + u.Host
}
