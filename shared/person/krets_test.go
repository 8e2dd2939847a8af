package person

import (
	"fmt"
	"strings"
	"testing"
)

const (
	me      = "14827849805"
	mother  = "03897649984"
	child   = "21850999705"
	other   = "04845521099"
	another = "11878510099"
)

func doc(t *testing.T, members ...string) *Document {
	t.Helper()
	d, err := ParseDocument([]byte("{" + strings.Join(members, ",") + "}"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func number(digits string) string {
	return fmt.Sprintf(`"identifikasjonsnummer":[{"erGjeldende":false,"foedselsEllerDNummer":%q}]`, digits)
}

func relations(pairs ...string) string {
	var all []string
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, fmt.Sprintf(`{"relatertPersonsRolle":%q,"relatertPerson":%q}`, pairs[i], pairs[i+1]))
	}
	return `"familierelasjon":[` + strings.Join(all, ",") + `]`
}

func id(t *testing.T, digits string) ID {
	t.Helper()
	n, err := ParseID(digits)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhoIsInTheCircle(t *testing.T) {
	for name, c := range map[string]struct {
		own  string
		kin  map[string]string
		near bool
	}{
		"nobody":                       {relations(), nil, false},
		"spouse":                       {relations("ektefelleEllerPartner", other), nil, true},
		"former spouse":                {`"sivilstand":[{"erGjeldende":true,"sivilstand":"skilt"},{"erGjeldende":false,"relatertVedSivilstand":"` + other + `"}]`, nil, true},
		"parent":                       {relations("far", other), nil, true},
		"child":                        {relations("barn", other), nil, true},
		"a relation that is new to us": {relations("fosterbarn", other), nil, true},
		"shared responsibility":        {`"foreldreansvar":[{"ansvarlig":"` + other + `"}]`, nil, true},
		"responsible for":              {`"foreldreansvar":[{"ansvarssubjekt":"` + other + `"}]`, nil, true},
		"sibling":                      {relations("mor", mother), map[string]string{mother: relations("barn", me, "barn", other)}, true},
		"other parent of a child":      {relations("barn", child), map[string]string{child: relations("far", me, "mor", other)}, true},
		"other mother of a child":      {relations("barn", child), map[string]string{child: relations("medmor", other)}, true},
		"spouse of a parent":           {relations("mor", mother), map[string]string{mother: relations("ektefelleEllerPartner", other)}, false},
		"grandparent":                  {relations("mor", mother), map[string]string{mother: relations("mor", other)}, false},
		"grandchild":                   {relations("barn", child), map[string]string{child: relations("barn", other)}, false},
		"of a relative that is no kin": {relations("ektefelleEllerPartner", mother), map[string]string{mother: relations("barn", other)}, false},
		"somebody else's":              {relations("far", another), nil, false},
		"numbers that cannot be":       {relations("far", "12345678901"), nil, false},
	} {
		own := doc(t, c.own)
		kin := map[ID]*Document{}
		for digits, family := range c.kin {
			kin[id(t, digits)] = doc(t, family)
		}
		if got := NewKrets(own, kin).Family(doc(t, number(other))); got != c.near {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := Kin(doc(t, relations("mor", mother, "barn", child, "far", mother, "ektefelleEllerPartner", other))); len(got) != 2 {
		t.Errorf("%d kin", len(got))
	}
}

func home(of string) string { return `"bostedsadresse":[` + of + `]` }

func TestWhoLivesTogether(t *testing.T) {
	veg := func(more, unit string) string {
		return fmt.Sprintf(`{"erGjeldende":true%s,"vegadresse":{"kommunenummer":"4601","adressenavn":"Blåveisveien","adressenummer":{"husnummer":"12"}%s}}`, more, unit)
	}
	farm := func(bruk string) string {
		return `{"erGjeldende":true,"matrikkeladresse":{"matrikkelnummer":{"kommunenummer":"4621","gaardsnummer":7,"bruksnummer":` + bruk + `}}}`
	}
	const flat1, flat2 = `,"bruksenhetsnummer":"H0101"`, `,"bruksenhetsnummer":"H0102"`
	const house1, house2 = `,"adresseIdentifikatorFraMatrikkelen":"1"`, `,"adresseIdentifikatorFraMatrikkelen":"2"`
	for name, c := range map[string]struct {
		own, theirs string
		same        bool
	}{
		"one flat":                       {veg(house1, flat1), veg(house1, flat1), true},
		"two flats":                      {veg(house1, flat1), veg(house1, flat2), false},
		"one house, one flat not known":  {veg(house1, flat1), veg(house1, ""), true},
		"two houses of one address text": {veg(house1, flat1), veg(house2, flat1), false},
		"one text, no ids":               {veg("", flat1), veg(house1, flat1), true},
		"a house of another letter":      {veg("", ""), strings.Replace(veg("", ""), `"husnummer":"12"`, `"husnummer":"12","husbokstav":"B"`, 1), false},
		"one farm":                       {farm("3"), farm("3"), true},
		"two farms":                      {farm("3"), farm("4"), false},
		"a farm and a street":            {farm("3"), veg("", ""), false},
		"former":                         {veg(house1, flat1), strings.Replace(veg(house1, flat1), "true", "false", 1), false},
		"nowhere, both":                  {`{"erGjeldende":true,"ukjentBosted":{"bostedskommune":"4601"}}`, `{"erGjeldende":true,"ukjentBosted":{"bostedskommune":"4601"}}`, false},
		"no address":                     {veg(house1, flat1), ``, false},
	} {
		if got := NewKrets(doc(t, home(c.own)), nil).SameHome(doc(t, home(c.theirs))); got != c.same {
			t.Errorf("%s: %v", name, got)
		}
		if got := NewKrets(doc(t, home(c.theirs)), nil).SameHome(doc(t, home(c.own))); got != c.same && name != "former" {
			t.Errorf("%s, the other way: %v", name, got)
		}
	}
}
