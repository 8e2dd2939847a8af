package disclosure_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"hjemmel/shared/audit"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

// questions are one of each kind by each kind of caller, with an answer each.
func (w *world) questions() map[string]question {
	vanlig, barn := w.number("vanlig"), w.number("barn")
	p := w.residents()[vanlig]
	name, home := p.Navn[len(p.Navn)-1], p.Adresser[len(p.Adresser)-1]
	all := map[string]question{}
	w.plant(w.everything("skole", "OPPVEKST"))
	for _, caller := range []string{"vendor 1", "ansatt-01", "ansatt-01 via 1"} {
		r := role(1)
		all["lookup by "+caller] = w.asks(caller, r, policy.Oppslag, vanlig)
		all["bulk by "+caller] = w.asks(caller, r, policy.Bulkoppslag, vanlig, w.number("forelder"), w.number("fortrolig"), barn)
		all["school by "+caller] = w.asks(caller, "skole", policy.Oppvekst, barn, w.number("barnMedDeltBosted"), w.number("barnMedFortroligForelder"))
		all["search by "+caller] = w.asks(caller, r, policy.SoekTreff).criteria("navn", name.Etternavn)
		all["search by address by "+caller] = w.asks(caller, r, policy.SoekTreff).criteria("adressenavn", home.Adressenavn, "husnummer", home.Husnummer)
		all["persons by "+caller] = w.asks(caller, r, policy.Personsoek).criteria("navn", name.Etternavn)
		all["persons by address by "+caller] = w.asks(caller, r, policy.Personsoek).criteria("adressenavn", home.Adressenavn, "husnummer", home.Husnummer)
		all["count by "+caller] = w.asks(caller, r, policy.Antallsoek).criteria("adressenavn", home.Adressenavn, "husnummer", home.Husnummer)
		all["unique by "+caller] = w.asks(caller, r, policy.EntydigSoek).criteria("navn", name.Fornavn+" "+name.Etternavn, "identifikasjonsnummer", vanlig.Reveal())
	}
	return all
}

// refusals are questions whose answer is no, for every reason there is a no for.
func (w *world) refusals() map[string]question {
	vanlig, unknown := w.number("vanlig"), unknownPerson(w)
	elsewhere := w.everything("annetsteds", "BARNEVERN")
	elsewhere.Kommuner = []string{"9999"}
	w.plant(elsewhere)
	closed := w.residents()[w.number("fortrolig")]
	name, home := closed.Navn[len(closed.Navn)-1], closed.Adresser[len(closed.Adresser)-1]
	return map[string]question{
		"outside the role":       w.asks("vendor 1", role(3), policy.Oppslag, vanlig).parts("familierelasjon"),
		"no such role":           w.asks("vendor 1", role(99), policy.Oppslag, vanlig),
		"another's role":         w.asks("ansatt-02", role(1), policy.Bulkoppslag, vanlig, unknown),
		"own record":             w.asks("ansatt-01", role(1), policy.Oppslag, w.number("kortNavn")),
		"lives elsewhere":        w.asks("vendor 1", "annetsteds", policy.Oppslag, vanlig),
		"nobody":                 w.asks("vendor 1", role(1), policy.Oppslag, unknown),
		"no subject":             w.asks("vendor 1", role(1), policy.SoekTreff).criteria(),
		"a search for nobody":    w.asks("vendor 1", role(1), policy.EntydigSoek).criteria("navn", "INGEN HETERSLIK", "foedselsdato", "19000101"),
		"sought by closed home":  w.asks("vendor 1", role(1), policy.EntydigSoek).criteria("navn", name.Fornavn+" "+name.Etternavn, "postnummer", home.Postnummer),
		"a list of a town":       w.asks("vendor 1", role(1), policy.Personsoek).criteria("kommunenummer", home.Kommunenummer, "kjoenn", "kvinne"),
		"a count of a town":      w.asks("vendor 1", role(1), policy.Antallsoek).criteria("kommunenummer", home.Kommunenummer),
		"parameter outside role": w.asks("vendor 1", role(3), policy.SoekTreff).criteria("kjoenn", "kvinne"),
	}
}

// unknownPerson is a number that nobody has.
func unknownPerson(w *world) person.ID {
	w.t.Helper()
	id, err := person.ParseID("14827849805")
	w.must(err)
	return id
}

// steps counts what a question that goes well does.
type steps struct{ reads, commits, requests int }

func (w *world) measured(q question) (n steps) {
	w.t.Helper()
	w.calm()
	var mu sync.Mutex
	w.store.Hook(func(_ context.Context, c storetest.Call) error {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case c.Moment == storetest.After:
		case c.Method == storetest.Commit:
			n.commits++
		default:
			n.reads++
		}
		return nil
	})
	var requests atomic.Int64
	outside := func(http.ResponseWriter) bool { requests.Add(1); return false }
	w.outside.Store(&outside)
	accounted(w.t, q, w.tell(context.Background(), q), w.taken(w.t))
	w.calm()
	n.requests = int(requests.Load())
	return n
}

// lost checks that nothing is told and that the caller is told to try again, and nothing else.
func lost(t *testing.T, what string, a told, code string) {
	t.Helper()
	if !a.empty() {
		t.Errorf("%s: something is told", what)
	}
	if f := fault.Of(a.err); a.err == nil || f.Kind != fault.Unavailable || (code != "" && f.Code != code) {
		t.Errorf("%s: told %v", what, a.err)
	}
}

var appends = map[string]storetest.Moment{"failAppendAndNotPersisted": storetest.Before, "failAppendButPersisted": storetest.After}

// Whichever commit is the process's last, before or after it took effect, nothing leaves after it.
func TestNoBytesWithoutAnEntry(t *testing.T) {
	w := newWorld(t)
	for name, q := range w.questions() {
		n := w.measured(q)
		if n.commits == 0 || n.reads < 3 || n.requests < 2 {
			t.Fatalf("%s: %+v", name, n)
		}
		for mode, when := range appends {
			for nth := 1; nth <= n.commits; nth++ {
				what := fmt.Sprintf("%s: %s %d", name, mode, nth)
				w.store.Crash(when, nth)
				a := w.tell(t.Context(), q)
				lost(t, what, a, "LOGG_UTILGJENGELIG")
				if errors.As(a.err, new(*disclosure.Refusal)) {
					t.Errorf("%s: told as if it were written", what)
				}
				again := w.tell(t.Context(), q) // the store is dead now, to reads too
				lost(t, what+", again", again, "LOGG_UTILGJENGELIG")
				w.calm()
				if leaves := w.taken(t); (len(leaves) > 0) != (nth > 1 || when == storetest.After) {
					t.Errorf("%s: %d leaves", what, len(leaves))
				}
			}
		}
	}
}

// A store that cannot be read gives no answer, and a leaf that says so.
func TestAStoreThatRefusesReads(t *testing.T) {
	w := newWorld(t)
	for name, q := range w.questions() {
		for nth := 1; nth <= w.measured(q).reads; nth++ {
			reads := 0
			w.store.Hook(func(_ context.Context, c storetest.Call) error {
				if c.Method != storetest.Commit && c.Moment == storetest.Before {
					if reads++; reads == nth {
						return store.Unavailable(storetest.ErrInjected)
					}
				}
				return nil
			})
			a := w.tell(t.Context(), q)
			lost(t, fmt.Sprintf("%s: read %d", name, nth), a, "")
			accounted(t, q, a, w.taken(t))
			w.calm()
		}
	}
}

// ways are how the register, and the way to it, can fail a single request.
var ways = map[string]func(http.ResponseWriter) bool{
	"503": func(w http.ResponseWriter) bool {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	},
	"a page": func(w http.ResponseWriter) bool {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNotFound)
		return true
	},
	"half an answer": func(w http.ResponseWriter) bool {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"navn":[{"fornavn":"K`))
		return true
	},
	"broken off": func(http.ResponseWriter) bool { panic(http.ErrAbortHandler) },
}

// From whichever request on Maskinporten or the register fail, nothing is told and the failure is
// written; and where that cannot be written either, nothing is told still.
func TestARegisterThatFails(t *testing.T) {
	w := newWorld(t)
	for name, q := range w.questions() {
		if !strings.HasSuffix(name, "vendor 1") { // the register does not know who it is
			continue
		}
		for nth := 1; nth <= w.measured(q).requests; nth++ {
			from := func(fail func(http.ResponseWriter) bool) {
				var requests atomic.Int64
				outside := func(rw http.ResponseWriter) bool { return int(requests.Add(1)) >= nth && fail(rw) }
				w.outside.Store(&outside)
			}
			for way, fail := range ways {
				from(fail)
				a := w.tell(t.Context(), q)
				lost(t, fmt.Sprintf("%s: from request %d on %s", name, nth, way), a, "")
				accounted(t, q, a, w.taken(t))
				w.calm()
			}
			for mode, when := range appends {
				from(ways["503"])
				w.store.FailCommit(when, 1)
				lost(t, fmt.Sprintf("%s: from request %d on, and %s", name, nth, mode), w.tell(t.Context(), q), "LOGG_UTILGJENGELIG")
				w.taken(t)
				w.calm()
			}
		}
	}
}

// A no that cannot be written down is not told: it becomes "try again".
func TestARefusalThatCannotBeWritten(t *testing.T) {
	w := newWorld(t)
	for name, q := range w.refusals() {
		a := w.tell(t.Context(), q)
		accounted(t, q, a, w.taken(t))
		refusal, ok := errors.AsType[*disclosure.Refusal](a.err)
		if !ok || refusal.Fault.Kind == fault.Unavailable || refusal.Error() == "" {
			t.Errorf("%s: %v", name, a.err)
			continue
		}
		for mode, when := range appends {
			w.store.FailCommit(when, 1)
			a := w.tell(t.Context(), q)
			lost(t, name+": "+mode, a, "LOGG_UTILGJENGELIG")
			if errors.As(a.err, new(*disclosure.Refusal)) || fault.Of(a.err).Detail == refusal.Fault.Detail {
				t.Errorf("%s: %s: told all the same: %v", name, mode, a.err)
			}
			for _, e := range w.taken(t) {
				if e.Utfall == audit.Utlevert {
					t.Errorf("%s: %s: written as told", name, mode)
				}
			}
			w.calm()
		}
	}
}

// What the edge refuses is written before it is told, whoever asks; and what is written already is
// not written twice.
func TestTheEdgeRefuses(t *testing.T) {
	w := newWorld(t)
	bad := fault.New(fault.Invalid, "UGYLDIG_IDENTIFIKATOR", "Slik er det.")
	q := w.asks("vendor 1", role(1), policy.Oppslag, w.number("vanlig"))
	nobody := q
	nobody.Request = disclosure.Request{RolleID: role(1), RequestID: "r", Ask: q.Ask}
	for org, q := range map[string]question{w.integration(1).FiksOrgID: q, audit.Platform: nobody} {
		err := w.desk.Refuse(t.Context(), q.Request, bad)
		leaves := w.taken(t)
		accounted(t, q, told{err: err}, leaves)
		if leaves[0].FiksOrgID != org {
			t.Errorf("written to %s, not to %s", leaves[0].FiksOrgID, org)
		}
		if again := w.desk.Refuse(t.Context(), q.Request, err); again != err || len(w.taken(t)) > 0 { //nolint:errorlint // the very same
			t.Error("written twice")
		}
		for mode, when := range appends {
			w.store.FailCommit(when, 1)
			lost(t, mode, told{err: w.desk.Refuse(t.Context(), q.Request, bad)}, "LOGG_UTILGJENGELIG")
			w.taken(t)
		}
		w.store.FailReads(1)
		accounted(t, q, told{err: w.desk.Refuse(t.Context(), q.Request, bad)}, w.taken(t))
		w.calm()
	}
	for _, cause := range []error{errors.New("a bug"), fault.New(fault.Unavailable, "NEDE", "Prøv igjen.")} {
		accounted(t, q, told{err: w.desk.Refuse(t.Context(), q.Request, cause)}, w.taken(t))
	}
}
