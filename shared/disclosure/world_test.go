package disclosure_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/freg"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/identity"
	"hjemmel/shared/identity/identitytest"
	"hjemmel/shared/identity/idsim"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/roles"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

// fataler is what rapid's and testing's T have in common.
type fataler interface {
	Helper()
	Errorf(string, ...any)
	Fatal(...any)
	Fatalf(string, ...any)
}

// world is a desk among real simulators, on a store that can fail.
type world struct {
	*hosttest.World
	store  *storetest.FaultyStore
	memory *storetest.Model // below store: it never fails
	desk   *disclosure.Desk

	t        testing.TB
	keys     audit.Keys
	orgs     map[string]audit.OrganisationKey
	client   *http.Client
	callers  map[string]identity.Caller
	outside  atomic.Pointer[func(http.ResponseWriter) bool] // comes before Maskinporten and the register, and may answer for them
	answered atomic.Pointer[func()]                         // comes after their answers are read
}

func newWorld(t testing.TB, options ...func(*hosttest.Options)) *world {
	t.Helper()
	w := &world{t: t, memory: storetest.NewMemory(), callers: map[string]identity.Caller{}, orgs: map[string]audit.OrganisationKey{}}
	w.store = storetest.Faulty(w.memory)
	w.client = &http.Client{Transport: &wire{&http.Transport{}, &w.answered}}
	srv := httptest.NewUnstartedServer(nil)
	o := hosttest.Options{Listener: srv.Listener, Data: t.TempDir(), Store: w.store, Population: population.Config{Size: 400}}
	for _, f := range options {
		f(&o)
	}
	var err error
	w.World, err = hosttest.New(o)
	w.must(err)
	w.keys, err = audit.NewKeys(w.Env.Config.AuditSecret)
	w.must(err)
	mux := http.NewServeMux()
	w.Mount(mux)
	srv.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if before := w.outside.Load(); before == nil || !(*before)(rw) {
			mux.ServeHTTP(rw, r)
		}
	})
	srv.Start()
	t.Cleanup(func() {
		srv.Close()
		w.must(w.Env.Close())
	})
	w.open()
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// open makes a desk that remembers nothing, as a process that has just started.
func (w *world) open() {
	w.t.Helper()
	c := w.Env.Config
	book, err := roles.NewBook(w.store, katalog.Standard(), c.PersonKey)
	w.must(err)
	register, err := freg.New(freg.Config{BaseURL: c.FregURL, Retries: -1, HTTP: w.client, Maskinporten: freg.Maskinporten{
		Issuer: c.MaskinportenIssuer, TokenURL: c.MaskinportenToken, ClientID: c.MaskinportenClient, Orgnr: c.Orgnr,
		Key: w.Key(c.MaskinportenClient), KeyID: c.MaskinportenKeyID,
	}})
	w.must(err)
	logg := audit.NewLog(w.store, w.keys, time.Now)
	w.t.Cleanup(logg.Close)
	w.desk = disclosure.NewDesk(book, register, logg, time.Now)
}

// wire tells when an answer has been read.
type wire struct {
	http.RoundTripper
	answered *atomic.Pointer[func()]
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := w.RoundTripper.RoundTrip(r)
	if f := w.answered.Load(); err == nil && f != nil {
		resp.Body = body{resp.Body, *f}
	}
	return resp, err
}

type body struct {
	io.ReadCloser
	closed func()
}

func (b body) Close() error {
	defer b.closed()
	return b.ReadCloser.Close()
}

// calm takes back everything that goes wrong, and starts anew.
func (w *world) calm() {
	w.store.Revive()
	w.outside.Store(nil)
	w.answered.Store(nil)
	w.open()
}

// caller is who a name says: "vendor 1", "ansatt-01" or "ansatt-01 via 1".
func (w *world) caller(name string) identity.Caller {
	w.t.Helper()
	if c, ok := w.callers[name]; ok {
		return c
	}
	ansatt, system, via := strings.Cut(name, " via ")
	if s, ok := strings.CutPrefix(name, "vendor "); ok {
		ansatt, system = "", s
	}
	var login identitytest.Login
	token := ""
	if system != "" {
		i := w.integration(int(system[0] - '0'))
		login = identitytest.Login{ID: i.ID, Password: i.Passord}
		token = w.signed(w.Maskinporten.Sign(w.Maskinporten.Claims(w.Client(i.KlientID), identity.DefaultScope, "")))
	}
	if ansatt != "" {
		client, scope := idsim.LoginClient{ID: "hjemmel-web", Orgnr: w.Env.Config.Orgnr}, "openid"
		if via {
			client, scope = idsim.LoginClient{ID: "fagsystem-innlogging", Orgnr: w.Client("fagsystem-ost").Orgnr}, "openid "+identity.DefaultScope
		}
		e, ok := w.IDPorten.Employee(ansatt)
		if !ok {
			w.t.Fatalf("nobody is called %s", ansatt)
		}
		token = w.signed(w.IDPorten.Sign(w.IDPorten.Claims(e, client, scope)))
	}
	v, err := w.Env.Verifier()
	w.must(err)
	c, err := v.Caller(context.Background(), identitytest.Request(token, login))
	w.must(err)
	w.callers[name] = c
	return c
}

func (w *world) signed(token string, err error) string {
	w.t.Helper()
	w.must(err)
	return token
}

func (w *world) integration(n int) hosttest.DemoIntegrasjon { return w.Demo.Integrasjoner[n-1] }

// number is the number of a named person of the population.
func (w *world) number(name string) person.ID {
	w.t.Helper()
	id := w.Person(name)
	if id.IsZero() {
		w.t.Fatalf("nobody is called %s", name)
	}
	return id
}

// role is role n of the demo data.
func role(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", 0x10000000+n, n) }

// plant stores a role and gives it to integration 1 and, where it is for people, to ansatt-01.
func (w *world) plant(r policy.Role) {
	w.t.Helper()
	ops, err := roles.PutRole(katalog.Standard(), r)
	w.must(err)
	for _, aktor := range []string{w.integration(1).ID, "ansatt-01"} {
		assign, err := roles.PutAssignment(policy.Tildeling{AktorID: aktor, RolleID: r.ID})
		w.must(err)
		ops = append(ops, assign...)
	}
	w.must(w.memory.Commit(context.Background(), ops...))
}

// everything is a role with all that an area has, in the organisation of integration 1.
func (w *world) everything(id, area string) policy.Role {
	w.t.Helper()
	a, ok := katalog.Standard().Area(area)
	if !ok {
		w.t.Fatalf("no area is called %s", area)
	}
	r := policy.Role{
		ID: id, FiksOrgID: w.integration(1).FiksOrgID, Versjon: 1, Navn: "Alt", Tjenesteomraade: area, Aktiv: true, KanBrukesPaaSokeside: true,
		Bruksomraader: []katalog.Bruk{katalog.Soek}, AapneGradert: a.KanAapneGradert(),
	}
	for _, h := range a.Lovhjemler {
		r.Hjemler = append(r.Hjemler, h.ID)
	}
	for _, o := range katalog.Standard().Opplysninger {
		if o.Gyldig && o.Register == "FOLKEREGISTER" && katalog.Standard().AreaPermits(a, o) {
			r.Opplysninger = append(r.Opplysninger, o.Kode)
		}
	}
	return r
}

// taken reads the whole log as it is stored, in the order it was written, with the numbers that it
// seals, and empties it.
func (w *world) taken(t fataler) []audit.Entry {
	t.Helper()
	var all []audit.Entry
	for {
		page, err := w.memory.Scan(context.Background(), "logg/", "", store.MaxScan)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		var read []store.Op
		for _, r := range page {
			read = append(read, store.DeleteIf(r.Key, r.Revision))
			records, err := audit.Records(r.Value)
			if err != nil {
				t.Fatal(err)
			}
			for _, record := range records {
				all = append(all, w.opened(t, record))
			}
		}
		if err := w.memory.Commit(context.Background(), read...); err != nil {
			t.Fatal(err)
		}
	}
	slices.SortStableFunc(all, func(a, b audit.Entry) int {
		if a.Skriver == b.Skriver {
			return int(a.Nr) - int(b.Nr) //nolint:gosec // small
		}
		return a.Tid.Compare(b.Tid)
	})
	return all
}

// opened reads a record and unseals whom it is about.
func (w *world) opened(t fataler, record []byte) audit.Entry {
	t.Helper()
	e, _, err := audit.Open(record)
	if err != nil {
		t.Fatal(err)
	}
	if e.Subjekt == "" {
		return e
	}
	k, ok := w.orgs[e.FiksOrgID]
	if !ok {
		if k, err = w.keys.Organisation(e.FiksOrgID); err != nil {
			t.Fatal(err)
		}
		w.orgs[e.FiksOrgID] = k
	}
	if e.Person, err = k.Unseal(e); err != nil || k.Pseudonym(e.Person) != e.Subjekt {
		t.Fatalf("a subject that cannot be unsealed: %v", err)
	}
	return e
}
