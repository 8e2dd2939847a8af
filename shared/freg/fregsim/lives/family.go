package lives

// makeRest fills the register up to its size: clans of up to three generations, people with a
// d-nummer, people who live alone, and a few whose registration has ceased.
func (b *builder) makeRest() {
	first := Ref(len(b.People))
	for b.room > 0 {
		switch n := b.rnd.IntN(100); {
		case n < 45:
			b.clan()
		case n < 55:
			b.temporary()
		case n < 56:
			b.ceased()
		default:
			b.live(b.adult(b.age(18, 95)), 3)
		}
	}
	for p := first; int(p) < len(b.People); p++ {
		b.fate(p)
	}
}

// age gives a birth day between so and so many years ago.
func (b *builder) age(from, to int) Day { return b.Today - Day(b.between(from*365, to*365)) }

// adult makes a grown-up: born here, or one in eight come from abroad.
func (b *builder) adult(born Day) Ref {
	woman := b.chance(5000)
	if b.chance(1250) {
		arrived := born + Day(b.between(17*365, 40*365))
		if arrived < b.Today-400 {
			return b.newcomer(born, arrived, woman, b.chance(5000))
		}
	}
	return b.native(born, woman)
}

// clan makes a couple of any age with what follows from it.
func (b *builder) clan() { b.live(b.adult(b.age(25, 90)), 0) }

// live gives an adult the years from about twenty on: homes, and mostly a union with children.
// depth is the generation; from the third on people live alone.
func (b *builder) live(p Ref, depth int) {
	if p == 0 {
		return
	}
	start := max(b.at(p).Born.Years(b.between(20, 34)), b.at(p).Arrived)
	b.settle(start-Day(b.between(60, 360)), b.home(), Flytting, p)
	if depth > 2 || b.chance(1500) || !b.open(p, start) {
		b.settle(start+Day(b.between(500, 6000)), b.home(), Flytting, p)
		return
	}
	if q := b.partner(p, start); q != 0 {
		b.union(p, q, start, depth, nil)
	}
}

// partner makes someone to live with, who is here on the day.
func (b *builder) partner(p Ref, d Day) Ref {
	woman := b.at(p).Woman == b.chance(400)
	born := b.at(p).Born + Day(b.between(-1500, 1500))
	if born > d.Years(-18) {
		born = d.Years(-19)
	}
	if b.chance(1000) {
		return b.newcomer(born, d-Day(b.between(0, 900)), woman, b.chance(4000))
	}
	return b.native(born, woman)
}

// union lets two people live together from the day on, with the children that p brings.
func (b *builder) union(p, q Ref, d Day, depth int, brought []Ref) {
	b.settle(d, b.home(), Flytting, append([]Ref{p, q}, b.minors(brought, d)...)...)
	wedding := d + Day(b.between(0, 900))
	if b.chance(7000) && b.wed(p, q, wedding) && b.chance(5000) {
		b.takeName(p, q, wedding)
	}
	end := b.Today
	parts := b.chance(3000)
	if parts {
		end = d + Day(b.between(1000, 8000))
	}
	kids := b.years(p, q, d, end, brought)
	if parts && b.open(p, end) && b.open(q, end) {
		b.split(p, q, end, depth, kids)
	}
	for _, k := range kids {
		b.live(k, depth+1)
	}
}

// years lets the couple have children and move house with them until the end, or until the children
// are grown up.
func (b *builder) years(p, q Ref, d, end Day, brought []Ref) (kids []Ref) {
	wanted := [...]int{0, 1, 1, 2, 2, 2, 3, 3, 4}[b.rnd.IntN(9)]
	young := b.at(p).Born.Years(42)
	child, move := d+Day(b.between(200, 1200)), d+Day(b.between(900, 3500))
	for min(child, move) < end && b.open(p, min(child, move)) && b.open(q, min(child, move)) {
		switch {
		case child < move:
			if k := b.child(child, p, q); k != 0 {
				kids = append(kids, k)
			}
			child += Day(b.between(500, 1400))
			if len(kids) >= wanted || child > young {
				child = end
			}
		case move > d.Years(25):
			return kids
		default:
			b.settle(move, b.home(), Flytting, append([]Ref{p, q}, b.minors(append(brought, kids...), move)...)...)
			move += Day(b.between(1500, 4500))
		}
	}
	return kids
}

// minors gives those who are under 19 on the day.
func (b *builder) minors(people []Ref, d Day) (minors []Ref) {
	for _, p := range people {
		if b.at(p).Born.Years(19) > d {
			minors = append(minors, p)
		}
	}
	return minors
}

// split lets a couple part: q moves out, the children stay with p or live with both by agreement
// (delt bosted), and both may find someone new.
func (b *builder) split(p, q Ref, d Day, depth int, kids []Ref) {
	b.divorce(p, q, d)
	home := b.home()
	b.settle(d, home, Flytting, q)
	small := b.minors(kids, d)
	if b.chance(3500) {
		b.share(small, home, d)
	}
	for _, x := range []Ref{p, q} {
		again := d + Day(b.between(600, 2500))
		if depth > 1 || !b.chance(4500) || !b.open(x, again) {
			continue
		}
		var brought []Ref
		if x == p {
			brought = small
		}
		if y := b.partner(x, again); y != 0 {
			b.union(x, y, again, depth+1, brought)
		}
	}
}

// share registers delt bosted at a home until the children are grown up.
func (b *builder) share(kids []Ref, home Address, d Day) {
	home.Use, home.From, home.Cause = DeltBosted, d, Flytting
	for _, k := range kids {
		home.To = 0
		grown := b.at(k).Born.Years(18)
		if grown <= b.Today {
			home.To = grown
		}
		if grown > d {
			b.address(k, home)
		}
	}
}

// temporary makes someone with a d-nummer only.
func (b *builder) temporary() Ref {
	given := b.Today - Day(b.between(30, 3500))
	p := b.add(min(b.age(18, 75), given.Years(-18)), b.chance(3500), true)
	if p == 0 {
		return 0
	}
	e := b.at(p)
	e.Died = 0
	e.Arrived = given
	e.Names[0].From, e.Names[0].Cause = given, TildeleDnummer
	e.Statuses = []Status{{Midlertidig, given, TildeleDnummer}}
	if gone := given.Years(5); gone < b.Today {
		e.Statuses = append(e.Statuses, Status{Inaktiv, gone, Dnummerperson})
	}
	e.Civil = []Civil{{Code: Uoppgitt, From: given, Cause: TildeleDnummer}}
	land := b.land()
	m := e.rare()
	m.Origin, m.ForeignID, m.Passport, m.CareOf = land, true, b.chance(5000), b.chance(3000)
	m.Citizenship = []Citizenship{{land, e.Born}}
	stay := b.home()
	stay.Use, stay.From, stay.Cause = Opphold, given, TildeleDnummer
	b.address(p, stay)
	if b.chance(4000) {
		b.address(p, Address{Use: PostUtland, Kind: Utenlandsk, Land: land, From: given, Cause: TildeleDnummer})
	}
	return p
}

// ceased makes someone whose registration has ceased: nothing is left but the number.
func (b *builder) ceased() Ref {
	p := b.add(b.age(20, 90), b.chance(5000), false)
	if p == 0 {
		return 0
	}
	e, d := b.at(p), b.Today-Day(b.between(30, 3000))
	e.Died, e.gone, e.Names, e.Kommune = 0, d, nil, 0
	e.Statuses = []Status{{Opphoert, d, OpphoerePerson}}
	e.Civil = []Civil{{Code: Uoppgitt, From: d, Cause: OpphoerePerson}}
	return p
}
