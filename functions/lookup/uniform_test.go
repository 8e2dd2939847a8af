package lookup_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"hjemmel/functions/lookup"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/policy"
	"hjemmel/shared/roles"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

// trace is all of an answer that a caller can tell apart, and the work that was done for it.
type trace struct {
	status   int
	body     string // without ids and time
	length   int
	headers  string
	register string
	store    string
	entries  int
}

// counting is a store that notes what is done to it, by kind of record.
type counting struct {
	store.Store
	mu   sync.Mutex
	done []string
}

func (c *counting) note(what string, keys ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, key := range keys {
		kind, _, _ := strings.Cut(key, "/")
		what += " " + kind
	}
	c.done = append(c.done, what)
}

func (c *counting) Get(ctx context.Context, key string) (store.Record, error) {
	c.note("get", key)
	return c.Store.Get(ctx, key)
}

func (c *counting) GetMany(ctx context.Context, keys []string) (map[string]store.Record, error) {
	c.note("get", keys...)
	return c.Store.GetMany(ctx, keys)
}

func (c *counting) Scan(ctx context.Context, prefix, after string, limit int) ([]store.Record, error) {
	c.note("scan", prefix)
	return c.Store.Scan(ctx, prefix, after, limit)
}

func (c *counting) Commit(ctx context.Context, ops ...store.Op) error {
	kinds := make([]string, len(ops))
	for i, op := range ops {
		kinds[i] = op.Key
	}
	c.note("commit", kinds...)
	return c.Store.Commit(ctx, ops...)
}

// steps are those of f at the store, of the run with the fewest: what is remembered for two seconds is read
// anew now and then.
func (c *counting) steps(f func()) string {
	var fewest []string
	for range 3 {
		c.mu.Lock()
		c.done = nil
		c.mu.Unlock()
		f()
		c.mu.Lock()
		if fewest == nil || len(c.done) < len(fewest) {
			fewest = c.done
		}
		c.mu.Unlock()
	}
	return strings.Join(fewest, "; ")
}

func (w *world) trace(c *counting, ask func() answer) (trace, []audit.Entry) {
	w.t.Helper()
	var a answer
	var entries []audit.Entry
	reached := w.asked(func() { entries = w.added(func() { a = ask() }) })
	p := a.problem(w.t)
	p.ErrorID, p.Instance, p.Timestamp = "", "", 0
	body, _ := json.Marshal(p)
	var headers, resources []string
	for name := range a.Header {
		headers = append(headers, name)
	}
	slices.Sort(headers)
	for _, r := range reached {
		resources = append(resources, r.Resource)
	}
	steps := c.steps(func() { ask() })
	return trace{a.StatusCode, string(body), len(a.body), strings.Join(headers, " "), strings.Join(resources, " "), steps, len(entries)}, entries
}

// Whatever the reason that lies with the person, the caller sees the same, and the same is done: as
// many questions to the register, the same reads and writes of the store, and as many entries. The entry
// alone has the rule.
func TestDenialsAboutThePersonAreOneAndTheSame(t *testing.T) {
	named := newWorld(t)
	own, hidden := named.number("skilt"), named.number("strengtFortrolig")
	document := `{"identifikasjonsnummer":[{"erGjeldende":true,"foedselsEllerDNummer":"` + own + `"}],` +
		`"familierelasjon":[{"erGjeldende":true,"relatertPerson":"` + named.number("barnMedDeltBosted") + `","relatertPersonsRolle":"barn"}],` +
		`"sivilstand":[{"erGjeldende":true,"sivilstand":"skilt","relatertVedSivilstand":"` + hidden + `"}]}`
	c := &counting{Store: storetest.NewMemory()}
	w := newWorld(t, func(o *hosttest.Options) {
		o.Store, o.Documents = c, fstest.MapFS{"skilt.json": {Data: []byte(document)}}
	})
	w.setting(func(o *roles.Organisation) { o.HabilitetOverstyring = true })
	w.assign("ansatt-02", role(1))
	elsewhere := w.demoRole(role(1), func(r *policy.Role) { r.ID, r.Versjon, r.Kommuner = role(1000), 1, []string{"9999"} })
	w.assign("ansatt-02", elsewhere.ID)
	h := w.employee("ansatt-02")
	w.do("GET", personer(role(1), w.number("vanlig")), nil, h) // the employee's circle is known from here on

	lookups := map[string]func() answer{
		"own": func() answer { return w.do("GET", personer(role(1), own+"?part=navn"), nil, h) },
		"family": func() answer {
			return w.do("GET", personer(role(1), w.number("barnMedDeltBosted")+"?part=navn"), nil, h)
		},
		"geography":       func() answer { return w.do("GET", personer(elsewhere.ID, w.number("vanlig")+"?part=navn"), nil, h) },
		"graded and away": func() answer { return w.do("GET", personer(elsewhere.ID, w.number("fortrolig")+"?part=navn"), nil, h) },
		"graded family": func() answer {
			return w.do("GET", personer(role(1), hidden+"?part=navn"), nil, with(h, lookup.OverstyringHeader, overstyring))
		},
	}
	w.alike(c, lookups, map[string]string{
		"own": "egen-person", "family": "habilitet-familie", "geography": "geografi", "graded and away": "geografi", "graded family": "habilitet-familie",
	})
	unique := func(rolle, navn, more string) func() answer {
		return func() answer { return w.do("GET", personer(rolle, "entydigsoek?navn="+navn+more), nil, h) }
	}
	name := func(person string) string { f, l := w.names(person); return f + "+" + l }
	w.alike(c, map[string]func() answer{
		"own":       unique(role(1), "X+Y", "&identifikasjonsnummer="+own),
		"family":    unique(role(1), name("barnMedDeltBosted"), "&identifikasjonsnummer="+w.number("barnMedDeltBosted")),
		"geography": unique(elsewhere.ID, name("vanlig"), "&identifikasjonsnummer="+w.number("vanlig")),
		"nobody":    unique(role(1), "FINNES+IKKE", "&adressenavn=Ingensteds"),
		"graded":    func() answer { return w.gradedByAddress(h) },
	}, map[string]string{"family": "habilitet-familie", "geography": "geografi", "graded": "gradering-soek"})
}

// alike holds that all ways to be refused leave the same trace, and that the entries know why.
func (w *world) alike(c *counting, ways map[string]func() answer, rules map[string]string) {
	w.t.Helper()
	var want *trace
	for name, ask := range ways {
		got, entries := w.trace(c, ask)
		if want == nil {
			want = &got
		}
		if got != *want {
			w.t.Errorf("%s:\n%+v\nanother:\n%+v", name, got, *want)
		}
		if rule := rules[name]; rule != "" && !slices.Contains(entries[0].Regler, rule) {
			w.t.Errorf("%s: the entry says %v", name, entries[0].Regler)
		}
	}
}

// gradedByAddress asks for a protected person by name and the address that is to be hidden.
func (w *world) gradedByAddress(h http.Header) answer {
	w.t.Helper()
	for f := range w.Freg.Population().Each {
		if f.ID == w.Person("fortrolig") {
			at, name := f.Adresser[len(f.Adresser)-1], f.Navn[0]
			q := url.Values{"navn": {name.Fornavn + " " + name.Etternavn}, "adressenavn": {at.Adressenavn}, "postnummer": {at.Postnummer}}
			return w.do("GET", personer(role(1), "entydigsoek?"+q.Encode()), nil, h)
		}
	}
	w.t.Fatal("nobody is fortrolig")
	return answer{}
}

// The reason that the caller is not told is told to the organisation's administrator and privacy
// officer, by request id, without the number, and being told it is written down.
func TestTheReasonIsToldToThoseWhoMayKnow(t *testing.T) {
	w := newWorld(t)
	w.assign("ansatt-02", role(1))
	refused := w.do("GET", personer(role(1), w.number("barnMedDeltBosted")+"?part=navn"), nil, w.employee("ansatt-02"))
	id := refused.Header.Get("Hjemmel-Request-Id")
	for _, reader := range []string{"ansatt-04", "ansatt-05"} { // administrator, personvernombud
		var a answer
		entries := w.added(func() { a = w.do("GET", "/hjemmel/v1/avslag/"+id, nil, w.employee(reader)) })
		var got struct{ Avslag []api.Avslag }
		if err := json.Unmarshal(a.body, &got); err != nil || a.StatusCode != 200 || len(got.Avslag) != 1 {
			t.Fatalf("%s: %d %s", reader, a.StatusCode, a.body)
		}
		x := got.Avslag[0]
		if x.Regler[0].ID != "habilitet-familie" || x.Regler[0].Forklaring == "" || x.Rolle != role(1) || x.Rolleversjon != 1 || x.Aktor != "ansatt-02" || x.ErrorCode != "UTLEVERING_IKKE_TILLATT" {
			t.Errorf("%s: %+v", reader, x)
		}
		if e := entries[0]; len(entries) != 1 || e.Subjekt != x.Subjekt || x.Subjekt == "" || e.Aktor != reader || e.Handling != "avslagsinnsyn" || !strings.Contains(e.Formaal, id) {
			t.Errorf("%s: entries %+v", reader, entries)
		}
		if strings.Contains(string(a.body), w.number("barnMedDeltBosted")) {
			t.Error("the number is told")
		}
	}
	for reader, h := range map[string]http.Header{
		"who asked": w.employee("ansatt-02"), "operator": w.employee("ansatt-08"), "system": w.vendor(1),
		"administrator elsewhere": w.employee("ansatt-07"), "administrator through a system": w.viaVendor(1, "ansatt-04"),
	} {
		want := 403
		if reader == "administrator elsewhere" {
			want = 404
		}
		if a := w.do("GET", "/hjemmel/v1/avslag/"+id, nil, h); a.StatusCode != want || strings.Contains(string(a.body), "habilitet") {
			t.Errorf("%s: %d %s", reader, a.StatusCode, a.body)
		}
	}
	answered := w.do("GET", personer(role(1), w.number("vanlig")+"?part=navn"), nil, w.vendor(1)).Header.Get("Hjemmel-Request-Id")
	for _, none := range []string{answered, "99999999-0000-4000-8000-000000000000", "..%2F..", strings.Repeat("a", 200)} {
		if a := w.do("GET", "/hjemmel/v1/avslag/"+none, nil, w.employee("ansatt-04")); a.StatusCode != 404 {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
}

// A bulk lookup that refuses some tells why for each of them.
func TestReasonsOfABulkLookup(t *testing.T) {
	w := newWorld(t)
	w.assign("ansatt-02", role(1))
	b := w.bulk(w.employee("ansatt-02"), role(1), "?part=navn", w.number("skilt"), w.number("vanlig"), w.number("barnMedDeltBosted"))
	a := w.do("GET", "/hjemmel/v1/avslag/"+b.Header.Get("Hjemmel-Request-Id"), nil, w.employee("ansatt-05"))
	var got struct{ Avslag []api.Avslag }
	if err := json.Unmarshal(a.body, &got); err != nil || len(got.Avslag) != 2 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// Every rule that refuses is explained in words.
func TestEveryReasonIsExplained(t *testing.T) {
	w := newWorld(t)
	explained := 0
	for _, r := range badRequests(w) {
		if r.org != w.Demo.Organisasjoner[0].FiksOrgID {
			continue
		}
		id := w.do(r.method, r.path, strings.NewReader(r.body), r.header).Header.Get("Hjemmel-Request-Id")
		a := w.do("GET", "/hjemmel/v1/avslag/"+id, nil, w.employee("ansatt-04"))
		var got struct{ Avslag []api.Avslag }
		if err := json.Unmarshal(a.body, &got); err != nil || len(got.Avslag) == 0 {
			t.Errorf("%s: %d %s", r.name, a.StatusCode, a.body)
			continue
		}
		for _, rule := range got.Avslag[0].Regler {
			if explained++; rule.Forklaring == "" {
				t.Errorf("%s is not explained", rule.ID)
			}
		}
	}
	if explained < 10 {
		t.Errorf("only %d reasons were explained", explained)
	}
}

// The work done for an answer does not tell who is graded either.
func TestAGradedPersonTakesAsManyQuestions(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"vanlig", "fortrolig", "strengtFortrolig", "slektningAvStrengtFortrolig"} {
		reached := w.asked(func() {
			w.do("GET", personer(role(1), w.number(name)+"?part=navn&part=bostedsadresse"), nil, w.vendor(1))
		})
		if len(reached) != 2 {
			t.Errorf("%s: %d questions", name, len(reached))
		}
	}
}
