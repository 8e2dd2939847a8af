package disclosure_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hjemmel/shared/disclosure"
	"hjemmel/shared/freg"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/store/storetest"
)

// actions are those that can be asked.
var actions = []policy.Action{policy.Oppslag, policy.Bulkoppslag, policy.SoekTreff, policy.EntydigSoek, policy.Oppvekst, policy.Personsoek, policy.Antallsoek}

// chance makes questions up.
type chance struct {
	*world
	all     map[person.ID]resident
	pool    []person.ID // of whom the protected and the special stand several times
	holders map[string][]string
	held    map[string][]string // role → opplysninger
}

func newChance(t *testing.T, options ...func(*hosttest.Options)) *chance {
	c := &chance{world: newWorld(t, options...), held: map[string][]string{}, holders: map[string][]string{
		"vendor 1": {role(1), role(2), role(3), role(4), role(5)}, "vendor 2": {role(6), role(7), role(8), role(9), role(10), role(11)},
		"ansatt-01": {role(1)}, "ansatt-02": {role(3)}, "ansatt-06": {role(10), role(6)}, "ansatt-07": {role(7), role(9)}, "ansatt-01 via 1": {role(1)},
	}}
	c.all = c.residents()
	for f := range c.Freg.Population().Each {
		c.pool = append(c.pool, f.ID)
		if c.all[f.ID].protected(true) || !f.Former.IsZero() {
			c.pool = append(c.pool, f.ID, f.ID, f.ID)
		}
		if !f.Former.IsZero() {
			c.pool = append(c.pool, f.Former)
		}
	}
	for name, id := range c.Freg.Population().Named() {
		if !strings.HasPrefix(name, "gammelt") {
			c.pool = append(c.pool, id, id)
		}
	}
	c.pool = append(c.pool, unknownPerson(c.world), unknownPerson(c.world))
	for _, r := range c.Demo.Roller {
		c.held[r.ID] = r.Opplysninger
	}
	c.strange()
	c.plant(c.everything("skole", "OPPVEKST"))
	return c
}

// strange plants roles with a third of what an area has, some for a few municipalities.
func (c *chance) strange() {
	rnd := rand.New(rand.NewPCG(7, 9))
	for i, a := range katalog.Standard().Tjenesteomraader {
		if !a.Gyldig || i%3 > 0 {
			continue
		}
		r := c.everything(fmt.Sprintf("tilfeldig-%d", i), a.Kode)
		r.Opplysninger = slices.DeleteFunc(r.Opplysninger, func(string) bool { return rnd.IntN(3) > 0 })
		if i%2 == 0 {
			for range 40 {
				r.Kommuner = append(r.Kommuner, c.all[c.pool[rnd.IntN(len(c.pool))]].kommune)
			}
		}
		c.plant(r)
		c.held[r.ID] = r.Opplysninger
		for _, who := range []string{"vendor 1", "ansatt-01"} {
			c.holders[who] = append(c.holders[who], r.ID)
		}
	}
}

func (c *chance) person(t *rapid.T) person.ID { return rapid.SampledFrom(c.pool).Draw(t, "person") }

// request is a caller in a role of theirs, mostly, with parts that the role has, mostly.
func (c *chance) request(t *rapid.T, action policy.Action) question {
	caller := rapid.SampledFrom(sortedKeys(c.holders)).Draw(t, "caller")
	rolle := rapid.SampledFrom(append(c.holders[caller], c.holders[caller]...)).Draw(t, "role")
	if rapid.IntRange(0, 19).Draw(t, "odd role") == 0 {
		rolle = rapid.SampledFrom([]string{"", "..", role(99), role(7)}).Draw(t, "odd role id")
	}
	q := c.asks(caller, rolle, action)
	q.Ask.Parts = c.parts(t, rolle)
	if rapid.Bool().Draw(t, "purpose") {
		q.Ask.Formaal = "2026/17"
	}
	if rapid.IntRange(0, 2).Draw(t, "confirmed") == 0 {
		q.Ask.Bekreftelse = "trenger adressen for å nå frem"
	}
	return q
}

func (c *chance) parts(t *rapid.T, rolle string) (parts []string) {
	for _, kode := range c.held[rolle] {
		part, _, _ := strings.Cut(kode, ".")
		if part != "registermetadata" && !slices.Contains(parts, part) && rapid.IntRange(0, 3).Draw(t, part) > 0 {
			parts = append(parts, part)
		}
	}
	if rapid.IntRange(0, 9).Draw(t, "odd part") == 0 {
		parts = append(parts, rapid.SampledFrom([]string{"person-basis", "relasjon-utvidet", "opphold", "skostoerrelse", "historikk"}).Draw(t, "part"))
	}
	return parts
}

// question is any question.
func (c *chance) question(t *rapid.T) question {
	action := rapid.SampledFrom(actions).Draw(t, "action")
	q := c.request(t, action)
	switch action {
	case policy.Oppslag:
		q.Ask.Subjects = []person.ID{c.person(t)}
	case policy.Bulkoppslag:
		q.Ask.Subjects = rapid.SliceOfN(rapid.SampledFrom(c.pool), 1, 12).Draw(t, "persons")
		q.somBestilt = rapid.Bool().Draw(t, "somBestilt")
	case policy.Oppvekst:
		q.Ask.Parts, q.Ask.Subjects = nil, rapid.SliceOfNDistinct(rapid.SampledFrom(c.pool), 1, 12, rapid.ID[person.ID]).Draw(t, "children")
		if rapid.IntRange(0, 3).Draw(t, "school") > 0 {
			q.RolleID = "skole"
		}
	case policy.OppvekstAnsvarlig, policy.Innbyggerliste, policy.InnbyggerlisteSoek: // nobody asks so at once
	case policy.SoekTreff:
		q.by = c.some(t, c.person(t), "etternavn", "kjoenn", "adressenavn", "postnummer", "kommunenummer", "fylkesnummer", "inkluderDoede", "opplysningsgrunnlag", "maksTreff")
	case policy.Personsoek, policy.Antallsoek:
		q.by = c.some(t, c.person(t), "etternavn", "navn", "kjoenn", "adressenavn", "husnummer", "postnummer", "kommunenummer", "fylkesnummer", "inkluderDoede", "opplysningsgrunnlag")
		if q.by["navn"] == "" {
			q.by["navn"] = rapid.SampledFrom([]string{"HANSEN", c.by(c.person(t))["etternavn"]}).Draw(t, "name")
		}
		q.most = rapid.SampledFrom([]int{1, 2, 1000}).Draw(t, "most")
	case policy.EntydigSoek:
		q.by = c.some(t, c.person(t), "adressenavn", "postnummer", "opplysningsgrunnlag")
		if p := c.by(c.person(t)); rapid.IntRange(0, 4).Draw(t, "exact") > 0 {
			q.by = c.some(t, q.subject(p), "adressenavn", "postnummer")
			q.by["navn"], q.by["identifikasjonsnummer"] = p["navn"], p["identifikasjonsnummer"]
		}
	}
	return q
}

// subject is whom exact criteria name.
func (q question) subject(by freg.Criteria) person.ID {
	id, _ := person.ParseID(by["identifikasjonsnummer"])
	return id
}

// some are a few of the criteria that fit the person.
func (c *chance) some(t *rapid.T, id person.ID, names ...string) freg.Criteria {
	all, by := c.by(id), freg.Criteria{}
	for _, name := range names {
		if v := all[name]; v != "" && rapid.IntRange(0, 2).Draw(t, name) == 0 {
			by[strings.Replace(name, "etternavn", "navn", 1)] = v
		}
	}
	return by
}

// by are all criteria that fit a person.
func (c *chance) by(id person.ID) freg.Criteria {
	p := c.all[id]
	by := freg.Criteria{"kjoenn": p.Kjoenn, "inkluderDoede": "true", "opplysningsgrunnlag": "historisk", "maksTreff": "3"}
	if n := len(p.Navn); n > 0 {
		by["etternavn"], by["navn"], by["identifikasjonsnummer"] = p.Navn[n-1].Etternavn, p.Navn[n-1].Fornavn+" "+p.Navn[n-1].Etternavn, id.Reveal()
	}
	if n := len(p.Adresser); n > 0 {
		a := p.Adresser[n-1]
		by["husnummer"] = a.Husnummer
		by["adressenavn"], by["postnummer"], by["kommunenummer"], by["fylkesnummer"] = a.Adressenavn, a.Postnummer, a.Kommunenummer, a.Kommunenummer[:2]
	}
	return by
}

func sortedKeys(m map[string][]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Whoever asks whatever in whatever order, every person answered about has one leaf and every leaf an
// answer, with the very elements that left.
func TestEveryAnswerHasALeafAndEveryLeafAnAnswer(t *testing.T) {
	c := newChance(t)
	answered, refused := map[policy.Action]int{}, map[policy.Action]int{}
	rapid.Check(t, func(t *rapid.T) {
		for range rapid.IntRange(2, 8).Draw(t, "asks") {
			q := c.question(t)
			a := c.tell(t.Context(), q)
			accounted(t, q, a, c.taken(t))
			if a.err == nil {
				answered[q.Ask.Action]++
			} else {
				refused[q.Ask.Action]++
			}
		}
	})
	for _, action := range actions {
		if answered[action] < 8 || refused[action] < 3 {
			t.Errorf("%s: %d answered, %d refused: too few to tell", action, answered[action], refused[action])
		}
	}
}

// The same with faults among the questions: what is not written is not told.
func TestWhatIsNotWrittenIsNotTold(t *testing.T) {
	c := newChance(t)
	faults := map[string]func(){
		"failAppendAndNotPersisted": func() { c.store.FailCommit(storetest.Before, 1) },
		"failAppendButPersisted":    func() { c.store.FailCommit(storetest.After, 1) },
		"the store is gone":         func() { c.store.Crash(storetest.Before, 1) },
		"reads fail":                func() { c.store.FailReads(2) },
		"the register is down":      func() { down := func(w http.ResponseWriter) bool { return ways["503"](w) }; c.outside.Store(&down) },
		"nothing":                   func() {},
	}
	names := []string{"failAppendAndNotPersisted", "failAppendButPersisted", "the store is gone", "reads fail", "the register is down", "nothing"}
	rapid.Check(t, func(t *rapid.T) {
		for range rapid.IntRange(1, 4).Draw(t, "asks") {
			q, what := c.question(t), rapid.SampledFrom(names).Draw(t, "fault")
			faults[what]()
			a := c.tell(t.Context(), q)
			leaves := c.taken(t)
			c.calm()
			if a.err == nil || errors.As(a.err, new(*disclosure.Refusal)) {
				accounted(t, q, a, leaves)
			} else if !a.empty() || (len(leaves) > 0 && what != "failAppendButPersisted") {
				t.Fatalf("%v with %s: %d leaves, told %v", q, what, len(leaves), a.err)
			}
		}
	})
}
