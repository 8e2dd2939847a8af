package rules

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// entries are what the top of the tree may hold (design, §2).
var entries = strings.Fields(`
	functions shared infra terraform testdata go.mod cloudbuild.yaml README.md
	Makefile ARCHITECTURE.md CHANGELOG.md LICENSE go.sum .ci .golangci.yml .gitignore .git`)

func TestTheTopOfTheTreeIsTheDesigns(t *testing.T) {
	ignored, err := os.ReadFile(path.Join(root, ".gitignore"))
	if err != nil {
		t.Fatal(err)
	}
	found, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range found {
		local := slices.ContainsFunc(strings.Fields(string(ignored)), func(line string) bool { return strings.Trim(line, "/") == e.Name() })
		if !slices.Contains(entries, e.Name()) && !local {
			t.Errorf("%s does not belong at the top of the tree", e.Name())
		}
	}
}

func text(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(path.Join(root, name)) //nolint:gosec // a file of this repository
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var command = regexp.MustCompile("(?m)(?:^|`)make ([a-z]+)")

// The README tells of the two commands one starts with, and those it tells of are there.
func TestTheREADMEsCommandsAreThere(t *testing.T) {
	readme, makefile := text(t, "README.md"), text(t, "Makefile")
	for _, c := range []string{"make run", "make test"} {
		if !strings.Contains(readme, c) {
			t.Errorf("README.md does not tell of %s", c)
		}
	}
	for _, m := range command.FindAllStringSubmatch(readme, -1) {
		if !strings.Contains("\n"+makefile, "\n"+m[1]+":") {
			t.Errorf("README.md tells of make %s, which is not in the Makefile", m[1])
		}
	}
}

// headings are those of every function's README.
var headings = []string{"## What", "## Trigger", "## Contract", "## Needs", "## How it fails"}

func TestEveryFunctionHasItsREADME(t *testing.T) {
	functions, err := os.ReadDir(path.Join(root, "functions"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range functions {
		readme := text(t, path.Join("functions", f.Name(), "README.md"))
		at := -1
		for _, h := range headings {
			i := strings.Index(readme, h+"\n")
			if i <= at {
				t.Errorf("functions/%s/README.md has no %q in its place", f.Name(), h)
			}
			at = i
		}
		main, err := os.ReadFile(path.Join(root, "functions", f.Name(), "cmd", "main.go"))
		if err != nil {
			t.Errorf("functions/%s has no cmd/main.go", f.Name())
		}
		if n := strings.Count(string(main), "\n"); n > 15 {
			t.Errorf("functions/%s/cmd/main.go has %d lines, over 15", f.Name(), n)
		}
	}
}
