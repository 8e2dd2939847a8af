package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"hjemmel/shared/host"
)

func TestTheDocsAreFresh(t *testing.T) {
	stale, err := docs("../../..", false)
	if err != nil {
		t.Fatal(err)
	}
	files, err := routed("../../..", false)
	if err != nil {
		t.Fatal(err)
	}
	if stale = append(stale, files...); len(stale) > 0 {
		t.Errorf("stale, run make docs: %s", strings.Join(stale, " "))
	}
}

func TestStaleDocsAreFoundAndMended(t *testing.T) {
	root := t.TempDir()
	name := filepath.Join(root, "functions", "lookup", "README.md")
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("before\n"+begin+"\nold\n"+end+"\nafter\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{1, 1, 0} { // found, found and mended, fresh
		stale, err := docs(root, i == 1)
		if err != nil || len(stale) != want {
			t.Errorf("run %d: %v, %v", i, stale, err)
		}
	}
	b, err := os.ReadFile(name) //nolint:gosec // a file of this test
	if err != nil {
		t.Fatal(err)
	}
	if s := string(b); !strings.HasPrefix(s, "before\n"+begin) || !strings.HasSuffix(s, end+"\nafter\n") || strings.Contains(s, "old") || !strings.Contains(s, "`HJEMMEL_MILJO` | `test` |") {
		t.Errorf("%s", s)
	}
}

func TestBrokenMarkersAreRefused(t *testing.T) {
	for _, old := range []string{"", begin, end, end + begin, begin + end + begin} {
		if _, err := replace([]byte(old), "x"); err == nil {
			t.Errorf("%q is taken", old)
		}
	}
}

// Every setting says what it is.
func TestSettingsAreDescribed(t *testing.T) {
	c := reflect.TypeFor[host.Config]()
	for i := range c.NumField() {
		if f := c.Field(i); f.Tag.Get("desc") == "" {
			t.Errorf("%s has no desc", f.Name)
		}
	}
}
