package firestore_test

import (
	"flag"
	"testing"

	"hjemmel/shared/store"
	"hjemmel/shared/store/firestore"
	"hjemmel/shared/store/firestore/firestoretest"
	"hjemmel/shared/store/storetest"
)

func opened(t *testing.T) *firestore.Store {
	t.Helper()
	s := firestoretest.Open(t)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Each step of the machine is a request or two, so fewer runs must do unless the command
// line says otherwise.
func TestConformance(t *testing.T) {
	if checks := flag.Lookup("rapid.checks").Value; checks.String() == "100" {
		_ = checks.Set("10") // a number is always taken
		t.Cleanup(func() { _ = checks.Set("100") })
	}
	storetest.Run(t, func(t *testing.T) store.Store { return opened(t) })
}
