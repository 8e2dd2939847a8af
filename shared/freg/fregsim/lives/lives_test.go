package lives

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hjemmel/shared/person"
)

func TestStamps(t *testing.T) {
	for _, tt := range []struct {
		day  Day
		nano int64
		want string
	}{
		{Date(1801, time.January, 1), 0, "1801-01-01T00:00:00+01:00"},
		{Date(1966, time.June, 5), 0, "1966-06-05T00:00:00+01:00"},
		{Date(2024, time.March, 30), 0, "2024-03-30T00:00:00+01:00"},
		{Date(2024, time.March, 31), 1, "2024-03-31T00:00:00.000000001+02:00"},
		{Date(2024, time.October, 26), 12*3600e9 + 33*60e9 + 47e9 + 930e6, "2024-10-26T12:33:47.93+02:00"},
		{Date(2024, time.October, 27), 23*3600e9 + 59*60e9 + 59e9, "2024-10-27T23:59:59+01:00"},
		{Date(2024, time.February, 29).Years(1), 0, "2025-03-01T00:00:00+01:00"},
		{Date(2020, time.July, 1), 9*3600e9 + 5*60e9 + 3e9 + 60e3, "2020-07-01T09:05:03.00006+02:00"},
	} {
		if got := string(AppendStamp(nil, tt.day, tt.nano)); got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
		if _, err := time.Parse(time.RFC3339Nano, tt.want); err != nil {
			t.Error(err)
		}
	}
}

func TestDays(t *testing.T) {
	if Date(1801, time.January, 1) != 1 {
		t.Error("day 1 is not 1 January 1801")
	}
	rapid.Check(t, func(t *rapid.T) {
		d := Day(rapid.IntRange(1, 100_000).Draw(t, "day"))
		if back := dayOf(d.Time()); back != d || d.Time().Format("2006-01-02") != string(AppendDate(nil, d)) || d.Time().Year() != d.Year() {
			t.Fatalf("day %d comes back as %d", d, back)
		}
	})
}

// TestMakeNumber compares with package person: the rule of 1964 leaves rest 0, that of 2032 more.
func TestMakeNumber(t *testing.T) {
	issued := 0
	rapid.Check(t, func(t *rapid.T) {
		born := Day(rapid.IntRange(int(Date(1900, 1, 1)), int(Date(2039, 12, 31))).Draw(t, "born"))
		individ, dnummer := rapid.IntRange(0, 999).Draw(t, "individ"), rapid.Bool().Draw(t, "dnummer")
		rest := rapid.IntRange(0, 3).Draw(t, "rest")
		n, ok := makeNumber(born, individ, dnummer, rest)
		shifted := fmt.Appendf(nil, "%s%03d", born.Time().Format("020106"), individ)
		shifted[2] += 8
		if dnummer {
			shifted[0] += 4
		}
		control, legal := person.ControlDigits(string(shifted))
		if ok && n.String()[:9] != string(shifted) {
			t.Fatalf("%v is not of %s", n, shifted)
		}
		if rest == 0 && (ok != legal || ok && control != n.String()[9:]) {
			t.Fatalf("%v is %v, %v", n, ok, legal)
		}
		if !ok {
			return
		}
		issued++
		id, err := person.ParseID(n.String())
		if err != nil || !id.Synthetic() || id.DNummer() != dnummer || n.DNummer() != dnummer || n.ID() != id {
			t.Fatalf("%v: %v", n, err)
		}
		if back, ok := ParseNumber(n.String()); !ok || back != n {
			t.Fatalf("%v comes back as %v", n, back)
		}
		if rest > 0 && legal && control == n.String()[9:] {
			t.Fatalf("%v of rest %d is one of 1964", n, rest)
		}
	})
	if issued == 0 {
		t.Error("no number is ever issued")
	}
}

func TestParseNumberRefuses(t *testing.T) {
	for _, bad := range []string{"", "1234567890", "123456789012", "1234567890x", "-1234567890", "١٢٣٤٥٦٧٨٩٠١"} {
		if _, ok := ParseNumber(bad); ok {
			t.Errorf("%q is taken", bad)
		}
	}
}

// TestNothingHappensOutOfTime: the builder refuses what the dead, the unborn, the absent and the
// future cannot have.
func TestNothingHappensOutOfTime(t *testing.T) {
	r := Make(1, 300, Date(2026, time.November, 1))
	for p := range r.People[1:] {
		e := &r.People[p+1]
		for _, a := range e.Addresses {
			if a.From < e.Born || a.From < e.Arrived || a.From >= r.Today || e.Died != 0 && a.From >= e.Died || e.gone != 0 && a.From >= e.gone {
				t.Errorf("%+v has the address %+v", e, a)
			}
		}
		for _, n := range e.Names {
			if n.From < e.Born || e.Died != 0 && n.From >= e.Died {
				t.Errorf("%+v has the name %+v", e, n)
			}
		}
	}
}
