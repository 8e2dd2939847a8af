package whatif

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

// Report is what a draft would have done in place of the version in force. Persons and actors are counted
// each once.
type Report struct {
	// Avspilt is what was played.
	Avspilt Count `json:"avspilt"`
	// Feiler are asks that the version in force answers and the draft would refuse, by reason.
	Feiler []Failure `json:"feiler"`
	// Lykkes are asks that the version in force refuses and the draft would answer.
	Lykkes Count `json:"lykkes"`
	// Uavgjort are asks of which the log does not tell: what depends on where somebody lives, and on a
	// number in a purpose.
	Uavgjort Count `json:"uavgjort"`
	// Nye are elements that the draft would open in answers, about how many: of those the register has a
	// value for. Borte are elements that were told and would not be.
	Nye   []Element `json:"nyeOpplysninger"`
	Borte []Element `json:"borteOpplysninger"`
	// Ubrukte are elements of the draft that nobody was told and no search needed.
	Ubrukte []Element `json:"ubrukteOpplysninger"`
}

// Count is how much something is: forespørsler (asks), persons asked about, actors who asked.
type Count struct {
	Forespoersler int `json:"forespoersler"`
	Personer      int `json:"personer"`
	Aktoerer      int `json:"aktoerer"`
}

// Failure is one way in which asks would fail.
type Failure struct {
	Feilkode     string   `json:"feilkode"`
	Melding      string   `json:"melding"`
	Regler       []string `json:"regler"`
	Opplysninger []string `json:"opplysninger"` // or parameters, that the draft lacks
	Count
	AktoerID []string  `json:"aktoerId"` // the first twenty
	Sist     time.Time `json:"sist"`
}

// Element is an opplysning with how many it concerns.
type Element struct {
	Kode string       `json:"kode"`
	Navn katalog.Text `json:"navn"`
	Count
	// Spurt says of an unused element that it was asked for: what is seldom there is not unneeded.
	Spurt bool `json:"spurt,omitempty"`
}

// tally counts each ask, person and actor once.
type tally struct{ asks, persons, actors map[string]bool }

func newTally() *tally { return &tally{map[string]bool{}, map[string]bool{}, map[string]bool{}} }

func (t *tally) ask(a *ask) {
	t.asks[a.RequestID], t.actors[a.Aktor] = true, true
}

func (t *tally) person(a *ask, p told) {
	t.ask(a)
	if p.subjekt != "" {
		t.persons[p.subjekt] = true
	}
}

func (t *tally) all(a *ask) {
	t.ask(a)
	for _, p := range a.persons {
		t.person(a, p)
	}
}

func (t *tally) count() Count { return Count{len(t.asks), len(t.persons), len(t.actors)} }

// tallies counts by name.
type tallies map[string]*tally

func (t tallies) of(name string) *tally {
	if t[name] == nil {
		t[name] = newTally()
	}
	return t[name]
}

// count counts by a name, which may be nobody's.
func (t tallies) count(name string) Count {
	if t[name] == nil {
		return Count{}
	}
	return t[name].count()
}

// comparison is a Report in the making.
type comparison struct {
	played, better, open *tally
	failures             map[string]*Failure
	failed               tallies
	gained, lost, used   tallies
}

// Compare plays the recording through the version in force and the draft.
func (r *Recording) Compare(t Terms, live, draft *policy.Profile) Report {
	c := comparison{newTally(), newTally(), newTally(), map[string]*Failure{}, tallies{}, tallies{}, tallies{}, tallies{}}
	was, is := newSide(t, live), newSide(t, draft)
	for _, a := range r.inOrder() {
		c.played.all(a)
		c.compare(a, was, is)
	}
	return c.report(is.profile, r.Uses(is.profile))
}

func (c *comparison) compare(a *ask, was, is *side) {
	before, after := was.judge(a), is.judge(a)
	switch {
	case before.open || after.open:
		c.open.all(a)
	case before.denied() && after.denied():
	case before.denied():
		c.better.all(a)
	case after.denied():
		c.fails(a, after.reasons)
	default:
		c.persons(a, was, is, without(after.opens, before.opens), after.opens)
	}
}

// persons compares what each person's answer would hold.
func (c *comparison) persons(a *ask, was, is *side, opened, opens []string) {
	for _, p := range a.persons {
		before, after := was.outcome(a, p), is.outcome(a, p)
		switch {
		case before == unknown || after == unknown:
			c.open.person(a, p)
		case before != answered && after == answered:
			c.better.person(a, p)
		case before == answered && after == answered && p.subjekt != "" && a.Handling != string(policy.SoekTreff):
			for _, kode := range opened {
				c.gained.of(kode).person(a, p)
			}
			for _, kode := range without(p.levert, opens) {
				c.lost.of(kode).person(a, p)
			}
		}
	}
}

func (c *comparison) fails(a *ask, reasons []policy.Reason) {
	f := reasons[0].Fault
	rules := make([]string, len(reasons))
	for i, r := range reasons {
		rules[i] = string(r.Rule)
	}
	key := f.Code + " " + strings.Join(rules, " ") + " " + strings.Join(f.Elements, " ")
	if c.failures[key] == nil {
		c.failures[key] = &Failure{Feilkode: f.Code, Melding: f.Detail, Regler: rules, Opplysninger: append([]string{}, f.Elements...)}
	}
	if a.Tid.After(c.failures[key].Sist) {
		c.failures[key].Sist = a.Tid
	}
	c.failed.of(key).all(a)
}

// maxActors bounds who is named.
const maxActors = 20

func (c *comparison) report(draft *policy.Profile, u Uses) Report {
	r := Report{Avspilt: c.played.count(), Lykkes: c.better.count(), Uavgjort: c.open.count(), Feiler: []Failure{}}
	for key, f := range c.failures {
		f.Count = c.failed[key].count()
		f.AktoerID = slices.Sorted(maps.Keys(c.failed[key].actors))
		f.AktoerID = f.AktoerID[:min(len(f.AktoerID), maxActors)]
		r.Feiler = append(r.Feiler, *f)
	}
	slices.SortFunc(r.Feiler, func(a, b Failure) int {
		return cmp.Or(b.Forespoersler-a.Forespoersler, strings.Compare(a.Feilkode, b.Feilkode), slices.Compare(a.Opplysninger, b.Opplysninger))
	})
	r.Nye, r.Borte = elements(draft, c.gained), elements(draft, c.lost)
	r.Ubrukte = u.unused()
	return r
}

// elements names what was counted, in the catalogue's order.
func elements(p *policy.Profile, counted tallies) []Element {
	all := []Element{}
	for _, o := range p.Katalog().Opplysninger {
		if t := counted[o.Kode]; t != nil {
			all = append(all, Element{Kode: o.Kode, Navn: o.Navn, Count: t.count()})
		}
	}
	return all
}

func without(all, some []string) []string {
	var left []string
	for _, s := range all {
		if !slices.Contains(some, s) {
			left = append(left, s)
		}
	}
	return left
}
