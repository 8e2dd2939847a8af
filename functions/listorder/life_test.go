package listorder_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"
)

// An organisation may shorten how long its lists can be had, for lists from then on.
func TestAnOrganisationShortensTheLifeOfItsLists(t *testing.T) {
	w := newWorld(t)
	h, admin := w.Vendor(t, 2), w.Employee(t, "ansatt-07")
	settings := "/hjemmel/v1/organisasjoner/" + voss + "/innstillinger"
	days := func(ref string) int {
		t.Helper()
		var r struct{ Opprettet, Utlopsdato time.Time }
		if a := w.do("GET", fiks+manntall+"/"+ref, "", h); json.Unmarshal(a.body, &r) != nil || a.StatusCode != 200 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		return int(r.Utlopsdato.Sub(r.Opprettet).Round(time.Hour) / (24 * time.Hour))
	}
	before := w.order(simple, h)
	for _, n := range []string{"0", "15", "-1"} {
		if a := w.do("PUT", settings, `{"selvtildelingUtenGodkjenning":false,"listerDager":`+n+`}`, admin); a.code() != "UGYLDIG_FELT" || !strings.Contains(string(a.body), "listerDager") {
			t.Errorf("%s: %d %s", n, a.StatusCode, a.body)
		}
	}
	if a := w.do("PUT", settings, `{"selvtildelingUtenGodkjenning":false,"listerDager":3}`, w.Employee(t, "ansatt-06")); a.code() != "FUNKSJON_MANGLER" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	for _, body := range []string{`{"selvtildelingUtenGodkjenning":false,"listerDager":3}`, `{"selvtildelingUtenGodkjenning":false}`} { // what is not said stays
		if a := w.do("PUT", settings, body, admin); a.StatusCode != 200 || !strings.Contains(string(a.body), `"listerDager":3`) {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	after := w.order(simple, h)
	if days(before) != 14 || days(after) != 3 {
		t.Error("days: " + strconv.Itoa(days(before)) + " " + strconv.Itoa(days(after)))
	}
	changed := 0
	for _, e := range w.Entries(t) {
		if e.Handling == "innstilling-endret" && e.Utfall == "UTFOERT" {
			changed++
		}
	}
	if changed != 2 {
		t.Errorf("%d entries", changed)
	}
}
