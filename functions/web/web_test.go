package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/roles"
)

const mine = "/api/hjemmel/v1/meg/roller"

func TestALoginGivesASessionThatAsksAsThePerson(t *testing.T) {
	b := newWorld(t).browser()
	if s := b.session(); s.Innlogget {
		t.Error("somebody is logged in before anybody is")
	}
	if status, body, _ := b.do(http.MethodGet, mine, ""); status != 401 || !strings.Contains(body, "SESJON_UTLOEPT") {
		t.Errorf("%d %s", status, body)
	}
	b.login("ansatt-01")
	s := b.session()
	if !s.Innlogget || s.Navn == "" || len(s.Roller) == 0 || len(s.Organisasjoner) == 0 {
		t.Errorf("%+v", s)
	}
	if status, body, _ := b.do(http.MethodGet, mine, ""); status != 200 || !strings.Contains(body, s.Roller[0].ID) {
		t.Errorf("%d %s", status, body)
	}
	for _, r := range b.records("sesjon") { // a token has ".eyJ" in it, which what is sealed cannot: it has no full stop
		if strings.Contains(string(r.Value), ".eyJ") || strings.Contains(r.Key, b.id()) {
			t.Error("the state lets its reader log in")
		}
	}
}

func TestAChosenRoleGivesANewIdAndTheOldOneIsNobodys(t *testing.T) {
	b := newWorld(t).browser()
	b.login("ansatt-01")
	before, role := b.id(), b.session().Roller[0].ID
	if status, body, _ := b.do(http.MethodPost, "/hjemmel/v1/sesjon/rolle", `{"rolleId":"`+role+`"}`); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	if b.id() == before || b.session().ValgtRolle != role {
		t.Error("the id or the role is as before")
	}
	other := b.browser()
	if status, _, _ := other.do(http.MethodGet, mine, "", "Cookie", "__Host-sesjon="+before); status != 401 {
		t.Errorf("the old id answers %d", status)
	}
	if status, _, _ := b.do(http.MethodPost, "/hjemmel/v1/sesjon/rolle", `{"rolleId":"10000009-0000-4000-8000-000000000009"}`); status != 404 {
		t.Errorf("a role of nobody's: %d", status)
	}
}

func TestASessionEndsByTimeAndByLogout(t *testing.T) {
	b := newWorld(t).browser()
	b.login("ansatt-01")
	b.later(25 * time.Minute)
	if status, _, _ := b.do(http.MethodGet, mine, "", "Hjemmel-Bakgrunn", "ja"); status != 200 {
		t.Errorf("after 25 minutes: %d", status)
	}
	b.later(6 * time.Minute)
	if b.session().Innlogget {
		t.Error("a session that did nothing but what nobody pressed lives on after 31 minutes")
	}
	b.later(-31 * time.Minute)
	b = b.browser()
	b.login("ansatt-01")
	id := b.id()
	if status, body, _ := b.do(http.MethodPost, "/hjemmel/v1/sesjon/slutt", ""); status != 200 || !strings.Contains(body, "endsession") || strings.Contains(body, "hint") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, _ := b.do(http.MethodGet, mine, "", "Cookie", "__Host-sesjon="+id); status != 401 || b.id() != "" {
		t.Errorf("after logout: %d", status)
	}
}

func TestTokensAreRenewedUntilTheIssuerSaysNo(t *testing.T) {
	b := newWorld(t).browser()
	b.IDPorten.ExpiresIn(20 * time.Second) // under the half minute in which they are renewed
	b.login("ansatt-01")
	for range 3 {
		if status, body, _ := b.do(http.MethodGet, mine, ""); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
	}
	b.IDPorten.Down(true)
	if status, _, _ := b.do(http.MethodGet, mine, ""); status != 503 {
		t.Errorf("with the issuer down: %d", status)
	}
	b.IDPorten.Down(false)
	if status, _, _ := b.do(http.MethodGet, mine, ""); status != 200 {
		t.Errorf("with the issuer up again: %d", status)
	}
}

func TestOnlyTheBrowserThatBeganALoginFinishesIt(t *testing.T) {
	w := newWorld(t)
	victim, thief := w.browser(), w.browser()
	form := thief.choice("/innlogging/start", "ansatt-02")
	thief.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	back := thief.pick(form).Header.Get("Location")
	if _, _, resp := victim.do(http.MethodGet, back, ""); resp.Request.URL.Query().Get("feil") != "INNLOGGING_AVBRUTT" || victim.id() != "" {
		t.Errorf("another's answer was taken: %s", resp.Request.URL)
	}
	for _, change := range []string{"state", "code"} {
		b := w.browser()
		form := b.choice("/innlogging/start", "ansatt-01")
		b.client.CheckRedirect = thief.client.CheckRedirect
		at, _ := url.Parse(b.pick(form).Header.Get("Location"))
		q := at.Query()
		q.Set(change, "x")
		at.RawQuery = q.Encode()
		if _, _, resp := b.do(http.MethodGet, at.String(), ""); !strings.Contains(resp.Header.Get("Location"), "INNLOGGING_AVBRUTT") || b.id() != "" {
			t.Errorf("another %s was taken", change)
		}
	}
}

func TestOtherSitesAreRefused(t *testing.T) {
	b := newWorld(t).browser()
	b.login("ansatt-01")
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://ond.example"}} {
		if status, _, _ := b.do(http.MethodPost, "/hjemmel/v1/sesjon/slutt", "{}", header...); status != 403 {
			t.Errorf("%v: %d", header, status)
		}
	}
	if !b.session().Innlogget {
		t.Error("another site logged somebody out")
	}
	for til, want := range map[string]string{"//ond.example": "/", "https://ond.example": "/", `/\ond.example`: "/", "/person/x": "/person/x"} {
		resp := b.pick(b.choice("/innlogging/start?til="+url.QueryEscape(til), "ansatt-01"))
		if resp.Request.URL.Host != strings.TrimPrefix(b.Base, "http://") || resp.Request.URL.Path != want {
			t.Errorf("%s led to %s", til, resp.Request.URL)
		}
	}
}

func TestALowLevelGivesNothingWhereTheOrganisationWantsTheHigh(t *testing.T) {
	b := newWorld(t).browser()
	org := b.Demo.Organisasjoner[0]
	org.Innloggingsnivaa = "idporten-loa-high"
	ops, err := roles.PutOrganisation(org)
	if err != nil {
		t.Fatal(err)
	}
	s, err := b.Env.State()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), ops...); err != nil {
		t.Fatal(err)
	}
	form := b.choice("/innlogging/start", "ansatt-01")
	form.Set("nivaa", "betydelig")
	b.pick(form)
	if s := b.session(); !s.Innlogget || len(s.Roller) != 0 || len(s.Organisasjoner) != 1 || !s.Organisasjoner[0].KreverHoyere {
		t.Errorf("%+v", s)
	}
	form = b.choice("/innlogging/start?nivaa=hoyt", "ansatt-01")
	form.Set("nivaa", "betydelig") // the issuer does not give less than was asked for
	b.pick(form)
	if s := b.session(); len(s.Roller) == 0 || s.Organisasjoner[0].KreverHoyere {
		t.Errorf("%+v", s)
	}
}

// Behind a proxy that reaches us by a name of its own a login begins all the same; at another address it is sent to the one.
func TestALoginBeginsAtTheAddressThatBrowsersKnow(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for named, want := range map[string]string{strings.TrimPrefix(w.Base, "http://"): "/sim/idporten/authorize", "annen.example": "/"} {
		_, _, resp := b.do(http.MethodGet, "/innlogging/start", "", "X-Forwarded-Host", named)
		if at, err := resp.Location(); err != nil || at.Path != want {
			t.Errorf("%s: sent to %v, %v", named, at, err)
		}
	}
}

func TestTheIssuerEndsALogin(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.login("ansatt-01")
	at := "/innlogging/frontkanal?" + url.Values{"iss": {w.IDPorten.Name()}, "sid": {"en annen"}}.Encode()
	if status, _, _ := w.browser().do(http.MethodGet, at, ""); status != 204 || !b.session().Innlogget {
		t.Errorf("another login's end: %d", status)
	}
}

func TestAnEntryIsWrittenOfLoginRoleAndLogout(t *testing.T) {
	b := newWorld(t).browser()
	b.login("ansatt-01")
	b.do(http.MethodPost, "/hjemmel/v1/sesjon/rolle", `{"rolleId":"`+b.session().Roller[0].ID+`"}`)
	b.do(http.MethodPost, "/hjemmel/v1/sesjon/slutt", "")
	var log strings.Builder
	for _, r := range b.records("logg/") {
		log.Write(r.Value)
	}
	for _, want := range []string{`"handling":"innlogging"`, `"handling":"rollevalg"`, `"handling":"utlogging"`} {
		if !strings.Contains(log.String(), want) || !strings.Contains(log.String(), `"aktor":"ansatt-01"`) {
			t.Errorf("no %s in the log", want)
		}
	}
}

func TestASessionMayNotAskWithoutEnd(t *testing.T) {
	b := newWorld(t).browser()
	b.login("ansatt-01")
	status := 200
	for range 400 {
		if status, _, _ = b.do(http.MethodGet, "/api/finnes/ikke", ""); status == 429 {
			return
		}
	}
	t.Errorf("the last was %d", status)
}

func TestThePageHasItsHeadersAndNothingElseIsThePage(t *testing.T) {
	b := newWorld(t).browser()
	status, body, resp := b.do(http.MethodGet, "/hvor/som/helst", "", "Accept", "text/html")
	if csp := resp.Header.Get("Content-Security-Policy"); status != 200 || !strings.Contains(body, "Hjemmel") ||
		!strings.Contains(csp, "require-trusted-types-for 'script'") || strings.Contains(csp, "unsafe") {
		t.Errorf("%d %s", status, csp)
	}
	if status, _, _ := b.do(http.MethodGet, "/hvor/som/helst", "", "Accept", "application/json"); status != 404 {
		t.Errorf("an unknown address is %d for a program", status)
	}
}
