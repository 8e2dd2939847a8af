package page

import (
	"strings"

	"hjemmel/shared/person"
)

// Which forms of address are written how. What an element holds decides, not the property it is of.
var forms = []struct {
	name  string
	lines func(b *builder, a person.Value) []string
}{
	{"postboksadresse", func(_ *builder, a person.Value) []string {
		return []string{get(a, "postbokseier"), get(a, "postboks"), town(a)}
	}},
	{"postadresseIFrittFormat", func(_ *builder, a person.Value) []string { return append(free(a), town(a)) }},
	{"vegadresse", func(_ *builder, a person.Value) []string {
		number := get(a, "adressenummer", "husnummer")
		if letter := get(a, "adressenummer", "husbokstav"); letter != "" {
			number = strings.TrimSpace(number + " " + letter)
		}
		return []string{careOf(a), get(a, "adressetilleggsnavn"), joined(get(a, "adressenavn"), number), town(a)}
	}},
	{"matrikkeladresse", func(_ *builder, a person.Value) []string {
		place := get(a, "adressetilleggsnavn")
		if place == "" {
			place = matrikkel(a)
		}
		return []string{careOf(a), place, town(a)}
	}},
	{"utenlandskAdresse", func(b *builder, a person.Value) []string {
		return []string{
			careOf(a), get(a, "adressenavn"), joined(get(a, "bygning"), get(a, "etasjenummer"), get(a, "boenhet")), get(a, "postboks"),
			joined(get(a, "postkode"), get(a, "byEllerStedsnavn")), get(a, "distriktsnavn"), get(a, "region"), b.abroad(a),
		}
	}},
	{"utenlandskAdresseIFrittFormat", func(b *builder, a person.Value) []string {
		return append(free(a), joined(get(a, "postkode"), get(a, "byEllerStedsnavn")), b.abroad(a))
	}},
	{"adresse", func(b *builder, a person.Value) []string { // of an estate
		return append(free(a), joined(get(a, "postnummer"), get(a, "poststedsnavn")), b.abroad(a))
	}},
	{"ukjentBosted", func(b *builder, _ person.Value) []string { return []string{b.text("ukjentBosted")} }},
}

// lines writes the address of an element, by the register's building blocks; nil where it holds none.
// An element with more than one form is written by the first of forms: a postboks before a road.
func (b *builder) lines(e person.Value) []string {
	for _, f := range forms {
		if a := e.Member(f.name); a.Kind() == '{' {
			return filled(f.lines(b, a))
		}
	}
	if e.Member("adressenErUkjent").True() {
		return []string{b.text("ukjentAdresse")}
	}
	return nil
}

// filled leaves the empty lines out; nil where all are.
func filled(lines []string) []string {
	var some []string
	for _, l := range lines {
		if l != "" {
			some = append(some, l)
		}
	}
	return some
}

func joined(words ...string) string { return strings.Join(filled(words), " ") }

// get is the text at a place, trimmed; numbers as they are written.
func get(v person.Value, at ...string) string {
	one := v.At(at...)
	if one.Kind() == '0' {
		return string(one.Raw())
	}
	return strings.TrimSpace(one.Text())
}

func town(a person.Value) string {
	return joined(get(a, "poststed", "postnummer"), get(a, "poststed", "poststedsnavn"))
}

// careOf is the c/o line. The register has the letters in front of some names and not of others.
func careOf(a person.Value) string {
	name := get(a, "coAdressenavn")
	if name == "" || strings.HasPrefix(strings.ToLower(name), "c/o") {
		return name
	}
	return "c/o " + name
}

// matrikkel writes a property's number as gnr/bnr, with feste- and undernummer where they are not 0.
func matrikkel(a person.Value) string {
	number := get(a, "matrikkelnummer", "gaardsnummer")
	if bruk := get(a, "matrikkelnummer", "bruksnummer"); bruk != "" {
		number += "/" + bruk
	}
	if feste := get(a, "matrikkelnummer", "festenummer"); feste != "" && feste != "0" {
		number += "/" + feste
	}
	if under := get(a, "undernummer"); under != "" && under != "0" {
		number += "-" + under
	}
	return number
}

// free are the lines of an address in free format.
func free(a person.Value) []string {
	var lines []string
	for l := range a.Member("adresselinje").Each() {
		lines = append(lines, strings.TrimSpace(l.Text()))
	}
	return lines
}

// abroad is the last line of a letter that leaves the country.
func (b *builder) abroad(a person.Value) string {
	code := get(a, "landkode")
	if code == "" || code == "NO" || code == "NOR" {
		return ""
	}
	return strings.ToUpper(b.country(code))
}
