package lives

import "time"

// Day counts days; zero is no day. Day 1 is 1 January 1801.
type Day int32

const epoch = -61727 // the Unix day of day 0

// Date gives the day of a date.
func Date(y int, m time.Month, d int) Day { return dayOf(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)) }

func dayOf(t time.Time) Day { return Day(t.Unix()/86400 - epoch) }

// Time gives midnight of the day in UTC.
func (d Day) Time() time.Time { return time.Unix((int64(d)+epoch)*86400, 0).UTC() }

// Year gives the year.
func (d Day) Year() int { return d.Time().Year() }

// Years gives the same date n years later; 29 February becomes 1 March.
func (d Day) Years(n int) Day { return dayOf(d.Time().AddDate(n, 0, 0)) }

// summer reports whether Norway keeps summer time on the day: since 1980, from the last Sunday of
// March to the last Sunday of October.
func (d Day) summer() bool {
	t := d.Time()
	if t.Year() < 1980 {
		return false
	}
	switch m := t.Month(); {
	case m == time.March:
		return t.Day()-int(t.Weekday()) >= 25
	case m == time.October:
		return t.Day()-int(t.Weekday()) < 25
	default:
		return m > time.March && m < time.October
	}
}

// AppendDate appends yyyy-mm-dd.
func AppendDate(dst []byte, d Day) []byte {
	y, m, dd := d.Time().Date()
	return append(dst, byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10), '-',
		byte('0'+m/10), byte('0'+m%10), '-', byte('0'+dd/10), byte('0'+dd%10))
}

// AppendStamp appends a date-time as the register writes it, in Norwegian time. nano is the time of
// day in nanoseconds; zero is midnight. The fraction has no trailing zeros.
func AppendStamp(dst []byte, d Day, nano int64) []byte {
	dst = AppendDate(dst, d)
	s := nano / 1e9
	dst = append(dst, 'T', byte('0'+s/36000), byte('0'+s/3600%10), ':', byte('0'+s/600%6), byte('0'+s/60%10), ':',
		byte('0'+s/10%6), byte('0'+s%10))
	if f := nano % 1e9; f != 0 {
		dst = append(dst, '.')
		for scale := int64(1e8); f > 0; scale /= 10 {
			dst = append(dst, byte('0'+f/scale))
			f %= scale
		}
	}
	if d.summer() {
		return append(dst, "+02:00"...)
	}
	return append(dst, "+01:00"...)
}
