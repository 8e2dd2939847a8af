package personsoek_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hjemmel/shared/api"
	"hjemmel/shared/api/personsoek"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/freg/fregsim/data"
	"hjemmel/shared/person"
	"hjemmel/shared/person/persontest"
	"hjemmel/shared/policy/katalog"
)

// shouted is a second reading of Fiks' spelling: every value of a closed list in upper case, decoded.
func shouted(t *testing.T, v any, f *person.Field) any {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, child := range v {
			var of *person.Field
			if f != nil {
				of = f.Field(name)
			}
			if name == "tjenesteomraade" {
				name = "tjenesteomraadeDefinisjon"
			}
			out[name] = shouted(t, child, of)
		}
		return out
	case []any:
		for i := range v {
			v[i] = shouted(t, v[i], f)
		}
		return v
	case string:
		if f != nil && len(f.Enum) > 0 && f.Name != "identifikasjonsnummertype" {
			return strings.ToUpper(v)
		}
	}
	return v
}

func TestSpellingIsFiks(t *testing.T) {
	number, err := person.ParseID("14827849805")
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(20) {
		raw, _ := persontest.Canary(persontest.Options{Number: number, Choose: rand.New(rand.NewPCG(seed, 1)).IntN, Gradert: "strengtFortrolig"})
		b, err := personsoek.Spell(disclosure.Batch{Answers: []disclosure.Answer{{ID: number, JSON: raw}, {ID: number}}})
		if err != nil || b.Answers[1].JSON != nil {
			t.Fatal(err)
		}
		var before, after any
		if json.Unmarshal(raw, &before) != nil || json.Unmarshal(b.Answers[0].JSON, &after) != nil {
			t.Fatalf("%s", b.Answers[0].JSON)
		}
		if want := shouted(t, before, person.Model); !reflect.DeepEqual(after, want) {
			t.Fatalf("%s", b.Answers[0].JSON)
		}
	}
	if _, err := personsoek.Spell(disclosure.Batch{Answers: []disclosure.Answer{{JSON: []byte("{")}}}); err == nil {
		t.Error("half a document is spelt")
	}
}

func number(n int) *int { return &n }

func TestADefinitionIsTheRegistersCriteria(t *testing.T) {
	numbers := api.Numbers{SyntheticOnly: true}
	for _, c := range []struct {
		d    personsoek.Definisjon
		want map[string]string
	}{
		{personsoek.Definisjon{}, map[string]string{}},
		{personsoek.Definisjon{Navn: " Å Bå ", Kjoenn: "KVINNE", MaksTreff: number(5)}, map[string]string{"navn": "Å Bå", "kjoenn": "kvinne"}},
		{personsoek.Definisjon{Foedselsdato: number(19700512), InkluderDoede: true}, map[string]string{"foedselsdato": "19700512", "inkluderDoede": "true"}},
		{personsoek.Definisjon{Foedt: personsoek.AarIntervall{FraAar: number(1970)}}, map[string]string{"foedselsaarFraOgMed": "1970"}},
		{personsoek.Definisjon{Adressenavn: "Storg", Husnummer: "1 b", Postnummer: "5700"}, map[string]string{"adressenavn": "Storg", "husnummer": "1b", "postnummer": "5700"}},
		{personsoek.Definisjon{Kommunenummer: "1201", InkluderHistoriskeNavnOgAdresser: true}, map[string]string{"kommunenummer": "1201", "opplysningsgrunnlag": "historisk"}},
		{personsoek.Definisjon{Fylkesnummer: "46", SoekFonetisk: true, InkluderOppholdsadresse: true}, map[string]string{"fylkesnummer": "46", "soekFonetisk": "true", "inkluderOppholdsadresse": "true"}},
	} {
		s, err := c.d.Sought(numbers)
		if err != nil || !maps.Equal(s.By, c.want) || (c.d.MaksTreff == nil) != (s.Most == personsoek.StandardTreff) {
			t.Errorf("%+v: %+v, %v", c.d, s, err)
		}
	}
	s, err := personsoek.Definisjon{Kommunenumre: []string{"4621", "0301", "4621"}}.Sought(numbers)
	if err != nil || !slices.Equal(s.Kommuner, []string{"0301", "4621"}) {
		t.Errorf("%+v, %v", s, err)
	}
}

// A fault names the members as they stand in the body.
func TestFaultsNameTheMembers(t *testing.T) {
	d := personsoek.Definisjon{
		Navn: "(", Kjoenn: "kvinne", Foedt: personsoek.AarIntervall{FraAar: number(20000), TilAar: number(70)}, Postnummer: "x", MaksTreff: number(0), Fylkesnummer: "1",
	}
	_, err := d.Sought(api.Numbers{})
	want := []string{"foedt", "foedt.fraAar", "fylkesnummer", "kjoenn", "maksTreff", "navn", "postnummer"}
	if f := fault.Of(err); f == nil || !slices.Equal(f.Elements, want) {
		t.Errorf("%+v", f)
	}
}

// The municipalities are those that the simulator has.
func TestTheMunicipalitiesAreThoseOfTheSimulator(t *testing.T) {
	names := map[string]string{}
	for _, k := range data.Load().Kommuner {
		names[k.Nummer] = k.Navn
	}
	if !maps.Equal(katalog.Kommuner(), names) || len(names) != 357 {
		t.Errorf("%d and %d municipalities, or others", len(katalog.Kommuner()), len(names))
	}
}
