package audit_test

import (
	"context"
	"strings"
	"testing"
	"time"

	function "hjemmel/functions/audit"
	"hjemmel/shared/audit"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

// remove takes a record out of the state behind everybody's back.
func (w world) remove(key string) {
	w.t.Helper()
	r, err := w.state.Get(w.t.Context(), key)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.state.Commit(w.t.Context(), store.DeleteIf(key, r.Revision)); err != nil {
		w.t.Fatal(err)
	}
}

// Where no scheduler calls, sealing goes by itself, and what fails is tried again.
func TestRunSealsAtEachTick(t *testing.T) {
	w := begin(t)
	tick, ended := make(chan time.Time), make(chan error, 1)
	go func() { ended <- function.Run(t.Context(), w.Env, tick) }()
	r := w.write(3)
	w.state.FailCommit(storetest.Before, 1)
	tick <- time.Time{}
	tick <- time.Time{}
	tick <- time.Time{} // the second has ended
	w.get("bevis/" + r.String())
	select {
	case err := <-ended:
		t.Errorf("ended: %v", err)
	default:
	}
}

// What cannot be looked at for misuse is sealed all the same, is told of, and is looked at next time.
func TestSealingDoesNotWaitForLooking(t *testing.T) {
	w := begin(t)
	w.write(2)
	w.state.Hook(func(_ context.Context, c storetest.Call) error {
		if c.Method == storetest.Scan && c.Keys[0] == audit.PlacedPrefix {
			return store.Unavailable(storetest.ErrInjected)
		}
		return nil
	})
	w.seal(`{"forseglet":2,"hull":0}`)
	if !strings.Contains(w.Log.String(), "AVVIK_UTSATT") {
		t.Errorf("is not told of: %s", w.Log)
	}
	w.state.Revive()
	w.seal(`{"forseglet":0,"hull":0}`)
	if left, err := store.All(t.Context(), w.state, audit.PlacedPrefix); len(left) > 0 || err != nil {
		t.Errorf("%d notes are left, %v", len(left), err)
	}
}
