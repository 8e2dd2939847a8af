// Package web is the function that serves the web page: it logs people in, keeps their sessions, and asks the
// other functions on their behalf. Tokens stay here; a browser holds one cookie that says nothing.
//
// It refuses everything that another site makes a browser ask, and decides nothing about persons: what a session
// may see is found out by the functions that it asks, from the session's own token.
package web

import (
	"errors"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"github.com/GoogleCloudPlatform/functions-framework-go/functions"
	"golang.org/x/sync/singleflight"

	"hjemmel/shared/host"
	"hjemmel/shared/identity"
	"hjemmel/shared/identity/login"
	"hjemmel/shared/identity/session"
	"hjemmel/shared/roles"
)

func init() {
	functions.HTTP("web", host.HTTP("web", func(e *host.Env) (http.Handler, error) {
		api, err := url.Parse(e.Config.API)
		if err != nil || api.Host == "" {
			return nil, errors.New("setting HJEMMEL_API must be an address")
		}
		remote := &httputil.ReverseProxy{FlushInterval: -1, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(api) }}
		return Handler(e, remote)
	}))
}

// web is the function with the parts it uses.
type web struct {
	env      *host.Env
	caller   *identity.Verifier
	roles    *roles.Book
	changes  *host.Changes
	sessions *session.Sessions
	login    *login.Provider
	renewing singleflight.Group
	busy     limiter
}

func open(e *host.Env) (*web, error) {
	w := &web{env: e, busy: limiter{now: e.Now}}
	var errs [5]error
	w.caller, errs[0] = e.Verifier()
	w.roles, errs[1] = e.Roles()
	w.changes, errs[2] = e.Changes()
	w.sessions, errs[3] = e.Sessions()
	w.login, errs[4] = e.Login()
	return w, errors.Join(errs[:]...)
}

// Routes are the operations of the function that the page calls.
func Routes(e *host.Env) ([]host.Route, error) {
	w, err := open(e)
	if err != nil {
		return nil, err
	}
	return w.routes(), nil
}

func (w *web) routes() []host.Route {
	return []host.Route{
		{Pattern: "GET " + sessionPath, Handle: w.tell},
		{Pattern: "POST " + sessionPath + "/forleng", Handle: w.extend},
		{Pattern: "POST " + sessionPath + "/rolle", Handle: w.choose},
		{Pattern: "POST " + sessionPath + "/slutt", Handle: w.end},
	}
}

const sessionPath = "/hjemmel/v1/sesjon"

// APIPrefix is where the page finds the other functions' paths.
const APIPrefix = "/api"

// sweep is how often sessions that have ended are removed.
const sweep = 10 * time.Minute

// Handler serves the page and everything that it needs. api answers the other functions' paths, by a bearer token.
func Handler(e *host.Env, api http.Handler) (http.Handler, error) {
	w, err := open(e)
	if err != nil {
		return nil, err
	}
	site, err := newSite(strings.HasPrefix(e.Config.WebURL, "https:"))
	if err != nil {
		return nil, err
	}
	e.Every(sweep, w.sessions.Sweep)
	ours := e.Mux(append(w.routes(),
		host.Route{Pattern: "GET /innlogging/start", Handle: w.begin},
		host.Route{Pattern: "GET " + host.LoginPath, Handle: w.back},
		host.Route{Pattern: "GET /innlogging/frontkanal", Handle: w.endAll},
	)...)
	mux := http.NewServeMux()
	mux.Handle(sessionPath, ours)
	mux.Handle(sessionPath+"/", ours)
	mux.Handle("/innlogging/", ours)
	mux.Handle(APIPrefix+"/", e.Mux(w.forwarding(api)...))
	mux.Handle("GET /assets/", site)
	mux.Handle("/", site.orElse(ours))
	return http.NewCrossOriginProtection().Handler(mux), nil
}
