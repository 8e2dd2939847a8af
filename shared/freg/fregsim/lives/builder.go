package lives

import (
	"math/rand/v2"
	"slices"

	"hjemmel/shared/freg/fregsim/data"
)

// builder lets things happen to people. What would happen to the dead, the absent, the unborn or in
// the future does not happen, so that the lives it composes always hold together.
type builder struct {
	*Register
	rnd   *rand.Rand
	room  int // persons that may still be made
	block Address
}

func (b *builder) between(from, to int) int { return from + b.rnd.IntN(to-from+1) }

// chance is true n times of ten thousand.
func (b *builder) chance(n int) bool { return b.rnd.IntN(10_000) < n }

func (b *builder) at(p Ref) *Person { return &b.People[p] }

// limit gives the last day on which something may happen to the person.
func (b *builder) limit(p Ref) Day {
	e := b.at(p)
	d := b.Today
	if e.Died != 0 {
		d = min(d, e.Died)
	}
	if e.gone != 0 {
		d = min(d, e.gone)
	}
	return d
}

func (b *builder) open(p Ref, d Day) bool {
	e := b.at(p)
	return p != 0 && d >= max(e.Born, e.Arrived) && d < b.limit(p)
}

// add makes a person with a number, a name and a time to die, and nothing else yet. It gives nobody
// when there is no room.
func (b *builder) add(born Day, woman, dnummer bool) Ref {
	if b.room == 0 {
		return 0
	}
	b.room--
	e := Person{Woman: woman, Kommune: uint16(b.Places[b.place()].Kommune)}
	e.Number, e.Born = b.allot(born, woman, dnummer, b.chance(5))
	lifetime := b.between(40, 70) + b.between(0, 30)
	if d := e.Born.Years(lifetime) + Day(b.between(0, 364)); d < b.Today {
		e.Died = d
	}
	r := Ref(len(b.People))
	e.Names = []Name{{First: b.word(b.First), Last: b.word(b.Last), From: e.Born, Cause: Grunnbefolkning}}
	b.People = append(b.People, e)
	b.Index[e.Number] = r
	return r
}

// allot gives a free number for the birth day, or for the day before where the day is full.
func (b *builder) allot(born Day, woman, dnummer, by2032 bool) (Number, Day) {
	for ; ; born-- {
		from, to := series(born.Year(), dnummer)
		for range 64 {
			individ, rest := b.between(from, to)&^1, 0
			if !woman {
				individ++
			}
			if by2032 {
				individ, rest = b.between(900, 999), b.between(1, 3)
			}
			n, ok := makeNumber(born, individ, dnummer, rest)
			if _, taken := b.Index[n]; ok && !taken {
				return n, born
			}
		}
	}
}

func (b *builder) word(r data.Range) uint16 {
	if b.chance(150) {
		return uint16(b.between(r.Special, r.To-1))
	}
	return uint16(b.between(r.From, r.Special-1))
}

func (b *builder) place() uint16 { return b.Draw[b.rnd.IntN(len(b.Draw))] }

// native makes someone born in Norway who has lived here since.
func (b *builder) native(born Day, woman bool) Ref {
	p := b.add(born, woman, false)
	if p == 0 {
		return 0
	}
	e := b.at(p)
	e.Statuses = []Status{{Bosatt, e.Born, Grunnbefolkning}}
	e.Civil = []Civil{{Code: Ugift, From: e.Born, Cause: Grunnbefolkning}}
	b.settle(e.Born, b.home(), Grunnbefolkning, p)
	return p
}

// newcomer makes someone who came from abroad, with a d-nummer at first if asked.
func (b *builder) newcomer(born, arrived Day, woman, former bool) Ref {
	p := b.add(born, woman, false)
	if p == 0 {
		return 0
	}
	e := b.at(p)
	land := b.land()
	e.Arrived = max(arrived, e.Born)
	if e.Died != 0 && e.Died <= e.Arrived {
		e.Died = 0
	}
	e.Names[0].From, e.Names[0].Cause = e.Arrived, Innflytting
	e.Statuses = []Status{{Bosatt, e.Arrived, Innflytting}}
	e.Civil = []Civil{{Code: Ugift, From: e.Arrived, Cause: Innflytting}}
	m := e.rare()
	m.Origin, m.ForeignID, m.Passport, m.ForeignKin = land, true, b.chance(6000), b.chance(3000)
	m.Crossings = []Crossing{{true, land, e.Arrived}}
	m.Citizenship = []Citizenship{{land, e.Born}}
	m.Permit, m.DUF = Oppholdstillatelse(b.between(1, 3)), land > 5
	if m.Permit == TilMidlertidigOpphold {
		m.PermitEnd = b.Today.Years(1)
	}
	if naturalised := e.Arrived.Years(8); naturalised < b.limit(p) && b.chance(5000) {
		m.Citizenship = append(m.Citizenship, Citizenship{0, naturalised})
		m.Permit, m.PermitEnd = TilPermanentOpphold, 0
	}
	if former {
		e.Former, _ = b.allot(e.Born, woman, true, false)
		b.Index[e.Former] = p
		e.Statuses = []Status{{Midlertidig, e.Arrived - 200, TildeleDnummer}, e.Statuses[0]}
	}
	b.settle(e.Arrived, b.home(), Innflytting, p)
	return p
}

// land gives a country abroad.
func (b *builder) land() Land { return Land(b.between(1, len(Lands)-1)) }

// home gives a dwelling: now and then in the same block of flats as the last one.
func (b *builder) home() Address {
	if b.block.House != 0 && b.chance(2500) {
		b.block.Unit++
		return b.block
	}
	a := Address{Place: b.place(), Street: uint16(b.rnd.IntN(len(b.Streets))), House: uint16(b.between(1, 120))}
	if b.chance(400) {
		a.Kind = Matrikkel
		return a
	}
	if b.chance(1500) {
		a.Letter = byte('A' + b.rnd.IntN(6))
	}
	switch n := b.rnd.IntN(10); {
	case n < 6:
		a.Unit = 101
	case n < 8:
		a.Unit = uint16(b.between(1, 9)*100 + 1)
		b.block = a
	}
	return a
}

// settle lets people move to a home on the day.
func (b *builder) settle(d Day, home Address, why Cause, people ...Ref) {
	home.Use, home.From, home.Cause = Bosted, d, why
	for _, p := range people {
		if b.open(p, d) {
			e := b.at(p)
			e.Addresses = append(e.Addresses, home)
		}
	}
}

// address gives the person another address than a home.
func (b *builder) address(p Ref, a Address) {
	if b.open(p, a.From) {
		e := b.at(p)
		e.Addresses = append(e.Addresses, a)
	}
}

// rename gives the person a new name, made of the current one by change.
func (b *builder) rename(p Ref, d Day, change func(*Name)) {
	if !b.open(p, d) {
		return
	}
	e := b.at(p)
	n := e.Names[len(e.Names)-1]
	change(&n)
	n.From, n.Cause = d, NyttNavn
	e.Names = append(e.Names, n)
}

// child makes a child of the parents, living where the first lives. The second may be nobody.
func (b *builder) child(d Day, first, second Ref) Ref {
	home := b.at(first).home(d)
	if home == nil || !b.open(first, d) {
		return 0
	}
	p := b.add(d, b.chance(5000), false)
	if p == 0 {
		return 0
	}
	e, born := b.at(p), b.at(p).Born
	e.Names[0].Last, e.Names[0].Cause = b.at(first).Names[0].Last, Foedsel
	e.Statuses = []Status{{Bosatt, born, Foedsel}}
	e.Civil = []Civil{{Code: Ugift, From: born, Cause: Foedsel}}
	if born > b.Today-60 && b.chance(4000) {
		b.unname(p, first, second)
	}
	b.settle(born, *home, Foedsel, p)
	b.parent(p, first, second)
	return p
}

// unname takes a newborn's name: «MORS FORNAVN*PIKE».
func (b *builder) unname(p, first, second Ref) {
	mother := b.at(first)
	if second != 0 && !mother.Woman {
		mother = b.at(second)
	}
	n := &b.at(p).Names[0]
	n.Unnamed, n.First, n.Middle = true, mother.Names[len(mother.Names)-1].First, 0
}

// parent relates a child to its parents, both ways. Far and far are parents by adoption.
func (b *builder) parent(child, first, second Ref) {
	carer := Felles
	if second == 0 {
		carer = BareFar
		if b.at(first).Woman {
			carer = BareMor
		}
	}
	for i, p := range []Ref{first, second} {
		if p == 0 {
			continue
		}
		as := Far
		if b.at(p).Woman {
			as = Mor
			if i == 1 && b.at(first).Woman {
				as = Medmor
			}
		}
		from := b.at(child).Born
		b.relate(child, p, Kin{Their: as, Mine: Barn, From: from, Custody: carer})
	}
}

// relate writes a relation on both sides; k is the first one's.
func (b *builder) relate(p, other Ref, k Kin) {
	k.Other = other
	b.at(p).Kin = append(b.at(p).Kin, k)
	k.Other, k.Their, k.Mine = p, k.Mine, k.Their
	b.at(other).Kin = append(b.at(other).Kin, k)
}

// wed marries two; before 2009 two of a kind became registered partners.
func (b *builder) wed(p, q Ref, d Day) bool {
	if !b.open(p, d) || !b.open(q, d) {
		return false
	}
	code := Gift
	if b.at(p).Woman == b.at(q).Woman && d < Date(2009, 1, 1) {
		code += partnership
	}
	b.civil(p, q, code, d, Vigsel)
	b.relate(p, q, Kin{Their: Ektefelle, Mine: Ektefelle, From: d})
	return true
}

// takeName lets p take q's surname and keep its own as mellomnavn.
func (b *builder) takeName(p, q Ref, d Day) {
	last := b.at(q).Names[len(b.at(q).Names)-1].Last
	b.rename(p, d, func(n *Name) { n.Middle, n.Last = n.Last, last })
}

// civil gives both a sivilstand with the other on the day.
func (b *builder) civil(p, q Ref, code Sivilstand, d Day, why Cause) {
	b.at(p).Civil = append(b.at(p).Civil, Civil{code, q, d, why})
	b.at(q).Civil = append(b.at(q).Civil, Civil{code, p, d, why})
}

// divorce separates two married people on the day, and divorces them a year later.
func (b *builder) divorce(p, q Ref, d Day) {
	last := b.at(p).Civil[len(b.at(p).Civil)-1]
	if last.With != q || !b.open(p, d) || !b.open(q, d) {
		return
	}
	b.civil(p, q, last.Code+Separert-Gift, d, Separasjon)
	end := d.Years(1)
	if !b.open(p, end) || !b.open(q, end) {
		return
	}
	b.civil(p, q, last.Code+Skilt-Gift, end, Skilsmisse)
	b.endMarriage(p, q, end)
	b.endMarriage(q, p, end)
}

func (b *builder) endMarriage(p, q Ref, d Day) {
	kins := b.at(p).Kin
	i := slices.IndexFunc(kins, func(k Kin) bool { return k.Other == q && k.Mine == Ektefelle && k.To == 0 })
	if i >= 0 {
		kins[i].To = d
	}
}
