package lookup_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"testing/fstest"

	"hjemmel/functions/lookup"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/roles"
	"hjemmel/shared/store"
)

// write commits what a writer of roles gives.
func (w *world) write(ops []store.Op, err error) {
	w.t.Helper()
	s, err2 := w.Env.State()
	if err != nil || err2 != nil {
		w.t.Fatal(err, err2)
	}
	if err := s.Commit(context.Background(), ops...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) assign(aktor, rolle string) {
	w.t.Helper()
	w.write(roles.PutAssignment(policy.Tildeling{AktorID: aktor, RolleID: rolle}))
}

// setting changes the first organisation.
func (w *world) setting(change func(*roles.Organisation)) {
	w.t.Helper()
	o := w.Demo.Organisasjoner[0]
	change(&o)
	w.write(roles.PutOrganisation(o))
}

// demoRole reads a role of the demo as it stands in the store, for tests that change it.
func (w *world) demoRole(id string, change func(*policy.Role)) policy.Role {
	w.t.Helper()
	s, err := w.Env.State()
	if err != nil {
		w.t.Fatal(err)
	}
	rec, err := s.Get(context.Background(), "rolle/"+id)
	if err != nil {
		w.t.Fatal(err)
	}
	var r policy.Role
	if err := json.Unmarshal(rec.Value, &r); err != nil {
		w.t.Fatal(err)
	}
	r.Versjon++
	change(&r)
	w.write(roles.PutRole(katalog.Standard(), r))
	return r
}

func with(h http.Header, pairs ...string) http.Header {
	h = h.Clone()
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

const overstyring = "eneste på vakt i natt"

// An employee gets nothing about close family, by any operation and in either package of rights.
func TestNobodyLooksUpCloseFamily(t *testing.T) {
	w := newWorld(t)
	w.assign("ansatt-02", role(1)) // skilt: once married to foreldreMedDeltBosted, mother of barnMedDeltBosted
	h := w.employee("ansatt-02")
	for _, name := range []string{"skilt", "foreldreMedDeltBosted", "barnMedDeltBosted"} {
		for _, rolle := range []string{role(1), role(3)} {
			var a answer
			entries := w.added(func() { a = w.do("GET", personer(rolle, w.number(name)+"?part=navn"), nil, h) })
			if p := a.problem(t); a.StatusCode != 403 || p.ErrorCode != "UTLEVERING_IKKE_TILLATT" {
				t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
			}
			if e := entries[0]; len(entries) != 1 || e.Utfall != audit.Avslag || len(e.Regler) == 0 || len(e.Levert) > 0 {
				t.Errorf("%s: entries %+v", name, entries)
			}
			if b := w.bulk(h, rolle, "?part=navn", w.number(name)).bulk(t); b[0].Person != nil || b[0].Feil == nil {
				t.Errorf("%s: in bulk %+v", name, b)
			}
		}
		first, last := w.names(name)
		if hits := w.do("GET", personer(role(1), "soek?navn="+last), nil, h).hits(t); slices.Contains(hits, w.number(name)) {
			t.Errorf("%s is found", name)
		}
		if a := w.do("GET", personer(role(1), "entydigsoek?navn="+first+"+"+last+"&identifikasjonsnummer="+w.number(name)), nil, h); a.StatusCode != 404 {
			t.Errorf("%s: unique %d", name, a.StatusCode)
		}
		if a := w.do("GET", personer(role(1), w.number(name)+"?part=navn"), nil, w.vendor(1)); a.StatusCode != 200 {
			t.Errorf("%s: a system gets %d", name, a.StatusCode)
		}
	}
	if a := w.do("GET", personer(role(1), w.number("vanlig")+"?part=navn"), nil, h); a.StatusCode != 200 {
		t.Errorf("a stranger: %d %s", a.StatusCode, a.body)
	}
}

// The employee's own circle is asked for once, with the least that tells it, and not again for a while.
func TestTheCircleIsAskedForOnce(t *testing.T) {
	w := newWorld(t)
	h := w.employee("ansatt-02")
	ask := func() []fregsim.Request {
		return w.asked(func() { w.do("GET", personer(role(3), w.number("vanlig")), nil, h) })
	}
	first, second := ask(), ask()
	if len(first) != 3 || len(second) != 1 {
		t.Fatalf("%d questions, then %d: %+v", len(first), len(second), first)
	}
	if own := first[0]; own.IDs != 1 || !slices.Equal(own.Parts, []string{"familierelasjon", "sivilstand", "foreldreansvar", "bostedsadresse", "historikk"}) {
		t.Errorf("own: %+v", own)
	}
	if kin := first[1]; !slices.Equal(kin.Parts, []string{"familierelasjon"}) {
		t.Errorf("kin: %+v", kin)
	}
	if w.asked(func() { w.do("GET", personer(role(3), w.number("vanlig")), nil, w.vendor(1)) })[0].Pakke != document.OUtH {
		t.Error("a system has no circle")
	}
}

// A reason sets habilitet aside where the organisation allows it, and is written down.
func TestOverride(t *testing.T) {
	w := newWorld(t)
	w.assign("ansatt-02", role(1))
	h := with(w.employee("ansatt-02"), lookup.OverstyringHeader, overstyring)
	ask := func(name string) answer { return w.do("GET", personer(role(1), w.number(name)+"?part=navn"), nil, h) }
	if p := ask("barnMedDeltBosted").problem(t); p.ErrorCode != "OVERSTYRING_IKKE_TILLATT" {
		t.Errorf("not allowed, and %s", p.ErrorCode)
	}
	w.setting(func(o *roles.Organisation) { o.HabilitetOverstyring = true })
	var a answer
	entries := w.added(func() { a = ask("barnMedDeltBosted") })
	if e := entries[0]; a.StatusCode != 200 || e.Overstyring != overstyring || !slices.Equal(e.Regler, []string{"habilitet-overstyrt", "habilitet-familie"}) {
		t.Errorf("%d %+v", a.StatusCode, e)
	}
	entries = w.added(func() { a = ask("vanlig") })
	if e := entries[0]; a.StatusCode != 200 || e.Overstyring != overstyring || len(e.Regler) > 0 {
		t.Errorf("nothing to set aside: %d %+v", a.StatusCode, e)
	}
	number := w.number("barnMedDeltBosted")
	for name, overridden := range map[string]bool{"with a reason in the body": true, "without": false} {
		body := fields{"tekst": number}
		if overridden {
			body["overstyring"], body["formaal"] = overstyring+" – så å si", "sak 2026/17 – hør"
		}
		entries = w.added(func() { a = w.post(soekFri, role(1), body, w.employee("ansatt-02")) })
		if e := entries[0]; (a.StatusCode == 200) != overridden || overridden && (e.Overstyring != body["overstyring"] || e.Formaal != body["formaal"]) {
			t.Errorf("in one box, %s: %d %s %+v", name, a.StatusCode, a.body, e)
		}
	}
	if p := ask("skilt").problem(t); p.ErrorCode != "UTLEVERING_IKKE_TILLATT" {
		t.Errorf("own record: %s", p.ErrorCode)
	}
	if a := w.bulk(h, role(1), "?part=navn", w.number("barnMedDeltBosted")); a.StatusCode != 403 {
		t.Errorf("in bulk: %d", a.StatusCode)
	}
}

// Trap of others (reference/peers.md §1.3): a person or an employee whom the register does not know
// must not be granted anything.
func TestAnEmployeeUnknownToTheRegisterGetsNothing(t *testing.T) {
	w := newWorld(t)
	h := w.employee("ansatt-02")
	if err := w.Freg.Faults().Set(fregsim.Fault{Kind: fregsim.Status, Status: 404, Resource: "personer", Times: 1}); err != nil {
		t.Fatal(err)
	}
	var a answer
	entries := w.added(func() { a = w.do("GET", personer(role(3), w.number("vanlig")), nil, h) })
	if p := a.problem(t); p.ErrorCode != "UTLEVERING_IKKE_TILLATT" || !slices.Contains(entries[0].Regler, "habilitet-ukjent") {
		t.Errorf("%d %s %+v", a.StatusCode, a.body, entries)
	}
	if a := w.do("GET", personer(role(3), "14827849805"), nil, h); a.StatusCode != 404 || a.Header.Get(api.ReceiptHeader) == "" {
		t.Errorf("nobody: %d", a.StatusCode)
	}
	if a := w.do("GET", personer(role(3), w.number("vanlig")), nil, h); a.StatusCode != 200 {
		t.Errorf("what could not be established was remembered: %d", a.StatusCode)
	}
}

// Trap of others: a lookup of relatives that fails must refuse.
func TestAFailingLookupOfRelativesAnswersNothing(t *testing.T) {
	w := newWorld(t)
	w.assign("ansatt-02", role(1))
	for name, c := range map[string]struct {
		resource string
		header   http.Header
	}{
		"the employee's own document":      {"personer", w.employee("ansatt-02")},
		"the employee's parents, children": {"bulkoppslag", w.employee("ansatt-02")},
		"the person's relatives":           {"bulkoppslag", w.vendor(1)},
	} {
		for _, f := range []fregsim.Fault{{Kind: fregsim.Status, Status: 503}, {Kind: fregsim.Truncated}, {Kind: fregsim.HTML}, {Kind: fregsim.Status, Status: 403}} {
			w.Freg.Faults().Clear()
			f.Resource = c.resource
			if err := w.Freg.Faults().Set(f); err != nil {
				t.Fatal(err)
			}
			var a answer
			entries := w.added(func() {
				a = w.do("GET", personer(role(1), w.number("vanlig")+"?part=navn&part=bostedsadresse"), nil, c.header)
			})
			if a.StatusCode != 503 || entries[0].Utfall != audit.Feilet || len(entries[0].Levert) > 0 {
				t.Errorf("%s, %s: %d %s", name, f.Kind, a.StatusCode, a.body)
			}
		}
	}
}

// Trap of others: no reason, however old, opens a family member who is strengt fortrolig.
func TestAnOverrideNeverReachesTheStrictlyProtected(t *testing.T) {
	var skilt, hidden string
	peek := newWorld(t)
	skilt, hidden = peek.number("skilt"), peek.number("strengtFortrolig")
	own := `{"identifikasjonsnummer":[{"erGjeldende":true,"status":"iBruk","foedselsEllerDNummer":"` + skilt + `"}],` +
		`"sivilstand":[{"erGjeldende":true,"sivilstand":"skilt","relatertVedSivilstand":"` + hidden + `"}]}`
	w := newWorld(t, func(o *hosttest.Options) { o.Documents = fstest.MapFS{"skilt.json": {Data: []byte(own)}} })
	w.assign("ansatt-02", role(1))
	w.setting(func(o *roles.Organisation) { o.HabilitetOverstyring = true })
	h := with(w.employee("ansatt-02"), lookup.OverstyringHeader, overstyring)
	for _, rolle := range []string{role(1), role(3)} {
		a := w.do("GET", personer(rolle, hidden+"?part=navn"), nil, h)
		if p := a.problem(t); p.ErrorCode != "UTLEVERING_IKKE_TILLATT" {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
}

// Where the register does not know a parent or a child of the employee, who the siblings are cannot be
// established, and that counts against.
func TestAnIncompleteCircleGetsNothing(t *testing.T) {
	skilt := newWorld(t).number("skilt")
	own := `{"identifikasjonsnummer":[{"erGjeldende":true,"foedselsEllerDNummer":"` + skilt + `"}],` +
		`"familierelasjon":[{"erGjeldende":true,"relatertPerson":"14827849805","relatertPersonsRolle":"mor"}]}` // in no population
	w := newWorld(t, func(o *hosttest.Options) { o.Documents = fstest.MapFS{"skilt.json": {Data: []byte(own)}} })
	h := w.employee("ansatt-02")
	for range 2 { // and it is not remembered as anything else
		var a answer
		entries := w.added(func() { a = w.do("GET", personer(role(3), w.number("vanlig")), nil, h) })
		if p := a.problem(t); p.ErrorCode != "UTLEVERING_IKKE_TILLATT" || !slices.Contains(entries[0].Regler, "habilitet-ukjent") {
			t.Errorf("%d %s %+v", a.StatusCode, a.body, entries)
		}
	}
	if hits := w.do("GET", personer(role(3), "soek?navn="+w.surname("vanlig")), nil, h).hits(t); len(hits) > 0 {
		t.Errorf("a search finds %d", len(hits))
	}
}
