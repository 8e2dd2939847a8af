package policy

import (
	"slices"

	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/policy/katalog"
)

// The school's question (oppvekst) is about children by number, and what is granted is always the same:
// what an answer has a place for. Those with parental responsibility stand in a child's document by
// number only, so a second grant is made of the first, by the documents, for them alone.

// kreves are the elements that a role must hold to ask, as far as its area opens them (KS, Fiks
// folkeregister, oppvekst-API; the gradings because an address in an answer must have one).
var kreves = []string{
	"identifikasjonsnummer.foedselsEllerDNummer", "status.status", "foedsel.foedselsdato", "statsborgerskap.statsborgerskap",
	"kjoenn.kjoenn", "navn", "bostedsadresse", "bostedsadresse.adressegradering", "oppholdsadresse", "oppholdsadresse.adressegradering",
	"deltBosted", "deltBosted.adressegradering", "postadresse", "postadresse.adressegradering", gradert, slekt, ansvar, katalog.Historikk,
}

// kjerne are those without which an answer says nothing: an area that does not open them has no schools.
var kjerne = []string{"identifikasjonsnummer.foedselsEllerDNummer", slekt, ansvar}

// rommer are the elements that an answer has a place for. Of foreldreansvar the child itself has none.
var rommer = []string{
	"identifikasjonsnummer.foedselsEllerDNummer", "utlendingsmyndighetenesIdentifikasjonsnummer.identifikasjonsnummer",
	"foedsel.foedselsdato", "status.status", katalog.StatusTaushetsbelagt, "kjoenn.kjoenn",
	"navn.fornavn", "navn.mellomnavn", "navn.etternavn", "statsborgerskap.statsborgerskap", "adressebeskyttelse.graderingsnivaa",
	"bostedsadresse.vegadresse", "bostedsadresse.matrikkeladresse", "bostedsadresse.ukjentBosted", "bostedsadresse.bruksenhetsnummer",
	"bostedsadresse.adresseIdentifikatorFraMatrikkelen", "bostedsadresse.naerAdresseIdentifikatorFraMatrikkelen",
	"bostedsadresse.adressegradering", "bostedsadresse.flyttedato",
	"bostedsadresse.grunnkrets", "bostedsadresse.stemmekrets", "bostedsadresse.skolekrets", "bostedsadresse.kirkekrets",
	"oppholdsadresse.vegadresse", "oppholdsadresse.matrikkeladresse", "oppholdsadresse.utenlandskAdresse",
	"oppholdsadresse.adresseIdentifikatorFraMatrikkelen", "oppholdsadresse.adressegradering",
	"deltBosted.vegadresse", "deltBosted.matrikkeladresse", "deltBosted.ukjentBosted",
	"deltBosted.adresseIdentifikatorFraMatrikkelen", "deltBosted.naerAdresseIdentifikatorFraMatrikkelen",
	"deltBosted.adressegradering", "deltBosted.startdatoForKontrakt", "deltBosted.sluttdatoForKontrakt",
	"postadresse.vegadresse", "postadresse.postboksadresse", "postadresse.postadresseIFrittFormat",
	"postadresse.adresseIdentifikatorFraMatrikkelen", "postadresse.adressegradering",
	"familierelasjon.relatertPerson", "familierelasjon.relatertPersonsRolle",
	"foreldreansvar.ansvar", "foreldreansvar.ansvarlig", "foreldreansvar.ansvarligUtenIdentifikator", "foreldreansvar.ansvarligOrganisasjon",
	katalog.Historikk,
}

// bareBarn are the properties that an answer has a place for in a child, and not in those with parental
// responsibility.
var bareBarn = []string{"utlendingsmyndighetenesIdentifikasjonsnummer", "deltBosted", slekt, ansvar}

var lacksOppvekst = fault.New(fault.Denied, "ROLLE_MANGLER_OPPLYSNINGER",
	"Rollen mangler opplysninger som oppvekst krever. En administrator i organisasjonen kan legge dem til.")

// lacking lists the elements that an ask about oppvekst needs and the role lacks.
func (p *Profile) lacking() []string {
	return slices.DeleteFunc(slices.Clone(kreves), func(kode string) bool {
		o, ok := p.k.Element(kode)
		return p.Holds(kode) || !slices.Contains(kjerne, kode) && !(ok && p.k.AreaPermits(p.Area, o))
	})
}

// asked is the profile that an action is judged by. For oppvekst it holds what the role holds, and shows
// what an answer has a place for: current values, and former numbers.
func (p *Profile) asked(a Action) *Profile {
	if p == nil || p.Area == nil || a != Oppvekst {
		return p
	}
	r := p.Role
	r.Opplysninger = slices.DeleteFunc(slices.Clone(rommer), func(kode string) bool { return !p.Holds(kode) })
	cut := compile(p.k, r, p.basis)
	cut.kodes = p.kodes
	cut.history &= cut.of("identifikasjonsnummer")
	return cut
}

// of gives what the profile shows of some properties.
func (p *Profile) of(properties ...string) Properties {
	var shown Properties
	for _, name := range properties {
		in, _ := p.part(name)
		shown |= in.shows
	}
	return shown
}

// MaxAnsvarlige is how many with parental responsibility are fetched for a child. The law knows two; a
// document that names more than this is not believed.
const MaxAnsvarlige = 4

// Ansvarlige makes, of a grant about oppvekst, the grant about those who have parental responsibility for
// the children, by the children's own documents: nobody can be named any other way. It shows no more of
// them than an answer has a place for, opens no graded address, and is the end: no grant is made of it.
// The zero Grant where there is nobody.
func (g Grant) Ansvarlige(barn []*person.Document) Grant {
	if g.action != Oppvekst || g.judging != nil {
		return Grant{}
	}
	seen := map[person.ID]bool{}
	var found []person.ID
	for _, d := range barn {
		if !slices.ContainsFunc(d.Numbers(), g.Covers) {
			continue
		}
		ids := d.Ansvarlige()
		for _, id := range ids[:min(len(ids), MaxAnsvarlige)] {
			if !seen[id] {
				seen[id] = true
				found = append(found, id)
			}
		}
	}
	if len(found) == 0 {
		return Grant{}
	}
	g.action, g.subjects, g.reveal, g.historikk = OppvekstAnsvarlig, found, false, false
	g.properties &^= g.profile.of(bareBarn...)
	return g
}
