package lookup_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hjemmel/functions/lookup"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/freg/fregsim"
)

// request is one call that must be refused.
type request struct {
	name, method, path string
	body               string
	header             http.Header
	status             int
	code               string
	// org is the organisation that the entry belongs to.
	org string
}

// badRequests are the ways to ask wrongly. Each has an error of its own.
func badRequests(w *world) []request {
	good, own := w.vendor(1), w.Demo.Organisasjoner[0].FiksOrgID
	vanlig := w.number("vanlig")
	with := func(h http.Header, pairs ...string) http.Header {
		h = h.Clone()
		for i := 0; i < len(pairs); i += 2 {
			h.Set(pairs[i], pairs[i+1])
		}
		return h
	}
	without := func(name string) http.Header {
		h := good.Clone()
		h.Del(name)
		return h
	}
	withJSON := with(good, "Content-Type", "application/json")
	thousandAndOne := `{"foedselsEllerDNummer":["` + strings.Repeat(vanlig+`","`, 1000) + vanlig + `"]}`
	schoolAt := "/register/api/v1/ks/" + skole + "/oppvekst"
	return append(badSearches(w, good), []request{
		{"too few digits", "GET", personer(role(1), "1482784980"), "", good, 400, "UGYLDIG_IDENTIFIKATOR", own},
		{"letters", "GET", personer(role(1), "1482784980x"), "", good, 400, "UGYLDIG_IDENTIFIKATOR", own},
		{"wrong control digit", "GET", personer(role(1), "14827849806"), "", good, 400, "UGYLDIG_IDENTIFIKATOR", own},
		{"impossible date", "GET", personer(role(1), "31842499928"), "", good, 400, "UGYLDIG_IDENTIFIKATOR", own},
		{"somebody who may exist", "GET", personer(role(1), "29020073150"), "", good, 400, "IKKE_SYNTETISK", own},
		{"unknown part", "GET", personer(role(1), vanlig+"?part=skostoerrelse"), "", good, 400, "UKJENT_PART", own},
		{"a part that holds a number", "GET", personer(role(1), vanlig+"?part="+vanlig), "", good, 400, "UGYLDIG_PARAMETER", own},
		{"retired part", "GET", personer(role(1), vanlig+"?part=forholdTilSametingetsValgmanntall"), "", good, 400, "UKJENT_PART", own},
		{"part outside the role", "GET", personer(role(2), vanlig+"?part=navn&part=sivilstand"), "", good, 403, "OPPLYSNING_UTENFOR_ROLLE", own},
		{"group outside the role", "GET", personer(role(3), vanlig+"?part=relasjon-utvidet"), "", good, 403, "OPPLYSNING_UTENFOR_ROLLE", own},
		{"no part and nothing of person-basis", "GET", personer(role(8), vanlig), "", w.vendor(2), 403, "PART_MANGLER", w.Demo.Organisasjoner[1].FiksOrgID},
		{"unknown parameter", "GET", personer(role(1), vanlig+"?felt=navn"), "", good, 400, "UKJENT_PARAMETER", own},
		{"unknown role", "GET", personer("99999999-0000-4000-8000-000000000000", vanlig), "", good, 403, "ROLLE_IKKE_TILGJENGELIG", own},
		{"role id that is no id", "GET", personer("..%2F..", vanlig), "", good, 403, "ROLLE_IKKE_TILGJENGELIG", own},
		{"role of another organisation", "GET", personer(role(7), vanlig), "", good, 403, "ROLLE_IKKE_TILGJENGELIG", own},
		{"role that is not assigned", "GET", personer(role(1), vanlig), "", w.employee("ansatt-02"), 403, "ROLLE_IKKE_TILGJENGELIG", own},
		{"role that has ended", "GET", personer(role(9), vanlig), "", w.vendor(2), 403, "ROLLE_IKKE_AKTIV", w.Demo.Organisasjoner[1].FiksOrgID},
		{"use outside the role", "GET", personer(role(11), vanlig), "", w.vendor(2), 403, "BRUKSOMRAADE_UTENFOR_ROLLE", w.Demo.Organisasjoner[1].FiksOrgID},
		{"no purpose where one is required", "GET", personer(role(4), vanlig), "", good, 400, "FORMAAL_MANGLER", own},
		{"purpose of the wrong form", "GET", personer(role(4), vanlig), "", with(good, lookup.FormaalHeader, "fordi"), 400, "FORMAAL_MANGLER", own},
		{"confirmation too short", "GET", personer(role(1), vanlig), "", with(good, lookup.BekreftelseHeader, "ja"), 403, "BEKREFTELSE_IKKE_TILLATT", own},
		{"wants XML", "GET", personer(role(1), vanlig), "", with(good, "Accept", "application/xml"), 400, "UGYLDIG_ACCEPT", own},

		{"no token", "GET", personer(role(1), vanlig), "", without("Authorization"), 401, "TOKEN_MANGLER", audit.Platform},
		{"half a token", "GET", personer(role(1), vanlig), "", with(good, "Authorization", good.Get("Authorization")[:80]), 401, "TOKEN_UGYLDIG", audit.Platform},
		{"foreign token", "GET", personer(role(1), vanlig), "", with(good, "Authorization", "Bearer "+w.foreignToken()), 401, "TOKEN_FEIL_UTSTEDER", audit.Platform},
		{"expired token", "GET", personer(role(1), vanlig), "", with(good, "Authorization", "Bearer "+w.vendorToken(map[string]any{"exp": time.Now().Add(-time.Hour).Unix()})), 401, "TOKEN_UTLOEPT", audit.Platform},
		{"wrong scope", "GET", personer(role(1), vanlig), "", with(good, "Authorization", "Bearer "+w.vendorToken(map[string]any{"scope": "ks:annet"})), 401, "TOKEN_MANGLER_SCOPE", audit.Platform},
		{"no integration headers", "GET", personer(role(1), vanlig), "", without("Integrasjonid"), 401, "INTEGRASJON_HODER_MANGLER", audit.Platform},
		{"wrong password", "GET", personer(role(1), vanlig), "", with(good, "Integrasjonpassord", "feil"), 401, "INTEGRASJON_AUTENTISERING_FEILET", audit.Platform},
		{"another vendor's integration", "GET", personer(role(1), vanlig), "", with(w.vendor(2), "Integrasjonid", w.integration(1).ID, "Integrasjonpassord", w.integration(1).Passord), 401, "INTEGRASJON_AUTENTISERING_FEILET", audit.Platform},
		{"integration that has ended", "GET", personer(role(3), vanlig), "", w.vendor(3), 401, "INTEGRASJON_AUTENTISERING_FEILET", audit.Platform},

		{"bulk: not JSON", "POST", personer(role(1), "bulkoppslag"), "vær så snill", withJSON, 400, "UGYLDIG_JSON", own},
		{"bulk: cut off", "POST", personer(role(1), "bulkoppslag"), `{"foedselsEllerDNummer":["`, withJSON, 400, "UGYLDIG_JSON", own},
		{"bulk: another type", "POST", personer(role(1), "bulkoppslag"), `{}`, good, 400, "UGYLDIG_INNHOLDSTYPE", own},
		{"bulk: nobody", "POST", personer(role(1), "bulkoppslag"), `{"foedselsEllerDNummer":[]}`, withJSON, 400, "INGEN_PERSONER", own},
		{"bulk: 1001", "POST", personer(role(1), "bulkoppslag"), thousandAndOne, withJSON, 400, "FOR_MANGE_PERSONER", own},
		{"bulk: one bad number", "POST", personer(role(1), "bulkoppslag"), `{"foedselsEllerDNummer":["` + vanlig + `","14827849806"]}`, withJSON, 400, "UGYLDIG_IDENTIFIKATOR", own},
		{"bulk: over 1 MiB", "POST", personer(role(1), "bulkoppslag"), `{"foedselsEllerDNummer":["` + strings.Repeat("1", 1<<20) + `"]}`, withJSON, 413, "FOR_STOR_KROPP", own},
		{"bulk: part outside the role", "POST", personer(role(2), "bulkoppslag?part=sivilstand"), `{"foedselsEllerDNummer":["` + vanlig + `"]}`, withJSON, 403, "OPPLYSNING_UTENFOR_ROLLE", own},

		{"oppvekst: nobody", "POST", schoolAt, `{"foedselsnumre":[]}`, withJSON, 400, "INGEN_PERSONER", own},
		{"oppvekst: the proxy's body", "POST", schoolAt, `{"foedselsEllerDNummer":["` + vanlig + `"]}`, withJSON, 400, "INGEN_PERSONER", own},
		{"oppvekst: 1001", "POST", schoolAt, strings.Replace(thousandAndOne, "foedselsEllerDNummer", "foedselsnumre", 1), withJSON, 400, "FOR_MANGE_PERSONER", own},
		{"oppvekst: one bad number", "POST", schoolAt, `{"foedselsnumre":["` + vanlig + `","14827849806"]}`, withJSON, 400, "UGYLDIG_IDENTIFIKATOR", own},
		{"oppvekst: somebody who may exist", "POST", schoolAt, `{"foedselsnumre":["29020073150"]}`, withJSON, 400, "IKKE_SYNTETISK", own},
		{"oppvekst: part", "POST", schoolAt + "?part=navn", `{"foedselsnumre":["` + vanlig + `"]}`, withJSON, 400, "UKJENT_PARAMETER", own},
		{"oppvekst: a role that lacks elements", "POST", strings.Replace(schoolAt, skole, role(2), 1), `{"foedselsnumre":["` + vanlig + `"]}`, withJSON, 403, "ROLLE_MANGLER_OPPLYSNINGER", own},
		{"oppvekst: a role of another organisation", "POST", strings.Replace(schoolAt, skole, role(7), 1), `{"foedselsnumre":["` + vanlig + `"]}`, withJSON, 403, "ROLLE_IKKE_TILGJENGELIG", own},
		{"oppvekst: another organisation in the address", "POST", "/folkeregister/api/v1/oppvekst/" + w.Demo.Organisasjoner[1].FiksOrgID + "/" + skole, `{"foedselsnumre":["` + vanlig + `"]}`, withJSON, 403, "ROLLE_IKKE_TILGJENGELIG", own},

		{"search: nothing to search by", "GET", personer(role(1), "soek"), "", good, 400, "SOEK_UTEN_KRITERIUM", own},
		{"search: unknown parameter", "GET", personer(role(1), "soek?skostoerrelse=42"), "", good, 400, "UKJENT_PARAMETER", own},
		{"search: bad date", "GET", personer(role(1), "soek?foedselsdato=20260230"), "", good, 400, "UGYLDIG_PARAMETER", own},
		{"search: short street", "GET", personer(role(1), "soek?adressenavn=ab"), "", good, 400, "UGYLDIG_PARAMETER", own},
		{"search: too many hits wanted", "GET", personer(role(1), "soek?navn=Hansen&maksTreff=10001"), "", good, 400, "UGYLDIG_PARAMETER", own},
		{"search: twice the same", "GET", personer(role(1), "soek?navn=A&navn=B"), "", good, 400, "UGYLDIG_PARAMETER", own},
		{"search: parameter outside the role", "GET", personer(role(3), "soek?navn=Hansen&kjoenn=mann"), "", good, 403, "SOEKEPARAMETER_UTENFOR_ROLLE", own},
		{"search: history outside the role", "GET", personer(role(2), "soek?navn=Hansen&opplysningsgrunnlag=historisk"), "", good, 403, "SOEKEPARAMETER_UTENFOR_ROLLE", own},
		{"unique: parameter outside the role", "GET", personer(role(3), "entydigsoek?navn=A+Hansen&utlendingsmyndighetenesidentifikasjonsnummer=201200000109"), "", good, 403, "SOEKEPARAMETER_UTENFOR_ROLLE", own},
	}...)
}

// Each refusal has its own clear error, reaches no register, is written down, and repeats no number.
func TestBadRequestsAreRefusedClearlyAndWrittenDown(t *testing.T) {
	w := newWorld(t)
	for _, r := range badRequests(w) {
		var a answer
		var entries []audit.Entry
		reached := w.asked(func() {
			entries = w.added(func() { a = w.do(r.method, r.path, strings.NewReader(r.body), r.header) })
		})
		p := a.problem(t)
		if a.StatusCode != r.status || p.ErrorCode != r.code || p.Status != r.status || p.Message == "" || p.ErrorID == "" {
			t.Errorf("%s: %d %s, want %d %s", r.name, a.StatusCode, a.body, r.status, r.code)
		}
		if len(reached) > 0 {
			t.Errorf("%s: reached the register", r.name)
		}
		if len(entries) == 0 {
			t.Errorf("%s: not written down", r.name)
			continue
		}
		for _, e := range entries {
			if e.Utfall != audit.Avslag || e.Feilkode != r.code || e.FiksOrgID != r.org || len(e.Levert) > 0 {
				t.Errorf("%s: entry %+v", r.name, e)
			}
		}
		for _, secret := range append(w.secretsOf(r), r.body) {
			if len(secret) > 5 && bytes.Contains(a.body, []byte(secret)) {
				t.Errorf("%s: the answer repeats what was sent", r.name)
			}
		}
	}
	w.noNumberInLog()
}

// secretsOf are the parts of a request that no answer may repeat.
func (w *world) secretsOf(r request) []string {
	last := r.path[strings.LastIndexByte(r.path, '/')+1:]
	id, _, _ := strings.Cut(last, "?")
	if !strings.ContainsAny(id, "0123456789") {
		id = ""
	}
	return []string{w.number("vanlig"), id, strings.TrimPrefix(r.header.Get("Authorization"), "Bearer "), r.header.Get("Integrasjonid"), r.header.Get("Integrasjonpassord")}
}

// noNumberInLog fails the test where a number, a name or a token of the world is in its log.
func (w *world) noNumberInLog() {
	w.t.Helper()
	for name := range w.Demo.Personer {
		if strings.Contains(w.Log.String(), w.number(name)) {
			w.t.Errorf("the number of %s is in the log", name)
		}
	}
	for _, i := range w.Demo.Integrasjoner {
		if strings.Contains(w.Log.String(), i.Passord) || strings.Contains(w.Log.String(), i.ID) {
			w.t.Errorf("an integration's id or password is in the log")
		}
	}
	if strings.Contains(w.Log.String(), "Bearer") || strings.Contains(w.Log.String(), "eyJ") {
		w.t.Error("a token is in the log")
	}
}

func (w *world) vendorToken(change map[string]any) string {
	w.t.Helper()
	i := w.integration(1)
	claims := w.Maskinporten.Claims(w.Client(i.KlientID), "ks:fiks", "")
	for k, v := range change {
		claims[k] = v
	}
	token, err := w.Maskinporten.Sign(claims)
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

func (w *world) foreignToken() string {
	return w.vendorToken(map[string]any{"iss": "https://maskinporten.example/"})
}

// A replayed grant gets no token, so a stolen one is worth nothing.
func TestAReplayedGrantGetsNoToken(t *testing.T) {
	w := newWorld(t)
	form := w.Grant(w.t, 1)
	w.Token(w.t, "/sim/maskinporten/token", form)
	a := w.do("POST", "/sim/maskinporten/token", strings.NewReader(form.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
	if a.StatusCode != 400 || !bytes.Contains(a.body, []byte("invalid_grant")) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// The register failing must never look like "no such person", and never answer anything.
func TestRegisterFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  fregsim.Fault
		status int
		code   string
	}{
		{"down", fregsim.Fault{Kind: fregsim.Status, Status: 503}, 503, "FOLKEREGISTERET_UTILGJENGELIG"},
		{"broken", fregsim.Fault{Kind: fregsim.Status, Status: 500}, 503, "FOLKEREGISTERET_UTILGJENGELIG"},
		{"firewall page", fregsim.Fault{Kind: fregsim.HTML}, 503, "FOLKEREGISTERET_UTILGJENGELIG"},
		{"firewall page that says 404", fregsim.Fault{Kind: fregsim.HTML, Status: 404}, 503, "FOLKEREGISTERET_UTILGJENGELIG"},
		{"cut off", fregsim.Fault{Kind: fregsim.Truncated}, 503, "FOLKEREGISTERET_UTILGJENGELIG"},
		{"not JSON", fregsim.Fault{Kind: fregsim.ContentType}, 503, "FOLKEREGISTERET_UTILGJENGELIG"},
		{"connection reset", fregsim.Fault{Kind: fregsim.Reset}, 503, "FOLKEREGISTERET_UTILGJENGELIG"},
		{"too fast", fregsim.Fault{Kind: fregsim.Status, Status: 429, RetryMillis: 5}, 429, "FOLKEREGISTERET_FOR_MANGE_KALL"},
		{"refused", fregsim.Fault{Kind: fregsim.Status, Status: 403}, 503, "FOLKEREGISTERET_AVVISER"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t) // a breaker of its own
			if err := w.Freg.Faults().Set(c.fault); err != nil {
				t.Fatal(err)
			}
			var a answer
			entries := w.added(func() { a = w.do("GET", personer(role(3), w.number("vanlig")), nil, w.vendor(1)) })
			if p := a.problem(t); a.StatusCode != c.status || p.ErrorCode != c.code {
				t.Errorf("%d %s", a.StatusCode, a.body)
			}
			if len(entries) != 1 || entries[0].Utfall != audit.Feilet || entries[0].Subjekt == "" {
				t.Errorf("entries %+v", entries)
			}
			w.noNumberInLog()
		})
	}
}

func TestAPassingFaultIsMended(t *testing.T) {
	for _, f := range []fregsim.Fault{
		{Kind: fregsim.Status, Status: 503, Times: 2}, {Kind: fregsim.Truncated, Times: 1}, {Kind: fregsim.Reset, Times: 1},
		{Kind: fregsim.Status, Status: 429, RetryMillis: 3, Times: 2}, {Kind: fregsim.HTML, Times: 1},
	} {
		w := newWorld(t)
		if err := w.Freg.Faults().Set(f); err != nil {
			t.Fatal(err)
		}
		if a := w.do("GET", personer(role(3), w.number("vanlig")), nil, w.vendor(1)); a.StatusCode != 200 {
			t.Errorf("%s: %d %s", f.Kind, a.StatusCode, a.body)
		}
	}
}

func TestTheBreakerStopsHammering(t *testing.T) {
	w := newWorld(t)
	h := w.vendor(1)
	if err := w.Freg.Faults().Set(fregsim.Fault{Kind: fregsim.Status, Status: 503}); err != nil {
		t.Fatal(err)
	}
	reached := w.asked(func() {
		for range 30 {
			if a := w.do("GET", personer(role(3), w.number("vanlig")), nil, h); a.StatusCode != 503 {
				t.Fatalf("%d", a.StatusCode)
			}
		}
	})
	if len(reached) > 40 {
		t.Errorf("%d requests reached a register that is down; 30 lookups with retries would be 120", len(reached))
	}
}

func TestAnUnknownPersonIsToldApartAndNotRemembered(t *testing.T) {
	w := newWorld(t)
	h := w.vendor(1)
	reached := w.asked(func() {
		for range 2 {
			a := w.do("GET", personer(role(3), "14827849805"), nil, h)
			if p := a.problem(t); a.StatusCode != 404 || p.ErrorCode != "UKJENT_PERSON" {
				t.Errorf("%d %s", a.StatusCode, a.body)
			}
		}
	})
	if len(reached) != 2 {
		t.Errorf("%d questions reached the register: a 404 was cached or tried again", len(reached))
	}
}

// Who asks, through what, in a role in what state: all of it, on every operation.
func TestEveryOperationCallerAndRoleState(t *testing.T) {
	w := newWorld(t)
	vanlig := w.number("vanlig")
	body := fmt.Sprintf(`{"foedselsEllerDNummer":[%q]}`, vanlig)
	first, last := w.names("vanlig")
	operations := map[string]func(h http.Header, rolle string) answer{
		"person": func(h http.Header, r string) answer { return w.do("GET", personer(r, vanlig), nil, h) },
		"bulkoppslag": func(h http.Header, r string) answer {
			return w.do("POST", personer(r, "bulkoppslag"), strings.NewReader(body), h)
		},
		"soek": func(h http.Header, r string) answer { return w.do("GET", personer(r, "soek?navn="+last), nil, h) },
		"entydigsoek": func(h http.Header, r string) answer {
			return w.do("GET", personer(r, "entydigsoek?navn="+first+"+"+last+"&identifikasjonsnummer="+vanlig), nil, h)
		},
	}
	for op, path := range map[string]string{"personsoek": w.soek(0), "personsoek elsewhere": w.soek(1), "antall": soekAntall} {
		operations[op] = func(h http.Header, r string) answer { return w.post(path, r, fields{"navn": last}, h) }
	}
	operations["fri"] = func(h http.Header, r string) answer { return w.post(soekFri, r, fields{"tekst": last}, h) }
	operations["navn"] = func(h http.Header, r string) answer {
		return w.post(soekNavn, r, fields{"personidentifikatorer": []string{vanlig}}, h)
	}
	callers := map[string]http.Header{
		"nobody": {}, "vendor east": w.vendor(1), "vendor west": w.vendor(2), "ended integration": w.vendor(3),
		"ansatt-01": w.employee("ansatt-01"), "ansatt-02": w.employee("ansatt-02"), "ansatt-07": w.employee("ansatt-07"),
		"ansatt-01 via east": w.viaVendor(1, "ansatt-01"), "ansatt-07 via east": w.viaVendor(1, "ansatt-07"),
	}
	// role → who may; everybody else is refused.
	may := map[string][]string{
		role(1):  {"vendor east", "ansatt-01", "ansatt-01 via east"},
		role(2):  {"vendor east"}, // machines only, though nobody else holds it
		role(3):  {"vendor east", "ansatt-02"},
		role(7):  {"vendor west", "ansatt-07"},
		role(9):  {}, // ended
		role(99): {}, // unknown
	}
	for rolle, allowed := range may {
		for caller, h := range callers {
			for op, call := range operations {
				h := h.Clone()
				h.Set("Content-Type", "application/json")
				a := call(h, rolle)
				want := slices.Contains(allowed, caller)
				if elsewhere := rolle == role(7); op == "personsoek" && elsewhere || op == "personsoek elsewhere" && !elsewhere {
					want = false
				}
				if (a.StatusCode == 200) != want {
					t.Errorf("%s as %s in %s: %d %s", op, caller, rolle[:8], a.StatusCode, a.body)
				}
				if r := a.Header.Get(api.ReceiptHeader); r == "" {
					t.Errorf("%s as %s in %s: %d without a receipt", op, caller, rolle[:8], a.StatusCode)
				}
				if !want && bytes.Contains(a.body, []byte(last)) {
					t.Errorf("%s as %s in %s: a refusal holds a name", op, caller, rolle[:8])
				}
			}
		}
	}
}

// A role that exists elsewhere, one that does not exist and one that is not assigned are told apart
// by nobody.
func TestRolesOfOthersLookLikeNoRoles(t *testing.T) {
	w := newWorld(t)
	h := w.employee("ansatt-02")
	var seen []string
	for _, r := range []string{role(1), role(7), role(99), "tull"} {
		a := w.do("GET", personer(r, w.number("vanlig")), nil, h)
		p := a.problem(t)
		p.ErrorID, p.Instance, p.Timestamp = "", "", 0
		b, _ := json.Marshal(p)
		seen = append(seen, string(b))
	}
	if len(slices.Compact(seen)) != 1 {
		t.Errorf("%q", seen)
	}
}
