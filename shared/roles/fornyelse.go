package roles

import (
	"slices"
	"time"

	"hjemmel/shared/store"
)

// Frist is a day by which assignments of a role must be renewed (recertified): those that were last given
// or renewed before it was Satt end on Dato, by time alone. A frist that has passed stays, so that nobody
// gets back what they lost when a new one is set.
type Frist struct {
	Dato   time.Time `json:"dato"`
	Satt   time.Time `json:"satt"`
	SattAv string    `json:"sattAv"`
}

// Ends is when the assignment of the role ends: at its own end, or at a frist that it was not renewed for.
// The zero time is never.
func (v Version) Ends(a Assignment) time.Time { return ends(v.Frister, a) }

func ends(frister []Frist, a Assignment) time.Time {
	end, given := a.Til, a.Tildelt
	if a.Fornyet.After(given) {
		given = a.Fornyet
	}
	for _, f := range frister {
		if given.Before(f.Satt) && (end.IsZero() || f.Dato.Before(end)) {
			end = f.Dato
		}
	}
	return end
}

// Ended reports whether the assignment of the role is over at the time.
func (v Version) Ended(a Assignment, at time.Time) bool {
	end := v.Ends(a)
	return !end.IsZero() && !at.Before(end)
}

// Current leaves out the assignments of the role that are over at the time.
func (v Version) Current(held []Assignment, at time.Time) []Assignment {
	return slices.DeleteFunc(slices.Clone(held), func(a Assignment) bool { return v.Ended(a, at) })
}

// Pending is the frist that lies ahead; ok is false where none does.
func (v Version) Pending(at time.Time) (f Frist, ok bool) {
	for _, f := range v.Frister {
		if f.Dato.After(at) {
			return f, true
		}
	}
	return Frist{}, false
}

// WithFrist gives the role with another frist ahead in place of the one that may be there, or with none
// where f is zero. A frist that is moved is still for those who were there when it was first set.
func (v Version) WithFrist(f Frist, at time.Time) Version {
	if old, ok := v.Pending(at); ok && !f.Dato.IsZero() {
		f.Satt = old.Satt
	}
	v.Frister = slices.DeleteFunc(slices.Clone(v.Frister), func(f Frist) bool { return f.Dato.After(at) })
	if !f.Dato.IsZero() {
		v.Frister = append(v.Frister, f)
	}
	return v
}

// Revise gives the write of what follows the role whatever its version, over the one that Current gave.
func Revise(v Version) ([]store.Op, error) { return one(store.Write(roleKey(v.ID), v, v.over)) }
