package disclosure_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// lookup asks about one person as another question does about many.
func (c *chance) lookup(t fataler, q question, id person.ID, parts ...string) told {
	t.Helper()
	q.Ask.Action, q.Ask.Subjects, q.by = policy.Oppslag, []person.ID{id}, nil
	if parts != nil {
		q.Ask.Parts = parts
	}
	a := c.tell(c.t.Context(), q)
	accounted(t, q, a, c.taken(t))
	return a
}

// A bulk lookup answers about each person what a lookup would, to the byte, whoever else it is about.
func TestABulkLookupShowsWhatALookupShows(t *testing.T) {
	c := newChance(t)
	shown := 0
	rapid.Check(t, func(t *rapid.T) {
		q := c.request(t, policy.Bulkoppslag)
		q.Ask.Subjects = rapid.SliceOfN(rapid.SampledFrom(c.pool), 1, 5).Draw(t, "persons")
		q.somBestilt = rapid.Bool().Draw(t, "somBestilt")
		b := c.tell(c.t.Context(), q)
		accounted(t, q, b, c.taken(t))
		if b.err != nil {
			if one := c.lookup(t, q, c.number("vanlig")); one.err == nil || fault.Of(one.err).Code != fault.Of(b.err).Code {
				t.Fatalf("%v: refused with %v, and a lookup gives %v", q, b.err, one.err)
			}
			return
		}
		inOrder(t, q, b.answers)
		for _, many := range b.answers {
			one := c.lookup(t, q, many.ID)
			if many.JSON == nil {
				_, known := c.all[many.ID] // a number that is not in use any more is not answered when asked in order
				if known && (one.err == nil || fault.Of(one.err).Code != many.Feil.Code) {
					t.Fatalf("%v: withheld as %v, and a lookup gives %v", q, many.Feil, one.err)
				}
				continue
			}
			shown++
			if one.err != nil || !bytes.Equal(one.answers[0].JSON, many.JSON) {
				t.Fatalf("%v: a bulk lookup shows %s, a lookup %v", q, many.JSON, one)
			}
		}
	})
	if shown < 40 {
		t.Errorf("%d shown: too few to tell", shown)
	}
}

// inOrder checks that everybody asked about has an answer: as ordered, or once.
func inOrder(t fataler, q question, answers []disclosure.Answer) {
	t.Helper()
	got := make([]person.ID, len(answers))
	for i, a := range answers {
		got[i] = a.ID
	}
	if q.somBestilt {
		if !slices.Equal(got, q.Ask.Subjects) {
			t.Fatalf("%v: not as ordered", q)
		}
		return
	}
	seen := map[person.ID]int{}
	for _, id := range q.Ask.Subjects {
		seen[id] = 0
	}
	for _, id := range got {
		seen[id]++
	}
	for _, n := range seen {
		if n != 1 {
			t.Fatalf("%v: somebody has %d answers", q, n)
		}
	}
}

// A search that names one person shows what a lookup would, to the byte, or nobody.
func TestAUniqueSearchShowsWhatALookupShows(t *testing.T) {
	c := newChance(t)
	shown := 0
	rapid.Check(t, func(t *rapid.T) {
		id := c.person(t)
		q := c.request(t, policy.EntydigSoek)
		q.by = c.some(t, id, "adressenavn", "postnummer")
		q.by["navn"], q.by["identifikasjonsnummer"] = c.by(id)["navn"], id.Reveal()
		u := c.tell(c.t.Context(), q)
		accounted(t, q, u, c.taken(t))
		if u.err != nil {
			return
		}
		shown++
		if one := c.lookup(t, q, id); one.err != nil || !within(t, u.answers[0].JSON, one.answers[0].JSON) || (len(q.by) == 2 && !bytes.Equal(u.answers[0].JSON, one.answers[0].JSON)) {
			t.Fatalf("%v: shows %s, a lookup %v", q, u.answers[0].JSON, one)
		}
	})
	if shown < 8 {
		t.Errorf("%d shown: too few to tell", shown)
	}
}

// A search finds nobody whom a lookup in the same role would not tell of.
func TestASearchFindsWhomALookupTellsOf(t *testing.T) {
	c := newChance(t)
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		q := c.request(t, policy.SoekTreff)
		q.by = c.some(t, c.person(t), "etternavn", "adressenavn", "postnummer", "kommunenummer", "opplysningsgrunnlag")
		hits := c.tell(c.t.Context(), q)
		accounted(t, q, hits, c.taken(t))
		for _, id := range hits.hits[:min(3, len(hits.hits))] {
			found++
			if one := c.lookup(t, q, id, "identifikasjonsnummer"); one.err != nil {
				t.Fatalf("%v: finds somebody of whom a lookup tells %v", q, one.err)
			}
		}
	})
	if found < 15 {
		t.Errorf("%d found: too few to tell", found)
	}
}

// A search for persons shows of each what a lookup shows, to the byte, and counting tells about how many.
func TestASearchShowsWhatALookupShows(t *testing.T) {
	c := newChance(t)
	shown := 0
	rapid.Check(t, func(t *rapid.T) {
		q := c.request(t, policy.Personsoek)
		q.by = c.some(t, c.person(t), "etternavn", "adressenavn", "husnummer", "postnummer", "kommunenummer")
		found := c.tell(c.t.Context(), q)
		accounted(t, q, found, c.taken(t))
		for _, a := range found.answers[:min(3, len(found.answers))] {
			shown++
			if one := c.lookup(t, q, a.ID); one.err != nil || !within(t, a.JSON, one.answers[0].JSON) || (len(q.by) == 1 && !bytes.Equal(a.JSON, one.answers[0].JSON)) {
				t.Fatalf("%v: shows %s, a lookup %v", q, a.JSON, one)
			}
		}
		q.Ask.Action = policy.Antallsoek
		counted := c.tell(c.t.Context(), q)
		accounted(t, q, counted, c.taken(t))
		if counted.err == nil && found.err == nil && (counted.count.Fra > len(found.answers) || counted.count.Til < len(found.answers)) {
			t.Fatalf("%v: counts %+v, finds %d", q, *counted.count, len(found.answers))
		}
	})
	if shown < 15 {
		t.Errorf("%d shown: too few to tell", shown)
	}
}

// Asking for more shows no less of what was asked for, and asking for less shows no more.
func TestAPartShowsTheSameAmongOthers(t *testing.T) {
	c := newChance(t)
	shown := 0
	rapid.Check(t, func(t *rapid.T) {
		q := c.request(t, policy.Oppslag)
		id := c.person(t)
		whole := c.lookup(t, q, id)
		if whole.err != nil || len(q.Ask.Parts) == 0 {
			return
		}
		part := rapid.SampledFrom(q.Ask.Parts).Draw(t, "alone")
		parts := []string{part}
		if slices.Contains(q.Ask.Parts, "historikk") {
			parts = append(parts, "historikk")
		}
		alone := c.lookup(t, q, id, parts...)
		if alone.err != nil {
			t.Fatalf("%v: %s alone is refused: %v", q, part, alone.err)
		}
		var in, by map[string]json.RawMessage
		if json.Unmarshal(whole.answers[0].JSON, &in) != nil || json.Unmarshal(alone.answers[0].JSON, &by) != nil {
			t.Fatal("no JSON")
		}
		for property := range by {
			shown++
			if part != "historikk" && part != "person-basis" && !bytes.Equal(in[property], by[property]) {
				t.Fatalf("%v: %s alone is %s, among others %s", q, property, by[property], in[property])
			}
		}
	})
	if shown < 25 {
		t.Errorf("%d shown: too few to tell", shown)
	}
}

// within reports whether every property of a is in b, the same.
func within(t fataler, a, b []byte) bool {
	t.Helper()
	var in, of map[string]json.RawMessage
	if json.Unmarshal(a, &in) != nil || json.Unmarshal(b, &of) != nil {
		t.Fatal("no JSON")
	}
	for property := range in {
		if !bytes.Equal(in[property], of[property]) {
			return false
		}
	}
	return true
}
