package template

import (
	"slices"
	"strings"

	"hjemmel/shared/person"
	"hjemmel/shared/person/address"
	"hjemmel/shared/policy/katalog"
)

// field is the column of one scalar element: its current values, joined with commas where there are several.
func field(kode, header string, kind Kind) Column {
	property, felt, _ := strings.Cut(kode, ".")
	return Column{property + "_" + felt, header, kind, []string{kode}, func(d person.Value) string {
		var values []string
		for e := range d.Member(property).Elements() {
			if e.Former() {
				continue
			}
			if list := e.Member(felt); list.Kind() == '[' {
				for v := range list.Each() {
					values = add(values, v.Written())
				}
			} else {
				values = add(values, list.Written())
			}
		}
		return strings.Join(values, ", ")
	}}
}

func add(values []string, v string) []string {
	if v == "" || slices.Contains(values, v) {
		return values
	}
	return append(values, v)
}

// number is the number in use, or else the first that is not a former one.
func number(d person.Value) string {
	list := d.Member("identifikasjonsnummer")
	for e := range list.Elements() {
		if !e.Former() && e.Written("status") == "iBruk" {
			return e.Written("foedselsEllerDNummer")
		}
	}
	return list.Current().Written("foedselsEllerDNummer")
}

// fullName is in the order in which a name is read.
func fullName(d person.Value) string {
	n := d.Member("navn").Current()
	return address.Joined(n.Written("fornavn"), n.Written("mellomnavn"), n.Written("etternavn"))
}

// unit is the dwelling in a house.
func unit(d person.Value) string {
	e := d.Member("bostedsadresse").Current()
	return first(e.Written(veg, "bruksenhetsnummer"), e.Written(matrikkel, "bruksenhetsnummer"))
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// words leave an address that the register does not know empty: it must not be put on an envelope.
var words = address.Words{Country: func(landkode string) string {
	if navn, ok := katalog.Land(landkode); ok {
		return navn.Nb
	}
	return landkode
}}

// lines are an address without its Norwegian postal town.
func lines(e person.Value) []string {
	all := address.Lines(e, words)
	if number, town := address.Poststed(e); number+town != "" && len(all) > 0 {
		return all[:len(all)-1]
	}
	return all
}

// places are the columns of the current address of a property: lines, postal town and kommune.
func places(property, which, header string, forms ...string) []Column {
	var needs []string
	for _, f := range forms {
		needs = append(needs, property+"."+f)
	}
	column := func(felt, header string, kind Kind, cell func(e person.Value) string) Column {
		return Column{property + "_" + felt, header, kind, needs, func(d person.Value) string { return cell(d.Member(property).Current()) }}
	}
	return []Column{
		column("adresse", header, Text, func(e person.Value) string { return strings.Join(lines(e), ", ") }),
		column("postnummer", "Postnummer ("+which+")", ID, postnummer),
		column("poststed", "Poststed ("+which+")", Text, poststed),
		column("kommunenummer", "Kommunenummer ("+which+")", ID, func(e person.Value) string {
			return first(e.Written(veg, "kommunenummer"), e.Written(matrikkel, "matrikkelnummer", "kommunenummer"))
		}),
	}
}

func postnummer(e person.Value) string { number, _ := address.Poststed(e); return number }
func poststed(e person.Value) string   { _, town := address.Poststed(e); return town }

// postal are the columns of the address that a letter goes to. What does not fit in three lines stands in the
// third.
func postal() []Column {
	var needs []string
	for _, c := range slices.Concat(
		places("postadresse", "", "", veg, "postboksadresse", "postadresseIFrittFormat")[:1],
		places("postadresseIUtlandet", "", "", utenlandsk, "utenlandskAdresseIFrittFormat")[:1],
		places("oppholdsadresse", "", "", veg, matrikkel, utenlandsk)[:1],
		places("bostedsadresse", "", "", veg, matrikkel)[:1],
	) {
		needs = append(needs, c.Needs...)
	}
	column := func(felt, header string, kind Kind, cell func(e person.Value) string) Column {
		return Column{"kontaktadresse_" + felt, header, kind, needs, func(d person.Value) string { return cell(address.Postal(d)) }}
	}
	line := func(n int) func(e person.Value) string {
		return func(e person.Value) string {
			some := lines(e)
			switch {
			case n > len(some):
				return ""
			case n == 3:
				return strings.Join(some[2:], ", ")
			}
			return some[n-1]
		}
	}
	return []Column{
		column("adresselinje1", "Adresselinje 1", Text, line(1)),
		column("adresselinje2", "Adresselinje 2", Text, line(2)),
		column("adresselinje3", "Adresselinje 3", Text, line(3)),
		column("postnummer", "Postnummer", ID, postnummer),
		column("poststed", "Poststed", Text, poststed),
	}
}
