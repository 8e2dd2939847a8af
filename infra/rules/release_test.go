package rules

import (
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// build is what of Cloud Build's own form we use; anything else in the file is refused.
type build struct {
	Substitutions map[string]string
	Steps         []struct {
		ID, Name, Entrypoint string
		Args, Env            []string
		WaitFor              []string `yaml:"waitFor"`
	}
	Timeout string
	Options struct {
		Logging     string
		MachineType string `yaml:"machineType"`
	}
}

// What the cloud does on the way to production anybody can do by hand: each step is a word of the Makefile, after the one before.
func TestEveryStepOfAReleaseIsAWord(t *testing.T) {
	var b build
	d := yaml.NewDecoder(strings.NewReader(text(t, "cloudbuild.yaml")))
	d.KnownFields(true)
	if err := d.Decode(&b); err != nil {
		t.Fatal(err)
	}
	makefile := text(t, "Makefile")
	var ids []string
	for _, s := range b.Steps {
		if s.Entrypoint != "make" || len(s.Args) == 0 || s.Args[0] != s.ID || !strings.Contains(makefile, "\n"+s.ID+": ##") {
			t.Errorf("%s is not a word: %s %v", s.ID, s.Entrypoint, s.Args)
		}
		if len(ids) > 0 && !slices.Equal(s.WaitFor, ids[len(ids)-1:]) {
			t.Errorf("%s waits for %v", s.ID, s.WaitFor)
		}
		for _, a := range s.Args {
			if name, after, ok := strings.Cut(a, "${_"); ok && (b.Substitutions["_"+strings.TrimSuffix(after, "}")] == "" || name == "") {
				t.Errorf("%s: %s is nowhere said", s.ID, a)
			}
		}
		ids = append(ids, s.ID)
	}
	if want := strings.Fields("check test images sign deploy smoke promote"); !slices.Equal(ids, want) {
		t.Errorf("%v, want %v", ids, want)
	}
	if b.Substitutions["_PROMOTE"] != "no" {
		t.Error("production is changed without being asked to")
	}
}
