// Package population makes a synthetic population register: who exists, how they are related, where
// they live and have lived, and what their register documents say. Everything follows from a seed, a
// size and a day, so that the same three give the same bytes.
//
// It refuses real persons: every number is synthetic (month + 80), every name is made of the
// project's own words. It does no I/O and knows nothing of HTTP, roles or who may see what.
package population

import (
	"maps"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/freg/fregsim/lives"
	"hjemmel/shared/person"
)

// Config says which population. The same Config always gives the same one.
type Config struct {
	Seed uint64
	// Size is the number of persons, [MinSize] to [MaxSize]. Zero is 10 000.
	Size int
	// Today is the day the register shows, 2020 to 2030; the time of day is ignored. Keep it fixed to
	// keep the persons: birth dates and numbers follow it. Zero is 1 November 2026.
	Today time.Time
}

// Bounds on Config.Size. The least holds all persons of [Population.Named].
const (
	MinSize = 200
	MaxSize = 3_000_000
)

// Population is a register. It never changes and is safe for concurrent use. It takes about 0.5 kB
// a person.
type Population struct{ reg register }

// register is the lives with what can be read out of them.
type register struct{ *lives.Register }

// New makes a population. A size or day out of bounds is a fault of kind Invalid.
func New(c Config) (*Population, error) {
	if c.Size == 0 {
		c.Size = 10_000
	}
	today := lives.Date(2026, time.November, 1)
	if !c.Today.IsZero() {
		today = lives.Date(c.Today.Year(), c.Today.Month(), c.Today.Day())
	}
	if c.Size < MinSize || c.Size > MaxSize || today.Year() < 2020 || today.Year() > 2030 {
		return nil, fault.New(fault.Invalid, "POPULASJON_OPPSETT", "Størrelsen eller dagen er utenfor grensene.")
	}
	return &Population{register{lives.Make(c.Seed, c.Size, today)}}, nil
}

// Len gives the number of persons.
func (p *Population) Len() int { return len(p.reg.People) - 1 }

// Named gives the persons that tests and demonstrations look for, by what they are. They depend on
// seed and day, not on size. gammeltDnummer is a number that is opphoert and resolves to another.
func (p *Population) Named() map[string]person.ID { return maps.Clone(p.reg.Named) }

// find gives the person with the number, in use or opphoert.
func (p register) find(digits string) (lives.Ref, bool) {
	n, ok := lives.ParseNumber(digits)
	if !ok {
		return 0, false
	}
	r, ok := p.Index[n]
	return r, ok
}

// hash gives bits that follow from a person (or address) and a salt alone, for all that is not worth
// remembering.
func (p register) hash(of uint64, salt uint64) uint64 {
	x := p.Seed ^ of*0x9e3779b97f4a7c15 ^ salt*0xd1342543de82ef95
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
