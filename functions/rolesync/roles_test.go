package rolesync_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"hjemmel/shared/roles"
)

const regime = "/hjemmel/v1/organisasjoner/" + bergen + "/brukerstyring"

// give gives the front desk's role to an actor.
func (w *world) give(aktor string) {
	w.t.Helper()
	if a := w.as(administrator, "POST", "/hjemmel/v1/roller/"+frontDesk+"/tildelinger", `{"aktorId":"`+aktor+`"}`); a.StatusCode != 200 {
		w.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
}

// over lets the identity system decide, or not.
func (w *world) over(synced bool) {
	w.t.Helper()
	if a := w.as(administrator, "PUT", regime, fmt.Sprintf(`{"synkronisert":%t,"beholdDager":10}`, synced)); a.StatusCode != 200 {
		w.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
}

// looksUp is how a lookup by somebody in the front desk's role is answered.
func (w *world) looksUp(who string) int {
	w.t.Helper()
	return w.as(who, "GET", "/folkeregister/api/v1/"+frontDesk+"/v1/personer/"+w.Person("vanlig").Reveal()+"?part=navn", "").StatusCode
}

func (w *world) holds(who string, want bool) {
	w.t.Helper()
	status := map[bool]int{true: 200, false: 403}[want]
	if got := w.looksUp(who); got != status {
		w.t.Errorf("%s is answered %d, want %d", who, got, status)
	}
	if a := w.as(who, "GET", "/hjemmel/v1/meg/roller", ""); strings.Contains(string(a.body), frontDesk) != want {
		w.t.Errorf("%s has %s", who, a.body)
	}
}

// A role that a group holds follows its members, at once, in every way that a member can come and go.
func TestGroupsHoldRoles(t *testing.T) {
	w := begin(t)
	w.give("SDG_" + demoGroup)
	w.holds("synk-01", false) // before the switch
	w.holds("ansatt-02", true)
	w.over(true)
	w.holds("synk-01", true)
	w.holds("ansatt-02", false)
	for name, s := range map[string][2]string{
		"out of the group and in": {patch(`{"op":"remove","path":"members[value eq \"` + demoUser + `\"]"}`), patch(`{"op":"add","path":"members","value":[{"value":"` + demoUser + `"}]}`)},
		"all out and in":          {patch(`{"op":"remove","path":"members"}`), patch(`{"op":"replace","path":"members","value":[{"value":"` + demoUser + `"}]}`)},
	} {
		t.Log(name)
		w.want(204, "PATCH", "/Groups/"+demoGroup, s[0])
		w.holds("synk-01", false)
		w.want(204, "PATCH", "/Groups/"+demoGroup, s[1])
		w.holds("synk-01", true)
	}
	w.want(200, "PATCH", "/Users/"+demoUser, patch(`{"op":"replace","path":"active","value":"False"}`))
	w.holds("synk-01", false)
	w.want(200, "PUT", "/Users/"+demoUser, `{"userName":"synne@bergen.example","displayName":"Synne","`+personExt+`":{"foedselsnummer":"`+w.Person("innflyttet").Reveal()+`"}}`)
	w.holds("synk-01", false) // a PUT that does not say active reactivates nobody
	w.want(200, "PATCH", "/Users/"+demoUser, patch(`{"op":"replace","path":"active","value":true}`))
	w.holds("synk-01", true)
	w.want(200, "PATCH", "/Users/"+demoUser, patch(`{"op":"replace","path":"`+personExt+`:foedselsnummer","value":"12345"}`))
	w.holds("synk-01", false)
	if a := w.as(administrator, "GET", configuration+"data/brukere/"+bergen, ""); !strings.Contains(string(a.body), `"idPortenKompatibel":false`) {
		t.Errorf("a number that is none is not reported: %s", a.body)
	}
	w.want(200, "PATCH", "/Users/"+demoUser, patch(`{"op":"replace","path":"`+personExt+`:foedselsnummer","value":"`+w.Person("innflyttet").Reveal()+`"}`))
	w.holds("synk-01", true)
	w.want(204, "DELETE", "/Users/"+demoUser, "")
	w.holds("synk-01", false)
	var report struct {
		Bortfall []struct {
			Aarsak        string
			Millisekunder int64
		}
	}
	a := w.as(administrator, "GET", regime+"/bortfall", "")
	if err := json.Unmarshal(a.body, &report); err != nil || len(report.Bortfall) != 5 || report.Bortfall[0].Aarsak != "SLETTET" || report.Bortfall[0].Millisekunder < 0 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	w.silent(w.Person("innflyttet").Reveal())
}

// A group, and a source, that go take with them what they gave.
func TestWhatGoesTakesItsRolesAlong(t *testing.T) {
	w := begin(t)
	w.give("SDG_" + demoGroup)
	w.over(true)
	w.holds("synk-01", true)
	w.want(204, "DELETE", "/Groups/"+demoGroup, "")
	w.holds("synk-01", false)
	w.give("SDB_" + demoUser)
	w.holds("synk-01", true)
	if a := w.as(administrator, "DELETE", configuration+bergen+"/"+w.Demo.Kilder[0].ID, ""); a.StatusCode != 204 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	w.holds("synk-01", false)
}

// Somebody whom two sources know has what either gives, and loses with one what it gave.
func TestTheSamePersonInTwoSources(t *testing.T) {
	w := begin(t)
	id := w.as(administrator, "POST", configuration+bergen, `{"navn":"Lønnssystemet"}`).text("id", "id")
	token := w.as(administrator, "POST", configuration+bergen+"/"+id+"/tokens", "").text("token")
	other := w.Base + "/brukersynkronisering/scim/v2/" + id
	h := http.Header{"Authorization": {"Bearer " + token}}
	made := w.send("POST", other+"/Users", `{"userName":"synne@bergen.example","`+personExt+`":{"foedselsnummer":"`+w.Person("innflyttet").Reveal()+`"}}`, h)
	if made.StatusCode != 201 {
		t.Fatalf("%d %s", made.StatusCode, made.body)
	}
	w.give("SDB_" + made.text("id"))
	w.give("SDG_" + demoGroup)
	w.over(true)
	w.holds("synk-01", true)
	w.want(200, "PATCH", "/Users/"+demoUser, patch(`{"op":"replace","path":"active","value":false}`))
	w.holds("synk-01", true) // the other source still says so
	if a := w.send("DELETE", other+"/Users/"+made.text("id"), "", h); a.StatusCode != 204 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	w.holds("synk-01", false)
	if a := w.send("GET", other+"/Users/"+demoUser, "", h); a.StatusCode != 404 {
		t.Errorf("one source reads another's: %d", a.StatusCode)
	}
}

// A changeover is tried, made, undone by one call, and once it can no longer be undone brings nothing back.
func TestChangeover(t *testing.T) {
	w := begin(t)
	w.give("SDG_" + demoGroup)
	w.give("SDB_" + w.newUser("uten-nummer"))
	var trial struct {
		Synkronisert           bool
		Beholder, Mister, Faar int
		Endringer              []roles.Move
		UtenNummer             []string
	}
	a := w.as(administrator, "GET", regime+"/proeve", "")
	if err := json.Unmarshal(a.body, &trial); err != nil || !trial.Synkronisert || trial.Faar != 1 || trial.Mister == 0 || trial.Beholder != 0 || len(trial.UtenNummer) != 1 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := w.as(administrator, "GET", regime+"/oversikt", ""); !strings.Contains(string(a.body), "ansatt-02,MISTER") || !strings.Contains(a.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	w.over(true)
	w.over(true) // it is so already
	w.holds("ansatt-02", false)
	if a := w.as(administrator, "GET", configuration+bergen+"/tjenester/FOLKEREGISTER", ""); a.text("status") != "AKTIVERT" {
		t.Errorf("%s", a.body)
	}
	if a := w.as(administrator, "POST", configuration+bergen+"/tjenester", `{"tjeneste":"FOLKEREGISTER","nyStatus":"DEAKTIVERT"}`); a.StatusCode != 200 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	w.holds("ansatt-02", true)
	w.holds("synk-01", false)
	if n := w.logged("brukerstyring-endret"); n != 2 {
		t.Errorf("%d entries", n)
	}
	for who, want := range map[string]int{"ansatt-05": 403, "ansatt-01": 403, "ansatt-07": 403, "ansatt-08": 403} {
		if a := w.as(who, "PUT", regime, `{"synkronisert":true}`); a.StatusCode != want {
			t.Errorf("%s: %d", who, a.StatusCode)
		}
	}
	if a := w.as(administrator, "POST", configuration+bergen+"/tjenester", `{"tjeneste":"SKATT","nyStatus":"AKTIVERT"}`); a.StatusCode != 404 {
		t.Errorf("%d", a.StatusCode)
	}
}

// What lapsed with a changeover is given anew or not had.
func TestLapsedAssignmentsAreGivenAnew(t *testing.T) {
	w := begin(t)
	book, err := w.Env.Roles()
	if err != nil {
		t.Fatal(err)
	}
	state, err := w.Env.State()
	if err != nil {
		t.Fatal(err)
	}
	o, _, err := book.Organisation(t.Context(), bergen)
	if err != nil {
		t.Fatal(err)
	}
	ops, err := roles.PutBrukerstyring(o, roles.Brukerstyring{BortfaltFoer: time.Now().Add(-time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if err := state.Commit(t.Context(), ops...); err != nil {
		t.Fatal(err)
	}
	w.holds("ansatt-02", false)
	w.give("ansatt-02")
	w.holds("ansatt-02", true)
}

// Old assignments come back within the days that they are kept, and not after.
func TestOldAssignmentsLapse(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	on := roles.Brukerstyring{}.Changed("a", at, 10)
	if back := on.Changed("a", at.AddDate(0, 0, 9), 10); !back.BortfaltFoer.IsZero() || back.Synkronisert {
		t.Errorf("%+v", back)
	}
	late := on.Changed("a", at.AddDate(0, 0, 10), 10)
	if !late.BortfaltFoer.Equal(at.AddDate(0, 0, 10)) {
		t.Errorf("%+v", late)
	}
	if again := late.Changed("a", at.AddDate(0, 0, 20), 10).Changed("a", at.AddDate(0, 0, 21), 10); !again.BortfaltFoer.Equal(late.BortfaltFoer) {
		t.Errorf("%+v", again)
	}
}

// The overview is a workbook too, with the same rows.
func TestTheOverviewIsAWorkbookToo(t *testing.T) {
	w := begin(t)
	a := w.as(administrator, "GET", regime+"/oversikt/xlsx", "")
	book, err := excelize.OpenReader(bytes.NewReader(a.body))
	if err != nil || a.StatusCode != 200 {
		t.Fatalf("%d %v", a.StatusCode, err)
	}
	got, err := book.GetRows("Ark1")
	if err != nil {
		t.Fatal(err)
	}
	want, err := csv.NewReader(bytes.NewReader(w.as(administrator, "GET", regime+"/oversikt", "").body)).ReadAll()
	if err != nil || len(want) < 2 || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v: %v", got, want, err)
	}
	if a := w.as("ansatt-02", "GET", regime+"/oversikt/xlsx", ""); a.StatusCode != 403 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}
