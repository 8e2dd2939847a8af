package disclosure_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/freg"
	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// resident is what the register knows of a person, read apart from the code under test: grading and
// family from the facts, residence and graded addresses from the documents.
type resident struct {
	population.Facts
	kommune                string
	dwelling               string // bruksenhetsnummer of the current bostedsadresse
	gradedNow, gradedEver  bool   // any address of theirs
	kinGraded, exKinGraded bool   // anybody of their family, now and ever
}

var addresses = []string{"bostedsadresse", "oppholdsadresse", "deltBosted", "postadresse", "postadresseIUtlandet"}

// residents is the whole population.
func (w *world) residents() map[person.ID]resident {
	w.t.Helper()
	people := w.Freg.Population()
	if read, ok := censuses.Load(people.Len()); ok { // the same size is the same population
		return read.(map[person.ID]resident)
	}
	all := w.census(people)
	censuses.Store(people.Len(), all)
	return all
}

var censuses sync.Map // residents by size of the population

func (w *world) census(people *population.Population) map[person.ID]resident {
	w.t.Helper()
	all, graded := map[person.ID]resident{}, map[person.ID]bool{}
	for f := range people.Each {
		graded[f.ID] = f.Adressebeskyttelse != ""
		var b document.Builder
		d, _, ok := people.Document(&b, f.ID.Reveal())
		var doc map[string]json.RawMessage
		if !ok || json.Unmarshal(d.Raw, &doc) != nil {
			w.t.Fatal("no document")
		}
		r := resident{Facts: f}
		for _, property := range addresses {
			r.read(w.t, property, doc[property])
		}
		all[f.ID] = r
	}
	for id, r := range all {
		for _, k := range r.Kin {
			r.exKinGraded = r.exKinGraded || graded[k.ID]
			r.kinGraded = r.kinGraded || graded[k.ID] && k.ErGjeldende
		}
		all[id] = r
	}
	return all
}

func (r *resident) read(t fataler, property string, raw json.RawMessage) {
	t.Helper()
	var elements []struct {
		ErGjeldende      bool
		Adressegradering string
		Vegadresse       struct{ Kommunenummer, Bruksenhetsnummer string }
		Matrikkeladresse struct {
			Matrikkelnummer struct{ Kommunenummer string }
		}
		UkjentBosted      struct{ Bostedskommune string }
		UtenlandskAdresse json.RawMessage
	}
	if len(raw) > 0 && json.Unmarshal(raw, &elements) != nil {
		t.Fatalf("%s", raw)
	}
	for _, a := range elements {
		closed := a.Adressegradering != "ugradert"
		r.gradedEver = r.gradedEver || closed
		r.gradedNow = r.gradedNow || closed && a.ErGjeldende
		if property == "bostedsadresse" && a.ErGjeldende {
			r.dwelling = a.Vegadresse.Bruksenhetsnummer
			r.kommune = a.Vegadresse.Kommunenummer + a.Matrikkeladresse.Matrikkelnummer.Kommunenummer + a.UkjentBosted.Bostedskommune
		}
	}
}

// protected reports whether a search by address must not find the person.
func (r resident) protected(historisk bool) bool {
	return r.Adressebeskyttelse != "" || r.kinGraded || r.gradedNow || historisk && r.gradedEver
}

// perhaps reports whether either answer is right: a former spouse of somebody graded.
func (r resident) perhaps() bool { return r.exKinGraded }

func queryOf(by freg.Criteria) population.Query {
	return population.Query{
		Navn: strings.Fields(by["navn"]), Kjoenn: by["kjoenn"], Adressenavn: by["adressenavn"], Husnummer: by["husnummer"], Postnummer: by["postnummer"],
		Kommunenummer: by["kommunenummer"], Fylkesnummer: by["fylkesnummer"], InkluderOppholdsadresse: by["inkluderOppholdsadresse"] == "true",
		Historisk: by["opplysningsgrunnlag"] == "historisk", InkluderDoede: by["inkluderDoede"] == "true",
	}
}

// found is whom the register finds, in its order.
func (w *world) found(by freg.Criteria) []person.ID {
	w.t.Helper()
	var ids []person.ID
	for _, digits := range w.Freg.Population().Search(queryOf(by), 10_000) {
		id, err := person.ParseID(digits)
		w.must(err)
		ids = append(ids, id)
	}
	return ids
}

// addressQueries are the ways to ask for an address, some narrow and some wide, now and before.
func addressQueries(f population.Facts) []freg.Criteria {
	var all []freg.Criteria
	for _, a := range f.Adresser {
		for _, by := range []freg.Criteria{
			{"postnummer": a.Postnummer}, {"kommunenummer": a.Kommunenummer}, {"fylkesnummer": a.Kommunenummer[:2]}, {"adressenavn": a.Adressenavn},
			{"adressenavn": a.Adressenavn, "husnummer": a.Husnummer, "postnummer": a.Postnummer},
			{"navn": f.Navn[len(f.Navn)-1].Etternavn, "kommunenummer": a.Kommunenummer},
			{"navn": f.Navn[len(f.Navn)-1].Etternavn, "inkluderOppholdsadresse": "true"},
		} {
			historisk := maps.Clone(by)
			historisk["opplysningsgrunnlag"] = "historisk"
			for _, by := range []freg.Criteria{by, historisk} {
				maps.DeleteFunc(by, func(_, v string) bool { return v == "" })
				if len(by) > 1 || by["opplysningsgrunnlag"] == "" && len(by) > 0 {
					all = append(all, by)
				}
			}
		}
	}
	return slices.CompactFunc(all, maps.Equal)
}

// A search by address finds everybody it should, and nobody who is graded, has a graded address or is
// close family of somebody graded.
func TestSearchByAddressFindsNobodyProtected(t *testing.T) {
	w := newWorld(t)
	w.plant(w.everything("alt", "BARNEVERN"))
	all := w.residents()
	seen := map[string]bool{}
	withheld := 0
	for _, r := range all {
		if !r.protected(true) && len(seen) > 20 { // twenty questions around the others will do
			continue
		}
		for _, by := range addressQueries(r.Facts) {
			key := fmt.Sprint(by)
			if seen[key] {
				continue
			}
			seen[key] = true
			q := w.asks("vendor 1", "alt", policy.SoekTreff)
			q.by = by
			a := w.tell(t.Context(), q)
			accounted(t, q, a, w.taken(t))
			historisk := by["opplysningsgrunnlag"] != ""
			hits := w.found(by)
			want := slices.DeleteFunc(slices.Clone(hits), func(id person.ID) bool {
				return all[id].protected(historisk) || all[id].perhaps() && !slices.Contains(a.hits, id)
			})
			withheld += len(hits) - len(want)
			if !slices.Equal(a.hits, want) {
				t.Errorf("%v: %d hits, want %d of %d", by, len(a.hits), len(want), len(hits))
			}
			for _, id := range a.hits {
				if all[id].protected(historisk) {
					t.Errorf("%v finds somebody who is protected: grading %q, %+v", by, all[id].Adressebeskyttelse, all[id].Adresser)
				}
			}
		}
	}
	if withheld < 100 || len(seen) < 200 {
		t.Errorf("%d questions withheld %d hits: too few to tell", len(seen), withheld)
	}
	t.Logf("%d questions, %d hits withheld", len(seen), withheld)
}

// Without an address in the question a graded person is found as others are: the name tells nothing.
func TestSearchByNameFindsTheGraded(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"fortrolig", "strengtFortrolig", "klientadresse"} {
		id := w.number(name)
		by := freg.Criteria{"navn": w.residents()[id].Navn[0].Etternavn}
		q := w.asks("vendor 1", role(1), policy.SoekTreff)
		q.by = by
		a := w.tell(t.Context(), q)
		accounted(t, q, a, w.taken(t))
		if !slices.Contains(a.hits, id) || !slices.Equal(a.hits, w.found(by)) {
			t.Errorf("%s is not found by name", name)
		}
	}
}

// Without hjemmel the register does not tell who is family, so only the person's own protection can
// be kept.
func TestSearchByAddressWithoutHjemmel(t *testing.T) {
	w := newWorld(t)
	all := w.residents()
	for _, r := range all {
		if r.Adressebeskyttelse == "" && !r.gradedNow {
			continue
		}
		for _, by := range addressQueries(r.Facts) {
			if by["opplysningsgrunnlag"] != "" || by["inkluderOppholdsadresse"] != "" {
				continue
			}
			q := w.asks("vendor 1", role(3), policy.SoekTreff)
			q.by = by
			a := w.tell(t.Context(), q)
			accounted(t, q, a, w.taken(t))
			for _, id := range a.hits {
				if all[id].Adressebeskyttelse != "" || all[id].gradedNow {
					t.Errorf("%v finds somebody who is protected", by)
				}
			}
		}
	}
}

// How many hits one wants must not tell that some were withheld.
func TestMaksTreffTellsNothingOfTheWithheld(t *testing.T) {
	w := newWorld(t)
	all := w.residents()
	for _, name := range []string{"fortrolig", "klientadresse", "barnUtenGraderingHosFortrolig"} {
		home := all[w.number(name)].Adresser
		by := freg.Criteria{"fylkesnummer": home[len(home)-1].Kommunenummer[:2]}
		want := slices.DeleteFunc(w.found(by), func(id person.ID) bool { return all[id].protected(false) || all[id].perhaps() })
		for most := 1; most <= len(want)+1; most++ {
			q := w.asks("vendor 1", role(1), policy.SoekTreff)
			q.by = maps.Clone(by)
			q.by["maksTreff"] = fmt.Sprint(most)
			a := w.tell(t.Context(), q)
			accounted(t, q, a, w.taken(t))
			a.hits = slices.DeleteFunc(a.hits, func(id person.ID) bool { return all[id].perhaps() })
			if len(a.hits) != min(most, len(want)) {
				t.Errorf("of %d people in %s, %d wanted, %d found", len(want), by["fylkesnummer"], most, len(a.hits))
			}
		}
	}
}

func TestARoleForSomeMunicipalitiesFindsTheirPeopleOnly(t *testing.T) {
	w := newWorld(t)
	all := w.residents()
	r := w.everything("her", "BARNEVERN")
	for _, name := range []string{"vanlig", "fortrolig", "matrikkel", "utenBosted", "skilt"} {
		if k := all[w.number(name)].kommune; k == "" {
			t.Fatalf("%s lives nowhere", name)
		} else {
			r.Kommuner = append(r.Kommuner, k)
		}
	}
	w.plant(r)
	here, elsewhere := 0, 0
	for _, by := range []freg.Criteria{
		{"kjoenn": "kvinne"}, {"kjoenn": "mann", "inkluderDoede": "true"}, {"fylkesnummer": r.Kommuner[0][:2]}, {"kommunenummer": r.Kommuner[1]},
		{"kommunenummer": "0301"}, {"navn": all[w.number("vanlig")].Navn[0].Etternavn}, {"fylkesnummer": r.Kommuner[2][:2], "opplysningsgrunnlag": "historisk"},
	} {
		q := w.asks("vendor 1", "her", policy.SoekTreff)
		q.by = by
		a := w.tell(t.Context(), q)
		accounted(t, q, a, w.taken(t))
		byAddress := by["fylkesnummer"]+by["kommunenummer"] != ""
		want := slices.DeleteFunc(w.found(by), func(id person.ID) bool {
			p := all[id]
			return !slices.Contains(r.Kommuner, p.kommune) || byAddress && (p.protected(by["opplysningsgrunnlag"] != "") || p.perhaps() && !slices.Contains(a.hits, id))
		})
		if !slices.Equal(a.hits, want) {
			t.Errorf("%v: %d hits, want %d", by, len(a.hits), len(want))
		}
		here, elsewhere = here+len(want), elsewhere+len(w.found(by))-len(want)
	}
	if here < 20 || elsewhere < 100 {
		t.Errorf("%d here, %d elsewhere: too few to tell", here, elsewhere)
	}
}

// An employee does not meet their own record, in a list, by a search or by any of their numbers.
func TestNobodyFindsThemselves(t *testing.T) {
	w := newWorld(t)
	own := w.number("kortNavn") // ansatt-01
	me := w.residents()[own]
	name := me.Navn[len(me.Navn)-1]
	home := me.Adresser[len(me.Adresser)-1]
	for _, by := range []freg.Criteria{{"navn": name.Etternavn}, {"adressenavn": home.Adressenavn, "husnummer": home.Husnummer}, {"kjoenn": "mann"}} {
		q := w.asks("ansatt-01", role(1), policy.SoekTreff)
		q.by = by
		a := w.tell(t.Context(), q)
		leaves := w.taken(t)
		accounted(t, q, a, leaves)
		want := slices.DeleteFunc(w.found(by), func(id person.ID) bool { return id == own })
		if !slices.Equal(a.hits, want) || len(want) == len(w.found(by)) {
			t.Errorf("%v: %d hits, want %d", by, len(a.hits), len(want))
		}
		if slices.ContainsFunc(leaves, func(e audit.Entry) bool { return e.Person == own }) {
			t.Errorf("%v: written as if the employee was found", by)
		}
	}
	q := w.asks("ansatt-01", role(1), policy.EntydigSoek).criteria("navn", name.Fornavn+" "+name.Etternavn, "identifikasjonsnummer", own.Reveal())
	a, none := w.tell(t.Context(), q), w.tell(t.Context(), q.criteria("navn", "INGEN HETERSLIK", "foedselsdato", "19000101"))
	leaves := w.taken(t)
	if !a.empty() || !none.empty() || fault.Of(a.err).Code != fault.Of(none.err).Code || fault.Of(a.err).Detail != fault.Of(none.err).Detail || fault.Of(a.err).Kind != fault.NotFound {
		t.Errorf("the only hit is the employee: %v; no hit: %v", a.err, none.err)
	}
	if leaves[0].Person != own || !slices.Equal(leaves[0].Regler, []string{"egen-person"}) || leaves[0].Utfall != audit.Avslag {
		t.Errorf("written as %+v", leaves[0])
	}
}

// A confirmation opens a search by address as it opens the address, for the role that may: never for
// somebody strengt fortrolig. Every leaf holds the reason.
func TestAConfirmedSearchByAddress(t *testing.T) {
	w := newWorld(t)
	w.plant(w.everything("alt", "BARNEVERN"))
	all := w.residents()
	opened := 0
	for _, r := range all {
		if !r.protected(true) {
			continue
		}
		for _, by := range addressQueries(r.Facts) {
			if by["postnummer"] == "" {
				continue
			}
			q := w.asks("vendor 1", "alt", policy.SoekTreff)
			q.by, q.Ask.Bekreftelse = by, "barnet skal hentes i kveld"
			a := w.tell(t.Context(), q)
			leaves := w.taken(t)
			accounted(t, q, a, leaves)
			want := slices.DeleteFunc(w.found(by), func(id person.ID) bool { return all[id].Adressebeskyttelse == "strengtFortrolig" })
			if !slices.Equal(a.hits, want) {
				t.Errorf("%v: %d hits, want %d", by, len(a.hits), len(want))
			}
			if slices.ContainsFunc(leaves, func(e audit.Entry) bool { return e.Bekreftelse != q.Ask.Bekreftelse }) {
				t.Errorf("%v: written without the reason", by)
			}
			for _, id := range a.hits {
				if all[id].protected(false) {
					opened++
				}
			}
			q.RolleID = role(2) // may not open
			if a := w.tell(t.Context(), q); !fault.Is(a.err, fault.Denied) || !a.empty() {
				t.Errorf("%v: a role that may not open: %v", by, a.err)
			}
			w.taken(t)
		}
	}
	if opened < 20 {
		t.Errorf("%d opened: too few to tell", opened)
	}
}
