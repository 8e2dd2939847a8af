package lives

import "hjemmel/shared/person"

// Number is a synthetic fødselsnummer or d-nummer as an integer of eleven digits.
type Number uint64

// Append appends the eleven digits.
func (n Number) Append(dst []byte) []byte {
	var b [11]byte
	for i := 10; i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return append(dst, b[:]...)
}

// String gives the eleven digits. These are synthetic persons: there is nothing to hide.
func (n Number) String() string { return string(n.Append(nil)) }

// ID gives the number as the rest of the program knows it.
func (n Number) ID() person.ID {
	id, _ := person.ParseID(n.String()) // made here, so it parses; a test makes sure
	return id
}

// DNummer reports whether it is a d-nummer: the first digit is 4 to 7.
func (n Number) DNummer() bool { return n >= 4e10 }

// ParseNumber reads eleven digits; it checks no more than that they are digits.
func ParseNumber(s string) (Number, bool) {
	if len(s) != 11 {
		return 0, false
	}
	var n Number
	for i := range 11 {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + Number(s[i]-'0')
	}
	return n, true
}

var (
	weights1 = [...]int{3, 7, 6, 1, 8, 9, 4, 5, 2}
	weights2 = [...]int{5, 4, 3, 2, 7, 6, 5, 4, 3, 2}
)

// makeNumber composes a synthetic number (month + 80): a d-nummer has day + 40. rest is what the
// first control sum leaves: 0 by the rule of 1964, 0 to 3 by that of 2032. It reports false where no
// such number is issued.
func makeNumber(born Day, individ int, dnummer bool, rest int) (Number, bool) {
	y, m, d := born.Time().Date()
	if dnummer {
		d += 40
	}
	nine := Number(d*100+int(m)+80)*100 + Number(y%100)
	nine = nine*1000 + Number(individ)
	var digits [10]int
	for i, n := 8, nine; i >= 0; i, n = i-1, n/10 {
		digits[i] = int(n % 10)
	}
	k1 := control(digits[:], weights1[:], rest)
	digits[9] = k1
	k2 := control(digits[:], weights2[:], 0)
	if k1 > 9 || k2 > 9 {
		return 0, false
	}
	return nine*100 + Number(k1*10+k2), true
}

func control(digits, weights []int, rest int) int {
	sum := 0
	for i, w := range weights {
		sum += w * digits[i]
	}
	return ((rest-sum)%11 + 11) % 11
}

// series gives the individnummer that a birth year has (ends included): for d-nummer those in use
// since 16 November 2021.
func series(year int, dnummer bool) (from, to int) {
	switch {
	case dnummer && year < 1900:
		return 500, 599
	case dnummer && year < 1940:
		return 0, 199
	case dnummer && year >= 2000:
		return 200, 999
	case year < 1900:
		return 500, 749
	case year < 2000:
		return 0, 499
	default:
		return 500, 999
	}
}
