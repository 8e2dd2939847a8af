package roles

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"hjemmel/shared/policy"
)

// One assignment of one role, day by day: administrators set, move and drop a frist and renew, as they
// like. What was lost comes back by a renewal alone, and never what was renewed is lost at the frist it was
// renewed for.
func TestWhatIsNotRenewedIsLostUntilItIsRenewed(t *testing.T) {
	day0 := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return day0.AddDate(0, 0, n) }
	rapid.Check(t, func(t *rapid.T) {
		v, a := Version{}, Assignment{Tildelt: day0}
		ahead, set, lost := 0, 0, false // the model: the frist ahead and the day it was set, and whether the assignment is lost
		given := 0
		for now := 1; now <= 60; now++ {
			if ahead == now { // the day begins
				lost = lost || given < set
				ahead = 0
			}
			if v.Ended(a, day(now)) != lost {
				t.Fatalf("day %d: ended %v, want %v: %+v", now, !lost, lost, v.Frister)
			}
			switch at := day(now).Add(12 * time.Hour); rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				to := now + rapid.IntRange(1, 20).Draw(t, "to")
				v = v.WithFrist(Frist{Dato: day(to), Satt: at}, at)
				if ahead == 0 {
					set = now
				}
				ahead = to
			case 1:
				v, ahead = v.WithFrist(Frist{}, at), 0
			case 2:
				a.Fornyet, given, lost = at, now, false
			}
		}
	})
}

func TestTheEarlierEndHolds(t *testing.T) {
	at := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	for name, c := range map[string]struct {
		til, tildelt time.Time
		frister      []Frist
		want         time.Time
	}{
		"never":                        {},
		"its own end":                  {til: at(9), want: at(9)},
		"the frist":                    {til: at(9), tildelt: at(1), frister: []Frist{{Dato: at(5), Satt: at(2)}}, want: at(5)},
		"its own end, before":          {til: at(4), tildelt: at(1), frister: []Frist{{Dato: at(5), Satt: at(2)}}, want: at(4)},
		"given after the frist was":    {tildelt: at(3), frister: []Frist{{Dato: at(5), Satt: at(2)}}},
		"nobody knows when it was":     {frister: []Frist{{Dato: at(5), Satt: at(2)}}, want: at(5)},
		"the first of those it missed": {tildelt: at(1), frister: []Frist{{Dato: at(5), Satt: at(2)}, {Dato: at(9), Satt: at(6)}}, want: at(5)},
	} {
		a := Assignment{Tildeling: policy.Tildeling{Til: c.til}, Tildelt: c.tildelt}
		if got := (Version{Frister: c.frister}).Ends(a); !got.Equal(c.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}
