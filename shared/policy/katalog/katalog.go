// Package katalog is the platform operator's catalogue: the tjenesteområder with their hjemler, and
// the opplysninger that they open, as data.
//
// It refuses a catalogue that names what it does not define. What it holds was put together from
// public sources and must be read by a lawyer (infra/decisions/0004-katalog.md).
package katalog

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed *.json
var files embed.FS

// Text is the same words in bokmål, nynorsk and English.
type Text struct {
	Nb string `json:"nb"`
	Nn string `json:"nn"`
	En string `json:"en"`
}

// Hjemmel is a legal basis: a paragraph of an act or regulation and what it opens.
type Hjemmel struct {
	ID           string `json:"id"`
	Lov          string `json:"lov"`
	Paragraf     string `json:"paragraf"`
	Korttekst    Text   `json:"korttekst"`
	LovdataLenke string `json:"lovdataLenke"`
	// Art is how strong the basis is; only HJEMMEL_TAUSHETSBELAGT opens confidential elements.
	Art string `json:"art"`
	// Sikkerhet is "kilde" where the wording was read, "maa-kvalitetssikres" where a lawyer must look.
	Sikkerhet string `json:"sikkerhet"`
}

// Tjenesteomraade is a service area of a municipality with its legal bases and the most that a role
// in it can be given.
type Tjenesteomraade struct {
	Kode            string    `json:"kode"`
	Navn            Text      `json:"navn"`
	Beskrivelse     Text      `json:"beskrivelse"`
	Gyldig          bool      `json:"gyldig"`
	KanHenteTaushet bool      `json:"kanHenteTaushetsbelagtInformasjon"`
	Rettighetspakke Pakke     `json:"rettighetspakke"`
	Bruksomraader   []Bruk    `json:"bruksomraader"`
	GradertAdresse  string    `json:"gradertAdresse"`
	Lovhjemler      []Hjemmel `json:"lovhjemler"`
	Registre        []Utvalg  `json:"registre"`
	Merknad         string    `json:"merknad,omitempty"`
}

// Utvalg is what an area may have from one register.
type Utvalg struct {
	Register     string   `json:"register"`
	Opplysninger []string `json:"opplysninger"`
}

// Folkeregister are the opplysninger of the population register that the area opens.
func (t *Tjenesteomraade) Folkeregister() []string {
	for _, u := range t.Registre {
		if u.Register == "FOLKEREGISTER" {
			return u.Opplysninger
		}
	}
	return nil
}

// KanAapneGradert reports whether roles in the area can be given the right to open a graded address
// after a confirmation with a reason.
func (t *Tjenesteomraade) KanAapneGradert() bool {
	return t.GradertAdresse == "KAN_AAPNES_MED_BEGRUNNELSE"
}

// Pakke is Skatteetaten's rettighetspakke: which share of the register is asked.
type Pakke string

// The two packages of public bodies.
const (
	MedHjemmel  Pakke = "OMH"
	UtenHjemmel Pakke = "OUtH"
)

// Bruk is a bruksområde: a kind of use.
type Bruk string

// The uses.
const (
	Soek            Bruk = "SOEK"
	Innbyggerliste  Bruk = "INNBYGGERLISTE"
	BrukerHendelser Bruk = "HENDELSER"
)

// Opplysning is one information element that a role can hold.
type Opplysning struct {
	// Kode is the element in the register's spelling: bostedsadresse.vegadresse.
	Kode string `json:"kode"`
	// KodeStor is the same in the upper-case spelling of the role API.
	KodeStor string `json:"kodeStor"`
	Register string `json:"register"`
	// Egenskap and Felt say where it lies in the register document; Felt may be a dotted path.
	Egenskap        string   `json:"fregEgenskap"`
	Felt            string   `json:"fregFelt"`
	Overordnet      string   `json:"overordnet"`
	Navn            Text     `json:"navn"`
	Beskrivelse     Text     `json:"beskrivelse"`
	Gyldig          bool     `json:"gyldig"`
	Taushetsbelagt  bool     `json:"taushetsbelagt"`
	KanVaereGradert bool     `json:"kanVaereGradertAdresse"`
	KrevesEksplisit bool     `json:"krevesEksplisitt"`
	Part            string   `json:"part"`
	InngaarIPart    string   `json:"inngaarIPart"`
	Pakker          []Pakke  `json:"rettighetspakker"`
	HarHistorikk    bool     `json:"harHistorikk"`
	Modifikator     bool     `json:"modifikator"`
	Soekeparametre  []string `json:"soekeparametre"`
	FregParametre   []string `json:"fregSoekeparametre"`
	UtenHjemmel     []string `json:"gjelderUtenHjemmel"`
	SkjulteVerdier  []string `json:"taushetsbelagteVerdier"`
	MaskeresTil     string   `json:"maskeresTil"`
}

// Path is where the element lies in the register document, or "" for a modifier.
func (o *Opplysning) Path() string {
	switch {
	case o.Egenskap == "" || o.Kode == StatusTaushetsbelagt:
		return ""
	case o.Felt == "":
		return o.Egenskap
	}
	return o.Egenskap + "." + o.Felt
}

// Codes that mean something beside a place in the document: the right to see confidential values of
// personstatus, former values, and the two confidential fields of the metadata.
const (
	StatusTaushetsbelagt = "status.taushetsbelagtVerdi"
	Historikk            = "historikk"
	Kilde                = "registermetadata.kilde"
	Aarsak               = "registermetadata.aarsak"
)

// Named is a code with its name for people: a bruksområde or a search parameter.
type Named struct {
	Kode string `json:"kode"`
	Navn Text   `json:"navn"`
}

// Labels are the names of what is not an element or an area.
type Labels struct {
	Bruksomraader  []Named `json:"bruksomraader"`
	Soekeparametre []Named `json:"soekeparametre"`
}

// Names are the labels of the uses and of the register's search parameters.
var Names = sync.OnceValue(func() Labels {
	var l Labels
	for _, file := range []string{"tjenesteomraader.json", "soekeparametre.json"} {
		if err := readJSON(file, &l); err != nil {
			panic(err) // the embedded file is part of the program and covered by tests
		}
	}
	return l
})

// Katalog is the platform operator's catalogue of areas and elements.
type Katalog struct {
	Tjenesteomraader []*Tjenesteomraade
	Opplysninger     []*Opplysning

	areas    map[string]*Tjenesteomraade
	elements map[string]*Opplysning // both spellings
	paths    map[string]*Opplysning // by place in the register document; valid ones only
}

// Standard is the catalogue that ships with the program. It was put together from public sources
// and must be checked by a lawyer before production use (infra/decisions/0004-katalog.md).
var Standard = sync.OnceValue(func() *Katalog {
	k, err := load()
	if err != nil {
		panic(err) // the embedded file is part of the program and covered by tests
	}
	return k
})

func load() (*Katalog, error) {
	var areas struct {
		Tjenesteomraader []*Tjenesteomraade `json:"tjenesteomraader"`
	}
	var elements struct {
		Opplysninger []*Opplysning `json:"opplysninger"`
	}
	if err := readJSON("tjenesteomraader.json", &areas); err != nil {
		return nil, err
	}
	if err := readJSON("opplysninger.json", &elements); err != nil {
		return nil, err
	}
	return New(areas.Tjenesteomraader, elements.Opplysninger)
}

func readJSON(name string, to any) error {
	b, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, to)
}

// New checks that areas name known elements only, each once, and indexes them.
func New(areas []*Tjenesteomraade, elements []*Opplysning) (*Katalog, error) {
	k := &Katalog{areas, elements, map[string]*Tjenesteomraade{}, map[string]*Opplysning{}, map[string]*Opplysning{}}
	for _, o := range elements {
		if k.elements[o.Kode] != nil {
			return nil, fmt.Errorf("katalog: opplysning %s står to ganger", o.Kode)
		}
		k.elements[o.Kode], k.elements[o.KodeStor] = o, o
		if path := o.Path(); path != "" && o.Gyldig {
			k.paths[path] = o
		}
	}
	for _, a := range areas {
		if k.areas[a.Kode] != nil {
			return nil, fmt.Errorf("katalog: tjenesteområde %s står to ganger", a.Kode)
		}
		k.areas[a.Kode] = a
		for _, u := range a.Registre {
			for _, kode := range u.Opplysninger {
				if o := k.elements[kode]; o == nil || o.Register != u.Register {
					return nil, fmt.Errorf("katalog: tjenesteområde %s nevner ukjent opplysning %s", a.Kode, kode)
				}
			}
		}
	}
	return k, nil
}

// Area finds a tjenesteområde by code.
func (k *Katalog) Area(kode string) (*Tjenesteomraade, bool) {
	a, ok := k.areas[kode]
	return a, ok
}

// Element finds an opplysning by either spelling.
func (k *Katalog) Element(kode string) (*Opplysning, bool) {
	o, ok := k.elements[kode]
	return o, ok
}

// At finds the valid opplysning that lies at a place in the register document, or nil.
func (k *Katalog) At(path string) *Opplysning { return k.paths[path] }

// Places gives every valid opplysning that lies somewhere in the register document, by place.
func (k *Katalog) Places() map[string]*Opplysning { return maps.Clone(k.paths) }

// AreaPermits reports whether the area opens the element, in any of its registers.
func (k *Katalog) AreaPermits(a *Tjenesteomraade, o *Opplysning) bool {
	return slices.ContainsFunc(a.Registre, func(u Utvalg) bool { return k.Permits(u.Opplysninger, o) })
}

// under reports whether o lies below the code held, without passing an element that must be granted
// on its own (krevesEksplisitt).
func (k *Katalog) under(o *Opplysning, held string) bool {
	for o.Kode != held {
		if o.KrevesEksplisit || o.Overordnet == "" {
			return false
		}
		o = k.elements[o.Overordnet]
	}
	return true
}

// Permits reports whether the held codes give the element.
func (k *Katalog) Permits(held []string, o *Opplysning) bool {
	return slices.ContainsFunc(held, func(h string) bool { return k.under(o, h) })
}

// Normal gives codes in the register's spelling; unknown ones are dropped and returned apart.
func (k *Katalog) Normal(koder []string) (known, unknown []string) {
	for _, kode := range koder {
		if o, ok := k.elements[strings.TrimSpace(kode)]; ok {
			known = append(known, o.Kode)
		} else {
			unknown = append(unknown, kode)
		}
	}
	return known, unknown
}
