package person

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// unmodelled are properties of the published model that the register no longer serves as a part;
// they are withheld from everyone.
var unmodelled = []string{"preferertKontaktadresse", "forholdTilSametingetsValgmanntall", "fratattRettsligHandleevne"}

// The real test-environment documents are an outside oracle for the model: every field of theirs
// must be known, or somebody would miss it.
func TestModelKnowsTheRealDocuments(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/freg/samples/omh*/*.json")
	if len(files) == 0 {
		t.Skip("../shared/freg/samples is absent: the real test-environment documents were not compared with the model")
	}
	for _, f := range files {
		raw, err := os.ReadFile(f) //nolint:gosec // test data
		if err != nil {
			t.Fatal(err)
		}
		doc, err := ParseDocument(raw)
		if err != nil {
			t.Fatalf("%s: %v", filepath.Base(f), err)
		}
		for p := range doc.Root().Each() {
			if slices.Contains(unmodelled, string(p.Name())) {
				continue
			}
			known(t, filepath.Base(f), Model.Field(string(p.Name())), p, Metadata)
		}
	}
}

func known(t *testing.T, at string, f *Field, v Value, also []*Field) {
	t.Helper()
	if f == nil {
		t.Errorf("%s: unknown %s", at, v.Name())
		return
	}
	at += "." + f.Name
	if v.Kind() == '[' {
		if !f.Many {
			t.Errorf("%s is an array", at)
		}
		for e := range v.Each() {
			one := *f
			one.Many = false
			known(t, at, &one, e, also)
		}
		return
	}
	if f.Enum != nil && !slices.Contains(f.Enum, v.Text()) && v.Text() != "string" {
		t.Errorf("%s: unknown value %q", at, v.Text())
	}
	for c := range v.Each() {
		if slices.ContainsFunc(also, func(m *Field) bool { return m.Name == string(c.Name()) }) {
			continue
		}
		known(t, at, f.Field(string(c.Name())), c, nil)
	}
}
