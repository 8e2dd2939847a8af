package rolebook_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hjemmel/functions/admin/wire"
	"hjemmel/shared/audit"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/roles"
	"hjemmel/shared/store"
	"hjemmel/shared/store/firestore/firestoretest"
)

// shown is a role in an answer.
type shown struct {
	ID, Navn, Beskrivelse, Tjenesteomraade, Kommentar string
	Versjon                                           int
	Opplysninger, Hjemler, Bruksomraader, Registre    []string
	KanBrukesPaaSokeside, Aktiv                       bool
	AntallPersoner, AntallIntegrasjoner               int
	FornyesInnen                                      time.Time
}

// who may call, by the demo's employees.
const (
	caseWorker, administrator, privacy, elsewhere, operator, second = 1, 4, 5, 7, 8, 9
)

// Every operation by every kind of caller: what is allowed stands here, and all else is refused and
// written down.
func TestWhoMayDoWhat(t *testing.T) {
	w := newWorld(t)
	vendor, through := w.vendor(1), w.through(administrator)
	callers := []struct {
		name   string
		header http.Header
	}{
		{"nobody", http.Header{}}, {"case worker", w.as(caseWorker)}, {"administrator", w.as(administrator)}, {"privacy officer", w.as(privacy)},
		{"administrator elsewhere", w.as(elsewhere)}, {"operator", w.as(operator)}, {"vendor", vendor}, {"administrator through a vendor", through},
	}
	everyone, employed := "case worker,privacy officer,administrator,administrator elsewhere,operator,vendor,administrator through a vendor", "case worker,administrator,privacy officer,administrator elsewhere,operator"
	readers, managers, appointers := "administrator,privacy officer,operator", "administrator", "administrator,operator"
	for _, o := range []struct{ method, path, body, may string }{
		{"GET", fiks + "roller/gyldigeverdier", "", employed},
		{"POST", fiks + "roller", `{"tjeneste":"FOLKEREGISTER"}`, everyone},
		{"GET", "/folkeregister/api/v3/konfigurasjon/roller", "", everyone},
		{"GET", fiks + "roller/har-tilgang", "", "case worker,administrator elsewhere,vendor"},
		{"GET", fiks + bergen + "/roller", "", readers},
		{"GET", fiks + bergen + "/roller/med-tilganger", "", readers},
		{"GET", one(1), "", readers},
		{"GET", one(1) + "/med-tilganger", "", readers},
		{"GET", "/register/api/v1/konfigurasjon/tilganger/" + bergen, "", readers},
		{"GET", ours(1, "/versjoner"), "", readers},
		{"GET", ours(1, "/endringer?fra=1"), "", readers},
		{"GET", ours(1, "/tildelinger"), "", readers},
		{"GET", org + bergen + "/administratorer", "", readers},
		{"GET", org + bergen + "/innstillinger", "", readers},
		{"POST", fiks + bergen + "/roller", `{"navn":"Ny rolle","tjenesteomraade":"BARNEVERN","opplysninger":["navn"]}`, managers},
		{"PATCH", one(1), `{"nyBeskrivelse":"Endret."}`, managers},
		{"PUT", ours(1, "/utkast"), `{"navn":"Utkast"}`, managers},
		{"GET", ours(1, "/utkast"), "", readers},
		{"POST", ours(1, "/utkast/proev"), `{}`, managers},
		{"GET", ours(1, "/bruk"), "", "administrator,privacy officer"},
		{"GET", "/hjemmel/v1/eksempelpersoner", "", employed},
		{"POST", ours(1, "/utkast/publiser"), `{"kommentar":"Prøver"}`, managers},
		{"POST", ours(1, "/rull-tilbake"), `{"versjon":1,"kommentar":"Prøver"}`, managers},
		{"POST", ours(1, "/tildelinger"), `{"aktorId":"ansatt-03"}`, managers},
		{"DELETE", ours(1, "/tildelinger/ansatt-03"), "", managers},
		{"GET", ours(1, "/fornyelse"), "", readers},
		{"PUT", ours(1, "/fornyelse"), `{"dato":"2028-01-01"}`, managers},
		{"POST", ours(1, "/tildelinger/ansatt-01/forny"), "", managers},
		{"DELETE", ours(1, "/fornyelse"), "", managers},
		{"GET", org + bergen + "/gjennomgang", "", "administrator,privacy officer"},
		{"GET", org + bergen + "/noedtilganger", "", "administrator,privacy officer"},
		{"PUT", org + bergen + "/administratorer/ansatt-02", "", appointers},
		{"DELETE", org + bergen + "/administratorer/ansatt-02", "", "administrator"}, // once
		{"PUT", org + bergen + "/innstillinger", `{"selvtildelingUtenGodkjenning":false}`, managers},
	} {
		for _, c := range callers {
			a := w.do(o.method, o.path, o.body, c.header)
			may := slices.Contains(strings.Split(o.may, ","), c.name)
			if good := a.StatusCode < 300; good != may && !(o.method == "DELETE" && c.name == "operator") {
				t.Errorf("%s %s as %s: %d %s", o.method, o.path, c.name, a.StatusCode, a.body)
			}
			if a.StatusCode >= 400 && a.Header.Get("Hjemmel-Kvittering") == "" {
				t.Errorf("%s %s as %s: a refusal without a receipt", o.method, o.path, c.name)
			}
			if want := 401; c.name == "nobody" && a.StatusCode != want {
				t.Errorf("%s %s as nobody: %d", o.method, o.path, a.StatusCode)
			}
		}
	}
}

// An unknown role, another organisation's and an unknown organisation look alike to those outside.
func TestStrangersLearnNothing(t *testing.T) {
	w := newWorld(t)
	h := w.as(administrator)
	for _, path := range []string{ours(6, "/versjoner"), "/hjemmel/v1/roller/30000000-0000-4000-8000-000000000000/versjoner", fiks + voss + "/roller",
		fiks + "30000000-0000-4000-8000-000000000000/roller", "/hjemmel/v1/roller/..%2Fansatt/versjoner", fiks + voss + "/roller/" + id(1)} {
		if a := w.do("GET", path, "", h); a.code() != "FUNKSJON_MANGLER" {
			t.Errorf("%s: %d %s", path, a.StatusCode, a.body)
		}
	}
	for _, path := range []string{fiks + bergen + "/roller/" + id(6), fiks + bergen + "/roller/30000000-0000-4000-8000-000000000000", fiks + bergen + "/roller/x%20y"} {
		if a := w.do("GET", path, "", h); a.code() != "ROLLE_IKKE_TILGJENGELIG" || a.StatusCode != 404 {
			t.Errorf("%s: %d %s", path, a.StatusCode, a.body)
		}
	}
}

func TestARoleIsMadeChangedAndEnded(t *testing.T) {
	w := newWorld(t)
	h := w.as(administrator)
	a := w.do("POST", fiks+bergen+"/roller", `{"navn":"Barnevern – leder","beskrivelse":"Leser navn.","tjenesteomraade":"BARNEVERN","kanBrukesPaaSokeside":true,"opplysninger":["navn","FOEDSEL","navn"],"tjenester":["FOLKEREGISTER"]}`, h)
	r := read[shown](t, a)
	if r.Versjon != 1 || !slices.Equal(r.Opplysninger, []string{"foedsel", "navn"}) || !slices.Equal(r.Bruksomraader, []string{"SOEK"}) || len(r.Hjemler) == 0 ||
		!slices.Equal(r.Registre, []string{"FOLKEREGISTER"}) || !r.KanBrukesPaaSokeside || !r.Aktiv || a.Header.Get("ETag") != `"1"` || a.Header.Get("Hjemmel-Kvittering") == "" {
		t.Fatalf("%s %v", a.body, a.Header)
	}
	at := fiks + bergen + "/roller/" + r.ID
	for i, body := range []string{
		`{"nyttNavn":"Leder","kanBrukesPaSokeside":{"kanBrukesPaaSokeside":false}}`, `{"opplysninger":["NAVN"],"bruksomraader":["SOK"]}`,
		`{"kanBrukesPaaSokeside":{"kanBrukesPaSokeside":true},"kommentar":"Ledere bruker nettsiden"}`,
	} {
		got := read[shown](t, w.do("PATCH", at, body, h))
		if got.Versjon != i+2 {
			t.Errorf("%s gives version %d", body, got.Versjon)
		}
		r = got
	}
	if r.Navn != "Leder" || !r.KanBrukesPaaSokeside || !slices.Equal(r.Opplysninger, []string{"navn"}) || r.Beskrivelse != "Leser navn." || r.Kommentar != "Ledere bruker nettsiden" {
		t.Errorf("%+v", r)
	}
	if same := read[shown](t, w.do("PATCH", at, `{"nyttNavn":"Leder"}`, h)); same.Versjon != 4 {
		t.Errorf("a change of nothing makes version %d", same.Versjon)
	}
	if got := read[[]shown](t, w.do("GET", fiks+bergen+"/roller", "", h)); !slices.ContainsFunc(got, func(s shown) bool { return s.ID == r.ID }) || len(got) != 7 {
		t.Errorf("%d roles", len(got))
	}
	if a := w.do("DELETE", at, "", with(h, "If-Match", `"3"`)); a.StatusCode != 409 || a.code() != "VERSJON_ENDRET" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("DELETE", at, "", h); a.StatusCode != 204 || a.Header.Get("Hjemmel-Kvittering") == "" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("GET", at, "", h); a.StatusCode != 404 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	for handling, n := range map[string]int{"rolle-opprettet": 1, "rolle-endret": 3, "rolle-slettet": 2} {
		got := w.entries(handling)
		if len(got) != n {
			t.Errorf("%d entries of %s", len(got), handling)
		}
		for i, e := range got {
			if e.Rolle != "" && e.Rolle != r.ID || e.FiksOrgID != bergen || e.Aktor != "ansatt-04" || e.Utfall == audit.Utfoert && e.Rolleversjon == 0 {
				t.Errorf("%s %d: %+v", handling, i, e)
			}
		}
	}
}

// Bad input is refused with an error that names what is wrong, and nothing is written.
func TestBadInput(t *testing.T) {
	w := newWorld(t)
	h := w.as(administrator)
	make := func(change string) string {
		body := map[string]any{"navn": "En rolle", "tjenesteomraade": "INNBYGGERTJENESTER", "opplysninger": []string{"navn"}}
		if err := json.Unmarshal([]byte(change), &body); err != nil {
			t.Fatal(err)
		}
		b, _ := json.Marshal(body)
		return string(b)
	}
	new, long := fiks+bergen+"/roller", strings.Repeat("a", 401)
	before := read[[]shown](t, w.do("GET", new, "", h))
	for _, b := range []struct {
		name, method, path, body string
		header                   http.Header
		status                   int
		code, names              string
	}{
		{"no body", "POST", new, "", nil, 400, "UGYLDIG_INNHOLDSTYPE", ""},
		{"not JSON", "POST", new, "{", nil, 400, "UGYLDIG_JSON", ""},
		{"unknown member", "POST", new, make(`{"opplysning":["navn"]}`), nil, 400, "UGYLDIG_JSON", ""},
		{"member twice", "POST", new, `{"navn":"a","navn":"b"}`, nil, 400, "UGYLDIG_JSON", ""},
		{"no area", "POST", new, `{"navn":"En rolle"}`, nil, 400, "ROLLE_UGYLDIG", "tjenesteomraade"},
		{"unknown area", "POST", new, make(`{"tjenesteomraade":"SKOLE"}`), nil, 400, "ROLLE_UGYLDIG", "tjenesteomraade"},
		{"retired area", "POST", new, make(`{"tjenesteomraade":"SKATTEOPPKREVER","opplysninger":[]}`), nil, 400, "ROLLE_UGYLDIG", "tjenesteomraade"},
		{"short name", "POST", new, make(`{"navn":"a"}`), nil, 400, "ROLLE_UGYLDIG", "navn"},
		{"long name", "POST", new, make(`{"navn":"` + long + `"}`), nil, 400, "ROLLE_UGYLDIG", "navn"},
		{"formula as name", "POST", new, make(`{"navn":"=HYPERLINK(1)"}`), nil, 400, "ROLLE_UGYLDIG", "navn"},
		{"markup as name", "POST", new, make(`{"navn":"a<script>"}`), nil, 400, "ROLLE_UGYLDIG", "navn"},
		{"long description", "POST", new, make(`{"beskrivelse":"` + long + `"}`), nil, 400, "ROLLE_UGYLDIG", "beskrivelse"},
		{"control character", "POST", new, make(`{"beskrivelse":"a\u0000b"}`), nil, 400, "ROLLE_UGYLDIG", "beskrivelse"},
		{"wrong enum", "POST", new, make(`{"bruksomraader":["LESE"]}`), nil, 400, "ROLLE_UGYLDIG", "bruksomraader"},
		{"use outside area", "POST", new, make(`{"bruksomraader":["SOEK","SOK"]}`), nil, 400, "ROLLE_UGYLDIG", "bruksomraader"},
		{"unknown opplysning", "POST", new, make(`{"opplysninger":["hemmelighet"]}`), nil, 400, "OPPLYSNING_UTENFOR_OMRAADE", "hemmelighet"},
		{"opplysning outside area", "POST", new, make(`{"opplysninger":["navn","foreldreansvar"]}`), nil, 400, "OPPLYSNING_UTENFOR_OMRAADE", "foreldreansvar"},
		{"opplysning that is no code", "POST", new, make(`{"opplysninger":["14827849805"]}`), nil, 400, "OPPLYSNING_UTENFOR_OMRAADE", ""},
		{"hjemmel of another area", "POST", new, make(`{"hjemler":["barnevernsloven-13-4"]}`), nil, 400, "ROLLE_UGYLDIG", "hjemler"},
		{"opening where the area may not", "POST", new, make(`{"aapneGradert":true,"tjenesteomraade":"STOTTE"}`), nil, 400, "ROLLE_UGYLDIG", "aapneGradert"},
		{"soft limit above the hard", "POST", new, make(`{"budsjett":{"oppslag":{"myk":3,"hard":2}}}`), nil, 400, "ROLLE_UGYLDIG", "budsjett"},
		{"negative limit", "POST", new, make(`{"budsjett":{"soek":{"hard":-1}}}`), nil, 400, "ROLLE_UGYLDIG", "budsjett"},
		{"too long a nødtilgang", "POST", new, make(`{"noedtilgangTimer":25}`), nil, 400, "ROLLE_UGYLDIG", "noedtilgangTimer"},
		{"kommune", "POST", new, make(`{"kommuner":["46011"]}`), nil, 400, "ROLLE_UGYLDIG", "kommuner"},
		{"pattern", "POST", new, make(`{"formaal":{"krav":"PAAKREVD","moenster":"("}}`), nil, 400, "ROLLE_UGYLDIG", "formaal"},
		{"purpose", "POST", new, make(`{"formaal":{"krav":"KANSKJE"}}`), nil, 400, "ROLLE_UGYLDIG", "formaal"},
		{"times", "POST", new, make(`{"gyldigFra":"2026-02-01T00:00:00Z","gyldigTil":"2026-01-01T00:00:00Z"}`), nil, 400, "ROLLE_UGYLDIG", "gyldigTil"},
		{"too large", "POST", new, strings.Repeat(" ", 1<<20+1), nil, 413, "FOR_STOR_KROPP", ""},
		{"idempotency key", "POST", new, make(`{}`), http.Header{"Idempotency-Key": {"æ"}}, 400, "UGYLDIG_HODE", "Idempotency-Key"},
		{"area change", "PATCH", one(3), `{"tjenesteomraade":"BARNEVERN"}`, nil, 400, "TJENESTEOMRAADE_KAN_IKKE_ENDRES", ""},
		{"stale", "PATCH", one(3), `{"nyttNavn":"Ny"}`, http.Header{"If-Match": {`"7"`}}, 409, "VERSJON_ENDRET", ""},
		{"in use", "DELETE", one(3), "", nil, 409, "ROLLE_I_BRUK", "4 tildelinger"},
		{"no draft", "POST", ours(3, "/utkast/publiser"), `{"kommentar":"Ja da"}`, nil, 404, "FINNES_IKKE", ""},
		{"no comment", "POST", ours(3, "/utkast/publiser"), `{"kommentar":" "}`, nil, 400, "KOMMENTAR_MANGLER", ""},
		{"no such version", "POST", ours(3, "/rull-tilbake"), `{"versjon":9,"kommentar":"Ja da"}`, nil, 404, "FINNES_IKKE", ""},
		{"no such version to compare", "GET", ours(3, "/endringer?fra=9"), "", nil, 404, "FINNES_IKKE", ""},
		{"unknown parameter", "GET", ours(3, "/endringer?med=9"), "", nil, 400, "UKJENT_PARAMETER", ""},
		{"nobody", "POST", ours(3, "/tildelinger"), `{"aktorId":"ansatt-99"}`, nil, 400, "TILDELING_UGYLDIG", "aktorId"},
		{"somebody elsewhere", "POST", ours(3, "/tildelinger"), `{"aktorId":"ansatt-06"}`, nil, 400, "TILDELING_UGYLDIG", "aktorId"},
		{"integration elsewhere", "POST", ours(3, "/tildelinger"), `{"aktorId":"20000002-0000-4000-9000-000000000002"}`, nil, 400, "TILDELING_UGYLDIG", "aktorId"},
		{"number as actor", "POST", ours(3, "/tildelinger"), `{"aktorId":"14827849805"}`, nil, 400, "TILDELING_UGYLDIG", "aktorId"},
		{"path as actor", "POST", ours(3, "/tildelinger"), `{"aktorId":"../ansatt-02"}`, nil, 400, "TILDELING_UGYLDIG", "aktorId"},
		{"over before it starts", "POST", ours(3, "/tildelinger"), `{"aktorId":"ansatt-01","til":"2020-01-01T00:00:00Z"}`, nil, 400, "TILDELING_UGYLDIG", "til"},
		{"not assigned", "DELETE", ours(3, "/tildelinger/ansatt-01"), "", nil, 404, "FINNES_IKKE", ""},
		{"not wished", "POST", ours(3, "/tildelinger/ansatt-01/godkjenn"), "", nil, 404, "FINNES_IKKE", ""},
		{"service", "POST", fiks + "roller", `{"tjeneste":"a b"}`, nil, 400, "ROLLE_UGYLDIG", "tjeneste"},
		{"administrator elsewhere", "PUT", org + bergen + "/administratorer/ansatt-06", "", nil, 404, "FINNES_IKKE", ""},
		{"settings", "PUT", org + bergen + "/innstillinger", `{"selvtildeling":true}`, nil, 400, "UGYLDIG_JSON", ""},
	} {
		header := h.Clone()
		for k, v := range b.header {
			header[k] = v
		}
		if strings.HasPrefix(b.name, "too large") {
			header.Set("Content-Type", "application/json")
		}
		a := w.do(b.method, b.path, b.body, header)
		if a.StatusCode != b.status || a.code() != b.code || !strings.Contains(string(a.body), b.names) || strings.Contains(string(a.body), "14827849805") {
			t.Errorf("%s: %d %s", b.name, a.StatusCode, a.body)
		}
		if a.Header.Get("Hjemmel-Kvittering") == "" {
			t.Errorf("%s: no receipt", b.name)
		}
	}
	if after := read[[]shown](t, w.do("GET", new, "", h)); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Error("something was written")
	}
	if strings.Contains(w.Log.String(), "14827849805") {
		t.Error("a number is in the log")
	}
}

// drivers are worlds on each store.
func drivers(t *testing.T, test func(*testing.T, *world)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newWorld(t)) })
	t.Run("firestore", func(t *testing.T) {
		test(t, newWorld(t, func(o *hosttest.Options) { o.Store = firestoretest.Open(t) }))
	})
}

// together runs n of the same at once and counts the answers by status.
func together(t *testing.T, n int, send func(i int) (answer, error)) map[int]int {
	t.Helper()
	type result struct {
		a   answer
		err error
	}
	results, start := make(chan result), make(chan struct{})
	for i := range n {
		go func() {
			<-start
			a, err := send(i)
			results <- result{a, err}
		}()
	}
	close(start)
	counts := map[int]int{}
	for range n {
		r := <-results
		if r.err != nil {
			t.Fatal(r.err)
		}
		counts[r.a.StatusCode]++
	}
	return counts
}

// Ten administrators at once: each change of its own survives; of ten that rest on the same version
// one wins; ten submissions of one form are one.
func TestTenAdministratorsAtOnce(t *testing.T) {
	drivers(t, func(t *testing.T, w *world) {
		h := w.as(administrator)
		got := together(t, 10, func(i int) (answer, error) {
			body := []string{`{"nyttNavn":"Nytt navn"}`, `{"nyBeskrivelse":"Ny"}`, `{"aapneGradert":true}`, `{"kommuner":["4601"]}`, `{"formaal":{"krav":"PAAKREVD"}}`,
				`{"kanBrukesPaaSokeside":false}`, `{"opplysninger":["navn"]}`, `{"bruksomraader":[]}`, `{"tjenester":["EN"]}`, `{"hjemler":["folkeregisterloven-10-1"]}`}[i]
			if i == 2 {
				body = `{"aktiv":false}`
			}
			return w.send("PATCH", one(3), body, h)
		})
		r := read[shown](t, w.do("GET", one(3), "", h))
		if got[200] != 10 || r.Versjon != 11 || r.Navn != "Nytt navn" || r.Beskrivelse != "Ny" || r.Aktiv || r.KanBrukesPaaSokeside || len(r.Opplysninger) != 1 || len(r.Bruksomraader) != 0 || len(r.Hjemler) != 1 {
			t.Errorf("%v: an update is lost: %+v", got, r)
		}
		all := read[struct{ Versjoner []shown }](t, w.do("GET", ours(3, "/versjoner"), "", h)).Versjoner
		for i, v := range all {
			if v.Versjon != 11-i {
				t.Errorf("version %d at %d", v.Versjon, i)
			}
		}
		if n := len(w.entries("rolle-endret")); n != 10 || len(all) != 11 {
			t.Errorf("%d entries, %d versions", n, len(all))
		}

		got = together(t, 10, func(i int) (answer, error) {
			return w.send("PATCH", one(3), fmt.Sprintf(`{"nyttNavn":"Navn %d"}`, i), with(h, "If-Match", `"11"`))
		})
		if got[200] != 1 || got[409] != 9 {
			t.Errorf("%v on one version", got)
		}

		got = together(t, 10, func(int) (answer, error) {
			return w.send("POST", fiks+bergen+"/roller", `{"navn":"Sendt ti ganger","tjenesteomraade":"BARNEVERN"}`, with(h, "Idempotency-Key", "skjema-1"))
		})
		made := 0
		for _, r := range read[[]shown](t, w.do("GET", fiks+bergen+"/roller", "", h)) {
			if r.Navn == "Sendt ti ganger" {
				made++
			}
		}
		if got[200] != 10 || made != 1 {
			t.Errorf("%v: %d roles", got, made)
		}
		if a := w.do("POST", fiks+bergen+"/roller", `{"navn":"Noe annet","tjenesteomraade":"BARNEVERN"}`, with(h, "Idempotency-Key", "skjema-1")); a.code() != "IDEMPOTENSNOEKKEL_BRUKT" {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	})
}

// A draft shows to nobody until it is published, is stale when another version came first, and can be
// undone.
func TestDraftsPublishingAndRollingBack(t *testing.T) {
	w := newWorld(t)
	h := w.as(administrator)
	a := w.do("PUT", ours(3, "/utkast"), `{"opplysninger":["navn","postadresse"]}`, h)
	if a.StatusCode != 200 || a.Header.Get("ETag") != `"1.1"` {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if r := read[shown](t, w.do("GET", one(3), "", h)); r.Versjon != 1 || len(r.Opplysninger) == 2 {
		t.Errorf("the draft is in force: %+v", r)
	}
	diff := read[struct {
		Endringer []struct {
			Felt         string
			Nye, Fjernet []string
		}
	}](t, w.do("GET", ours(3, "/endringer?til=utkast"), "", h)).Endringer
	if len(diff) != 1 || diff[0].Felt != "opplysninger" || len(diff[0].Nye) != 0 || !slices.Contains(diff[0].Fjernet, "status") {
		t.Errorf("%+v", diff)
	}
	if a := w.do("POST", ours(3, "/utkast/publiser"), `{"kommentar":"Mindre er nok"}`, with(h, "If-Match", `"1.9"`)); a.StatusCode != 409 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if r := read[shown](t, w.do("POST", ours(3, "/utkast/publiser"), `{"kommentar":"Mindre er nok"}`, with(h, "If-Match", `"1.1"`))); r.Versjon != 2 || len(r.Opplysninger) != 2 || r.Kommentar != "Mindre er nok" {
		t.Errorf("%+v", r)
	}
	if a := w.do("GET", ours(3, "/utkast"), "", h); a.StatusCode != 404 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	w.do("PUT", ours(3, "/utkast"), `{"navn":"Senere"}`, h)
	w.do("PATCH", one(3), `{"nyBeskrivelse":"Kom først."}`, h)
	if a := w.do("POST", ours(3, "/utkast/publiser"), `{"kommentar":"For sent"}`, h); a.code() != "VERSJON_ENDRET" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	r := read[shown](t, w.do("POST", ours(3, "/rull-tilbake"), `{"versjon":1,"kommentar":"Angret"}`, h))
	if r.Versjon != 4 || len(r.Opplysninger) != 8 || r.Kommentar != "Angret" {
		t.Errorf("%+v", r)
	}
	for handling, n := range map[string]int{"rolle-utkast": 2, "rolle-publisert": 3, "rolle-tilbakerullet": 1} {
		if got := w.entries(handling); len(got) != n {
			t.Errorf("%d entries of %s", len(got), handling)
		}
	}
}

// What a role permits each holder is changed, shown and compared like everything else in it.
func TestBudgetsAndEmergenciesAreSet(t *testing.T) {
	w := newWorld(t)
	h := w.as(administrator)
	w.do("PUT", ours(3, "/utkast"), `{"budsjett":{"oppslag":{"hard":1}},"noedtilgangTimer":4}`, h)
	diff := read[struct {
		Endringer []struct{ Felt string }
	}](t, w.do("GET", ours(3, "/endringer?til=utkast"), "", h)).Endringer
	if len(diff) != 2 || diff[0].Felt != "budsjett" || diff[1].Felt != "noedtilgangTimer" {
		t.Errorf("%+v", diff)
	}
	a := w.do("POST", ours(3, "/utkast/publiser"), `{"kommentar":"Få trengs"}`, h)
	if r := read[wire.Role](t, a); r.Budsjett.Oppslag.Hard != 1 || r.NoedtilgangTimer != 4 {
		t.Fatalf("%s", a.body)
	}
	if r := read[wire.Role](t, w.do("PATCH", one(3), `{"nyBeskrivelse":"Som før."}`, h)); r.Budsjett.Oppslag.Hard != 1 || r.NoedtilgangTimer != 4 {
		t.Errorf("a change of something else leaves %+v", r)
	}
	vendor := w.vendor(1)
	if got := []int{w.looked(vendor, 3), w.looked(vendor, 3)}; !slices.Equal(got, []int{200, 429}) {
		t.Errorf("%v", got)
	}
}

// Roles and assignments of before there were indexes work as they did.
func TestRecordsWithoutIndexes(t *testing.T) {
	w := newWorld(t)
	s, ctx := w.state(), t.Context()
	for _, prefix := range []string{"organisasjonsrolle/", "rolletildeling/", "administratorer/"} {
		records, err := store.All(ctx, s, prefix)
		if err != nil || len(records) == 0 {
			t.Fatalf("%s: %d %v", prefix, len(records), err)
		}
		for _, r := range records {
			if err := s.Commit(ctx, store.DeleteIf(r.Key, r.Revision)); err != nil {
				t.Fatal(err)
			}
		}
	}
	h := w.as(administrator)
	if got := read[[]shown](t, w.do("GET", fiks+bergen+"/roller", "", h)); len(got) != 0 {
		t.Errorf("%d roles", len(got))
	}
	for _, step := range []struct {
		method, path, body string
		status             int
	}{
		{"PATCH", one(3), `{"nyttNavn":"Ny"}`, 200}, {"DELETE", ours(3, "/tildelinger/ansatt-02"), "", 204}, {"POST", ours(3, "/tildelinger"), `{"aktorId":"ansatt-02"}`, 200},
		{"DELETE", org + bergen + "/administratorer/ansatt-04", "", 409}, {"PUT", org + bergen + "/administratorer/ansatt-02", "", 204}, {"DELETE", org + bergen + "/administratorer/ansatt-04", "", 204},
	} {
		if a := w.do(step.method, step.path, step.body, h); a.StatusCode != step.status {
			t.Errorf("%s %s: %d %s", step.method, step.path, a.StatusCode, a.body)
		}
	}
	if got := read[[]shown](t, w.do("GET", fiks+bergen+"/roller", "", w.as(privacy))); len(got) != 1 {
		t.Errorf("%d roles", len(got))
	}
}

// An organisation has only the areas that are its own.
func TestNobodyGrantsMoreThanTheOrganisationHas(t *testing.T) {
	w := newWorld(t)
	o := w.Demo.Organisasjoner[0]
	o.Tjenesteomraader = []string{"VALG"}
	ops, err := roles.PutOrganisation(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.state().Commit(t.Context(), ops...); err != nil {
		t.Fatal(err)
	}
	h := w.as(administrator)
	for path, body := range map[string]string{fiks + bergen + "/roller": `{"navn":"En rolle","tjenesteomraade":"BARNEVERN"}`, ours(3, "/tildelinger"): `{"aktorId":"ansatt-01"}`} {
		if a := w.do("POST", path, body, h); a.code() != "OMRAADE_UTENFOR_ORGANISASJONEN" || a.StatusCode != 403 {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	read[shown](t, w.do("POST", fiks+bergen+"/roller", `{"navn":"En rolle","tjenesteomraade":"VALG"}`, h))
}
