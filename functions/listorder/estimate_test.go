package listorder_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hjemmel/shared/audit"
)

type anslag struct {
	RolleID   string
	Kriterier []string
	Kolonner  []struct{ Navn, Overskrift string }
	Valgbare  []struct{ Navn string }
	Maler     []string
	Anslag    struct {
		Fra, Til *int
		Grunnlag string
	}
	Eksempel [][]string
}

func (w *world) try(body string) anslag {
	w.t.Helper()
	a := w.do("POST", "/hjemmel/v1/lister/anslag", body, w.Vendor(w.t, 2))
	var out anslag
	if err := json.Unmarshal(a.body, &out); err != nil || a.StatusCode != 200 || a.Header.Get("Hjemmel-Kvittering") == "" {
		w.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return out
}

// An order can be tried: it is told what it would become, with made-up persons and a coarse size, the register is
// not asked, and nothing is ordered.
func TestAnOrderCanBeTried(t *testing.T) {
	w := newWorld(t)
	kommune, _ := w.largest()
	body := `{"rolleId":"` + manntall + `","kommunenummer":["` + kommune + `"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"],"minimering":["navn.fornavn","foedsel.foedselsdato"]}`
	first := w.try(body)
	if first.Anslag.Grunnlag != "UKJENT" || first.Anslag.Fra != nil || len(first.Kriterier) != 2 || len(first.Kolonner) != 2 || first.Kolonner[0].Overskrift != "Fornavn" {
		t.Errorf("%+v", first)
	}
	if len(first.Valgbare) < 3 || len(first.Eksempel) != 5 {
		t.Errorf("%+v", first)
	}
	for _, row := range first.Eksempel {
		if len(row) != 2 || row[0] == "" || row[1] == "" {
			t.Errorf("%v", row)
		}
	}
	h := w.Vendor(t, 2)
	r := w.finished(manntall, w.order(body, h), h)
	again := w.try(strings.Replace(body, `"navn.fornavn",`, "", 1)) // other columns, the same persons
	if again.Anslag.Grunnlag != "TIDLIGERE_LISTE" || *again.Anslag.Fra > r.Rader || *again.Anslag.Til < r.Rader || *again.Anslag.Til-*again.Anslag.Fra < 49 {
		t.Errorf("%+v of %d", again.Anslag, r.Rader)
	}
	if other := w.try(strings.Replace(body, "BOSATT", "DOED", 1)); other.Anslag.Grunnlag != "UKJENT" {
		t.Errorf("%+v", other)
	}
	for _, e := range w.Entries(t) {
		if e.Handling == "innbyggerliste-anslag" && (e.Utfall != audit.Utlevert || e.Subjekt != "" || !slices.Contains(e.Parametre, "bostedskommunenummer") || e.Rolle != manntall) {
			t.Errorf("%+v", e)
		}
	}
}

// The templates that are offered are those that can be ordered, and no others.
func TestTheTemplatesThatAreOfferedCanBeOrdered(t *testing.T) {
	w := newWorld(t)
	body := `{"rolleId":"` + manntall + `","kommunenummer":["4621"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"],"eksportFormat":"`
	offered := w.try(body + `LISTESOEK"}`).Maler
	for _, mal := range []string{"LISTESOEK", "VAKSINE", "ALDERSGRUPPE", "BARNEHAGE", "BARNEHAGE_FOR_OPPHOLDSADRESSE", "SVAR_UT", "SEND_SMS"} {
		a := w.do("POST", "/hjemmel/v1/lister/anslag", body+mal+`"}`, w.Vendor(t, 2))
		if (a.StatusCode == 200) != slices.Contains(offered, mal) {
			t.Errorf("%s: %d, and %v are offered", mal, a.StatusCode, offered)
		}
	}
}

// What could not be ordered cannot be tried, with the same reasons.
func TestWhatCannotBeOrderedCannotBeTried(t *testing.T) {
	w := newWorld(t)
	good := `"rolleId":"` + manntall + `","kommunenummer":["0301"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"]`
	for _, body := range []string{
		`{` + strings.Replace(good, `["0301"]`, `["9999"]`, 1) + `}`, `{` + good + `,"minimering":["sivilstand.sivilstand"]}`, `{` + good + `,"sivilstand":"GIFT"}`,
		`{` + good + `,"eksportFormat":"FINNES_IKKE"}`, `{` + strings.Replace(good, manntall, "10000002-0000-4000-8000-000000000002", 1) + `}`, `[`,
	} {
		tried := w.do("POST", "/hjemmel/v1/lister/anslag", body, w.Vendor(t, 2))
		ordered := w.do("POST", fiks, body, w.Vendor(t, 2))
		if tried.StatusCode != ordered.StatusCode || tried.code() != ordered.code() || tried.code() == "" || tried.Header.Get("Hjemmel-Kvittering") == "" {
			t.Errorf("%s: %d %s, ordered %d %s", body, tried.StatusCode, tried.code(), ordered.StatusCode, ordered.code())
		}
		if bytes.Contains(tried.body, []byte("eksempel")) {
			t.Errorf("%s", tried.body)
		}
	}
}
