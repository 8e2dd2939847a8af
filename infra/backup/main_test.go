package main

import (
	"path/filepath"
	"strings"
	"testing"

	"hjemmel/shared/store"
	"hjemmel/shared/store/sqlite"
)

func TestSaveAndRestore(t *testing.T) {
	dir := t.TempDir()
	path, file := filepath.Join(dir, "state.db"), filepath.Join(dir, "copy.db")
	for _, words := range [][]string{nil, {"save"}, {"save", file}, {"delete", file}, {"restore", file}} {
		if _, err := run(t.Context(), "sqlite://"+path, words); err == nil {
			t.Errorf("%v is done where there is no store", words)
		}
	}
	if _, err := run(t.Context(), "firestore://p/d/c", []string{"save", file}); err == nil || !strings.Contains(err.Error(), "HJEMMEL_STATE") {
		t.Errorf("the setting is not named: %v", err)
	}
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Commit(t.Context(), store.Create("a", nil)); err != nil {
		t.Fatal(err)
	}
	if said, err := run(t.Context(), "sqlite://"+path, []string{"save", file}); err != nil || !strings.Contains(said, file) {
		t.Fatalf("%q, %v", said, err)
	}
	if _, err := run(t.Context(), "sqlite://"+path, []string{"restore", file}); err == nil {
		t.Error("a store in use is replaced")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if said, err := run(t.Context(), "sqlite://"+path, []string{"restore", file}); err != nil || !strings.Contains(said, ".before-") || !strings.Contains(said, "sealed 0 entries") {
		t.Fatalf("%q, %v", said, err)
	}
}
