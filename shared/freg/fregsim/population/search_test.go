package population_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"hjemmel/shared/freg/fregsim/population"
)

// everybody is a register with its facts, made once for the tests of search.
var everybody = sync.OnceValues(func() (*population.Population, []population.Facts) {
	p, err := population.New(population.Config{Seed: 5, Size: 3000})
	if err != nil {
		panic(err)
	}
	var all []population.Facts
	p.Each(func(f population.Facts) bool { all = append(all, f); return true })
	return p, all
})

// plain is the oracle: the search as its description reads, over the facts.
func plain(q population.Query, f population.Facts) bool {
	if f.Doed && !q.InkluderDoede || q.Kjoenn != "" && q.Kjoenn != f.Kjoenn {
		return false
	}
	born := strings.ReplaceAll(f.Foedselsdato, "-", "")
	year := int(born[0]-'0')*1000 + int(born[1]-'0')*100 + int(born[2]-'0')*10 + int(born[3]-'0')
	if q.Foedselsdato != "" && q.Foedselsdato != born || q.FoedselsaarFraOgMed != 0 && year < q.FoedselsaarFraOgMed ||
		q.FoedselsaarTilOgMed != 0 && year > q.FoedselsaarTilOgMed {
		return false
	}
	named := len(q.Navn) == 0 || slices.ContainsFunc(f.Navn, func(n population.Navn) bool { return (q.Historisk || n.ErGjeldende) && plainName(q, n) })
	at := q.Adressenavn+q.Husnummer+q.Postnummer+q.Kommunenummer+q.Fylkesnummer == "" ||
		slices.ContainsFunc(f.Adresser, func(a population.Adresse) bool { return (q.Historisk || a.ErGjeldende) && plainAddress(q, a) })
	return named && at
}

func plainName(q population.Query, n population.Navn) bool {
	in := func(token string, parts ...string) bool {
		return slices.ContainsFunc(strings.Fields(strings.Join(parts, " ")), func(w string) bool {
			if q.SoekFonetisk {
				return population.Fold(w) == population.Fold(token)
			}
			return strings.EqualFold(w, token)
		})
	}
	last := len(q.Navn) - 1
	for i, token := range q.Navn {
		parts := []string{n.Fornavn, n.Mellomnavn, n.Etternavn}
		if last > 0 && i == 0 {
			parts = parts[:1]
		} else if last > 0 && i == last {
			parts = parts[2:]
		}
		if !in(token, parts...) {
			return false
		}
	}
	return true
}

func plainAddress(q population.Query, a population.Adresse) bool {
	return (a.Rolle == "bostedsadresse" || q.InkluderOppholdsadresse) &&
		(q.Adressenavn == "" || a.Adressenavn != "" && strings.HasPrefix(strings.ToUpper(a.Adressenavn), strings.ToUpper(q.Adressenavn))) &&
		(q.Husnummer == "" || strings.EqualFold(q.Husnummer, a.Husnummer)) &&
		(q.Postnummer == "" || q.Postnummer == a.Postnummer) && (q.Kommunenummer == "" || q.Kommunenummer == a.Kommunenummer) &&
		strings.HasPrefix(a.Kommunenummer, q.Fylkesnummer)
}

// draw makes a query out of what is true of somebody, so that it often hits.
func draw(t *rapid.T, all []population.Facts) population.Query {
	f := rapid.SampledFrom(all).Draw(t, "whom")
	q := population.Query{Historisk: rapid.Bool().Draw(t, "historisk"), InkluderDoede: rapid.Bool().Draw(t, "døde"),
		InkluderOppholdsadresse: rapid.Bool().Draw(t, "opphold"), SoekFonetisk: rapid.Bool().Draw(t, "fonetisk")}
	maybe := func(what string) bool { return rapid.IntRange(0, 2).Draw(t, what) == 0 }
	if len(f.Navn) > 0 && maybe("navn") {
		n := rapid.SampledFrom(f.Navn).Draw(t, "which name")
		words := strings.Fields(n.Fornavn + " " + n.Mellomnavn + " " + n.Etternavn)
		switch rapid.IntRange(0, 3).Draw(t, "how") {
		case 0:
			words = []string{rapid.SampledFrom(words).Draw(t, "word")}
		case 1:
			words = []string{words[0], words[len(words)-1]}
		case 2:
			words = []string{strings.ToLower(words[len(words)-1]), words[0]}
		}
		q.Navn = words
	}
	if maybe("kjønn") {
		q.Kjoenn = rapid.SampledFrom([]string{"kvinne", "mann"}).Draw(t, "kjønn")
	}
	if maybe("født") {
		q.Foedselsdato = strings.ReplaceAll(f.Foedselsdato, "-", "")
	}
	if maybe("år") {
		q.FoedselsaarFraOgMed = rapid.IntRange(1930, 2026).Draw(t, "fra")
		q.FoedselsaarTilOgMed = q.FoedselsaarFraOgMed + rapid.IntRange(0, 60).Draw(t, "til")
	}
	if len(f.Adresser) > 0 && maybe("adresse") {
		drawAddress(t, &q, rapid.SampledFrom(f.Adresser).Draw(t, "which address"), maybe)
	}
	return q
}

func drawAddress(t *rapid.T, q *population.Query, a population.Adresse, maybe func(string) bool) {
	if street := []rune(a.Adressenavn); len(street) > 3 && !maybe("street") {
		q.Adressenavn = string(street[:rapid.IntRange(3, len(street)).Draw(t, "prefix")])
	}
	if maybe("house") {
		q.Husnummer = strings.ToLower(a.Husnummer)
	}
	if maybe("postnummer") {
		q.Postnummer = a.Postnummer
	}
	if maybe("kommune") {
		q.Kommunenummer = a.Kommunenummer
	}
	if maybe("fylke") {
		q.Fylkesnummer = a.Kommunenummer[:2]
	}
}

func TestSearchAgreesWithPlainSearch(t *testing.T) {
	p, all := everybody()
	hits := 0
	rapid.Check(t, func(t *rapid.T) {
		q := draw(t, all)
		var want []string
		for _, f := range all {
			if plain(q, f) {
				want = append(want, f.ID.Reveal())
			}
		}
		got := p.Search(q, len(all))
		hits += btoi(len(got) > 0 && len(got) < 100)
		if !slices.Equal(got, want) {
			t.Fatalf("%+v: %d hits, want %d", q, len(got), len(want))
		}
	})
	if hits < 10 {
		t.Errorf("only %d queries said something", hits)
	}
}

func TestSearchStopsOverTheLimit(t *testing.T) {
	p, all := everybody()
	if got := p.Search(population.Query{}, 10); len(got) != 11 {
		t.Errorf("%d hits, want one over the limit", len(got))
	}
	if got := p.Search(population.Query{InkluderDoede: true}, len(all)); len(got) != len(all) {
		t.Errorf("an empty query hits %d of %d", len(got), len(all))
	}
}

// TestSearchFindsGraded: the register leaves it to its consumers to keep graded persons out.
func TestSearchFindsGraded(t *testing.T) {
	p, all := everybody()
	n := 0
	for _, f := range all {
		for _, a := range f.Adresser {
			q := population.Query{Adressenavn: a.Adressenavn, Husnummer: a.Husnummer, Postnummer: a.Postnummer, Historisk: !a.ErGjeldende, InkluderOppholdsadresse: true, InkluderDoede: true}
			if f.Adressebeskyttelse != "" && a.Adressenavn != "" {
				n++
				if !slices.Contains(p.Search(q, len(all)), f.ID.Reveal()) {
					t.Error("a graded person is not found at an address of theirs")
				}
			}
		}
	}
	if n == 0 {
		t.Error("nobody is graded")
	}
}

func TestSearchByNumbers(t *testing.T) {
	p, all := everybody()
	d := read(t, p, p.Named()["innflyttet"].Reveal())
	foreign := d.UtenlandskPersonidentifikasjon[0]
	for name, q := range map[string]population.Query{
		"number": {Identifikasjonsnummer: d.number()}, "old number": {Identifikasjonsnummer: p.Named()["gammeltDnummer"].Reveal()},
		"duf":     {UtlendingsmyndighetenesIdentifikasjonsnummer: d.UtlendingsmyndighetenesIdentifikasjonsnummer[0].Identifikasjonsnummer},
		"foreign": {UtenlandskPersonidentifikasjon: foreign.Utstederland + "-" + foreign.Identifikasjonsnummer},
	} {
		if got := p.Search(q, len(all)); !slices.Equal(got, []string{d.number()}) {
			t.Errorf("by %s: %d hits", name, len(got))
		}
		q.Foedselsdato = "19000101"
		if got := p.Search(q, len(all)); len(got) != 0 {
			t.Errorf("by %s and another birth date: %d hits", name, len(got))
		}
	}
	if got := p.Search(population.Query{Identifikasjonsnummer: "00000000000"}, 10); len(got) != 0 {
		t.Error("an unknown number hits")
	}
}

func TestFold(t *testing.T) {
	for _, same := range [][]string{
		{"BJØRK", "Bjørck", "bjørk", "BJÖRK"}, {"SKJOLD", "SJOLL", "Skjold"}, {"HJORT", "JORT", "GJORT"}, {"HVETE", "VETE", "WETE"},
		{"KATT", "CATT", "KAT"}, {"BLÅ-GRØNN", "BLÅGRØNN", "Blaagrøn"}, {"O'FURU", "OFURU"}, {"SAND", "SANN"}, {"KJÆR", "TJÆR"}, {"DISKRÉ", "DISKRE"},
		{"KRISTIAN", "CHRISTIAN"}, {"SOFIE", "SOPHI"},
	} {
		for _, s := range same[1:] {
			if population.Fold(s) != population.Fold(same[0]) {
				t.Errorf("%s folds to %s, %s to %s", same[0], population.Fold(same[0]), s, population.Fold(s))
			}
		}
	}
	for _, apart := range [][2]string{{"BÅT", "BÆR"}, {"REV", "ROV"}, {"GLAD", "GOD"}, {"ØY", "Å"}} {
		if population.Fold(apart[0]) == population.Fold(apart[1]) {
			t.Errorf("%s and %s fold alike", apart[0], apart[1])
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if population.Fold(strings.ToLower(s)) != population.Fold(strings.ToLower(strings.ToUpper(strings.ToLower(s)))) {
			t.Fatalf("case matters for %q", s)
		}
	})
}
