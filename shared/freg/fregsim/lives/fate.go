package lives

import "slices"

// fate lets something out of the ordinary happen to a person, at rates well above life's so that a
// small register has some of each. It comes after everything that b.live has decided.
func (b *builder) fate(p Ref) {
	e := b.at(p)
	d := e.Last() + Day(b.between(30, 700))
	if len(e.Names) == 0 || e.DNummer() {
		return
	}
	if b.chance(100) {
		e.rare().Bibehold = max(e.Born.Years(18), e.Arrived)
	}
	if b.chance(80) {
		e.rare().Spraak = b.spraak(e.Kommune)
	}
	if b.chance(10) {
		e.rare().False = true
	}
	if b.chance(15) && e.Former == 0 {
		e.Former, _ = b.allot(e.Born, e.Woman, false, false)
		b.Index[e.Former] = p
	}
	if b.open(p, d) && e.Grade == Ugradert {
		b.happen(p, d)
	}
}

// spraak gives the Sámi language of the region.
func (b *builder) spraak(kommune uint16) Spraak {
	switch b.Kommuner[kommune].Nummer[:2] {
	case "50", "34":
		return Soersamisk
	case "18":
		return Lulesamisk
	}
	return Nordsamisk
}

// happen lets at most one thing happen to a person who is alive and here.
func (b *builder) happen(p Ref, d Day) {
	if b.at(p).Born.Years(20) > d {
		b.happenYoung(p, d)
		return
	}
	switch n := b.rnd.IntN(10_000); {
	case n < 30:
		b.hide(p, Fortrolig, d)
	case n < 45:
		b.hide(p, StrengtFortrolig, d)
	case n < 65:
		b.institution(p, d)
	case n < 95:
		b.settle(d, Address{Kind: Ukjent, Place: b.place(), Unit: uint16(n % 2)}, Flytting, p)
	case n < 345:
		b.abroad(p, d, n%4 == 0)
	case n < 600:
		b.mailbox(p, d, n)
	case n < 750:
		b.stay(p, d, n)
	case n < 765:
		b.enrol(p, d, [...]StatusCode{Forsvunnet, IkkeBosatt}[n%2])
	case n < 830:
		b.guard(p, b.someone(p), d, [...]Vergemaal{Voksen, Voksen, Voksen, StadfestetFremtidsfullmakt, MidlertidigForVoksen}[n%5], n%7 == 0)
	case n < 840:
		b.at(p).rare().Svalbard = d
	case n < 855:
		b.at(p).rare().Incapable = d
	case n < 870:
		b.at(p).rare().Stillborn = d
	case n < 1150:
		b.rename(p, d, func(w *Name) { w.First, w.Middle = b.word(b.First), w.First })
	}
}

func (b *builder) happenYoung(p Ref, d Day) {
	switch n := b.rnd.IntN(10_000); {
	case n < 30:
		b.institution(p, d)
	case n < 50:
		b.enrol(p, d, Foedselsregistrert)
	case n < 80:
		b.guard(p, 0, d, Mindreaarig, false)
	}
}

// housemates gives the person and the near family at the same home on the day.
func (b *builder) housemates(p Ref, d Day) []Ref {
	all := []Ref{p}
	for i := 0; i < len(all); i++ {
		home := b.at(all[i]).home(d)
		for _, k := range b.at(all[i]).Kin {
			other := b.at(k.Other).home(d)
			if home != nil && other != nil && home.same(*other) && b.open(k.Other, d) && !slices.Contains(all, k.Other) {
				all = append(all, k.Other)
			}
		}
	}
	return all
}

// hide grades a person and, nearly always, those who live with them, who move on the same day.
// Family elsewhere keeps its open address.
func (b *builder) hide(p Ref, g Grade, d Day) {
	all := b.housemates(p, d)
	for _, q := range all {
		if b.at(q).Last() >= d || b.at(q).Grade != Ugradert {
			return // someone has a later life that is known: not these
		}
	}
	b.settle(d, b.home(), Flytting, all...)
	for i, q := range all {
		if i == 0 || g == StrengtFortrolig || b.chance(9000) {
			b.classify(q, g, d)
		}
	}
}

// classify grades one person. A strengt fortrolig address leaves nothing current but an open post
// box that others empty.
func (b *builder) classify(p Ref, g Grade, d Day) {
	e := b.at(p)
	e.Grade, e.Graded = g, d
	if g != StrengtFortrolig {
		return
	}
	kept := e.Addresses[:0]
	for _, a := range e.Addresses {
		if a.From >= d {
			continue // the new home is known to no one
		}
		if a.To == 0 || a.To > d {
			a.To = d
		}
		a.Shown = true
		kept = append(kept, a)
	}
	e.Addresses = append(kept, Address{Use: Post, Kind: SOT, From: d, Cause: Adressebeskyttelse})
}

// institution lets the person live at a place whose address tells what they need help with.
func (b *builder) institution(p Ref, d Day) {
	home := b.home()
	home.Grade = Klientadresse
	b.settle(d, home, Flytting, p)
}

// abroad lets a person leave the country, and come back if so.
func (b *builder) abroad(p Ref, d Day, back bool) {
	land := b.land()
	e := b.at(p)
	m := e.rare()
	home := e.home(d)
	if home == nil {
		return
	}
	m.Crossings = append(m.Crossings, Crossing{false, land, d})
	e.Statuses = append(e.Statuses, Status{Utflyttet, d, Utflytting})
	home.To, home.Shown = d, true
	letters := Address{Use: PostUtland, Kind: Utenlandsk, Land: land, From: d, Cause: Utflytting}
	if d%3 == 0 {
		letters.Kind = UtenlandskFritt
	}
	b.address(p, letters)
	if again := d + Day(b.between(400, 2000)); back && b.open(p, again) {
		e.Addresses[len(e.Addresses)-1].To = again
		m.Crossings = append(m.Crossings, Crossing{true, land, again})
		e.Statuses = append(e.Statuses, Status{Bosatt, again, Innflytting})
		b.settle(again, b.home(), Innflytting, p)
		return
	}
	e.gone = d + 1
	e.Died = 0
}

// mailbox gives a post address of some kind.
func (b *builder) mailbox(p Ref, d Day, n int) {
	a := b.home()
	a.Use, a.From, a.Cause, a.Kind = Post, d, Postadresse, [...]Kind{Postboks, Postboks, Veg, Fritt}[n%4]
	if n%16 == 15 {
		a = Address{Use: PostUtland, Kind: UtenlandskFritt, Land: 1 + Land(n%3), From: d, Cause: Postadresse}
	}
	b.address(p, a)
}

// stay gives an oppholdsadresse besides the home: at work, in the forces, abroad or unknown.
func (b *builder) stay(p Ref, d Day, n int) {
	a := b.home()
	a.Use, a.From, a.Cause = Opphold, d, Oppholdsadresse
	switch n % 6 {
	case 0, 1:
		a.Elsewhere = Pendler
	case 2:
		a.Elsewhere = Militaer
	case 3:
		a = Address{Use: Opphold, Kind: Utenlandsk, Land: 1 + Land(n%3), Elsewhere: Utenriks, From: d, Cause: Oppholdsadresse}
	case 4:
		a = Address{Use: Opphold, Kind: Ukjent, Elsewhere: Utenriks, From: d, Cause: Oppholdsadresse}
	}
	b.address(p, a)
}

// enrol gives a status that is not bosatt, with an unknown home.
func (b *builder) enrol(p Ref, d Day, code StatusCode) {
	b.settle(d, Address{Kind: Ukjent, Place: b.place(), Unit: 1}, Flytting, p)
	e := b.at(p)
	e.Statuses = append(e.Statuses, Status{code, d, Flytting})
}

// someone gives a grown-up relative who can be a guardian, or nobody.
func (b *builder) someone(p Ref) Ref {
	for _, k := range b.at(p).Kin {
		if e := b.at(k.Other); e.Born.Years(25) < b.Today && e.Died == 0 && e.Grade == Ugradert {
			return k.Other
		}
	}
	return 0
}

// guard gives a guardian, or one known by name only where it is nobody.
func (b *builder) guard(p, guardian Ref, d Day, kind Vergemaal, old bool) {
	m := b.at(p).rare()
	if old {
		m.Guardians = append(m.Guardians, Guardianship{Verge: guardian, Kind: kind, Old: true, From: d, To: d + 1})
		d++
	}
	m.Guardians = append(m.Guardians, Guardianship{Verge: guardian, Kind: kind, From: d})
}

// settleEstate lets death have its consequences: homes end, the spouse is widowed, custody ends, and
// some of the estates get someone to write to. It ends the custody of grown children too.
func (b *builder) settleEstate(p Ref) {
	e := b.at(p)
	for i := range e.Kin {
		if k := &e.Kin[i]; k.Custody != 0 {
			b.endCustody(p, k)
		}
	}
	if e.Died == 0 {
		return
	}
	e.Statuses = append(e.Statuses, Status{Doed, e.Died, Doedsfall})
	for i := range e.Addresses {
		if a := &e.Addresses[i]; a.To == 0 || a.To > e.Died {
			a.To, a.Shown = e.Died, true
		}
	}
	for _, k := range e.Kin {
		first := b.at(k.Other).Died == 0 || e.Died <= b.at(k.Other).Died
		if k.Mine == Ektefelle && k.To == 0 && first {
			b.widow(p, k.Other, e.Died)
		}
	}
	if (e.More == nil || e.More.Estate == 0) && e.Died > b.Today-1500 && b.chance(6000) {
		m := e.rare()
		m.Estate, m.Executor = Estate(b.between(1, 2)), b.someone(p)
	}
}

func (b *builder) widow(dead, p Ref, d Day) {
	b.endMarriage(dead, p, d)
	b.endMarriage(p, dead, d)
	e := b.at(p)
	if last := e.Civil[len(e.Civil)-1]; last.With == dead && (e.Died == 0 || e.Died > d) {
		code := Enke
		if last.Code >= RegistrertPartner {
			code = GjenlevendePartner
		}
		e.Civil = append(e.Civil, Civil{code, dead, d, Doedsfall})
	}
}

// endCustody ends foreldreansvar when the child is eighteen or either dies. That of the other parent
// stays as it was.
func (b *builder) endCustody(p Ref, k *Kin) {
	child, parent := b.at(p), b.at(k.Other)
	if k.Mine != Barn {
		child, parent = parent, child
	}
	end := child.Born.Years(18)
	if child.Died != 0 {
		end = min(end, child.Died)
	}
	if parent.Died != 0 {
		end = min(end, parent.Died)
	}
	if end <= b.Today {
		k.CustodyEnd = end
	}
}
