// Package oppvekst is how Fiks' school API tells of children: what is current of a redacted register
// document, flattened, with those who have parental responsibility beside it (KS, OpenAPI «Fiks
// folkeregister oppvekst» v1). Values are the register's own, unchanged
// (infra/decisions/0019-oppvekst.md).
//
// It refuses to know more than the documents it is given, which may already leave, so that what was
// withheld looks like what was never there.
package oppvekst

import (
	"bytes"
	"encoding/json"
	"iter"
	"slices"

	"hjemmel/shared/person"
)

type barn struct {
	Identifikasjonsnummer *nummer           `json:"identifikasjonsnummer"`
	Tidligere             *nummer           `json:"tidligereIdentifikasjonsnummer,omitempty"`
	DUF                   json.RawMessage   `json:"dufNummer,omitempty"`
	Foedselsdato          json.RawMessage   `json:"foedselsdato,omitempty"`
	Personstatus          json.RawMessage   `json:"personstatus,omitempty"`
	Foreldreansvarstype   json.RawMessage   `json:"foreldreansvarstype,omitempty"`
	Kjoenn                json.RawMessage   `json:"kjoenn,omitempty"`
	Navn                  json.RawMessage   `json:"navn,omitempty"`
	Statsborgerskap       json.RawMessage   `json:"statsborgerskap,omitempty"`
	Adressebeskyttelse    json.RawMessage   `json:"adressebeskyttelse,omitempty"`
	Bostedsadresse        json.RawMessage   `json:"bostedsadresse,omitempty"`
	Oppholdsadresse       json.RawMessage   `json:"oppholdsadresse,omitempty"`
	DeltBosted            json.RawMessage   `json:"deltBosted,omitempty"`
	Postadresse           json.RawMessage   `json:"postadresse,omitempty"`
	Foreldreansvarlige    []ansvarlig       `json:"foreldreansvarlige"`
	Familierelasjoner     []familierelasjon `json:"familierelasjoner"`
}

type nummer struct {
	Nummer string `json:"foedselsEllerDNummer"`
	Type   string `json:"identifikatortype"`
}

type ansvarlig struct {
	Ansvar                json.RawMessage `json:"ansvar"`
	Identifikasjonsnummer *nummer         `json:"identifikasjonsnummer,omitempty"`
	Organisasjon          json.RawMessage `json:"ansvarligOrganisasjon,omitempty"`
	Personstatus          json.RawMessage `json:"personstatus,omitempty"`
	Navn                  json.RawMessage `json:"navn,omitempty"`
	Statsborgerskap       json.RawMessage `json:"statsborgerskap,omitempty"`
	Kjoenn                json.RawMessage `json:"kjoenn,omitempty"`
	Adressebeskyttelse    json.RawMessage `json:"adressebeskyttelse,omitempty"`
	Bostedsadresse        json.RawMessage `json:"bostedsadresse,omitempty"`
	Oppholdsadresse       json.RawMessage `json:"oppholdsadresse,omitempty"`
	Postadresse           json.RawMessage `json:"postadresse,omitempty"`
	Foedsel               json.RawMessage `json:"foedsel,omitempty"`
}

type familierelasjon struct {
	Person json.RawMessage `json:"familierelasjonPerson,omitempty"`
	Rolle  json.RawMessage `json:"familierelasjonRolle"`
}

// Append writes one child, of its redacted document, with those of the given persons who have parental
// responsibility for it, by the number that the child names. The number asked by is told where the document
// tells none. The error is [person.ErrDocument] where the document is none.
func Append(out []byte, asked string, document []byte, persons map[person.ID]*person.Document) ([]byte, error) {
	d, err := person.ParseDocument(document)
	if err != nil {
		return nil, err
	}
	number := identified(read(d, true, "identifikasjonsnummer", "foedselsEllerDNummer"))
	if number == nil {
		number = identify(asked)
	}
	b := barn{
		Identifikasjonsnummer: number,
		Tidligere:             identified(read(d, false, "identifikasjonsnummer", "foedselsEllerDNummer")),
		DUF:                   now(d, "utlendingsmyndighetenesIdentifikasjonsnummer", "identifikasjonsnummer"),
		Foedselsdato:          now(d, "foedsel", "foedselsdato"), Personstatus: now(d, "status", "status"),
		Kjoenn: now(d, "kjoenn", "kjoenn"), Navn: bare(d, "navn"), Statsborgerskap: now(d, "statsborgerskap", "statsborgerskap"),
		Adressebeskyttelse: now(d, "adressebeskyttelse", "graderingsnivaa"), Bostedsadresse: bare(d, "bostedsadresse"),
		Oppholdsadresse: bare(d, "oppholdsadresse"), DeltBosted: bare(d, "deltBosted"), Postadresse: bare(d, "postadresse"),
		Foreldreansvarlige: []ansvarlig{}, Familierelasjoner: []familierelasjon{},
	}
	for e := range current(d, "familierelasjon") {
		b.Familierelasjoner = append(b.Familierelasjoner, familierelasjon{e.Member("relatertPerson").Raw(), e.Member("relatertPersonsRolle").Raw()})
	}
	b.answeredFor(d, persons)
	encoded, err := json.Marshal(b)
	return append(out, encoded...), err
}

// answeredFor adds those who have parental responsibility for the child. What the child answers for
// itself, for a child of its own, says nothing of that.
func (b *barn) answeredFor(d *person.Document, persons map[person.ID]*person.Document) {
	own := map[person.ID]bool{}
	for _, id := range d.Numbers() {
		own[id] = true
	}
	for e := range current(d, "foreldreansvar") {
		id, _ := person.ParseID(e.Member("ansvarlig").Text())
		if own[id] {
			continue
		}
		a := one(e, persons[id])
		if b.Foreldreansvarstype == nil {
			b.Foreldreansvarstype = a.Ansvar
		}
		b.Foreldreansvarlige = append(b.Foreldreansvarlige, a)
	}
}

// one is somebody with parental responsibility: the person that the child names by number, where there is
// a document that may leave; else what the child's own document says.
func one(e person.Value, d *person.Document) ansvarlig {
	a := ansvarlig{
		Ansvar: e.Member("ansvar").Raw(), Organisasjon: e.Member("ansvarligOrganisasjon").Raw(),
		Identifikasjonsnummer: identified(e.Member("ansvarlig")),
	}
	if a.Ansvar == nil { // a kind that we do not know
		a.Ansvar = json.RawMessage(`"ukjent"`)
	}
	if d == nil {
		u := e.Member("ansvarligUtenIdentifikator")
		a.Navn, a.Foedsel = u.Member("navn").Raw(), u.Member("foedselsdato").Raw()
		a.Statsborgerskap, a.Kjoenn = u.Member("statsborgerskap").Raw(), u.Member("kjoenn").Raw()
		return a
	}
	if number := identified(read(d, true, "identifikasjonsnummer", "foedselsEllerDNummer")); number != nil {
		a.Identifikasjonsnummer = number
	}
	a.Personstatus, a.Navn, a.Foedsel = now(d, "status", "status"), bare(d, "navn"), now(d, "foedsel", "foedselsdato")
	a.Statsborgerskap, a.Kjoenn = now(d, "statsborgerskap", "statsborgerskap"), now(d, "kjoenn", "kjoenn")
	a.Adressebeskyttelse = now(d, "adressebeskyttelse", "graderingsnivaa")
	a.Bostedsadresse, a.Oppholdsadresse, a.Postadresse = bare(d, "bostedsadresse"), bare(d, "oppholdsadresse"), bare(d, "postadresse")
	return a
}

// identified is a number with its kind, which the number itself tells; nil where it is none.
func identified(v person.Value) *nummer { return identify(v.Text()) }

func identify(digits string) *nummer {
	id, err := person.ParseID(digits)
	switch {
	case err != nil:
		return nil
	case id.DNummer():
		return &nummer{digits, "dNummer"}
	}
	return &nummer{digits, "foedselsnummer"}
}

// current ranges over the current elements of a property.
func current(d *person.Document, property string) iter.Seq[person.Value] {
	return func(yield func(person.Value) bool) {
		for e := range d.Root().Member(property).Each() {
			if e.Member("erGjeldende").True() && !yield(e) {
				return
			}
		}
	}
}

// read gives a field of the first current element of a property that has it, or of the first former one.
func read(d *person.Document, isCurrent bool, property, field string) person.Value {
	for e := range d.Root().Member(property).Each() {
		if v := e.Member(field); v.Exists() && e.Member("erGjeldende").True() == isCurrent {
			return v
		}
	}
	return person.Value{}
}

func now(d *person.Document, property, field string) json.RawMessage {
	return read(d, true, property, field).Raw()
}

// renamed are the fields that are called something else here than in the register.
var renamed = map[string]string{"postadresse.vegadresse": "vegadresseForPost", "postadresse.postadresseIFrittFormat": "frittFormat"}

// bare gives the first current element of a property without the register's metadata, or nil.
func bare(d *person.Document, property string) json.RawMessage {
	for e := range current(d, property) {
		var out bytes.Buffer
		for v := range e.Each() {
			name := string(v.Name())
			if slices.ContainsFunc(person.Metadata, func(m *person.Field) bool { return m.Name == name }) {
				continue
			}
			if as := renamed[property+"."+name]; as != "" {
				name = as
			}
			sep := byte(',')
			if out.Len() == 0 {
				sep = '{'
			}
			_ = out.WriteByte(sep) // a buffer takes everything
			_, _ = out.WriteString(`"` + name + `":`)
			_, _ = out.Write(v.Raw())
		}
		if out.Len() > 0 {
			return append(out.Bytes(), '}')
		}
	}
	return nil
}
