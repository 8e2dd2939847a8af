package avvik

import (
	"maps"
	"slices"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/policy"
)

// Window is what is known when an entry is judged: the organisation's rule and what is remembered. Remember changes what
// is remembered.
type Window struct {
	Regel Regel
	// Ansatt, Rollen and Interesse are what is remembered of who asked, of the role, and of whom it is about; empty for none.
	Ansatt    *Habit
	Rollen    *Crowd
	Interesse *Interest
	// Kollega is true where the person is employed by the organisation and is not who asked.
	Kollega bool
}

// Habit (vane) is what is remembered of an employee, for four weeks.
type Habit struct {
	Dager  map[string]int       `json:"dager,omitempty"`  // persons asked about, by day
	Roller map[string]string    `json:"roller,omitempty"` // the day that a role was last used, by role
	Bom    []time.Time          `json:"bom,omitempty"`    // asked in vain, within an hour
	Avslag map[string]time.Time `json:"avslag,omitempty"` // refused within a day, by pseudonym
	Meldt  map[string]string    `json:"meldt,omitempty"`  // the day that a scenario was last told of
	Sist   time.Time            `json:"sist"`             // of the last entry
}

// Crowd is what is remembered of a role, for four weeks: by day.
type Crowd struct {
	Dager map[string]Tally `json:"dager,omitempty"`
	Sist  time.Time        `json:"sist"`
}

// Tally is how many persons were asked about on a day, by how many employees.
type Tally struct {
	Personer int `json:"personer"`
	Ansatte  int `json:"ansatte"`
}

// Interest is who has asked about a person within a week, by when they last did, and the day that it was last told of.
type Interest struct {
	Ansatte map[string]time.Time `json:"ansatte,omitempty"`
	Meldt   string               `json:"meldt,omitempty"`
}

// How long what is remembered, and bounds of one record: at most 20 kB, so that those of a commit fit in it.
const (
	days        = 28 * 24 * time.Hour
	week        = 7 * 24 * time.Hour
	refusalLife = 24 * time.Hour
	maxMissed   = 100
	maxRefused  = 100
	maxTold     = 100
	maxInterest = 120
)

// judged is an entry with what was known before it.
type judged struct {
	audit.Entry
	Window
}

// Judge gives the score of an entry, by what was known before it, and the reasons: none where the score is below the
// organisation's line. What was told of already that day is not told again. ansatte are whom it concerns, by id.
func Judge(e audit.Entry, w Window) (poeng int, grunner []Grunn, ansatte []string) {
	j := judged{e, w}
	ansatte = []string{e.Aktor}
	for _, s := range signs {
		fakta, fits := s.fits(j)
		if !fits || slices.Contains(w.Regel.Av, s.scenario) || j.told(s) {
			continue
		}
		poeng += s.poeng
		grunner = append(grunner, Grunn{s.scenario, s.poeng, fakta})
		if s.once == everybody {
			ansatte = j.concerned()
		}
	}
	if poeng < w.Regel.Grense {
		return 0, nil, nil
	}
	return min(poeng, MaxPoeng), grunner, ansatte
}

// Remember takes an entry that was judged, and what was told of it, into what is remembered.
func Remember(e audit.Entry, w Window, grunner []Grunn) {
	j, day, long := judged{e, w}, dayOf(e.Tid), dayOf(e.Tid.Add(-days))
	j.forget(long)
	w.Ansatt.Sist, w.Rollen.Sist = e.Tid, e.Tid
	if e.Subjekt != "" {
		j.countPerson(day)
	}
	w.Ansatt.Bom = w.Ansatt.missed(e.Tid)
	if e.Utfall == audit.IngenData && len(w.Ansatt.Bom) < maxMissed {
		w.Ansatt.Bom = append(w.Ansatt.Bom, e.Tid)
	}
	if e.Utfall == audit.Avslag && e.Subjekt != "" && len(w.Ansatt.Avslag) < maxRefused {
		put(&w.Ansatt.Avslag, e.Subjekt, e.Tid)
	}
	for _, s := range signs {
		if slices.ContainsFunc(grunner, func(g Grunn) bool { return g.Scenario == s.scenario }) {
			j.tell(s, day)
		}
	}
}

// countPerson counts that somebody was asked about.
func (j judged) countPerson(day string) {
	put(&j.Ansatt.Dager, day, j.Ansatt.Dager[day]+1)
	t := j.Rollen.Dager[day]
	put(&j.Rollen.Dager, day, Tally{t.Personer + 1, t.Ansatte + count(j.Ansatt.Roller[j.Rolle] != day)})
	put(&j.Ansatt.Roller, j.Rolle, day)
	if len(j.Interesse.Ansatte) < maxInterest {
		put(&j.Interesse.Ansatte, j.Aktor, j.Tid)
	}
}

// forget drops what is too old.
func (j judged) forget(long string) {
	maps.DeleteFunc(j.Ansatt.Dager, func(d string, _ int) bool { return d < long })
	maps.DeleteFunc(j.Ansatt.Roller, func(_, d string) bool { return d < long })
	maps.DeleteFunc(j.Ansatt.Meldt, func(_, d string) bool { return d < dayOf(j.Tid) })
	maps.DeleteFunc(j.Ansatt.Avslag, func(_ string, at time.Time) bool { return j.Tid.Sub(at) >= refusalLife })
	maps.DeleteFunc(j.Rollen.Dager, func(d string, _ Tally) bool { return d < long })
	maps.DeleteFunc(j.Interesse.Ansatte, func(_ string, at time.Time) bool { return j.Tid.Sub(at) >= week })
}

// topic is what a scenario is told of once a day.
func (j judged) topic(s sign) string {
	if s.once == aPerson {
		return string(s.scenario) + " " + j.Subjekt
	}
	return string(s.scenario)
}

func (j judged) told(s sign) bool {
	if s.once == everybody {
		return j.Interesse.Meldt == dayOf(j.Tid)
	}
	return j.Ansatt.Meldt[j.topic(s)] == dayOf(j.Tid)
}

func (j judged) tell(s sign, day string) {
	switch {
	case s.once == everybody:
		j.Interesse.Meldt = day
	case len(j.Ansatt.Meldt) < maxTold:
		put(&j.Ansatt.Meldt, j.topic(s), day)
	}
}

// concerned are those who have asked about the person within a week, with who asks now, by id.
func (j judged) concerned() []string {
	all := []string{j.Aktor}
	for id, at := range j.Interesse.Ansatte {
		if id != j.Aktor && j.Tid.Sub(at) < week {
			all = append(all, id)
		}
	}
	slices.Sort(all)
	return all
}

// usual is how many a day, on days before one on which there were any.
func (h *Habit) usual(before string) float64 {
	sum, n := 0, 0
	for day, persons := range h.Dager {
		if day < before {
			sum, n = sum+persons, n+1
		}
	}
	return float64(sum) / float64(max(n, 1))
}

// usual is how many a day for an employee who asked at all.
func (c *Crowd) usual(before string) float64 {
	sum, n := 0, 0
	for day, t := range c.Dager {
		if day < before {
			sum, n = sum+t.Personer, n+t.Ansatte
		}
	}
	return float64(sum) / float64(max(n, 1))
}

// missed is when the employee asked in vain within the hour before.
func (h *Habit) missed(now time.Time) (recent []time.Time) {
	for _, at := range h.Bom {
		if now.Sub(at) < time.Hour {
			recent = append(recent, at)
		}
	}
	return recent
}

// Stale reports whether nothing is left to remember of an employee at a time.
func (h *Habit) Stale(now time.Time) bool { return now.Sub(h.Sist) >= days }

// Stale is as of an employee.
func (c *Crowd) Stale(now time.Time) bool { return now.Sub(c.Sist) >= days }

// Stale is as of an employee.
func (i *Interest) Stale(now time.Time) bool {
	for _, at := range i.Ansatte {
		if now.Sub(at) < week {
			return false
		}
	}
	return true
}

func dayOf(t time.Time) string { return t.In(policy.Oslo()).Format(time.DateOnly) }

func put[V any](m *map[string]V, key string, v V) {
	if *m == nil {
		*m = map[string]V{}
	}
	(*m)[key] = v
}
