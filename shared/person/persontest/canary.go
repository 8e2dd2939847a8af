// Package persontest makes register documents for tests: every known field filled, each value one of
// a kind, so that a value that leaks can be named.
package persontest

import (
	"encoding/json"
	"fmt"
	"strings"

	"hjemmel/shared/person"
)

// Leaf is one value of a canary document: where it lies, and the text that stands there alone.
type Leaf struct {
	// Path is the place without array positions: bostedsadresse.vegadresse.adressenavn.
	Path string
	// Element numbers the element of the property, from 0.
	Element int
	Value   string
}

// Options shape a canary document. Choose gives a number in [0, n); rapid or a seeded source.
type Options struct {
	Number  person.ID
	Choose  func(n int) int
	Gradert string // graderingsnivaa of adressebeskyttelse; "" for none
	Adresse string // adressegradering of every address; "" for a mix
}

// Canary makes a document in which every property of the model has a current and a former element
// with every field filled, and unknown fields strewn in. Values of closed lists are real ones,
// because others are withheld.
func Canary(o Options) ([]byte, []Leaf) {
	c := &canary{o: o}
	doc := map[string]any{"ukjentEgenskap": []any{map[string]any{"felt": c.value("ukjentEgenskap.felt", 0)}}}
	for _, p := range person.Model.Fields {
		if p.Name == "adressebeskyttelse" && o.Gradert == "" {
			continue
		}
		if !p.Many {
			doc[p.Name] = c.element(p, 0, true)
			continue
		}
		elements := []any{c.element(p, 0, true)}
		if p.Name != "adressebeskyttelse" {
			elements = append(elements, c.element(p, 1, false))
		}
		doc[p.Name] = elements
	}
	b, err := json.Marshal(doc)
	if err != nil {
		panic(err) // maps of strings always encode
	}
	return b, c.leaves
}

type canary struct {
	o      Options
	leaves []Leaf
}

func (c *canary) value(path string, element int) string {
	v := fmt.Sprintf("KANARI%06d", len(c.leaves)+1)
	c.leaves = append(c.leaves, Leaf{path, element, v})
	return v
}

func (c *canary) element(p *person.Field, n int, current bool) map[string]any {
	e := c.object(p, p.Name, n)
	for _, m := range person.Metadata {
		e[m.Name] = c.value(p.Name+"."+m.Name, n)
	}
	e["erGjeldende"] = current
	e["ukjentFelt"] = c.value(p.Name+".ukjentFelt", n)
	return e
}

func (c *canary) object(f *person.Field, path string, n int) map[string]any {
	o := map[string]any{}
	for _, child := range f.Fields {
		at := path + "." + child.Name
		if child.Many {
			o[child.Name] = []any{c.one(child, at, n)}
		} else {
			o[child.Name] = c.one(child, at, n)
		}
	}
	if strings.Count(path, ".") > 0 {
		o["ukjentUnderfelt"] = c.value(path+".ukjentUnderfelt", n)
	}
	return o
}

func (c *canary) one(f *person.Field, path string, n int) any {
	switch {
	case f.Fields != nil:
		return c.object(f, path, n)
	case f.Name == "graderingsnivaa":
		return c.o.Gradert
	case f.Name == "adressegradering" && c.o.Adresse != "":
		return c.o.Adresse
	case path == "identifikasjonsnummer.foedselsEllerDNummer" && n == 0:
		return c.o.Number.Reveal()
	case f.Enum != nil:
		return f.Enum[c.o.Choose(len(f.Enum))]
	}
	return c.value(path, n)
}
