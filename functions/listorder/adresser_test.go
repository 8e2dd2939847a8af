package listorder_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"hjemmel/shared/audit"
	"hjemmel/shared/freg/fregsim/population"
)

func addresses(all ...population.Adresse) string {
	type address struct {
		Adressenavn   string `json:"adressenavn"`
		Husnummer     string `json:"husnummer,omitempty"`
		Kommunenummer string `json:"kommunenummer"`
	}
	of := []address{}
	for _, a := range all {
		of = append(of, address{a.Adressenavn, a.Husnummer, a.Kommunenummer})
	}
	b, _ := json.Marshal(map[string]any{"adresser": of})
	return string(b)
}

// Those who live at the addresses are told of at once, and a protected one among them looks like nobody: in the
// answer and in the log.
func TestAddressesAreAnsweredAtOnce(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	f, home := w.living()
	var hidden population.Adresse
	for p := range w.Freg.Population().Each {
		if p.ID == w.Person("fortrolig") {
			hidden = p.Adresser[len(p.Adresser)-1]
		}
	}
	ask := func(all ...population.Adresse) (answer, []audit.Entry) {
		t.Helper()
		before := len(w.Entries(t))
		a := w.do("POST", fiks+manntall+"/adresselistesoek", addresses(all...), h)
		if a.StatusCode != 200 || a.Header.Get("Hjemmel-Kvittering") == "" {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		return a, w.Entries(t)[before:]
	}
	a, entries := ask(home, hidden)
	var got struct {
		Personer []struct {
			Personidentifikator  string
			Personnavn           struct{ Fornavn, Etternavn string }
			Telefonnummer, Epost *string
		}
	}
	if err := json.Unmarshal(a.body, &got); err != nil {
		t.Fatal(err)
	}
	found, told := 0, 0
	for _, p := range got.Personer {
		if p.Personidentifikator == f.ID.Reveal() && p.Personnavn.Etternavn == f.Navn[0].Etternavn && p.Telefonnummer != nil && *p.Epost == "" {
			found++
		}
		if p.Personidentifikator == w.Person("fortrolig").Reveal() {
			t.Error("found by where they live")
		}
	}
	for _, e := range entries {
		if e.Subjekt != "" {
			told++
		}
	}
	if found != 1 || told != len(got.Personer) {
		t.Errorf("found %d times, %d entries for %s", found, told, a.body)
	}
	gone := hidden
	gone.Adressenavn = "Ingensteds vei"
	one, of := ask(hidden)
	none, nobody := ask(gone)
	if string(one.body) != string(none.body) || len(of) != len(nobody) || string(none.body) != `{"personer":[]}` {
		t.Errorf("%s with %d entries, of nobody %s with %d", one.body, len(of), none.body, len(nobody))
	}
	w.quiet(home.Adressenavn+`"`, f.ID.Reveal())
}

func TestAddressesThatCannotBeAskedFor(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	good := `{"adressenavn":"Storgata","husnummer":"1","kommunenummer":"0301"}`
	for body, want := range map[string]string{
		`{"adresser":[]}`: "LISTE_UGYLDIG", `{}`: "LISTE_UGYLDIG", `{"adresser":[` + good + `,{"adressenavn":"KANARI","kommunenummer":"9999"}]}`: "adresser[1]",
		`{"adresser":[{"kommunenummer":"0301"}]}`: "adresser[0]", `{"adresser":[{"adressenavn":"Storgata"}]}`: "adresser[0]", `{"adresser":[{"adressenavn":"=1+1()","kommunenummer":"0301"}]}`: "adresser[0]",
		`{"adresser":[` + strings.Repeat(good+",", 100) + good + `]}`: "LISTE_UGYLDIG", `{"adresser":[{"navn":"KANARI"}]}`: "UGYLDIG_JSON",
	} {
		if a := w.do("POST", fiks+manntall+"/adresselistesoek", body, h); a.StatusCode != 400 || !strings.Contains(string(a.body), want) || strings.Contains(string(a.body), "KANARI") {
			t.Errorf("%.80s: %d %s", body, a.StatusCode, a.body)
		}
	}
	for name, c := range map[string]struct {
		role string
		who  http.Header
	}{
		"another vendor": {manntall, w.Vendor(t, 1)}, "an employee without the role": {manntall, w.Employee(t, "ansatt-06")}, "a role without lists": {"1000000a-0000-4000-8000-00000000000a", h},
		"a kommune outside the role": {"10000006-0000-4000-8000-000000000006", h}, "nobody": {manntall, http.Header{}},
	} {
		if a := w.do("POST", fiks+c.role+"/adresselistesoek", `{"adresser":[`+good+`]}`, c.who); a.StatusCode != 401 && a.StatusCode != 403 {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
}

// What somebody else must approve is not answered before anybody can.
func TestAddressesAreNotAWayPastApproval(t *testing.T) {
	w := newWorld(t)
	w.approving()
	_, home := w.living()
	h := w.Vendor(t, 2)
	if a := w.do("POST", fiks+manntall+"/adresselistesoek", addresses(home), h); a.StatusCode != 403 || a.code() != "LISTE_KREVER_GODKJENNING" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	f, _ := w.living()
	for name, a := range map[string]answer{
		"a file":    w.csvOrder(byNumber, "personidentifikator\n"+f.ID.Reveal()+"\n", h),
		"a search":  w.do("POST", fiks+"soek", `{"soek":{"rolleId":"`+manntall+`","navn":`+quoted(f.Navn[0].Etternavn)+`}}`, h),
		"barnehage": w.do("POST", fiks+"barnehage", `{"rolleId":"`+manntall+`","kommunenummer":["0301"],"kommuneTilhoerighet":"BOSTED","foedt":{"fraDato":"2020-01-01","tilDato":"2020-12-31"}}`, h),
	} {
		var r struct{ Ref string }
		if err := json.Unmarshal(a.body, &r); err != nil || a.StatusCode != 200 {
			t.Fatalf("%s: %d %s", name, a.StatusCode, a.body)
		}
		if status, tilstand := w.approvalOf(r.Ref); status != "OPPRETTET" || tilstand != "VENTER" {
			t.Errorf("%s: %s %s", name, status, tilstand)
		}
		other := w.Employee(t, "ansatt-06")
		if a := w.do("GET", approval(r.Ref), "", other); a.StatusCode != 200 || !strings.Contains(string(a.body), "UKJENT") {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
		if a := w.do("POST", approval(r.Ref), `{"godkjent":true}`, other); a.StatusCode != 200 {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
		if l := w.finished(manntall, r.Ref, h); l.InnbyggerlisteStatus != "FERDIG" {
			t.Errorf("%s: %+v", name, l)
		}
	}
}
