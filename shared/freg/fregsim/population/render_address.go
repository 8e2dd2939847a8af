package population

import (
	"strconv"

	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/lives"
)

// addresses writes the addresses of one role, the latest first.
func (w page) addresses(p document.Property, use lives.Use) {
	for i := len(w.e.Addresses) - 1; i >= 0; i-- {
		if a := w.e.Addresses[i]; a.Use == use {
			w.address(p, a)
		}
	}
}

func (w page) address(p document.Property, a lives.Address) {
	m := meta{from: a.From, to: a.To, shown: a.Shown || a.From%4 == 0, cause: a.Cause}
	if a.Use == lives.Bosted && a.Cause == lives.Flytting && a.From%8 == 1 {
		m.kilde = "Matrikkelen"
	}
	w.open(p, m)
	switch a.Use {
	case lives.Post, lives.PostUtland:
		w.Code("adressegradering", w.gradeOf(a))
		w.place(a)
	default:
		w.place(a)
		w.dwelling(a)
	}
	w.Shut()
}

// gradeOf gives adressegradering: fortrolig covers every address a person has or had; strengt
// fortrolig leaves only open ones.
func (w page) gradeOf(a lives.Address) string {
	if w.e.Grade == lives.Fortrolig {
		return lives.Fortrolig.String()
	}
	return a.Grade.String()
}

// dwelling writes what stands beside the address itself for those who live or stay there.
func (w page) dwelling(a lives.Address) {
	fixed := a.Kind == lives.Veg || a.Kind == lives.Matrikkel
	bits := w.hash(uint64(a.Place)<<48|uint64(a.Street)<<32|uint64(a.House)<<16|uint64(a.Letter), 6)
	if fixed {
		w.Quote("adresseIdentifikatorFraMatrikkelen", func(b []byte) []byte { return strconv.AppendUint(b, 1e7+bits%9e8, 10) })
	}
	w.Code("adressegradering", w.gradeOf(a))
	switch a.Use {
	case lives.Bosted:
		w.date("flyttedato", a.From)
		if fixed {
			w.Int("grunnkrets", 101+int(bits>>8%900))
			w.Int("stemmekrets", 1+int(bits>>16%14))
			w.Int("skolekrets", 1+int(bits>>24%14))
			w.Int("kirkekrets", 1+int(bits>>32%6))
		}
	case lives.DeltBosted:
		w.date("startdatoForKontrakt", a.From)
		if a.To != 0 {
			w.date("sluttdatoForKontrakt", a.To)
		}
	case lives.Opphold:
		w.date("oppholdsadressedato", a.From)
		if a.Elsewhere != 0 {
			w.Code("oppholdAnnetSted", a.Elsewhere.String())
		}
	}
}

func (w page) place(a lives.Address) {
	switch a.Kind {
	case lives.Veg:
		w.road(a)
	case lives.Matrikkel:
		w.cadastre(a)
	case lives.Ukjent:
		w.unknown(a)
	case lives.Postboks:
		w.Object("postboksadresse")
		w.Code("postboks", "Postboks "+strconv.Itoa(int(a.House)))
		w.post(a)
		w.End()
	case lives.SOT:
		w.Object("postboksadresse")
		w.Code("postbokseier", "SOT 6")
		w.Code("postboks", "Postboks 2094 Vika")
		w.Object("poststed")
		w.Code("poststedsnavn", "OSLO")
		w.Code("postnummer", "0125")
		w.End()
		w.End()
	case lives.Fritt:
		w.Object("postadresseIFrittFormat")
		w.Texts("adresselinje", "V/ VERTEN", w.Streets[a.Street]+" "+strconv.Itoa(int(a.House)))
		w.post(a)
		w.End()
	case lives.Utenlandsk:
		w.overseas(a)
	case lives.UtenlandskFritt:
		w.Object("utenlandskAdresseIFrittFormat")
		w.Texts("adresselinje", "TESTGATAN "+strconv.Itoa(int(a.From%90)+1), "ANDRE ETASJE")
		w.Text("postkode", lives.Lands[a.Land].Postkode)
		w.Text("byEllerStedsnavn", lives.Lands[a.Land].By)
		w.Code("landkode", lives.Lands[a.Land].Alpha2)
		w.End()
	}
}

func (w page) road(a lives.Address) {
	w.Object("vegadresse")
	if a.Use != lives.Post {
		w.Code("kommunenummer", w.Kommuner[w.Places[a.Place].Kommune].Nummer)
	}
	w.unit(a)
	w.Text("adressenavn", w.Streets[a.Street])
	w.Object("adressenummer")
	w.Code("husnummer", strconv.Itoa(int(a.House)))
	if a.Letter != 0 {
		w.Code("husbokstav", string(rune(a.Letter)))
	}
	w.End()
	kommune := uint64(w.Places[a.Place].Kommune)
	w.Code("adressekode", lives.Number(1000 + w.hash(kommune<<16|uint64(a.Street), 7)%90000).String()[6:])
	w.post(a)
	if w.e.More != nil && w.e.More.CareOf && a.To == 0 {
		w.Text("coAdressenavn", "C/O "+w.Words[w.First.From+int(a.House)]+" "+w.Words[w.Last.From+int(a.House)])
	}
	w.End()
}

// unit writes bruksenhetsnummer, and its type where the role has one.
func (w page) unit(a lives.Address) {
	if a.Unit == 0 {
		return
	}
	w.Quote("bruksenhetsnummer", func(b []byte) []byte { return append(append(b, 'H'), lives.Number(a.Unit).String()[7:]...) })
	if a.Use != lives.Post {
		w.Code("bruksenhetstype", "bolig")
	}
}

func (w page) cadastre(a lives.Address) {
	w.Object("matrikkeladresse")
	w.Code("bruksenhetsnummer", "H0101")
	w.Code("bruksenhetstype", "bolig")
	w.Object("matrikkelnummer")
	w.Code("kommunenummer", w.Kommuner[w.Places[a.Place].Kommune].Nummer)
	w.Int("gaardsnummer", int(a.House))
	w.Int("bruksnummer", int(a.Street%40)+1)
	w.Int("festenummer", 0)
	w.End()
	w.Int("undernummer", 0)
	w.Text("adressetilleggsnavn", w.Streets[a.Street])
	w.post(a)
	w.End()
}

// unknown writes ukjentBosted, with its kommune where unit says that it is known, or adressenErUkjent.
func (w page) unknown(a lives.Address) {
	if a.Use == lives.Opphold {
		w.Bool("adressenErUkjent", true)
		return
	}
	w.Object("ukjentBosted")
	if a.Unit != 0 {
		w.Code("bostedskommune", w.Kommuner[w.Places[a.Place].Kommune].Nummer)
	}
	w.End()
}

func (w page) post(a lives.Address) {
	w.Object("poststed")
	w.Text("poststedsnavn", w.Places[a.Place].Poststed)
	w.Code("postnummer", w.Places[a.Place].Postnummer)
	w.End()
}

func (w page) overseas(a lives.Address) {
	l := lives.Lands[a.Land]
	w.Object("utenlandskAdresse")
	if w.e.More != nil && w.e.More.CareOf {
		w.Code("coAdressenavn", "Testverten")
	}
	w.Code("adressenavn", "Testadressenavn "+strconv.Itoa(int(a.From%200)+1))
	w.Code("boenhet", "Testboenhet "+strconv.Itoa(int(a.From%9)+1))
	if l.Postkode != "" {
		w.Code("postkode", l.Postkode)
	}
	w.Text("byEllerStedsnavn", l.By)
	w.Code("landkode", l.Alpha2)
	w.End()
}
