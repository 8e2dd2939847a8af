package integrations

import (
	"fmt"
	"testing"
	"time"

	"hjemmel/shared/identity"
)

func TestOverlappingKeepsOnePassword(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	p := func(name string, until time.Time) identity.Password {
		return identity.Password{MAC: []byte(name), GyldigTil: until}
	}
	soon, late := now.Add(time.Hour), now.Add(48*time.Hour)
	for name, c := range map[string]struct {
		kept []identity.Password
		want string
		end  time.Time
	}{
		"none":                  {nil, "", time.Time{}},
		"one":                   {[]identity.Password{p("a", time.Time{})}, "a", late},
		"two":                   {[]identity.Password{p("a", soon), p("b", time.Time{})}, "a", soon},
		"the old one has ended": {[]identity.Password{p("a", now), p("b", time.Time{})}, "b", late},
	} {
		got := overlapping(c.kept, now, late)
		if c.want == "" && len(got) == 0 {
			continue
		}
		if len(got) != 1 || string(got[0].MAC) != c.want || !got[0].GyldigTil.Equal(c.end) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestALimiterFillsSteadilyAndIsBounded(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	l := newLimiter(2, func() time.Time { return now })
	for n, want := range []bool{true, true, false} {
		if l.allow("a") != want {
			t.Errorf("call %d", n)
		}
	}
	if now = now.Add(31 * time.Second); !l.allow("a") || l.allow("a") {
		t.Error("half a minute is worth one")
	}
	for n := range maxBuckets + 10 {
		l.allow(fmt.Sprint(n))
	}
	if len(l.buckets) > maxBuckets {
		t.Errorf("%d buckets", len(l.buckets))
	}
}
