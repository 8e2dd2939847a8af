package sqlite

import (
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"

	"hjemmel/shared/store"
)

const benchValue = 512

func BenchmarkGet(b *testing.B) {
	s := fresh(b)
	fill(b, s)
	for i := 0; b.Loop(); i++ {
		get(b, s, benchKey(i%store.MaxOps))
	}
}

func BenchmarkGetMany100(b *testing.B) {
	s := fresh(b)
	fill(b, s)
	var keys []string
	for i := range 100 {
		keys = append(keys, benchKey(i*17%store.MaxOps))
	}
	for b.Loop() {
		if found, err := s.GetMany(b.Context(), keys); err != nil || len(found) != 100 {
			b.Fatal(len(found), err)
		}
	}
}

func BenchmarkScan100(b *testing.B) {
	s := fresh(b)
	fill(b, s)
	for b.Loop() {
		if found, err := s.Scan(b.Context(), "bench/", benchKey(500), 100); err != nil || len(found) != 100 {
			b.Fatal(len(found), err)
		}
	}
}

func BenchmarkCommit(b *testing.B) {
	s := fresh(b)
	value := make([]byte, benchValue)
	for i := 0; b.Loop(); i++ {
		commit(b, s, store.Create("c/"+strconv.Itoa(i), value))
	}
}

// BenchmarkCommit32 is 32 goroutines with one commit each under way; ns/op is wall time per commit.
func BenchmarkCommit32(b *testing.B) {
	s := fresh(b)
	value := make([]byte, benchValue)
	var n atomic.Int64
	b.SetParallelism(16) // times GOMAXPROCS, 2 where this was measured
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := s.Commit(b.Context(), store.Create("c/"+strconv.FormatInt(n.Add(1), 10), value)); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkCommit1000Ops(b *testing.B) {
	s := fresh(b)
	value := make([]byte, benchValue)
	for i := 0; b.Loop(); i++ {
		var ops []store.Op
		for j := range 1000 {
			ops = append(ops, store.Create(fmt.Sprintf("c/%06d/%04d", i, j), value))
		}
		commit(b, s, ops...)
	}
}

func fill(b *testing.B, s *Store) {
	var ops []store.Op
	for i := range store.MaxOps {
		ops = append(ops, store.Create(benchKey(i), make([]byte, benchValue)))
	}
	commit(b, s, ops...)
}

func benchKey(i int) string { return fmt.Sprintf("bench/%06d", i) }
