package idsim_test

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"

	"hjemmel/shared/identity"
	"hjemmel/shared/identity/identitytest"
	"hjemmel/shared/identity/idsim"
	"hjemmel/shared/store/storetest"
)

const (
	back    = "https://hjemmel.example/auth/tilbake?fra=idporten"
	backOut = "https://hjemmel.example/farvel"
)

// login is an ID-porten on a loopback port, mounted under a path as in the dev host.
type login struct {
	*idsim.IDPorten
	t     *testing.T
	url   string
	shift time.Duration
}

func newLogin(t *testing.T) *login {
	t.Helper()
	srv := httptest.NewUnstartedServer(nil)
	l := &login{t: t, url: "http://" + srv.Listener.Addr().String() + "/sim/idporten"}
	var err error
	l.IDPorten, err = idsim.NewIDPorten(idsim.IDPortenConfig{
		Issuer: l.url, Key: identitytest.Keys()[0], Now: func() time.Time { return time.Now().Add(l.shift) },
		Clients: []idsim.LoginClient{
			{ID: "web", Orgnr: orgnr, RedirectURIs: []string{back}, LogoutURIs: []string{backOut}},
			{ID: "annen", Orgnr: orgnr, RedirectURIs: []string{"https://annen.example/"}, LogoutURIs: []string{"https://annen.example/ut"}},
			{ID: "nøkkel", Orgnr: orgnr, RedirectURIs: []string{back}, Scopes: []string{other},
				Keys: []jose.JSONWebKey{{Key: identitytest.Keys()[1].Public(), KeyID: "k1"}}},
			{ID: "hemmelig", Orgnr: orgnr, RedirectURIs: []string{back}, Secret: "sim-sesam:+"},
		},
		Employees: []idsim.Employee{
			{ID: "kari", Navn: "Kari Eksempel", Beskrivelse: "Barnevern", PID: identitytest.Person(0)},
			{ID: `"><script>alert(1)</script>`, Navn: "<b>Ond & Slem</b>", PID: identitytest.Person(1), Level: identity.LevelSubstantial},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	srv.Config.Handler = http.StripPrefix("/sim/idporten", l.IDPorten)
	srv.Start()
	t.Cleanup(srv.Close)
	return l
}

func (l *login) oauth(client string, style oauth2.AuthStyle) *oauth2.Config {
	c := &oauth2.Config{ClientID: client, RedirectURL: back, Scopes: []string{"openid", "profile"},
		Endpoint: oauth2.Endpoint{AuthURL: l.url + "/authorize", TokenURL: l.url + "/token", AuthStyle: style}}
	if client == "hemmelig" {
		c.ClientSecret = "sim-sesam:+"
	}
	return c
}

var field = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// get and postForm do not follow redirects.
func (l *login) do(res *http.Response, err error) (*http.Response, string) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	return res, string(b)
}

var still = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func (l *login) get(address string) (*http.Response, string) { return l.do(still.Get(address)) }

func (l *login) post(address string, form url.Values) (*http.Response, string) {
	return l.do(still.PostForm(address, form))
}

// choose opens the page as a browser does, picks a person and gives where it was sent.
func (l *login) choose(address, employee string) *url.URL {
	l.t.Helper()
	res, body := l.get(address)
	if res.StatusCode != 200 {
		l.t.Fatal(res.Status, body)
	}
	form := url.Values{}
	for _, m := range field.FindAllStringSubmatch(body, -1) {
		form.Add(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	if employee != "" {
		form.Set("ansatt", employee)
	}
	res, body = l.post(l.url+"/authorize", form)
	to, err := res.Location()
	if err != nil {
		l.t.Fatal(err, body)
	}
	return to
}

// TestLogin logs in with independent clients (oauth2, go-oidc) and asks our verifier who that was.
func TestLogin(t *testing.T) {
	l := newLogin(t)
	provider, err := oidc.NewProvider(t.Context(), l.url)
	if err != nil {
		t.Fatal(err)
	}
	assertion, err := idsim.Grant(identitytest.Keys()[1], "k1", "nøkkel", l.url, "", idsim.Claim{Name: "sub", Value: "nøkkel"})
	if err != nil {
		t.Fatal(err)
	}
	for client, tt := range map[string]struct {
		style oauth2.AuthStyle
		extra []oauth2.AuthCodeOption
	}{
		"web":      {oauth2.AuthStyleInParams, nil},
		"hemmelig": {oauth2.AuthStyleInHeader, nil},
		"nøkkel": {oauth2.AuthStyleInParams, []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("client_assertion", assertion),
			oauth2.SetAuthURLParam("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")}},
	} {
		t.Run(client, func(t *testing.T) {
			cfg, verifier := l.oauth(client, tt.style), oauth2.GenerateVerifier()
			cfg.Endpoint = provider.Endpoint()
			cfg.Endpoint.AuthStyle = tt.style
			to := l.choose(cfg.AuthCodeURL("en&tilstand", oidc.Nonce("n-1"), oauth2.S256ChallengeOption(verifier)), "kari")
			if !strings.HasPrefix(to.String(), "https://hjemmel.example/auth/tilbake?") || to.Query().Get("fra") != "idporten" ||
				to.Query().Get("state") != "en&tilstand" {
				t.Fatal(to)
			}
			tok, err := cfg.Exchange(t.Context(), to.Query().Get("code"), append(tt.extra, oauth2.VerifierOption(verifier))...)
			if err != nil {
				t.Fatal(err)
			}
			raw, _ := tok.Extra("id_token").(string)
			id, err := provider.Verifier(&oidc.Config{ClientID: client}).Verify(t.Context(), raw)
			if err != nil || id.Nonce != "n-1" {
				t.Fatal(id, err)
			}
			var who struct{ Pid, Acr, Sid, Sub string }
			if err := id.Claims(&who); err != nil || who.Pid != identitytest.Person(0).Reveal() || who.Acr != identity.LevelHigh || who.Sid == "" || who.Sub == "" {
				t.Error(who, err)
			}
			v, err := identity.NewVerifier(identity.Config{
				IDPorten:    identity.Issuer{URL: l.url, JWKS: l.url + "/jwks"},
				ClientIDs:   []string{client},
				PasswordKey: make([]byte, 32),
			}, identity.NewIntegrations(storetest.NewMemory()))
			if err != nil {
				t.Fatal(err)
			}
			r := identitytest.Request(tok.AccessToken, identitytest.Login{})
			if c, err := v.Caller(t.Context(), r); err != nil || c.Person() != identitytest.Person(0) {
				t.Error(c, err)
			}
			r = identitytest.Request(raw, identitytest.Login{})
			if c, err := v.Caller(t.Context(), r); err == nil {
				t.Errorf("an id_token opened the API: %v", c)
			}
		})
	}
}

func authorizeURL(l *login, change func(url.Values)) string {
	q := url.Values{
		"client_id": {"web"}, "redirect_uri": {back}, "response_type": {"code"}, "scope": {"openid profile"}, "state": {"s"},
		"nonce": {"n"}, "code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
	change(q)
	return l.url + "/authorize?" + q.Encode()
}

const proof = "0123456789012345678901234567890123456789012"

var challenge = func() string {
	sum := sha256.Sum256([]byte(proof))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}()

func TestAuthorizeRefuses(t *testing.T) {
	l := newLogin(t)
	set := func(k, v string) func(url.Values) { return func(q url.Values) { q.Set(k, v) } }
	for name, tt := range map[string]struct {
		change func(url.Values)
		want   string // error sent back; "" when nobody is sent anywhere
	}{
		"unknown client":           {set("client_id", "x"), ""},
		"no client":                {set("client_id", ""), ""},
		"no redirect":              {set("redirect_uri", ""), ""},
		"another's redirect":       {set("redirect_uri", "https://annen.example/"), ""},
		"redirect without query":   {set("redirect_uri", "https://hjemmel.example/auth/tilbake"), ""},
		"redirect with more":       {set("redirect_uri", back+"&x=y"), ""},
		"redirect in other case":   {set("redirect_uri", strings.ToUpper(back)), ""},
		"open redirect":            {set("redirect_uri", "https://ond.example/"), ""},
		"script":                   {set("redirect_uri", "javascript:alert(1)"), ""},
		"two redirects":            {func(q url.Values) { q.Add("redirect_uri", "https://ond.example/") }, ""},
		"two states":               {func(q url.Values) { q.Add("state", "t") }, ""},
		"implicit":                 {set("response_type", "token"), "unsupported_response_type"},
		"no openid":                {set("scope", "profile"), "invalid_scope"},
		"scope it does not have":   {set("scope", "openid ks:fiks"), "invalid_scope"},
		"no state":                 {set("state", ""), "invalid_request"},
		"no nonce":                 {set("nonce", ""), "invalid_request"},
		"no PKCE":                  {set("code_challenge", ""), "invalid_request"},
		"plain PKCE":               {set("code_challenge_method", "plain"), "invalid_request"},
		"short challenge":          {set("code_challenge", "kort"), "invalid_request"},
		"fragment":                 {set("response_mode", "fragment"), "invalid_request"},
		"silent without a session": {set("prompt", "none"), "login_required"},
	} {
		t.Run(name, func(t *testing.T) {
			address := authorizeURL(l, tt.change)
			u, _ := url.Parse(address)
			form := u.Query()
			form.Set("ansatt", "kari")
			for _, method := range []string{"GET", "POST"} {
				res, body := l.get(address)
				if method == "POST" {
					if name == "silent without a session" { // someone did pick
						return
					}
					res, body = l.post(l.url+"/authorize", form)
				}
				to, _ := res.Location()
				switch {
				case tt.want == "" && (res.StatusCode != 400 || to != nil || strings.Contains(body, "ond.example")):
					t.Errorf("%s: %s to %v", method, res.Status, to)
				case tt.want != "" && (to == nil || to.Query().Get("error") != tt.want || to.Host != "hjemmel.example" || to.Query().Has("code")):
					t.Errorf("%s: %s to %v", method, res.Status, to)
				}
			}
		})
	}
	t.Run("nobody chosen", func(t *testing.T) {
		for _, who := range []string{"", "ola"} {
			to := l.choose(authorizeURL(l, func(url.Values) {}), who)
			if to.Query().Get("error") != "access_denied" || to.Query().Has("code") {
				t.Error(to)
			}
		}
	})
}

func TestCodeRefuses(t *testing.T) {
	l := newLogin(t)
	good := func() url.Values {
		to := l.choose(authorizeURL(l, func(url.Values) {}), "kari")
		return url.Values{"grant_type": {"authorization_code"}, "client_id": {"web"}, "code": {to.Query().Get("code")},
			"redirect_uri": {back}, "code_verifier": {proof}}
	}
	ask := func(f url.Values) (int, map[string]any) { return post(t, l.url+"/token", f) }
	used := good()
	if status, body := ask(used); status != 200 {
		t.Fatal(body)
	}
	old := good()
	for name, tt := range map[string]struct {
		form   url.Values
		change func(url.Values)
		status int
		want   string
	}{
		"used":               {used, nil, 400, "invalid_grant"},
		"unknown code":       {good(), func(f url.Values) { f.Set("code", "x") }, 400, "invalid_grant"},
		"another client":     {good(), func(f url.Values) { f.Set("client_id", "annen") }, 400, "invalid_grant"},
		"unknown client":     {good(), func(f url.Values) { f.Set("client_id", "x") }, 401, "invalid_client"},
		"no client":          {good(), func(f url.Values) { f.Del("client_id") }, 401, "invalid_client"},
		"a secret too many":  {good(), func(f url.Values) { f.Set("client_secret", "x") }, 401, "invalid_client"},
		"no secret":          {good(), func(f url.Values) { f.Set("client_id", "hemmelig") }, 401, "invalid_client"},
		"no assertion":       {good(), func(f url.Values) { f.Set("client_id", "nøkkel") }, 401, "invalid_client"},
		"another redirect":   {good(), func(f url.Values) { f.Set("redirect_uri", "https://annen.example/") }, 400, "invalid_grant"},
		"no redirect":        {good(), func(f url.Values) { f.Del("redirect_uri") }, 400, "invalid_grant"},
		"no verifier":        {good(), func(f url.Values) { f.Del("code_verifier") }, 400, "invalid_grant"},
		"wrong verifier":     {good(), func(f url.Values) { f.Set("code_verifier", proof[:42]+"x") }, 400, "invalid_grant"},
		"challenge as proof": {good(), func(f url.Values) { f.Set("code_verifier", challenge) }, 400, "invalid_grant"},
		"another grant":      {good(), func(f url.Values) { f.Set("grant_type", "password") }, 400, "unsupported_grant_type"},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.change != nil {
				tt.change(tt.form)
			}
			if status, body := ask(tt.form); status != tt.status || body["error"] != tt.want || body["access_token"] != nil {
				t.Errorf("%d %v", status, body)
			}
		})
	}
	t.Run("spent by a wrong try", func(t *testing.T) {
		f := good()
		f.Set("code_verifier", proof[:42]+"x")
		ask(f)
		f.Set("code_verifier", proof)
		if status, body := ask(f); status != 400 {
			t.Errorf("%d %v", status, body)
		}
	})
	l.shift = time.Minute
	if status, body := ask(old); status != 400 || body["error"] != "invalid_grant" {
		t.Errorf("a minute old: %d %v", status, body)
	}
}

func TestClientAssertion(t *testing.T) {
	l := newLogin(t)
	sub := idsim.Claim{Name: "sub", Value: "nøkkel"}
	mint := func(key int, kid, iss, aud string, extra ...idsim.Claim) string {
		raw, err := idsim.Grant(identitytest.Keys()[key], kid, iss, aud, "", extra...)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	used := mint(1, "k1", "nøkkel", l.url, sub)
	for _, tt := range []struct {
		name, raw string
		ok        bool
	}{
		{"good", used, true},
		{"for the token address", mint(1, "k1", "nøkkel", l.url+"/token", sub), true},
		{"used", used, false},
		{"another key", mint(0, "k1", "nøkkel", l.url, sub), false},
		{"unknown key", mint(1, "k2", "nøkkel", l.url, sub), false},
		{"another audience", mint(1, "k1", "nøkkel", "https://idporten.no", sub), false},
		{"no subject", mint(1, "k1", "nøkkel", l.url), false},
		{"from another", mint(1, "k1", "web", l.url, sub), false},
		{"no jti", mint(1, "k1", "nøkkel", l.url, sub, idsim.Claim{Name: "jti"}), false},
		{"expired", mint(1, "k1", "nøkkel", l.url, sub, idsim.Claim{Name: "exp", Value: time.Now().Add(-time.Second).Unix()}), false},
		{"long", mint(1, "k1", "nøkkel", l.url, sub, idsim.Claim{Name: "exp", Value: time.Now().Add(time.Hour).Unix()}), false},
		{"rubbish", "x.y.z", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			to := l.choose(authorizeURL(l, func(q url.Values) { q.Set("client_id", "nøkkel") }), "kari")
			form := url.Values{
				"grant_type": {"authorization_code"}, "code": {to.Query().Get("code")}, "redirect_uri": {back}, "code_verifier": {proof},
				"client_assertion": {tt.raw}, "client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
			}
			if tt.name != "good" { // the assertion alone says who it is
				form.Set("client_id", "nøkkel")
			}
			status, body := post(t, l.url+"/token", form)
			if (status == 200) != tt.ok {
				t.Errorf("%d %v", status, body)
			}
		})
	}
}

func TestPage(t *testing.T) {
	l := newLogin(t)
	res, body := l.get(authorizeURL(l, func(q url.Values) { q.Set("state", `"><script>x</script>`) }))
	for _, want := range []string{`<html lang="nb">`, "<title>", "<h1>", "<main>", `name="viewport"`, "Kari Eksempel", "&lt;b&gt;Ond &amp; Slem&lt;/b&gt;"} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is missing", want)
		}
	}
	for _, not := range []string{"<script", "<b>", identitytest.Person(0).Reveal(), "style="} {
		if strings.Contains(body, not) {
			t.Errorf("%s is there", not)
		}
	}
	style := body[strings.Index(body, "<style>")+7 : strings.Index(body, "</style>")]
	sum := sha256.Sum256([]byte(style))
	csp := res.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "sha256-" + base64.StdEncoding.EncodeToString(sum[:]), "form-action 'self' https://hjemmel.example", "frame-ancestors 'none'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("%s is missing from %s", want, csp)
		}
	}
	if res.Header.Get("Cache-Control") != "no-store" {
		t.Error("the page may be kept")
	}
	to := l.choose(authorizeURL(l, func(url.Values) {}), `"><script>alert(1)</script>`)
	if !to.Query().Has("code") {
		t.Error("an odd id cannot be chosen")
	}
}

func TestSimGrant(t *testing.T) {
	l := newLogin(t)
	ask := func(pairs ...string) (int, map[string]any) {
		f := url.Values{"grant_type": {"hjemmel-sim"}}
		for i := 0; i < len(pairs); i += 2 {
			f.Set(pairs[i], pairs[i+1])
		}
		return post(t, l.url+"/token", f)
	}
	status, body := ask("ansatt", "kari")
	if status != 200 || body["id_token"] != nil {
		t.Fatal(status, body)
	}
	c := claimsOf(t, body["access_token"], l.url+"/jwks")
	if c["pid"] != identitytest.Person(0).Reveal() || c["client_id"] != "web" || c["aud"] != "unspecified" || c["acr"] != identity.LevelHigh ||
		c["scope"] != "openid profile" || c["iss"] != l.url {
		t.Error(c)
	}
	status, body = ask("ansatt", "kari", "client_id", "nøkkel", "scope", "openid ks:fiks")
	if c := claimsOf(t, body["access_token"], l.url+"/jwks"); status != 200 || c["scope"] != "openid ks:fiks" || c["client_id"] != "nøkkel" {
		t.Error(status, c)
	}
	for _, pairs := range [][]string{
		{}, {"ansatt", "ola"}, {"ansatt", "kari", "client_id", "x"}, {"ansatt", "kari", "scope", "openid ks:fiks"},
	} {
		if status, body := ask(pairs...); status != 400 || body["access_token"] != nil {
			t.Errorf("%v: %d %v", pairs, status, body)
		}
	}
}

func TestEndSession(t *testing.T) {
	l := newLogin(t)
	to := l.choose(authorizeURL(l, func(url.Values) {}), "kari")
	_, body := post(t, l.url+"/token", url.Values{"grant_type": {"authorization_code"}, "client_id": {"web"},
		"code": {to.Query().Get("code")}, "redirect_uri": {back}, "code_verifier": {proof}})
	hint, _ := body["id_token"].(string)
	access, _ := body["access_token"].(string)
	l.shift = 24 * time.Hour // an expired id_token is still a hint
	for name, tt := range map[string]struct {
		form url.Values
		want string // "" for an error page, "-" for the page that says goodbye
	}{
		"plain":              {url.Values{}, "-"},
		"client":             {url.Values{"client_id": {"web"}, "post_logout_redirect_uri": {backOut}, "state": {"a b"}}, backOut + "?state=a+b"},
		"hint":               {url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {backOut}}, backOut},
		"both":               {url.Values{"id_token_hint": {hint}, "client_id": {"web"}, "post_logout_redirect_uri": {backOut}}, backOut},
		"they differ":        {url.Values{"id_token_hint": {hint}, "client_id": {"annen"}, "post_logout_redirect_uri": {backOut}}, ""},
		"nobody":             {url.Values{"post_logout_redirect_uri": {backOut}}, ""},
		"another's":          {url.Values{"client_id": {"web"}, "post_logout_redirect_uri": {"https://annen.example/ut"}}, ""},
		"open redirect":      {url.Values{"client_id": {"web"}, "post_logout_redirect_uri": {"https://ond.example/"}}, ""},
		"login's address":    {url.Values{"client_id": {"web"}, "post_logout_redirect_uri": {back}}, ""},
		"forged hint":        {url.Values{"id_token_hint": {hint[:len(hint)-8] + "AAAAAAAA"}, "post_logout_redirect_uri": {backOut}}, ""},
		"access token":       {url.Values{"id_token_hint": {access}, "post_logout_redirect_uri": {backOut}}, ""},
		"rubbish for a hint": {url.Values{"id_token_hint": {"x"}, "client_id": {"web"}, "post_logout_redirect_uri": {backOut}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			res, _ := l.get(l.url + "/endsession?" + tt.form.Encode())
			resPost, _ := l.post(l.url+"/endsession", tt.form)
			for _, res := range []*http.Response{res, resPost} {
				to := res.Header.Get("Location")
				switch tt.want {
				case "":
					if res.StatusCode != 400 || to != "" {
						t.Error(res.Status, to)
					}
				case "-":
					if res.StatusCode != 200 {
						t.Error(res.Status)
					}
				default:
					if to != tt.want {
						t.Error(res.Status, to)
					}
				}
			}
		})
	}
}

func TestSimulatorsRefuseToBeMade(t *testing.T) {
	key := identitytest.Keys()[0]
	if _, err := idsim.NewIDPorten(idsim.IDPortenConfig{Issuer: "x", Key: key, Employees: []idsim.Employee{{ID: "ingen"}}}); err == nil {
		t.Error("made with an employee who is not synthetic")
	}
	if _, err := idsim.NewIDPorten(idsim.IDPortenConfig{Key: key}); err == nil {
		t.Error("made without a name")
	}
	if _, err := idsim.NewMaskinporten(idsim.MaskinportenConfig{Key: key}); err == nil {
		t.Error("made without a name")
	}
}

func TestDown(t *testing.T) {
	l := newLogin(t)
	l.Down(true)
	for _, path := range []string{"/jwks", "/authorize", "/.well-known/openid-configuration"} {
		if res, _ := l.get(l.url + path); res.StatusCode != 503 {
			t.Error(path, res.Status)
		}
	}
}
