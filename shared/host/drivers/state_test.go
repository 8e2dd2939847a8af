package drivers

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// silent listens and never says anything.
func silent(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}

// A store that cannot be reached stops the start with one line, and before the deadline that the caller has.
func TestAStoreThatIsNotThereIsRefusedInTime(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("not a store, but longer than the header of one: 0123456789 0123456789 0123456789 0123456789"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, at, firestore string }{
		{"a server that is silent", "firestore://p/(default)/c", silent(t)},
		{"no server", "firestore://p/(default)/c", "127.0.0.1:1"},
		{"no such name", "firestore://p/(default)/c", "finnes.ikke.invalid:443"},
		{"a database that is silent", "postgres://u@" + silent(t) + "/d", ""},
		{"no database", "postgres://u@127.0.0.1:1/d", ""},
		{"no database of that name", "postgres://u@finnes.ikke.invalid/d", ""},
		{"a database without a certificate", "postgres://u@finnes.ikke.invalid/d?sslmode=disable", ""},
		{"a folder that is a file", "sqlite://" + file + "/state.db", ""},
		{"a folder", "sqlite://" + dir, ""},
		{"a file that is no store", "sqlite://" + file, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("FIRESTORE_EMULATOR_HOST", c.firestore)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			done := make(chan error, 1)
			go func() {
				s, err := OpenState(ctx, c.at)
				if err == nil {
					err = s.Close()
				}
				done <- err
			}()
			select {
			case err := <-done:
				if err == nil || strings.Contains(err.Error(), "\n") {
					t.Errorf("want an error of one line: %v", err)
				}
			case <-time.After(within): // the bound itself, not a measure
				t.Error("the start hangs")
			}
		})
	}
}

func TestOpenStateRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, at := range []string{"", "mysql://x", "firestore://p", "firestore://p/d", "firestore:///d/c", ":"} {
		if s, err := OpenState(t.Context(), at); err == nil {
			_ = s.Close()
			t.Errorf("%q is opened", at)
		}
	}
}
