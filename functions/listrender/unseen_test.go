package listrender

import (
	"slices"
	"testing"

	"hjemmel/functions/listorder"
	"hjemmel/shared/host/hosttest/served"
	"hjemmel/shared/lists"
	"hjemmel/shared/person"
)

// Whom an earlier uttrekk of a list gave is not on it again, whatever the piece; nothing else is left out. The simulated
// register has nobody who both lives and stays, so the numbers are given here.
func TestWhomAnEarlierUttrekkGaveIsNotOnTheListAgain(t *testing.T) {
	w := served.Start(t, []served.Routes{listorder.Routes})
	r, err := newRenderer(w.Env)
	if err != nil {
		t.Fatal(err)
	}
	var ids []person.ID
	for f := range w.Freg.Population().Each {
		ids = append(ids, f.ID)
	}
	state, err := w.Env.State()
	if err != nil {
		t.Fatal(err)
	}
	j := &job{renderer: r, liste: lists.Liste{ID: "liste", Jobber: make([]lists.Jobb, 2), Deler: 2}}
	for nr, part := range []lists.Part{ids[:3], ids[3:5]} {
		op, err := r.lists.PutPart(&j.liste, nr, part)
		if err != nil {
			t.Fatal(err)
		}
		if err := state.Commit(t.Context(), op); err != nil {
			t.Fatal(err)
		}
	}
	got, err := j.unseen(t.Context(), slices.Clone(ids[2:8]))
	if err != nil || !slices.Equal(got, ids[5:8]) {
		t.Errorf("%d of 6 are left, %v", len(got), err)
	}
}
