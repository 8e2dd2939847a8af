package idsim

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const codeLife = time.Minute

// request is an authentication request that holds (OpenID Connect Core §3.1.2.1, with PKCE).
type request struct {
	client   LoginClient
	redirect string
	params   url.Values
}

// login is a request that someone has answered, waiting for its code to be used.
type login struct {
	request
	employee Employee
	until    time.Time
}

var requestParams = []string{"client_id", "redirect_uri", "response_type", "scope", "state", "nonce",
	"code_challenge", "code_challenge_method", "acr_values", "prompt", "ui_locales", "login_hint", "response_mode"}

// readRequest gives the request and the OAuth error to send back to the client, if any. It reports
// false when client or redirect address is not to be trusted: then nobody is sent anywhere.
func (p *IDPorten) readRequest(q url.Values) (request, string, bool) {
	params := make(url.Values)
	for _, name := range requestParams {
		if len(q[name]) > 1 {
			return request{}, "", false
		}
		if v := q.Get(name); v != "" {
			params.Set(name, v)
		}
	}
	c, ok := p.client(params.Get("client_id"))
	if !ok || !slices.Contains(c.RedirectURIs, params.Get("redirect_uri")) {
		return request{}, "", false
	}
	r := request{client: c, redirect: params.Get("redirect_uri"), params: params}
	switch {
	case params.Get("response_type") != "code":
		return r, "unsupported_response_type", true
	case !c.allows(params.Get("scope")):
		return r, "invalid_scope", true
	case params.Get("state") == "" || params.Get("nonce") == "",
		params.Get("code_challenge_method") != "S256" || len(params.Get("code_challenge")) != 43,
		params.Get("response_mode") != "" && params.Get("response_mode") != "query":
		return r, "invalid_request", true
	}
	return r, "", true
}

func (p *IDPorten) authorizePage(w http.ResponseWriter, r *http.Request) {
	req, failed, ok := p.readRequest(r.URL.Query())
	switch {
	case !ok:
		showError(w)
	case failed != "":
		req.back(w, r, "error", failed)
	case req.params.Get("prompt") == "none": // there is no session to go on with
		req.back(w, r, "error", "login_required")
	default:
		showChoice(w, req, p.employees)
	}
}

func (p *IDPorten) authorizeChoice(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil {
		showError(w)
		return
	}
	req, failed, ok := p.readRequest(r.PostForm)
	switch {
	case !ok:
		showError(w)
		return
	case failed != "":
		req.back(w, r, "error", failed)
		return
	}
	e, ok := p.Employee(r.PostForm.Get("ansatt"))
	if !ok {
		req.back(w, r, "error", "access_denied")
		return
	}
	if r.PostForm.Get("nivaa") == "betydelig" && req.params.Get("acr_values") != levelHigh {
		e.Level = levelSubstantial
	}
	req.back(w, r, "code", p.newCode(req, e))
}

// back sends the browser to the client's registered address with the outcome.
func (q request) back(w http.ResponseWriter, r *http.Request, name, value string) {
	u, err := url.Parse(q.redirect)
	if err != nil {
		showError(w)
		return
	}
	v := u.Query()
	v.Set(name, value)
	if state := q.params.Get("state"); state != "" {
		v.Set("state", state)
	}
	u.RawQuery = v.Encode()
	http.Redirect(w, r, u.String(), http.StatusSeeOther)
}

func (p *IDPorten) newCode(r request, e Employee) string {
	code, now := random(), p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	for k, l := range p.codes {
		if !now.Before(l.until) {
			delete(p.codes, k)
		}
	}
	p.codes[code] = login{r, e, now.Add(codeLife)}
	return code
}

// takeCode gives what the code stands for, once.
func (p *IDPorten) takeCode(code string) (login, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, ok := p.codes[code]
	delete(p.codes, code)
	return l, ok && p.now().Before(l.until)
}

// endSession is RP-initiated logout. There is no session to end, so it only sends the browser back,
// to a registered address of the client that asks.
func (p *IDPorten) endSession(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil {
		showError(w)
		return
	}
	to := r.Form.Get("post_logout_redirect_uri")
	if to == "" {
		showLoggedOut(w)
		return
	}
	id := r.Form.Get("client_id")
	if hint := r.Form.Get("id_token_hint"); hint != "" {
		hinted, ok := p.hinted(hint)
		if !ok || (id != "" && id != hinted) {
			showError(w)
			return
		}
		id = hinted
	}
	c, ok := p.client(id)
	u, err := url.Parse(to)
	if !ok || err != nil || !slices.Contains(c.LogoutURIs, to) {
		showError(w)
		return
	}
	if state := r.Form.Get("state"); state != "" {
		v := u.Query()
		v.Set("state", state)
		u.RawQuery = v.Encode()
	}
	http.Redirect(w, r, u.String(), http.StatusSeeOther)
}

// hinted gives the client that an id_token of ours, expired or not, was issued to.
func (p *IDPorten) hinted(raw string) (string, bool) {
	t, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return "", false
	}
	var c jwt.Claims
	if t.Claims(p.published(), &c) != nil || c.Issuer != p.name || len(c.Audience) != 1 {
		return "", false
	}
	return c.Audience[0], true
}

// origin is the scheme and host of an address, for a content security policy.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || strings.ContainsAny(u.Host, "; ,'\"") {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
