package population

import (
	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/lives"
)

func (w page) family() {
	for _, k := range w.e.Kin {
		m := meta{from: k.From, to: k.To, shown: true, cause: lives.Foedsel}
		if k.Mine == lives.Ektefelle {
			m.cause = lives.Vigsel
		}
		w.open(document.Familierelasjon, m)
		w.number("relatertPerson", w.People[k.Other].Number)
		w.Code("relatertPersonsRolle", k.Their.String())
		w.Code("minRolleForPerson", k.Mine.String())
		w.Shut()
	}
	m := w.e.More
	if m == nil {
		return
	}
	if m.ForeignKin {
		w.unnumbered(m, w.e.Born, "mor", "barn", w.e.Born.Years(-27), true)
	}
	if m.Stillborn != 0 {
		as := "far"
		if w.e.Woman {
			as = "mor"
		}
		w.unnumbered(m, m.Stillborn, "doedfoedtBarn", as, m.Stillborn, false)
	}
}

// unnumbered writes a relative without a Norwegian number.
func (w page) unnumbered(m *lives.More, from lives.Day, their, mine string, born lives.Day, woman bool) {
	w.open(document.Familierelasjon, meta{from: from, cause: lives.Patch})
	w.Object("relatertPersonUtenFolkeregisteridentifikator")
	n := w.e.Names[0]
	w.Object("navn")
	w.Text("fornavn", w.Words[w.First.From+int(w.hash(uint64(w.r), 8)%100)])
	w.Text("etternavn", w.Words[n.Last])
	w.End()
	w.date("foedselsdato", born)
	if m.Origin != 0 {
		w.Code("statsborgerskap", lives.Lands[m.Origin].Alpha3)
	}
	if woman {
		w.Code("kjoenn", "kvinne")
	} else {
		w.Code("kjoenn", "mann")
	}
	w.End()
	w.Code("relatertPersonsRolle", their)
	w.Code("minRolleForPerson", mine)
	w.Shut()
}

func (w page) sivilstander() {
	e := w.e
	for i := len(e.Civil) - 1; i >= 0; i-- {
		c := e.Civil[i]
		m := meta{from: c.From, cause: c.Cause}
		if i+1 < len(e.Civil) {
			m.to = e.Civil[i+1].From
		}
		w.open(document.Sivilstand, m)
		w.Code("sivilstand", c.Code.String())
		if e.Statuses[0].Code != lives.Opphoert {
			w.date("sivilstandsdato", c.From)
		}
		switch c.Cause {
		case lives.Vigsel:
			place := w.Kommuner[w.hash(uint64(c.From), 9)%uint64(len(w.Kommuner))]
			w.Code("myndighet", "ANSATT_I_KOMMUNE")
			w.Code("kommune", place.Nummer)
			w.Text("sted", place.Navn+" testrådhus")
		case lives.Separasjon, lives.Skilsmisse:
			w.Code("myndighet", "STATSFORVALTEREN")
		}
		if c.With != 0 {
			w.number("relatertVedSivilstand", w.People[c.With].Number)
		}
		w.Shut()
	}
	if e.Died != 0 {
		w.open(document.Doedsfall, meta{from: e.Died, cause: lives.Doedsfall})
		w.date("doedsdato", e.Died)
		w.Shut()
	}
}

func (w page) custody() {
	for _, k := range w.e.Kin {
		if k.Custody == 0 || k.CustodyEnd != 0 && k.CustodyEnd < w.Today.Years(-20) {
			continue
		}
		child, parent := w.e.Number, w.People[k.Other].Number
		if k.Mine != lives.Barn {
			child, parent = parent, child
		}
		w.open(document.Foreldreansvar, meta{from: k.From, to: k.CustodyEnd, shown: true, cause: lives.Foedsel})
		w.Code("ansvar", k.Custody.String())
		w.number("ansvarssubjekt", child)
		w.number("ansvarlig", parent)
		w.Shut()
	}
}

func (w page) crossings() {
	m := w.e.More
	if m == nil {
		return
	}
	w.crossing(m, document.Innflytting, true)
	w.crossing(m, document.Utflytting, false)
	if m.Spraak != 0 {
		w.open(document.BrukAvSamiskSpraak, meta{from: max(w.e.Born, w.e.Arrived)})
		w.Texts("spraak", m.Spraak.String())
		w.Shut()
	}
}

// crossing writes the moves in one direction; the last is current while it tells where the person is.
func (w page) crossing(m *lives.More, p document.Property, in bool) {
	for i := len(m.Crossings) - 1; i >= 0; i-- {
		c := m.Crossings[i]
		if c.In != in {
			continue
		}
		el := meta{from: c.On, cause: lives.Utflytting, shown: true}
		if in {
			el.cause = lives.Innflytting
		}
		if i+1 < len(m.Crossings) {
			el.to = m.Crossings[i+1].On
		}
		w.open(p, el)
		if in {
			w.Code("fraflyttingsland", lives.Lands[c.Land].Alpha3)
			w.Text("fraflyttingsstedIUtlandet", lives.Lands[c.Land].By)
		} else {
			w.Code("tilflyttingsland", lives.Lands[c.Land].Alpha3)
			w.date("utflyttingsdato", c.On)
		}
		w.Shut()
	}
}

func (w page) citizenship() {
	e := w.e
	if len(e.Names) == 0 {
		return
	}
	held := []lives.Citizenship{{Land: 0, From: e.Born}}
	if e.More != nil && len(e.More.Citizenship) > 0 {
		held = e.More.Citizenship
	}
	for i := len(held) - 1; i >= 0; i-- {
		w.open(document.Statsborgerskap, meta{from: max(held[i].From, e.Arrived), cause: lives.Foedsel})
		w.Code("statsborgerskap", lives.Lands[held[i].Land].Alpha3)
		w.date("ervervsdato", held[i].From)
		w.Shut()
	}
	m := e.More
	if m == nil {
		return
	}
	if m.Bibehold != 0 {
		w.open(document.Bibehold, meta{from: m.Bibehold})
		w.Code("bibeholdstatus", "harBibehold")
		w.date("datoForBibehold", m.Bibehold)
		w.Shut()
	}
	if m.Permit != 0 {
		w.open(document.Opphold, meta{from: e.Arrived})
		w.Code("oppholdstillatelse", m.Permit.String())
		w.date("oppholdFra", e.Arrived)
		if m.PermitEnd != 0 {
			w.date("oppholdTil", m.PermitEnd)
		}
		w.Shut()
	}
	if m.Svalbard != 0 {
		w.open(document.OppholdPaaSvalbard, meta{from: m.Svalbard})
		w.date("startdato", m.Svalbard)
		w.Code("antattOppholdsvarighet", "overSeksMaaneder")
		w.Int("antallTidligereOpphold", 0)
		w.Code("fraflyttingskommunenummer", w.Kommuner[e.Kommune].Nummer)
		w.Shut()
	}
}

var (
	embeter = [...]string{"statsforvalterenIOsloOgViken", "statsforvaltarenIVestland", "statsforvalterenITroendelag",
		"statsforvalterenINordland", "statsforvalterenIInnlandet", "statsforvaltarenIRogaland", "statsforvalterenIAgder"}
	// duties are pairs of vergeTjenestevirksomhet and vergeTjenesteoppgave.
	duties = [...][2]string{{"bank", "representasjonDagligbank"}, {"bank", "taOppLaanKreditter"},
		{"forsikringsselskap", "forvalteForsikringsavtaler"}, {"helfo", "fastlege"}, {"husbanken", "bostoette"},
		{"kommune", "helseOgOmsorg"}, {"kommune", "sosialeTjenester"}, {"kommune", "skattOgAvgift"}, {"nav", "pensjon"},
		{"nav", "hjelpemidler"}, {"oevrige", "inngaaelseAvHusleiekontrakter"}, {"skatteetaten", "skatt"},
		{"skatteetaten", "endrePostadresse"}, {"skatteetaten", "innkrevingOgTvangsfullbyrdelse"}}
)

func (w page) guardians() {
	m := w.e.More
	if m == nil {
		return
	}
	for i := len(m.Guardians) - 1; i >= 0; i-- {
		g := m.Guardians[i]
		w.open(document.VergemaalEllerFremtidsfullmakt, meta{from: g.From, to: g.To, kilde: "Statens Sivilrettsforvaltning"})
		w.Code("vergemaaltype", g.Kind.String())
		w.Code("embete", embeter[int(w.r)%len(embeter)])
		w.guardian(g)
		w.Shut()
	}
	if m.Incapable != 0 {
		w.open(document.RettsligHandleevne, meta{from: m.Incapable, kilde: "Statens Sivilrettsforvaltning"})
		w.Code("rettsligHandleevneomfang", "fratattRettsligHandleevneOekonomisk")
		w.Shut()
	}
}

func (w page) guardian(g lives.Guardianship) {
	w.Object("verge")
	if g.Verge != 0 {
		w.number("foedselsEllerDNummer", w.People[g.Verge].Number)
	} else {
		w.Object("navnFoedselsdato")
		w.Object("personnavn")
		w.Text("fornavn", w.Words[w.First.From+int(w.r)%100])
		w.Text("etternavn", w.Words[w.Last.From+int(w.r)%100])
		w.End()
		w.date("foedselsdato", w.e.Born.Years(-31))
		w.End()
	}
	if g.Old {
		w.Code("omfang", "personligeOgOekonomiskeInteresser")
		w.Bool("omfangetErInnenPersonligOmraade", true)
		w.End()
		return
	}
	w.Array("tjenesteomraade")
	for i := range 4 {
		d := duties[(int(w.r)+i*3)%len(duties)]
		w.Item()
		w.Code("vergeTjenestevirksomhet", d[0])
		w.Code("vergeTjenesteoppgave", d[1])
		w.End()
	}
	w.EndArray()
	w.End()
}
