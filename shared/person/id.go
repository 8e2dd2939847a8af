package person

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"unique"
)

// Mask is what every printed identity number looks like.
const Mask = "▮"

// ID is a checked fødselsnummer or d-nummer (foedselsEllerDNummer).
//
// It cannot print itself: every format verb, slog handler and panic shows [Mask], and encoding it
// as JSON or text is an error. The digits come out through [ID.Reveal] alone, which a rule test
// allows in few places. The digits sit behind a handle because fmt does not call methods on values
// in unexported fields: it would print a plain string there, and prints an address here.
//
// IDs are comparable and work as map keys. The zero ID is nobody.
type ID struct{ h unique.Handle[string] }

// Why a number is refused. None of them repeats the number.
var (
	ErrLength = errors.New("person: et fødselsnummer eller d-nummer har elleve sifre")
	ErrDigits = errors.New("person: et fødselsnummer eller d-nummer har bare sifre")
	ErrDate   = errors.New("person: datoen i nummeret finnes ikke")
	ErrCheck  = errors.New("person: kontrollsifrene stemmer ikke")
	ErrOther  = errors.New("person: hjelpenummer og andre numre som ikke er tildelt av Folkeregisteret kan ikke brukes")
)

// ParseID checks eleven digits by the rules of both 1964 and 2032 (Skatteetaten, «Nytt fødselsnummer
// fra 2032»): the date must exist, the second control digit must match, and the first must match
// one of its four legal forms. Neither birth year nor gender is read from the number, because after
// 2032 it holds neither. Synthetic numbers (month + 80) are accepted; [ID.Synthetic] tells them
// apart.
//
// Numbers that Folkeregisteret never issues (H-, FH-, NAV- and NHN-numbers) give [ErrOther].
func ParseID(s string) (ID, error) {
	if len(s) != 11 {
		return ID{}, ErrLength
	}
	var d [11]int
	for i := range d {
		if s[i] < '0' || s[i] > '9' {
			return ID{}, ErrDigits
		}
		d[i] = int(s[i] - '0')
	}
	if err := checkDate(d[0]*10+d[1], d[2]*10+d[3], d[4]*10+d[5]); err != nil {
		return ID{}, err
	}
	if weigh(d[:], weights1[:]) > 3 || weigh(d[:], weights2[:]) != 0 {
		return ID{}, ErrCheck
	}
	return ID{unique.Make(s)}, nil
}

var (
	weights1 = [...]int{3, 7, 6, 1, 8, 9, 4, 5, 2, 1}
	weights2 = [...]int{5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1}
)

func weigh(digits, weights []int) int {
	sum := 0
	for i, w := range weights {
		sum += w * digits[i]
	}
	return sum % 11
}

// checkDate wants a real calendar day. A leap day is possible in every fourth year: the century is
// unknown, and 00 may be 2000.
func checkDate(day, month, yy int) error {
	if day > 71 {
		return ErrOther // FH-nummer start with 8 or 9
	}
	if day > 40 {
		day -= 40 // d-nummer
	}
	switch {
	case month > 80:
		month -= 80 // synthetic
	case month > 12:
		return ErrOther
	}
	if month < 1 || month > 12 || day < 1 || day > daysIn(month, yy) {
		return ErrDate
	}
	return nil
}

func daysIn(month, yy int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if yy%4 == 0 {
			return 29
		}
		return 28
	}
	return 31
}

// ControlDigits gives the two control digits of the nine first digits by the rule of 1964, or false
// where no number with these nine digits is ever issued. Simulators make numbers with it.
func ControlDigits(nine string) (string, bool) {
	if len(nine) != 9 {
		return "", false
	}
	var d [11]int
	for i := range 9 {
		if nine[i] < '0' || nine[i] > '9' {
			return "", false
		}
		d[i] = int(nine[i] - '0')
	}
	d[9] = (11 - weigh(d[:], weights1[:9])) % 11
	d[10] = (11 - weigh(d[:], weights2[:10])) % 11
	if d[9] == 10 || d[10] == 10 {
		return "", false
	}
	return fmt.Sprintf("%d%d", d[9], d[10]), true
}

// IsZero reports whether the ID is nobody.
func (id ID) IsZero() bool { return id == ID{} }

// Reveal gives the eleven digits, or "" for nobody. Only code that speaks to the register, to the
// caller who already has the number, or into a keyed hash may call it.
func (id ID) Reveal() string {
	if id.IsZero() {
		return ""
	}
	return id.h.Value()
}

// Synthetic reports whether this is a test person (month + 80), who does not exist.
func (id ID) Synthetic() bool { return !id.IsZero() && id.Reveal()[2] >= '8' }

// DNummer reports whether this is a d-nummer (day + 40).
func (id ID) DNummer() bool { return !id.IsZero() && id.Reveal()[0] >= '4' }

// Format prints [Mask] whatever the verb.
func (ID) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Mask) }

// LogValue logs [Mask].
func (ID) LogValue() slog.Value { return slog.StringValue(Mask) }

var errEncode = errors.New("person: an ID does not encode itself; reveal it on purpose or use a pseudonym")

// MarshalJSON refuses.
func (ID) MarshalJSON() ([]byte, error) { return nil, errEncode }

// MarshalText refuses, and by that XML, map keys and flags too.
func (ID) MarshalText() ([]byte, error) { return nil, errEncode }

// GobEncode refuses.
func (ID) GobEncode() ([]byte, error) { return nil, errEncode }
