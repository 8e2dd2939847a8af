package lives

import "time"

// cast makes the named persons.
type cast struct{ *builder }

// makeNamed makes the persons of [Register.Named], each with the family that the story needs.
func (b *builder) makeNamed() {
	c := cast{b}
	for _, story := range []func(){
		c.ordinary, c.divorced, c.confidential, c.strictlyConfidential, c.institutionalised, c.dead, c.foreign,
		c.ward, c.away, c.dwellings, c.status, c.names, c.couple, c.numbers,
	} {
		story()
	}
}

func (c cast) name(as string, p Ref) { c.Named[as] = c.at(p).Number.ID() }

// ago gives a day so many years ago.
func (c cast) ago(years float64) Day { return c.Today - Day(years*365.25) }

// about gives a day some weeks before ago, for births.
func (c cast) about(years float64) Day { return c.ago(years) - Day(c.between(0, 120)) }

// hero makes someone alive, of the age, born here, with an ordinary name.
func (c cast) hero(age float64, woman bool) Ref {
	p := c.native(c.about(age), woman)
	e := c.at(p)
	e.Died = 0
	e.Names[0].First = uint16(c.between(c.First.From, c.First.Special-1))
	e.Names[0].Last = uint16(c.between(c.Last.From, c.Last.Special-1))
	return p
}

// flat is a dwelling with a vegadresse and a bruksenhetsnummer.
func (c cast) flat() Address {
	return Address{Place: c.place(), Street: uint16(c.rnd.IntN(len(c.Streets))), House: uint16(c.between(1, 99)), Unit: 201}
}

func (c cast) ordinary() {
	p, q := c.hero(42, true), c.hero(44, false)
	c.settle(c.ago(20), c.flat(), Flytting, p)
	c.settle(c.ago(16), c.flat(), Flytting, p, q)
	c.wed(p, q, c.ago(14))
	c.takeName(p, q, c.ago(14))
	older, younger := c.child(c.about(11), p, q), c.child(c.about(7), p, q)
	home := c.flat()
	home.Letter = 'B'
	c.settle(c.ago(3), home, Flytting, p, q, older, younger)
	c.name("vanlig", p)
	c.name("forelder", q)
	c.name("barn", older)
}

func (c cast) divorced() {
	p, q := c.hero(39, true), c.hero(41, false)
	c.settle(c.ago(14), c.flat(), Flytting, p, q)
	c.wed(p, q, c.ago(13))
	kid := c.child(c.about(9), p, q)
	c.divorce(p, q, c.ago(4))
	home := c.flat()
	c.settle(c.ago(4), home, Flytting, q)
	c.share([]Ref{kid}, home, c.ago(4))
	other := c.hero(38, true)
	c.settle(c.ago(2), c.flat(), Flytting, q, other)
	c.child(c.about(1), other, q) // a half sibling
	c.name("skilt", p)
	c.name("foreldreMedDeltBosted", q)
	c.name("barnMedDeltBosted", kid)
}

// confidential is a mother who hides with two of her three children: one of the two is not graded
// itself, and the third lives with the father at an open address.
func (c cast) confidential() {
	p, q := c.hero(36, true), c.hero(40, false)
	c.settle(c.ago(13), c.flat(), Flytting, p, q)
	c.wed(p, q, c.ago(12))
	stays, hides, open := c.child(c.about(11), p, q), c.child(c.about(8), p, q), c.child(c.about(6), p, q)
	c.divorce(p, q, c.ago(3))
	c.settle(c.ago(2.5), c.flat(), Flytting, p, hides, open)
	c.classify(p, Fortrolig, c.ago(2.5))
	c.classify(hides, Fortrolig, c.ago(2.5))
	c.mailbox(p, c.ago(2.4), 0)
	c.name("fortrolig", p)
	c.name("barnMedFortroligForelder", stays)
	c.name("barnUtenGraderingHosFortrolig", open)
}

func (c cast) strictlyConfidential() {
	grandmother := c.hero(63, true)
	c.settle(c.ago(40), c.flat(), Flytting, grandmother)
	p := c.child(c.about(34), grandmother, 0)
	c.at(p).Died = 0
	c.settle(c.ago(12), c.flat(), Flytting, p)
	kid := c.child(c.about(5), p, 0)
	c.classify(p, StrengtFortrolig, c.ago(1.5))
	c.classify(kid, StrengtFortrolig, c.ago(1.5))
	c.name("strengtFortrolig", p)
	c.name("barnMedStrengtFortroligForelder", kid)
	c.name("slektningAvStrengtFortrolig", grandmother)
}

func (c cast) institutionalised() {
	p := c.hero(24, false)
	c.institution(p, c.ago(0.8))
	c.name("klientadresse", p)
}

func (c cast) dead() {
	p, q := c.hero(81, false), c.hero(79, true)
	c.settle(c.ago(55), c.flat(), Flytting, p, q)
	c.wed(p, q, c.ago(54))
	kid := c.child(c.about(50), q, p)
	c.at(kid).Died = 0
	c.settle(c.ago(28), c.flat(), Flytting, kid)
	c.at(p).Died = c.ago(0.7)
	m := c.at(p).rare()
	m.Estate, m.Executor = Executor, kid
	c.name("doed", p)
	c.name("enke", q)
}

func (c cast) foreign() {
	p := c.temporary()
	c.name("dnummer", p)
	q := c.newcomer(c.ago(35), c.ago(6), true, true)
	c.at(q).Died = 0
	m := c.at(q).rare()
	m.DUF, m.Passport, m.ForeignKin = true, true, true
	c.name("innflyttet", q)
	c.Named["gammeltDnummer"] = c.at(q).Former.ID()
	s := c.newcomer(c.ago(29), c.ago(2), false, false)
	c.at(s).Died = 0
	a := c.flat()
	a.Use, a.Kind, a.From, a.Cause = Post, Fritt, c.ago(1), Postadresse
	c.address(s, a)
}

func (c cast) ward() {
	p := c.hero(77, true)
	c.settle(c.ago(52), c.flat(), Flytting, p)
	guardian := c.child(c.about(48), p, 0)
	c.at(guardian).Died = 0
	c.settle(c.ago(25), c.flat(), Flytting, guardian)
	c.guard(p, guardian, c.ago(2), Voksen, true)
	c.name("underVergemaal", p)
	c.name("verge", guardian)
}

func (c cast) away() {
	p := c.hero(33, false)
	c.abroad(p, c.ago(1.2), false)
	c.name("utflyttet", p)
	q := c.hero(51, true)
	c.address(q, Address{Use: Opphold, Kind: Utenlandsk, Land: spain, Elsewhere: Utenriks, From: c.ago(1), Cause: Oppholdsadresse})
	c.address(q, Address{Use: PostUtland, Kind: Utenlandsk, Land: spain, From: c.ago(1), Cause: Postadresse})
	c.name("utenlandskAdresse", q)
}

func (c cast) dwellings() {
	p := c.hero(57, false)
	c.settle(c.ago(1), Address{Kind: Ukjent, Place: c.place(), Unit: 1}, Flytting, p)
	c.name("utenBosted", p)
	q := c.hero(60, true)
	farm := c.flat()
	farm.Kind, farm.Unit = Matrikkel, 0
	c.settle(c.ago(9), farm, Flytting, q)
	c.name("matrikkel", q)
	r := c.hero(46, true)
	c.mailbox(r, c.ago(3), 0)
	c.name("postboks", r)
}

func (c cast) status() {
	p := c.hero(66, false)
	c.enrol(p, c.ago(2), Forsvunnet)
	c.name("forsvunnet", p)
	c.name("opphoert", c.ceased())
}

func (c cast) names() {
	p := c.hero(50, true)
	c.at(p).Names[0] = Name{First: c.wordOf("SAMARBEIDSVILLIGHETSFULL"), Middle: c.wordOf("STJERNEKLARNATTGLAD"),
		Last: c.wordOf("SOMMERFUGLVINGESTØVSKRIN"), From: c.at(p).Born, Cause: Grunnbefolkning}
	c.name("langtNavn", p)
	q := c.hero(31, false)
	c.rename(q, c.ago(8), func(n *Name) { n.First = c.wordOf("BLÅ-GRØNN") })
	c.rename(q, c.ago(2), func(n *Name) { n.Last = c.wordOf("O'FURU") })
	c.name("navneendring", q)
	mother := c.hero(28, true)
	c.at(mother).rare().Spraak = Nordsamisk
	newborn := c.child(c.Today-9, mother, 0)
	c.unname(newborn, mother, 0)
	c.name("samisk", mother)
	c.name("nyfoedtUtenNavn", newborn)
	short := c.hero(45, false)
	c.at(short).Names[0].Last = c.wordOf("Å")
	c.name("kortNavn", short)
}

// wordOf gives a word of the lists.
func (c cast) wordOf(word string) uint16 {
	for i, w := range c.Words {
		if w == word {
			return uint16(i)
		}
	}
	return 0
}

func (c cast) couple() {
	p, q := c.hero(37, true), c.hero(35, true)
	c.settle(c.ago(9), c.flat(), Flytting, p, q)
	c.wed(p, q, c.ago(8))
	c.child(c.about(4), p, q)
	c.name("likekjoennetPar", p)
	r, s := c.hero(64, false), c.hero(61, false)
	c.settle(Date(1999, time.May, 1), c.flat(), Flytting, r, s)
	c.wed(r, s, Date(2001, time.June, 16))
	c.name("registrertPartner", r)
}

func (c cast) numbers() {
	p := c.hero(27, true)
	delete(c.Index, c.at(p).Number)
	c.at(p).Number, _ = c.allot(c.at(p).Born, true, false, true)
	c.Index[c.at(p).Number] = p
	c.name("nummer2032", p)
	q := c.hero(53, false)
	c.at(q).Former, _ = c.allot(c.at(q).Born, false, false, false)
	c.Index[c.at(q).Former] = q
	c.name("dublett", q)
}
