package retention_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	function "hjemmel/functions/audit"
	"hjemmel/shared/audit"
	"hjemmel/shared/audit/retain"
	"hjemmel/shared/host/hosttest/served"
)

const (
	bergen = "b8d1c6de-1a44-4f0e-9c1b-6f1d7e0a4601"
	voss   = "c47e0b52-3e9d-4a7a-8f0d-2d9a5b3c4621"
	ombud  = "ansatt-05"
	why    = "Politiet har bedt om at det bevares"
)

type world struct {
	served.World
	t *testing.T
}

func (w world) call(method, who, org, at string, body any) (int, string) {
	w.t.Helper()
	var sent io.Reader = http.NoBody
	if body != nil {
		b, _ := json.Marshal(body)
		sent = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.Base+"/hjemmel/v1/organisasjoner/"+org+"/oppbevaring"+at, sent)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header = w.Employee(w.t, who).Clone()
	r.Header.Set("Content-Type", "application/json")
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return a.StatusCode, string(b)
}

func (w world) rule() retain.Regel {
	w.t.Helper()
	s, err := w.Env.State()
	if err != nil {
		w.t.Fatal(err)
	}
	r, err := retain.New(s).Rule(w.t.Context(), bergen)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

type asked map[string]any

func TestThePrivacyOfficerDecidesHowLongAndWhatIsHeld(t *testing.T) {
	w := world{served.Start(t, []served.Routes{function.Routes}), t}
	if status, b := w.call("GET", ombud, bergen, "", nil); status != 200 || b != `{"aar":5,"bevart":[]}` {
		t.Fatalf("%d %s", status, b)
	}
	if status, b := w.call("PUT", ombud, bergen, "", asked{"aar": 7}); status != 200 || !strings.Contains(b, `"aar":7`) {
		t.Fatalf("%d %s", status, b)
	}
	nr := w.Demo.Personer["vanlig"]
	for _, h := range []asked{
		{"art": "PERSON", "personidentifikator": nr, "begrunnelse": why + " om " + nr},
		{"art": "SAK", "sak": "2026/17", "begrunnelse": why}, {"art": "ALT", "begrunnelse": why},
	} {
		status, b := w.call("POST", ombud, bergen, "/bevaringer", h)
		if status != 201 || strings.Contains(b, nr) {
			t.Errorf("%d %s", status, b)
		}
	}
	rule := w.rule()
	if rule.Aar != 7 || len(rule.Bevart) != 3 || rule.Bevart[0].Verdi == "" || rule.Bevart[0].Verdi == nr || rule.Bevart[1].Verdi != "2026/17" {
		t.Fatalf("%+v", rule)
	}
	_, seen := w.call("GET", ombud, bergen, "", nil)
	if strings.Contains(seen, rule.Bevart[0].Verdi) || strings.Contains(seen, nr) {
		t.Errorf("%s tells whom a hold is about", seen)
	}
	lift := "/bevaringer/" + rule.Bevart[1].ID + "/oppheving"
	for _, c := range []struct {
		why    string
		status int
	}{{"kort", 400}, {"Saken er henlagt", 200}, {"Saken er henlagt igjen", 404}} {
		if status, b := w.call("POST", ombud, bergen, lift, asked{"begrunnelse": c.why}); status != c.status {
			t.Errorf("%s: %d %s", c.why, status, b)
		}
	}
	for handling, said := range map[string]string{"oppbevaring-endret": "", "bevaring-satt": why, "bevaring-opphevet": "Saken er henlagt"} {
		if !slices.ContainsFunc(w.Entries(t), func(e audit.Entry) bool {
			return e.Handling == handling && e.Utfall == audit.Utfoert && e.Aktor == ombud && e.FiksOrgID == bergen && e.Bekreftelse == said
		}) {
			t.Errorf("%s is not in the log", handling)
		}
	}
}

func TestWhatCannotBeDecided(t *testing.T) {
	w := world{served.Start(t, []served.Routes{function.Routes}), t}
	nr := w.Demo.Personer["vanlig"]
	for name, c := range map[string]struct {
		method, who, org, at string
		body                 any
		status               int
	}{
		"a case worker reads":      {"GET", "ansatt-01", bergen, "", nil, 403},
		"an administrator reads":   {"GET", "ansatt-04", bergen, "", nil, 403},
		"another's officer reads":  {"GET", ombud, voss, "", nil, 403},
		"an administrator decides": {"PUT", "ansatt-04", bergen, "", asked{"aar": 1}, 403},
		"another's officer":        {"PUT", ombud, voss, "", asked{"aar": 1}, 403},
		"a case worker holds":      {"POST", "ansatt-01", bergen, "/bevaringer", asked{"art": "ALT", "begrunnelse": why}, 403},
		"a case worker lifts":      {"POST", "ansatt-01", bergen, "/bevaringer/x/oppheving", asked{"begrunnelse": why}, 403},
		"no years":                 {"PUT", ombud, bergen, "", asked{"aar": 0}, 400},
		"eleven years":             {"PUT", ombud, bergen, "", asked{"aar": 11}, 400},
		"no reason":                {"POST", ombud, bergen, "/bevaringer", asked{"art": "ALT"}, 400},
		"no kind":                  {"POST", ombud, bergen, "/bevaringer", asked{"begrunnelse": why}, 400},
		"everything and a person":  {"POST", ombud, bergen, "/bevaringer", asked{"art": "ALT", "personidentifikator": nr, "begrunnelse": why}, 400},
		"a person without number":  {"POST", ombud, bergen, "/bevaringer", asked{"art": "PERSON", "begrunnelse": why}, 400},
		"a number that is none":    {"POST", ombud, bergen, "/bevaringer", asked{"art": "PERSON", "personidentifikator": "123", "begrunnelse": why}, 400},
		"a case without a name":    {"POST", ombud, bergen, "/bevaringer", asked{"art": "SAK", "sak": "  ", "begrunnelse": why}, 400},
	} {
		if status, b := w.call(c.method, c.who, c.org, c.at, c.body); status != c.status || strings.Contains(b, nr) {
			t.Errorf("%s: %d %s", name, status, b)
		}
	}
	if rule := w.rule(); rule.Aar != retain.DefaultAar || len(rule.Bevart) != 0 {
		t.Errorf("%+v", rule)
	}
}
