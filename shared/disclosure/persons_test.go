package disclosure_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/freg"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// fits reports whether a person is one whom the criteria are for, by the facts and by the words of
// the register's documentation: whole words, all in one name; address criteria all on one address.
func (r resident) fits(by freg.Criteria) bool {
	year, former := r.Foedselsdato[:4], by["opplysningsgrunnlag"] == "historisk"
	name := by["navn"] == "" || slices.ContainsFunc(r.Navn, func(n population.Navn) bool {
		return (former || n.ErGjeldende) && called(n, strings.Fields(strings.ToUpper(by["navn"])))
	})
	home := by["adressenavn"]+by["husnummer"]+by["postnummer"]+by["kommunenummer"]+by["fylkesnummer"] == "" ||
		slices.ContainsFunc(r.Adresser, func(a population.Adresse) bool {
			return (former || a.ErGjeldende) && (a.Rolle == "bostedsadresse" || by["inkluderOppholdsadresse"] != "") && at(a, by)
		})
	return name && home && (by["inkluderDoede"] != "" || !r.Doed) &&
		(by["kjoenn"] == "" || by["kjoenn"] == r.Kjoenn) &&
		(by["foedselsdato"] == "" || by["foedselsdato"] == strings.ReplaceAll(r.Foedselsdato, "-", "")) &&
		(by["foedselsaarFraOgMed"] == "" || by["foedselsaarFraOgMed"] <= year) &&
		(by["foedselsaarTilOgMed"] == "" || by["foedselsaarTilOgMed"] >= year) &&
		(by["bruksenhetsnummer"] == "" || by["bruksenhetsnummer"] == r.dwelling)
}

func called(n population.Navn, words []string) bool {
	first, last := strings.Fields(strings.ToUpper(n.Fornavn)), strings.Fields(strings.ToUpper(n.Etternavn))
	any := slices.Concat(first, last, strings.Fields(strings.ToUpper(n.Mellomnavn)))
	for i, w := range words {
		in := any
		if len(words) > 1 && i == 0 {
			in = first
		} else if len(words) > 1 && i == len(words)-1 {
			in = last
		}
		if !slices.Contains(in, w) {
			return false
		}
	}
	return true
}

func at(a population.Adresse, by freg.Criteria) bool {
	kommuner := strings.Fields(by["kommunenummer"])
	return (len(kommuner) == 0 || slices.Contains(kommuner, a.Kommunenummer)) && strings.HasPrefix(a.Kommunenummer, by["fylkesnummer"]) &&
		(by["postnummer"] == "" || by["postnummer"] == a.Postnummer) &&
		(by["husnummer"] == "" || strings.EqualFold(by["husnummer"], a.Husnummer)) &&
		(by["adressenavn"] == "" || a.Adressenavn != "" && strings.HasPrefix(strings.ToUpper(a.Adressenavn), strings.ToUpper(by["adressenavn"])))
}

var whereabouts = []string{"adressenavn", "husnummer", "postnummer", "kommunenummer", "fylkesnummer", "inkluderOppholdsadresse"}

func byAddress(by freg.Criteria) bool {
	return slices.ContainsFunc(whereabouts, func(p string) bool { return by[p] != "" })
}

// drawn are random criteria that may be searched by, most of which fit somebody.
func (c *chance) drawn(t *rapid.T) freg.Criteria {
	p, ok := c.all[c.person(t)]
	if !ok { // a number that nobody has, or has any more
		p = c.all[c.number("vanlig")]
	}
	by := freg.Criteria{}
	maybe := func(of int, name, value string) {
		if value != "" && rapid.IntRange(1, of).Draw(t, name) == 1 {
			by[name] = value
		}
	}
	c.whereabouts(t, p, maybe)
	maybe(5, "kjoenn", rapid.SampledFrom([]string{"kvinne", "mann"}).Draw(t, "which"))
	year, _ := strconv.Atoi(p.Foedselsdato[:4])
	maybe(5, "foedselsaarFraOgMed", strconv.Itoa(year-rapid.IntRange(-1, 20).Draw(t, "years")))
	maybe(5, "foedselsaarTilOgMed", strconv.Itoa(year+rapid.IntRange(-1, 20).Draw(t, "years more")))
	maybe(2, "inkluderDoede", "true")
	maybe(4, "inkluderOppholdsadresse", "true")
	maybe(3, "opplysningsgrunnlag", "historisk")
	born := strings.ReplaceAll(p.Foedselsdato, "-", "")
	maybe(6, "foedselsdato", born)
	if by["adressenavn"] != "" && by["husnummer"] != "" {
		if by["opplysningsgrunnlag"] == "" {
			maybe(2, "bruksenhetsnummer", p.dwelling)
		}
		return by
	}
	if len(p.Navn) == 0 {
		by["foedselsdato"] = born
		return by
	}
	name := p.Navn[rapid.IntRange(0, len(p.Navn)-1).Draw(t, "which name")]
	by["navn"] = rapid.SampledFrom([]string{
		name.Etternavn, name.Etternavn, name.Fornavn, strings.ToLower(name.Etternavn), name.Fornavn + " " + name.Etternavn, name.Etternavn + " " + name.Fornavn,
	}).Draw(t, "words")
	return by
}

// whereabouts are some of the criteria that an address of the person fits.
func (c *chance) whereabouts(t *rapid.T, p resident, maybe func(of int, name, value string)) {
	if len(p.Adresser) == 0 {
		return
	}
	a := p.Adresser[rapid.IntRange(0, len(p.Adresser)-1).Draw(t, "which address")]
	street := []rune(a.Adressenavn)
	maybe(3, "adressenavn", string(street[:min(len(street), rapid.IntRange(3, 30).Draw(t, "letters"))]))
	maybe(2, "husnummer", a.Husnummer)
	maybe(6, "postnummer", a.Postnummer)
	maybe(6, "kommunenummer", a.Kommunenummer)
	maybe(6, "kommunenummer", "0301 1103 4601 "+a.Kommunenummer)
	maybe(6, "fylkesnummer", a.Kommunenummer[:2])
}

// Searching for persons, and counting them, is looking at everybody and leaving out those who are protected
// where an address was asked for, and those whom the asking employee is close to.
func TestASearchIsALookAtEverybody(t *testing.T) {
	c := newChance(t, func(o *hosttest.Options) { o.Population = population.Config{Size: 4000} })
	c.plant(c.everything("alt", "BARNEVERN"))
	found, withheld, counted := 0, 0, map[int]int{}
	rapid.Check(t, func(t *rapid.T) {
		for range 4 {
			q := c.asks("vendor 1", "alt", policy.Personsoek)
			q.by = c.drawn(t)
			a := c.tell(c.t.Context(), q)
			accounted(t, q, a, c.taken(t))
			want, hidden := c.visible(q.by, a.answers)
			if a.err != nil || !maps.Equal(want, ids(a.answers)) || len(want) != len(a.answers) {
				t.Fatalf("%v: %d found, want %d, %v", q, len(a.answers), len(want), a.err)
			}
			q.Ask.Action = policy.Antallsoek
			n := c.tell(c.t.Context(), q)
			accounted(t, q, n, c.taken(t))
			if n.err != nil || n.count.Fra != len(want)-len(want)%5 || n.count.Til != n.count.Fra+4 {
				t.Fatalf("%v: %+v of %d, %v", q, n.count, len(want), n.err)
			}
			found, withheld = found+len(want), withheld+hidden
			counted[n.count.Fra]++
		}
	})
	if found < 100 || withheld < 20 || len(counted) < 2 {
		t.Errorf("%d found, %d withheld, counts %v: too few to tell", found, withheld, counted)
	}
}

// visible are those whom criteria fit and a search may find, and how many it may not. Where either
// answer is right, the answer's is.
func (c *chance) visible(by freg.Criteria, answers []disclosure.Answer) (want map[person.ID]bool, hidden int) {
	want, found := map[person.ID]bool{}, ids(answers)
	for id, r := range c.all {
		switch {
		case !r.fits(by):
		case byAddress(by) && (r.protected(by["opplysningsgrunnlag"] != "") || r.perhaps() && !found[id]):
			hidden++
		default:
			want[id] = true
		}
	}
	return want, hidden
}

func ids(answers []disclosure.Answer) map[person.ID]bool {
	all := map[person.ID]bool{}
	for _, a := range answers {
		all[a.ID] = true
	}
	return all
}

// A protected person is found and counted by no way to ask for where they live, or lived.
func TestTheProtectedAreNotFoundWhereTheyLive(t *testing.T) {
	w := newWorld(t)
	w.plant(w.everything("alt", "BARNEVERN"))
	all := w.residents()
	asked := 0
	for id, r := range all {
		if !r.protected(true) || len(r.Navn) == 0 {
			continue
		}
		name := r.Navn[len(r.Navn)-1].Etternavn
		for _, a := range r.Adresser {
			kommuner := strings.Join(slices.Compact(slices.Sorted(slices.Values([]string{"0301", "4601", a.Kommunenummer}))), " ")
			for _, by := range []freg.Criteria{
				{"adressenavn": a.Adressenavn, "husnummer": a.Husnummer},
				{"adressenavn": a.Adressenavn, "husnummer": a.Husnummer, "bruksenhetsnummer": r.dwelling},
				{"navn": name, "adressenavn": prefix(a.Adressenavn)}, {"navn": name, "postnummer": a.Postnummer},
				{"navn": name, "kommunenummer": a.Kommunenummer}, {"navn": name, "kommunenummer": kommuner}, {"navn": name, "fylkesnummer": a.Kommunenummer[:2]},
				{"navn": name, "inkluderOppholdsadresse": "true"},
				{"foedselsdato": strings.ReplaceAll(r.Foedselsdato, "-", ""), "kommunenummer": kommuner},
			} {
				for _, basis := range []string{"", "historisk"} {
					former := basis != ""
					if !r.protected(former) || by["adressenavn"] == "" && slices.Contains(slices.Collect(maps.Keys(by)), "adressenavn") {
						continue
					}
					q := w.asks("vendor 1", "alt", policy.Personsoek)
					q.by = maps.Clone(by)
					q.by["opplysningsgrunnlag"], q.by["inkluderDoede"] = basis, "true"
					maps.DeleteFunc(q.by, func(_, v string) bool { return v == "" })
					found := w.tell(t.Context(), q)
					accounted(t, q, found, w.taken(t))
					if found.err != nil || ids(found.answers)[id] {
						t.Errorf("%v: somebody protected is found, or %v", q, found.err)
					}
					q.Ask.Action = policy.Antallsoek
					n := w.tell(t.Context(), q)
					accounted(t, q, n, w.taken(t))
					if n.err != nil || n.count.Fra > len(found.answers) {
						t.Errorf("%v: counts %+v, finds %d, %v", q, n.count, len(found.answers), n.err)
					}
					asked++
				}
			}
		}
	}
	if asked < 200 {
		t.Errorf("%d questions: too few to tell", asked)
	}
}

func prefix(street string) string {
	r := []rune(street)
	return string(r[:min(3, len(r))])
}

// How many may be shown is counted in those who may be found: one more of them is an error, and one
// more who is withheld is nothing.
func TestTheLimitIsOfThoseWhoMayBeFound(t *testing.T) {
	w := newWorld(t)
	all := w.residents()
	q := w.asks("vendor 1", role(1), policy.Personsoek).criteria("navn", commonest(all))
	everybody := w.tell(t.Context(), q)
	if w.taken(t); len(everybody.answers) < 2 {
		t.Fatalf("%d of the commonest name", len(everybody.answers))
	}
	for most := 1; most <= len(everybody.answers)+1; most++ {
		q.most = most
		a := w.tell(t.Context(), q)
		accounted(t, q, a, w.taken(t))
		if fits := most >= len(everybody.answers); fits != (a.err == nil) || !fits && fault.Of(a.err).Code != "FOR_MANGE_TREFF" {
			t.Errorf("%d of %d: %v", most, len(everybody.answers), a.err)
		}
	}
	hidden := w.sought(all)
	q.by, q.most = hidden.by, max(1, hidden.visible)
	a := w.tell(t.Context(), q)
	accounted(t, q, a, w.taken(t))
	if a.err != nil || len(a.answers) != hidden.visible {
		t.Errorf("%v: those withheld are counted: %d, %v", q, len(a.answers), a.err)
	}
}

// commonest is the commonest surname.
func commonest(all map[person.ID]resident) (name string) {
	bearers := map[string]int{}
	for _, r := range all {
		for _, n := range r.Navn {
			if n.ErGjeldende {
				bearers[n.Etternavn]++
			}
		}
	}
	for n, many := range bearers {
		if many > bearers[name] || many == bearers[name] && n < name {
			name = n
		}
	}
	return name
}

// house is a question about a house in which somebody is protected, and how many others live there.
type house struct {
	by      freg.Criteria
	visible int
}

func (w *world) sought(all map[person.ID]resident) house {
	w.t.Helper()
	a := all[w.number("fortrolig")].Adresser
	home := a[len(a)-1]
	h := house{by: freg.Criteria{"adressenavn": home.Adressenavn, "husnummer": home.Husnummer}}
	for _, r := range all {
		if r.fits(h.by) && !r.protected(false) {
			h.visible++
		}
	}
	return h
}

// More than the register answers with, in one search or in several together, is told as such, and
// nothing is cut.
func TestMoreThanTheRegisterAnswersWith(t *testing.T) {
	w := newWorld(t, func(o *hosttest.Options) { o.Population = population.Config{Size: 12_000} })
	q := w.asks("vendor 1", role(1), policy.SoekTreff).criteria("inkluderDoede", "true", "foedselsaarFraOgMed", "1900")
	a := w.tell(t.Context(), q)
	accounted(t, q, a, w.taken(t))
	if !fault.Is(a.err, fault.Invalid) || fault.Of(a.err).Code != "FOR_MANGE_TREFF" {
		t.Errorf("%v", a.err)
	}
}

// The organisation that a caller names must be the role's; another looks like no such role.
func TestAnotherOrganisationsRole(t *testing.T) {
	w := newWorld(t)
	var seen []string
	for rolle, org := range map[string]string{role(1): w.integration(2).FiksOrgID, role(99): w.integration(1).FiksOrgID} {
		q := w.asks("vendor 1", rolle, policy.Personsoek).criteria("navn", "Hansen")
		q.Ask.Organisasjon = org
		a := w.tell(t.Context(), q)
		accounted(t, q, a, w.taken(t))
		seen = append(seen, fmt.Sprint(fault.Of(a.err)))
	}
	if len(slices.Compact(seen)) != 1 || !strings.Contains(seen[0], "ROLLE_IKKE_TILGJENGELIG") {
		t.Errorf("%q", seen)
	}
}

// Each municipality is a search in the register, and one in the budget.
func TestEachMunicipalityIsASearch(t *testing.T) {
	w := newWorld(t)
	r := w.everything("faa", "BARNEVERN")
	r.Budsjett.Soek.Hard = 3
	w.plant(r)
	for kommuner, want := range map[string]string{"0301 1103 4601 4621": "BUDSJETT_BRUKT_OPP", "0301 1103 4601": ""} {
		q := w.asks("vendor 1", "faa", policy.Personsoek).criteria("navn", "Hansen", "kommunenummer", kommuner)
		before := len(w.Freg.Requests())
		a := w.tell(t.Context(), q)
		asked := len(w.Freg.Requests()) - before
		if want != "" && (asked > 0 || fault.Of(a.err).Code != want) || want == "" && (a.err != nil || asked != 3) {
			t.Errorf("%s: %d questions, %v", kommuner, asked, a.err)
		}
	}
}

// A dwelling is found among those who live in the house, where the role shows the address.
func TestADwellingInAHouse(t *testing.T) {
	w := newWorld(t)
	w.plant(w.everything("alt", "BARNEVERN"))
	asked := 0
	for id, r := range w.residents() {
		if r.dwelling == "" || r.protected(true) || r.perhaps() || r.Doed || asked == 20 {
			continue
		}
		i := slices.IndexFunc(r.Adresser, func(a population.Adresse) bool {
			return a.ErGjeldende && a.Rolle == "bostedsadresse" && a.Adressenavn != ""
		})
		if i < 0 {
			continue
		}
		asked++
		for dwelling, want := range map[string]bool{r.dwelling: true, "K9999": false} {
			for _, parts := range [][]string{nil, {"navn"}} {
				q := w.asks("vendor 1", "alt", policy.Personsoek).criteria("adressenavn", r.Adresser[i].Adressenavn, "husnummer", r.Adresser[i].Husnummer, "bruksenhetsnummer", dwelling)
				q.Ask.Parts = parts
				a := w.tell(t.Context(), q)
				accounted(t, q, a, w.taken(t))
				if ids(a.answers)[id] != want || a.err != nil {
					t.Errorf("%v: found %v, %v", q, !want, a.err)
				}
			}
		}
	}
	if asked < 5 {
		t.Errorf("%d dwellings: too few to tell", asked)
	}
	blind := w.everything("blind", "BARNEVERN")
	blind.Opplysninger = []string{"identifikasjonsnummer", "navn", "bostedsadresse.bruksenhetsnummer"}
	w.plant(blind)
	q := w.asks("vendor 1", "blind", policy.Personsoek).criteria("adressenavn", "Storgata", "husnummer", "1", "bruksenhetsnummer", "H0101")
	if a := w.tell(t.Context(), q); !a.empty() || !fault.Is(a.err, fault.Denied) {
		t.Errorf("a role that does not show where people live: %v", a.err)
	}
}

// A name that is misspelt is found where sounding alike is enough, and only there.
func TestAMisspeltName(t *testing.T) {
	w := newWorld(t)
	misspelt := 0
	for id, r := range w.residents() {
		if len(r.Navn) == 0 || r.Doed || len(r.Navn[len(r.Navn)-1].Etternavn) < 3 || misspelt == 20 {
			continue
		}
		right := r.Navn[len(r.Navn)-1].Etternavn
		wrong := strings.NewReplacer("V", "W", "F", "PH").Replace(right)
		if wrong == right {
			continue
		}
		misspelt++
		for alike, want := range map[string]bool{"true": true, "": false} {
			q := w.asks("vendor 1", role(1), policy.Personsoek).criteria("navn", wrong)
			if alike != "" {
				q.by["soekFonetisk"] = alike
			}
			a := w.tell(t.Context(), q)
			accounted(t, q, a, w.taken(t))
			if a.err != nil || ids(a.answers)[id] != want {
				t.Errorf("%v: found %v, %v", q, !want, a.err)
			}
		}
	}
	if misspelt < 10 {
		t.Errorf("%d names: too few to tell", misspelt)
	}
}
