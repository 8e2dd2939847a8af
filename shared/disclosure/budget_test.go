package disclosure

import (
	"testing"
	"time"
)

// A day is a Norwegian day, of 23, 24 or 25 hours.
func TestADayEndsAtMidnightInOslo(t *testing.T) {
	for at, want := range map[string]time.Duration{
		"2026-11-23T12:00:00Z": 11 * time.Hour,
		"2026-11-23T22:59:59Z": time.Second,
		"2026-11-23T23:00:00Z": 24 * time.Hour,
		"2026-07-01T21:30:00Z": 30 * time.Minute,
		"2026-03-28T23:00:00Z": 23 * time.Hour, // summer time begins
		"2026-10-24T22:00:00Z": 25 * time.Hour, // and ends
	} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := untilTomorrow(now); got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
}
