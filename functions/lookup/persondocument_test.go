package lookup_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hjemmel/functions/lookup/typeset/typesettest"
	"hjemmel/shared/policy"
)

func documentPath(fiksOrgID string) string {
	return "/register/api/v1/ks/personer/soek/" + fiksOrgID + "/pdf"
}

// pdf asks for a person document of the first organisation.
func (w *world) pdf(h http.Header, rolle, number string, parts ...string) answer {
	w.t.Helper()
	body := map[string]any{"rolleId": rolle, "personidentifikator": number}
	if len(parts) > 0 {
		body["parts"] = parts
	}
	b, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.do("POST", documentPath(w.Demo.Organisasjoner[0].FiksOrgID), strings.NewReader(string(b)), with(h, "Content-Type", "application/json"))
}

// A document is one lookup, of all that the role shows, and says who took it out and on what ground.
func TestAPersonDocument(t *testing.T) {
	w := newWorld(t)
	w.assign("ansatt-02", role(1))
	for _, c := range []struct {
		who    http.Header
		accept string
		media  string
		says   string
	}{
		{w.vendor(1), "", "application/octet-stream", w.integration(1).Navn},
		{w.employee("ansatt-02"), "application/pdf", "application/pdf", w.Demo.Ansatte[1].Navn},
		{w.viaVendor(1, "ansatt-02"), "application/octet-stream, */*;q=0.1", "application/octet-stream", w.Demo.Ansatte[1].Navn + " / " + w.integration(1).Navn},
	} {
		var a answer
		h := with(c.who, "Accept", c.accept, "Hjemmel-Formaal", "sak 2026/17")
		entries := w.added(func() { a = w.pdf(h, role(1), w.number("vanlig")) })
		if a.StatusCode != 200 || a.Header.Get("Content-Type") != c.media || strings.Contains(a.Header.Get("Content-Disposition"), w.number("vanlig")) {
			t.Fatalf("%d %v %.300s", a.StatusCode, a.Header, a.body)
		}
		if len(entries) != 1 || entries[0].Utfall != "UTLEVERT" || entries[0].Formaal != "sak 2026/17" || !slices.Contains(entries[0].Spurt, "familierelasjon") {
			t.Errorf("%+v", entries)
		}
		f := typesettest.Read(t, a.body)
		for _, want := range []string{w.Demo.Organisasjoner[0].Navn, c.says, "sak 2026/17", "Barnevern", "10-1", "Familierelasjon"} {
			if !strings.Contains(f.Text(), want) {
				t.Errorf("the document lacks %q", want)
			}
		}
		receipt := a.Header.Get("Hjemmel-Kvittering")
		if receipt == "" || !strings.Contains(strings.ReplaceAll(f.Text(), " ", ""), receipt) {
			t.Error("the document lacks its receipt")
		}
		if n := regexp.MustCompile(`\b[0-9]{11}\b`).FindAllString(f.Text(), -1); slices.ContainsFunc(n, func(s string) bool { return s != w.number("vanlig") }) {
			t.Error("another person's number is in the document")
		}
	}
}

// Parts narrow the document, as everywhere, and the language follows the reader.
func TestPartsAndLanguageOfADocument(t *testing.T) {
	w := newWorld(t)
	var a answer
	entries := w.added(func() {
		a = w.pdf(with(w.vendor(1), "Accept-Language", "nn"), role(1), w.number("vanlig"), "navn", "historikk")
	})
	f := typesettest.Read(t, a.body)
	if f.Language != "nn-NO" || !strings.Contains(f.Text(), "Førenamn") || strings.Contains(f.Text(), "Bustadadresse") || strings.Contains(f.Text(), "Ingenting") {
		t.Errorf("%s %s", f.Language, f.Text())
	}
	if len(entries) != 1 || !slices.Equal(entries[0].Spurt, []string{"identifikasjonsnummer", "navn", "historikk"}) {
		t.Errorf("%+v", entries)
	}
}

// A role of another organisation than the one in the address looks like no role at all, whichever of
// the two is wrong.
func TestTheAddressNamesTheOrganisationOfTheRole(t *testing.T) {
	w := newWorld(t)
	h := with(w.vendor(1), "Content-Type", "application/json")
	own, other := w.Demo.Organisasjoner[0].FiksOrgID, w.Demo.Organisasjoner[1].FiksOrgID
	var told []string
	for _, c := range []struct{ org, rolle string }{{other, role(1)}, {own, role(7)}, {other, role(7)}, {own, role(99)}, {"ingen", role(1)}} {
		body := `{"rolleId":"` + c.rolle + `","personidentifikator":"` + w.number("vanlig") + `"}`
		var a answer
		entries := w.added(func() { a = w.do("POST", documentPath(c.org), strings.NewReader(body), h) })
		p := a.problem(t)
		told = append(told, p.ErrorCode+p.Detail)
		if a.StatusCode != 403 || len(entries) != 1 || entries[0].Utfall != "AVSLAG" {
			t.Errorf("%v: %d %s", c, a.StatusCode, a.body)
		}
	}
	if slices.Sort(told); told[0] != told[len(told)-1] || !strings.HasPrefix(told[0], "ROLLE_IKKE_TILGJENGELIG") {
		t.Errorf("%v", told)
	}
	body := `{"rolleId":"` + role(1) + `","personidentifikator":"` + w.number("vanlig") + `"}`
	if a := w.do("POST", documentPath(strings.ToUpper(own)), strings.NewReader(body), h); a.StatusCode != 200 {
		t.Errorf("in upper case: %d %s", a.StatusCode, a.body)
	}
}

func TestBadAsksForADocument(t *testing.T) {
	w := newWorld(t)
	h, vanlig := w.vendor(1), w.number("vanlig")
	many := make([]string, 65)
	for i := range many {
		many[i] = "navn"
	}
	w.demoRole(role(1), func(r *policy.Role) { r.ID, r.Versjon, r.Kommuner = role(1000), 1, []string{"9999"} })
	w.assign(w.integration(1).ID, role(1000))
	for name, c := range map[string]struct {
		a      func() answer
		status int
		code   string
	}{
		"no number":        {func() answer { return w.pdf(h, role(1), "") }, 400, "UGYLDIG_IDENTIFIKATOR"},
		"unknown part":     {func() answer { return w.pdf(h, role(1), vanlig, "skostoerrelse") }, 400, "UKJENT_PART"},
		"a number as part": {func() answer { return w.pdf(h, role(1), vanlig, vanlig) }, 400, "UGYLDIG_PARAMETER"},
		"65 parts":         {func() answer { return w.pdf(h, role(1), vanlig, many...) }, 400, "UGYLDIG_PARAMETER"},
		"part outside":     {func() answer { return w.pdf(h, role(2), vanlig, "sivilstand") }, 403, "OPPLYSNING_UTENFOR_ROLLE"},
		"wants JSON":       {func() answer { return w.pdf(with(h, "Accept", "application/json"), role(1), vanlig) }, 400, "UGYLDIG_ACCEPT"},
		"lives elsewhere":  {func() answer { return w.pdf(h, role(1000), vanlig) }, 403, "UTLEVERING_IKKE_TILLATT"},
		"nobody":           {func() answer { return w.pdf(h, role(1), "14827849805") }, 404, "UKJENT_PERSON"},
		"nobody asks":      {func() answer { return w.pdf(http.Header{}, role(1), vanlig) }, 401, "TOKEN_MANGLER"},
	} {
		var got answer
		entries := w.added(func() { got = c.a() })
		if p := got.problem(t); got.StatusCode != c.status || p.ErrorCode != c.code || !strings.Contains(got.Header.Get("Content-Type"), "json") {
			t.Errorf("%s: %d %s", name, got.StatusCode, got.body)
		}
		if len(entries) != 1 || entries[0].Utfall == "UTLEVERT" {
			t.Errorf("%s: %d entries", name, len(entries))
		}
	}
}
