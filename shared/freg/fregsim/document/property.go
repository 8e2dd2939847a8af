// Package document is the register document as Freg's consumer API delivers it: built field by field
// or read from a file, and cut down to what a rettighetspakke and the asked parts (dataminimering)
// give.
//
// It refuses parts that the pakke does not hold, and it knows nothing about persons: a document is
// bytes with marks on its elements.
package document

import (
	"errors"
	"slices"
)

// Pakke is a rettighetspakke: which properties a consumer gets, and in which form.
type Pakke uint8

// The two pakker that are simulated.
const (
	OMH  Pakke = 1 << iota // offentlig og privat virksomhet med hjemmel
	OUtH                   // offentlig virksomhet uten hjemmel
)

// String gives the abbreviation.
func (p Pakke) String() string {
	switch p {
	case OMH:
		return "OMH"
	case OUtH:
		return "OUtH"
	}
	return "ukjent"
}

// Property is a top-level property (egenskap) of a register document. The zero Property is one we
// do not know, which is never delivered.
type Property uint8

// The properties, in the order in which Freg's person schema 1.4.3 and its documents have them.
const (
	FalskIdentitet Property = iota + 1
	Identifikasjonsnummer
	Identitetsgrunnlag
	KontaktinformasjonForDoedsbo
	Legitimasjonsdokument
	Status
	UtlendingsmyndighetenesIdentifikasjonsnummer
	UtenlandskPersonidentifikasjon
	DeltBosted
	Kjoenn
	Foedsel
	FoedselINorge
	Familierelasjon
	Sivilstand
	Doedsfall
	Navn
	Adressebeskyttelse
	Bostedsadresse
	Oppholdsadresse
	Innflytting
	Utflytting
	BrukAvSamiskSpraak
	PreferertKontaktadresse
	Postadresse
	PostadresseIUtlandet
	Foreldreansvar
	Statsborgerskap
	Bibehold
	Opphold
	OppholdPaaSvalbard
	VergemaalEllerFremtidsfullmakt
	RettsligHandleevne
)

// group is the alias of part that a property belongs to, besides its own name.
type group uint8

const (
	alone group = iota
	basis
	identitetUtvidet
	relasjonUtvidet
)

var groupNames = map[string]group{
	"person-basis":               basis,
	"identitetsgrunnlag-utvidet": identitetUtvidet,
	"relasjon-utvidet":           relasjonUtvidet,
}

const both = OMH | OUtH

// properties says for each property its name, who gets it, whose part=historikk reaches it
// (Skatteetaten, «Dataminimering»), its group, and whether it is an object instead of an array.
var properties = [...]struct {
	name   string
	in     Pakke
	past   Pakke
	group  group
	object bool
}{
	FalskIdentitet:               {"falskIdentitet", both, OMH, identitetUtvidet, true},
	Identifikasjonsnummer:        {"identifikasjonsnummer", both, both, basis, false},
	Identitetsgrunnlag:           {"identitetsgrunnlag", both, OMH, basis, false},
	KontaktinformasjonForDoedsbo: {"kontaktinformasjonForDoedsbo", both, OMH, basis, false},
	Legitimasjonsdokument:        {"legitimasjonsdokument", OMH, OMH, identitetUtvidet, false},
	Status:                       {"status", both, OMH, basis, false},
	UtlendingsmyndighetenesIdentifikasjonsnummer: {"utlendingsmyndighetenesIdentifikasjonsnummer", OMH, OMH, alone, false},
	UtenlandskPersonidentifikasjon:               {"utenlandskPersonidentifikasjon", OMH, OMH, identitetUtvidet, false},
	DeltBosted:                                   {"deltBosted", both, both, basis, false},
	Kjoenn:                                       {"kjoenn", both, OMH, basis, false},
	Foedsel:                                      {"foedsel", both, OMH, basis, false},
	FoedselINorge:                                {"foedselINorge", OMH, OMH, alone, false},
	Familierelasjon:                              {"familierelasjon", OMH, OMH, relasjonUtvidet, false},
	Sivilstand:                                   {"sivilstand", both, OMH, basis, false},
	Doedsfall:                                    {"doedsfall", both, OMH, basis, true},
	Navn:                                         {"navn", both, both, basis, false},
	Adressebeskyttelse:                           {"adressebeskyttelse", both, OMH, basis, false},
	Bostedsadresse:                               {"bostedsadresse", both, both, basis, false},
	Oppholdsadresse:                              {"oppholdsadresse", both, both, basis, false},
	Innflytting:                                  {"innflytting", both, OMH, alone, false},
	Utflytting:                                   {"utflytting", both, OMH, alone, false},
	BrukAvSamiskSpraak:                           {"brukAvSamiskSpraak", OMH, OMH, alone, false},
	PreferertKontaktadresse:                      {"preferertKontaktadresse", both, OMH, alone, false},
	Postadresse:                                  {"postadresse", both, both, basis, false},
	PostadresseIUtlandet:                         {"postadresseIUtlandet", both, both, basis, false},
	Foreldreansvar:                               {"foreldreansvar", OMH, OMH, relasjonUtvidet, false},
	Statsborgerskap:                              {"statsborgerskap", both, OMH, basis, false},
	Bibehold:                                     {"bibehold", OMH, OMH, alone, false},
	Opphold:                                      {"opphold", OMH, OMH, alone, false},
	OppholdPaaSvalbard:                           {"oppholdPaaSvalbard", OMH, OMH, alone, false},
	VergemaalEllerFremtidsfullmakt:               {"vergemaalEllerFremtidsfullmakt", both, OMH, relasjonUtvidet, false},
	RettsligHandleevne:                           {"rettsligHandleevne", both, OMH, alone, false},
}

var byName = func() map[string]Property {
	m := map[string]Property{"RettsligHandleevne": RettsligHandleevne} // so spelled in the list of parts
	for p := FalskIdentitet; int(p) < len(properties); p++ {
		m[properties[p].name] = p
	}
	return m
}()

// String gives the property's name on the wire.
func (p Property) String() string { return properties[p].name }

// Parts gives the names of every property that the pakke may ask for, in document order.
func Parts(pakke Pakke) []string {
	var names []string
	for _, p := range properties[1:] {
		if p.in&pakke != 0 {
			names = append(names, p.name)
		}
	}
	return names
}

// ErrPart says that a part does not exist or is not in the pakke.
var ErrPart = errors.New("document: ugyldig part")

// Historikk is the part that asks for historical elements besides the current ones.
const Historikk = "historikk"

// Selection is what a set of parts gives in a pakke. The zero Selection gives nothing.
type Selection struct {
	pakke      Pakke
	wanted     uint64 // bit per Property
	historical uint64
	whole      bool // everything there is: nothing has to be cut
}

// Select resolves parts. No part, or historikk alone, means person-basis; identifikasjonsnummer is
// always added. Error: [ErrPart].
func Select(pakke Pakke, parts []string) (Selection, error) {
	s := Selection{pakke: pakke}
	for _, part := range parts {
		if part == Historikk {
			continue
		}
		bits := members(pakke, part)
		if bits == 0 {
			return Selection{}, ErrPart
		}
		s.wanted |= bits
	}
	if s.wanted == 0 {
		s.wanted = members(pakke, "person-basis")
	}
	s.wanted |= 1 << Identifikasjonsnummer
	if slices.Contains(parts, Historikk) {
		s.historical = reach(pakke)
		s.whole = pakke == OMH && s.wanted|1<<PreferertKontaktadresse == everything()
	}
	return s, nil
}

func members(pakke Pakke, part string) (bits uint64) {
	g := groupNames[part]
	one := byName[part]
	for p, spec := range properties {
		if spec.in&pakke == 0 || Property(p) != one && (g == alone || spec.group != g) {
			continue
		}
		if g == identitetUtvidet && pakke != OMH {
			continue // the group is not in the pakke, though one of its members is
		}
		bits |= 1 << p
	}
	return bits
}

func reach(pakke Pakke) (bits uint64) {
	for p, spec := range properties {
		if spec.past&pakke != 0 {
			bits |= 1 << p
		}
	}
	return bits
}

func everything() uint64 { return 1<<len(properties) - 2 }
