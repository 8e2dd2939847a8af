package disclosure_test

import (
	"encoding/json"
	"slices"
	"testing"
	"testing/fstest"

	"hjemmel/shared/fault"
	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// rewritten puts a document of the population into the folder that overrides it, after change has had
// its way with it.
func rewritten(t *testing.T, name string, change func(doc map[string][]map[string]any)) func(*hosttest.Options) {
	t.Helper()
	people, err := population.New(population.Config{Size: 400})
	if err != nil {
		t.Fatal(err)
	}
	var b document.Builder
	d, _, _ := people.Document(&b, people.Named()[name].Reveal())
	var doc map[string][]map[string]any
	if err := json.Unmarshal(d.Raw, &doc); err != nil {
		t.Fatal(err)
	}
	change(doc)
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	file := name + "-" + people.Named()[name].Reveal() + ".json"
	return func(o *hosttest.Options) { o.Documents = fstest.MapFS{file: {Data: raw}} }
}

// A search that names a person is written down under the number in use, in whatever order the
// register tells them.
func TestTheEntryIsAboutTheNumberInUse(t *testing.T) {
	w := newWorld(t, rewritten(t, "dublett", func(doc map[string][]map[string]any) {
		numbers := doc["identifikasjonsnummer"]
		slices.Reverse(numbers)
		if len(numbers) != 2 || numbers[0]["status"] != "opphoert" {
			t.Fatalf("%v", numbers)
		}
	}))
	q := w.exactly("dublett").parts("navn", "historikk")
	a := w.tell(t.Context(), q)
	leaves := w.taken(t)
	accounted(t, q, a, leaves)
	if a.err != nil || leaves[0].Person != w.number("dublett") {
		t.Errorf("written under another number: %v", a.err)
	}
}

// Without a number there is nobody to write down, so there is nothing to tell.
func TestAPersonWithoutANumberIsNotTold(t *testing.T) {
	w := newWorld(t, rewritten(t, "vanlig", func(doc map[string][]map[string]any) { delete(doc, "identifikasjonsnummer") }))
	q := w.exactly("vanlig")
	a := w.tell(t.Context(), q)
	lost(t, "no number", a, "FOLKEREGISTERET_UTILGJENGELIG")
	accounted(t, q, a, w.taken(t))
}

// exactly searches for one person of the population, in a role that sees everything.
func (w *world) exactly(name string) question {
	w.t.Helper()
	w.plant(w.everything("alt", "BARNEVERN"))
	p := w.residents()[w.number(name)]
	n := p.Navn[len(p.Navn)-1]
	return w.asks("vendor 1", "alt", policy.EntydigSoek).criteria("navn", n.Fornavn+" "+n.Etternavn, "identifikasjonsnummer", p.ID.Reveal())
}

// A lookup is about one person. Anything else is refused, not guessed.
func TestALookupIsAboutOnePerson(t *testing.T) {
	w := newWorld(t)
	for _, subjects := range [][]person.ID{{}, {w.number("vanlig"), w.number("barn")}} {
		q := w.asks("vendor 1", role(1), policy.Oppslag, subjects...)
		d, err := w.desk.Disclose(t.Context(), q.Request)
		a := single(d, err, person.ID{})
		accounted(t, q, a, w.taken(t))
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%d subjects: %v", len(subjects), err)
		}
	}
}
