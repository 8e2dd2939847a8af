// Package address writes addresses as they stand on an envelope, of the register's own elements (Freg's rules for
// building address lines), and says where a letter goes.
//
// It refuses to judge who may see an address: it is given elements that were redacted.
package address

import (
	"strings"

	"hjemmel/shared/person"
)

// Which forms of address are written how. What an element holds decides, not the property it is of.
var forms = []struct {
	name  string
	lines func(w Words, a person.Value) []string
}{
	{"postboksadresse", func(_ Words, a person.Value) []string {
		return []string{a.Written("postbokseier"), a.Written("postboks"), town(a)}
	}},
	{"postadresseIFrittFormat", func(_ Words, a person.Value) []string { return append(free(a), town(a)) }},
	{"vegadresse", func(_ Words, a person.Value) []string {
		number := a.Written("adressenummer", "husnummer")
		if letter := a.Written("adressenummer", "husbokstav"); letter != "" {
			number = strings.TrimSpace(number + " " + letter)
		}
		return []string{careOf(a), a.Written("adressetilleggsnavn"), Joined(a.Written("adressenavn"), number), town(a)}
	}},
	{"matrikkeladresse", func(_ Words, a person.Value) []string {
		place := a.Written("adressetilleggsnavn")
		if place == "" {
			place = matrikkel(a)
		}
		return []string{careOf(a), place, town(a)}
	}},
	{"utenlandskAdresse", func(w Words, a person.Value) []string {
		return []string{
			careOf(a), a.Written("adressenavn"), Joined(a.Written("bygning"), a.Written("etasjenummer"), a.Written("boenhet")), a.Written("postboks"),
			Joined(a.Written("postkode"), a.Written("byEllerStedsnavn")), a.Written("distriktsnavn"), a.Written("region"), w.abroad(a),
		}
	}},
	{"utenlandskAdresseIFrittFormat", func(w Words, a person.Value) []string {
		return append(free(a), Joined(a.Written("postkode"), a.Written("byEllerStedsnavn")), w.abroad(a))
	}},
	{"adresse", func(w Words, a person.Value) []string { // of an estate
		return append(free(a), Joined(a.Written("postnummer"), a.Written("poststedsnavn")), w.abroad(a))
	}},
	{"ukjentBosted", func(w Words, _ person.Value) []string { return []string{w.UkjentBosted} }},
}

// Words are what an address says in a language.
type Words struct {
	// UkjentBosted and UkjentAdresse stand where the register says that an address is unknown; empty words
	// make no lines.
	UkjentBosted, UkjentAdresse string
	// Country names a country by its landkode.
	Country func(landkode string) string
}

// Lines writes the address of an element, by the register's building blocks; nil where it holds none.
// An element with more than one form is written by the first of forms: a postboks before a road.
func Lines(e person.Value, w Words) []string {
	for _, f := range forms {
		if a := e.Member(f.name); a.Kind() == '{' {
			return filled(f.lines(w, a))
		}
	}
	if e.Member("adressenErUkjent").True() {
		return filled([]string{w.UkjentAdresse})
	}
	return nil
}

// Order are the properties that hold an address, in the order in which a letter is sent to them.
var Order = []string{"postadresse", "postadresseIUtlandet", "oppholdsadresse", "bostedsadresse"}

// Postal gives the element that a letter to the person goes to, or an absent one. A withheld address is like
// none.
func Postal(document person.Value) person.Value {
	for _, property := range Order {
		if e := document.Member(property).Current(); !unknown(e) && Lines(e, Words{Country: strings.TrimSpace}) != nil {
			return e
		}
	}
	return person.Value{}
}

// unknown reports whether the register says that it does not know the address.
func unknown(e person.Value) bool {
	return e.Member("ukjentBosted").Exists() || e.Member("adressenErUkjent").True()
}

// Poststed gives the postal town of a Norwegian address, which is the last of its lines; both empty abroad.
func Poststed(e person.Value) (postnummer, poststed string) {
	for _, f := range forms {
		if a := e.Member(f.name); a.Kind() == '{' {
			return a.Written("poststed", "postnummer"), a.Written("poststed", "poststedsnavn")
		}
	}
	return "", ""
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

// Joined puts a space between the words that there are.
func Joined(words ...string) string { return strings.Join(filled(words), " ") }

func town(a person.Value) string {
	return Joined(a.Written("poststed", "postnummer"), a.Written("poststed", "poststedsnavn"))
}

// careOf is the c/o line. The register has the letters in front of some names and not of others.
func careOf(a person.Value) string {
	name := a.Written("coAdressenavn")
	if name == "" || strings.HasPrefix(strings.ToLower(name), "c/o") {
		return name
	}
	return "c/o " + name
}

// matrikkel writes a property's number as gnr/bnr, with feste- and undernummer where they are not 0.
func matrikkel(a person.Value) string {
	number := a.Written("matrikkelnummer", "gaardsnummer")
	if bruk := a.Written("matrikkelnummer", "bruksnummer"); bruk != "" {
		number += "/" + bruk
	}
	if feste := a.Written("matrikkelnummer", "festenummer"); feste != "" && feste != "0" {
		number += "/" + feste
	}
	if under := a.Written("undernummer"); under != "" && under != "0" {
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
func (w Words) abroad(a person.Value) string {
	code := a.Written("landkode")
	if code == "" || code == "NO" || code == "NOR" {
		return ""
	}
	return strings.ToUpper(w.Country(code))
}
