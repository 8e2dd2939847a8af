package avvik

import "slices"

// Regel is where an organisation draws its lines. Without a decision of its own everything is on.
type Regel struct {
	// Av are scenarios that are switched off.
	Av []Scenario `json:"av"`
	// Grense is the score from which an entry is told of: 100 to MaxPoeng.
	Grense int `json:"grense"`
	// ToppMinst is the fewest persons on a day that can be many, 10 to 1000; ToppGanger how many times what is usual, 2 to 20.
	ToppMinst  int `json:"toppMinst"`
	ToppGanger int `json:"toppGanger"`
	// BomPerTime is how often somebody may find nobody within an hour, 3 to 100.
	BomPerTime int `json:"bomPerTime"`
	// AnsattePerPerson is how many employees asking about one person in a week are many, 3 to 100.
	AnsattePerPerson int `json:"ansattePerPerson"`
	// ArbeidstidFra and ArbeidstidTil are whole hours in Oslo, 0 to 24. HelgErArbeidstid is for those who work weekends.
	ArbeidstidFra    int  `json:"arbeidstidFra"`
	ArbeidstidTil    int  `json:"arbeidstidTil"`
	HelgErArbeidstid bool `json:"helgErArbeidstid"`
}

// Undecided holds where an organisation has decided nothing.
func Undecided() Regel {
	return Regel{
		Av: []Scenario{}, Grense: 300, ToppMinst: 40, ToppGanger: 4, BomPerTime: 10, AnsattePerPerson: 10,
		ArbeidstidFra: 6, ArbeidstidTil: 20,
	}
}

// line is a number of a rule and its bounds.
type line struct {
	name          string
	v, least, max int
}

func (r Regel) lines() []line {
	return []line{
		{"grense", r.Grense, 100, MaxPoeng}, {"toppMinst", r.ToppMinst, 10, 1000}, {"toppGanger", r.ToppGanger, 2, 20},
		{"bomPerTime", r.BomPerTime, 3, maxMissed}, {"ansattePerPerson", r.AnsattePerPerson, 3, 100},
		{"arbeidstidFra", r.ArbeidstidFra, 0, 23}, {"arbeidstidTil", r.ArbeidstidTil, r.ArbeidstidFra + 1, 24},
	}
}

// Wrong names the members that cannot be.
func (r Regel) Wrong() (names []string) {
	for _, l := range r.lines() {
		if l.v < l.least || l.v > l.max {
			names = append(names, l.name)
		}
	}
	for i, s := range r.Av {
		known := slices.ContainsFunc(signs, func(of sign) bool { return of.scenario == s })
		if !known || slices.Contains(r.Av[:i], s) {
			return append(names, "av")
		}
	}
	return names
}

// Changed names what another rule has differently; of the scenarios those that are turned on or off.
func (r Regel) Changed(to Regel) (names []string) {
	for _, s := range signs {
		if slices.Contains(r.Av, s.scenario) != slices.Contains(to.Av, s.scenario) {
			names = append(names, string(s.scenario))
		}
	}
	for i, l := range to.lines() {
		if l.v != r.lines()[i].v {
			names = append(names, l.name)
		}
	}
	if r.HelgErArbeidstid != to.HelgErArbeidstid {
		names = append(names, "helgErArbeidstid")
	}
	return names
}
