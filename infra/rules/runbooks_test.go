package rules

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	called = regexp.MustCompile(`(?:\$B|…)(/(?:hjemmel|organisasjoner|lister)/[A-Za-z0-9/{}$_]+)`)
	linked = regexp.MustCompile(`\]\(([a-z]+\.md)\)`)
	making = regexp.MustCompile("(?m)(?:^ *|`)make ([a-z]+)")
	plain  = regexp.MustCompile(`^[a-z0-9]+$`)
)

// Runbooks are read in haste: what they tell to call, to make and to read is there.
func TestRunbooksTellOfWhatIsThere(t *testing.T) {
	books, err := filepath.Glob(root + "/infra/runbooks/*.md")
	if err != nil || len(books) < 7 {
		t.Fatalf("%d runbooks, %v", len(books), err)
	}
	contract, makefile, index := text(t, "shared/api/openapi.yaml"), text(t, "Makefile"), text(t, "infra/runbooks/README.md")
	calls := 0
	for _, b := range books {
		name := "infra/runbooks/" + filepath.Base(b)
		if filepath.Base(b) != "README.md" && !strings.Contains(index, "("+filepath.Base(b)+")") {
			t.Errorf("%s is not in the index", name)
		}
		book := text(t, name)
		for _, m := range called.FindAllStringSubmatch(book, -1) {
			calls++
			if path := template(m[1]); !regexp.MustCompile(`(?m)^  (/hjemmel/v1)?` + path + `:$`).MatchString(contract) {
				t.Errorf("%s calls %s, which the contract does not have", name, m[1])
			}
		}
		for _, m := range making.FindAllStringSubmatch(book, -1) {
			if !strings.Contains(makefile, "\n"+m[1]+": ##") {
				t.Errorf("%s makes %s, which is not in the Makefile", name, m[1])
			}
		}
		for _, m := range linked.FindAllStringSubmatch(book, -1) {
			_ = text(t, "infra/runbooks/"+m[1])
		}
	}
	if calls < 12 {
		t.Errorf("only %d calls are found", calls)
	}
}

// template makes a pattern of a path: variables of the shell and of the contract are any part.
func template(path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, p := range parts {
		if !plain.MatchString(p) {
			parts[i] = `\{[^}/]+\}`
		}
	}
	return "/" + strings.Join(parts, "/")
}
