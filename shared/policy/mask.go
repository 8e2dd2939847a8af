package policy

import (
	"strings"

	"hjemmel/shared/person"
	"hjemmel/shared/policy/katalog"
)

// Mask is the part of the register model that a role shows: a tree that holds what may leave and
// nothing else. Package redact walks a document along it. Masks are shared and never change after
// Compile.
type Mask struct {
	Name string
	// Many is true where the register sends an array.
	Many bool
	// Fields are the known and granted parts of an object; nil for a scalar.
	Fields map[string]*Mask
	// Enum holds the known values of a closed list; nil where any value is fine. Other values are
	// withheld.
	Enum map[string]bool
	// Hidden values are taushetsbelagt: they are shown only when HiddenCode is granted, else as
	// MaskedAs (personstatus).
	Hidden     map[string]bool
	HiddenCode int
	MaskedAs   string
	// Guard says what a grading withholds.
	Guard Guard
	// Code is the index of the opplysning in Profile.Codes that this delivers; -1 for metadata,
	// which comes along with any element.
	Code int
	// Metadata is true for fields that come along with any element and are no element themselves.
	Metadata bool
	// Index is the property's number in the register model; set on properties only.
	Index int
}

// Guard says what about an element can give a protected person away.
type Guard uint8

// The guards.
const (
	Open    Guard = iota
	Adresse       // an address: withheld by its own adressegradering and by the person's
	Sted          // says something of where the person is: withheld by the person's grading
	Aarsak        // may read «Adressebeskyttelse»: withheld from graded persons' documents
)

// guards names what is guarded, beside the adresse properties that carry a grading of their own.
// Beyond the catalogue's kanVaereGradertAdresse it covers moves in and out, stays on Svalbard, the
// address in an estate and the county office of a guardianship, because each tells where to look.
var guards = map[string]Guard{
	"bostedsadresse": Adresse, "oppholdsadresse": Adresse, "deltBosted": Adresse, "postadresse": Adresse, "postadresseIUtlandet": Adresse,
	"innflytting": Sted, "utflytting": Sted, "oppholdPaaSvalbard": Sted,
	"kontaktinformasjonForDoedsbo.adresse":  Sted,
	"vergemaalEllerFremtidsfullmakt.embete": Sted,
	"sivilstand.kommune":                    Sted,
	"sivilstand.sted":                       Sted,
}

// maskBuilder turns the granted leaves of the model into a tree.
type maskBuilder struct {
	k      *katalog.Katalog
	held   []string // codes held, register spelling
	codes  []string
	codeAt map[string]int
}

func newMaskBuilder(k *katalog.Katalog, held []string) *maskBuilder {
	return &maskBuilder{k: k, held: held, codeAt: map[string]int{}}
}

// code gives the index of the code in the profile's list, adding it.
func (b *maskBuilder) code(kode string) int {
	if i, ok := b.codeAt[kode]; ok {
		return i
	}
	b.codeAt[kode] = len(b.codes)
	b.codes = append(b.codes, kode)
	return len(b.codes) - 1
}

// grant walks the model below f at path. on says whether an enclosing element is granted; code is
// the nearest element of the catalogue above. It returns nil where nothing is granted.
func (b *maskBuilder) grant(f *person.Field, path string, on bool, code string) *Mask {
	if o := b.k.At(path); o != nil {
		code, on = o.Kode, b.k.Permits(b.held, o) // an element of its own is granted by its own code or one above it
	} else if strings.Count(path, ".") < 2 {
		on = false // a property, or a field right below one, that the catalogue does not know
	}
	m := &Mask{Name: f.Name, Many: f.Many, Guard: guards[path], Code: -1, HiddenCode: -1}
	if f.Fields == nil {
		if !on {
			return nil
		}
		m.Code = b.code(code)
		b.values(m, f, path)
		return m
	}
	m.Fields = map[string]*Mask{}
	for _, c := range f.Fields {
		if cm := b.grant(c, path+"."+c.Name, on, code); cm != nil {
			m.Fields[c.Name] = cm
		}
	}
	if len(m.Fields) == 0 {
		return nil
	}
	return m
}

// values sets the closed list of a scalar, and what of it is hidden.
func (b *maskBuilder) values(m *Mask, f *person.Field, path string) {
	if f.Enum != nil {
		m.Enum = set(f.Enum)
	}
	o := b.k.At(path)
	if o == nil || len(o.SkjulteVerdier) == 0 {
		return
	}
	m.Hidden, m.MaskedAs = set(o.SkjulteVerdier), o.MaskeresTil
	if s, ok := b.k.Element(katalog.StatusTaushetsbelagt); ok && b.k.Permits(b.held, s) {
		m.HiddenCode = b.code(s.Kode)
	}
}

// metadata adds the fields that come with any element of the property.
func (b *maskBuilder) metadata(m *Mask) {
	for _, f := range person.Metadata {
		c := &Mask{Name: f.Name, Code: -1, HiddenCode: -1, Metadata: true}
		switch f.Name {
		case "kilde":
			if !b.holdsMeta(katalog.Kilde) {
				continue
			}
			c.Code = b.code(katalog.Kilde)
		case "aarsak":
			if !b.holdsMeta(katalog.Aarsak) {
				continue
			}
			c.Code, c.Guard = b.code(katalog.Aarsak), Aarsak
		}
		m.Fields[f.Name] = c
	}
}

func (b *maskBuilder) holdsMeta(kode string) bool {
	o, ok := b.k.Element(kode)
	return ok && b.k.Permits(b.held, o)
}

func set(values []string) map[string]bool {
	s := make(map[string]bool, len(values))
	for _, v := range values {
		s[v] = true
	}
	return s
}
