package freg_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"hjemmel/shared/fault"
	"hjemmel/shared/freg"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

func TestBulkComesAsOrdered(t *testing.T) {
	w := newWorld(t, options{})
	unknown := strangers(t, 1)[0]
	ids := []person.ID{named(t, "vanlig"), named(t, "barn"), unknown, named(t, "vanlig"), named(t, "skilt")}
	got, err := w.client.Persons(t.Context(), about(t, "navn", ids...), ids, true)
	if err != nil || len(got) != len(ids) {
		t.Fatalf("%d answers: %v", len(got), err)
	}
	for i, a := range got {
		if a.ID != ids[i] || (a.Person.Document == nil) != (a.ID == unknown) {
			t.Errorf("answer %d is another's", i)
		}
		if a.Person.Document != nil && !slices.Contains(a.Person.Document.Numbers(), a.ID) {
			t.Errorf("answer %d holds another's document", i)
		}
	}
	free, err := w.client.Persons(t.Context(), about(t, "navn", ids...), ids, false)
	seen := map[person.ID]int{}
	for _, a := range free {
		seen[a.ID]++
	}
	if err != nil || len(seen) != 4 || len(free) != 4 {
		t.Errorf("without an order %d answers about %d: %v", len(free), len(seen), err)
	}
}

func TestAThousandPersonsAreOneQuestion(t *testing.T) {
	w := newWorld(t, options{})
	var ids []person.ID
	for f := range people().Each {
		ids = append(ids, f.ID)
	}
	ids = append(ids, strangers(t, freg.MaxBulk-len(ids))...)
	got, err := w.client.Persons(t.Context(), about(t, "navn", ids...), ids, true)
	if err != nil || len(got) != freg.MaxBulk || w.questions() != 1 || w.register.Requests()[0].IDs != freg.MaxBulk {
		t.Errorf("%d answers to %d questions: %v", len(got), w.questions(), err)
	}
}

// answering lets the register answer a bulk lookup, the first or the one about relatives, with a
// text of the test's.
func (w *world) answering(relatives bool, status int, text string) {
	w.first(func(rw http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/bulkoppslag") || relatives != (r.URL.Query().Get("part") == "adressebeskyttelse") {
			return false
		}
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(status)
		_, _ = io.WriteString(rw, text)
		return true
	})
}

// An answer is believed as a whole or not at all.
func TestBulkAnswersThatAreNotBelieved(t *testing.T) {
	ids := strangers(t, 3)
	one := func(id, more string) string { return fmt.Sprintf(`{"foedselsEllerDNummer":%q%s}`, id, more) }
	asked, doc := one(ids[0].Reveal(), `,"folkeregisterperson":{"navn":[]}`), `,"folkeregisterperson":{}`
	for name, text := range map[string]string{
		"somebody nobody asked for": `{"oppslag":[` + asked + `,` + one(ids[2].Reveal(), doc) + `]}`,
		"the same without document": `{"oppslag":[` + asked + `,` + one(ids[2].Reveal(), "") + `]}`,
		"an impossible number":      `{"oppslag":[` + one("14827849806", doc) + `]}`, "no number": `{"oppslag":[{"folkeregisterperson":{}}]}`,
		"a number as a number": `{"oppslag":[{"foedselsEllerDNummer":` + ids[0].Reveal() + `,"folkeregisterperson":{}}]}`,
		"names twice":          `{"oppslag":[` + one(ids[0].Reveal(), `,"folkeregisterperson":{"navn":1,"navn":2}`) + `]}`,
		"two numbers":          `{"oppslag":[` + one(ids[0].Reveal(), `,"foedselsEllerDNummer":"`+ids[1].Reveal()+`"`) + `]}`,
		"cut off":              `{"oppslag":[` + asked, "a list": `[` + asked + `]`, "nothing": ``, "null": `null`, "more after it": `{"oppslag":[]}{}`,
		"oppslag is an object": `{"oppslag":{}}`, "no oppslag": `{}`,
	} {
		w := newWorld(t, options{direct: true})
		w.answering(false, http.StatusOK, text)
		got, err := w.client.Persons(t.Context(), about(t, "navn", ids[:2]...), ids[:2], true)
		if !fault.Is(err, fault.Unavailable) || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		if err != nil {
			silent(t, err, ids[0].Reveal(), ids[1].Reveal(), ids[2].Reveal(), "oppslag")
		}
	}
	w := newWorld(t, options{direct: true})
	w.answering(false, http.StatusNotFound, `{"kode":"FREG-001"}`) // false 404s happen (Skatteetaten, driftsmeldinger)
	if _, err := w.client.Persons(t.Context(), about(t, "navn", ids[0]), ids[:1], true); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a 404 about nobody: %v", err)
	}
}

// family is a register of some persons, named by letters, each with a grading and relatives.
type family struct {
	*world
	ids map[string]person.ID
}

// newFamily reads lines like "a fortrolig: b c"; "b: a" is somebody ungraded. Who is a relative only
// is nobody in the register.
func newFamily(t *testing.T, lines ...string) *family {
	t.Helper()
	f := &family{ids: map[string]person.ID{}}
	spare := strangers(t, 100)
	id := func(name string) person.ID {
		if f.ids[name].IsZero() {
			f.ids[name], spare = spare[0], spare[1:]
		}
		return f.ids[name]
	}
	docs := fstest.MapFS{}
	for _, line := range lines {
		head, tail, _ := strings.Cut(line, ":")
		who := append(strings.Fields(head), "")
		var relatives []person.ID
		for name := range strings.FieldsSeq(tail) {
			relatives = append(relatives, id(name))
		}
		docs[who[0]+".json"] = record(t, id(who[0]), who[1], relatives...)
	}
	f.world = newWorld(t, options{direct: true, documents: docs})
	return f
}

// ask gives each person's gravest relative in a bulk lookup, and the numbers of persons in each
// request that reached the register.
func (f *family) ask(t *testing.T, names, parts string) (slekt []person.Gradering, ids []int) {
	t.Helper()
	var about0 []person.ID
	for name := range strings.FieldsSeq(names) {
		about0 = append(about0, f.ids[name])
	}
	got, err := f.client.Persons(t.Context(), about(t, parts, about0...), about0, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range got {
		slekt = append(slekt, a.Person.Slekt)
	}
	for _, r := range f.register.Requests() {
		ids = append(ids, r.IDs)
	}
	return slekt, ids
}

func TestRelativesAreJudged(t *testing.T) {
	const none, client, secret, strict, unknown = person.Ugradert, person.Klientadresse, person.Fortrolig, person.StrengtFortrolig, person.UkjentGradering
	grades := func(g ...person.Gradering) []person.Gradering { return g }
	for name, c := range map[string]struct {
		lines []string
		names string
		want  []person.Gradering
		ids   []int // persons in each request
	}{
		"nobody":                                       {[]string{"a:"}, "a", grades(none), []int{1}},
		"ungraded family":                              {[]string{"a: b c", "b:", "c: a"}, "a", grades(none), []int{1, 2}},
		"a graded relative":                            {[]string{"a: b c", "b:", "c fortrolig:"}, "a", grades(secret), []int{1, 2}},
		"the gravest of them":                          {[]string{"a: b c d", "b klientadresse:", "c strengtFortrolig:", "d fortrolig:"}, "a", grades(strict), []int{1, 3}},
		"klientadresse too":                            {[]string{"a: b", "b klientadresse:"}, "a", grades(client), []int{1, 1}},
		"a level that we cannot read":                  {[]string{"a: b", "b nyttNivaa:"}, "a", grades(unknown), []int{1, 1}},
		"a graded relative in the same answer":         {[]string{"a: b", "b fortrolig: a"}, "a b", grades(secret, none), []int{2}},
		"an ungraded one in the same answer":           {[]string{"a: b", "b: a"}, "a b", grades(none, none), []int{2}},
		"one of two in the same answer":                {[]string{"a: b c", "b: a", "c fortrolig:"}, "a b", grades(secret, none), []int{2, 1}},
		"a graded person's family is not asked about":  {[]string{"a fortrolig: b c", "b strengtFortrolig:", "c:"}, "a", grades(none), []int{1}},
		"a family that several share is asked of once": {[]string{"a: d e", "b: d e", "c: e d d", "d fortrolig:", "e:"}, "a b c", grades(secret, secret, secret), []int{3, 2}},
		"the family of one who is asked of twice":      {[]string{"a: b", "b fortrolig:"}, "a a", grades(secret, secret), []int{2, 1}},
		"a relative whom the register does not know":   {[]string{"a: b c", "b:"}, "a", grades(unknown), []int{1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFamily(t, c.lines...)
			if slekt, ids := f.ask(t, c.names, "bostedsadresse"); !slices.Equal(slekt, c.want) || !slices.Equal(ids, c.ids) {
				t.Errorf("%v by requests of %v, want %v by %v", slekt, ids, c.want, c.ids)
			}
			if slekt, _ := newFamily(t, c.lines...).ask(t, c.names, "navn"); slices.Max(slekt) != none {
				t.Errorf("judged where no address leaves: %v", slekt)
			}
		})
	}
}

// The two ways of asking about one person judge as the bulk does, and the register's silence about a
// number that is no longer in use counts as a grading.
func TestRelativesOfOnePerson(t *testing.T) {
	f := newFamily(t, "a: b", "b fortrolig:")
	p, err := f.client.Person(t.Context(), about(t, "bostedsadresse", f.ids["a"]), f.ids["a"])
	if err != nil || p.Slekt != person.Fortrolig {
		t.Errorf("%v, %v", p.Slekt, err)
	}
	id := named(t, "barnUtenGraderingHosFortrolig")
	by := freg.Criteria{"navn": nameOf(t, "barnUtenGraderingHosFortrolig"), "identifikasjonsnummer": id.Reveal()}
	p, err = f.client.Unique(t.Context(), searching(t, policy.EntydigSoek, "bostedsadresse", by.Names()...), by)
	if err != nil || p.Slekt != person.Fortrolig {
		t.Errorf("%v, %v", p.Slekt, err)
	}
	old := strangers(t, 2)
	changed, err := json.Marshal(map[string]any{
		"identifikasjonsnummer": []any{map[string]any{"foedselsEllerDNummer": named(t, "postboks").Reveal(), "status": "iBruk"}, map[string]any{"foedselsEllerDNummer": old[0].Reveal(), "status": "opphoert"}},
		"adressebeskyttelse":    []any{map[string]any{"erGjeldende": true, "graderingsnivaa": "strengtFortrolig"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, options{direct: true, documents: fstest.MapFS{"a.json": record(t, old[1], "", old[0]), "b.json": {Data: changed}}})
	p, err = w.client.Person(t.Context(), about(t, "bostedsadresse", old[1]), old[1])
	if err != nil || p.Slekt < person.Fortrolig {
		t.Errorf("a relative known by a former number is taken for ungraded: %v, %v", p.Slekt, err)
	}
}

// When the family cannot be judged there is no answer, however well the first question went.
func TestARelativesQuestionThatFails(t *testing.T) {
	f := newFamily(t, "a: b", "b:")
	a, g := f.ids["a"], about(t, "bostedsadresse", f.ids["a"])
	for name, c := range map[string]struct {
		status int
		text   string
		kind   fault.Kind
	}{
		"down": {503, `{}`, fault.Unavailable}, "too fast": {429, `{}`, fault.TooMany}, "not found": {404, `{}`, fault.Unavailable}, "cut": {200, `{"oppslag":[`, fault.Unavailable},
		"refused": {403, `{}`, fault.Unavailable}, "another person": {200, `{"oppslag":[{"foedselsEllerDNummer":"` + strangers(t, 50)[49].Reveal() + `"}]}`, fault.Unavailable},
	} {
		f.answering(true, c.status, c.text)
		p, err := f.client.Person(t.Context(), g, a)
		if !fault.Is(err, c.kind) || p.Document != nil {
			t.Errorf("%s, one person: %v", name, err)
		}
		many, err := f.client.Persons(t.Context(), g, []person.ID{a}, true)
		if !fault.Is(err, c.kind) || many != nil {
			t.Errorf("%s, bulk: %v", name, err)
		}
	}
	f.answering(true, 200, `{"oppslag":[]}`) // silence about the relative
	if p, err := f.client.Person(t.Context(), g, a); err != nil || p.Slekt != person.UkjentGradering {
		t.Errorf("a relative who is left out: %v, %v", p.Slekt, err)
	}
}

// More relatives than one question takes are asked about in several, and all of them count.
func TestAThousandRelatives(t *testing.T) {
	all := strangers(t, 1203)
	who, kin := all[:3], all[3:]
	docs := fstest.MapFS{"last.json": record(t, kin[1199], "fortrolig")}
	for i, id := range who {
		docs[fmt.Sprintf("%d.json", i)] = record(t, id, "", kin[i*400:(i+1)*400]...)
	}
	for i, id := range kin[:1199] {
		docs[fmt.Sprintf("kin%d.json", i)] = record(t, id, "")
	}
	w := newWorld(t, options{direct: true, documents: docs})
	got, err := w.client.Persons(t.Context(), about(t, "bostedsadresse", who...), who, true)
	if err != nil || got[0].Person.Slekt != person.Ugradert || got[1].Person.Slekt != person.Ugradert || got[2].Person.Slekt != person.Fortrolig {
		t.Fatalf("%v", err)
	}
	var ids []int
	for _, r := range w.register.Requests() {
		if ids = append(ids, r.IDs); r.Resource != fregsim.Bulkoppslag {
			t.Errorf("asked %s", r.Resource)
		}
	}
	if !slices.Equal(ids, []int{3, 1000, 200}) {
		t.Errorf("asked about %v", ids)
	}
}
