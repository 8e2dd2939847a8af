package listorder_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/audit"
)

const skole = "10000002-0000-4000-8000-000000000002"

// On a list for barnehage are those born from the one date to the other: whoever is born the same year and not
// then has no row and no entry.
func TestAListForBarnehage(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	kommune, resident := w.largest()
	protected := w.protected()
	var born []string
	for id, f := range resident {
		if !protected[id] {
			born = append(born, f.Foedselsdato)
		}
	}
	slices.Sort(born)
	middle, err := time.Parse(time.DateOnly, born[len(born)/2])
	if err != nil {
		t.Fatal(err)
	}
	from, to := middle.AddDate(0, -6, 0).Format(time.DateOnly), middle.AddDate(0, 5, 0).Format(time.DateOnly)
	ref, rows := w.made("barnehage", fmt.Sprintf(`{"rolleId":%q,"kommunenummer":[%q],"kommuneTilhoerighet":"BOSTED","foedt":{"fraDato":%q,"tilDato":%q},"eksportFilformat":"CSV"}`, manntall, kommune, from, to), h)
	if !slices.Contains(rows[0], "Fødselsdato") || !slices.Contains(rows[0], "Bostedsadresse") {
		t.Errorf("%v", rows[0])
	}
	on := map[string]bool{}
	for _, r := range rows[1:] {
		on[r[0]] = true
	}
	yearly := 0
	for id, f := range resident {
		in := from <= f.Foedselsdato && f.Foedselsdato <= to
		if from[:4] <= f.Foedselsdato[:4] && f.Foedselsdato[:4] <= to[:4] && !in {
			yearly++
		}
		if on[id] != in && (on[id] || !protected[id]) {
			t.Errorf("born %s, on the list: %v", f.Foedselsdato, on[id])
		}
	}
	told := 0
	for _, e := range w.Entries(t) {
		if e.Gjelder == ref && e.Subjekt != "" {
			told++
		}
		if e.Gjelder == ref && e.Utfall == audit.Avslag {
			t.Error("a refusal is written")
		}
	}
	if told != len(on) || len(on) == 0 || yearly == 0 {
		t.Errorf("%d entries, %d on the list, %d of the same years", told, len(on), yearly)
	}
}

func TestAListForBarnehageByOpphold(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 1)
	ref := w.orderAt("barnehage", `{"rolleId":"`+skole+`","kommunenummer":["0301"],"kommuneTilhoerighet":"OPPHOLD","foedt":{"fraDato":"2020-01-01","tilDato":"2020-12-31"},"eksportFilformat":"CSV"}`, h)
	if r := w.finished(skole, ref, h); r.InnbyggerlisteStatus != "FERDIG" {
		t.Fatalf("%+v\n%s", r, w.Log)
	}
	if rows := w.rows(ref, h); !slices.Contains(rows[0], "Oppholdsadresse") || slices.Contains(rows[0], "Bostedsadresse") {
		t.Errorf("%v", rows[0])
	}
}

func TestListsForBarnehageThatCannotBe(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	good := `{"rolleId":"` + manntall + `","kommunenummer":["0301"],"kommuneTilhoerighet":"BOSTED","foedt":{"fraDato":"2020-01-01","tilDato":"2020-12-31"}}`
	for _, c := range [][3]string{
		{"2020-12-31", "2021-01-02", "foedt"}, {"2020-12-31", "2019-12-31", "foedt"}, {"2020-12-31", "31.12.2020", "foedt"}, {"2020-01-01", "", "foedt"},
		{"BOSTED", "BEGGE", "kommuneTilhoerighet"}, {`"BOSTED"`, `["BOSTED","OPPHOLD"]`, "UGYLDIG_JSON"}, {"0301", "9999", "kommunenummer"}, {`["0301"]`, "[]", "kommunenummer"},
		{manntall, skole, "ROLLE_IKKE_TILGJENGELIG"}, {"BOSTED", "OPPHOLD", "OPPLYSNING_UTENFOR_ROLLE"}, {manntall, "1000000a-0000-4000-8000-00000000000a", "UTENFOR_ROLLE"},
		{`"rolleId"`, `"eksportFormat":"VAKSINE","rolleId"`, "UGYLDIG_JSON"},
	} {
		body := strings.Replace(good, c[0], c[1], 1)
		if a := w.do("POST", fiks+"barnehage", body, h); a.StatusCode < 400 || a.StatusCode > 403 || !strings.Contains(string(a.body), c[2]) {
			t.Errorf("%s: %d %s", body, a.StatusCode, a.body)
		}
	}
}
