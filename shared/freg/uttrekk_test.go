package freg_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/freg"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// bergen is an order of those who are alive in a kommune.
var bergen = freg.Uttrekk{Personstatustyper: []string{"aktiv", "bosatt"}, Kommune: freg.Kommune{Bosted: "4601"}}

// ordering is what policy grants for an uttrekk.
func ordering(t testing.TB, area string, u freg.Uttrekk) policy.Grant {
	t.Helper()
	return granted(t, area, kommune, policy.Ask{Action: policy.Innbyggerliste, Parametre: u.Names(), Kommuner: []string{u.Kommune.Bosted + u.Kommune.Opphold}})
}

// fetch orders and reads all of an uttrekk, and tells how often it was not ready.
func (w *world) fetch(t *testing.T, g policy.Grant, u freg.Uttrekk) (ids []person.ID, waits int) {
	t.Helper()
	job, err := w.client.Order(t.Context(), g, u)
	if err != nil {
		t.Fatal(err)
	}
	for nr := 0; ; {
		n, err := w.client.Batch(t.Context(), g, job, nr)
		switch {
		case err != nil || n.End && (len(n.IDs) > 0 || !n.Ready):
			t.Fatalf("batch %d: %+v, %v", nr, n, err)
		case n.End:
			return ids, waits
		case !n.Ready:
			waits++
		default:
			ids, nr = append(ids, n.IDs...), nr+1
		}
	}
}

func TestAnUttrekkIsOrderedAndRead(t *testing.T) {
	many := strings.Fields("aktiv bosatt utflyttet doed inaktiv")
	for name, c := range map[string]struct {
		u freg.Uttrekk
		q population.Extract
	}{
		"a kommune": {bergen, population.Extract{Personstatustyper: []string{"aktiv", "bosatt"}, Bostedskommunenummer: "4601"}},
		"everything that can be said": {
			freg.Uttrekk{Personstatustyper: many, Kommune: freg.Kommune{Opphold: "0301"}, FoedselsaarFraOgMed: "1900", FoedselsaarTilOgMed: "2026",
				DoedsaarFraOgMed: "1950", DoedsaarTilOgMed: "2026", Kjoenn: "kvinne", Statsborgerskap: "NOR", Sivilstandstype: "ugift"},
			population.Extract{Personstatustyper: many, Oppholdskommunenummer: "0301", FoedselsaarFraOgMed: 1900, FoedselsaarTilOgMed: 2026,
				DoedsaarFraOgMed: 1950, DoedsaarTilOgMed: 2026, Kjoenn: "kvinne", Statsborgerskap: "NOR", Sivilstandstype: "ugift"},
		},
	} {
		for area, pakke := range map[string]document.Pakke{"ALT": document.OMH, "AAPENT": document.OUtH} {
			w := newWorld(t, options{extracts: fregsim.Extracts{BatchSize: 3}})
			ids, waits := w.fetch(t, ordering(t, area, c.u), c.u)
			var got []string
			for _, id := range ids {
				got = append(got, id.Reveal())
			}
			if want := slices.Collect(people().Extract(c.q).From(0)); !slices.Equal(got, want) || waits != 4 {
				t.Errorf("%s: %d numbers, want %d; waited %d times", name, len(got), len(want), waits)
			}
			r := w.register.Requests()[0]
			if r.Resource != fregsim.Uttrekk || r.Pakke != pakke || r.Consumer != kommune || !slices.Equal(slices.Sorted(slices.Values(r.Parameters)), c.u.Names()) || r.Parts != nil {
				t.Errorf("%s: asked %+v, want %v", name, r, c.u.Names())
			}
		}
	}
}

// What no grant covers is refused before anything is sent.
func TestNoUttrekkIsOrderedThatIsNotGranted(t *testing.T) {
	w := newWorld(t, options{})
	g := ordering(t, "ALT", bergen)
	change := func(f func(*freg.Uttrekk)) freg.Uttrekk { u := bergen; f(&u); return u }
	id := named(t, "vanlig")
	chunk := granted(t, "ALT", kommune, policy.Ask{Action: policy.Innbyggerliste, Parametre: bergen.Names(), Kommuner: []string{"4601"}, Subjects: []person.ID{id}})
	for name, c := range map[string]struct {
		g policy.Grant
		u freg.Uttrekk
	}{
		"no grant": {policy.Grant{}, bergen}, "a lookup's": {about(t, "navn", id), bergen}, "a search's": {searching(t, policy.SoekTreff, "identifikasjonsnummer", "navn"), bergen},
		"a chunk's": {chunk, bergen}, "another kommune": {g, change(func(u *freg.Uttrekk) { u.Kommune.Bosted = "0301" })},
		"another criterion": {g, change(func(u *freg.Uttrekk) { u.Kjoenn = "mann" })}, "opphold for bosted": {g, change(func(u *freg.Uttrekk) { u.Kommune = freg.Kommune{Opphold: "4601"} })},
		"both": {g, change(func(u *freg.Uttrekk) { u.Kommune.Opphold = "4601" })}, "no kommune": {g, change(func(u *freg.Uttrekk) { u.Kommune = freg.Kommune{} })},
		"no status": {g, change(func(u *freg.Uttrekk) { u.Personstatustyper = nil })},
	} {
		if job, err := w.client.Order(t.Context(), c.g, c.u); !fault.Is(err, fault.Internal) || job != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, ask := range map[string]func() (freg.Numre, error){
		"no grant":     func() (freg.Numre, error) { return w.client.Batch(t.Context(), policy.Grant{}, "jobb", 0) },
		"a lookup's":   func() (freg.Numre, error) { return w.client.Batch(t.Context(), about(t, "navn", id), "jobb", 0) },
		"a chunk's":    func() (freg.Numre, error) { return w.client.Batch(t.Context(), chunk, "jobb", 0) },
		"a path":       func() (freg.Numre, error) { return w.client.Batch(t.Context(), g, "../personer/x", 0) },
		"no job":       func() (freg.Numre, error) { return w.client.Batch(t.Context(), g, "", 0) },
		"a long job":   func() (freg.Numre, error) { return w.client.Batch(t.Context(), g, strings.Repeat("a", 65), 0) },
		"before batch": func() (freg.Numre, error) { return w.client.Batch(t.Context(), g, "jobb", -1) },
	} {
		if n, err := ask(); !fault.Is(err, fault.Internal) || n.Ready || n.End || n.IDs != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.client.Persons(t.Context(), g, []person.ID{id}, true); !fault.Is(err, fault.Internal) {
		t.Errorf("an order looks persons up: %v", err)
	}
	if w.tokens() > 0 || w.questions() > 0 {
		t.Errorf("%d tokens, %d questions", w.tokens(), w.questions())
	}
}

// saying lets the register answer everything of an uttrekk with a text of the test's.
func (w *world) saying(status int, text string) {
	w.first(func(rw http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "/uttrekk/") {
			return false
		}
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(status)
		_, _ = io.WriteString(rw, text)
		return true
	})
}

// An answer that is taken for the end and is not would be a list that is cut in silence.
func TestBatchesThatAreNotBelieved(t *testing.T) {
	id := strangers(t, 1)[0].Reveal()
	g := ordering(t, "ALT", bergen)
	for text, ok := range map[string]bool{
		`{}`: true, ` { } `: true, `{"foedselsEllerDNummer":[]}`: true, `{"foedselsEllerDNummer":["` + id + `"]}`: true,
		`{"foedselsEllerDNummer":null}`: false, `null`: false, `[]`: false, ``: false, `{`: false, `{}{}`: false,
		`{"feilmelding":"vent litt"}`: false, `{"feilmelding":["vent litt"]}`: false, `{"dokumentidentifikator":["a"]}`: false, `{"dokumentidentifikator":[]}`: false,
		`{"foedselsEllerDNummer":["` + id + `"],"flere":["` + id + `"]}`: false, `{"foedselsEllerDNummer":["` + id + `"],"foedselsEllerDNummer":[]}`: false,
		`{"foedselsEllerDNummer":["` + id + `","14827849806"]}`: false, `{"foedselsEllerDNummer":["` + id + `",""]}`: false, `{"foedselsEllerDNummer":[` + id + `]}`: false,
		`{"foedselsEllerDNummer":"` + id + `"}`: false, `{"foedselsEllerDNummer":["` + id + `"`: false,
		`{"foedselsEllerDNummer":["` + strings.Repeat(id+`","`, freg.MaxBatch) + id + `"]}`: false,
	} {
		w := newWorld(t, options{direct: true}) // with a breaker of its own
		w.saying(http.StatusOK, text)
		n, err := w.client.Batch(t.Context(), g, "jobb", 0)
		what := text[:min(len(text), 60)]
		if ok && (err != nil || !n.Ready || n.End == strings.Contains(text, id)) || !ok && (!fault.Is(err, fault.Unavailable) || n.Ready || n.End) {
			t.Errorf("%s: %+v, %v", what, n, err)
		}
		if err != nil {
			silent(t, err, id, "vent litt")
		}
	}
	for _, text := range []string{`{}`, `{"jobbId":""}`, `{"jobbId":"../x"}`, `{"jobbId":7}`, `{"jobbId":"a","feilmelding":"b"}`, `[]`, `{"jobbId":"` + strings.Repeat("a", 65) + `"}`} {
		w := newWorld(t, options{direct: true})
		w.saying(http.StatusOK, text)
		if job, err := w.client.Order(t.Context(), g, bergen); !fault.Is(err, fault.Unavailable) || job != "" {
			t.Errorf("%s: %q, %v", text, job, err)
		}
	}
}

// Not ready, gone, too many and down are told apart, and only what may pass is tried again.
func TestWhatBecomesOfAnUttrekk(t *testing.T) {
	for name, c := range map[string]struct {
		steps []string
		asked int
		ready bool
		code  string // of the fault; "" for none
	}{
		"not ready":          {[]string{"404"}, 1, false, ""},
		"gone":               {[]string{"410"}, 1, false, "UTTREKK_FINNES_IKKE"},
		"too fast, and then": {[]string{"429 10", "200"}, 2, true, ""},
		"too fast":           {[]string{"429 10"}, 4, false, "FOLKEREGISTERET_FOR_MANGE_KALL"},
		"down, and then":     {[]string{"503", "500", "200"}, 3, true, ""},
		"down":               {[]string{"503"}, 4, false, "FOLKEREGISTERET_UTILGJENGELIG"},
		"refused":            {[]string{"403"}, 1, false, "FOLKEREGISTERET_AVVISER"},
		"a wrong question":   {[]string{"400"}, 1, false, "FOLKEREGISTERET_UGYLDIG_SPOERRING"},
	} {
		bubble(t, 3, func(t *testing.T, w *world) {
			asked := w.script(c.steps...)
			n, err := w.client.Batch(t.Context(), ordering(t, "ALT", bergen), "jobb", 0)
			code := ""
			if err != nil {
				code = fault.Of(err).Code
			}
			if n.Ready != c.ready || n.End != c.ready || code != c.code || len(asked()) != c.asked {
				t.Errorf("%s: %+v, %q, asked %d times", name, n, code, len(asked()))
			}
		})
		bubble(t, 3, func(t *testing.T, w *world) {
			asked := w.script(c.steps...)
			_, err := w.client.Order(t.Context(), ordering(t, "ALT", bergen), bergen)
			if err == nil || c.code == "" && !fault.Is(err, fault.Unavailable) || len(asked()) < c.asked { // no step is a job
				t.Errorf("%s, ordered: %v, asked %d times", name, err, len(asked()))
			}
		})
	}
}

// The register takes ten at a time of an organisation; the eleventh is told to wait, and others are not.
func TestTheEleventhUttrekkWaits(t *testing.T) {
	w := newWorld(t, options{})
	g := ordering(t, "ALT", bergen)
	job := ""
	for range fregsim.MaxJobs {
		var err error
		if job, err = w.client.Order(t.Context(), g, bergen); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.client.Order(t.Context(), g, bergen); !fault.Is(err, fault.TooMany) || fault.Of(err).RetryAfter < time.Second {
		t.Errorf("an eleventh: %v", err)
	}
	neighbour := granted(t, "ALT", nabo, policy.Ask{Action: policy.Innbyggerliste, Parametre: bergen.Names(), Kommuner: []string{"4601"}})
	if _, err := w.client.Order(t.Context(), neighbour, bergen); err != nil {
		t.Errorf("another organisation: %v", err)
	}
	if _, err := w.client.Batch(t.Context(), neighbour, job, 0); fault.Of(err).Code != freg.Gone.Code {
		t.Errorf("another organisation's job: %v", err)
	}
}

// Jobs are nobody's secret, numbers are; neither stands in an error, whatever goes wrong.
func TestErrorsOfAnUttrekkAreSilent(t *testing.T) {
	w := newWorld(t, options{})
	g := ordering(t, "ALT", bergen)
	job, err := w.client.Order(t.Context(), g, bergen)
	if err != nil {
		t.Fatal(err)
	}
	secret := strangers(t, 1)[0].Reveal()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = w.client.Batch(ctx, g, job, 0)
	silent(t, err, job, "4601")
	for _, status := range []int{200, 400, 403, 404, 410, 429, 500} {
		w.saying(status, fmt.Sprintf(`{"feilmelding":%q}`, secret))
		_, err = w.client.Batch(t.Context(), g, job, 0)
		silent(t, err, job, secret)
		_, err = w.client.Order(t.Context(), g, bergen)
		silent(t, err, job, secret, "4601")
	}
}
