package listorder_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/roles"
)

const voss = "c47e0b52-3e9d-4a7a-8f0d-2d9a5b3c4621"

// approving makes lists in the role need approval, and gives ansatt-06 the role too.
func (w *world) approving() {
	w.t.Helper()
	h := w.Employee(w.t, "ansatt-07")
	if a := w.do("PATCH", "/register/api/v2/konfigurasjon/"+voss+"/roller/"+manntall, `{"listerKreverGodkjenning":true}`, h); a.StatusCode != 200 || !strings.Contains(string(a.body), `"versjon":2`) {
		w.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("POST", "/hjemmel/v1/roller/"+manntall+"/tildelinger", `{"aktorId":"ansatt-06"}`, h); a.StatusCode >= 300 {
		w.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
}

const simple = `{"rolleId":"` + manntall + `","kommunenummer":["0301"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"]}`

func approval(ref string) string { return "/hjemmel/v1/lister/" + ref + "/godkjenning" }

// waiting reports what the list's approval says.
func (w *world) approvalOf(ref string) (status, tilstand string) {
	w.t.Helper()
	var r struct {
		InnbyggerlisteStatus string
		Godkjenning          struct{ Tilstand string }
	}
	if a := w.do("GET", fiks+manntall+"/"+ref, "", w.Vendor(w.t, 2)); json.Unmarshal(a.body, &r) != nil {
		w.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return r.InnbyggerlisteStatus, r.Godkjenning.Tilstand
}

// Where the role wants it nothing is asked of the register until another has approved, who sees what they approve.
func TestAListWaitsForAnother(t *testing.T) {
	w := newWorld(t)
	w.approving()
	orderer, other := w.Employee(t, "ansatt-07"), w.Employee(t, "ansatt-06")
	if a := w.do("POST", "/hjemmel/v1/lister/anslag", simple, orderer); !strings.Contains(string(a.body), `"kreverGodkjenning":true`) {
		t.Errorf("%s", a.body)
	}
	ref := w.order(simple, orderer)
	time.Sleep(1500 * time.Millisecond) // workers look every second
	if status, tilstand := w.approvalOf(ref); status != "OPPRETTET" || tilstand != "VENTER" {
		t.Fatalf("%s %s", status, tilstand)
	}
	a := w.do("GET", approval(ref), "", other)
	if a.StatusCode != 200 || !strings.Contains(string(a.body), `"Bosatt i Oslo (0301)"`) || !strings.Contains(string(a.body), `"grunnlag":"UKJENT"`) || !strings.Contains(string(a.body), `"kanSvare":true`) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("GET", approval(ref), "", orderer); a.StatusCode != 200 || !strings.Contains(string(a.body), `"kanSvare":false`) {
		t.Errorf("the one who ordered: %d %s", a.StatusCode, a.body)
	}
	for name, c := range map[string]struct {
		h    http.Header
		body string
		code string
	}{
		"the one who ordered": {orderer, `{"godkjent":true}`, "EGEN_BESTILLING"}, "a system": {w.Vendor(t, 2), `{"godkjent":true}`, "GODKJENNER_MAA_LOGGE_INN"},
		"through a system": {w.Through(t, 1, "ansatt-02"), `{"godkjent":true}`, "GODKJENNER_MAA_LOGGE_INN"}, "without the role": {w.Employee(t, "ansatt-01"), `{"godkjent":true}`, "INNBYGGERLISTE_IKKE_FUNNET"},
		"another's administrator": {w.Employee(t, "ansatt-04"), `{"godkjent":true}`, "INNBYGGERLISTE_IKKE_FUNNET"}, "no reason": {other, `{"godkjent":false}`, "GRUNN_MANGLER"},
		"nobody": {http.Header{}, `{"godkjent":true}`, "TOKEN_MANGLER"},
	} {
		if a := w.do("POST", approval(ref), c.body, c.h); a.code() != c.code || a.Header.Get("Hjemmel-Kvittering") == "" {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	if a := w.do("POST", approval(ref), `{"godkjent":true}`, other); a.StatusCode != 200 || a.Header.Get("Hjemmel-Kvittering") == "" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("DELETE", "/hjemmel/v1/roller/"+manntall+"/tildelinger/ansatt-06", "", orderer); a.StatusCode != 204 { // what was approved stays so
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if r := w.finished(manntall, ref, orderer); r.InnbyggerlisteStatus != "FERDIG" || r.Rader == 0 {
		t.Errorf("%+v", r)
	}
	if a := w.do("GET", approval(ref), "", w.Employee(t, "ansatt-07")); !strings.Contains(string(a.body), `"kanSvare":false`) { // it is answered
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("POST", approval(ref), `{"godkjent":true}`, orderer); a.code() != "INNBYGGERLISTE_VENTER_IKKE" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	n := 0
	for _, e := range w.Entries(t) {
		if e.Handling == "innbyggerliste-godkjenning" && e.Utfall == "UTFOERT" && e.Gjelder == ref && e.Aktor == "ansatt-06" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d entries", n)
	}
}

// The same human does not approve in another employment.
func TestNobodyApprovesTheirOwnInAnotherCoat(t *testing.T) {
	w := newWorld(t)
	w.approving()
	book, err := w.Env.Roles()
	if err != nil {
		t.Fatal(err)
	}
	ops, err := book.PutAnsatt(roles.Ansatt{ID: "ansatt-06b", Navn: "Sigrid Sjef", FiksOrgID: voss, Funksjon: roles.Administrator}, w.Person("verge")) // who is ansatt-06 too
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.Env.State()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), ops...); err != nil {
		t.Fatal(err)
	}
	ref := w.order(simple, w.Employee(t, "ansatt-06"))
	if a := w.do("DELETE", "/hjemmel/v1/roller/"+manntall+"/tildelinger/ansatt-06", "", w.Employee(t, "ansatt-07")); a.StatusCode != 204 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	// without the role she is still an administrator
	if a := w.do("POST", approval(ref), `{"godkjent":true}`, w.Employee(t, "ansatt-06")); a.code() != "EGEN_BESTILLING" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// Whoever lost the role cannot approve, an administrator can; a refusal has a reason and is an end; and an order
// waits as it was ordered, whatever becomes of the role's setting.
func TestWhoMayApproveAndWhatBecomesOfIt(t *testing.T) {
	w := newWorld(t)
	w.approving()
	vendor, admin := w.Vendor(t, 2), w.Employee(t, "ansatt-07")
	first, second := w.order(simple, vendor), w.order(simple, vendor)
	if a := w.do("PATCH", "/register/api/v2/konfigurasjon/"+voss+"/roller/"+manntall, `{"listerKreverGodkjenning":false}`, admin); a.StatusCode != 200 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if third := w.order(simple, vendor); w.finished(manntall, third, vendor).InnbyggerlisteStatus != "FERDIG" {
		t.Error("a role without approval")
	}
	if status, tilstand := w.approvalOf(first); status != "OPPRETTET" || tilstand != "VENTER" {
		t.Errorf("%s %s", status, tilstand)
	}
	for _, aktor := range []string{"ansatt-06", "ansatt-07"} {
		if a := w.do("DELETE", "/hjemmel/v1/roller/"+manntall+"/tildelinger/"+aktor, "", admin); a.StatusCode != 204 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	if a := w.do("POST", approval(first), `{"godkjent":true}`, w.Employee(t, "ansatt-06")); a.code() != "INNBYGGERLISTE_IKKE_FUNNET" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("POST", approval(first), `{"godkjent":false,"grunn":"For mange kommuner."}`, admin); a.StatusCode != 200 || !strings.Contains(string(a.body), "For mange kommuner.") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if status, tilstand := w.approvalOf(first); status != "FEILET" || tilstand != "AVVIST" {
		t.Errorf("%s %s", status, tilstand)
	}
	if a := w.do("POST", approval(second), `{"godkjent":true}`, admin); a.StatusCode != 200 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if r := w.finished(manntall, second, vendor); r.InnbyggerlisteStatus != "FERDIG" {
		t.Errorf("%+v", r)
	}
	if a := w.do("GET", approval("5b1f6a52-0c8e-4d0b-9a53-0000000000c0"), "", admin); a.code() != "INNBYGGERLISTE_IKKE_FUNNET" {
		t.Errorf("%s", a.body)
	}
}
