package template

import "slices"

// templates are the columns of Fiks' templates (eksportFormat). A letter goes where the register says that
// letters go, so SVAR_UT needs every kind of address.
var templates = map[string][]string{
	"LISTESOEK":    slices.Concat(who, names("status_status"), bosted),
	"VAKSINE":      slices.Concat(who, names("foedsel_foedselsdato", "kjoenn_kjoenn"), bosted),
	"ALDERSGRUPPE": slices.Concat(who, names("foedsel_foedselsdato"), bosted),
	"BARNEHAGE":    slices.Concat(who, names("foedsel_foedselsdato"), bosted, names("bostedsadresse_kommunenummer")),
	"BARNEHAGE_FOR_OPPHOLDSADRESSE": slices.Concat(who, names("foedsel_foedselsdato"),
		names("oppholdsadresse_adresse", "oppholdsadresse_postnummer", "oppholdsadresse_poststed", "oppholdsadresse_kommunenummer")),
	"SVAR_UT": names("identifikasjonsnummer_foedselsEllerDNummer", "navn_fulltNavn",
		"kontaktadresse_adresselinje1", "kontaktadresse_adresselinje2", "kontaktadresse_adresselinje3", "kontaktadresse_postnummer", "kontaktadresse_poststed",
		"kontaktinformasjon_epost", "kontaktinformasjon_reservert"),
	"SEND_SMS": slices.Concat(who, names("kontaktinformasjon_mobiltelefonnummer", "kontaktinformasjon_kanVarsles")),
}

func names(n ...string) []string { return n }

var (
	who    = names("identifikasjonsnummer_foedselsEllerDNummer", "navn_fornavn", "navn_mellomnavn", "navn_etternavn")
	bosted = names("bostedsadresse_adresse", "bostedsadresse_postnummer", "bostedsadresse_poststed")
)

// all are the columns that there are, in the order in which they are offered.
var all = slices.Concat(
	[]Column{
		{"identifikasjonsnummer_foedselsEllerDNummer", "Fødselsnummer eller d-nummer", ID, []string{"identifikasjonsnummer.foedselsEllerDNummer"}, number},
		field("navn.fornavn", "Fornavn", Text),
		field("navn.mellomnavn", "Mellomnavn", Text),
		field("navn.etternavn", "Etternavn", Text),
		{"navn_fulltNavn", "Navn", Text, []string{"navn.fornavn", "navn.mellomnavn", "navn.etternavn"}, fullName},
		field("status.status", "Personstatus", Text),
		field("foedsel.foedselsdato", "Fødselsdato", Date),
		field("foedsel.foedselsaar", "Fødselsår", Number),
		field("foedsel.foedested", "Fødested", Text),
		field("foedsel.foedekommuneINorge", "Fødekommune", ID),
		field("foedsel.foedeland", "Fødeland", Text),
		field("kjoenn.kjoenn", "Kjønn", Text),
		field("doedsfall.doedsdato", "Dødsdato", Date),
	},
	places("bostedsadresse", "bosted", "Bostedsadresse", veg, matrikkel),
	[]Column{
		{"bostedsadresse_bruksenhetsnummer", "Bruksenhetsnummer", ID, []string{"bostedsadresse.bruksenhetsnummer", "bostedsadresse.matrikkeladresse"}, unit},
		field("bostedsadresse.flyttedato", "Flyttedato", Date),
		field("bostedsadresse.grunnkrets", "Grunnkrets", ID),
		field("bostedsadresse.stemmekrets", "Stemmekrets", ID),
		field("bostedsadresse.skolekrets", "Skolekrets", ID),
	},
	places("oppholdsadresse", "opphold", "Oppholdsadresse", veg, matrikkel, utenlandsk),
	places("deltBosted", "delt bosted", "Delt bosted", veg, matrikkel),
	places("postadresse", "post", "Postadresse", veg, "postboksadresse", "postadresseIFrittFormat")[:3],
	places("postadresseIUtlandet", "post i utlandet", "Postadresse i utlandet", utenlandsk, "utenlandskAdresseIFrittFormat")[:1],
	postal(),
	[]Column{
		field("sivilstand.sivilstand", "Sivilstand", Text),
		field("statsborgerskap.statsborgerskap", "Statsborgerskap", Text),
		field("innflytting.fraflyttingsland", "Land flyttet fra", Text),
		field("utflytting.tilflyttingsland", "Land flyttet til", Text),
		field("utflytting.utflyttingsdato", "Utflyttingsdato", Date),
		field("opphold.oppholdstillatelse", "Oppholdstillatelse", Text),
		field("opphold.oppholdFra", "Oppholdstillatelse fra", Date),
		field("opphold.oppholdTil", "Oppholdstillatelse til", Date),
		field("brukAvSamiskSpraak.spraak", "Samisk språk", Text),
		field("rettsligHandleevne.rettsligHandleevneomfang", "Rettslig handleevne", Text),
		// Of the contact register (KRR), which is not connected: empty until it is.
		{Name: "kontaktinformasjon_epost", Header: "E-postadresse"},
		{Name: "kontaktinformasjon_mobiltelefonnummer", Header: "Mobilnummer", Kind: ID},
		{Name: "kontaktinformasjon_reservert", Header: "Reservert mot digital post"},
		{Name: "kontaktinformasjon_kanVarsles", Header: "Kan varsles"},
	},
)

const (
	veg        = "vegadresse"
	matrikkel  = "matrikkeladresse"
	utenlandsk = "utenlandskAdresse"
)

var byName = func() map[string]Column {
	m := map[string]Column{}
	for _, c := range all {
		m[c.Name] = c
	}
	return m
}()
