package search_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/tiles"
)

func (w world) seal() {
	w.t.Helper()
	s, err := w.Env.Sealer()
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := s.Seal(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w world) export(format string, by map[string]any) (int, []byte) {
	w.t.Helper()
	body := map[string]any{"format": format}
	maps.Copy(body, by)
	status, _, b := w.call("POST", "/hjemmel/v1/logg/eksport", w.Employee(w.t, "ansatt-05"), body)
	return status, b
}

func TestExports(t *testing.T) {
	w := begin(t)
	w.traffic()
	by := map[string]any{"aktor": "ansatt-01"}
	for format, lines := range map[string]int{"CSV": 6, "CEF": 5} {
		status, b := w.export(format, by)
		if status != 200 || strings.Count(string(b), "\n") != lines || strings.Contains(string(b), w.Demo.Personer["vanlig"]) {
			t.Errorf("%s: %d %s", format, status, b)
		}
	}
	if status, b := w.export("XLSX", by); status != 200 || !bytes.HasPrefix(b, []byte("PK")) {
		t.Errorf("%d", status)
	}
	i := slices.IndexFunc(w.Entries(t), func(e audit.Entry) bool { return e.Handling == "loggeksport" && *e.Treff == 5 && len(e.Endret) == 1 })
	if i < 0 {
		t.Error("the export is not written")
	}
	for name, c := range map[string]struct {
		format string
		by     map[string]any
		status int
		code   string
	}{
		"no format":          {"", nil, 400, "UKJENT_FORMAT"},
		"a page":             {"CSV", map[string]any{"antall": 5}, 400, "UGYLDIG_FELT"},
		"another's":          {"CSV", map[string]any{"fiksOrgId": voss}, 403, "FUNKSJON_MANGLER"},
		"what is not sealed": {"BEVISPAKKE", by, 503, "IKKE_FORSEGLET"},
	} {
		if status, b := w.export(c.format, c.by); status != c.status || read[struct{ ErrorCode string }](t, b).ErrorCode != c.code {
			t.Errorf("%s: %d %s", name, status, b)
		}
	}
}

// A pack proves its entries to whoever has the key, and nothing that was changed.
func TestAPackOfEvidence(t *testing.T) {
	w := begin(t)
	w.traffic()
	w.seal()
	status, b := w.export("BEVISPAKKE", map[string]any{"aktor": "ansatt-01"})
	if status != 200 {
		t.Fatalf("%d %s", status, b)
	}
	files := map[string][]byte{}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	if len(files) != 4 || !strings.Contains(string(files["LESMEG.txt"]), "hjemmel-verify") || strings.Count(string(files["innslag.csv"]), "\r\n") != 6 {
		t.Errorf("%v", slices.Collect(maps.Keys(files)))
	}
	key := string(files["noekkel.txt"])
	p, err := tiles.Read[tiles.Pack](files["bevis.json"])
	if err != nil || p.Verify(key) != nil || len(p.Innslag) != 5 {
		t.Fatal(err, len(p.Innslag))
	}
	if out, err := foreign(t, key, files["bevis.json"]); err != nil || strings.TrimSpace(out) != "5" {
		t.Errorf("an implementation that is not ours: %s %v", out, err)
	}
	for name, change := range map[string]func(*tiles.Pack){
		"an entry": func(p *tiles.Pack) {
			p.Innslag[0].Innslag = strings.Replace(p.Innslag[0].Innslag, "ansatt-01", "ansatt-02", 1)
		},
		"a salt": func(p *tiles.Pack) { p.Innslag[0].Salt[0] ^= 1 },
		"a shorter salt": func(p *tiles.Pack) {
			p.Innslag[0].Innslag = string(p.Innslag[0].Salt[31:]) + p.Innslag[0].Innslag
			p.Innslag[0].Salt = p.Innslag[0].Salt[:31]
		},
		"a place":          func(p *tiles.Pack) { p.Innslag[0].Indeks++ },
		"one twice":        func(p *tiles.Pack) { p.Innslag[1] = p.Innslag[0] },
		"the checkpoint":   func(p *tiles.Pack) { p.Sjekkpunkt = strings.Replace(p.Sjekkpunkt, "\n", "\n1", 1) },
		"a place too far":  func(p *tiles.Pack) { p.Innslag[0].Indeks = 1 << 40 },
		"a negative place": func(p *tiles.Pack) { p.Innslag[0].Indeks = -1 },
	} {
		p, err := tiles.Read[tiles.Pack](files["bevis.json"])
		if err != nil {
			t.Fatal(err)
		}
		if change(&p); p.Verify(key) == nil {
			t.Errorf("%s was changed, and the pack holds", name)
		}
		b, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := foreign(t, key, b); err == nil && name != "one twice" {
			t.Errorf("%s was changed, and another implementation says %s", name, out)
		}
	}
}

// foreign checks a pack by an implementation that shares nothing with ours.
func foreign(t *testing.T, key string, pack []byte) (string, error) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not here, and with it the implementation that is not ours")
	}
	file := filepath.Join(t.TempDir(), "bevis.json")
	if err := os.WriteFile(file, pack, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), python, "../../../infra/check/bevispakke.py", key, file).CombinedOutput()
	return string(out), err
}
