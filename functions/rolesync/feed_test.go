package rolesync_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hjemmel/functions/admin"
	"hjemmel/functions/rolesync"
	"hjemmel/shared/host"
	"hjemmel/shared/host/hosttest/served"
)

const (
	following = "/brukersynkronisering/sync/api/v1/" + bergen + "/AD/"
	targets   = regime + "/maalsystemer/"
)

// beginLater is a world in which synchronisation's clock can be set ahead of everybody else's.
func beginLater(t testing.TB) (*world, *atomic.Int64) {
	t.Helper()
	ahead := &atomic.Int64{}
	late := func(e *host.Env) ([]host.Route, error) {
		if _, err := e.Verifier(); err != nil { // tokens are judged by the clock that they are made by
			return nil, err
		}
		now := e.Now
		e.Now = func() time.Time { return now().Add(time.Duration(ahead.Load())) }
		return rolesync.Routes(e)
	}
	w := served.Start(t, []served.Routes{admin.Routes, late})
	k := w.Demo.Kilder[0]
	return &world{w, t, k.ScimEndepunkt, http.Header{"Authorization": {"Bearer " + k.Token}}, map[string]http.Header{}}, ahead
}

// follower is an integration of Bergen's, and who it is.
func (w *world) follower() (http.Header, string) {
	w.t.Helper()
	for n, i := range w.Demo.Integrasjoner {
		if i.FiksOrgID == bergen {
			return w.Vendor(w.t, n+1), i.ID
		}
	}
	w.t.Fatal("Bergen has no integration")
	return nil, ""
}

// follow lets an integration follow as AD.
func (w *world) follow(id string, numbers bool) {
	w.t.Helper()
	if a := w.as(administrator, "PUT", targets+"AD", fmt.Sprintf(`{"integrasjonId":"%s","identitetsnummer":%t}`, id, numbers)); a.StatusCode != 200 {
		w.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
}

type pageOf struct {
	Events []struct {
		ID, ChangeType        string
		RequiresSeparateFetch bool
		Resource              json.RawMessage
	}
	SyncToken string
	HasMore   bool
}

// page gets a page of a stream.
func (w *world) page(h http.Header, path string) (p pageOf) {
	w.t.Helper()
	a := w.send("GET", w.Base+following+path, "", h)
	if err := json.Unmarshal(a.body, &p); err != nil || a.StatusCode != 200 {
		w.t.Fatalf("%s: %d %s", path, a.StatusCode, a.body)
	}
	return p
}

// told gives id=changeType of a page's events.
func (p pageOf) told() string {
	var all []string
	for _, e := range p.Events {
		all = append(all, e.ChangeType+" "+e.ID)
	}
	return strings.Join(all, ",")
}

// A target gets all there is, then what changes, in the order that it happened, and each thing once.
func TestATargetFollows(t *testing.T) {
	w, ahead := beginLater(t)
	h, id := w.follower()
	w.follow(id, false)
	pass := func(d time.Duration) { ahead.Add(int64(d)) }
	number := w.Person("innflyttet").Reveal()
	pass(10 * time.Second)
	first := w.page(h, "brukere")
	if first.told() != "sync "+demoUser || first.HasMore || strings.Contains(string(first.Events[0].Resource), number) {
		t.Fatalf("%+v", first)
	}
	u := w.newUser("ny@bergen.example")
	if p := w.page(h, "brukere?syncToken="+first.SyncToken); p.told() != "" {
		t.Errorf("what is not settled is told: %+v", p)
	}
	pass(10 * time.Second)
	w.want(200, "PATCH", "/Users/"+demoUser, patch(`{"op":"replace","path":"active","value":false}`))
	pass(10 * time.Second)
	one := w.page(h, "brukere?limit=1&syncToken="+first.SyncToken)
	two := w.page(h, "brukere?syncToken="+one.SyncToken)
	if one.told() != "sync "+u || !one.HasMore || two.told() != "sync "+demoUser || two.HasMore {
		t.Errorf("%+v, %+v", one, two)
	}
	w.want(204, "DELETE", "/Users/"+u, "")
	pass(10 * time.Second)
	if p := w.page(h, "brukere?syncToken="+two.SyncToken); p.told() != "delete "+u {
		t.Errorf("%+v", p)
	}
	if p := w.page(h, "brukere"); p.told() != "sync "+demoUser {
		t.Errorf("who begins now is told of the past: %+v", p)
	}
	if p := w.page(h, "grupper?maxGroupSize=1000"); p.told() != "sync "+demoGroup || p.Events[0].RequiresSeparateFetch || !strings.Contains(string(p.Events[0].Resource), `"members":[{"value":"`+demoUser) {
		t.Errorf("%+v", p)
	}
	w.want(204, "PATCH", "/Groups/"+demoGroup, patch(`{"op":"add","path":"members","value":[{"value":"`+w.newUser("en@bergen.example")+`"}]}`))
	pass(10 * time.Second)
	if p := w.page(h, "grupper?maxGroupSize=1"); !p.Events[0].RequiresSeparateFetch || strings.Contains(string(p.Events[0].Resource), `"members"`) {
		t.Errorf("%+v", p)
	}
	if a := w.send("GET", w.Base+following+"gruppe/"+demoGroup, "", h); a.StatusCode != 200 || !strings.Contains(string(a.body), `{"value":"`+demoUser) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	pass(31 * 24 * time.Hour)
	if a := w.send("GET", w.Base+following+"brukere?syncToken="+two.SyncToken, "", h); a.StatusCode != 410 || a.text("errorCode") != "SYNK_MERKE_UTLOEPT" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if w.logged("synk-ut") == 0 || w.logged("synk-ut-med-nummer") != 0 {
		t.Error("what left is not written down")
	}
}

// The users of a source that goes are deleted at whoever follows, once it is swept.
func TestATargetIsToldOfASourceThatGoes(t *testing.T) {
	w, ahead := beginLater(t)
	h, id := w.follower()
	w.follow(id, false)
	ahead.Add(int64(10 * time.Second))
	mark := w.page(h, "brukere").SyncToken
	if a := w.as(administrator, "DELETE", configuration+bergen+"/"+w.Demo.Kilder[0].ID, ""); a.StatusCode != 204 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if p := w.page(h, "brukere"); p.told() != "delete "+demoUser {
		t.Errorf("%+v", p)
	}
	w.reconcile()
	ahead.Add(int64(10 * time.Second))
	if p := w.page(h, "brukere?syncToken="+mark); p.told() != "delete "+demoUser {
		t.Errorf("%+v", p)
	}
	book, err := w.Env.Roles()
	if err != nil {
		t.Fatal(err)
	}
	for before, want := range map[time.Duration]int{0: 0, time.Hour: w.left("synkspor/")} {
		if ops, err := book.Synced().Forget(t.Context(), bergen, time.Now().Add(before), 10); err != nil || len(ops) != want {
			t.Errorf("%d traces of what was deleted are forgotten, want %d: %v", len(ops), want, err)
		}
	}
}

// Numbers leave only where an administrator says so, and whoever is not the target is told the same whatever
// there is.
func TestWhoMayFollow(t *testing.T) {
	w, ahead := beginLater(t)
	h, id := w.follower()
	number := w.Person("innflyttet").Reveal()
	gone := w.send("GET", w.Base+following+"brukere", "", h) // before there is any target
	same := func(what string, a answer) {
		t.Helper()
		if a.StatusCode != 404 || a.text("errorCode") != gone.text("errorCode") {
			t.Errorf("%s: %d %s", what, a.StatusCode, a.body)
		}
	}
	same("no target", gone)
	w.follow(id, true)
	ahead.Add(int64(10 * time.Second))
	p := w.page(h, "brukere")
	if !strings.Contains(string(p.Events[0].Resource), `"identityNumber":"`+number+`"`) || w.logged("synk-ut-med-nummer") != 1 {
		t.Errorf("%+v", p)
	}
	for _, path := range []string{"brukere", "grupper", "bruker/" + demoUser, "gruppe/" + demoGroup, "bruker/" + bergen} {
		for n, i := range w.Demo.Integrasjoner {
			if i.ID != id && !strings.Contains(i.Navn, "avsluttet") {
				same(i.Navn, w.send("GET", w.Base+following+path, "", w.Vendor(t, n+1)))
			}
		}
		same("an administrator", w.as(administrator, "GET", following+path, ""))
		if a := w.send("GET", w.Base+following+path, "", w.source); a.StatusCode != 401 {
			t.Errorf("a source: %d %s", a.StatusCode, a.body)
		}
	}
	same("another organisation", w.send("GET", w.Base+strings.Replace(following, bergen, demoUser, 1)+"brukere", "", h))
	same("another name", w.send("GET", w.Base+strings.Replace(following, "/AD/", "/BD/", 1)+"brukere", "", h))
	w.follow(id, false) // without numbers from now on: what was given is void
	for _, mark := range []string{p.SyncToken, "x", p.SyncToken[1:]} {
		if a := w.send("GET", w.Base+following+"brukere?syncToken="+mark, "", h); a.StatusCode != 410 {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	if a := w.send("GET", w.Base+following+"bruker/"+demoUser, "", h); a.StatusCode != 200 || strings.Contains(string(a.body), number) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.send("GET", w.Base+following+"bruker/"+bergen, "", h); a.StatusCode != 404 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	for _, bad := range []string{"limit=0", "limit=1001", "limit=x", "maxGroupSize=1"} {
		if a := w.send("GET", w.Base+following+"brukere?"+bad, "", h); a.StatusCode != 400 {
			t.Errorf("%s: %d %s", bad, a.StatusCode, a.body)
		}
	}
	for who, want := range map[string]int{"ansatt-01": 403, "ansatt-02": 403, administrator: 204} {
		if a := w.as(who, "DELETE", targets+"AD", ""); a.StatusCode != want {
			t.Errorf("%s: %d", who, a.StatusCode)
		}
	}
	same("a target that ended", w.send("GET", w.Base+following+"brukere", "", h))
	if a := w.as(administrator, "PUT", targets+"AD", `{"integrasjonId":"`+administrator+`"}`); a.StatusCode != 400 {
		t.Errorf("an employee follows: %d %s", a.StatusCode, a.body)
	}
	w.silent(number)
}
