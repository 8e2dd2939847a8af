// Package firestoretest opens stores on the Firestore emulator for tests.
//
// It refuses to pass quietly in continuous integration, as package emulatortest does.
package firestoretest

import (
	"crypto/rand"
	"testing"

	"hjemmel/shared/store/emulatortest"
	"hjemmel/shared/store/firestore"
)

// Open gives an empty store of the test's own on the emulator. Whoever it is given to closes it.
func Open(tb testing.TB) *firestore.Store {
	tb.Helper()
	emulatortest.Firestore.Start(tb)
	s, err := firestore.Open(tb.Context(), firestore.Config{Project: emulatortest.Project, Collection: "t" + rand.Text()})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
