package population

import (
	"strings"
	"time"
	"unicode/utf8"

	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/lives"
)

// Document writes the complete register document (OMH, all parts, with history) of the person with
// the number, in use or opphoert, into b. ok is false when nobody has the number; former is true when
// it is opphoert and the document is that of the person who goes on under another.
func (p *Population) Document(b *document.Builder, digits string) (d *document.Document, former, ok bool) {
	r, ok := p.reg.find(digits)
	if !ok {
		return nil, false, false
	}
	e := &p.reg.People[r]
	return p.reg.render(b, r), e.Number.String() != digits, true
}

// page is a document that is being written.
type page struct {
	*document.Builder
	register
	e *lives.Person
	r lives.Ref
}

func (p register) render(b *document.Builder, r lives.Ref) *document.Document {
	b.Reset()
	w := page{b, p, &p.People[r], r}
	w.identity()
	w.statuses()
	w.foreign()
	w.addresses(document.DeltBosted, lives.DeltBosted)
	w.birth()
	w.family()
	w.sivilstander()
	w.names()
	w.protection()
	w.addresses(document.Bostedsadresse, lives.Bosted)
	w.addresses(document.Oppholdsadresse, lives.Opphold)
	w.crossings()
	w.addresses(document.Postadresse, lives.Post)
	w.addresses(document.PostadresseIUtlandet, lives.PostUtland)
	w.custody()
	w.citizenship()
	w.guardians()
	return b.Finish()
}

// loaded is the day on which the register took over what was known before.
var loaded = lives.Date(2020, time.December, 22)

// meta is what an element says about itself.
type meta struct {
	from, to lives.Day // to is zero while the element is current
	shown    bool
	cause    lives.Cause
	kilde    string
}

// open begins an element with its metadata (Registermetadata).
func (w page) open(p document.Property, m meta) {
	w.Open(p, m.to == 0)
	bits := w.hash(uint64(w.r)<<32|uint64(uint32(m.from)), uint64(p))
	recorded, nano := m.from, int64(8*3600e9)+int64(bits%(9*3600e6))*1e3
	if m.from < loaded {
		recorded = min(loaded+lives.Day(bits>>40%480), w.Today)
	}
	if m.to != 0 && m.shown {
		recorded = max(recorded, m.to)
	}
	w.Quote("ajourholdstidspunkt", func(b []byte) []byte { return lives.AppendStamp(b, recorded, nano) })
	w.Bool("erGjeldende", m.to == 0)
	if m.kilde == "" {
		m.kilde = "Synutopia"
	}
	w.Code("kilde", m.kilde)
	if m.cause != lives.Ingen {
		w.Text("aarsak", m.cause.String())
	}
	if m.from >= loaded || bits%3 > 0 {
		nano = 0
	}
	w.Quote("gyldighetstidspunkt", func(b []byte) []byte { return lives.AppendStamp(b, m.from, nano) })
	if m.to != 0 && m.shown {
		w.Quote("opphoerstidspunkt", func(b []byte) []byte { return lives.AppendStamp(b, m.to, 0) })
	}
}

func (w page) date(name string, d lives.Day) {
	w.Quote(name, func(b []byte) []byte { return lives.AppendDate(b, d) })
}

func (w page) number(name string, n lives.Number) {
	w.Quote(name, n.Append)
}

func (w page) personname(e *lives.Person, n lives.Name) {
	first, middle, last := w.spell(e, n)
	w.Text("fornavn", first)
	if middle != "" {
		w.Text("mellomnavn", middle)
	}
	w.Text("etternavn", last)
}

// spell gives the parts of a name.
func (p register) spell(e *lives.Person, n lives.Name) (first, middle, last string) {
	first, last = p.Words[n.First], p.Words[n.Last]
	switch {
	case n.Unnamed && e.Woman:
		first += "*PIKE"
	case n.Unnamed:
		first += "*GUTT"
	}
	if n.Middle != 0 {
		middle = p.Words[n.Middle]
	}
	return first, middle, last
}

// dsf is the kilde of what the old register held.
func dsf(from lives.Day, why lives.Cause) (string, lives.Cause) {
	if from < loaded {
		return "KILDE_DSF", lives.Ingen
	}
	return "", why
}

func (w page) identity() {
	e := w.e
	if e.More != nil && e.More.False {
		w.open(document.FalskIdentitet, meta{from: e.Last()})
		w.Bool("erFalsk", true)
		w.Bool("rettIdentitetErUkjent", true)
		w.Shut()
	}
	from := max(e.Born, e.Arrived)
	m := meta{from: from, cause: lives.Foedsel}
	if e.Arrived != 0 {
		m.cause = lives.Innflytting
	}
	if e.DNummer() {
		m.cause = lives.TildeleDnummer
	}
	m.kilde, m.cause = dsf(from, m.cause)
	w.identifier(m, e.Number, e.Statuses[len(e.Statuses)-1].Code == lives.Opphoert)
	if e.Former != 0 {
		w.identifier(meta{from: e.Statuses[0].From, to: from + 1, cause: lives.TildeleDnummer}, e.Former, true)
	}
	bits := w.hash(uint64(w.r), 1)
	if len(e.Names) > 0 && (e.Arrived != 0 || bits%5 == 0) {
		w.open(document.Identitetsgrunnlag, meta{from: from, cause: lives.Patch})
		level := "ikkeKontrollert"
		switch {
		case bits%97 == 0:
			level = "unik" // from 1 February 2027; clients must bear it before
		case e.Arrived != 0 && !e.DNummer():
			level = "kontrollert"
		case bits%3 == 0:
			level = "ingenStatus"
		}
		w.Code("identitetsgrunnlagstatus", level)
		w.Shut()
	}
	w.estate()
}

func (w page) identifier(m meta, n lives.Number, ceased bool) {
	w.open(document.Identifikasjonsnummer, m)
	if ceased {
		w.Code("status", "opphoert")
	} else {
		w.Code("status", "iBruk")
	}
	w.number("foedselsEllerDNummer", n)
	if n >= 4e10 {
		w.Code("identifikatortype", "dNummer")
	} else {
		w.Code("identifikatortype", "foedselsnummer")
	}
	w.Shut()
}

func (w page) estate() {
	e := w.e
	if e.Died == 0 || e.More == nil || e.More.Estate == 0 {
		return
	}
	x := e.More.Executor
	w.open(document.KontaktinformasjonForDoedsbo, meta{from: e.Died + 20, cause: lives.Doedsfall})
	form := "annet"
	switch {
	case e.More.Estate == lives.Lawyer:
		form = "offentlig"
		w.Object("advokat")
		w.Object("personnavn")
		w.personname(e, e.Names[0])
		w.End()
		w.Code("organisasjonsnavn", "TESTADVOKATENE")
		w.End()
	case x != 0:
		w.Object("person")
		w.number("foedselsEllerDNummer", w.People[x].Number)
		w.End()
	default:
		w.Object("organisasjon")
		w.Code("organisasjonsnavn", "TESTKOMMUNEN")
		w.End()
	}
	w.Code("skifteform", form)
	w.date("attestutstedelsesdato", e.Died+20)
	place := w.Places[w.hash(uint64(w.r), 2)%uint64(len(w.Places))]
	w.Object("adresse")
	w.Texts("adresselinje", "Postboks "+place.Postnummer[1:])
	w.Code("postnummer", place.Postnummer)
	w.Text("poststedsnavn", place.Poststed)
	w.Code("landkode", "NO")
	w.End()
	w.Shut()
}

func (w page) statuses() {
	e := w.e
	if e.More != nil && e.More.Passport {
		w.open(document.Legitimasjonsdokument, meta{from: e.Arrived})
		w.Code("identifikasjonsdokumentnummer", w.passport(w.r))
		w.Code("identifikasjonsdokumenttype", "pass")
		w.Code("utstederland", lives.Lands[e.More.Origin].Alpha3)
		w.date("gyldigFra", e.Arrived.Years(-2))
		w.date("gyldigTil", e.Arrived.Years(8))
		w.Shut()
	}
	for i := len(e.Statuses) - 1; i >= 0; i-- {
		s := e.Statuses[i]
		m := meta{from: s.From, to: w.endOf(i, len(e.Statuses), func(j int) lives.Day { return e.Statuses[j].From })}
		m.kilde, m.cause = dsf(s.From, s.Cause)
		w.open(document.Status, m)
		w.Code("status", s.Code.String())
		w.Shut()
	}
}

// endOf gives the day on which element i of n gives way to the next, or zero for the last.
func (w page) endOf(i, n int, from func(int) lives.Day) lives.Day {
	if i+1 < n {
		return from(i + 1)
	}
	return 0
}

func (w page) foreign() {
	m := w.e.More
	if m == nil {
		return
	}
	if m.DUF {
		w.open(document.UtlendingsmyndighetenesIdentifikasjonsnummer, meta{from: w.e.Arrived})
		w.Code("identifikasjonsnummer", w.duf(w.r))
		w.Code("identifikasjonsnummertype", "utlendingsmyndighetenesIdentifikasjonsnummer")
		w.Code("utstederland", "NOR")
		w.Shut()
	}
	if m.ForeignID {
		w.open(document.UtenlandskPersonidentifikasjon, meta{from: w.e.Arrived, cause: lives.TildeleDnummer})
		w.Code("identifikasjonsnummer", w.foreignID(w.r))
		w.Code("identifikasjonsnummertype", "utenlandskIdentifikasjonsnummer")
		w.Code("utstederland", lives.Lands[m.Origin].Alpha3)
		w.Shut()
	}
}

// duf gives the person's DUF-nummer: year, running number, two control digits.
func (p register) duf(r lives.Ref) string {
	ten := uint64(p.People[r].Arrived.Year())*1e6 + p.hash(uint64(r), 4)%1e6
	sum := uint64(0)
	for i, n := 9, ten; i >= 0; i, n = i-1, n/10 {
		sum += n % 10 * uint64([...]int{4, 6, 3, 2, 4, 6, 3, 2, 7, 5}[i])
	}
	return lives.Number(ten*10+sum%11/10).String() + string(rune('0'+sum%11%10))
}

// passport gives the number of the person's foreign passport.
func (p register) passport(r lives.Ref) string {
	return "P" + lives.Number(p.hash(uint64(r), 3) % 1e9).String()[2:]
}

// foreignID gives the person's number in the country of origin.
func (p register) foreignID(r lives.Ref) string {
	return "T-" + lives.Number(p.hash(uint64(r), 5)%1e11).String()
}

func (w page) birth() {
	e := w.e
	if len(e.Names) == 0 {
		return
	}
	kjoenn := "mann"
	if e.Woman {
		kjoenn = "kvinne"
	}
	w.Open(document.Kjoenn, true)
	w.Bool("erGjeldende", true)
	w.Code("kilde", "KILDE_DSF")
	w.Code("kjoenn", kjoenn)
	w.Shut()
	abroad := e.More != nil && e.More.Origin != 0
	kommune := w.Kommuner[e.Kommune]
	w.open(document.Foedsel, meta{from: e.Born, cause: lives.Foedsel})
	w.date("foedselsdato", e.Born)
	w.Quote("foedselsaar", func(b []byte) []byte { return lives.AppendDate(b, e.Born)[:len(b)+4] })
	if abroad {
		w.Text("foedested", lives.Lands[e.More.Origin].By)
		w.Code("foedeland", lives.Lands[e.More.Origin].Alpha3)
	} else {
		w.Code("foedekommuneINorge", kommune.Nummer)
		w.Code("foedeland", "NOR")
	}
	w.Shut()
	if abroad {
		return
	}
	w.open(document.FoedselINorge, meta{from: e.Born, cause: lives.Foedsel})
	w.Text("foedselsinstitusjonsnavn", kommune.Navn+" testfødestue")
	w.Int("rekkefoelgenummer", 11)
	w.Shut()
}

func (w page) names() {
	e := w.e
	for i := len(e.Names) - 1; i >= 0; i-- {
		n := e.Names[i]
		w.open(document.Navn, meta{from: n.From, cause: n.Cause, to: w.endOf(i, len(e.Names), func(j int) lives.Day { return e.Names[j].From })})
		w.personname(e, n)
		if short := w.shorten(n); short != "" {
			w.Text("forkortetNavn", short)
		}
		w.Shut()
	}
}

// shorten gives forkortetNavn, at most 40 characters, for names that have one.
func (w page) shorten(n lives.Name) string {
	first, middle, last := w.spell(w.e, n)
	if middle == "" && utf8.RuneCountInString(first+last) < 40 {
		return ""
	}
	initial, _ := utf8.DecodeRuneInString(first)
	short := strings.TrimSpace(string(initial) + ". " + middle + " " + last)
	if utf8.RuneCountInString(short) > 40 {
		short = string([]rune(string(initial) + ". " + last + strings.Repeat(" ", 40))[:40])
	}
	return strings.TrimSpace(short)
}

func (w page) protection() {
	if w.e.Grade >= lives.Fortrolig {
		w.open(document.Adressebeskyttelse, meta{from: w.e.Graded, cause: lives.Adressebeskyttelse})
		w.Code("graderingsnivaa", w.e.Grade.String())
		w.Shut()
	}
}
