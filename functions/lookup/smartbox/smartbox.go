// Package smartbox reads what people type or paste in one box, a number, a name, an address, a date of
// birth or some of each, into criteria that say what was understood.
//
// It refuses to drop anything in silence: what it does not understand makes it understand nothing, and
// where something may be read in two ways it says so and gives the other. It knows no persons.
package smartbox

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"hjemmel/shared/api/personsoek"
	"hjemmel/shared/fault"
)

// MaxTekst bounds what is read, in bytes.
const MaxTekst = 200

// Lesning is one way to read a text.
type Lesning struct {
	// Tekst is the criteria in words: Navn: Nordmann. Kommune: Voss (4621).
	Tekst     string                `json:"tekst"`
	Kriterier personsoek.Definisjon `json:"kriterier"`
}

// Forstaatt is how a text was read.
type Forstaatt struct {
	Lesning
	// Merknader tell in words what was chosen between, and what was not used.
	Merknader []string `json:"merknader"`
	// Alternativer are the other ways to read it.
	Alternativer []Lesning `json:"alternativer"`
}

var (
	errNot = fault.New(fault.Invalid, "FRITEKST_IKKE_FORSTAATT",
		"Teksten kan ikke leses som nummer, navn, fødselsdato eller adresse. Skriv for eksempel «Nordmann Voss», «Storgata 1, 5700» eller «12.5.1970 Hansen».")
	errDUF = fault.New(fault.Invalid, "FRITEKST_IKKE_FORSTAATT",
		"Teksten ligner et DUF-nummer. Det kan bare brukes sammen med navn, i entydigsoek.")
)

// Read reads a text. Today decides what has been a year of birth. The error is a fault of kind Invalid
// and does not repeat the text.
func Read(text string, today time.Time) (Forstaatt, error) {
	if len(text) > MaxTekst {
		return Forstaatt{}, errNot
	}
	if f, ok := number(text); ok {
		return f, nil
	}
	if duf.MatchString(strings.TrimSpace(text)) {
		return Forstaatt{}, errDUF
	}
	r := reader{today: today}
	for i, segment := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(",;\n", c) }) {
		if !r.segment(i, strings.Fields(segment)) {
			return Forstaatt{}, errNot
		}
	}
	r.places()
	r.names()
	if year := r.year; year != "" && r.d.Postnummer == "" {
		r.other(year+" er lest som fødselsår. Det kan også være et postnummer.", func(d *personsoek.Definisjon) {
			d.Foedt, d.Postnummer = personsoek.AarIntervall{}, year
		})
	}
	if len(r.d.Words()) == 0 {
		return Forstaatt{}, errNot
	}
	return r.forstaatt(), nil
}

var (
	duf        = regexp.MustCompile(`^[0-9]{12}$`)
	identities = regexp.MustCompile(`\b([0-9]{6})[ .–-]?([0-9]{5})\b`)
	between    = strings.NewReplacer(" ", "", "-", "", "–", "", ".", "", "\t", "", "\n", "")
	eleven     = regexp.MustCompile(`^[0-9]{11}$`)
)

// number finds an identity number, which may be written in groups. Whether it is one, others know.
func number(text string) (Forstaatt, bool) {
	digits, rest := between.Replace(text), ""
	if !eleven.MatchString(digits) {
		found := identities.FindAllStringSubmatchIndex(text, -1)
		if len(found) != 1 {
			return Forstaatt{}, false
		}
		m := found[0]
		digits, rest = text[m[2]:m[3]]+text[m[4]:m[5]], text[:m[2]]+text[m[5]:]
	}
	f := Forstaatt{Lesning: reading(personsoek.Definisjon{Personidentifikator: digits}), Merknader: []string{}, Alternativer: []Lesning{}}
	if strings.Trim(rest, " ,;.\n\t") != "" {
		f.Merknader = append(f.Merknader, "Bare nummeret er brukt.")
	}
	return f, true
}

// reader is a text on its way to criteria.
type reader struct {
	today  time.Time
	d      personsoek.Definisjon
	groups []group
	notes  []string
	others []func(*personsoek.Definisjon)
	year   string // digits read as a year of birth, that may be a postal code
	born   bool   // the next year is of a birth
	post   bool   // the words that follow a postal code are its place
}

// group is words that stand together.
type group struct {
	segment int
	words   []string
	alone   bool // nothing else stands in the segment, or they follow a house number
	post    bool // they follow a postal code
}

var (
	word     = regexp.MustCompile(`^[\p{L}\p{M}][\p{L}\p{M}.'’-]*$`)
	house    = regexp.MustCompile(`^[0-9]{1,3}[A-Za-zÆØÅæøå]?$`)
	letter   = regexp.MustCompile(`^[A-Za-z]$`)
	dwelling = regexp.MustCompile(`^[HULKhulk][0-9]{4}$`)
	four     = regexp.MustCompile(`^[0-9]{4}$`)
	births   = []string{"født", "fødd", "f.", "f", "fødselsdato", "fødselsår"}
)

// segment reads what stands between two commas. It gives false for what it does not understand.
func (r *reader) segment(at int, tokens []string) bool {
	var pending []string
	r.post = false
	flush := func(alone bool) {
		if len(pending) > 0 {
			r.groups = append(r.groups, group{at, pending, alone, r.post})
			pending = nil
		}
	}
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		switch {
		case slices.Contains(births, strings.ToLower(t)) && i+1 < len(tokens) && strings.ContainsAny(tokens[i+1], "0123456789"):
			r.born = true
		case dwelling.MatchString(t) && r.d.Bruksenhetsnummer == "":
			r.d.Bruksenhetsnummer = strings.ToUpper(t)
		case house.MatchString(t) && len(pending) > 0 && r.d.Husnummer == "":
			r.d.Husnummer = t
			if i+1 < len(tokens) && letter.MatchString(tokens[i+1]) && strings.Trim(t, "0123456789") == "" {
				i++
				r.d.Husnummer += strings.ToUpper(tokens[i])
			}
			pending = r.street(pending)
			flush(false)
		case four.MatchString(t):
			flush(false)
			if !r.four(t) {
				return false
			}
		case word.MatchString(t):
			pending = append(pending, t)
		default:
			if flush(false); !r.birth(t) {
				return false
			}
		}
	}
	flush(len(r.groups) == 0 || r.groups[len(r.groups)-1].segment != at)
	return true
}

// four reads four digits: a year of birth, or a postal code.
func (r *reader) four(t string) bool {
	year := int(t[0]-'0')*1000 + int(t[1]-'0')*100 + int(t[2]-'0')*10 + int(t[3]-'0')
	free := r.d.Foedt == (personsoek.AarIntervall{}) && r.d.Foedselsdato == nil
	plausible := free && year >= 1900 && year <= r.today.Year()
	switch {
	case free && r.born && year >= earliest && year <= r.today.Year():
		r.between(year, year)
	case r.d.Postnummer == "" && (r.d.Husnummer != "" || !plausible):
		r.d.Postnummer, r.post = t, true
	case plausible:
		r.between(year, year)
		r.year = t
	default:
		return false
	}
	r.born = false
	return true
}

func (r *reader) between(from, to int) {
	r.d.Foedt = personsoek.AarIntervall{FraAar: &from, TilAar: &to}
}

// forstaatt is the reading when all is read.
func (r *reader) forstaatt() Forstaatt {
	f := Forstaatt{Lesning: reading(r.d), Merknader: append([]string{}, r.notes...), Alternativer: []Lesning{}}
	for _, other := range r.others {
		d := r.d
		other(&d)
		f.Alternativer = append(f.Alternativer, reading(d))
	}
	return f
}

func reading(d personsoek.Definisjon) Lesning {
	return Lesning{strings.Join(d.Words(), ". ") + ".", d}
}
