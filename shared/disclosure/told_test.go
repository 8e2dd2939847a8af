package disclosure_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hjemmel/shared/audit"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/freg"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

// question is one ask at the desk, by any of its ways.
type question struct {
	disclosure.Request
	by         freg.Criteria
	somBestilt bool
	most       int // of a search for persons; 0 is 10 000
}

func (w *world) asks(caller, rolle string, action policy.Action, subjects ...person.ID) question {
	w.t.Helper()
	return question{Request: disclosure.Request{Who: w.caller(caller), RolleID: rolle, RequestID: "r", Ask: policy.Ask{Action: action, Subjects: subjects}}}
}

func (q question) parts(parts ...string) question {
	q.Ask.Parts = parts
	return q
}

func (q question) criteria(pairs ...string) question {
	q.by = freg.Criteria{}
	for i := 0; i < len(pairs); i += 2 {
		q.by[pairs[i]] = pairs[i+1]
	}
	return q
}

func (q question) String() string {
	return fmt.Sprintf("%s in %.8s, %d subjects, parts %v, by %v", q.Ask.Action, q.RolleID, len(q.Ask.Subjects), q.Ask.Parts, q.by)
}

// sought is whom a search for persons is for. What the register cannot search by stands among the
// criteria, by the names that the log has.
func (q question) sought() disclosure.Sought {
	s := disclosure.Sought{By: maps.Clone(q.by), Bruksenhet: q.by["bruksenhetsnummer"], Most: cmp.Or(q.most, 10_000)}
	delete(s.By, "bruksenhetsnummer")
	if k := q.by["kommunenummer"]; strings.Contains(k, " ") {
		s.Kommuner = strings.Fields(k)
		delete(s.By, "kommunenummer")
	}
	return s
}

// told is what came out of the desk.
type told struct {
	answers []disclosure.Answer
	through []disclosure.Answer // found through those asked about, and written before them
	hits    []person.ID
	count   *disclosure.Count
	receipt audit.Receipt
	err     error
}

// empty reports whether nothing at all was told.
func (a told) empty() bool {
	return len(a.answers)+len(a.through) == 0 && len(a.hits) == 0 && a.count == nil && !a.receipt.Valid()
}

func (w *world) tell(ctx context.Context, q question) told {
	switch q.Ask.Action {
	case policy.Oppslag:
		d, err := w.desk.Disclose(ctx, q.Request)
		return single(d, err, q.Ask.Subjects[0])
	case policy.Bulkoppslag:
		b, err := w.desk.DiscloseMany(ctx, q.Request, q.somBestilt)
		return told{answers: b.Answers, receipt: b.Receipt, err: err}
	case policy.SoekTreff:
		h, err := w.desk.Search(ctx, q.Request, q.by)
		return told{hits: h.IDs, receipt: h.Receipt, err: err}
	case policy.Personsoek:
		b, err := w.desk.Find(ctx, q.Request, q.sought())
		return told{answers: b.Answers, receipt: b.Receipt, err: err}
	case policy.Antallsoek:
		n, err := w.desk.Count(ctx, q.Request, q.sought())
		if err != nil {
			return told{err: err, receipt: n.Receipt}
		}
		return told{count: &n, receipt: n.Receipt}
	case policy.EntydigSoek:
		d, err := w.desk.Unique(ctx, q.Request, q.by)
		return single(d, err, person.ID{})
	case policy.Oppvekst:
		f, err := w.desk.Oppvekst(ctx, q.Request)
		return told{answers: f.Barn.Answers, through: f.Ansvarlige, receipt: f.Barn.Receipt, err: err}
	case policy.OppvekstAnsvarlig, policy.Innbyggerliste, policy.InnbyggerlisteSoek: // nobody asks so at once
	}
	panic(q.Ask.Action)
}

func single(d disclosure.Disclosure, err error, id person.ID) told {
	a := told{receipt: d.Receipt, err: err}
	if d.JSON != nil {
		a.answers = []disclosure.Answer{{ID: id, JSON: d.JSON}}
	}
	return a
}

// accounted checks that what was told and what is in the log are the same: one leaf for each answer,
// about the same person, with the very codes that left, and no leaf more.
func accounted(t fataler, q question, a told, leaves []audit.Entry) {
	t.Helper()
	refusal, refused := errors.AsType[*disclosure.Refusal](a.err)
	switch {
	case refused:
		if !a.empty() {
			t.Fatalf("%v: refused, and yet something is told", q)
		}
		refusedOnce(t, q, refusal, leaves)
	case a.err != nil:
		t.Fatalf("%v: neither told nor written: %v", q, a.err)
	default:
		answered(t, q, a, leaves)
	}
}

func refusedOnce(t fataler, q question, r *disclosure.Refusal, leaves []audit.Entry) {
	t.Helper()
	if len(leaves) != max(1, len(q.Ask.Subjects)) {
		t.Fatalf("%v: %d leaves for a refusal", q, len(leaves))
	}
	receiptFor(t, q, r.Receipt, leaves)
	for i, e := range leaves {
		if e.Utfall == audit.Utlevert || len(e.Levert) > 0 || e.Avdekket || e.Feilkode != r.Fault.Code || e.Utfall != outcomeOf(r.Fault, e) {
			t.Fatalf("%v: refused with %s, written as %+v", q, r.Fault.Code, e)
		}
		if len(q.Ask.Subjects) > 0 && e.Person != q.Ask.Subjects[i] {
			t.Fatalf("%v: leaf %d is about somebody else", q, i)
		}
		common(t, q, e)
	}
}

// outcomeOf is what a refusal must be written as. A search that found somebody whom the role may not
// find is told as one without hits, and written as what it is.
func outcomeOf(f *fault.Error, e audit.Entry) audit.Utfall {
	if strings.HasPrefix(f.Code, "FOLKEREGISTERET_") {
		return audit.Feilet
	}
	switch f.Kind {
	case fault.NotFound:
		if len(e.Regler) > 0 && !e.Person.IsZero() {
			return audit.Avslag
		}
		return audit.IngenData
	case fault.Unavailable, fault.TooMany, fault.Internal:
		return audit.Feilet
	default:
		return audit.Avslag
	}
}

func answered(t fataler, q question, a told, leaves []audit.Entry) {
	t.Helper()
	last := 0
	if q.Ask.Action.Listing() {
		last = 1
	}
	if len(leaves) >= len(a.through) {
		through := q
		through.Ask.Action = policy.OppvekstAnsvarlig
		delivered(t, through, a.through, leaves)
		leaves = leaves[len(a.through):]
	}
	if len(leaves) != len(a.answers)+len(a.hits)+last {
		t.Fatalf("%v: %d answers and %d hits have %d leaves", q, len(a.answers), len(a.hits), len(leaves))
	}
	if last == 1 {
		receiptFor(t, q, a.receipt, leaves[len(leaves)-1:])
	} else {
		receiptFor(t, q, a.receipt, leaves)
	}
	delivered(t, q, a.answers, leaves)
	for i, id := range a.hits {
		common(t, q, leaves[i])
		if leaves[i].Person != id || leaves[i].Utfall != audit.Utlevert || !slices.Equal(leaves[i].Levert, []string{"identifikasjonsnummer.foedselsEllerDNummer"}) {
			t.Fatalf("%v: hit %d is written as %+v", q, i, leaves[i])
		}
	}
	if last == 1 {
		e, n := leaves[len(leaves)-1], len(a.hits)+len(a.answers)
		if e.Treff != nil && a.count != nil && *e.Treff >= a.count.Fra && *e.Treff <= a.count.Til {
			n = *e.Treff
		}
		if e.Treff == nil || *e.Treff != n || !e.Person.IsZero() || len(e.Levert) > 0 || (e.Utfall == audit.IngenData) != (n == 0) {
			t.Fatalf("%v: the search is written as %+v", q, e)
		}
	}
}

// delivered checks that the first leaves are those of the answers.
func delivered(t fataler, q question, answers []disclosure.Answer, leaves []audit.Entry) {
	t.Helper()
	for i, answer := range answers {
		told, leaf := answer, leaves[i]
		common(t, q, leaf)
		if (told.JSON == nil) == (told.Feil == nil) || (told.JSON != nil) != (leaf.Utfall == audit.Utlevert) {
			t.Fatalf("%v: an answer of %d bytes with %v is written as %s", q, len(told.JSON), told.Feil, leaf.Utfall)
		}
		if !told.ID.IsZero() && leaf.Person != told.ID || leaf.Person.IsZero() {
			t.Fatalf("%v: leaf %d is about somebody else", q, i)
		}
		if told.Feil != nil && leaf.Feilkode != told.Feil.Code {
			t.Fatalf("%v: told %s, written %s", q, told.Feil.Code, leaf.Feilkode)
		}
		if want := codes(t, told.JSON); !slices.Equal(slices.Sorted(slices.Values(leaf.Levert)), want) {
			t.Fatalf("%v: the entry lists %v, and %v left", q, leaf.Levert, want)
		}
	}
}

func receiptFor(t fataler, q question, r audit.Receipt, leaves []audit.Entry) {
	t.Helper()
	if r.Count() != len(leaves) || r.EntryID() != fmt.Sprintf("%s-%d", leaves[0].Skriver, leaves[0].Nr) {
		t.Fatalf("%v: receipt %s for %d leaves", q, r, len(leaves))
	}
}

// common checks what every leaf of a question says alike.
func common(t fataler, q question, e audit.Entry) {
	t.Helper()
	if e.Handling != string(q.Ask.Action) || e.RequestID != q.RequestID || !slices.Equal(e.Parametre, q.by.Names()) {
		t.Fatalf("%v: written as %+v", q, e)
	}
	if !e.Person.IsZero() && e.Nr%8 > 0 { // a sample of the hits will do
		return
	}
	b, err := json.Marshal(e)
	for _, value := range q.by {
		if len(value) > 4 && value != "historisk" && (err != nil || bytes.Contains(b, []byte(value))) {
			t.Fatalf("%v: the entry holds a value of the search", q)
		}
	}
}

func ofRequest(leaves []audit.Entry, id string) (own []audit.Entry) {
	for _, e := range leaves {
		if e.RequestID == id {
			own = append(own, e)
		}
	}
	return own
}

// codes walks a document that left and names its elements by the catalogue, sorted: for each scalar
// the nearest element at or above its place.
func codes(t fataler, document []byte) []string {
	t.Helper()
	if document == nil {
		return nil
	}
	var doc map[string]any
	if err := json.Unmarshal(document, &doc); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for property, v := range doc {
		elements, many := v.([]any)
		if !many {
			elements = []any{v}
		}
		for _, e := range elements {
			element := e.(map[string]any)
			if element["erGjeldende"] != true {
				found["historikk"] = true
			}
			for name, v := range element {
				switch name {
				case "erGjeldende", "ajourholdstidspunkt", "gyldighetstidspunkt", "opphoerstidspunkt":
				case "kilde", "aarsak":
					found["registermetadata."+name] = true
				default:
					scalars(property+"."+name, v, func(path string, v any) {
						found[nearest(t, path)] = true
						if s, ok := katalog.Standard().Element(katalog.StatusTaushetsbelagt); ok && path == "status.status" && slices.Contains(hidden(), v.(string)) {
							found[s.Kode] = true
						}
					})
				}
			}
		}
	}
	var all []string
	for c := range found {
		all = append(all, c)
	}
	slices.Sort(all)
	return all
}

func hidden() []string {
	o, _ := katalog.Standard().Element("status.status")
	return o.SkjulteVerdier
}

func scalars(path string, v any, leaf func(string, any)) {
	switch v := v.(type) {
	case map[string]any:
		for name, c := range v {
			scalars(path+"."+name, c, leaf)
		}
	case []any:
		for _, c := range v {
			scalars(path, c, leaf)
		}
	default:
		leaf(path, v)
	}
}

func nearest(t fataler, path string) string {
	t.Helper()
	for at := path; ; at = at[:strings.LastIndexByte(at, '.')] {
		for _, o := range katalog.Standard().Opplysninger {
			if o.Kode != katalog.StatusTaushetsbelagt && o.Egenskap != "" && strings.TrimSuffix(o.Egenskap+"."+o.Felt, ".") == at {
				return o.Kode
			}
		}
		if !strings.Contains(at, ".") {
			t.Fatalf("%s left, and the catalogue does not know it", path)
		}
	}
}
