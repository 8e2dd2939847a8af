package page

import (
	"slices"
	"testing"

	"hjemmel/shared/person"
	"hjemmel/shared/policy/katalog"
)

func TestEveryPropertyIsInOneGroup(t *testing.T) {
	var grouped []string
	for _, g := range words().Grupper {
		grouped = append(grouped, g.Egenskaper...)
	}
	if len(grouped) != len(person.Model.Fields) {
		t.Errorf("%d properties in groups, %d in the model", len(grouped), len(person.Model.Fields))
	}
	for _, f := range person.Model.Fields {
		if !slices.Contains(grouped, f.Name) {
			t.Errorf("%s is in no group", f.Name)
		}
	}
}

// Every place of the model and every value of a closed list has words in three languages.
func TestEverythingHasWords(t *testing.T) {
	for _, spraak := range []string{"nb", "nn", "en"} {
		b := builder{Source: Source{Spraak: spraak}}
		var walk func(f *person.Field, at string)
		walk = func(f *person.Field, at string) {
			if f.Fields == nil && b.named(at) == "" {
				t.Errorf("%s has no name in %s", at, spraak)
			}
			for _, v := range f.Enum {
				if b.worded(f, v) == v && v != "pass" {
					t.Errorf("%s=%s has no words in %s", at, v, spraak)
				}
			}
			for _, c := range f.Fields {
				walk(c, at+"."+c.Name)
			}
		}
		for _, f := range person.Model.Fields {
			if b.named(f.Name) == "" {
				t.Errorf("%s has no name in %s", f.Name, spraak)
			}
			walk(f, f.Name)
		}
		v := words()
		for _, all := range []map[string]katalog.Text{v.Felter, v.Koder, v.Tekster} {
			for key, text := range all {
				if in(text, spraak) == "" {
					t.Errorf("%s has no words in %s", key, spraak)
				}
			}
		}
	}
}

func TestValuesInWords(t *testing.T) {
	text := func(name string) *person.Field { return &person.Field{Name: name} }
	for _, c := range []struct {
		field      *person.Field
		value      string
		nb, nn, en string
	}{
		{text("foedselsdato"), "1999-05-12", "12.05.1999", "12.05.1999", "12.05.1999"},
		{text("dokumentkontrolltidspunkt"), "2015-05-30T23:30:00Z", "31.05.2015", "31.05.2015", "31.05.2015"},
		{text("dokumentkontrolltidspunkt"), "1984-10-19T00:00:00+02:00", "19.10.1984", "19.10.1984", "19.10.1984"}, // winter time was +01:00
		{text("landkode"), "NO", "Norge", "Noreg", "Norway"},
		{text("statsborgerskap"), "DEU", "Tyskland", "Tyskland", "Germany"},
		{text("statsborgerskap"), "XXX", "Statsløs", "Statslaus", "Stateless"},
		{text("foedeland"), "XUK", "Ukjent land", "Ukjent land", "Unknown country"},
		{text("foedeland"), "XXK", "Kosovo", "Kosovo", "Kosovo"},
		{text("foedeland"), "QQQ", "QQQ", "QQQ", "QQQ"},
		{text("kommunenummer"), "4621", "Voss", "Voss", "Voss"},
		{text("kommunenummer"), "1235", "1235", "1235", "1235"}, // a former number
		{text("adressenavn"), "gift", "gift", "gift", "gift"},   // a road is no code
		{text("adressenErUkjent"), "true", "Ja", "Ja", "Yes"},
		{text("vergeTjenesteoppgave"), "representasjonDagligbank", "representasjon dagligbank", "representasjon dagligbank", "representasjon dagligbank"},
	} {
		for spraak, want := range map[string]string{"nb": c.nb, "nn": c.nn, "en": c.en} {
			b := builder{Source: Source{Spraak: spraak}}
			if got := b.worded(c.field, c.value); got != want {
				t.Errorf("%s=%s in %s: %q, want %q", c.field.Name, c.value, spraak, got, want)
			}
		}
	}
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct {
		asked, accept, want string
		ok                  bool
	}{
		{"", "", "nb", true},
		{"nn", "en", "nn", true},
		{"", "nn-NO,nb;q=0.8", "nn", true},
		{"", "no", "nb", true},
		{"", "en-GB,en;q=0.9,nb;q=0.1", "en", true},
		{"", "se,nn;q=0.5", "nn", true},
		{"", "fr", "nb", true},
		{"", ";;;q=", "nb", true},
		{"de", "nb", "", false},
		{"NB", "", "", false},
	} {
		if got, ok := Language(c.asked, c.accept); got != c.want || ok != c.ok {
			t.Errorf("%q, %q: %q %v", c.asked, c.accept, got, ok)
		}
	}
}
