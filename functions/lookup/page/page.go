// Package page makes the person page model (personside): a redacted document as people think of a
// person, with words in a language, ready address lines and what follows from the facts.
//
// It is made of the redacted document and the role alone, so it can never show more than a lookup:
// what was withheld looks like what never was, and what is not part of the role is told of by the
// role. It refuses to repeat another person's number: a relative is a reference.
package page

import (
	"errors"
	"time"

	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// Source is what a page is made of.
type Source struct {
	// JSON is a redacted document, as the corridor lets it leave.
	JSON []byte
	// Profil is the role that it was redacted for.
	Profil *policy.Profile
	// Link gives the reference that stands for another person.
	Link func(person.ID) string
	// Spraak is the language of the words: nb, nn or en.
	Spraak string
	// At is when the register was asked.
	At time.Time
}

// Page is the model. Values are as the register writes them; words are for people.
type Page struct {
	Spraak string    `json:"spraak"`
	Hentet time.Time `json:"hentet"`
	// Navn is the name in use, in the order it is read; empty where the role shows none.
	Navn string `json:"navn"`
	// Alder is in whole years today in Norway, or on the day of death; absent where no birth date is known.
	Alder *int `json:"alder,omitempty"`
	// Merker are what should be seen first: death, grading, guardianship.
	Merker []Kode `json:"merker"`
	// Kontakt says whether a letter reaches the person: POST, DOED, INGEN_ADRESSE or IKKE_I_ROLLEN.
	Kontakt Kode `json:"kontakt"`
	// Postadresse are the lines of a letter's address without the name; empty but for POST.
	Postadresse []string `json:"postadresse"`
	Grupper     []Gruppe `json:"grupper"`
}

// Kode is a code with its words.
type Kode struct {
	Kode  string `json:"kode"`
	Tekst string `json:"tekst"`
}

// Gruppe is a group of facts.
type Gruppe struct {
	Kode string `json:"kode"`
	Navn string `json:"navn"`
	// IRollen is false where the role shows nothing of the group. It depends on the role alone.
	IRollen bool `json:"iRollen"`
	// UtenforRollen are the kinds of fact in the group that the role does not show.
	UtenforRollen []Kode   `json:"utenforRollen"`
	Fakta         []Faktum `json:"fakta"`
	Tidligere     []Faktum `json:"tidligere"`
}

// Faktum is one element of the register, current or former.
type Faktum struct {
	// Kode is the property of the register model, Navn its name.
	Kode string `json:"kode"`
	Navn string `json:"navn"`
	// Fra and Til are validity, and Ajourholdt when it was recorded, as the register writes them.
	Fra        string `json:"fra,omitempty"`
	Til        string `json:"til,omitempty"`
	Ajourholdt string `json:"ajourholdt,omitempty"`
	Kilde      string `json:"kilde,omitempty"`
	Aarsak     string `json:"aarsak,omitempty"`
	// Linjer are the lines of an address without a name.
	Linjer []string `json:"linjer,omitempty"`
	Felter []Felt   `json:"felter"`
}

// Felt is one value of a fact.
type Felt struct {
	// Kode is the place in the register model: bostedsadresse.vegadresse.bruksenhetsnummer.
	Kode string `json:"kode"`
	Navn string `json:"navn"`
	// Verdi is the register's value; absent for another person.
	Verdi string `json:"verdi,omitempty"`
	// Tekst is the value in words.
	Tekst string `json:"tekst"`
	// Referanse stands for another person, who can be looked up by it.
	Referanse string `json:"referanse,omitempty"`
}

// ErrSource is returned for bytes that are no redacted document. It does not repeat them.
var ErrSource = errors.New("page: not a redacted document")

// Build makes the page.
func Build(s Source) (*Page, error) {
	d, err := person.ParseDocument(s.JSON)
	if err != nil || s.Profil == nil {
		return nil, ErrSource
	}
	b := builder{Source: s, doc: d.Root(), own: d.Numbers()}
	p := &Page{Spraak: s.Spraak, Hentet: s.At.UTC(), Navn: b.name(), Alder: b.age(), Merker: b.marks()}
	p.Kontakt, p.Postadresse = b.contact()
	for _, g := range words().Grupper {
		p.Grupper = append(p.Grupper, b.group(g))
	}
	return p, nil
}
