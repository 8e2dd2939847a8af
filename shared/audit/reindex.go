package audit

import (
	"maps"
	"slices"
	"strings"

	"hjemmel/shared/store"
)

// Index is what leads to entries of one organisation and one commit: by person, by actor and by request. The key of
// time is the commit's own.
type Index struct {
	where   places
	refused refusals
}

// NewIndex is one of nothing.
func NewIndex() Index { return Index{newPlaces(), refusals{}} }

// Add indexes an entry that lies in a stack. Entries come in order.
func (x Index) Add(e Entry, stack string) {
	x.where.add(e, stack)
	x.refused.add(e, stack)
}

// Ops gives the writes of persons and actors as if nothing else had been in the commit, whatever is there.
func (x Index) Ops() []store.Op {
	ops := x.where.ops()
	for i, op := range ops {
		ops[i] = store.Put(op.Key, op.Value)
	}
	return ops
}

// Has reports whether the record of a key leads to something.
func (x Index) Has(key string) bool { return len(x.where.runs[key])+len(x.refused[key]) > 0 }

// Keys gives the keys of records that may lead to the entry and begin with it: its person's, its actor's and its request's.
func (e Entry) Keys() []string {
	x := NewIndex()
	x.Add(e, "")
	return slices.AppendSeq(slices.Collect(maps.Keys(x.where.runs)), maps.Keys(x.refused))
}

// Stacks are the keys of stacks as a record of time or of a request has them.
func Stacks(value []byte) []string { return slices.Compact(strings.Split(string(value), "\n")) }
