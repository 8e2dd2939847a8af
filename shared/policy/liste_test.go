package policy

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hjemmel/shared/person"
	"hjemmel/shared/policy/katalog"
)

func listHolder(change func(*Role)) Holder {
	r := fullRole("HELSE")
	r.Bruksomraader = []katalog.Bruk{katalog.Soek, katalog.Innbyggerliste}
	if change != nil {
		change(r)
	}
	return Holder{FiksOrgID: r.FiksOrgID, Aktor: "a", Profil: Compile(katalog.Standard(), *r), Tildelinger: []Tildeling{{}}}
}

func listAsk() Ask {
	return Ask{Action: Innbyggerliste, Parametre: []string{"personstatustyper", "bostedskommunenummer", "kjoenn"}, Kommuner: []string{"4601", "4621"}}
}

// A grant for ordering names nobody, and orders what was asked for and no more.
func TestWhatAnOrderMayAskFor(t *testing.T) {
	g := Decide(listHolder(nil), listAsk()).Grant()
	by := listAsk().Parametre
	for name, ok := range map[string]bool{
		"as asked": g.Orders(by, "4601"), "the other kommune": g.Orders(by[:2], "4621"), "reading": g.Reads(),
	} {
		if !ok {
			t.Errorf("%s: refused", name)
		}
	}
	chunk := listAsk()
	chunk.Subjects = []person.ID{number(t, elev)}
	c := Decide(listHolder(nil), chunk).Grant()
	search := listAsk()
	search.Action = InnbyggerlisteSoek
	search.Parametre = []string{"kommunenummer"}
	for name, ok := range map[string]bool{
		"another kommune": g.Orders(by, "0301"), "no kommune": g.Orders(by, ""), "no criteria": g.Orders(nil, "4601"),
		"another criterion": g.Orders([]string{"foedselsaarFraOgMed"}, "4601"), "the zero Grant": Grant{}.Orders(by, "4601") || Grant{}.Reads(),
		"anybody": g.Covers(number(t, elev)) || g.Covers(person.ID{}), "a chunk": c.Orders(by, "4601") || c.Reads(),
		"another than in the chunk": c.Covers(number(t, soesken)), "a search": Decide(listHolder(nil), search).Grant().Reads(),
	} {
		if ok {
			t.Errorf("%s: granted", name)
		}
	}
	if !c.Covers(number(t, elev)) {
		t.Error("the chunk is not covered")
	}
}

// A list of numbers is by numbers alone: with criteria beside them it is of whom those fit, who are not
// told of where they are withheld.
func TestNumbersAmongCriteriaNameNobody(t *testing.T) {
	for name, c := range map[string]struct {
		ask          Ask
		named, reads bool
	}{
		"numbers":                {Ask{Action: Innbyggerliste, Parametre: []string{numre}, Kommuner: []string{"4601"}}, true, false},
		"criteria":               {listAsk(), false, true},
		"numbers among criteria": {Ask{Action: Innbyggerliste, Parametre: append(listAsk().Parametre, numre), Kommuner: []string{"4601"}}, false, true},
		"a search by number":     {Ask{Action: InnbyggerlisteSoek, Parametre: []string{numre}}, false, false},
		"a lookup":               {Ask{Action: Oppslag, Subjects: []person.ID{number(t, elev)}}, true, false},
		"a search":               {Ask{Action: EntydigSoek, Parametre: []string{"navn", numre}}, false, false},
	} {
		d := Decide(listHolder(nil), c.ask)
		if d.Denied() || c.ask.Named() != c.named || d.Grant().Reads() != c.reads {
			t.Errorf("%s: %v, named %v, reads %v", name, d.Fault(), c.ask.Named(), d.Grant().Reads())
		}
	}
	without := Ask{Action: Innbyggerliste, Parametre: []string{numre, "personstatustyper"}}
	if d := Decide(listHolder(nil), without); !d.Denied() || d.Fault().Code != "LISTE_UTEN_KOMMUNE" {
		t.Error("a number lists the country")
	}
}

// A list needs the use that the role was given for lists; one of a search needs both.
func TestTheUsesOfLists(t *testing.T) {
	for _, c := range []struct {
		uses  []katalog.Bruk
		lacks map[Action]string
	}{
		{[]katalog.Bruk{katalog.Soek}, map[Action]string{Innbyggerliste: "INNBYGGERLISTE", InnbyggerlisteSoek: "INNBYGGERLISTE"}},
		{[]katalog.Bruk{katalog.Innbyggerliste}, map[Action]string{Innbyggerliste: "", InnbyggerlisteSoek: "SOEK"}},
		{nil, map[Action]string{Innbyggerliste: "INNBYGGERLISTE", InnbyggerlisteSoek: "SOEK INNBYGGERLISTE"}},
		{[]katalog.Bruk{katalog.Soek, katalog.Innbyggerliste}, map[Action]string{Innbyggerliste: "", InnbyggerlisteSoek: ""}},
	} {
		for action, lacks := range c.lacks {
			a := listAsk()
			if a.Action = action; action == InnbyggerlisteSoek {
				a.Parametre = []string{"kommunenummer"}
			}
			d := Decide(listHolder(func(r *Role) { r.Bruksomraader = c.uses }), a)
			if got := d.Denied(); got != (lacks != "") || got && strings.Join(d.Fault().Elements, " ") != lacks {
				t.Errorf("%v, %s: %v", c.uses, action, d.Fault())
			}
		}
	}
	a := listAsk()
	a.Action = "ukjent"
	if d := Decide(listHolder(nil), a); !d.Denied() || d.Fault().Code != "BRUKSOMRAADE_UTENFOR_ROLLE" {
		t.Error("an action that nobody knows is granted")
	}
}

// A nødtilgang lifts the municipalities of a role for lookups, and not for lists.
func TestNoListIsWidened(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	h := listHolder(func(r *Role) { r.Kommuner, r.NoedtilgangTimer = []string{"4601"}, 8 })
	h.Person = number(t, far)
	n, refused := NewNoedtilgang(h, "ras over bygda i natt", at.Add(-time.Hour))
	if refused != nil {
		t.Fatal(refused)
	}
	h.Noedtilganger = []Noedtilgang{n}
	lookup := Ask{Action: Bulkoppslag, Subjects: []person.ID{number(t, elev)}, At: at}
	if g := Decide(h, lookup).Grant(); len(g.Kommuner()) > 0 || !g.Widened() {
		t.Fatal("the lookup is not widened")
	}
	list := Ask{Action: Innbyggerliste, Subjects: lookup.Subjects, Parametre: []string{"identifikasjonsnummer"}, At: at}
	if g := Decide(h, list).Grant(); !slices.Equal(g.Kommuner(), []string{"4601"}) || g.Widened() || !g.ByAddress() {
		t.Error("the list is widened")
	}
}

// Whatever columns a list has, what it opens is what a lookup of the same properties would, and of that
// only what a column is named after or lies above.
func TestColumnsOpenNoMore(t *testing.T) {
	h := listHolder(func(r *Role) { r.Opplysninger = append(r.Opplysninger, katalog.Historikk) })
	var codes []string
	for _, o := range h.Profil.Innhold() {
		if o.Path() != "" && person.Model.Field(o.Egenskap) != nil {
			codes = append(codes, o.Kode)
		}
	}
	whole := slices.Concat(codes, []string{"person-basis", "relasjon-utvidet"})
	rapid.Check(t, func(t *rapid.T) {
		a := Ask{Action: Innbyggerliste, Parametre: []string{"identifikasjonsnummer"},
			Parts: rapid.SliceOfNDistinct(rapid.SampledFrom(whole), 1, 6, rapid.ID).Draw(t, "columns")}
		d := Decide(h, a)
		if d.Denied() {
			return // a group of which the role lacks something
		}
		for _, kode := range d.Grant().Opens() {
			o, _ := katalog.Standard().Element(kode)
			if kode == katalog.StatusTaushetsbelagt {
				o, _ = katalog.Standard().Element("status.status")
			}
			if !slices.ContainsFunc(a.Parts, func(part string) bool { return covers(part, o) }) || !h.Profil.Holds(kode) {
				t.Fatalf("%v opens %s", a.Parts, kode)
			}
		}
		for _, part := range a.Parts {
			if o, ok := katalog.Standard().Element(part); ok && o.Egenskap != o.Kode && !slices.Contains(d.Grant().Opens(), part) && !above(part, d.Grant().Opens()) {
				t.Fatalf("%v does not open %s: %v", a.Parts, part, d.Grant().Opens())
			}
		}
	})
}

// covers is the oracle: an element lies in a part by its words.
func covers(part string, o *katalog.Opplysning) bool {
	property, _ := katalog.Standard().Element(o.Egenskap)
	return part == o.Kode || strings.HasPrefix(o.Kode, part+".") || part == o.Egenskap || property != nil && part == property.InngaarIPart
}

// above reports whether an element has others below it that are open.
func above(kode string, open []string) bool {
	return slices.ContainsFunc(open, func(o string) bool { return strings.HasPrefix(o, kode+".") })
}

// An order is one search of a budget, however many it names.
func TestAnOrderIsOneSearch(t *testing.T) {
	a := listAsk()
	a.Runder = 12
	if a.Kostnad() != 1 || (Budsjett{Soek: Grense{Hard: 7}}).Grense(Innbyggerliste).Hard != 7 {
		t.Error("an order is not one search")
	}
}
