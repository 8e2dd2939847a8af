package lookup_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"hjemmel/functions/lookup"
	"hjemmel/shared/audit"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/policy"
	"hjemmel/shared/roles"
)

// trace is all of an answer that a caller can tell apart, and the work that was done for it.
type trace struct {
	status   int
	body     string // without ids and time
	length   int
	headers  string
	register string
	entries  int
}

func (w *world) trace(ask func() answer) (trace, []audit.Entry) {
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
	return trace{a.StatusCode, string(body), len(a.body), strings.Join(headers, " "), strings.Join(resources, " "), len(entries)}, entries
}

// Whatever the reason that lies with the person, the caller sees the same, and the same is done: as
// many questions to the register and as many entries. The entry alone has the rule.
func TestDenialsAboutThePersonAreOneAndTheSame(t *testing.T) {
	named := newWorld(t)
	own, hidden := named.number("skilt"), named.number("strengtFortrolig")
	document := `{"identifikasjonsnummer":[{"erGjeldende":true,"foedselsEllerDNummer":"` + own + `"}],` +
		`"familierelasjon":[{"erGjeldende":true,"relatertPerson":"` + named.number("barnMedDeltBosted") + `","relatertPersonsRolle":"barn"}],` +
		`"sivilstand":[{"erGjeldende":true,"sivilstand":"skilt","relatertVedSivilstand":"` + hidden + `"}]}`
	w := newWorld(t, func(o *hosttest.Options) { o.Documents = fstest.MapFS{"skilt.json": {Data: []byte(document)}} })
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
	w.alike(lookups, map[string]string{
		"own": "egen-person", "family": "habilitet-familie", "geography": "geografi", "graded and away": "geografi", "graded family": "habilitet-familie",
	})
	unique := func(rolle, navn, more string) func() answer {
		return func() answer { return w.do("GET", personer(rolle, "entydigsoek?navn="+navn+more), nil, h) }
	}
	name := func(person string) string { f, l := w.names(person); return f + "+" + l }
	w.alike(map[string]func() answer{
		"own":       unique(role(1), "X+Y", "&identifikasjonsnummer="+own),
		"family":    unique(role(1), name("barnMedDeltBosted"), "&identifikasjonsnummer="+w.number("barnMedDeltBosted")),
		"geography": unique(elsewhere.ID, name("vanlig"), "&identifikasjonsnummer="+w.number("vanlig")),
		"nobody":    unique(role(1), "FINNES+IKKE", "&adressenavn=Ingensteds"),
		"graded":    func() answer { return w.gradedByAddress(h) },
	}, map[string]string{"family": "habilitet-familie", "geography": "geografi", "graded": "gradering-soek"})
}

// alike holds that all ways to be refused leave the same trace, and that the entries know why.
func (w *world) alike(ways map[string]func() answer, rules map[string]string) {
	w.t.Helper()
	var want *trace
	for name, ask := range ways {
		got, entries := w.trace(ask)
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
