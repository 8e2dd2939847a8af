package disclosure_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/freg"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/identity"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/roles"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

const listID = "0d6f3a52-0c8e-4d0b-9a53-4c0ffee04601"

// lists is a role with all that health has, also in lists.
func (w *world) lists(change func(*policy.Role)) {
	w.t.Helper()
	r := w.everything("lister", "HELSE")
	r.Bruksomraader = []katalog.Bruk{katalog.Soek, katalog.Innbyggerliste}
	if change != nil {
		change(&r)
	}
	w.plant(r)
	w.open()
}

// inKommune are those who live in a kommune.
func inKommune(k string) disclosure.Uttrekk {
	return disclosure.Uttrekk{Personstatustyper: []string{"bosatt", "aktiv", "doed", "utflyttet", "inaktiv"}, Kommune: disclosure.Kommune{Bosted: k}}
}

func (w *world) ordering(caller string, u disclosure.Uttrekk, columns ...string) disclosure.Request {
	q := w.asks(caller, "lister", policy.Innbyggerliste).parts(columns...)
	q.Ask.Parametre, q.Ask.Kommuner, q.RequestID = u.Names(), []string{u.Kommune.Bosted + u.Kommune.Opphold}, "bestilling"
	return q.Request
}

// accepted is an order that was accepted, as it comes out of a store.
func (w *world) accepted(r disclosure.Request) disclosure.Order {
	w.t.Helper()
	o, e, err := w.desk.JudgeList(w.t.Context(), r, listID)
	w.must(err)
	if e.Handling != "innbyggerliste-bestilt" || e.Gjelder != listID || e.Utfall != audit.Utfoert || e.Aktor == "" || e.Rolle != "lister" || e.FiksOrgID == "" || len(e.Levert) > 0 {
		w.t.Fatalf("accepted as %+v", e)
	}
	kept, err := json.Marshal(o)
	w.must(err)
	var again disclosure.Order
	w.must(json.Unmarshal(kept, &again))
	return again
}

// numbers are those of an uttrekk.
func (w *world) numbers(o disclosure.Order, u disclosure.Uttrekk) (ids []person.ID) {
	w.t.Helper()
	job, err := w.desk.OrderUttrekk(w.t.Context(), o, u)
	w.must(err)
	for nr := 0; ; {
		n, err := w.desk.Batch(w.t.Context(), o, job, nr)
		w.must(err)
		if n.End {
			return ids
		}
		if n.Ready {
			ids, nr = append(ids, n.IDs...), nr+1
		}
	}
}

// made makes a list.
func (w *world) made(o disclosure.Order, ids []person.ID) (answers []disclosure.Answer) {
	w.t.Helper()
	for chunk := range slices.Chunk(ids, freg.MaxBulk) {
		b, err := w.desk.DiscloseList(w.t.Context(), o, chunk, nil)
		w.must(err)
		w.listed(b, w.taken(w.t))
		answers = append(answers, b.Answers...)
	}
	return answers
}

// listed checks that a chunk and its leaves are the same.
func (w *world) listed(b disclosure.Batch, leaves []audit.Entry) {
	w.t.Helper()
	if len(leaves) != len(b.Answers)+1 || b.Receipt.Count() != len(leaves) || b.Receipt.EntryID() != fmt.Sprintf("%s-%d", leaves[0].Skriver, leaves[0].Nr) {
		w.t.Fatalf("%d answers have %d leaves, receipt %s", len(b.Answers), len(leaves), b.Receipt)
	}
	for i, e := range leaves {
		if e.Gjelder != listID || e.Handling != "innbyggerliste" || e.RequestID != "bestilling" || e.Rolle != "lister" || e.Aktor == "" || e.Avdekket {
			w.t.Fatalf("written as %+v", e)
		}
		if i == len(b.Answers) {
			if e.Treff == nil || *e.Treff != i || !e.Person.IsZero() || len(e.Levert) > 0 || (e.Utfall == audit.IngenData) != (i == 0) {
				w.t.Fatalf("the chunk is written as %+v", e)
			}
			break
		}
		a := b.Answers[i]
		want := codes(w.t, a.JSON)
		if e.Person != a.ID || (e.Utfall == audit.Utlevert) != (a.JSON != nil) || !slices.Equal(slices.Sorted(slices.Values(e.Levert)), want) {
			w.t.Fatalf("%v left, written as %+v", want, e)
		}
	}
}

// A list of a kommune is everybody who lives there but those who are protected and those whom the orderer
// is close to, and it shows of each no more than a lookup would.
func TestAListIsThoseWhoLiveThere(t *testing.T) {
	w := newWorld(t, func(o *hosttest.Options) { o.Population = population.Config{Size: 4000} })
	w.lists(nil)
	all, on, hidden := w.residents(), 0, 0
	own := all[w.number("kortNavn")] // ansatt-01
	near := []person.ID{own.ID}
	for _, k := range own.Kin {
		near = append(near, k.ID)
	}
	for _, k := range slices.Compact([]string{"0301", "1103", "4601", own.kommune}) {
		for _, caller := range []string{"vendor 1", "ansatt-01", "ansatt-01 via 1"} {
			u := inKommune(k)
			o := w.accepted(w.ordering(caller, u))
			answers := w.made(o, w.numbers(o, u))
			got := ids(answers)
			for id, r := range all {
				there := r.kommune == k && r.Status != "opphoert"
				if got[id] && (!there || r.protected(false)) {
					t.Fatalf("%s, %s: somebody is on it who must not be", k, caller)
				}
				if there && r.protected(false) {
					hidden++
				}
				if there && !got[id] && !r.protected(false) && !r.perhaps() && caller == "vendor 1" {
					t.Fatalf("%s: somebody is missing", k)
				}
			}
			for _, id := range near {
				if got[id] && caller != "vendor 1" || k == own.kommune && !got[own.ID] && caller == "vendor 1" {
					t.Fatalf("%s, %s: on it %v", k, caller, got[id])
				}
			}
			on += len(answers)
			w.asLookedUp(caller, answers)
		}
	}
	if on < 300 || hidden < 20 {
		t.Errorf("%d on lists, %d protected: too few to tell", on, hidden)
	}
}

// Whoever does not live where the list is for is not on it, whichever numbers it is made of: those of
// another job, or of somebody who has moved since.
func TestAListIsOfItsOwnKommune(t *testing.T) {
	w := newWorld(t)
	w.lists(nil)
	o, elsewhere := w.accepted(w.ordering("vendor 1", inKommune("4601"))), []person.ID(nil)
	for id, r := range w.residents() {
		if r.kommune != "4601" && !r.protected(false) {
			elsewhere = append(elsewhere, id)
		}
	}
	if told := w.made(o, elsewhere); len(told) > 0 || len(elsewhere) < 100 {
		t.Errorf("%d of %d are told", len(told), len(elsewhere))
	}
}

// asLookedUp checks some of a list against a bulk lookup in the same role.
func (w *world) asLookedUp(caller string, answers []disclosure.Answer) {
	w.t.Helper()
	some := answers[:min(len(answers), 60)]
	q := w.asks(caller, "lister", policy.Bulkoppslag)
	for _, a := range some {
		q.Ask.Subjects = append(q.Ask.Subjects, a.ID)
	}
	b, err := w.desk.DiscloseMany(w.t.Context(), q.Request, true)
	w.must(err)
	w.taken(w.t)
	for i, a := range some {
		var numbered map[string]any // a lookup has the number, a list where it is a column
		if json.Unmarshal(b.Answers[i].JSON, &numbered) != nil || a.JSON == nil {
			w.t.Fatal("on the list, and not in a lookup")
		}
		var listed map[string]any
		w.must(json.Unmarshal(a.JSON, &listed))
		delete(numbered, "identifikasjonsnummer")
		delete(listed, "identifikasjonsnummer")
		if fmt.Sprint(listed) != fmt.Sprint(numbered) {
			w.t.Fatalf("a list shows %v, a lookup %v", listed, numbered)
		}
	}
}

// Of persons whose numbers the orderer has, those with a hidden address are on the list without it, and
// whoever is withheld or unknown has an answer that says no more than in a bulk lookup.
func TestAListOfNumbers(t *testing.T) {
	w := newWorld(t)
	w.lists(func(r *policy.Role) { r.AapneGradert = true })
	subjects := []person.ID{w.number("vanlig"), w.number("fortrolig"), w.number("strengtFortrolig"), unknownPerson(w), w.number("kortNavn"), w.number("vanlig")}
	for _, caller := range []string{"vendor 1", "ansatt-01"} {
		q := w.asks(caller, "lister", policy.Innbyggerliste).parts("navn.etternavn", "bostedsadresse.vegadresse", "postadresse")
		q.Ask.Parametre, q.RequestID = []string{"identifikasjonsnummer"}, "bestilling"
		o := w.accepted(q.Request)
		answers := w.made(o, subjects)
		if len(answers) != 5 {
			t.Fatalf("%d answers", len(answers))
		}
		for i, a := range answers {
			var doc map[string][]map[string]any
			if a.ID != subjects[i] || a.JSON != nil && json.Unmarshal(a.JSON, &doc) != nil {
				t.Fatalf("answer %d is another's", i)
			}
			_, home := doc["bostedsadresse"]
			if home != (i == 0) && i < 3 {
				t.Errorf("%s, %d: shows %s", caller, i, a.JSON)
			}
			if i < 3 && (doc["navn"][0]["etternavn"] == nil || doc["navn"][0]["fornavn"] != nil || doc["identifikasjonsnummer"] != nil) {
				t.Errorf("%s, %d: other columns than were asked for: %s", caller, i, a.JSON)
			}
		}
		if answers[3].Feil.Code != "UKJENT_PERSON" || (answers[4].Feil != nil) != (caller == "ansatt-01") {
			t.Errorf("%s: %v, %v", caller, answers[3].Feil, answers[4].Feil)
		}
	}
}

// The numbers for a list of a search are those that a search would find; the list leaves out whom it must.
func TestAListOfASearch(t *testing.T) {
	w := newWorld(t)
	w.lists(nil)
	closed := w.residents()[w.number("fortrolig")]
	home := closed.Adresser[len(closed.Adresser)-1]
	by := freg.Criteria{"adressenavn": home.Adressenavn, "husnummer": home.Husnummer}
	q := w.asks("vendor 1", "lister", policy.InnbyggerlisteSoek)
	q.Ask.Parametre, q.RequestID = by.Names(), "bestilling"
	o := w.accepted(q.Request)
	found, err := w.desk.Gather(t.Context(), o, disclosure.Sought{By: by})
	w.must(err)
	if !slices.Contains(found, closed.ID) {
		t.Fatal("the register does not find them")
	}
	b, err := w.desk.DiscloseList(t.Context(), o, found, nil)
	w.must(err)
	if ids(b.Answers)[closed.ID] {
		t.Error("found by a hidden address")
	}
	w.taken(t)
	for name, s := range map[string]disclosure.Sought{
		"another criterion": {By: freg.Criteria{"adressenavn": home.Adressenavn, "husnummer": home.Husnummer, "kjoenn": "mann"}},
		"one less":          {By: freg.Criteria{"adressenavn": home.Adressenavn}}, "a dwelling": {By: by, Bruksenhet: "H0101"}, "a kommune": {By: by, Kommuner: []string{"4601"}},
	} {
		ids, err := w.desk.Gather(t.Context(), o, s)
		w.refused(name, "BESTILLING_KAN_IKKE_LESES", err)
		if ids != nil {
			t.Errorf("%s: told", name)
		}
	}
}

// refused checks that an error is a denial that is written once, for the list and about nobody.
func (w *world) refused(what, code string, err error) {
	w.t.Helper()
	leaves := w.taken(w.t)
	refusal, ok := errors.AsType[*disclosure.Refusal](err)
	if !ok || refusal.Fault.Code != code || refusal.Fault.Kind != fault.Denied {
		w.t.Errorf("%s: %v", what, err)
		return
	}
	if len(leaves) != 1 || leaves[0].Utfall != audit.Avslag || leaves[0].Gjelder != listID || !leaves[0].Person.IsZero() || leaves[0].Feilkode != code || len(leaves[0].Levert) > 0 {
		w.t.Errorf("%s: written as %+v", what, leaves)
	}
}

// denied checks that nothing more is done for an order, in any of the ways.
func (w *world) denied(what, code string, o disclosure.Order) {
	w.t.Helper()
	asked := len(w.Freg.Requests())
	job, err := w.desk.OrderUttrekk(w.t.Context(), o, inKommune("4601"))
	w.refused(what+", ordering", code, err)
	n, err := w.desk.Batch(w.t.Context(), o, "jobb", 0)
	w.refused(what+", reading", code, err)
	b, err := w.desk.DiscloseList(w.t.Context(), o, []person.ID{w.number("vanlig"), w.number("barn")}, nil)
	w.refused(what+", telling", code, err)
	found, err := w.desk.Gather(w.t.Context(), o, disclosure.Sought{By: freg.Criteria{"navn": "A"}})
	w.refused(what+", searching", code, err)
	if job != "" || n.Ready || b.Answers != nil || b.Receipt.Valid() || found != nil || len(w.Freg.Requests()) != asked {
		w.t.Errorf("%s: something is told or asked", what)
	}
}

// An order is worth what its orderer is worth when it is made.
func TestAnOrderOfSomebodyWhoMayNoMore(t *testing.T) {
	for _, caller := range []string{"vendor 1", "ansatt-01", "ansatt-01 via 1"} {
		system, employee := strings.Contains(caller, "1") && caller != "ansatt-01", strings.HasPrefix(caller, "ansatt")
		for what, change := range map[string]struct {
			code string
			does func(w *world) bool // false where it does not concern the caller
		}{
			"the assignment ended": {"ROLLE_IKKE_TILGJENGELIG", func(w *world) bool {
				w.put(roles.PutAssignment(policy.Tildeling{AktorID: w.integration(1).ID, RolleID: "lister", Til: time.Now().Add(-time.Hour)}))
				w.put(roles.PutAssignment(policy.Tildeling{AktorID: "ansatt-01", RolleID: "lister", Til: time.Now().Add(-time.Hour)}))
				return true
			}},
			"the role is shut": {"ROLLE_IKKE_AKTIV", func(w *world) bool { w.lists(func(r *policy.Role) { r.Aktiv = false }); return true }},
			"the role lost the use": {"BRUKSOMRAADE_UTENFOR_ROLLE", func(w *world) bool {
				w.lists(func(r *policy.Role) { r.Bruksomraader = r.Bruksomraader[:1] })
				return true
			}},
			"the role lost a column": {"OPPLYSNING_UTENFOR_ROLLE", func(w *world) bool {
				w.lists(func(r *policy.Role) { r.Opplysninger = without(r.Opplysninger, "navn") })
				return true
			}},
			"the role lost a criterion": {"SOEKEPARAMETER_UTENFOR_ROLLE", func(w *world) bool {
				w.lists(func(r *policy.Role) { r.Opplysninger = without(r.Opplysninger, "status") })
				return true
			}},
			"the role lost the kommune": {"KOMMUNE_UTENFOR_ROLLE", func(w *world) bool { w.lists(func(r *policy.Role) { r.Kommuner = []string{"0301"} }); return true }},
			"the role lost its hjemmel": {"ROLLE_UTEN_HJEMMEL", func(w *world) bool { w.lists(func(r *policy.Role) { r.Hjemler = nil }); return true }},
			"the role is for systems only": {"ROLLE_BARE_FOR_SYSTEM", func(w *world) bool {
				w.lists(func(r *policy.Role) { r.KanBrukesPaaSokeside = false })
				return caller == "ansatt-01"
			}},
			"the role is another's": {"ROLLE_IKKE_TILGJENGELIG", func(w *world) bool {
				w.lists(func(r *policy.Role) { r.FiksOrgID = w.Demo.Organisasjoner[1].FiksOrgID })
				return true
			}},
			"the number was corrected": {"ROLLE_IKKE_TILGJENGELIG", func(w *world) bool {
				book, err := w.Env.Roles()
				w.must(err)
				w.put(book.PutAnsatt(roles.Ansatt{ID: "ansatt-01", FiksOrgID: w.integration(1).FiksOrgID}, w.number("barn")))
				return employee
			}},
			"the employee is gone": {"ROLLE_IKKE_TILGJENGELIG", func(w *world) bool { w.erase("ansatt/ansatt-01"); return employee }},
			"the system is gone":   {"ROLLE_IKKE_TILGJENGELIG", func(w *world) bool { w.erase("integrasjon/" + w.integration(1).ID); return system }},
			"the system is shut": {"ROLLE_IKKE_TILGJENGELIG", func(w *world) bool {
				i, err := identity.NewIntegrations(w.memory).Integration(t.Context(), w.integration(1).ID)
				w.must(err)
				i.Aktiv = false
				op, err := i.Put()
				w.put([]store.Op{op}, err)
				return system
			}},
		} {
			w := newWorld(t)
			w.lists(nil)
			o := w.accepted(w.ordering(caller, inKommune("4601"), "navn.etternavn"))
			if _, err := w.desk.OrderUttrekk(t.Context(), o, inKommune("4601")); err != nil {
				t.Fatal(err)
			}
			if !change.does(w) {
				continue
			}
			w.calm()
			w.denied(caller+", "+what, change.code, o)
		}
	}
}

// strangers are n synthetic numbers that no population holds.
func strangers(t *testing.T, n int) (ids []person.ID) {
	t.Helper()
	for i := 0; len(ids) < n; i++ {
		nine := fmt.Sprintf("%02d%02d71%03d", i%28+1, 81+i/28%12, i/336%1000)
		if control, ok := person.ControlDigits(nine); ok {
			id, err := person.ParseID(nine + control)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
	}
	return ids
}

func without(codes []string, property string) []string {
	return slices.DeleteFunc(slices.Clone(codes), func(k string) bool { return k == property || strings.HasPrefix(k, property+".") })
}

func (w *world) put(ops []store.Op, err error) {
	w.t.Helper()
	w.must(err)
	w.must(w.memory.Commit(context.Background(), ops...))
}

func (w *world) erase(key string) {
	w.t.Helper()
	r, err := w.memory.Get(context.Background(), key)
	w.must(err)
	w.must(w.memory.Commit(context.Background(), store.DeleteIf(key, r.Revision)))
}

// An order of which anything was changed, or of nobody, or of another list, is none.
func TestAnOrderThatIsNotAsItWasAccepted(t *testing.T) {
	w := newWorld(t)
	w.lists(nil)
	o := w.accepted(w.ordering("ansatt-01", inKommune("4601"), "navn"))
	other, _, err := w.desk.JudgeList(t.Context(), w.ordering("vendor 1", inKommune("0301"), "navn"), "annen")
	w.must(err)
	for what, change := range map[string]func(*disclosure.Order){
		"the action":     func(o *disclosure.Order) { o.Handling = policy.InnbyggerlisteSoek },
		"the columns":    func(o *disclosure.Order) { o.Part = []string{"navn", "familierelasjon"} },
		"the criteria":   func(o *disclosure.Order) { o.Parametre = o.Parametre[:1] },
		"the kommune":    func(o *disclosure.Order) { o.Kommuner = append(o.Kommuner, "0301") },
		"the purpose":    func(o *disclosure.Order) { o.Formaal = "noe annet" },
		"the request":    func(o *disclosure.Order) { o.RequestID = "x" },
		"the seal":       func(o *disclosure.Order) { o.Segl = bytes.Clone(o.Segl); o.Segl[20] ^= 1 },
		"no seal":        func(o *disclosure.Order) { o.Segl = nil },
		"another's seal": func(o *disclosure.Order) { o.Segl = other.Segl },
	} {
		changed := o
		change(&changed)
		w.denied(what, "BESTILLING_KAN_IKKE_LESES", changed)
	}
	another := o
	another.ID = "annen"
	if _, err := w.desk.DiscloseList(t.Context(), another, []person.ID{w.number("vanlig")}, nil); fault.Of(err).Code != "BESTILLING_KAN_IKKE_LESES" {
		t.Errorf("the list: %v", err)
	}
	w.taken(t)
	if _, err := w.desk.DiscloseList(t.Context(), disclosure.Order{}, []person.ID{w.number("vanlig")}, nil); !fault.Is(err, fault.Denied) {
		t.Errorf("no order: %v", err)
	}
	w.taken(t)
	job, err := w.desk.OrderUttrekk(t.Context(), o, inKommune("0301"))
	w.refused("another kommune", "BESTILLING_KAN_IKKE_LESES", err)
	if job != "" {
		t.Error("a job")
	}
	for _, n := range []int{0, freg.MaxBulk + 1} {
		if _, err := w.desk.DiscloseList(t.Context(), o, strangers(t, n), nil); !fault.Is(err, fault.Internal) {
			t.Errorf("a chunk of %d: %v", n, err)
		}
	}
}

// What is not granted is not accepted: nothing is asked of the register, and the refusal is written.
func TestOrdersThatAreNotAccepted(t *testing.T) {
	w := newWorld(t)
	w.lists(func(r *policy.Role) {
		r.Formaal = policy.Formaal{Krav: policy.FormaalPaakrevd}
		r.Kommuner = []string{"4601"}
		r.Budsjett.Soek.Hard = 2
	})
	good := w.ordering("ansatt-01", inKommune("4601"))
	good.Ask.Formaal = "vaksinering"
	for code, change := range map[string]func(*disclosure.Request){
		"FORMAAL_MANGLER":              func(r *disclosure.Request) { r.Ask.Formaal = "" },
		"KOMMUNE_UTENFOR_ROLLE":        func(r *disclosure.Request) { r.Ask.Kommuner = []string{"0301"} },
		"LISTE_UTEN_KOMMUNE":           func(r *disclosure.Request) { r.Ask.Kommuner = nil },
		"SOEKEPARAMETER_UTENFOR_ROLLE": func(r *disclosure.Request) { r.Ask.Parametre = append(r.Ask.Parametre, "sivilstandstype") },
		"OPPLYSNING_UTENFOR_ROLLE":     func(r *disclosure.Request) { r.Ask.Parts = []string{"sivilstand.sivilstand"} },
		"BEKREFTELSE_IKKE_TILLATT":     func(r *disclosure.Request) { r.Ask.Bekreftelse = "vil gjerne se adressen" },
		"ROLLE_IKKE_TILGJENGELIG":      func(r *disclosure.Request) { r.Who = w.caller("ansatt-02") },
		"INTERN_FEIL":                  func(r *disclosure.Request) { r.Ask.Action = policy.Bulkoppslag },
	} {
		r := good
		r.Ask.Parametre = slices.Clone(good.Ask.Parametre)
		change(&r)
		o, e, err := w.desk.JudgeList(t.Context(), r, listID)
		leaves := w.taken(t)
		if refusal, ok := errors.AsType[*disclosure.Refusal](err); !ok || refusal.Fault.Code != code || o.Segl != nil || e.Handling != "" {
			t.Errorf("%s: %v", code, err)
		}
		if len(leaves) != 1 || leaves[0].Feilkode != code || leaves[0].Aktor == "" {
			t.Errorf("%s: written as %+v", code, leaves)
		}
	}
	for n := range 3 { // the budget counts orders, and nothing that is done for them
		o, _, err := w.desk.JudgeList(t.Context(), good, listID)
		if (err != nil) != (n == 2) || n == 2 && fault.Of(err).Code != "BUDSJETT_BRUKT_OPP" {
			t.Fatalf("order %d: %v", n, err)
		}
		for range 3 {
			if n < 2 {
				_, err = w.desk.DiscloseList(t.Context(), o, []person.ID{w.number("vanlig")}, nil)
				w.must(err)
			}
		}
	}
	if n := w.Freg.Counts(); n[fregsim.Uttrekk] > 0 {
		t.Error("the register was asked for an order that is only judged")
	}
}

// Where it cannot be established whom the orderer is close to, the list fails: it is not an empty one.
func TestAListOfSomebodyWhomTheRegisterDoesNotKnow(t *testing.T) {
	w := newWorld(t)
	w.lists(nil)
	o := w.accepted(w.ordering("ansatt-01", inKommune("4601")))
	w.must(w.Freg.Faults().Set(fregsim.Fault{Kind: fregsim.Status, Resource: fregsim.Personer, Status: 404}))
	defer w.Freg.Faults().Clear()
	b, err := w.desk.DiscloseList(t.Context(), o, []person.ID{w.number("vanlig")}, nil)
	w.refused("an unknown employee", policy.Withheld.Code, err)
	if b.Answers != nil {
		t.Error("told")
	}
}

// Whichever commit is the last, or whichever read or request fails, nothing of a list is told that is not
// written; and the writes that go with it are there when the entries are.
func TestNothingOfAListWithoutItsEntries(t *testing.T) {
	w := newWorld(t)
	w.lists(nil)
	for _, caller := range []string{"vendor 1", "ansatt-01"} {
		o := w.accepted(w.ordering(caller, inKommune("4601"), "navn.etternavn"))
		var ids []person.ID
		for id, r := range w.residents() {
			if !r.protected(false) && !r.perhaps() && len(ids) < 50 {
				ids = append(ids, id)
			}
		}
		w.taken(t)
		for mode, when := range appends {
			key := "sjekkpunkt/" + strings.ReplaceAll(caller, " ", "-") + mode
			w.open()
			w.store.FailCommit(when, 1)
			b, err := w.desk.DiscloseList(t.Context(), o, ids, alongside(store.Create(key, []byte("{}"))))
			if !fault.Is(err, fault.Unavailable) || b.Answers != nil || b.Receipt.Valid() {
				t.Errorf("%s: %v", mode, err)
			}
			_, missing := w.memory.Get(t.Context(), key)
			if leaves := w.taken(t); (len(leaves) > 0) != (missing == nil) || (len(leaves) > 0) != (when == storetest.After) {
				t.Errorf("%s: %d leaves, checkpoint %v", mode, len(leaves), missing)
			}
			w.calm()
		}
		reads := 0
		for nth := 1; ; nth++ {
			w.open()
			reads = 0
			w.store.Hook(func(_ context.Context, c storetest.Call) error {
				if c.Method != storetest.Commit && c.Moment == storetest.Before {
					if reads++; reads == nth {
						return store.Unavailable(storetest.ErrInjected)
					}
				}
				return nil
			})
			b, err := w.desk.DiscloseList(t.Context(), o, ids, nil)
			w.calm()
			if reads < nth {
				w.must(err)
				w.listed(b, w.taken(t))
				break
			}
			if leaves := w.taken(t); !fault.Is(err, fault.Unavailable) || b.Answers != nil || len(leaves) > 0 {
				t.Errorf("read %d: %v, %d leaves", nth, err, len(leaves))
			}
		}
		for way, fail := range ways {
			w.open()
			w.outside.Store(&fail)
			b, err := w.desk.DiscloseList(t.Context(), o, ids, nil)
			if leaves := w.taken(t); !fault.Is(err, fault.Unavailable) || b.Answers != nil || len(leaves) > 0 {
				t.Errorf("%s: %v, %d leaves", way, err, len(leaves))
			}
			w.calm()
		}
		key := "sjekkpunkt/" + strings.ReplaceAll(caller, " ", "-")
		w.put([]store.Op{store.Create(key, []byte("{}"))}, nil)
		b, err := w.desk.DiscloseList(t.Context(), o, ids, alongside(store.Create(key, []byte("{}"))))
		if leaves := w.taken(t); !errors.Is(err, store.ErrConflict) || b.Answers != nil || len(leaves) > 0 {
			t.Errorf("somebody was faster: %v, %d leaves", err, len(leaves))
		}
	}
}

// No number stands in an order, an entry or an error, whatever goes wrong.
func TestAnOrderIsSilent(t *testing.T) {
	w := newWorld(t)
	w.lists(nil)
	o, e, err := w.desk.JudgeList(t.Context(), w.ordering("ansatt-01", inKommune("4601")), listID)
	w.must(err)
	ids := []person.ID{w.number("kortNavn"), w.number("vanlig"), unknownPerson(w)}
	texts := []string{fmt.Sprintf("%+v", o), fmt.Sprintf("%+v", e)}
	kept, err := json.Marshal(o)
	w.must(err)
	texts = append(texts, string(kept), string(o.Segl))
	for _, fail := range ways {
		w.outside.Store(&fail)
		_, err := w.desk.DiscloseList(t.Context(), o, ids, nil)
		texts = append(texts, fmt.Sprintf("%+v", err))
		w.calm()
	}
	b, err := w.desk.DiscloseList(t.Context(), o, ids, nil)
	texts = append(texts, fmt.Sprintf("%+v %v", b.Receipt, err), fmt.Sprintf("%+v", slices.Collect(maps.Values(w.callers))))
	for _, text := range texts {
		for _, id := range ids {
			if strings.Contains(text, id.Reveal()) {
				t.Errorf("a number stands in %s", text)
			}
		}
	}
}

// alongside are writes that go with whatever is told.
func alongside(ops ...store.Op) func([]disclosure.Answer) ([]store.Op, error) {
	return func([]disclosure.Answer) ([]store.Op, error) { return ops, nil }
}
