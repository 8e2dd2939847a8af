package lookup_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hjemmel/functions/lookup"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/policy"
	"hjemmel/shared/store/firestore/firestoretest"
)

// A role's budget is counted for each holder: the persons of a bulk lookup each, and searches apart.
func TestBudgets(t *testing.T) {
	w := newWorld(t)
	w.demoRole(role(1), func(r *policy.Role) {
		r.Budsjett = policy.Budsjett{Oppslag: policy.Grense{Myk: 2, Hard: 4}, Soek: policy.Grense{Hard: 1}}
	})
	h := w.vendor(1)
	purpose := with(h, lookup.FormaalHeader, "2026/17")
	ask := func(h http.Header) (int, string) {
		a := w.do("GET", personer(role(1), w.number("vanlig")+"?part=navn"), nil, h)
		if a.StatusCode == 200 {
			return 200, ""
		}
		return a.StatusCode, a.problem(t).ErrorCode
	}
	expect := func(h http.Header, status int, code string) {
		t.Helper()
		if s, c := ask(h); s != status || c != code {
			t.Errorf("%d %s, want %d %s", s, c, status, code)
		}
	}
	expect(h, 200, "")
	expect(h, 200, "")
	expect(h, 400, "BUDSJETT_KREVER_FORMAAL")
	expect(purpose, 200, "")
	if a := w.bulk(purpose, role(1), "?part=navn", w.number("vanlig"), w.number("barn")); a.StatusCode != 429 {
		t.Errorf("a bulk lookup beyond the limit: %d", a.StatusCode)
	}
	expect(purpose, 200, "") // what was refused was not counted
	var a answer
	reached := w.asked(func() { a = w.do("GET", personer(role(1), w.number("vanlig")+"?part=navn"), nil, purpose) })
	wait, err := strconv.Atoi(a.Header.Get("Retry-After"))
	if p := a.problem(t); a.StatusCode != 429 || p.ErrorCode != "BUDSJETT_BRUKT_OPP" || err != nil || wait < 1 || wait > 25*3600 || len(reached) > 0 {
		t.Errorf("%d %s, wait %d, %d questions", a.StatusCode, a.body, wait, len(reached))
	}
	for i, want := range []int{200, 429} {
		if a := w.do("GET", personer(role(1), "soek?navn=FINNESIKKE"), nil, h); a.StatusCode != want {
			t.Errorf("search %d: %d", i, a.StatusCode)
		}
	}
	if a := w.do("GET", personer(role(1), w.number("vanlig")+"?part=navn"), nil, w.employee("ansatt-01")); a.StatusCode != 200 {
		t.Errorf("another holder: %d", a.StatusCode)
	}
}

// Fifty at once share a budget of ten: ten are answered, on each store.
func TestABudgetHoldsUnderConcurrency(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { holdsTheBudget(t, newWorld(t)) })
	t.Run("firestore", func(t *testing.T) {
		holdsTheBudget(t, newWorld(t, func(o *hosttest.Options) { o.Store = firestoretest.Open(t) }))
	})
}

func holdsTheBudget(t *testing.T, w *world) {
	t.Helper()
	w.demoRole(role(1), func(r *policy.Role) { r.Budsjett.Oppslag.Hard = 10 })
	h, path := w.vendor(1), personer(role(1), w.number("vanlig")+"?part=navn")
	var mu sync.Mutex
	got := map[int]int{}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			a := w.do("GET", path, nil, h)
			mu.Lock()
			defer mu.Unlock()
			got[a.StatusCode]++
		})
	}
	all.Wait()
	if got[200] != 10 || got[429] != 40 {
		t.Errorf("%v", got)
	}
}

// Break-glass: an employee widens a role that permits it, and it is written down, listed and told.
func TestNoedtilgang(t *testing.T) {
	w := newWorld(t)
	at := "/hjemmel/v1/roller/" + role(4) + "/noedtilgang"
	h := with(w.employee("ansatt-03"), "Content-Type", "application/json")
	body := `{"grunn":"ras over bygda i natt"}`
	open := func(h http.Header, body string) answer { return w.do("POST", at, strings.NewReader(body), h) }
	ask := func() answer { return w.do("GET", personer(role(4), w.number("vanlig")+"?part=navn"), nil, h) }
	if p := open(h, body).problem(t); p.ErrorCode != "NOEDTILGANG_IKKE_TILLATT" {
		t.Errorf("a role that does not permit it: %s", p.ErrorCode)
	}
	w.demoRole(role(4), func(r *policy.Role) { r.NoedtilgangTimer, r.Kommuner = 8, []string{"9999"} })
	if p := ask().problem(t); p.ErrorCode != "FORMAAL_MANGLER" {
		t.Errorf("before: %s", p.ErrorCode)
	}
	for name, c := range map[string]struct {
		h    http.Header
		body string
		code string
	}{
		"too short a reason": {h, `{"grunn":"haster"}`, "NOEDTILGANG_UTEN_GRUNN"},
		"no reason":          {h, `{}`, "NOEDTILGANG_UTEN_GRUNN"},
		"not JSON":           {h, `haster`, "UGYLDIG_JSON"},
		"not the holder's":   {with(w.employee("ansatt-02"), "Content-Type", "application/json"), body, "ROLLE_IKKE_TILGJENGELIG"},
		"a system":           {with(w.vendor(1), "Content-Type", "application/json"), body, "NOEDTILGANG_IKKE_TILLATT"},
	} {
		entries := w.added(func() {
			if p := open(c.h, c.body).problem(t); p.ErrorCode != c.code {
				t.Errorf("%s: %s", name, p.ErrorCode)
			}
		})
		if len(entries) != 1 || entries[0].Utfall != audit.Avslag || entries[0].Handling != "noedtilgang" {
			t.Errorf("%s: %+v", name, entries)
		}
	}
	var opened answer
	entries := w.added(func() { opened = open(h, body) })
	var n api.Noedtilgang
	if err := json.Unmarshal(opened.body, &n); err != nil || opened.StatusCode != 200 || n.Til.Sub(n.Fra) != 8*time.Hour || opened.Header.Get(api.ReceiptHeader) == "" {
		t.Fatalf("%d %s", opened.StatusCode, opened.body)
	}
	if e := entries[0]; len(entries) != 1 || e.Utfall != audit.Gitt || e.Formaal != "ras over bygda i natt" || e.Rolleversjon != 2 || e.Aktor != "ansatt-03" {
		t.Errorf("%+v", entries)
	}
	var a answer
	entries = w.added(func() { a = ask() })
	if a.StatusCode != 200 || !slices.Equal(entries[0].Regler, []string{"noedtilgang"}) {
		t.Errorf("during: %d %s %+v", a.StatusCode, a.body, entries)
	}
	if a := w.do("GET", personer(role(4), w.number("enke")+"?part=navn"), nil, h); a.StatusCode != 403 {
		t.Errorf("own record: %d", a.StatusCode)
	}
	for who, want := range map[string]int{"ansatt-03": 1, "ansatt-04": 1, "ansatt-05": 1, "ansatt-02": 0, "ansatt-07": 0} {
		var l struct{ Noedtilganger []api.Noedtilgang }
		a := w.do("GET", at, nil, w.employee(who))
		if err := json.Unmarshal(a.body, &l); err != nil || a.StatusCode != 200 || len(l.Noedtilganger) != want {
			t.Errorf("%s: %d %s", who, a.StatusCode, a.body)
		}
	}
	w.demoRole(role(4), func(r *policy.Role) { r.Versjon, r.NoedtilgangTimer = 3, 0 })
	if p := ask().problem(t); p.ErrorCode != "FORMAAL_MANGLER" {
		t.Errorf("after the role was changed: %s", p.ErrorCode)
	}
}
