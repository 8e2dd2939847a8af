package document_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hjemmel/shared/freg/fregsim/document"
)

// sample has a current and a historical element of some properties, a property nobody knows, and
// everything that OUtH does not get.
const sample = `{ "identifikasjonsnummer": [ {"erGjeldende": true, "kilde": "K", "status": "iBruk", "foedselsEllerDNummer": "01810049398"},
  {"erGjeldende": false, "status": "opphoert", "foedselsEllerDNummer": "41819077302"} ],
 "status": [{"erGjeldende": true, "kilde": "K", "aarsak": "A", "gyldighetstidspunkt": "2020-01-01T00:00:00+01:00", "status": "midlertidig"}],
 "familierelasjon": [{"erGjeldende": true, "relatertPerson": "01810049398"}],
 "sivilstand": [{"ajourholdstidspunkt": "x", "erGjeldende": true, "sivilstand": "gift", "relatertVedSivilstand": "01810049398"}, {"erGjeldende": false, "sivilstand": "ugift"}],
 "doedsfall": {"erGjeldende": true, "kilde": "K", "doedsdato": "2020-01-01"},
 "navn": [{"kilde": "K", "fornavn": "GLAD", "etternavn": "Å", "forkortetNavn": "G", "originaltNavn": {"fornavn": "X"}}, {"erGjeldende": false, "fornavn": "RAUS", "etternavn": "ØY"}],
 "adressebeskyttelse": [{"erGjeldende": true, "graderingsnivaa": "fortrolig"}],
 "oppholdsadresse": [{"erGjeldende": true, "oppholdAnnetSted": "pendler", "vegadresse": {"kilde": "nested stays", "adressenavn": "Åskamstien"}}],
 "innflytting": [{"erGjeldende": true, "fraflyttingsland": "SWE"}],
 "vergemaalEllerFremtidsfullmakt": [{"erGjeldende": true, "verge": {"foedselsEllerDNummer": "01810049398", "omfang": "o", "tjenesteomraade": [{"a": 1}]}}],
 "rettsligHandleevne": [{"erGjeldende": true}],
 "noeNytt": [{"erGjeldende": true, "hemmelig": 1}] }`

func parse(t testing.TB, raw string) *document.Document {
	t.Helper()
	d, err := document.Parse([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// show gives what a selection leaves, compacted and as a map.
func show(t testing.TB, raw string, pakke document.Pakke, parts ...string) (string, map[string]any) {
	t.Helper()
	s, err := document.Select(pakke, parts)
	if err != nil {
		t.Fatalf("%v: %v", parts, err)
	}
	out := s.Append(nil, parse(t, raw))
	var m map[string]any
	if err := json.Unmarshal(out, &m); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return strings.ReplaceAll(string(out), " ", ""), m
}

func keys(m map[string]any) string {
	var names []string
	for k := range m {
		names = append(names, k)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func TestParts(t *testing.T) {
	basis := "adressebeskyttelse doedsfall identifikasjonsnummer navn oppholdsadresse sivilstand status"
	for _, tt := range []struct {
		pakke document.Pakke
		parts []string
		want  string
	}{
		{document.OMH, nil, basis},
		{document.OMH, []string{"person-basis"}, basis},
		{document.OMH, []string{"historikk"}, basis},
		{document.OMH, []string{"navn"}, "identifikasjonsnummer navn"},
		{document.OMH, []string{"navn", "navn", "status"}, "identifikasjonsnummer navn status"},
		{document.OMH, []string{"relasjon-utvidet"}, "familierelasjon identifikasjonsnummer vergemaalEllerFremtidsfullmakt"},
		{document.OMH, []string{"identitetsgrunnlag-utvidet"}, "identifikasjonsnummer"},
		{document.OMH, []string{"RettsligHandleevne"}, "identifikasjonsnummer rettsligHandleevne"},
		{document.OMH, []string{"rettsligHandleevne"}, "identifikasjonsnummer rettsligHandleevne"},
		{document.OMH, []string{"preferertKontaktadresse"}, "identifikasjonsnummer"},
		{document.OUtH, nil, basis},
		{document.OUtH, []string{"relasjon-utvidet"}, "identifikasjonsnummer vergemaalEllerFremtidsfullmakt"},
		{document.OUtH, []string{"falskIdentitet", "innflytting"}, "identifikasjonsnummer innflytting"},
	} {
		if _, got := show(t, sample, tt.pakke, tt.parts...); keys(got) != tt.want {
			t.Errorf("%v part=%v: %s, want %s", tt.pakke, tt.parts, keys(got), tt.want)
		}
	}
}

func TestInvalidParts(t *testing.T) {
	for pakke, parts := range map[document.Pakke][]string{
		document.OMH: {"", "Navn", "navn,status", "forholdTilSametingetsValgmanntall", "noeNytt", "person-basis ", "fratattRettsligHandleevne"},
		document.OUtH: {"familierelasjon", "foreldreansvar", "identitetsgrunnlag-utvidet", "legitimasjonsdokument", "utenlandskPersonidentifikasjon",
			"utlendingsmyndighetenesIdentifikasjonsnummer", "brukAvSamiskSpraak", "opphold", "bibehold", "oppholdPaaSvalbard", "foedselINorge"},
		document.Pakke(0): {"navn"},
	} {
		for _, part := range parts {
			if _, err := document.Select(pakke, []string{"navn", part}); !errors.Is(err, document.ErrPart) {
				t.Errorf("%v part=%q is not refused", pakke, part)
			}
		}
	}
}

func TestZeroSelectionGivesNothing(t *testing.T) {
	if got := string(document.Selection{}.Append(nil, parse(t, sample))); got != "{}" {
		t.Errorf("the zero Selection gives %s", got)
	}
}

func TestHistory(t *testing.T) {
	count := func(pakke document.Pakke, property string, parts ...string) int {
		_, m := show(t, sample, pakke, parts...)
		list, _ := m[property].([]any)
		return len(list)
	}
	for _, property := range []string{"identifikasjonsnummer", "sivilstand", "navn"} {
		if n := count(document.OMH, property); n != 1 {
			t.Errorf("%d %s without historikk", n, property)
		}
		if n := count(document.OMH, property, "historikk"); n != 2 {
			t.Errorf("%d %s with historikk", n, property)
		}
	}
	if n := count(document.OUtH, "navn", "historikk"); n != 2 {
		t.Errorf("OUtH has %d navn with historikk", n)
	}
	if n := count(document.OUtH, "sivilstand", "historikk"); n != 1 {
		t.Errorf("OUtH has %d sivilstand with historikk", n)
	}
}

func TestEverythingIsVerbatim(t *testing.T) {
	s, err := document.Select(document.OMH, append(document.Parts(document.OMH), "historikk"))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(s.Append(nil, parse(t, sample))); got != sample {
		t.Error("all parts and history are not byte for byte the document")
	}
	s, _ = document.Select(document.OUtH, append(document.Parts(document.OUtH), "historikk"))
	if got := string(s.Append(nil, parse(t, sample))); strings.Contains(got, "hemmelig") || strings.Contains(got, `"kilde": "K"`) {
		t.Errorf("OUtH gets %s", got)
	}
}

func TestMask(t *testing.T) {
	out, m := show(t, sample, document.OUtH, append(document.Parts(document.OUtH), "historikk")...)
	for _, secret := range []string{"aarsak", `"kilde":"K"`, "forkortetNavn", "originaltNavn", "oppholdAnnetSted", "relatertVedSivilstand",
		"familierelasjon", "omfang", "tjenesteomraade", "midlertidig", "hemmelig"} {
		if strings.Contains(out, secret) {
			t.Errorf("OUtH gets %s", secret)
		}
	}
	for _, open := range []string{`"status":"aktiv"`, `"sivilstand":[{"erGjeldende":true,"sivilstand":"gift"}]`, `"graderingsnivaa":"fortrolig"`,
		`"verge":{"foedselsEllerDNummer":"01810049398"}`, `"gyldighetstidspunkt":"2020-01-01T00:00:00+01:00"`, `"doedsfall":{"erGjeldende":true,"doedsdato":"2020-01-01"}`} {
		if !strings.Contains(out, open) {
			t.Errorf("OUtH does not get %s in %s", open, out)
		}
	}
	if m["innflytting"] == nil {
		t.Error("OUtH does not get innflytting")
	}
	if _, m := show(t, strings.Replace(sample, `"fortrolig"`, `"strengtFortrolig"`, 1), document.OUtH, "innflytting"); m["innflytting"] != nil {
		t.Error("OUtH gets innflytting of a strengt fortrolig person")
	}
	for _, status := range []string{"bosatt", "utflyttet", "doed", "opphoert", "inaktiv"} {
		if out, _ := show(t, strings.Replace(sample, "midlertidig", status, 1), document.OUtH); !strings.Contains(out, `"status":"`+status) {
			t.Errorf("OUtH does not get status %s", status)
		}
	}
}

func TestNumbers(t *testing.T) {
	numbers, inUse := parse(t, sample).Numbers()
	if !slices.Equal(numbers, []string{"01810049398", "41819077302"}) || !slices.Equal(inUse, []bool{true, false}) {
		t.Errorf("%v %v", numbers, inUse)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, bad := range []string{"", "[]", "null", "{", `{"navn":1}`, `{"navn":["x"]}`, `{"navn":[{]}`, `{} {}`, `{"navn":[{}]`, `{"navn":null}`, `{"navn":{}}`, `{"doedsfall":[{}]}`} {
		if _, err := document.Parse([]byte(bad)); !errors.Is(err, document.ErrDocument) {
			t.Errorf("%q is taken for a document: %v", bad, err)
		}
	}
	if d := parse(t, `{}`); len(d.Elements) != 0 {
		t.Error("an empty document has elements")
	}
}

// TestViewIsPartOfDocument: whatever the parts, a view is valid JSON, holds no property that was not
// asked for, and every element of it in OMH stands in the document.
func TestViewIsPartOfDocument(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		pakke := rapid.SampledFrom([]document.Pakke{document.OMH, document.OUtH}).Draw(rt, "pakke")
		parts := rapid.SliceOfDistinct(rapid.SampledFrom(append(document.Parts(pakke), "historikk")), rapid.ID[string]).Draw(rt, "parts")
		if len(parts) > 25 {
			rt.Skip()
		}
		s, err := document.Select(pakke, parts)
		if err != nil {
			rt.Fatal(err)
		}
		var m map[string]json.RawMessage
		if err := json.Unmarshal(s.Append(nil, parse(t, sample)), &m); err != nil {
			rt.Fatal(err)
		}
		only := slices.DeleteFunc(slices.Clone(parts), func(p string) bool { return p == "historikk" })
		for name, value := range m {
			if name != "identifikasjonsnummer" && len(only) > 0 && !slices.Contains(only, name) {
				rt.Fatalf("%s was not asked for", name)
			}
			if pakke == document.OMH && !strings.Contains(sample, strings.Trim(string(value), "[]")) && !slices.Contains(parts, "historikk") {
				rt.Fatalf("%s is not what stands in the document", name)
			}
		}
	})
}

func TestBuilder(t *testing.T) {
	var b document.Builder
	for range 2 { // the second time in the memory of the first
		b.Reset()
		b.Open(document.Status, true)
		b.Bool("erGjeldende", true)
		b.Text("status", `"\ <Å>`)
		b.Shut()
		b.Open(document.Status, false)
		b.Int("n", -3)
		b.Object("o")
		b.Array("a")
		b.Item()
		b.Code("c", "x")
		b.End()
		b.Item()
		b.End()
		b.EndArray()
		b.End()
		b.Texts("t", "a", "b")
		b.Shut()
		b.Open(document.Doedsfall, true)
		b.Shut()
		b.Open(document.Navn, true)
		b.Shut()
		d := b.Finish()
		want := `{"status":[{"erGjeldende":true,"status":"\"\\ <Å>"},{"n":-3,"o":{"a":[{"c":"x"},{}]},"t":["a","b"]}],"doedsfall":{},"navn":[{}]}`
		if string(d.Raw) != want {
			t.Fatalf("%s", d.Raw)
		}
		read := parse(t, want)
		read.Elements[1].Current = false // the text does not say so
		if !slices.Equal(d.Elements, read.Elements) {
			t.Errorf("marks %v, read back %v", d.Elements, read.Elements)
		}
	}
	b.Reset()
	if got := string(b.Finish().Raw); got != "{}" {
		t.Errorf("empty document %s", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(`{"navn":[{"erGjeldende":0}],"doedsfall":{}}`))
	f.Add([]byte(`{"doedsfall":{},"status":[{"status":{"status":"x"}}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := document.Parse(raw)
		if err != nil {
			return
		}
		for _, pakke := range []document.Pakke{document.OMH, document.OUtH} {
			s, _ := document.Select(pakke, append(document.Parts(pakke)[1:], "historikk"))
			if out := s.Append(nil, d); !json.Valid(out) {
				t.Errorf("%v gets %s of %s", pakke, out, raw)
			}
			d.Numbers()
		}
	})
}

func BenchmarkMask(b *testing.B) {
	s, _ := document.Select(document.OUtH, nil)
	d := parse(b, sample)
	var out []byte
	for b.Loop() {
		out = s.Append(out[:0], d)
	}
}
