package rolebook_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/policy"
	"hjemmel/shared/roles"
	"hjemmel/shared/store"
)

// held is an assignment in an answer.
type held struct {
	AktorID, Type, Navn, Status, TildeltAv, GodkjentAv string
	Til                                                time.Time
}

func (w *world) held(n int) []held {
	w.t.Helper()
	return read[struct{ Tildelinger []held }](w.t, w.do("GET", ours(n, "/tildelinger"), "", w.as(administrator))).Tildelinger
}

// looked is the status with which somebody looks a person up in a role of the demo.
func (w *world) looked(h http.Header, role int) int {
	w.t.Helper()
	return w.do("GET", "/folkeregister/api/v1/"+id(role)+"/v1/personer/"+w.Demo.Personer["vanlig"]+"?part=navn", "", h).StatusCode
}

// What is given, taken and changed shows at the very next lookup.
func TestChangesTakeEffectOnTheNextLookup(t *testing.T) {
	w := newWorld(t)
	h, employee, vendor := w.as(administrator), w.as(caseWorker), w.vendor(1)
	step := func(method, path, body string, want, employees, vendors int) {
		t.Helper()
		if a := w.do(method, path, body, h); a.StatusCode != want {
			t.Errorf("%s %s: %d %s", method, path, a.StatusCode, a.body)
		}
		if e, v := w.looked(employee, 3), w.looked(vendor, 3); e != employees || v != vendors {
			t.Errorf("after %s %s the employee gets %d, the vendor %d", method, path, e, v)
		}
	}
	integration := w.Demo.Integrasjoner[0].ID
	step("GET", ours(3, "/tildelinger"), "", 200, 403, 200)
	step("POST", ours(3, "/tildelinger"), `{"aktorId":"ansatt-01"}`, 200, 200, 200)
	step("DELETE", ours(3, "/tildelinger/"+integration), "", 204, 200, 403)
	step("POST", ours(3, "/tildelinger"), `{"aktorId":"`+integration+`","til":"2099-01-01T00:00:00Z"}`, 200, 200, 200)
	step("PATCH", one(3), `{"opplysninger":["postadresse"]}`, 200, 403, 403)
	step("POST", ours(3, "/rull-tilbake"), `{"versjon":1,"kommentar":"Angret"}`, 200, 200, 200)
	step("PATCH", one(3), `{"aktiv":false}`, 200, 403, 403)
	step("PATCH", one(3), `{"aktiv":true,"kanBrukesPaaSokeside":false}`, 200, 403, 200)
	step("POST", ours(3, "/tildelinger"), `{"aktorId":"`+integration+`","fra":"2099-01-01T00:00:00Z"}`, 200, 403, 403)
	step("DELETE", ours(3, "/tildelinger/ansatt-01"), "", 204, 403, 403)
}

// An assignment ends by time alone: nobody need do anything.
func TestAssignmentsEndByTime(t *testing.T) {
	w := newWorld(t)
	now := time.Now()
	ops, err := roles.PutAssignment(policy.Tildeling{AktorID: "ansatt-01", RolleID: id(3), Til: now.Add(-time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.state().Commit(t.Context(), ops...); err != nil {
		t.Fatal(err)
	}
	if got := w.looked(w.as(caseWorker), 3); got != 403 {
		t.Errorf("%d", got)
	}
	i := slices.IndexFunc(w.held(3), func(h held) bool { return h.AktorID == "ansatt-01" && h.Status == "UTLOEPT" })
	count := read[shown](t, w.do("GET", one(3)+"/med-tilganger", "", w.as(administrator)))
	if i < 0 || count.AntallPersoner != 2 || count.AntallIntegrasjoner != 2 {
		t.Errorf("%d: %+v", i, count)
	}
}

// Nobody gives themselves a role: another administrator must approve, unless the organisation has
// done away with that.
func TestOwnAccessIsApprovedByAnother(t *testing.T) {
	w := newWorld(t)
	h, other, wish := w.as(administrator), w.as(second), `{"aktorId":"ansatt-04","til":"2099-01-01T00:00:00Z"}`
	approve := ours(3, "/tildelinger/ansatt-04/godkjenn")
	if a := w.do("POST", ours(3, "/tildelinger"), wish, h); a.StatusCode != 202 || w.looked(h, 3) != 403 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("POST", approve, "", h); a.code() != "SELVGODKJENNING" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("POST", approve, "", other); a.StatusCode != 200 || w.looked(h, 3) != 200 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("POST", approve, "", other); a.StatusCode != 404 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	mine := w.held(3)
	if i := slices.IndexFunc(mine, func(h held) bool { return h.AktorID == "ansatt-04" }); i < 0 || mine[i].TildeltAv != "ansatt-04" || mine[i].GodkjentAv != "ansatt-09" {
		t.Errorf("%+v", mine)
	}
	w.do("DELETE", ours(3, "/tildelinger/ansatt-04"), "", h)

	// Refused by the other; and what another wishes for me I do not approve either.
	w.do("POST", ours(3, "/tildelinger"), wish, h)
	if a := w.do("DELETE", ours(3, "/tildelinger/ansatt-04"), "", other); a.StatusCode != 204 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("POST", approve, "", other); a.StatusCode != 404 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("PUT", org+bergen+"/innstillinger", `{"selvtildelingUtenGodkjenning":true}`, h); a.StatusCode != 200 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("POST", ours(3, "/tildelinger"), wish, h); a.StatusCode != 200 || w.looked(h, 3) != 200 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	for handling, n := range map[string]int{"tildeling-oensket": 2, "tildeling-godkjent": 4, "fratatt": 2, "tildelt": 1, "innstilling-endret": 1} {
		if got := w.entries(handling); len(got) != n {
			t.Errorf("%d entries of %s", len(got), handling)
		}
	}
}

// Those of an identity system hold roles by the ids that it gives them.
func TestSyncedActorsHoldRoles(t *testing.T) {
	w := newWorld(t)
	h := w.as(administrator)
	for sort, prefix := range map[string]string{"EKSTERN_BRUKER": "SDB_", "EKSTERN_GRUPPE": "SDG_"} {
		aktor := prefix + "30000000-0000-4000-8000-000000000000"
		if got := read[held](t, w.do("POST", ours(3, "/tildelinger"), `{"aktorId":"`+aktor+`"}`, h)); got.Type != sort || got.Status != "AKTIV" {
			t.Errorf("%+v", got)
		}
	}
	for _, nobody := range []string{"SDB_x", "SDB_30000000-0000-4000-8000-000000000001", "SDG_30000000-0000-4000-8000-000000000001"} {
		if a := w.do("POST", ours(3, "/tildelinger"), `{"aktorId":"`+nobody+`"}`, h); a.StatusCode != 400 {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
}

// A role cannot be given away while it is deleted: of both at once one wins.
func TestARoleIsNotGivenAwayWhileItIsDeleted(t *testing.T) {
	drivers(t, func(t *testing.T, w *world) {
		h := w.as(administrator)
		for i := range 5 {
			r := read[shown](t, w.do("POST", fiks+bergen+"/roller", fmt.Sprintf(`{"navn":"Rolle %d","tjenesteomraade":"BARNEVERN"}`, i), h))
			got := together(t, 2, func(i int) (answer, error) {
				if i == 0 {
					return w.send("DELETE", fiks+bergen+"/roller/"+r.ID, "", h)
				}
				return w.send("POST", "/hjemmel/v1/roller/"+r.ID+"/tildelinger", `{"aktorId":"ansatt-01"}`, h)
			})
			gone := w.do("GET", fiks+bergen+"/roller/"+r.ID, "", h).StatusCode == 404
			given, err := store.All(context.Background(), w.state(), "tildeling/ansatt-01/"+r.ID)
			if err != nil || gone == (len(given) > 0) || got[204]+got[200] != 1 {
				t.Errorf("%v: gone %t, given %d, %v", got, gone, len(given), err)
			}
		}
	})
}

// Ten at once remove all administrators: one is left, whoever it is.
func TestTheLastAdministratorStays(t *testing.T) {
	drivers(t, func(t *testing.T, w *world) {
		h, other := w.as(administrator), w.as(second)
		got := together(t, 10, func(i int) (answer, error) {
			by, whom := h, "ansatt-09"
			if i%2 == 0 {
				by, whom = other, "ansatt-04"
			}
			return w.send("DELETE", org+bergen+"/administratorer/"+whom, "", by)
		})
		left := read[struct {
			Administratorer []struct{ AnsattID, Navn string }
		}](t, w.do("GET", org+bergen+"/administratorer", "", w.as(privacy))).Administratorer
		if len(left) != 1 || left[0].Navn == "" {
			t.Errorf("%v: %v", got, left)
		}
		e, ok, err := func() (roles.Ansatt, bool, error) {
			b, err := w.Env.Roles()
			if err != nil {
				return roles.Ansatt{}, false, err
			}
			return b.Ansatt(context.Background(), left[0].AnsattID)
		}()
		if err != nil || !ok || e.Funksjon != roles.Administrator {
			t.Errorf("%+v %v", e, err)
		}
		for _, by := range []http.Header{h, other} {
			if a := w.do("DELETE", org+bergen+"/administratorer/"+left[0].AnsattID, "", by); a.StatusCode != 409 && a.StatusCode != 403 {
				t.Errorf("%d %s", a.StatusCode, a.body)
			}
		}
		if n := len(slices.DeleteFunc(w.entries("administrator-fjernet"), func(e audit.Entry) bool { return e.Utfall != audit.Utfoert })); n != 1 {
			t.Errorf("%d entries", n)
		}
	})
}

// Nobody appoints themselves, the platform's operator least of all.
func TestNobodyAppointsThemselves(t *testing.T) {
	w := newWorld(t)
	if a := w.do("PUT", org+bergen+"/administratorer/ansatt-08", "", w.as(operator)); a.code() != "SELVGODKJENNING" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("PUT", org+voss+"/administratorer/ansatt-06", "", w.as(operator)); a.StatusCode != 204 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("GET", fiks+voss+"/roller", "", w.as(6)); a.StatusCode != 200 {
		t.Errorf("the new administrator: %d %s", a.StatusCode, a.body)
	}
}

// The access export names everybody with access, in Fiks' columns, and nothing in it is a formula.
func TestTheAccessExport(t *testing.T) {
	w := newWorld(t)
	r := policy.Role{ID: id(15), FiksOrgID: bergen, Versjon: 1, Navn: `=HYPERLINK("http://ond.no","a")`, Tjenesteomraade: "BARNEVERN", Aktiv: true}
	v := roles.Version{Role: r} // from before names were held to a shape
	ops, err := roles.Publish(v)
	if err != nil {
		t.Fatal(err)
	}
	given, err := roles.PutAssignment(policy.Tildeling{AktorID: "-ansatt", RolleID: r.ID})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.state().Commit(t.Context(), append(ops, given...)...); err != nil {
		t.Fatal(err)
	}
	at := "/register/api/v1/konfigurasjon/tilganger/" + bergen
	a := w.do("GET", at, "", with(w.as(administrator), "Accept", "text/csv"))
	rows, err := csv.NewReader(bytes.NewReader(a.body)).ReadAll()
	if err != nil || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") || !slices.Equal(rows[0], []string{"Rollenavn", "Personnummer", "Tilgangstype"}) {
		t.Fatalf("%v %v %v", err, a.Header, rows)
	}
	for _, row := range rows[1:] {
		for _, c := range row {
			if strings.ContainsAny(c[:1], "=+-@") {
				t.Errorf("%q is a formula", c)
			}
		}
	}
	has := func(row ...string) bool {
		return slices.ContainsFunc(rows, func(r []string) bool { return slices.Equal(r, row) })
	}
	if !has("Barnevern – saksbehandler", "ansatt-01", "Bruker") || !has("Barnevern – saksbehandler", "ansatt-09", "Administrator") || has("Teknisk – nabovarsel", "ansatt-06", "Bruker") {
		t.Errorf("%v", rows)
	}
	all := read[struct {
		Roller []struct {
			Navn                                     string
			Personer, Integrasjoner, Administratorer []string
		}
	}](t, w.do("GET", at, "", w.as(privacy))).Roller
	if len(all) != 7 || len(w.entries("tilganger-lest")) != 2 {
		t.Errorf("%+v", all)
	}
}

// No number and no password is in any answer, in the log or in what is stored.
func TestNoNumberOrPasswordLeaves(t *testing.T) {
	w := newWorld(t)
	var canaries []string
	for _, number := range w.Demo.Personer {
		canaries = append(canaries, number)
	}
	for _, i := range w.Demo.Integrasjoner {
		canaries = append(canaries, i.Passord)
	}
	seen := map[string]string{}
	number := w.Demo.Personer["vanlig"]
	for n, h := range map[string]http.Header{"administrator": w.as(administrator), "vendor": w.vendor(1), "nobody": {}} {
		for _, r := range [][3]string{
			{"GET", fiks + "roller/gyldigeverdier"}, {"GET", fiks + bergen + "/roller/med-tilganger"}, {"GET", "/register/api/v1/konfigurasjon/tilganger/" + bergen},
			{"GET", ours(3, "/tildelinger")}, {"GET", org + bergen + "/administratorer"}, {"POST", fiks + "roller", `{"tjeneste":"` + number + `"}`},
			{"POST", fiks + bergen + "/roller", `{"navn":"<` + number + `","tjenesteomraade":"` + number + `","opplysninger":["` + number + `"]}`},
			{"PATCH", one(3), `{"` + number + `":1}`}, {"POST", ours(3, "/tildelinger"), `{"aktorId":"` + number + `"}`}, {"DELETE", ours(3, "/tildelinger/"+number)},
			{"POST", ours(3, "/tildelinger/"+number+"/godkjenn")}, {"PUT", org + bergen + "/administratorer/" + number}, {"GET", ours(3, "/endringer?fra="+number)},
			{"GET", fiks + number + "/roller"}, {"GET", fiks + bergen + "/roller/" + number}, {"GET", "/hjemmel/v1/roller/" + number + "/versjoner"},
		} {
			a := w.do(r[0], r[1], r[2], with(h, "Idempotency-Key", number))
			seen[n+" "+r[0]+" "+r[1]] = fmt.Sprint(a.Header) + string(a.body)
		}
	}
	records, err := store.All(t.Context(), w.state(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		seen[r.Key] = r.Key + string(r.Value)
	}
	seen["log"] = w.Log.String()
	for at, text := range seen {
		for _, c := range canaries {
			if strings.Contains(text, c) {
				t.Errorf("%s is in %s: %.300s", c, at, text)
			}
		}
	}
}
