// Package redacttest holds a second, naive reading of what a role shows, as an oracle for tests.
//
// It is written from the catalogue's own words and shares nothing with the masks: it works on
// decoded maps, slowly, and asks for every place in a document whether it may stay.
package redacttest

import (
	"encoding/json"
	"slices"
	"strings"

	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

// Oracle is one role and one ask.
type Oracle struct {
	Katalog *katalog.Katalog
	Role    policy.Role
	// Parts are the values of part.
	Parts []string
	// Reveal is true when the caller confirmed to see graded addresses.
	Reveal bool
	// Slekt is the highest grading among close family.
	Slekt person.Gradering
	// Relation is how the asking employee stands to the person, one of [Relations]; empty for a system.
	Relation string
	// Override is true when the employee gave a reason for asking about close family.
	Override bool
	// ByAddress is true for a search by where somebody lives.
	ByAddress bool

	grade   int
	history bool
}

var adresser = []string{"bostedsadresse", "oppholdsadresse", "deltBosted", "postadresse", "postadresseIUtlandet"}

var stedfestende = []string{
	"innflytting", "utflytting", "oppholdPaaSvalbard", "kontaktinformasjonForDoedsbo.adresse",
	"vergemaalEllerFremtidsfullmakt.embete", "sivilstand.kommune", "sivilstand.sted",
}

var utenHjemmelHistorikk = []string{"identifikasjonsnummer", "navn", "bostedsadresse", "oppholdsadresse", "deltBosted", "postadresse", "postadresseIUtlandet"}

func level(v any) int {
	s, _ := v.(string)
	if i := slices.Index(person.Grades, s); i >= 0 {
		return i
	}
	return 4
}

// Redact gives what is left of the document, decoded; nil for bytes that are no document and for a
// person who is withheld.
func (o *Oracle) Redact(raw []byte) map[string]any {
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil
	}
	o.grade = grade(doc)
	o.history = slices.Contains(o.Parts, "historikk")
	if o.Withholds(doc) {
		return nil
	}
	out := map[string]any{}
	for name, v := range doc {
		if !o.asked(name) {
			continue
		}
		var kept []any
		for _, e := range elements(v) {
			if k := o.element(name, e); k != nil {
				kept = append(kept, k)
			}
		}
		if len(kept) == 0 {
			continue
		}
		if _, many := v.([]any); many {
			out[name] = kept
		} else {
			out[name] = kept[0]
		}
	}
	return out
}

func grade(doc map[string]any) int {
	grade := 0
	for _, e := range elements(doc["adressebeskyttelse"]) {
		if e["erGjeldende"] != false {
			grade = max(grade, level(e["graderingsnivaa"]))
		}
	}
	return grade
}

func elements(v any) []map[string]any {
	var es []map[string]any
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if m, ok := e.(map[string]any); ok {
				es = append(es, m)
			}
		}
	case map[string]any:
		es = append(es, v)
	}
	return es
}

func (o *Oracle) asked(property string) bool {
	basis := func(part string) bool {
		el, ok := o.Katalog.Element(property)
		return ok && el.InngaarIPart == part
	}
	named := slices.DeleteFunc(slices.Clone(o.Parts), func(p string) bool { return p == "historikk" })
	if len(named) == 0 {
		return basis("person-basis")
	}
	return property == "identifikasjonsnummer" || slices.ContainsFunc(named, func(p string) bool { return strings.EqualFold(p, property) || basis(p) })
}

// has reports whether the role and its area both give the code, each by itself or by a code above it
// that brings it along.
func (o *Oracle) has(kode string) bool {
	area, _ := o.Katalog.Area(o.Role.Tjenesteomraade)
	el, ok := o.Katalog.Element(kode)
	if !ok || !el.Gyldig || !slices.Contains(el.Pakker, area.Rettighetspakke) {
		return false
	}
	if el.Taushetsbelagt && !slices.ContainsFunc(area.Lovhjemler, func(h katalog.Hjemmel) bool {
		return h.Art == "HJEMMEL_TAUSHETSBELAGT" && slices.Contains(o.Role.Hjemler, h.ID) && area.KanHenteTaushet
	}) {
		return false
	}
	var permitted []string
	for _, u := range area.Registre {
		permitted = append(permitted, u.Opplysninger...)
	}
	var roleHas []string
	for _, c := range o.Role.Opplysninger {
		if up, ok := o.Katalog.Element(c); ok && o.bringsAlong(permitted, up) {
			roleHas = append(roleHas, up.Kode)
		}
	}
	return o.bringsAlong(roleHas, el)
}

func (o *Oracle) bringsAlong(held []string, el *katalog.Opplysning) bool {
	for {
		if slices.Contains(held, el.Kode) {
			return true
		}
		if el.KrevesEksplisit || el.Overordnet == "" {
			return false
		}
		el, _ = o.Katalog.Element(el.Overordnet)
	}
}

func (o *Oracle) element(property string, e map[string]any) map[string]any {
	area, _ := o.Katalog.Area(o.Role.Tjenesteomraade)
	current := e["erGjeldende"] == true
	mayFormer := o.history && o.has("historikk") && (area.Rettighetspakke == katalog.MedHjemmel || slices.Contains(utenHjemmelHistorikk, property))
	if !current && !mayFormer {
		return nil
	}
	if slices.Contains(adresser, property) {
		open := property == "postadresse" && current && o.grade == 3 && e["adressegradering"] == "ugradert"
		if !open && !o.visible(max(o.grade, level(e["adressegradering"]))) {
			return nil
		}
	}
	if slices.Contains(stedfestende, property) && !o.visible(o.grade) {
		return nil
	}
	out, substance := map[string]any{}, false
	for name, v := range e {
		switch name {
		case "erGjeldende", "ajourholdstidspunkt", "gyldighetstidspunkt", "opphoerstidspunkt":
			if isScalar(v) {
				out[name] = v
			}
			continue
		case "kilde":
			if o.has("registermetadata.kilde") {
				out[name] = v
			}
			continue
		case "aarsak":
			if o.has("registermetadata.aarsak") && (o.grade == 0 || (o.has("adressebeskyttelse") && o.asked("adressebeskyttelse"))) {
				out[name] = v
			}
			continue
		}
		if k := o.field(property, property+"."+name, v, false); k != nil {
			out[name], substance = k, true
		}
	}
	if !substance {
		return nil
	}
	return out
}

// visible reports whether something of a level may be seen: open and with no graded relative, or
// confirmed and below strengt fortrolig.
func (o *Oracle) visible(level int) bool {
	if level == 0 && o.Slekt == person.Ugradert {
		return true
	}
	return o.Reveal && level <= 2
}

func (o *Oracle) field(property, path string, v any, above bool) any {
	f := person.Model
	for name := range strings.SplitSeq(path, ".") {
		if f = f.Field(name); f == nil {
			return nil
		}
	}
	if slices.Contains(stedfestende, path) && !o.visible(o.grade) {
		return nil
	}
	on := above
	for _, el := range o.Katalog.Opplysninger {
		if el.Kode != "status.taushetsbelagtVerdi" && el.Gyldig && el.Egenskap+"."+el.Felt == path {
			on = o.has(el.Kode)
		}
	}
	if f.Many {
		var kept []any
		list, _ := v.([]any)
		for _, e := range list {
			if k := o.single(f, property, path, e, on); k != nil {
				kept = append(kept, k)
			}
		}
		if kept == nil {
			return nil
		}
		return kept
	}
	return o.single(f, property, path, v, on)
}

func (o *Oracle) single(f *person.Field, property, path string, v any, on bool) any {
	if f.Fields != nil {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		out := map[string]any{}
		for name, c := range m {
			if k := o.field(property, path+"."+name, c, on); k != nil {
				out[name] = k
			}
		}
		if len(out) == 0 {
			return nil
		}
		return out
	}
	if !on || !isScalar(v) {
		return nil
	}
	if f.Enum != nil {
		s, ok := v.(string)
		if !ok || !slices.Contains(f.Enum, s) {
			return nil
		}
		if path == "status.status" && slices.Contains([]string{"forsvunnet", "foedselsregistrert", "midlertidig", "ikkeBosatt"}, s) && !o.has("status.taushetsbelagtVerdi") {
			return "aktiv"
		}
	}
	return v
}

func isScalar(v any) bool {
	switch v.(type) {
	case string, float64, bool:
		return true
	}
	return false
}
