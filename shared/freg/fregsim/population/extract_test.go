package population_test

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hjemmel/shared/freg/fregsim/population"
)

// extracted is the oracle: the extract as its description reads, over a document.
func extracted(q population.Extract, d *doc) bool {
	aktiv := slices.Contains([]string{"midlertidig", "ikkeBosatt", "forsvunnet", "foedselsregistrert"}, d.status())
	if !slices.Contains(q.Personstatustyper, d.status()) && !(aktiv && slices.Contains(q.Personstatustyper, "aktiv")) {
		return false
	}
	died, born := "", ""
	if d.Doedsfall != nil {
		died = d.Doedsfall.Doedsdato
	}
	if len(d.Foedsel) > 0 {
		born = d.Foedsel[0].Foedselsdato
	}
	return plainYears(born, q.FoedselsaarFraOgMed, q.FoedselsaarTilOgMed) && plainYears(died, q.DoedsaarFraOgMed, q.DoedsaarTilOgMed) &&
		(q.Kjoenn == "" || len(d.Kjoenn) > 0 && d.Kjoenn[0].Kjoenn == q.Kjoenn) &&
		(q.Sivilstandstype == "" || len(d.Sivilstand) > 0 && d.Sivilstand[0].Sivilstand == q.Sivilstandstype) &&
		(q.Statsborgerskap == "" || slices.ContainsFunc(d.Statsborgerskap, func(s struct {
			meta
			Statsborgerskap string
		}) bool {
			return s.ErGjeldende && s.Statsborgerskap == q.Statsborgerskap
		})) &&
		(q.Bostedskommunenummer == "" || slices.Contains(kommuner(d.Bostedsadresse), q.Bostedskommunenummer)) &&
		(q.Oppholdskommunenummer == "" || slices.Contains(kommuner(d.Oppholdsadresse), q.Oppholdskommunenummer))
}

func plainYears(date string, from, to int) bool {
	if from == 0 && to == 0 {
		return true
	}
	if date == "" {
		return false
	}
	year := int(date[0]-'0')*1000 + int(date[1]-'0')*100 + int(date[2]-'0')*10 + int(date[3]-'0')
	return (from == 0 || year >= from) && (to == 0 || year <= to)
}

// kommuner are those of the current addresses.
func kommuner(as []addr) (all []string) {
	for _, a := range as {
		for _, form := range []json.RawMessage{a.Vegadresse, a.Matrikkeladresse, a.UkjentBosted} {
			var at struct {
				Kommunenummer, Bostedskommune string
				Matrikkelnummer               struct{ Kommunenummer string }
			}
			if a.ErGjeldende && form != nil && json.Unmarshal(form, &at) == nil {
				all = append(all, at.Kommunenummer, at.Bostedskommune, at.Matrikkelnummer.Kommunenummer)
			}
		}
	}
	return slices.DeleteFunc(all, func(k string) bool { return k == "" })
}

func drawExtract(t *rapid.T, d *doc) population.Extract {
	maybe := func(what string) bool { return rapid.IntRange(0, 3).Draw(t, what) == 0 }
	q := population.Extract{Personstatustyper: rapid.SliceOfNDistinct(
		rapid.SampledFrom([]string{"aktiv", "bosatt", "utflyttet", "doed", "inaktiv"}), 1, 4, rapid.ID).Draw(t, "status")}
	years := func(what string) (from, to int) {
		if from = rapid.IntRange(1920, 2026).Draw(t, what); maybe(what + " åpent") {
			return from, 0
		}
		return from, from + rapid.IntRange(0, 30).Draw(t, what+" til")
	}
	if maybe("født") {
		q.FoedselsaarFraOgMed, q.FoedselsaarTilOgMed = years("født fra")
	}
	if maybe("død") {
		q.DoedsaarFraOgMed, q.DoedsaarTilOgMed = years("død fra")
	}
	if maybe("kjønn") {
		q.Kjoenn = rapid.SampledFrom([]string{"kvinne", "mann"}).Draw(t, "kjønn")
	}
	if len(d.Statsborgerskap) > 0 && maybe("land") {
		q.Statsborgerskap = rapid.SampledFrom(d.Statsborgerskap).Draw(t, "land").Statsborgerskap
	}
	if len(d.Sivilstand) > 0 && maybe("sivilstand") {
		q.Sivilstandstype = rapid.SampledFrom(d.Sivilstand).Draw(t, "sivilstand").Sivilstand
	}
	if at := kommuner(d.Bostedsadresse); len(at) > 0 && maybe("bosted") {
		q.Bostedskommunenummer = at[0]
	} else if at := kommuner(d.Oppholdsadresse); len(at) > 0 && maybe("opphold") {
		q.Oppholdskommunenummer = at[0]
	}
	return q
}

func TestExtractAgreesWithTheDocuments(t *testing.T) {
	docs, p := readAll(t), makePopulation(t, 11, 2500)
	var order []string
	p.Each(func(f population.Facts) bool { order = append(order, f.ID.Reveal()); return true })
	said := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		q := drawExtract(t, docs[rapid.SampledFrom(order).Draw(t, "whom")])
		var want []string
		for _, id := range order {
			if extracted(q, docs[id]) {
				want = append(want, id)
			}
		}
		x := p.Extract(q)
		if got := slices.Collect(x.From(0)); !slices.Equal(got, want) || x.Len() != len(want) {
			t.Fatalf("%+v: %d found, want %d", q, len(got), len(want))
		}
		said[len(want) > 0 && len(want) < 1000]++
		if n := len(want) / 2; !slices.Equal(slices.Collect(x.From(n)), want[n:]) {
			t.Fatal("the second half is another")
		}
		for range x.From(0) {
			break
		}
	})
	if said[true] < 10 {
		t.Errorf("only %d extracts said something", said[true])
	}
}

// Those with a hidden address are found where they live: the register leaves it to its consumers.
func TestExtractFindsGraded(t *testing.T) {
	docs, p := readAll(t), makePopulation(t, 11, 2500)
	n := 0
	for id, d := range docs {
		if d.grade() == "" {
			continue
		}
		for _, k := range kommuner(d.Bostedsadresse) {
			n++
			if !slices.Contains(slices.Collect(p.Extract(population.Extract{Personstatustyper: []string{"aktiv", "bosatt", "utflyttet", "doed", "inaktiv"}, Bostedskommunenummer: k}).From(0)), id) {
				t.Error("a graded person is not found")
			}
		}
	}
	if n == 0 {
		t.Error("nobody is graded")
	}
}
