package main

import (
	"bytes"
	"os"
	"testing"
)

// What README.md says is what the code does now.
func TestTheFiguresAreFresh(t *testing.T) {
	want, err := report()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("README.md")
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("stale, run go run ./infra/bench/scale: %v\n%s", err, want)
	}
}
