package rolebook_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/roles"
)

type renewals struct {
	Frister     []struct{ Dato, Satt time.Time }
	Tildelinger []struct {
		AktorID, Status            string
		Tildelt, Fornyet, Utloeper time.Time
	}
}

func (r renewals) ends(aktor string) (time.Time, bool) {
	for _, t := range r.Tildelinger {
		if t.AktorID == aktor {
			return t.Utloeper, true
		}
	}
	return time.Time{}, false
}

// pass makes every frist ahead of a role of the demo one that passed a minute ago.
func (w *world) pass(n int) {
	w.t.Helper()
	book, err := w.Env.Roles()
	if err != nil {
		w.t.Fatal(err)
	}
	v, _, err := book.Current(w.t.Context(), id(n))
	if err != nil {
		w.t.Fatal(err)
	}
	for i := range v.Frister {
		v.Frister[i].Dato = time.Now().Add(-time.Minute)
	}
	ops, err := roles.Revise(v)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.state().Commit(w.t.Context(), ops...); err != nil {
		w.t.Fatal(err)
	}
}

// A municipality's yearly review: everybody must be renewed by a day, one is, and the others lose the role
// by time alone; a new day gives nothing back, and neither does rolling the role back.
func TestAssignmentsThatNobodyRenewsLapse(t *testing.T) {
	w := newWorld(t)
	h := w.as(administrator)
	renewed, forgotten := w.as(caseWorker), w.vendor(1)
	if w.looked(renewed, 1) != 200 || w.looked(forgotten, 1) != 200 {
		t.Fatal("the role is not theirs")
	}
	day := time.Now().AddDate(0, 2, 0).Format(time.DateOnly)
	got := read[renewals](t, w.do("PUT", ours(1, "/fornyelse"), `{"dato":"`+day+`"}`, h))
	if end, ok := got.ends("ansatt-01"); len(got.Frister) != 1 || !ok || !end.Equal(got.Frister[0].Dato) {
		t.Fatalf("%+v", got)
	}
	if a := read[shown](t, w.do("GET", one(1), "", h)); a.FornyesInnen.IsZero() || a.Versjon != 1 {
		t.Errorf("%+v", a)
	}
	for range 2 { // once more is no harm
		if a := w.do("POST", ours(1, "/tildelinger/ansatt-01/forny"), "", h); a.StatusCode != 200 {
			t.Fatalf("%s", a.body)
		}
	}
	looks := func(what string, first, second int) {
		t.Helper()
		if a, b := w.looked(renewed, 1), w.looked(forgotten, 1); a != first || b != second {
			t.Errorf("%s: %d and %d", what, a, b)
		}
	}
	looks("before the day", 200, 200)
	w.pass(1)
	looks("on the day", 200, 403)
	next := time.Now().AddDate(1, 0, 0).Format(time.DateOnly)
	if a := w.do("PUT", ours(1, "/fornyelse"), `{"dato":"`+next+`"}`, h); a.StatusCode != 200 {
		t.Fatalf("%s", a.body)
	}
	w.do("PATCH", one(1), `{"nyBeskrivelse":"Endret."}`, h)
	w.do("POST", ours(1, "/rull-tilbake"), `{"versjon":1,"kommentar":"Angret"}`, h)
	looks("after a new day", 200, 403)
	if a := w.do("DELETE", ours(1, "/fornyelse"), "", h); a.StatusCode != 200 || len(read[renewals](t, a).Frister) != 1 {
		t.Errorf("the day that has passed is gone: %s", a.body)
	}
	looks("without a new day", 200, 403)
	w.do("POST", ours(1, "/tildelinger/"+w.Demo.Integrasjoner[0].ID+"/forny"), "", h)
	looks("after it was renewed", 200, 200)
	if logged := w.entries("fornyelse-endret"); len(logged) != 3 || logged[0].Utfall != audit.Utfoert || logged[0].Rolle != id(1) {
		t.Errorf("%+v", logged)
	}
}

func TestRenewalsThatCannotBe(t *testing.T) {
	w := newWorld(t)
	h := w.as(administrator)
	for _, dato := range []string{"", "2020-01-01", "01.02.2027", "2027-02-30", time.Now().Format(time.DateOnly), "2099-01-01"} {
		if a := w.do("PUT", ours(1, "/fornyelse"), `{"dato":"`+dato+`"}`, h); a.code() != "UGYLDIG_FRIST" {
			t.Errorf("%q: %d %s", dato, a.StatusCode, a.code())
		}
	}
	if a := w.do("POST", ours(1, "/tildelinger/ansatt-99/forny"), "", h); a.code() != "FINNES_IKKE" {
		t.Errorf("%s", a.body)
	}
	// An administrator's own access is renewed by another.
	read[held](t, w.do("POST", ours(1, "/tildelinger"), `{"aktorId":"ansatt-09"}`, h))
	if a := w.do("POST", ours(1, "/tildelinger/ansatt-09/forny"), "", w.as(second)); a.code() != "SELVGODKJENNING" {
		t.Errorf("%s", a.body)
	}
	if a := w.do("POST", ours(1, "/tildelinger/ansatt-09/forny"), "", h); a.StatusCode != 200 {
		t.Errorf("%s", a.body)
	}
}

// What nobody uses, what nobody has, and what ends, in one list.
func TestTheReviewListsWhatShouldBeLookedAt(t *testing.T) {
	w := newWorld(t)
	h := w.as(administrator)
	if w.looked(w.as(caseWorker), 1) != 200 {
		t.Fatal("no lookup")
	}
	empty := read[shown](t, w.do("POST", fiks+bergen+"/roller", `{"navn":"Tom","tjenesteomraade":"BARNEVERN","opplysninger":["navn"]}`, h))
	soon := time.Now().AddDate(0, 0, 10).UTC().Format(time.RFC3339)
	read[held](t, w.do("POST", ours(2, "/tildelinger"), `{"aktorId":"ansatt-03","til":"`+soon+`"}`, h))
	type line struct{ RolleID, AktorID string }
	got := read[struct {
		UbrukteTildelinger, RollerUtenInnehavere, Utloeper []line
	}](t, w.do("GET", org+bergen+"/gjennomgang?dager=30", "", w.as(privacy)))
	if slices.Contains(got.UbrukteTildelinger, line{id(1), "ansatt-01"}) || !slices.Contains(got.UbrukteTildelinger, line{id(1), w.Demo.Integrasjoner[0].ID}) {
		t.Errorf("unused: %+v", got.UbrukteTildelinger)
	}
	if slices.Contains(got.UbrukteTildelinger, line{id(2), "ansatt-03"}) {
		t.Error("what was given in the period is called unused")
	}
	if !slices.Contains(got.RollerUtenInnehavere, line{RolleID: empty.ID}) || slices.Contains(got.RollerUtenInnehavere, line{RolleID: id(1)}) {
		t.Errorf("without holders: %+v", got.RollerUtenInnehavere)
	}
	if !slices.Equal(got.Utloeper, []line{{id(2), "ansatt-03"}}) {
		t.Errorf("ends: %+v", got.Utloeper)
	}
	if logged := w.entries("gjennomgang-lest"); len(logged) != 1 || logged[0].Aktor != "ansatt-05" {
		t.Errorf("%+v", logged)
	}
}

// A nødtilgang waits until somebody else has looked at it.
func TestEveryNoedtilgangIsLookedAt(t *testing.T) {
	w := newWorld(t)
	h := w.as(administrator)
	if a := w.do("PATCH", one(1), `{"noedtilgangTimer":2}`, h); a.StatusCode != 200 {
		t.Fatalf("%s", a.body)
	}
	opened := read[struct{ ID string }](t, w.do("POST", ours(1, "/noedtilgang"), `{"grunn":"Brann i boligblokk"}`, w.as(caseWorker)))
	type list struct {
		Usette        int
		Noedtilganger []struct{ ID, Aktor, Grunn, SettAv string }
	}
	got := read[list](t, w.do("GET", org+bergen+"/noedtilganger", "", w.as(privacy)))
	if got.Usette != 1 || got.Noedtilganger[0].ID != opened.ID || got.Noedtilganger[0].Aktor != "ansatt-01" {
		t.Fatalf("%+v", got)
	}
	seen := org + bergen + "/noedtilganger/" + opened.ID + "/sett"
	for name, who := range map[string]http.Header{"the one who opened it": w.as(caseWorker), "elsewhere": w.as(elsewhere), "the operator": w.as(operator)} {
		if a := w.do("POST", seen, "", who); a.StatusCode != 403 {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
	}
	if a := w.do("POST", seen, "", w.as(privacy)); a.StatusCode != 200 {
		t.Errorf("%s", a.body)
	}
	got = read[list](t, w.do("GET", org+bergen+"/noedtilganger", "", h))
	if got.Usette != 0 || got.Noedtilganger[0].SettAv != "ansatt-05" {
		t.Errorf("%+v", got)
	}
	if a := w.do("POST", org+bergen+"/noedtilganger/"+id(1)+"/sett", "", h); a.code() != "FINNES_IKKE" {
		t.Errorf("%s", a.body)
	}
	if w.looked(w.as(caseWorker), 1) != 200 {
		t.Error("looking at it closed it")
	}
}
