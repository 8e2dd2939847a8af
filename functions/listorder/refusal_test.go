package listorder_test

import (
	"net/http"
	"strings"
	"testing"

	"hjemmel/shared/audit"
)

// What cannot be ordered is refused with its name, and written down; nothing is ordered.
func TestOrdersThatCannotBe(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	good := `"rolleId":"` + manntall + `","kommunenummer":["0301"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"]`
	for body, want := range map[string]string{
		`{` + strings.Replace(good, `["0301"]`, `["9999"]`, 1) + `}`:                           "LISTE_UGYLDIG kommunenummer",
		`{` + strings.Replace(good, `["0301"]`, `[]`, 1) + `}`:                                 "LISTE_UGYLDIG kommunenummer",
		`{` + strings.Replace(good, "BOSTED", "BEGGE", 1) + `}`:                                "SOEKEPARAMETER_UTENFOR_ROLLE oppholdskommunenummer",
		`{` + strings.Replace(good, "BOSTED", "INGEN", 1) + `}`:                                "LISTE_UGYLDIG kommuneTilhoerighet",
		`{` + strings.Replace(good, "BOSATT", "BOR", 1) + `}`:                                  "LISTE_UGYLDIG status",
		`{` + strings.Replace(good, `["BOSATT"]`, `[]`, 1) + `}`:                               "LISTE_UGYLDIG status",
		`{` + good + `,"foedt":{"fraAar":2020,"tilAar":2010}}`:                                 "LISTE_UGYLDIG foedt",
		`{` + good + `,"foedt":{"fraAar":20}}`:                                                 "LISTE_UGYLDIG foedt",
		`{` + good + `,"kjoenn":"ANNET"}`:                                                      "LISTE_UGYLDIG kjoenn",
		`{` + good + `,"statsborgerskap":"norsk"}`:                                             "LISTE_UGYLDIG statsborgerskap",
		`{` + good + `,"sivilstand":"SAMBOER"}`:                                                "LISTE_UGYLDIG sivilstand",
		`{` + good + `,"eksportFilformat":"PDF"}`:                                              "LISTE_UGYLDIG eksportFilformat",
		`{` + good + `,"tilleggsopplysninger":["KONTAKT_OG_RESERVASJONSREGISTERET"]}`:          "LISTE_UGYLDIG tilleggsopplysninger",
		`{` + good + `,"eksportFormat":"FINNES_IKKE"}`:                                         "MAL_UKJENT ",
		`{` + good + `,"eksportFormat":"VAKSINE","minimering":["navn_fornavn"]}`:               "KOLONNER_UGYLDIGE ",
		`{` + good + `,"minimering":["=cmd"]}`:                                                 "KOLONNER_UGYLDIGE ",
		`{` + good + `,"minimering":["sivilstand.sivilstand"]}`:                                "OPPLYSNING_UTENFOR_ROLLE sivilstand.sivilstand",
		`{` + good + `,"sivilstand":"GIFT"}`:                                                   "SOEKEPARAMETER_UTENFOR_ROLLE sivilstandstype",
		`{` + strings.Replace(good, manntall, "1000000a-0000-4000-8000-00000000000a", 1) + `}`: "BRUKSOMRAADE_UTENFOR_ROLLE ",
		`{` + strings.Replace(good, manntall, "10000002-0000-4000-8000-000000000002", 1) + `}`: "ROLLE_IKKE_TILGJENGELIG ",
		`{"ukjent":1}`: "UGYLDIG_JSON ",
		`[`:            "UGYLDIG_JSON ",
	} {
		a := w.do("POST", fiks, body, h)
		code, name, _ := strings.Cut(want, " ")
		if a.StatusCode < 400 || a.StatusCode > 403 || a.code() != code || !strings.Contains(string(a.body), name) || a.Header.Get("Hjemmel-Kvittering") == "" {
			t.Errorf("%s: %d %s, want %s", body, a.StatusCode, a.body, want)
		}
	}
	if a := w.do("POST", fiks+"hendelser", `{}`, h); a.code() != "HENDELSER_IKKE_TILGJENGELIG" {
		t.Errorf("%s", a.body)
	}
	for _, e := range w.Entries(t) {
		if e.Utfall == audit.Utfoert {
			t.Errorf("something was ordered: %+v", e)
		}
	}
}

// A list is for those who hold its role now, and to everybody else there is none.
func TestAListIsItsRoles(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	ref := w.order(`{"rolleId":"`+manntall+`","kommunenummer":["0301"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"]}`, h)
	w.finished(manntall, ref, h)
	file := "/hjemmel/v1/lister/" + ref + "/fil"
	for name, c := range map[string]struct {
		h    http.Header
		code string
	}{
		"nobody": {http.Header{}, "TOKEN_MANGLER"}, "another vendor": {w.Vendor(t, 1), "INNBYGGERLISTE_IKKE_FUNNET"},
		"an employee of another organisation": {w.Employee(t, "ansatt-01"), "INNBYGGERLISTE_IKKE_FUNNET"},
		"an employee without the role":        {w.Employee(t, "ansatt-06"), "INNBYGGERLISTE_IKKE_FUNNET"},
	} {
		a := w.do("GET", file, "", c.h)
		none := w.do("GET", "/hjemmel/v1/lister/5b1f6a52-0c8e-4d0b-9a53-0000000000c0/fil", "", c.h)
		if a.code() != c.code || none.code() != c.code || a.StatusCode != none.StatusCode || a.Header.Get("Hjemmel-Kvittering") == "" {
			t.Errorf("%s: %d %s, of none %s", name, a.StatusCode, a.code(), none.code())
		}
		for _, method := range []string{"GET", "DELETE"} {
			if a := w.do(method, fiks+manntall+"/"+ref, "", c.h); a.StatusCode < 401 || a.StatusCode > 403 {
				t.Errorf("%s %s: %d", name, method, a.StatusCode)
			}
		}
		if a := w.do("GET", fiks+"?rolleId="+manntall, "", c.h); a.StatusCode < 401 || a.StatusCode > 403 {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
	}
	if a := w.do("GET", file, "", w.Employee(t, "ansatt-07")); a.StatusCode != 200 {
		t.Errorf("another holder of the role: %d", a.StatusCode)
	}
	if a := w.do("GET", fiks+"?rolleId="+manntall, "", h); a.StatusCode != 200 || !strings.Contains(string(a.body), ref) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}
