package rolesync_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/roles/synced"
	"hjemmel/shared/store"
)

// reconcile has the scheduler call, and gives the organisation's report.
func (w *world) reconcile() (r synced.Report) {
	w.t.Helper()
	a := w.send("POST", w.Base+"/hjemmel/v1/plattform/rollesynk/avstem", "", w.Platform(w.t))
	if a.StatusCode != 200 {
		w.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	a = w.as(administrator, "GET", regime+"/avvik", "")
	if err := json.Unmarshal(a.body, &r); err != nil || a.StatusCode != 200 {
		w.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return r
}

// left counts the records below the prefixes.
func (w *world) left(prefixes ...string) (n int) {
	w.t.Helper()
	s, err := w.Env.State()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range prefixes {
		all, err := store.All(w.t.Context(), s, p)
		if err != nil {
			w.t.Fatal(err)
		}
		n += len(all)
	}
	return n
}

// A token that ends soon is in the report, and in one line that an alert is made of.
func TestTokensThatEndSoonAreTold(t *testing.T) {
	w := begin(t)
	w.reconcile()
	if strings.Contains(w.Log.String(), synced.TokenEnding) {
		t.Error("told before there is something to tell")
	}
	s, err := w.Env.State()
	if err != nil {
		t.Fatal(err)
	}
	all, err := store.All(t.Context(), s, "synktoken/"+w.Demo.Kilder[0].ID)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d tokens, %v", len(all), err)
	}
	for _, r := range all {
		token, err := store.Value[synced.Token](r)
		if err != nil {
			t.Fatal(err)
		}
		token.ExpiresAt = w.Env.Now().Add(time.Hour)
		op, err := store.Write(r.Key, token, r.Revision)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Commit(t.Context(), op); err != nil {
			t.Fatal(err)
		}
	}
	if r := w.reconcile(); r.Antall[synced.TokenEnding] != len(all) {
		t.Errorf("%+v", r)
	}
	if !strings.Contains(w.Log.String(), `"code":"`+synced.TokenEnding+`"`) {
		t.Error("not told")
	}
}

// What a group and a source that are gone leave behind is swept, and nothing else; a second time finds nothing.
func TestLeftoversAreSwept(t *testing.T) {
	w := begin(t)
	u := w.newUser("ola@bergen.example")
	kept := w.newGroup("blir", u, demoUser)
	w.newGroup("går", u)
	before := w.left("synk")
	gone := w.newGroup("går også", u, demoUser)
	w.give("SDG_" + gone)
	w.want(204, "DELETE", "/Groups/"+gone, "")
	if w.left("synkmedlem") == before {
		t.Fatal("nothing is left behind")
	}
	r := w.reconcile()
	if r.Antall[synced.ActorGone] != 1 || !r.Avvik[0].Rettet && r.Antall[synced.ActorGone] == len(r.Avvik) || w.left("synkmedlem/"+gone) != 0 {
		t.Errorf("%+v", r)
	}
	if got := w.members(kept); len(got) != 2 {
		t.Errorf("members that stay: %v", got)
	}
	if r := w.reconcile(); r.Antall[synced.ActorGone] != 0 {
		t.Errorf("an assignment is still there: %+v", r)
	}
	if n := w.logged("tildeling-ryddet"); n != 1 {
		t.Errorf("%d entries", n)
	}
	k := w.Demo.Kilder[0].ID
	if a := w.as(administrator, "DELETE", configuration+bergen+"/"+k, ""); a.StatusCode != 204 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	w.reconcile() // the actors
	w.reconcile() // and their memberships, if they did not go at once
	if n := w.left("synkbruker/"+k, "synkgruppe/"+k, "synktoken/"+k, "synkentydig/"+k, "synkmedlem/"+kept, "synkmedlemskap/"+u, "synkaktor/SDB_"+u); n != 0 {
		t.Errorf("%d records are left", n)
	}
	swept := w.logged("synk-ryddet")
	w.reconcile()
	if n := w.logged("synk-ryddet"); n != swept || swept == 0 {
		t.Errorf("%d sweeps are logged, then %d", swept, n)
	}
}

// The report tells administrators what to see to, by actor ids and never by a number.
func TestTheReport(t *testing.T) {
	w := begin(t)
	if a := w.as(administrator, "GET", regime+"/avvik", ""); a.StatusCode != 200 || a.member("tid") != nil {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	w.newUser("uten@bergen.example")
	bad := w.want(201, "POST", "/Users", `{"userName":"feil@bergen.example","`+personExt+`":{"foedselsnummer":"12345"}}`).text("id")
	twin := w.want(201, "POST", "/Users", `{"userName":"tvilling@bergen.example","`+personExt+`":{"foedselsnummer":"`+w.Person("innflyttet").Reveal()+`"}}`).text("id")
	r := w.reconcile()
	found := map[string][]string{}
	for _, d := range r.Avvik {
		found[d.Kode] = append(found[d.Kode], d.AktorIDer...)
	}
	if !slices.Equal(found[synced.BadNumber], []string{"SDB_" + bad}) || !slices.Contains(found[synced.SamePerson], "SDB_"+twin) || r.Antall[synced.NoNumber] == 0 || r.Tid.IsZero() {
		t.Errorf("%+v", r)
	}
	for who, want := range map[string]int{"ansatt-01": 403, "ansatt-02": 403} {
		if a := w.as(who, "GET", regime+"/avvik", ""); a.StatusCode != want {
			t.Errorf("%s: %d", who, a.StatusCode)
		}
	}
	for _, h := range []http.Header{{}, w.source, w.Employee(t, administrator)} {
		if a := w.send("POST", w.Base+"/hjemmel/v1/plattform/rollesynk/avstem", "", h); a.StatusCode != 401 {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	w.silent("12345")
}

// An assignment that has ended can be seen for 90 days and is then taken away, with its entry.
func TestEndedAssignmentsAreTakenAway(t *testing.T) {
	w := begin(t)
	book, err := w.Env.Roles()
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.Env.State()
	if err != nil {
		t.Fatal(err)
	}
	for _, days := range []int{89, 91} {
		held, err := book.Assignments(t.Context(), frontDesk)
		if err != nil || len(held) == 0 {
			t.Fatal(err)
		}
		a := held[0]
		a.Til = time.Now().AddDate(0, 0, -days)
		ops, err := book.Assign(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Commit(t.Context(), ops...); err != nil {
			t.Fatal(err)
		}
		r := w.reconcile()
		after, err := book.Assignments(t.Context(), frontDesk)
		if gone := len(held) - len(after); err != nil || (gone == 1) != (days > 90) || r.Antall[synced.LongEnded] != gone {
			t.Errorf("after %d days: %d are taken away, %+v", days, gone, r.Antall)
		}
	}
}
