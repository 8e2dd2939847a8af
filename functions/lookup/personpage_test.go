package lookup_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hjemmel/functions/lookup/page"
	"hjemmel/functions/lookup/reference"
	"hjemmel/shared/policy"
)

const pagePath = "/hjemmel/v1/personer/side"

// side asks for a page; body holds pairs of member and value.
func (w *world) side(h http.Header, rolle string, pairs ...any) answer {
	w.t.Helper()
	body := map[string]any{"rolleId": rolle}
	for i := 0; i < len(pairs); i += 2 {
		body[pairs[i].(string)] = pairs[i+1]
	}
	b, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.do("POST", pagePath, strings.NewReader(string(b)), with(h, "Content-Type", "application/json"))
}

func (a answer) page(t testing.TB) page.Page {
	t.Helper()
	var p page.Page
	if err := json.Unmarshal(a.body, &p); err != nil || a.StatusCode != 200 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return p
}

// references are those of a page, by the place they stand at.
func references(p page.Page) map[string][]string {
	found := map[string][]string{}
	for _, g := range p.Grupper {
		for _, f := range append(slices.Clone(g.Fakta), g.Tidligere...) {
			for _, x := range f.Felter {
				if x.Referanse != "" {
					found[x.Kode] = append(found[x.Kode], x.Referanse)
				}
			}
		}
	}
	return found
}

// A page is one lookup of all that the role shows: one entry, and the parts of the role and no more.
func TestAPageIsOneLookup(t *testing.T) {
	w := newWorld(t)
	var a answer
	entries := w.added(func() {
		a = w.side(w.vendor(1), strings.ToUpper(role(1)), "personidentifikator", w.number("forelder"), "formaal", "2026/17", "historikk", true)
	})
	p := a.page(t)
	if len(entries) != 1 || entries[0].Handling != "oppslag" || entries[0].Formaal != "2026/17" || entries[0].Utfall != "UTLEVERT" || entries[0].Rolle != role(1) {
		t.Errorf("%+v", entries)
	}
	if !slices.Contains(entries[0].Spurt, "historikk") || !slices.Contains(entries[0].Spurt, "familierelasjon") {
		t.Errorf("asked %v", entries[0].Spurt)
	}
	if a.Header.Get("Hjemmel-Kvittering") == "" || a.Header.Get("Content-Language") != "nb" || p.Spraak != "nb" || p.Navn == "" || p.Alder == nil {
		t.Errorf("%v %+v", a.Header, p)
	}
	if n := regexp.MustCompile(`\b[0-9]{11}\b`).FindAllString(string(a.body), -1); slices.ContainsFunc(n, func(s string) bool { return s != w.number("forelder") }) {
		t.Error("another person's number is on the page")
	}
	outside := 0
	for _, g := range w.side(w.vendor(1), role(3), "personidentifikator", w.number("forelder")).page(t).Grupper {
		if !g.IRollen {
			outside++
		}
		if !g.IRollen && (len(g.UtenforRollen) == 0 || len(g.Fakta) > 0) {
			t.Errorf("%+v", g)
		}
	}
	if outside == 0 {
		t.Error("every group is part of the role")
	}
}

func TestAPageInALanguage(t *testing.T) {
	w := newWorld(t)
	h := w.vendor(1)
	for accept, want := range map[string]string{"": "nb", "nn": "nn", "en-GB, nb;q=0.1": "en"} {
		if a := w.side(with(h, "Accept-Language", accept), role(1), "personidentifikator", w.number("vanlig")); a.page(t).Spraak != want || a.Header.Get("Content-Language") != want {
			t.Errorf("%s: %s", accept, a.Header.Get("Content-Language"))
		}
	}
	if p := w.side(with(h, "Accept-Language", "en"), role(1), "personidentifikator", w.number("vanlig"), "spraak", "nn").page(t); p.Spraak != "nn" {
		t.Error(p.Spraak)
	}
}

// A reference leads the one who was given it, in the role it was given in, to the relative, and is
// told apart by nobody.
func TestReferences(t *testing.T) {
	w := newWorld(t)
	w.assign("ansatt-01", role(1))
	h := w.employee("ansatt-01")
	parent := w.side(h, role(1), "personidentifikator", w.number("forelder")).page(t)
	refs := references(parent)["familierelasjon.relatertPerson"]
	if len(refs) == 0 {
		t.Fatal("the parent has no relatives")
	}
	var found []string
	for _, ref := range refs {
		entries := w.added(func() { found = append(found, w.side(h, role(1), "referanse", ref).page(t).Navn) })
		if len(entries) != 1 || entries[0].Utfall != "UTLEVERT" {
			t.Errorf("%+v", entries)
		}
	}
	barn := w.side(h, role(1), "personidentifikator", w.number("barn")).page(t)
	if !slices.Contains(found, barn.Navn) {
		t.Error("the child is not among those referred to")
	}
	w.demoRole(role(1), func(r *policy.Role) { r.ID, r.Versjon = role(1000), 1 })
	w.assign("ansatt-01", role(1000))
	w.assign("ansatt-02", role(1))
	flipped := []byte(refs[0])
	flipped[20] ^= 1
	for what, a := range map[string]func() answer{
		"another employee":    func() answer { return w.side(w.employee("ansatt-02"), role(1), "referanse", refs[0]) },
		"a system":            func() answer { return w.side(w.vendor(1), role(1), "referanse", refs[0]) },
		"through a system":    func() answer { return w.side(w.viaVendor(1, "ansatt-01"), role(1), "referanse", refs[0]) },
		"another role":        func() answer { return w.side(h, role(1000), "referanse", refs[0]) },
		"forged":              func() answer { return w.side(h, role(1), "referanse", string(flipped)) },
		"cut off":             func() answer { return w.side(h, role(1), "referanse", refs[0][:30]) },
		"a number":            func() answer { return w.side(h, role(1), "referanse", w.number("barn")) },
		"with bits left over": func() answer { return w.side(h, role(1), "referanse", refs[0]+"=") },
	} {
		var got answer
		entries := w.added(func() { got = a() })
		p := got.problem(t)
		if got.StatusCode != 400 || p.ErrorCode != "UGYLDIG_REFERANSE" || p.Detail != reference.ErrReference.Detail {
			t.Errorf("%s: %d %s", what, got.StatusCode, got.body)
		}
		if len(entries) != 1 || entries[0].Utfall != "AVSLAG" || entries[0].Subjekt != "" {
			t.Errorf("%s: %+v", what, entries)
		}
	}
}

// Asks for a page that cannot be understood, or that the role does not permit.
func TestBadAsksForAPage(t *testing.T) {
	w := newWorld(t)
	h, vanlig := w.vendor(1), w.number("vanlig")
	for name, c := range map[string]struct {
		a      func() answer
		status int
		code   string
	}{
		"nobody":             {func() answer { return w.side(h, role(1)) }, 400, "INGEN_PERSONER"},
		"two ways":           {func() answer { return w.side(h, role(1), "personidentifikator", vanlig, "referanse", "x") }, 400, "INGEN_PERSONER"},
		"no number":          {func() answer { return w.side(h, role(1), "personidentifikator", "14827849806") }, 400, "UGYLDIG_IDENTIFIKATOR"},
		"with a space":       {func() answer { return w.side(h, role(1), "personidentifikator", vanlig[:6]+" "+vanlig[6:]) }, 400, "UGYLDIG_IDENTIFIKATOR"},
		"may exist":          {func() answer { return w.side(h, role(1), "personidentifikator", "29020073150") }, 400, "IKKE_SYNTETISK"},
		"another language":   {func() answer { return w.side(h, role(1), "personidentifikator", vanlig, "spraak", "de") }, 400, "UGYLDIG_PARAMETER"},
		"misspelt":           {func() answer { return w.side(h, role(1), "personidentifikator", vanlig, "historik", true) }, 400, "UGYLDIG_JSON"},
		"another type":       {func() answer { return w.side(h, role(1), "personidentifikator", vanlig, "historikk", "ja") }, 400, "UGYLDIG_JSON"},
		"no role":            {func() answer { return w.side(h, "", "personidentifikator", vanlig) }, 403, "ROLLE_IKKE_TILGJENGELIG"},
		"another's role":     {func() answer { return w.side(h, role(7), "personidentifikator", vanlig) }, 403, "ROLLE_IKKE_TILGJENGELIG"},
		"history not held":   {func() answer { return w.side(h, role(2), "personidentifikator", vanlig, "historikk", true) }, 403, "OPPLYSNING_UTENFOR_ROLLE"},
		"too short a reason": {func() answer { return w.side(h, role(1), "personidentifikator", vanlig, "bekreftelse", "ja") }, 403, "BEKREFTELSE_IKKE_TILLATT"},
		"no purpose":         {func() answer { return w.side(h, role(4), "personidentifikator", vanlig) }, 400, "FORMAAL_MANGLER"},
		"nobody has it":      {func() answer { return w.side(h, role(1), "personidentifikator", "14827849805") }, 404, "UKJENT_PERSON"},
		"the employee's own": {func() answer {
			return w.side(w.employee("ansatt-01"), role(1), "personidentifikator", w.number("kortNavn"))
		}, 403, "UTLEVERING_IKKE_TILLATT"},
		"by a query": {func() answer {
			return w.do("POST", pagePath+"?personidentifikator="+vanlig, strings.NewReader("{}"), h)
		}, 400, "UGYLDIG_INNHOLDSTYPE"},
		"wants only a PDF": {func() answer {
			return w.side(with(h, "Accept", "application/pdf"), role(1), "personidentifikator", vanlig)
		}, 400, "UGYLDIG_ACCEPT"},
		"a thousand of bytes": {func() answer { return w.side(h, role(1), "personidentifikator", strings.Repeat("1", 1<<20)) }, 413, "FOR_STOR_KROPP"},
	} {
		var got answer
		entries := w.added(func() { got = c.a() })
		if p := got.problem(t); got.StatusCode != c.status || p.ErrorCode != c.code {
			t.Errorf("%s: %d %s", name, got.StatusCode, got.body)
		}
		if len(entries) != 1 || entries[0].Utfall == "UTLEVERT" {
			t.Errorf("%s: %d entries", name, len(entries))
		}
	}
}

// An address that a grading closes is on no page.
func TestGradedPersonsOnAPage(t *testing.T) {
	w := newWorld(t)
	for name, closed := range map[string]bool{"fortrolig": true, "strengtFortrolig": true, "barnMedStrengtFortroligForelder": true, "vanlig": false} {
		a := w.side(w.vendor(1), role(1), "personidentifikator", w.number(name), "historikk", true)
		for f := range w.Freg.Population().Each {
			if f.ID.Reveal() != w.number(name) {
				continue
			}
			shown := false
			for _, at := range f.Adresser {
				shown = shown || at.Adressenavn != "" && strings.Contains(string(a.body), `"`+at.Adressenavn+`"`)
			}
			if shown == closed {
				t.Errorf("%s: an address is shown: %v", name, shown)
			}
		}
	}
}
