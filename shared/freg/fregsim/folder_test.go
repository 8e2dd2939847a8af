package fregsim_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"hjemmel/shared/fault"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/person"
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

const filed = `{ "identifikasjonsnummer" : [ { "erGjeldende": true, "foedselsEllerDNummer": "14827849805", "status": "iBruk" },
 { "erGjeldende": false, "foedselsEllerDNummer": "54827899812", "status": "opphoert" } ],
 "noeNytt": [ {} ], "navn": [ { "kilde": "K", "erGjeldende": true, "fornavn": "FRA", "etternavn": "MAPPE" } ] }`

func TestFolder(t *testing.T) {
	mapped, err := person.ParseID("21850999977")
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, func(c *fregsim.Config) {
		c.DocumentIDs = map[string]person.ID{"plassholder.json": mapped}
		c.Documents = fstest.MapFS{
			"a.json": file(filed), "barn-" + named("barn") + ".json": file(`{"navn":[{"fornavn":"OVERSTYRT","etternavn":"X"}]}`),
			"plassholder.json": file(`{"identifikasjonsnummer":[{"foedselsEllerDNummer":"string"}]}`), "les.md": file("x"), "under/b.json": file("{"),
		}
	})
	for _, id := range []string{"14827849805", "54827899812"} {
		if a := s.get(t, omh+id+everything(document.OMH)); a.body != filed {
			t.Errorf("not byte for byte: %s", a.body)
		}
	}
	if a := s.get(t, omh+"14827849805?part=navn"); strings.Contains(a.body, "noeNytt") || strings.Contains(a.body, "54827899812") || !strings.Contains(a.body, "MAPPE") {
		t.Errorf("part=navn: %s", a.body)
	}
	if a := s.get(t, outh+"14827849805"); strings.Contains(a.body, "kilde") {
		t.Errorf("OUtH: %s", a.body)
	}
	if a := s.get(t, omh+named("barn")); !strings.Contains(a.body, "OVERSTYRT") {
		t.Error("a document does not override the population")
	}
	if a := s.get(t, omh+"21850999977"); a.status != 200 || !strings.Contains(a.body, "string") {
		t.Errorf("the mapped document: %d", a.status)
	}
	got := s.bulk(t, "?somBestilt=true", "54827899812", "14827849805")
	if got.Oppslag[0].Feilmelding == nil || got.Oppslag[1].Folkeregisterperson == nil {
		t.Error("bulk does not know which number of a filed document is in use")
	}
}

func TestFolderRefuses(t *testing.T) {
	for name, f := range map[string]fstest.MapFS{
		"no number":        {"a.json": file(`{}`)},
		"broken":           {"14827849805.json": file(`{`)},
		"a list":           {"14827849805.json": file(`[]`)},
		"maybe real":       {"14827849805.json": file(`{"identifikasjonsnummer":[{"foedselsEllerDNummer":"02013299997"}]}`)},
		"maybe real, name": {"02013299997.json": file(`{}`)},
	} {
		_, err := fregsim.New(fregsim.Config{Population: people(), Authorize: authorize, Documents: f})
		if !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), "0201") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSamples serves the real konsumenttest documents beside the repository, byte for byte.
func TestSamples(t *testing.T) {
	placeholder, err := person.ParseID("20866149926")
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]person.ID{"swagger-exampleResponse-all-fields.json": placeholder}
	for folder, want := range map[string]int{"omh": 22, "omh-vtfk": 7} {
		dir := os.DirFS(oracle(t, "samples/"+folder))
		start(t, func(c *fregsim.Config) { c.Documents, c.DocumentIDs = dir, ids })
		names, _ := fs.Glob(dir, "*.json")
		if len(names) != want {
			t.Errorf("%d documents in %s, want %d", len(names), folder, want)
		}
		for _, name := range names {
			raw, _ := fs.ReadFile(dir, name)
			number := numberIn(raw)
			if id, ok := ids[name]; ok {
				number = id.Reveal()
			}
			checkSample(t, name, raw, number, ids)
		}
	}
}

// checkSample serves one document alone: two of them are of the same person.
func checkSample(t *testing.T, name string, raw []byte, number string, ids map[string]person.ID) {
	t.Helper()
	s := start(t, func(c *fregsim.Config) {
		c.Documents, c.DocumentIDs = fstest.MapFS{name: &fstest.MapFile{Data: raw}}, ids
	})
	if a := s.get(t, omh+number+everything(document.OMH)); a.status != 200 || a.body != string(raw) {
		t.Errorf("%s: %d, not byte for byte", name, a.status)
	}
	if a := s.get(t, outh+number+everything(document.OUtH)); a.status != 200 || !json.Valid([]byte(a.body)) || strings.Contains(a.body, "familierelasjon") {
		t.Errorf("%s in OUtH: %d", name, a.status)
	}
}

func numberIn(raw []byte) string {
	var d struct {
		Identifikasjonsnummer []struct{ FoedselsEllerDNummer string }
	}
	if json.Unmarshal(raw, &d) != nil || len(d.Identifikasjonsnummer) == 0 {
		return ""
	}
	return d.Identifikasjonsnummer[0].FoedselsEllerDNummer
}
