package lives

import "slices"

// Ref refers to a person by place in the register; zero is nobody.
type Ref int32

// Person is one person's life. The slices are in the order of their days, so that the last element
// is current unless it has ended; Kin has the latest first.
type Person struct {
	Number, Former Number // Former is opphoert and still resolves; zero for most
	Born, Died     Day
	Arrived        Day // from abroad; nothing happened in Norway before it
	gone           Day // abroad; nothing happens in Norway after it
	Graded         Day
	Grade          Grade
	Woman          bool
	Kommune        uint16 // of birth, an index into the tables
	Names          []Name // empty for someone whose registration has ceased
	Statuses       []Status
	Civil          []Civil
	Addresses      []Address
	Kin            []Kin
	More           *More // what few have; nil for most
}

// rare gives the person's More, making it.
func (e *Person) rare() *More {
	if e.More == nil {
		e.More = &More{}
	}
	return e.More
}

// DNummer reports whether the number in use is a d-nummer.
func (e *Person) DNummer() bool { return e.Number.DNummer() }

// Name is a name from a day on.
type Name struct {
	First, Middle, Last uint16 // indexes into the words; Middle zero is none
	From                Day
	Cause               Cause
	Unnamed             bool // a newborn: First is the mother's
}

// Status is a personstatus from a day on.
type Status struct {
	Code  StatusCode
	From  Day
	Cause Cause
}

// Civil is a sivilstand from a day on, with someone or nobody.
type Civil struct {
	Code  Sivilstand
	With  Ref
	From  Day
	Cause Cause
}

// Kin is one side of a relation. Both sides are always there, with the same days.
type Kin struct {
	Other       Ref
	Their, Mine Role
	Custody     Custody
	From, To    Day // To is zero while the relation holds
	CustodyEnd  Day
}

// Address is a dwelling, a post address or an address abroad, in one of its uses. Place and Street
// are indexes into the tables.
type Address struct {
	From, To      Day // To is zero while it is current
	Use           Use
	Kind          Kind
	Grade         Grade
	Elsewhere     Elsewhere
	Cause         Cause
	Letter        byte   // husbokstav, or zero
	Unit          uint16 // bruksenhetsnummer H0101 is 101; in Ukjent, one where the kommune is known
	Place, Street uint16
	House         uint16 // husnummer, gårdsnummer or the number of the post box
	Land          Land
	Shown         bool // opphoerstidspunkt is written
}

// same reports whether two addresses are one dwelling.
func (a Address) same(o Address) bool {
	return a.Kind == o.Kind && a.Place == o.Place && a.Street == o.Street && a.House == o.House &&
		a.Letter == o.Letter && a.Unit == o.Unit && a.Land == o.Land
}

// home gives the bostedsadresse on a day, or nil.
func (e *Person) home(on Day) *Address {
	var found *Address
	for i := range e.Addresses {
		if a := &e.Addresses[i]; a.Use == Bosted && a.From <= on && (a.To == 0 || a.To > on) &&
			(found == nil || a.From >= found.From) {
			found = a
		}
	}
	return found
}

// More is what few persons have. A zero field is something they do not have.
type More struct {
	Crossings   []Crossing
	Citizenship []Citizenship // none: Norwegian from birth
	Guardians   []Guardianship
	Origin      Land // country of birth
	Permit      Oppholdstillatelse
	PermitEnd   Day
	DUF         bool
	Passport    bool
	ForeignID   bool
	ForeignKin  bool   // a mother without a Norwegian number
	CareOf      bool   // the current address is C/O someone
	False       bool   // falskIdentitet
	Estate      Estate // after death
	Executor    Ref
	Spraak      Spraak
	Svalbard    Day
	Bibehold    Day
	Incapable   Day // rettsligHandleevne
	Stillborn   Day
}

// Estate says who answers for a dødsbo; zero is nobody known.
type Estate uint8

// Who answers for a dødsbo.
const (
	Executor Estate = iota + 1 // More.Executor, or an organisation where that is nobody
	Lawyer
)

// Crossing is a move into or out of Norway.
type Crossing struct {
	In   bool
	Land Land
	On   Day
}

// Citizenship is held from a day on.
type Citizenship struct {
	Land Land
	From Day
}

// Guardianship is a vergemål or a fremtidsfullmakt.
type Guardianship struct {
	Verge    Ref // nobody: known by name and birth date only
	Kind     Vergemaal
	Old      bool // omfang in place of tjenesteomraade
	From, To Day
}

// Last gives the day of the latest change.
func (e *Person) Last() Day {
	d := max(e.Born, e.Arrived)
	for _, a := range e.Addresses {
		d = max(d, a.From, a.To)
	}
	for _, n := range e.Names {
		d = max(d, n.From)
	}
	for _, c := range e.Civil {
		d = max(d, c.From)
	}
	for _, s := range e.Statuses {
		d = max(d, s.From)
	}
	for _, k := range e.Kin {
		d = max(d, k.From, k.To)
	}
	return d
}

// finish puts everything in order and lets each address end where the next in its use begins.
func (e *Person) finish() {
	slices.SortStableFunc(e.Names, func(a, b Name) int { return int(a.From - b.From) })
	slices.SortStableFunc(e.Civil, func(a, b Civil) int { return int(a.From - b.From) })
	slices.SortStableFunc(e.Statuses, func(a, b Status) int { return int(a.From - b.From) })
	slices.SortStableFunc(e.Kin, func(a, b Kin) int { return int(b.From - a.From) })
	slices.SortStableFunc(e.Addresses, func(a, b Address) int { return int(a.From - b.From) })
	var next [PostUtland + 1]*Address
	for i := len(e.Addresses) - 1; i >= 0; i-- {
		a := &e.Addresses[i]
		if n := next[a.Use]; n != nil && (a.To == 0 || a.To > n.From) {
			a.To = n.From
		}
		next[a.Use] = a
	}
}
