package avvik_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hjemmel/shared/audit/avvik"
)

// reviewer is somebody with employments, the first of which they act in.
func reviewer(person string, ids ...string) avvik.Reviewer {
	return avvik.Reviewer{ID: ids[0], Self: func(id string) bool { return slices.Contains(ids, id) }, Person: person, At: oslo(13, 0)}
}

func TestTwoPersonsClose(t *testing.T) {
	first, second := reviewer("f", "ansatt-05"), reviewer("s", "ansatt-06")
	a := lookup(rules("egen-person"))
	score, why, whom := a.judge()
	found := avvik.New(a.Entry, score, why, whom)
	taken, err := found.Take(first)
	if err != nil || taken.TattAv != "ansatt-05" || found.TattAv != "" {
		t.Fatalf("%v %+v", err, taken)
	}
	proposed, err := taken.Propose(second, avvik.Tjenstlig, "Det hørte til en sak")
	if err != nil || proposed.TattAv != "ansatt-06" {
		t.Fatalf("%v %+v", err, proposed)
	}
	for name, c := range map[string]struct {
		of   avvik.Avvik
		by   avvik.Reviewer
		k    avvik.Konklusjon
		want error
	}{
		"before anything is proposed": {taken, first, avvik.Tjenstlig, avvik.ErrProposal},
		"another conclusion":          {proposed, first, avvik.Brudd, avvik.ErrProposal},
		"the same":                    {proposed, second, avvik.Tjenstlig, avvik.ErrSecond},
		"the same in another job":     {proposed, reviewer("x", "ansatt-09", "ansatt-06"), avvik.Tjenstlig, avvik.ErrSecond},
		"the same in a job anew":      {proposed, reviewer("s", "ansatt-10"), avvik.Tjenstlig, avvik.ErrSecond},
		"whoever asked":               {proposed, reviewer("y", "ansatt-11", "a"), avvik.Tjenstlig, avvik.ErrConcerned},
		"whoever was asked about":     {proposed, reviewer("p", "ansatt-12"), avvik.Tjenstlig, avvik.ErrConcerned},
		"another":                     {proposed, first, avvik.Tjenstlig, nil},
	} {
		closed, err := c.of.Confirm(c.by, c.k, "")
		if !errors.Is(err, c.want) || err == nil && (closed.Lukking.Av != c.by.ID || closed.Forslag.Av != "ansatt-06") {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		_, again := closed.Propose(first, avvik.Brudd, "")
		_, take := closed.Take(first)
		_, confirm := closed.Confirm(first, c.k, "")
		if !errors.Is(again, avvik.ErrClosed) || !errors.Is(take, avvik.ErrClosed) || !errors.Is(confirm, avvik.ErrClosed) {
			t.Errorf("%v %v %v", again, take, confirm)
		}
	}
	for _, by := range []avvik.Reviewer{reviewer("y", "a"), reviewer("p", "ansatt-12")} {
		_, take := found.Take(by)
		_, propose := found.Propose(by, avvik.Tjenstlig, "")
		if !errors.Is(take, avvik.ErrConcerned) || !errors.Is(propose, avvik.ErrConcerned) {
			t.Errorf("%v %v", take, propose)
		}
	}
}

// Whoever disagrees proposes something else, which whoever proposed first may confirm.
func TestADisagreementIsAProposal(t *testing.T) {
	first, second := reviewer("f", "ansatt-05"), reviewer("s", "ansatt-06")
	one, _ := avvik.Avvik{}.Propose(first, avvik.Tjenstlig, "")
	two, _ := one.Propose(second, avvik.Brudd, "")
	if _, err := two.Confirm(second, avvik.Brudd, ""); !errors.Is(err, avvik.ErrSecond) {
		t.Error(err)
	}
	if done, err := two.Confirm(first, avvik.Brudd, ""); err != nil || done.Forslag.Konklusjon != avvik.Brudd {
		t.Errorf("%v %+v", err, done)
	}
	if avvik.Konklusjon("").Known() || avvik.Konklusjon("HENLAGT").Known() || !avvik.IkkeAvklart.Known() {
		t.Error("conclusions")
	}
}

// Whoever does what in whatever order: what is closed was proposed by one person and confirmed by another, neither of whom
// it concerns, and stays as it was closed.
func TestNobodyClosesAlone(t *testing.T) {
	people := []avvik.Reviewer{
		reviewer("f", "ansatt-05"), reviewer("f", "ansatt-15"), reviewer("s", "ansatt-06", "ansatt-16"), reviewer("a", "a", "revisor-1"), reviewer("p", "ansatt-12"),
	}
	rapid.Check(t, func(t *rapid.T) {
		e := lookup(rules("egen-person")).Entry
		a := avvik.New(e, 500, nil, []string{"a"})
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			by, k := rapid.SampledFrom(people).Draw(t, "who"), rapid.SampledFrom([]avvik.Konklusjon{avvik.Tjenstlig, avvik.Brudd}).Draw(t, "conclusion")
			step := rapid.SampledFrom([]func() (avvik.Avvik, error){
				func() (avvik.Avvik, error) { return a.Take(by) },
				func() (avvik.Avvik, error) { return a.Propose(by, k, "") },
				func() (avvik.Avvik, error) { return a.Confirm(by, k, "") },
			}).Draw(t, "step")
			to, err := step()
			if err != nil {
				continue
			}
			if a.Lukking != nil || a.Concerns(by) {
				t.Fatalf("%s did something with %+v", by.ID, a)
			}
			a = to
		}
		if l := a.Lukking; l != nil && (a.Forslag == nil || l.Person == a.Forslag.Person || l.Konklusjon != a.Forslag.Konklusjon || l.Person == "a" || l.Person == "p") {
			t.Fatalf("%+v closed %+v", l, a.Forslag)
		}
	})
}

// The same entry has the same id.
func TestTheIDFollowsFromTheEntry(t *testing.T) {
	a := lookup(rules("egen-person"))
	if id := avvik.New(a.Entry, 500, nil, nil).ID; id != "1795518000000000-0123456789abcdef0123-7" {
		t.Error(id)
	}
}
