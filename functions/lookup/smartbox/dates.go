package smartbox

import (
	"regexp"
	"strconv"
	"time"

	"hjemmel/shared/api/personsoek"
)

var (
	written = regexp.MustCompile(`^([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4}|[0-9]{2})\.?$`)
	packed  = regexp.MustCompile(`^([0-9]{2})([0-9]{2})([0-9]{4}|[0-9]{2})$`)
	iso     = regexp.MustCompile(`^([0-9]{4})-?([0-9]{2})-?([0-9]{2})$`)
	years   = regexp.MustCompile(`^([0-9]{4})[–-]([0-9]{4})$`)
)

// birth reads a date of birth, or a span of years.
func (r *reader) birth(t string) bool {
	r.born = false
	if r.d.Foedselsdato != nil || r.d.Foedt != (personsoek.AarIntervall{}) {
		return false
	}
	if m := years.FindStringSubmatch(t); m != nil {
		from, to := whole(m[1]), whole(m[2])
		r.between(from, to)
		return from >= earliest && from <= to && to <= r.today.Year()
	}
	for _, form := range []*regexp.Regexp{written, packed} {
		if m := form.FindStringSubmatch(t); m != nil && r.date(m[3], m[2], m[1]) {
			return true
		}
	}
	m := iso.FindStringSubmatch(t)
	return m != nil && r.date(m[1], m[2], m[3])
}

// date takes a day that has been. A year of two digits is the latest one that can be; where an earlier
// one can be too, that is told.
func (r *reader) date(year, month, day string) bool {
	y := whole(year)
	if len(year) == 4 {
		return r.day(y, whole(month), whole(day))
	}
	if !r.day(2000+y, whole(month), whole(day)) {
		return r.day(1900+y, whole(month), whole(day))
	}
	before := *r.d.Foedselsdato - 1_000_000
	if r.exists(1900+y, whole(month), whole(day)) {
		r.notes = append(r.notes, "Året er lest som "+strconv.Itoa(2000+y)+". Det kan også være "+strconv.Itoa(1900+y)+".")
		r.others = append(r.others, func(d *personsoek.Definisjon) { d.Foedselsdato = &before })
	}
	return true
}

func (r *reader) day(y, m, d int) bool {
	if !r.exists(y, m, d) {
		return false
	}
	n := y*10000 + m*100 + d
	r.d.Foedselsdato = &n
	return true
}

// earliest is the first year that somebody in the register may be born in.
const earliest = 1800

// exists reports whether there has been such a day since then.
func (r *reader) exists(y, m, d int) bool {
	day := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return y >= earliest && day.Year() == y && int(day.Month()) == m && day.Day() == d && !day.After(r.today)
}

// whole is a number of digits that a pattern has found.
func whole(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
