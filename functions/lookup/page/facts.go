package page

import (
	"iter"
	"slices"

	"hjemmel/shared/person"
)

// builder reads one document.
type builder struct {
	Source
	doc person.Value
	own []person.ID
}

func (b *builder) group(g group) Gruppe {
	out := Gruppe{Kode: g.Kode, Navn: in(g.Navn, b.Spraak), UtenforRollen: []Kode{}, Fakta: []Faktum{}, Tidligere: []Faktum{}}
	for _, property := range g.Egenskaper {
		if b.Profil.Shows(property) {
			out.IRollen = true
		} else {
			out.UtenforRollen = append(out.UtenforRollen, Kode{property, b.named(property)})
		}
		for e := range b.elements(property) {
			if e.Former() {
				out.Tidligere = append(out.Tidligere, b.fact(property, e))
			} else {
				out.Fakta = append(out.Fakta, b.fact(property, e))
			}
		}
	}
	return out
}

// elements are those of a property.
func (b *builder) elements(property string) iter.Seq[person.Value] {
	return b.doc.Member(property).Elements()
}

// current gives the first element of a property that is not a former one, or an absent value.
func (b *builder) current(property string) person.Value { return b.doc.Member(property).Current() }

func (b *builder) fact(property string, e person.Value) Faktum {
	return Faktum{
		Kode: property, Navn: b.named(property),
		Fra: e.Member("gyldighetstidspunkt").Text(), Til: e.Member("opphoerstidspunkt").Text(),
		Ajourholdt: e.Member("ajourholdstidspunkt").Text(), Kilde: e.Member("kilde").Text(), Aarsak: e.Member("aarsak").Text(),
		Linjer: b.lines(e), Felter: b.fields(person.Model.Field(property), e, property, []Felt{}),
	}
}

// fields adds what v holds of the model's field f, in the model's order.
func (b *builder) fields(f *person.Field, v person.Value, path string, to []Felt) []Felt {
	for _, c := range f.Fields {
		at := path + "." + c.Name
		for one := range each(v.Member(c.Name)) {
			if c.Fields != nil {
				to = b.fields(c, one, at, to)
			} else if one.Scalar() {
				to = append(to, b.field(c, one, at))
			}
		}
	}
	return to
}

// each ranges over a list, or over the one value that is no list.
func each(v person.Value) iter.Seq[person.Value] {
	if v.Kind() == '[' {
		return v.Each()
	}
	return func(yield func(person.Value) bool) { yield(v) }
}

func (b *builder) field(f *person.Field, v person.Value, path string) Felt {
	verdi := v.Text()
	if v.Kind() != '"' {
		verdi = string(v.Raw())
	}
	out := Felt{Kode: path, Navn: b.named(path), Verdi: verdi, Tekst: b.worded(f, verdi)}
	if others[path] {
		out.Verdi = ""
		out.Tekst, out.Referanse = b.other(verdi)
	}
	return out
}

// others are the fields that hold a person's number. identifikasjonsnummer, the person's own, is none.
var others = map[string]bool{
	"familierelasjon.relatertPerson":                            true,
	"sivilstand.relatertVedSivilstand":                          true,
	"foreldreansvar.ansvarlig":                                  true,
	"foreldreansvar.ansvarssubjekt":                             true,
	"vergemaalEllerFremtidsfullmakt.verge.foedselsEllerDNummer": true,
	"kontaktinformasjonForDoedsbo.person.foedselsEllerDNummer":  true,
	"falskIdentitet.rettIdentitetVedIdentifikasjonsnummer":      true,
}

// other tells of a person by a reference, or as the person the page is about.
func (b *builder) other(number string) (tekst, referanse string) {
	id, err := person.ParseID(number)
	switch {
	case err != nil:
		return b.text("uleselig"), ""
	case slices.Contains(b.own, id):
		return b.text("selv"), ""
	}
	return b.text("slaaOpp"), b.Link(id)
}
