// Package lives composes the lives of a synthetic population: who is born, moves, marries, parts,
// hides, leaves, comes and dies, and who is related to whom. It lets things happen to people and
// keeps what has happened; package population reads it out as a register.
//
// It refuses real persons: every number is synthetic (month + 80), every name is made of the
// project's own words. It knows nothing of documents, HTTP, roles or who may see what.
package lives

import (
	"math/rand/v2"

	"hjemmel/shared/freg/fregsim/data"
	"hjemmel/shared/person"
)

// Register is everybody and how to find them. Nobody changes it after Make.
type Register struct {
	*data.Tables
	Seed   uint64
	Today  Day
	People []Person             // by Ref; the first is nobody
	Index  map[Number]Ref       // by every number, opphoert too
	Named  map[string]person.ID // by what they are
}

// Make makes a register of size persons, which must be enough for the named ones (about 60). The
// same arguments give the same register, and the named persons follow from seed and day alone.
func Make(seed uint64, size int, today Day) *Register {
	r := &Register{
		Tables: data.Load(), Seed: seed, Today: today,
		People: make([]Person, 1, size+1), Index: make(map[Number]Ref, size), Named: map[string]person.ID{},
	}
	b := &builder{Register: r, rnd: rand.New(rand.NewPCG(seed, 1)), room: size}
	b.makeNamed()
	b.rnd = rand.New(rand.NewPCG(seed, 2))
	b.makeRest()
	for p := 1; p < len(r.People); p++ {
		b.settleEstate(Ref(p))
	}
	for p := range r.People {
		r.People[p].finish()
	}
	return r
}
