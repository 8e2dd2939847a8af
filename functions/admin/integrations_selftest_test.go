package admin

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"hjemmel/functions/admin/integrations"
	"hjemmel/shared/audit"
	"hjemmel/shared/identity"
)

const selvtest = "/hjemmel/v1/integrasjoner/selvtest"

func role(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", 0x10000000+n, n) }

// failed names what failed, and the last that was looked at.
func failed(a integrations.Selvtest) string {
	var names []string
	for _, c := range a.Kontroller {
		if c.Resultat == identity.Failed {
			names = append(names, c.Kontroll)
		}
	}
	return strings.Join(names, " ")
}

func TestASelfTestSaysWhatIsWrong(t *testing.T) {
	w := newTown(t)
	good, other := w.vendor(1), w.vendorToken(2)
	i := w.Demo.Integrasjoner
	token := strings.TrimPrefix(good.Get("Authorization"), "Bearer ")
	for name, c := range map[string]struct {
		h    http.Header
		body string
		want string
	}{
		"all is well":              {good, "", ""},
		"with a role":              {good, `{"rolleId":"` + role(1) + `"}`, ""},
		"an employee via vendor":   {w.viaVendor(1, "ansatt-01"), `{"rolleId":"` + role(1) + `"}`, ""},
		"another's role":           {good, `{"rolleId":"` + role(6) + `"}`, "ROLLE_FINNES"},
		"no role":                  {good, `{"rolleId":"../x"}`, "ROLLE_FINNES"},
		"not the employee's":       {w.viaVendor(1, "ansatt-01"), `{"rolleId":"` + role(2) + `"}`, "ROLLE_TILDELT"},
		"no token":                 {http.Header{"Integrasjonid": good["Integrasjonid"]}, "", "TOKEN_FORM"},
		"a word for a token":       {login("hemmelig", i[0].ID, i[0].Passord), "", "TOKEN_FORM"},
		"a broken signature":       {login(token[:len(token)-8]+"AAAAAAAA", i[0].ID, i[0].Passord), "", "TOKEN_SIGNATUR"},
		"an employee's own":        {w.as("ansatt-01"), "", "TOKEN_SCOPE"},
		"no headers":               {http.Header{"Authorization": good["Authorization"]}, "", "INTEGRASJON_PASSORD"},
		"own, wrong password":      {login(token, i[0].ID, "feil"), "", "INTEGRASJON_PASSORD"},
		"own, off":                 {login(token, i[2].ID, i[2].Passord), "", "INTEGRASJON_AKTIV"},
		"right password, other":    {login(other, i[0].ID, i[0].Passord), "", "INTEGRASJON_ORGANISASJON"},
		"stranger, wrong password": {login(other, i[0].ID, "feil"), "", "INTEGRASJON_PASSORD"},
	} {
		a := w.ask("POST", selvtest, c.body, c.h)
		got := read[integrations.Selvtest](t, a)
		if a.StatusCode != 200 || failed(got) != c.want || (got.Resultat == identity.Passed) != (c.want == "") || a.Header.Get("Hjemmel-Kvittering") == "" {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
		for _, secret := range []string{token, i[0].Passord, "hemmelig", i[0].ID, i[0].Orgnr} {
			if strings.Contains(string(a.body), secret) {
				t.Errorf("%s: what was sent is in the answer: %s", name, a.body)
			}
		}
	}
}

// Whoever is a stranger to the integration gets one answer, to the byte, whatever is the matter.
func TestStrangersAreToldTheSame(t *testing.T) {
	w := newTown(t)
	in := w.Demo.Integrasjoner
	admin := w.as(arne)
	mine := w.newIntegration(admin)
	a := w.ask("POST", integrasjoner+"/"+mine.ID+"/passord", `{"overlappTimer":0}`, admin, "If-Match", mine.ETag)
	if a.StatusCode != 200 {
		t.Fatal(string(a.body))
	}
	stranger, employee := w.vendorToken(2), strings.TrimPrefix(w.viaVendor(1, "ansatt-02").Get("Authorization"), "Bearer ")
	answers := map[string][]string{}
	for name, h := range map[string]http.Header{
		"no such":                       login(stranger, "20000001-0000-4000-9000-0000000000ff", "feil"),
		"no id at all":                  login(stranger, "x", "feil"),
		"is there":                      login(stranger, in[0].ID, "feil"),
		"is off":                        login(stranger, in[2].ID, "feil"),
		"own password, other's id":      login(stranger, in[0].ID, in[1].Passord),
		"a password that was replaced":  login(stranger, mine.ID, mine.NyttPassord),
		"an employee with the vendor's": login(employee, in[0].ID, "feil"),
		"an employee, a replaced one":   login(employee, mine.ID, mine.NyttPassord),
		"an employee, is off":           login(employee, in[2].ID, "feil"),
	} {
		added := w.entries(func() { a = w.ask("POST", selvtest, `{"rolleId":"`+role(1)+`"}`, h) })
		answers[string(a.body)] = append(answers[string(a.body)], name)
		if !strings.Contains(string(a.body), "INTEGRASJON_AUTENTISERING_FEILET") || len(added) != 1 || added[0].FiksOrgID != audit.Platform || added[0].Aktor != "" {
			t.Errorf("%s: %s %+v", name, a.body, added)
		}
	}
	if len(answers) != 1 {
		t.Errorf("strangers can tell %v apart", answers)
	}
	// The vendor itself is told that it was replaced.
	a = w.ask("POST", selvtest, "", login(w.vendorToken(1), mine.ID, mine.NyttPassord))
	if !strings.Contains(string(a.body), "byttet ut") {
		t.Errorf("%s", a.body)
	}
}

func TestSelfTestsAreCounted(t *testing.T) {
	w := newTown(t)
	h := w.vendor(1)
	for n := range integrations.PerVendor + 1 {
		a := w.ask("POST", selvtest, "", h)
		if (a.StatusCode == http.StatusTooManyRequests) != (n == integrations.PerVendor) {
			t.Fatalf("number %d: %d %s", n, a.StatusCode, a.body)
		}
	}
	if a := w.ask("POST", selvtest, "", w.vendor(2)); a.StatusCode != 200 {
		t.Errorf("another vendor: %d", a.StatusCode)
	}
}
