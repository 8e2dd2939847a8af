package audit_test

import (
	"testing"
	"time"

	function "hjemmel/functions/audit"
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
