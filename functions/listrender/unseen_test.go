package listrender

import (
	"slices"
	"strconv"
	"testing"

	"hjemmel/functions/listorder"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host/hosttest/served"
	"hjemmel/shared/lists"
	"hjemmel/shared/person"
	"hjemmel/shared/store/storetest"
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

// Leaving out whom earlier batches had: 100 000 persons, and a tenth of them.
func BenchmarkUnseen(b *testing.B) {
	var ids []person.ID
	people, err := population.New(population.Config{Size: 100_000})
	if err != nil {
		b.Fatal(err)
	}
	for f := range people.Each {
		ids = append(ids, f.ID)
	}
	for _, n := range []int{10_000, 100_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			s := storetest.NewMemory()
			book, err := lists.NewBook(s, make([]byte, 32))
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				j := &job{renderer: &renderer{lists: book}, liste: lists.Liste{ID: "liste", Jobber: make([]lists.Jobb, 2)}}
				for batch := range slices.Chunk(ids[:min(n, len(ids))], 5000) {
					left, err := j.unseen(b.Context(), slices.Clone(batch))
					if err != nil || len(left) != len(batch) {
						b.Fatal(len(left), err)
					}
					for part := range slices.Chunk(left, lists.PartSize) {
						op, err := book.PutPart(&j.liste, j.liste.Deler, part)
						if err != nil {
							b.Fatal(err)
						}
						if err := s.Commit(b.Context(), op); err != nil {
							b.Fatal(err)
						}
						j.liste.Deler++
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*min(n, len(ids))), "ns/person")
		})
	}
}
