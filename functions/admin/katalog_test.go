package admin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hjemmel/functions/admin/catalogue"
	"hjemmel/functions/admin/wire"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/roles/overlay"
)

const (
	omraader     = "/hjemmel/v1/katalog/tjenesteomraader"
	foresporsler = "/hjemmel/v1/katalog/foresporsler"
	berit        = "ansatt-01" // child welfare in Bergen
)

func (w *town) omraade(kode string, h http.Header) catalogue.KatalogOmraade {
	w.t.Helper()
	return read[catalogue.KatalogOmraade](w.t, w.ask("GET", omraader+"/"+kode, "", h))
}

// omraadeverdi is an area in gyldigeverdier.
type omraadeverdi struct {
	Kode      string
	Gyldig    bool
	GyldigTil time.Time
}

func (w *town) gyldig(kode string) omraadeverdi {
	v := read[struct{ Tjenesteomraader []omraadeverdi }](w.t, w.ask("GET", "/register/api/v2/konfigurasjon/roller/gyldigeverdier", "", w.as(arne)))
	i := slices.IndexFunc(v.Tjenesteomraader, func(o omraadeverdi) bool { return o.Kode == kode })
	return v.Tjenesteomraader[i]
}

func (w *town) put(h http.Header, a catalogue.KatalogOmraade) reply {
	w.t.Helper()
	b, err := json.Marshal(a)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.ask("PUT", omraader+"/"+a.Kode, string(b), h, "If-Match", a.ETag)
}

// lookup asks for an element of an ordinary person as Berit, in the role for child welfare.
func (w *town) lookup(part string) reply {
	w.t.Helper()
	return w.ask("GET", "/folkeregister/api/v1/"+role(1)+"/v1/personer/"+w.Demo.Personer["vanlig"]+"?part="+part, "", w.as(berit))
}

func (w *town) innhold() api.Innhold {
	w.t.Helper()
	return read[api.Innhold](w.t, w.ask("GET", "/hjemmel/v1/roller/"+role(1)+"/innhold", "", w.as(berit)))
}

// An area that is retired warns its roles first and then stops them, without a restart.
func TestARetiredAreaStopsItsRoles(t *testing.T) {
	w := newTown(t)
	op := w.as(olav)
	area := w.omraade("BARNEVERN", op)
	if area.ETag != `""` || len(w.innhold().Advarsler) != 0 {
		t.Errorf("as it ships: %s", area.ETag)
	}
	soon := url.QueryEscape(time.Now().Add(240 * time.Hour).UTC().Format(time.RFC3339))
	var a reply
	added := w.entries(func() {
		a = w.ask("DELETE", omraader+"/BARNEVERN?fra="+soon, "", op, "If-Match", area.ETag)
	})
	if a.StatusCode != 200 || len(added) != 1 || added[0].FiksOrgID != audit.Platform || added[0].Aktor != olav || added[0].Tjenesteomraade != "BARNEVERN" ||
		!slices.Equal(added[0].Endret, []string{"gyldigTil"}) || a.Header.Get("Hjemmel-Kvittering") == "" {
		t.Fatalf("%d %s %+v", a.StatusCode, a.body, added)
	}
	in := w.innhold()
	if len(in.Advarsler) != 1 || in.Advarsler[0].Kode != "TJENESTEOMRAADE_UTLOEPER" || in.Advarsler[0].Tekst.Nb == "" || in.Advarsler[0].Tekst.Nn == "" || in.Advarsler[0].Tekst.En == "" || !in.KanBrukes {
		t.Errorf("%+v", in.Advarsler)
	}
	if got := w.lookup("navn"); got.StatusCode != 200 {
		t.Errorf("before the end: %s", got.body)
	}
	rolle := "/register/api/v2/konfigurasjon/" + bergen + "/roller/" + w.Demo.Roller[0].ID
	if r := read[wire.Role](t, w.ask("GET", rolle, "", w.as(arne))); len(r.Advarsler) != 1 || r.Advarsler[0].Kode != "TJENESTEOMRAADE_UTLOEPER" {
		t.Errorf("the owner is told %+v", r.Advarsler)
	}
	if v := w.gyldig("BARNEVERN"); !v.Gyldig || v.GyldigTil.IsZero() {
		t.Errorf("%+v", v)
	}
	if again := w.ask("DELETE", omraader+"/BARNEVERN", "", op, "If-Match", area.ETag); again.code(t) != "VERSJON_ENDRET" {
		t.Errorf("%s", again.body)
	}
	if a = w.ask("DELETE", omraader+"/BARNEVERN", "", op, "If-Match", a.Header.Get("ETag")); a.StatusCode != 200 {
		t.Fatalf("%s", a.body)
	}
	if got := w.lookup("navn"); got.code(t) != "ROLLE_IKKE_AKTIV" {
		t.Errorf("after the end: %d", got.StatusCode)
	}
	if v := w.gyldig("BARNEVERN"); v.Gyldig {
		t.Errorf("%+v", v)
	}
	ny := w.ask("POST", "/register/api/v2/konfigurasjon/"+bergen+"/roller", `{"navn":"For sent","tjenesteomraade":"BARNEVERN","opplysninger":["navn"]}`, w.as(arne))
	if ny.code(t) != "ROLLE_UGYLDIG" {
		t.Errorf("a role in an area that has ended: %s", ny.body)
	}
	if in := w.innhold(); len(in.Advarsler) != 1 || in.Advarsler[0].Kode != "TJENESTEOMRAADE_UTLOEPT" || in.KanBrukes {
		t.Errorf("%+v", in.Rolle)
	}
	mine := read[struct{ Roller []api.Rolle }](t, w.ask("GET", "/hjemmel/v1/meg/roller", "", w.as(berit)))
	if len(mine.Roller) != 1 || len(mine.Roller[0].Advarsler) != 1 || mine.Roller[0].KanBrukes {
		t.Errorf("%+v", mine)
	}
}

// With the hjemmel for confidential elements go those elements, at once, and nothing else.
func TestARetiredHjemmelTakesWhatItOpened(t *testing.T) {
	w := newTown(t)
	op := w.as(olav)
	if got := w.lookup("familierelasjon"); got.StatusCode != 200 {
		t.Fatalf("%s", got.body)
	}
	for _, h := range w.omraade("BARNEVERN", op).Lovhjemler {
		if h.Art != "HJEMMEL_TAUSHETSBELAGT" {
			continue
		}
		var a reply
		added := w.entries(func() {
			a = w.ask("DELETE", omraader+"/BARNEVERN/hjemler/"+h.ID, "", op, "If-Match", w.omraade("BARNEVERN", op).ETag)
		})
		if a.StatusCode != 200 || len(added) != 1 || !slices.Equal(added[0].Endret, []string{"lovhjemler", h.ID, "gyldigTil"}) {
			t.Fatalf("%s %+v", a.body, added)
		}
	}
	if got := w.lookup("familierelasjon"); got.code(t) != "OPPLYSNING_UTENFOR_ROLLE" {
		t.Errorf("%d", got.StatusCode)
	}
	if got := w.lookup("navn"); got.StatusCode != 200 {
		t.Errorf("%s", got.body)
	}
	in := w.innhold()
	if len(in.Advarsler) == 0 || in.Advarsler[0].Kode != "HJEMMEL_UTLOEPT" || slices.ContainsFunc(in.Opplysninger, func(o api.Opplysning) bool { return o.Taushetsbelagt }) ||
		slices.ContainsFunc(in.Hjemler, func(h katalog.Hjemmel) bool { return h.Art == "HJEMMEL_TAUSHETSBELAGT" }) {
		t.Errorf("%+v", in)
	}
}

func TestTheOperatorMakesAreas(t *testing.T) {
	w := newTown(t)
	op := w.as(olav)
	area := w.omraade("VALG", op)
	area.Kode, area.ETag, area.Merknad = "NYTT_OMRAADE", "", ""
	b, err := json.Marshal(area)
	if err != nil {
		t.Fatal(err)
	}
	a := w.ask("POST", omraader, string(b), op)
	made := read[catalogue.KatalogOmraade](t, a)
	if a.StatusCode != 201 || made.Kode != "NYTT_OMRAADE" || made.ETag == "" {
		t.Fatalf("%s", a.body)
	}
	if a := w.ask("POST", omraader, string(b), op); a.code(t) != "KATALOG_KODE_FINNES" {
		t.Errorf("%s", a.body)
	}
	all := read[struct{ Tjenesteomraader []catalogue.KatalogOmraade }](t, w.ask("GET", omraader, "", w.as(arne)))
	if n := len(all.Tjenesteomraader); n != len(katalog.Standard().Tjenesteomraader)+1 || all.Tjenesteomraader[n-1].ETag != made.ETag {
		t.Errorf("%d areas", n)
	}
	made.Navn.Nb = "Nytt område"
	var changed reply
	added := w.entries(func() { changed = w.put(op, made) })
	if changed.StatusCode != 200 || !slices.Equal(added[0].Endret, []string{"navn"}) {
		t.Errorf("%s %+v", changed.body, added)
	}
	made = read[catalogue.KatalogOmraade](t, changed)
	h := `{"id":"%s","lov":"Prøveloven","paragraf":"§ 1","korttekst":{"nb":"a","nn":"b","en":"c"},"lovdataLenke":"https://lovdata.no/lov/1","art":"%s","sikkerhet":"kilde","gyldigFra":"2027-01-01T00:00:00Z"}`
	at := omraader + "/NYTT_OMRAADE/hjemler"
	a = w.ask("POST", at, fmt.Sprintf(h, "proeveloven-1", "OPPGAVE"), op, "If-Match", made.ETag)
	if got := read[catalogue.KatalogOmraade](t, a); a.StatusCode != 201 || !slices.ContainsFunc(got.Lovhjemler, func(h katalog.Hjemmel) bool { return h.ID == "proeveloven-1" }) {
		t.Fatalf("%s", a.body)
	}
	role := w.ask("POST", "/register/api/v2/konfigurasjon/"+bergen+"/roller", `{"navn":"Nytt","tjenesteomraade":"NYTT_OMRAADE","opplysninger":["navn"]}`, w.as(arne))
	if role.StatusCode != 200 {
		t.Errorf("no role in the new area: %s", role.body)
	}
	etag := a.Header.Get("ETag")
	for name, c := range map[string]struct{ method, path, body, code string }{
		"the same once more": {"POST", at, fmt.Sprintf(h, "proeveloven-1", "OPPGAVE"), "KATALOG_KODE_FINNES"},
		"of no kind":         {"POST", at, fmt.Sprintf(h, "proeveloven-2", "ALT"), "KATALOG_UGYLDIG"},
		"another id":         {"PUT", at + "/proeveloven-1", fmt.Sprintf(h, "proeveloven-2", "OPPGAVE"), "UGYLDIG_FELT"},
		"no such":            {"PUT", at + "/proeveloven-9", fmt.Sprintf(h, "proeveloven-9", "OPPGAVE"), "TJENESTEOMRAADE_IKKE_FUNNET"},
		"ended in the past":  {"DELETE", at + "/proeveloven-1?fra=2020-01-01T00:00:00Z", "", "UGYLDIG_FELT"},
		"no such area":       {"GET", omraader + "/INGEN", "", "TJENESTEOMRAADE_IKKE_FUNNET"},
		"taken away":         {"PUT", omraader + "/NYTT_OMRAADE", string(b), "UGYLDIG_FELT"},
	} {
		if a := w.ask(c.method, c.path, c.body, op, "If-Match", etag); a.code(t) != c.code {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	a = w.ask("PUT", at+"/proeveloven-1", fmt.Sprintf(h, "proeveloven-1", "BEHANDLING"), op, "If-Match", etag)
	if a.StatusCode != 200 || w.omraade("NYTT_OMRAADE", op).Lovhjemler[len(made.Lovhjemler)].Art != "BEHANDLING" {
		t.Errorf("%s", a.body)
	}
}

func TestOfManyChangesOfAnAreaOneHappens(t *testing.T) {
	w := newTown(t)
	op := w.as(olav)
	area := w.omraade("HELSE", op)
	replies := make([]reply, 10)
	var all sync.WaitGroup
	for n := range replies {
		mine := area
		mine.Merknad = fmt.Sprint("nummer ", n)
		all.Go(func() { replies[n] = w.put(op, mine) })
	}
	all.Wait()
	made := 0
	for n, a := range replies {
		if a.StatusCode == 200 {
			if made++; w.omraade("HELSE", op).Merknad != fmt.Sprint("nummer ", n) {
				t.Error("the update was lost")
			}
		} else if a.StatusCode != http.StatusConflict {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	if made != 1 {
		t.Errorf("%d changes", made)
	}
}

func TestOnlyTheOperatorChangesTheCatalogue(t *testing.T) {
	w := newTown(t)
	for name, h := range map[string]http.Header{
		"an administrator": w.as(arne), "a case worker": w.as(berit), "a vendor": w.vendor(1), "the operator through a vendor": w.viaVendor(1, olav),
	} {
		calls := []string{"POST " + omraader, "PUT " + omraader + "/VALG", "DELETE " + omraader + "/VALG", "POST " + omraader + "/VALG/hjemler", "PUT " + omraader + "/VALG/hjemler/x",
			"DELETE " + omraader + "/VALG/hjemler/x", "PATCH " + foresporsler + "/x"}
		if name != "an administrator" {
			calls = append(calls, "GET "+omraader, "GET "+omraader+"/VALG", "GET "+foresporsler, "POST "+foresporsler)
		}
		for _, call := range calls {
			method, path, _ := strings.Cut(call, " ")
			var a reply
			added := w.entries(func() { a = w.ask(method, path, "", h, "If-Match", `""`) })
			if a.code(t) != "FUNKSJON_MANGLER" || len(added) != 1 || added[0].Utfall != audit.Avslag {
				t.Errorf("%s, %s: %s %+v", name, call, a.body, added)
			}
		}
	}
	if a := w.ask("POST", foresporsler, `{"tittel":"Mangler","behov":"Vi trenger dette."}`, w.as(olav)); a.code(t) != "FUNKSJON_MANGLER" {
		t.Errorf("%s", a.body)
	}
}

// An organisation asks for an area, the operator answers and closes, others do not see it.
func TestAMissingAreaIsAskedFor(t *testing.T) {
	w := newTown(t)
	admin, op := w.as(arne), w.as(olav)
	a := w.ask("POST", foresporsler, `{"tittel":"Kulturskolen","behov":"Vi må finne foresatte\ntil elevene.","foreslaattHjemmel":"opplæringslova § 26-1"}`, admin)
	asked := read[catalogue.KatalogForespoersel](t, a)
	if a.StatusCode != 201 || asked.Status != overlay.Open || asked.FiksOrgID != bergen {
		t.Fatalf("%s", a.body)
	}
	list := func(h http.Header) []catalogue.KatalogForespoersel {
		return read[struct {
			Foresporsler []catalogue.KatalogForespoersel
		}](t, w.ask("GET", foresporsler, "", h)).Foresporsler
	}
	if len(list(admin)) != 1 || len(list(op)) != 1 || len(list(w.as(vidar))) != 0 {
		t.Error("seen by others than those it concerns")
	}
	at := foresporsler + "/" + asked.ID
	a = w.ask("PATCH", at, `{"svar":"Den hører til OPPVEKST."}`, op, "If-Match", asked.ETag)
	if got := read[catalogue.KatalogForespoersel](t, a); a.StatusCode != 200 || got.Status != overlay.Answered || got.Svar == "" {
		t.Errorf("%s", a.body)
	}
	for body, code := range map[string]string{`{"status":"BORTE"}`: "UGYLDIG_FELT", `{"svar":""}`: "UGYLDIG_FELT", `{"tittel":"x"}`: "UGYLDIG_JSON"} {
		if a := w.ask("PATCH", at, body, op, "If-Match", a.Header.Get("ETag")); a.code(t) != code {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	if late := w.ask("PATCH", at, `{"status":"LUKKET"}`, op, "If-Match", asked.ETag); late.code(t) != "VERSJON_ENDRET" {
		t.Errorf("%s", late.body)
	}
	if a = w.ask("PATCH", at, `{"status":"LUKKET"}`, op, "If-Match", a.Header.Get("ETag")); a.StatusCode != 200 || list(admin)[0].Status != overlay.Closed {
		t.Errorf("%s", a.body)
	}
	for _, body := range []string{`{}`, `{"tittel":"Kulturskolen","behov":"kort"}`, `{"tittel":"` + strings.Repeat("a", 201) + `","behov":"Vi trenger dette."}`} {
		if a := w.ask("POST", foresporsler, body, admin); a.code(t) != "UGYLDIG_FELT" {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	if a := w.ask("PATCH", foresporsler+"/x", `{}`, op, "If-Match", `""`); a.code(t) != "FORESPOERSEL_IKKE_FUNNET" {
		t.Errorf("%s", a.body)
	}
}
