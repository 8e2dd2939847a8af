package routes

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const terraform = "../../terraform"

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name) //nolint:gosec // a file of this repository
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var (
	stanza = regexp.MustCompile(`(?ms)^module "([a-z]+)" \{\n(.*?)^\}`)
	needs  = regexp.MustCompile(`(?s)needs\s*= \[(.*?)\]`)
	named  = regexp.MustCompile(`"(HJEMMEL_[A-Z_]+)"`)
)

// What an account has rights to is what its function opens: no more, and no less. A stanza is short.
func TestRightsAreWhatTheCodeOpens(t *testing.T) {
	given := map[string][]string{}
	for _, m := range stanza.FindAllStringSubmatch(read(t, terraform+"/environments/prod/functions.tf"), -1) {
		if n := strings.Count(m[2], "\n") + 2; n > 25 {
			t.Errorf("the stanza of %s has %d lines, over 25", m[1], n)
		}
		given[m[1]] = []string{}
		if list := needs.FindStringSubmatch(m[2]); list != nil {
			for _, s := range named.FindAllStringSubmatch(list[1], -1) {
				given[m[1]] = append(given[m[1]], s[1])
			}
		}
		slices.Sort(given[m[1]])
	}
	for _, f := range everything(t) {
		if !slices.Equal(given[f.Name], f.Needs) {
			t.Errorf("%s opens %v, and Terraform gives %v", f.Name, f.Needs, given[f.Name])
		}
		delete(given, f.Name)
	}
	for name := range given {
		t.Errorf("Terraform has %s, which is no function", name)
	}
}

var publishers = regexp.MustCompile(`publishers\s*= \{(.*?)\}`)

// Whoever tells of a kind of work may publish to its topic, and nobody else.
func TestOnlyWhoTellsOfWorkMayPublish(t *testing.T) {
	want := map[string][]string{}
	for _, f := range everything(t) {
		for _, kind := range f.Tells {
			want[kind] = append(want[kind], f.Name)
		}
	}
	for _, m := range stanza.FindAllStringSubmatch(read(t, terraform+"/environments/prod/queues.tf"), -1) {
		list := publishers.FindStringSubmatch(m[2])
		if list == nil {
			continue
		}
		var got []string
		for _, account := range regexp.MustCompile(`([a-z]+) = module\.([a-z]+)\.account`).FindAllStringSubmatch(list[1], -1) {
			if account[1] != account[2] {
				t.Errorf("%s: %s stands for %s", m[1], account[1], account[2])
			}
			got = append(got, account[1])
		}
		if slices.Sort(got); len(got) == 0 || !slices.Equal(got, want[m[1]]) {
			t.Errorf("%s: %v may publish, and %v tell of it", m[1], got, want[m[1]])
		}
		delete(want, m[1])
	}
	if len(want) > 0 {
		t.Errorf("nobody may publish %v", want)
	}
}

// Test and production are the same files, so that what was tried is what runs.
func TestEnvironmentsAreTheSameFiles(t *testing.T) {
	for _, name := range []string{"main.tf", "functions.tf", "queues.tf", "variables.tf", "system.tftest.hcl"} {
		if to, err := os.Readlink(terraform + "/environments/test/" + name); err != nil || to != "../prod/"+name {
			t.Errorf("test/%s is not production's: %v", name, err)
		}
	}
}

var variables = regexp.MustCompile(`(?ms)^(variable|output) "([a-z_]+)" \{\n(.*?)^\}`)

func TestVariablesAndOutputsAreDescribed(t *testing.T) {
	files, err := filepath.Glob(terraform + "/*/*/*.tf")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		for _, m := range variables.FindAllStringSubmatch(read(t, name), -1) {
			if !strings.Contains(m[3], "description = \"") && !strings.Contains(m[3], "description  ") {
				t.Errorf("%s: %s %s is not described", name, m[1], m[2])
			}
		}
	}
}
