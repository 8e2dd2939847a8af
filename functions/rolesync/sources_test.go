package rolesync_test

import (
	"net/http"
	"strings"
	"testing"
)

// A source is made, gets tokens that overlap, loses one, and goes: Fiks' own paths.
func TestSourcesAndTokens(t *testing.T) {
	w := begin(t)
	made := w.as(administrator, "POST", configuration+bergen, `{"navn":"Entra","eksternInstansId":"leietaker-1"}`)
	id := made.text("id", "id")
	if made.StatusCode != 201 || id == "" || !strings.HasSuffix(made.Header.Get("Location"), "/"+id) || made.text("scimEndepunkt") == "" {
		t.Fatalf("%d %s %v", made.StatusCode, made.body, made.Header)
	}
	var tokens []string
	for range 2 {
		a := w.as(administrator, "POST", configuration+bergen+"/"+id+"/tokens", "")
		if a.StatusCode != 201 || a.member("expiresInSeconds").(float64) < 180*24*3600 || a.text("type") != "Bearer" {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		tokens = append(tokens, a.text("token"))
		w.silent(a.text("token"))
	}
	endpoint := made.text("scimEndepunkt")
	reach := func(token string) int {
		return w.send("GET", endpoint+"/Users", "", http.Header{"Authorization": {"Bearer " + token}}).StatusCode
	}
	for _, token := range tokens {
		if got := reach(token); got != 200 {
			t.Errorf("a good token is answered %d", got)
		}
	}
	first, _, _ := strings.Cut(tokens[0], ".")
	if a := w.as(administrator, "DELETE", configuration+bergen+"/"+id+"/tokens/"+first, ""); a.StatusCode != 204 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	foreign := strings.TrimPrefix(w.source.Get("Authorization"), "Bearer ")
	var bodies []string
	for _, token := range []string{tokens[0], tokens[1] + "x", foreign, "", "x", first + ".x"} {
		a := w.send("GET", endpoint+"/Users", "", http.Header{"Authorization": {"Bearer " + token}})
		if a.StatusCode != 401 {
			t.Errorf("a bad token is answered %d", a.StatusCode)
		}
		bodies = append(bodies, string(a.body))
	}
	for _, b := range bodies {
		if b != bodies[0] {
			t.Errorf("bad tokens are told apart: %s and %s", b, bodies[0])
		}
	}
	if got := reach(tokens[1]); got != 200 {
		t.Errorf("the other token is answered %d", got)
	}
	if a := w.as(administrator, "GET", configuration+bergen+"/"+id+"/tokens", ""); strings.Count(string(a.body), "expiresAt") != 1 || strings.Contains(string(a.body), "mac") {
		t.Errorf("%s", a.body)
	}
	if a := w.as(administrator, "DELETE", configuration+bergen+"/"+id, ""); a.StatusCode != 204 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if got := reach(tokens[1]); got != 401 {
		t.Errorf("a token of a source that is gone is answered %d", got)
	}
	for handling, n := range map[string]int{"synk-kilde-opprettet": 1, "synk-token-utstedt": 2, "synk-token-tilbakekalt": 1, "synk-kilde-slettet": 1} {
		if got := w.logged(handling); got != n {
			t.Errorf("%d entries of %s", got, handling)
		}
	}
}

// Only the organisation's own administrators keep sources; its privacy officer may look.
func TestWhoMayKeepSources(t *testing.T) {
	w := begin(t)
	for who, want := range map[string][2]int{"ansatt-01": {403, 403}, "ansatt-05": {200, 403}, "ansatt-07": {403, 403}, "ansatt-08": {403, 403}, "synk-01": {403, 403}, administrator: {200, 201}} {
		if a := w.as(who, "GET", configuration+bergen, ""); a.StatusCode != want[0] {
			t.Errorf("%s reads: %d %s", who, a.StatusCode, a.body)
		}
		if a := w.as(who, "POST", configuration+bergen, `{"navn":"X"}`); a.StatusCode != want[1] {
			t.Errorf("%s makes: %d %s", who, a.StatusCode, a.body)
		}
	}
}

// What was synced is looked at, searched and reported without a number.
func TestSyncedDataIsShownWithoutNumbers(t *testing.T) {
	w := begin(t)
	number := w.Person("innflyttet").Reveal()
	source := w.Demo.Kilder[0].ID
	for path, want := range map[string]string{
		"data/brukere/" + bergen:                                `"aktorId":"SDB_` + demoUser,
		"data/brukere/" + bergen + "/kilder/" + source:          `"idPortenKompatibel":true`,
		"data/brukere/" + bergen + "/kilder/" + source + "/csv": "Synne Synkronisert",
		"data/grupper/" + bergen:                                `"aktorId":"SDG_` + demoGroup,
		"data/grupper/" + bergen + "/kilde/" + source:           "Innbyggertorget",
		"data/grupper/" + bergen + "/kilder/" + source + "/csv": "Innbyggertorget,1",
		bergen + "/" + source:                                   `"antall":1`,
	} {
		a := w.as(administrator, "GET", configuration+path, "")
		if a.StatusCode != 200 || !strings.Contains(string(a.body), want) || strings.Contains(string(a.body), number) {
			t.Errorf("%s: %d %s", path, a.StatusCode, a.body)
		}
	}
	for expression, n := range map[string]int{"SYNNE": 1, "bergen.example": 1, "ingen": 0, number: 0} {
		a := w.as(administrator, "POST", configuration+"data/brukere/"+bergen, `{"uttrykk":"`+expression+`"}`)
		if a.StatusCode != 200 || strings.Count(string(a.body), "aktorId") != n {
			t.Errorf("%q: %d %s", expression, a.StatusCode, a.body)
		}
	}
	if a := w.as("ansatt-07", "GET", configuration+"data/brukere/"+bergen, ""); a.StatusCode != 403 {
		t.Errorf("another organisation's: %d", a.StatusCode)
	}
	if a := w.as("synk-01", "GET", "/brukersynkronisering/oppslag/api/v1/oppslag/me", ""); !strings.Contains(string(a.body), "SDG_"+demoGroup) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	for who, want := range map[string]int{"ansatt-08": 200, administrator: 403} {
		if a := w.as(who, "POST", "/brukersynkronisering/oppslag/api/v1/oppslag", `{"aktor":"`+number+`"}`); a.StatusCode != want {
			t.Errorf("%s: %d %s", who, a.StatusCode, a.body)
		}
	}
	w.silent(number)
}

// What a source is refused is in the log, once a minute for each kind, and guesses at sources fill nothing.
func TestRefusalsAreWrittenDownAndBounded(t *testing.T) {
	w := begin(t)
	wrong := http.Header{"Authorization": {"Bearer wrong"}}
	for range 3 {
		if a := w.send("GET", w.scim+"/Users", "", wrong); a.StatusCode != 401 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	w.want(404, "GET", "/Users/"+bergen, "")
	if n := w.logged("synk-avvist"); n != 1 {
		t.Errorf("%d entries of wrong tokens", n)
	}
	for range 2 {
		w.want(400, "POST", "/Users", "{")
	}
	if n := w.logged("synk-avvist"); n != 2 {
		t.Errorf("%d entries with those of a wrong body", n)
	}
	for _, id := range []string{bergen, demoUser, "x"} {
		if a := w.send("GET", strings.Replace(w.scim, w.Demo.Kilder[0].ID, id, 1)+"/Users", "", wrong); a.StatusCode != 401 {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	if n := w.logged("synk-avvist"); n != 3 {
		t.Errorf("%d entries with one of all sources that are not there", n)
	}
	w.silent("Bearer wrong")
}
