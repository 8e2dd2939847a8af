package person

// Field is one known element of the register model: a property of the person, a field of it, or a
// field of that. The model is the list of what we know; whatever is not in it is withheld.
//
// Source: Skatteetaten, Folkeregisteret OpenAPI 1.5 (med hjemmel) and 1.6 (uten hjemmel) with the
// published changes until July 2026.
type Field struct {
	Name string
	// Many is true where the register sends an array.
	Many bool
	// Enum is the closed list of values that we know; nil where any value is fine.
	Enum []string
	// Fields are the parts of an object; nil for a scalar.
	Fields []*Field
}

// Field finds a part by name, or nil.
func (f *Field) Field(name string) *Field {
	for _, c := range f.Fields {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Metadata names the fields that every element of every property may carry (registermetadata). The
// first four come with any element; kilde and aarsak are taushetsbelagt and granted on their own.
var Metadata = []*Field{
	text("ajourholdstidspunkt"), text("erGjeldende"), text("gyldighetstidspunkt"), text("opphoerstidspunkt"),
	text("kilde"), text("aarsak"),
}

// Grades are the levels of adressegradering and graderingsnivaa, mildest first.
var Grades = []string{"ugradert", "klientadresse", "fortrolig", "strengtFortrolig"}

func text(name string) *Field                       { return &Field{Name: name} }
func enum(name string, values ...string) *Field     { return &Field{Name: name, Enum: values} }
func object(name string, fields ...*Field) *Field   { return &Field{Name: name, Fields: fields} }
func list(f *Field) *Field                          { c := *f; c.Many = true; return &c }
func property(name string, fields ...*Field) *Field { return list(object(name, fields...)) }

func texts(names ...string) []*Field {
	fields := make([]*Field, len(names))
	for i, n := range names {
		fields[i] = text(n)
	}
	return fields
}

func with(fields []*Field, more ...*Field) []*Field {
	return append(append([]*Field{}, fields...), more...)
}

func personnavn(name string) *Field {
	return object(name, texts("fornavn", "mellomnavn", "etternavn")...)
}

func kjoenn() *Field { return enum("kjoenn", "kvinne", "mann") }

// utenIdentifikator is a person who is known by name and birth date only.
func utenIdentifikator(name string) *Field {
	return object(name, personnavn("navn"), text("foedselsdato"), text("statsborgerskap"), kjoenn())
}

func poststed() *Field { return object("poststed", texts("poststedsnavn", "postnummer")...) }

func bruksenhet() []*Field {
	return []*Field{
		text("bruksenhetsnummer"),
		enum("bruksenhetstype", "bolig", "annetEnnBolig", "fritidsbolig", "ikkeGodkjentBolig", "unummerertBruksenhet"),
	}
}

func vegadresse() *Field {
	return object("vegadresse", with(bruksenhet(),
		text("kommunenummer"), text("adressenavn"), object("adressenummer", texts("husnummer", "husbokstav")...),
		text("adressekode"), text("adressetilleggsnavn"), poststed(), text("coAdressenavn"))...)
}

func matrikkeladresse() *Field {
	return object("matrikkeladresse", with(bruksenhet(),
		object("matrikkelnummer", texts("kommunenummer", "gaardsnummer", "bruksnummer", "festenummer")...),
		text("undernummer"), text("adressetilleggsnavn"), poststed(), text("coAdressenavn"))...)
}

func ukjentBosted() *Field { return object("ukjentBosted", text("bostedskommune")) }

func utenlandskAdresse() *Field {
	return object("utenlandskAdresse", texts("coAdressenavn", "adressenavn", "bygning", "etasjenummer", "boenhet",
		"postboks", "postkode", "byEllerStedsnavn", "distriktsnavn", "region", "landkode")...)
}

func gradering(name string) *Field { return enum(name, Grades...) }

func matrikkelID() []*Field {
	return texts("adresseIdentifikatorFraMatrikkelen", "naerAdresseIdentifikatorFraMatrikkelen")
}

var familierolle = []string{"mor", "far", "medmor", "barn", "soesken", "ektefelleEllerPartner", "doedfoedtBarn"}

// Model is the register document: every property that we know, by name, in the register's order.
var Model = object("folkeregisterperson",
	property("identifikasjonsnummer",
		enum("status", "iBruk", "opphoert"), text("foedselsEllerDNummer"),
		enum("identifikatortype", "foedselsnummer", "dNummer")),
	property("identitetsgrunnlag",
		enum("identitetsgrunnlagstatus", "ingenStatus", "ikkeKontrollert", "kontrollert", "unik")),
	property("legitimasjonsdokument",
		text("identifikasjonsdokumentnummer"), text("identifikasjonsdokumenttype"), text("utstederland"), text("utstedernavn"),
		text("gyldigFra"), text("gyldigTil"),
		object("dokumentkontroll", texts("dokumentkontrollstatus", "dokumentkontrolltidspunkt")...)),
	object("falskIdentitet",
		text("erFalsk"), text("rettIdentitetErUkjent"), text("rettIdentitetVedIdentifikasjonsnummer"),
		object("rettIdentitetVedOpplysninger", personnavn("personnavn"), text("foedselsdato"), list(text("statsborgerskap")), kjoenn())),
	property("status",
		enum("status", "bosatt", "utflyttet", "forsvunnet", "doed", "opphoert", "foedselsregistrert", "midlertidig", "inaktiv", "ikkeBosatt", "aktiv")),
	property("utlendingsmyndighetenesIdentifikasjonsnummer", texts("identifikasjonsnummer", "identifikasjonsnummertype", "utstederland")...),
	property("utenlandskPersonidentifikasjon",
		text("identifikasjonsnummer"),
		enum("identifikasjonsnummertype", "utenlandskIdentifikasjonsnummer", "taxIdentificationNumber", "socialSecurityNumber", "utlendingsmyndighetenesIdentifikasjonsnummer"),
		text("utstederland")),
	property("kjoenn", kjoenn()),
	property("foedsel", texts("foedselsdato", "foedselsaar", "foedested", "foedekommuneINorge", "foedeland")...),
	property("foedselINorge", texts("foedselsinstitusjonsnavn", "rekkefoelgenummer")...),
	property("familierelasjon",
		text("relatertPerson"), utenIdentifikator("relatertPersonUtenFolkeregisteridentifikator"),
		enum("relatertPersonsRolle", familierolle...), enum("minRolleForPerson", familierolle...)),
	property("sivilstand",
		enum("sivilstand", "uoppgitt", "ugift", "gift", "enkeEllerEnkemann", "skilt", "separert", "registrertPartner", "separertPartner", "skiltPartner", "gjenlevendePartner"),
		text("sivilstandsdato"), text("myndighet"), text("kommune"), text("sted"), text("utland"), text("relatertVedSivilstand")),
	object("doedsfall", text("doedsdato")),
	property("kontaktinformasjonForDoedsbo",
		enum("skifteform", "offentlig", "annet"), text("attestutstedelsesdato"),
		object("person", personnavn("personnavn"), text("foedselsdato"), text("foedselsEllerDNummer")),
		object("advokat", personnavn("personnavn"), text("organisasjonsnavn"), text("organisasjonsnummer")),
		object("organisasjon", personnavn("kontaktpersonnavn"), text("organisasjonsnavn"), text("organisasjonsnummer")),
		object("adresse", list(text("adresselinje")), text("postnummer"), text("poststedsnavn"), text("landkode"))),
	property("navn",
		text("fornavn"), text("mellomnavn"), text("etternavn"), text("forkortetNavn"), personnavn("originaltNavn")),
	property("adressebeskyttelse", gradering("graderingsnivaa")),
	property("bostedsadresse", with(matrikkelID(),
		vegadresse(), matrikkeladresse(), ukjentBosted(), gradering("adressegradering"), text("flyttedato"),
		text("grunnkrets"), text("stemmekrets"), text("skolekrets"), text("kirkekrets"))...),
	property("deltBosted", with(matrikkelID(),
		vegadresse(), matrikkeladresse(), ukjentBosted(), gradering("adressegradering"),
		text("startdatoForKontrakt"), text("sluttdatoForKontrakt"))...),
	property("oppholdsadresse", with(matrikkelID(),
		utenlandskAdresse(), text("adressenErUkjent"), vegadresse(), matrikkeladresse(), gradering("adressegradering"),
		text("oppholdsadressedato"), enum("oppholdAnnetSted", "militaer", "utenriks", "paaSvalbard", "pendler"))...),
	property("postadresse", with(matrikkelID(),
		gradering("adressegradering"),
		object("postboksadresse", text("postbokseier"), text("postboks"), poststed()), vegadresse(),
		object("postadresseIFrittFormat", list(text("adresselinje")), poststed()))...),
	property("postadresseIUtlandet",
		gradering("adressegradering"), utenlandskAdresse(),
		object("utenlandskAdresseIFrittFormat", list(text("adresselinje")), text("postkode"), text("byEllerStedsnavn"), text("landkode"))),
	property("innflytting", texts("fraflyttingsland", "fraflyttingsstedIUtlandet")...),
	property("utflytting", texts("tilflyttingsland", "tilflyttingsstedIUtlandet", "utflyttingsdato")...),
	property("brukAvSamiskSpraak", list(enum("spraak", "nordsamisk", "soersamisk", "lulesamisk"))),
	property("foreldreansvar",
		enum("ansvar", "felles", "mor", "far", "medmor", "andre", "ukjent"),
		text("ansvarlig"), utenIdentifikator("ansvarligUtenIdentifikator"), text("ansvarligOrganisasjon"),
		text("ansvarssubjekt"), utenIdentifikator("ansvarssubjektUtenIdentifikator")),
	property("statsborgerskap", texts("statsborgerskap", "ervervsdato")...),
	property("bibehold",
		enum("bibeholdstatus", "harBibehold", "harIkkeLengerBibehold", "norskStatsborgerTrengerIkkeBibehold"), text("datoForBibehold")),
	property("opphold",
		enum("oppholdstillatelse", "midlertidig", "permanent", "opplysningMangler"), text("oppholdFra"), text("oppholdTil")),
	property("oppholdPaaSvalbard",
		text("startdato"), text("sluttdato"),
		enum("antattOppholdsvarighet", "underSeksMaaneder", "overSeksMaaneder", "overTolvMaaneder", "ukjent"),
		text("antallTidligereOpphold"), text("fraflyttingskommunenummer"), text("fraflyttingsland")),
	property("vergemaalEllerFremtidsfullmakt",
		enum("vergemaaltype", "ensligMindreaarigAsylsoeker", "ensligMindreaarigFlyktning", "voksen", "midlertidigForVoksen",
			"mindreaarig", "midlertidigForMindreaarig", "forvaltningUtenforVergemaal", "stadfestetFremtidsfullmakt"),
		text("embete"),
		object("verge",
			text("foedselsEllerDNummer"),
			object("navnFoedselsdato", personnavn("personnavn"), text("foedselsdato"), list(text("statsborgerskap")), kjoenn()),
			list(object("tjenesteomraade", texts("vergeTjenestevirksomhet", "vergeTjenesteoppgave")...)),
			personnavn("navn"), text("omfang"), text("omfangetErInnenPersonligOmraade"))),
	property("rettsligHandleevne", text("rettsligHandleevneomfang")),
)
