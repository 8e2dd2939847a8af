package policy

import (
	"slices"
	"time"

	"hjemmel/shared/policy/katalog"
)

// phase is what a role shows from a time on, while the same legal bases are in force.
type phase struct {
	from    time.Time
	profile *Profile
}

// At gives what the role shows at a time. Nothing has no phases.
func (p *Profile) At(at time.Time) *Profile {
	if p == nil || len(p.phases) == 0 {
		return p
	}
	now := p.phases[0].profile
	for _, f := range p.phases {
		if !f.from.After(at) {
			now = f.profile
		}
	}
	return now
}

// bounds are the times at which one of the bases begins or ends, after one before all of them; none
// where they always are in force.
func bounds(held []katalog.Hjemmel) []time.Time {
	var times []time.Time
	for _, h := range held {
		for _, t := range []time.Time{h.GyldigFra, h.GyldigTil} {
			if !t.IsZero() {
				times = append(times, t)
			}
		}
	}
	if times == nil {
		return nil
	}
	slices.SortFunc(times, time.Time.Compare)
	return append([]time.Time{{}}, times...)
}

// inForceAt keeps the bases that are in force at all the times.
func inForceAt(held []katalog.Hjemmel, times ...time.Time) []katalog.Hjemmel {
	return slices.DeleteFunc(slices.Clone(held), func(h katalog.Hjemmel) bool {
		return slices.ContainsFunc(times, func(at time.Time) bool { return !h.InForce(at) })
	})
}

// Advarsel is a warning to those who hold or own a role: something that it stands on ends.
type Advarsel struct {
	// Hjemmel is the id of the basis; "" where it is the area itself.
	Hjemmel string
	Til     time.Time
	// Utloept is true when it has ended.
	Utloept bool
}

// warnWithin is how long before the end one is warned.
const warnWithin = 90 * 24 * time.Hour

// Advarsler warns of what the role stands on and has ended, or ends within 90 days.
func (p *Profile) Advarsler(at time.Time) []Advarsel {
	if p == nil || p.Area == nil {
		return nil
	}
	var all []Advarsel
	add := func(hjemmel string, til time.Time) {
		if !til.IsZero() && til.Sub(at) <= warnWithin {
			all = append(all, Advarsel{hjemmel, til, !at.Before(til)})
		}
	}
	add("", p.Area.GyldigTil)
	for _, h := range p.Area.Lovhjemler {
		if slices.Contains(p.Role.Hjemler, h.ID) {
			add(h.ID, h.GyldigTil)
		}
	}
	return all
}
