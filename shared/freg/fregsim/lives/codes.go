package lives

// The register's code lists, as far as these lives use them. String gives what stands on the wire.

// Grade is adressegradering, and graderingsnivaa where it is Fortrolig or above.
type Grade uint8

// The grades.
const (
	Ugradert Grade = iota
	Klientadresse
	Fortrolig
	StrengtFortrolig
)

// String gives the code.
func (g Grade) String() string {
	return [...]string{"ugradert", "klientadresse", "fortrolig", "strengtFortrolig"}[g]
}

// StatusCode is personstatus.
type StatusCode uint8

// The statuses.
const (
	Bosatt StatusCode = iota
	Utflyttet
	Forsvunnet
	Doed
	Opphoert
	Foedselsregistrert
	Midlertidig
	Inaktiv
	IkkeBosatt
)

// String gives the code.
func (s StatusCode) String() string {
	return [...]string{"bosatt", "utflyttet", "forsvunnet", "doed", "opphoert", "foedselsregistrert",
		"midlertidig", "inaktiv", "ikkeBosatt"}[s]
}

// Sivilstand is sivilstandstype.
type Sivilstand uint8

// The kinds of sivilstand.
const (
	Uoppgitt Sivilstand = iota
	Ugift
	Gift
	Separert
	Skilt
	Enke
	RegistrertPartner // the four of partnership stand as the four of marriage
	SeparertPartner
	SkiltPartner
	GjenlevendePartner
)

const partnership = RegistrertPartner - Gift

// String gives the code.
func (s Sivilstand) String() string {
	return [...]string{"uoppgitt", "ugift", "gift", "separert", "skilt", "enkeEllerEnkemann",
		"registrertPartner", "separertPartner", "skiltPartner", "gjenlevendePartner"}[s]
}

// Role is familierelasjonstype.
type Role uint8

// The roles.
const (
	Barn Role = iota
	Mor
	Far
	Medmor
	Ektefelle
)

// String gives the code.
func (r Role) String() string {
	return [...]string{"barn", "mor", "far", "medmor", "ektefelleEllerPartner"}[r]
}

// Custody is foreldreansvarstype; zero is none.
type Custody uint8

// The kinds of foreldreansvar.
const (
	Felles Custody = iota + 1
	BareMor
	BareFar
)

// String gives the code.
func (c Custody) String() string { return [...]string{"", "felles", "mor", "far"}[c] }

// Use is the property in which an address stands.
type Use uint8

// The uses.
const (
	Bosted Use = iota
	DeltBosted
	Opphold
	Post
	PostUtland
)

// Kind is the form of an address.
type Kind uint8

// The kinds of address.
const (
	Veg Kind = iota
	Matrikkel
	Ukjent // ukjentBosted, or adressenErUkjent
	Postboks
	Fritt
	Utenlandsk
	UtenlandskFritt
	SOT // the open post box of those with strengt fortrolig address
)

// Elsewhere is oppholdAnnetSted; zero is none.
type Elsewhere uint8

// The places elsewhere.
const (
	Militaer Elsewhere = iota + 1
	Utenriks
	Pendler
)

// String gives the code.
func (e Elsewhere) String() string { return [...]string{"", "militaer", "utenriks", "pendler"}[e] }

// Oppholdstillatelse is the kind of residence permit; zero is none.
type Oppholdstillatelse uint8

// The permits.
const (
	TilMidlertidigOpphold Oppholdstillatelse = iota + 1
	TilPermanentOpphold
	OpplysningMangler
)

// String gives the code.
func (o Oppholdstillatelse) String() string {
	return [...]string{"", "midlertidig", "permanent", "opplysningMangler"}[o]
}

// Spraak is a Sámi language; zero is none.
type Spraak uint8

// The languages.
const (
	Nordsamisk Spraak = iota + 1
	Soersamisk
	Lulesamisk
)

// String gives the code.
func (s Spraak) String() string { return [...]string{"", "nordsamisk", "soersamisk", "lulesamisk"}[s] }

// Vergemaal is vergemaaltype.
type Vergemaal uint8

// The kinds of guardianship.
const (
	Voksen Vergemaal = iota
	StadfestetFremtidsfullmakt
	Mindreaarig
	MidlertidigForVoksen
)

// String gives the code.
func (v Vergemaal) String() string {
	return [...]string{"voksen", "stadfestetFremtidsfullmakt", "mindreaarig", "midlertidigForVoksen"}[v]
}

// Cause is aarsak, as far as it is the same for everybody.
type Cause uint8

// The causes. Ingen is not written.
const (
	Ingen Cause = iota
	Grunnbefolkning
	Foedsel
	Flytting
	Vigsel
	Separasjon
	Skilsmisse
	NyttNavn
	Doedsfall
	Utflytting
	Innflytting
	TildeleDnummer
	Adressebeskyttelse
	Postadresse
	Oppholdsadresse
	Patch
	OpphoerePerson
	Dnummerperson
)

// String gives the text.
func (c Cause) String() string {
	return [...]string{"", "Grunnbefolkning", "Fødsel", "Flytting innenlands", "Vigsel", "Separasjon", "Skilsmisse",
		"Navn", "Dødsfall", "Utflytting", "Innflytting", "Tildele d-nummer", "Adressebeskyttelse", "Postadresse",
		"Oppholdsadresse og opphold annet sted", "Patch", "Opphøre person", "Person med d-nummer"}[c]
}

// Land is a country, as an index into Lands.
type Land uint8

// Lands are countries by ISO 3166 alpha-3 and alpha-2, each with a place and a postal code. Norway
// is the first; from the seventh on people come with a DUF-nummer.
var Lands = [...]struct{ Alpha3, Alpha2, By, Postkode string }{
	{"NOR", "NO", "", ""}, {"SWE", "SE", "Göteborg", "412 50"}, {"DNK", "DK", "Aarhus", "8000"},
	{"POL", "PL", "Gdańsk", "80-001"}, {"LTU", "LT", "Kaunas", "44001"}, {"DEU", "DE", "Köln", "50667"},
	{"UKR", "UA", "Lviv", "79000"}, {"SYR", "SY", "Aleppo", ""}, {"ERI", "ER", "Asmara", ""}, {"SOM", "SO", "Hargeisa", ""},
	{"PHL", "PH", "Cebu", "6000"}, {"USA", "US", "Duluth", "55802"}, {"GBR", "GB", "Hull", "HU1 1AA"},
	{"ESP", "ES", "Alicante", "03001"}, {"THA", "TH", "Udon Thani", "41000"}, {"XXK", "XK", "Prizren", "20000"},
}

const spain Land = 13
