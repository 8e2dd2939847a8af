package review_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"hjemmel/shared/audit"
	"hjemmel/shared/roles"
)

// From a lookup to a finding that two persons have closed.
func TestALookupIsFoundAndClosedByTwo(t *testing.T) {
	w := begin(t)
	if status := w.lookup(berit, "skilt"); status != 200 {
		t.Fatalf("a colleague: %d", status)
	}
	w.lookup(berit, "vanlig")
	if status := w.lookup(berit, "kortNavn"); status != 403 {
		t.Fatalf("own record: %d", status)
	}
	w.seal()
	all := w.queue(ombud, "")
	if len(all) != 2 {
		t.Fatalf("%+v", all)
	}
	for i, want := range []struct{ scenario, words string }{
		{"KOLLEGA", "Den ansatte spurte om en kollega i samme organisasjon."}, {"EGEN_PERSON", "Den ansatte spurte om seg selv."},
	} {
		a := all[i]
		j := slices.IndexFunc(a.Grunner, func(g grunn) bool { return g.Scenario == want.scenario })
		if j < 0 || a.Grunner[j].Tekst.Nb != want.words || a.Status != "AAPENT" || !slices.Equal(a.Ansatte, []string{berit}) || a.Poeng < 300 || a.RequestID == "" {
			t.Errorf("%+v", a)
		}
	}
	id := all[0].ID
	for _, c := range []struct {
		name, who, at string
		body          any
		status        int
		want          string
	}{
		{"the auditor takes it", revisor, "/overtakelse", nil, 200, `"status":"TATT"`},
		{"nothing is proposed", revisor, "/bekreftelse", asked{"konklusjon": "BRUDD"}, 409, "AVVIK_UTEN_FORSLAG"},
		{"no reason", ombud, "/forslag", asked{"konklusjon": "BRUDD"}, 400, "UGYLDIG_FELT"},
		{"no conclusion", ombud, "/forslag", asked{"begrunnelse": why}, 400, "UGYLDIG_FELT"},
		{"a proposal", ombud, "/forslag", asked{"konklusjon": "BRUDD", "begrunnelse": why + " om 14827849805"}, 200, `"status":"FORESLAATT"`},
		{"one person", ombud, "/bekreftelse", asked{"konklusjon": "BRUDD"}, 403, "AVVIK_TO_PERSONER"},
		{"another conclusion", revisor, "/bekreftelse", asked{"konklusjon": "TJENSTLIG"}, 409, "AVVIK_UTEN_FORSLAG"},
		{"another person", revisor, "/bekreftelse", asked{"konklusjon": "BRUDD", "begrunnelse": "Enig."}, 200, `"status":"LUKKET"`},
		{"once more", revisor, "/bekreftelse", asked{"konklusjon": "BRUDD"}, 409, "AVVIK_LUKKET"},
		{"too late", ombud, "/forslag", asked{"konklusjon": "TJENSTLIG", "begrunnelse": why}, 409, "AVVIK_LUKKET"},
	} {
		if status, b := w.call("POST", c.who, "/"+id+c.at, c.body); status != c.status || !strings.Contains(b, c.want) || strings.Contains(b, "14827849805") {
			t.Errorf("%s: %d %s", c.name, status, b)
		}
	}
	open, closed := w.queue(ombud, ""), w.queue(ombud, "?lukket=true")
	if len(open) != 1 || open[0].ID != all[1].ID || len(closed) != 1 || closed[0].ID != id {
		t.Fatalf("%+v %+v", open, closed)
	}
	if a := closed[0]; a.Forslag.Av != ombud || a.Lukking.Av != "revisor-1" || a.Lukking.Konklusjon != "BRUDD" || a.Forslag.Person+a.Lukking.Person != "" {
		t.Errorf("%+v %+v", a.Forslag, a.Lukking)
	}
	for handling, aktor := range map[string]string{"avvik-tatt": "revisor-1", "avvik-foreslaatt": ombud, "avvik-lukket": "revisor-1"} {
		if !slices.ContainsFunc(w.Entries(t), func(e audit.Entry) bool {
			return e.Handling == handling && e.Aktor == aktor && e.Utfall == audit.Utfoert && e.Gjelder == id && e.Subjekt == all[0].Subjekt && e.FiksOrgID == bergen
		}) {
			t.Errorf("%s is not in the log", handling)
		}
	}
	if !slices.ContainsFunc(w.Entries(t), func(e audit.Entry) bool {
		return e.Feilkode == "AVVIK_TO_PERSONER" && e.Gjelder == id && e.Utfall == audit.Avslag
	}) {
		t.Error("the refusal is not in the log")
	}
}

// What real questions leave in the log is found: close family that is refused, and again, family with a reason, and tries.
func TestWhatQuestionsLeaveIsFound(t *testing.T) {
	w := begin(t)
	w.assign(frode) // skilt, whose child is barnMedDeltBosted
	org := w.Demo.Organisasjoner[0]
	for _, c := range []struct {
		scenario string
		ask      func()
	}{
		{"FAMILIE", func() { w.lookup(frode, "barnMedDeltBosted") }},
		{"GJENTATT_ETTER_AVSLAG", func() { w.lookup(frode, "barnMedDeltBosted") }},
		{"FAMILIE", func() {
			org.HabilitetOverstyring = true
			w.commit(roles.PutOrganisation(org))
			h := w.caller(frode)
			h.Set("Hjemmel-Overstyring", "kanari: eneste på vakt i natt")
			if status := w.ask(h, "foreldreMedDeltBosted"); status != 200 {
				t.Errorf("with a reason: %d", status)
			}
		}},
		{"KOLLEGA", func() { w.lookup(berit, "innflyttet") }}, // Synne, whom the identity system tells of
		{"PROEVING", func() {
			h := w.caller(berit)
			for range 10 {
				if status, _ := w.do("GET", "/folkeregister/api/v1/"+barnevern+"/v1/personer/21850999977?part=navn", h, nil); status != 404 {
					t.Fatalf("a number that is nobody's: %d", status)
				}
			}
		}},
	} {
		before := len(w.queue(ombud, ""))
		c.ask()
		w.seal()
		all := w.queue(ombud, "")
		if len(all) != before+1 || !slices.ContainsFunc(all[before].Grunner, func(g grunn) bool { return g.Scenario == c.scenario }) {
			t.Errorf("%s: %+v", c.scenario, all[before:])
		}
	}
}

// However many propose and confirm at once, two persons have closed it, once.
func TestReviewersAtOnce(t *testing.T) {
	w := begin(t)
	w.lookup(berit, "skilt")
	w.seal()
	id := w.queue(ombud, "")[0].ID
	var all sync.WaitGroup
	var closed atomic.Int32
	for i := range 12 {
		who, at := []string{ombud, revisor}[i%2], []string{"/forslag", "/bekreftelse"}[i/2%2]
		all.Go(func() {
			for range 5 {
				status, b := w.call("POST", who, "/"+id+at, asked{"konklusjon": "BRUDD", "begrunnelse": why})
				if at == "/bekreftelse" && status == 200 {
					closed.Add(1)
				} else if status != 200 && status != 403 && status != 409 {
					t.Errorf("%s: %d %s", at, status, b)
				}
			}
		})
	}
	all.Wait()
	if closed.Load() == 0 { // nobody confirmed what was proposed
		w.call("POST", ombud, "/"+id+"/forslag", asked{"konklusjon": "BRUDD", "begrunnelse": why})
		if status, _ := w.call("POST", revisor, "/"+id+"/bekreftelse", asked{"konklusjon": "BRUDD"}); status == 200 {
			closed.Add(1)
		}
	}
	done := w.queue(ombud, "?lukket=true")
	if closed.Load() != 1 || len(done) != 1 || len(w.queue(ombud, "")) != 0 || done[0].Forslag.Av == done[0].Lukking.Av {
		t.Errorf("closed %d times: %+v", closed.Load(), done)
	}
}

// Whoever a finding is about, because they asked or because they were asked about, is not shown it and cannot close it.
func TestWhomItConcernsDoesNotReview(t *testing.T) {
	w := begin(t)
	w.assign(ombud)
	w.lookup(ombud, "skilt")    // the officer asks about a colleague
	w.lookup(berit, "postboks") // and is asked about
	w.lookup(berit, "kortNavn") // and is not concerned
	w.seal()
	mine, all := w.queue(ombud, ""), w.queue(revisor, "")
	if len(mine) != 1 || len(all) != 3 {
		t.Fatalf("%+v of %+v", mine, all)
	}
	for _, a := range all {
		for _, c := range []struct {
			method, at string
			body       any
		}{
			{"GET", "", nil}, {"POST", "/overtakelse", nil}, {"POST", "/forslag", asked{"konklusjon": "TJENSTLIG", "begrunnelse": why}}, {"POST", "/bekreftelse", asked{"konklusjon": "TJENSTLIG"}},
		} {
			status, b := w.call(c.method, ombud, "/"+a.ID+c.at, c.body)
			if concerned := strings.Contains(b, "AVVIK_GJELDER_DEG"); concerned != (a.ID != mine[0].ID) || concerned && status != 403 {
				t.Errorf("%s %s: %d %s", c.method, c.at, status, b)
			}
		}
	}
}

// Only the privacy officer and the auditor of the very organisation, at our own door.
func TestWhoMayReview(t *testing.T) {
	w := begin(t)
	w.lookup(berit, "skilt")
	w.seal()
	id := w.queue(ombud, "")[0].ID
	propose, rule := asked{"konklusjon": "BRUDD", "begrunnelse": why}, asked{"av": []string{}, "begrunnelse": why}
	for _, o := range []struct {
		method, at string
		body       any
		officer    bool // and not the auditor
	}{
		{"GET", "avvik", nil, false}, {"GET", "avvik/" + id, nil, false}, {"POST", "avvik/" + id + "/overtakelse", nil, false},
		{"POST", "avvik/" + id + "/forslag", propose, false}, {"POST", "avvik/" + id + "/bekreftelse", propose, false},
		{"GET", "avvikregel", nil, false}, {"PUT", "avvikregel", rule, true},
	} {
		callers := map[string]http.Header{
			"a case worker": w.Employee(t, berit), "a colleague": w.Employee(t, frode), "an administrator": w.Employee(t, "ansatt-04"), "the operator": w.Employee(t, "ansatt-08"),
			"a system": w.Vendor(t, 1), "the officer through a system": w.Through(t, 1, ombud),
		}
		if o.officer {
			callers["the auditor"] = w.Employee(t, revisor)
		}
		for name, who := range callers {
			if status, b := w.do(o.method, "/hjemmel/v1/organisasjoner/"+bergen+"/"+o.at, who, o.body); status != 403 || !strings.Contains(b, "FUNKSJON_MANGLER") {
				t.Errorf("%s %s by %s: %d %s", o.method, o.at, name, status, b)
			}
		}
		if status, _ := w.do(o.method, "/hjemmel/v1/organisasjoner/"+bergen+"/"+o.at, http.Header{}, o.body); status != 401 {
			t.Errorf("%s %s by nobody: %d", o.method, o.at, status)
		}
		if status, _ := w.do(o.method, "/hjemmel/v1/organisasjoner/"+voss+"/"+o.at, w.Employee(t, ombud), o.body); status != 403 {
			t.Errorf("%s %s by another's officer: %d", o.method, o.at, status)
		}
	}
	if a := w.queue(ombud, "")[0]; a.Status != "AAPENT" {
		t.Errorf("%+v", a)
	}
}

// The organisation decides by which lines, with a reason; what is switched off is found no more.
func TestTheRule(t *testing.T) {
	w := begin(t)
	at := "/hjemmel/v1/organisasjoner/" + bergen + "/avvikregel"
	rule := asked{
		"av": []string{"KOLLEGA", "UTENFOR_ARBEIDSTID"}, "grense": 300, "toppMinst": 40, "toppGanger": 4, "bomPerTime": 10, "ansattePerPerson": 10,
		"arbeidstidFra": 6, "arbeidstidTil": 20, "helgErArbeidstid": false, "begrunnelse": "Kommunen er liten",
	}
	if status, b := w.do("GET", at, w.Employee(t, revisor), nil); status != 200 || !strings.Contains(b, `"av":[]`) {
		t.Errorf("%d %s", status, b)
	}
	for field, bad := range map[string]any{"begrunnelse": "kort", "grense": 99, "av": []string{"NOE"}, "arbeidstidTil": 5} {
		changed := asked{}
		for k, v := range rule {
			changed[k] = v
		}
		changed[field] = bad
		if status, b := w.do("PUT", at, w.Employee(t, ombud), changed); status != 400 || !strings.Contains(b, field) {
			t.Errorf("%s: %d %s", field, status, b)
		}
	}
	if status, b := w.do("PUT", at, w.Employee(t, ombud), rule); status != 200 || !strings.Contains(b, "KOLLEGA") {
		t.Fatalf("%d %s", status, b)
	}
	w.lookup(berit, "skilt")
	w.lookup(berit, "kortNavn")
	w.seal()
	if all := w.queue(ombud, ""); len(all) != 1 || all[0].Grunner[0].Scenario != "EGEN_PERSON" {
		t.Errorf("%+v", all)
	}
	if !slices.ContainsFunc(w.Entries(t), func(e audit.Entry) bool {
		return e.Handling == "avvikregel-endret" && e.Utfall == audit.Utfoert && e.Bekreftelse == "Kommunen er liten" && slices.Equal(e.Endret, []string{"KOLLEGA", "UTENFOR_ARBEIDSTID"})
	}) {
		t.Error("the decision is not in the log")
	}
}

// Neither findings, refusals nor the function's own log name anybody or repeat a number that was typed where an id belongs.
func TestNobodyIsNamed(t *testing.T) {
	w := begin(t)
	w.lookup(berit, "skilt")
	w.lookup(berit, "kortNavn")
	w.seal()
	nr := w.Demo.Personer["skilt"]
	told := strings.Builder{}
	for _, at := range []string{"", "/" + nr, "?markoer=" + nr, "?antall=0", "?antall=x", "?lukket=ja", "?noe=" + nr} {
		status, b := w.call("GET", ombud, at, nil)
		if at != "" && status != 400 && status != 404 {
			t.Errorf("%s: %d %s", at, status, b)
		}
		told.WriteString(b)
	}
	w.call("POST", ombud, "/"+nr+"/overtakelse", nil)
	for _, e := range w.Entries(t) {
		if strings.HasPrefix(e.Handling, "avvik") {
			told.WriteString(e.Gjelder + e.Formaal + e.Bekreftelse)
		}
	}
	for _, canary := range []string{nr, w.Demo.Personer["kortNavn"], "kanari", "Berit", "Frode", "forseglet"} {
		if strings.Contains(told.String(), canary) {
			t.Errorf("%q is told: %s", canary, told.String())
		}
		if canary != "forseglet" && strings.Contains(w.Log.String(), canary) {
			t.Errorf("%q is logged", canary)
		}
	}
}

// Findings come in the order of time, a page at a time, and there is no other order to ask for.
func TestPages(t *testing.T) {
	w := begin(t)
	for _, name := range []string{"skilt", "kortNavn", "enke"} {
		w.lookup(berit, name)
	}
	w.seal()
	var ids []string
	for at := "?antall=1"; ; {
		status, b := w.call("GET", revisor, at, nil)
		page := read[queue](t, b)
		if status != 200 || len(page.Avvik) > 1 {
			t.Fatalf("%d %s", status, b)
		}
		for _, a := range page.Avvik {
			ids = append(ids, a.ID)
		}
		if page.Neste == "" {
			break
		}
		at = "?antall=1&markoer=" + page.Neste
	}
	if len(ids) != 3 || !slices.IsSorted(ids) {
		t.Error(ids)
	}
	for _, order := range []string{"?sortering=poeng", "?aktor=" + berit, "?ansatt=" + berit} {
		if status, b := w.call("GET", revisor, order, nil); status != 400 || !strings.Contains(b, "UKJENT_PARAMETER") {
			t.Errorf("%s: %d %s", order, status, b)
		}
	}
}
