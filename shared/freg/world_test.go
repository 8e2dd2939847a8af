package freg_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"go.uber.org/goleak"

	"hjemmel/shared/freg"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/identity/identitytest"
	"hjemmel/shared/identity/idsim"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Organisations: ourselves, two that have delegated to us, and one that has not.
const (
	own, kommune, nabo, fremmed = "310500003", "310600016", "310700010", "310800015"
	scopeOMH, scopeOUtH         = "folkeregister:deling/offentligmedhjemmel", "folkeregister:deling/offentligutenhjemmel"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

var people = sync.OnceValue(func() *population.Population {
	p, err := population.New(population.Config{Size: 400})
	if err != nil {
		panic(err)
	}
	return p
})

// world is the register and Maskinporten as simulators, and a client of ours.
type world struct {
	t            testing.TB
	register     *fregsim.Server
	maskinporten *idsim.Maskinporten
	config       freg.Config
	client       *freg.Client

	mu      sync.Mutex
	grants  []map[string]any // claims and header of every request for a token
	queries []string         // of every request to the register
	refused map[string]bool  // tokens that the register no longer takes
	before  func(w http.ResponseWriter, r *http.Request) bool
}

// options shape a world.
type options struct {
	direct    bool // without a network, for a bubble of synctest
	documents fstest.MapFS
	access    map[string][]string
	cas       *x509.CertPool
	change    func(*freg.Config)
	extracts  fregsim.Extracts
}

func newWorld(t testing.TB, o options) *world {
	t.Helper()
	w := &world{t: t, refused: map[string]bool{}}
	base := "http://register.test"
	var srv *httptest.Server
	if !o.direct {
		srv = httptest.NewUnstartedServer(w)
		base = "http://" + srv.Listener.Addr().String()
	}
	public := jose.JSONWebKey{Key: &identitytest.Keys()[0].PublicKey, KeyID: "kid-1", Algorithm: "RS256", Use: "sig"}
	var err error
	w.maskinporten, err = idsim.NewMaskinporten(idsim.MaskinportenConfig{
		Issuer: base + "/maskinporten/", Key: identitytest.Keys()[1], Access: o.access, CAs: o.cas,
		Clients: []idsim.Client{{ID: "hjemmel", Orgnr: own, Scopes: []string{scopeOMH, scopeOUtH}, Keys: []jose.JSONWebKey{public},
			Delegations: map[string][]string{kommune: {scopeOMH, scopeOUtH}, nabo: {scopeOMH}}}},
	})
	w.must(err)
	cfg := fregsim.Config{Population: people(), Authorize: w.authorize, Extracts: o.extracts}
	if o.documents != nil {
		cfg.Documents = o.documents
	}
	w.register, err = fregsim.New(cfg)
	w.must(err)
	w.config = freg.Config{BaseURL: base, Retries: -1, Maskinporten: freg.Maskinporten{
		Issuer: w.maskinporten.Name(), TokenURL: base + "/maskinporten/token", ClientID: "hjemmel", Orgnr: own, Key: identitytest.Keys()[0], KeyID: "kid-1"}}
	transport := &http.Transport{}
	w.config.HTTP = &http.Client{Transport: transport}
	if o.direct {
		w.config.HTTP.Transport = direct{w}
	} else {
		srv.Start()
		t.Cleanup(func() { transport.CloseIdleConnections(); srv.Close() })
	}
	if o.change != nil {
		o.change(&w.config)
	}
	w.client, err = freg.New(w.config)
	w.must(err)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// direct is a way to the world without a network.
type direct struct{ to http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	if in.RequestURI = r.URL.RequestURI(); in.Body == nil {
		in.Body = http.NoBody
	}
	rec, done := httptest.NewRecorder(), make(chan error, 1)
	go func() {
		defer func() {
			if recover() != nil { // how a handler breaks the connection
				done <- io.ErrUnexpectedEOF
			}
		}()
		d.to.ServeHTTP(rec, in)
		done <- nil
	}()
	select {
	case err := <-done:
		return rec.Result(), err
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	before := w.before
	if strings.HasPrefix(r.URL.Path, "/maskinporten/") {
		w.grants = append(w.grants, assertion(r))
	} else {
		w.queries = append(w.queries, r.URL.RawQuery)
	}
	w.mu.Unlock()
	switch {
	case before != nil && before(rw, r):
	case strings.HasPrefix(r.URL.Path, "/maskinporten/"):
		http.StripPrefix("/maskinporten", w.maskinporten).ServeHTTP(rw, r)
	default:
		w.register.ServeHTTP(rw, r)
	}
}

// first lets f answer before the simulators do; it reports whether it did.
func (w *world) first(f func(rw http.ResponseWriter, r *http.Request) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.before = f
}

func assertion(r *http.Request) map[string]any {
	all := map[string]any{}
	if err := r.ParseForm(); err != nil {
		return all
	}
	t, err := jwt.ParseSigned(r.PostForm.Get("assertion"), []jose.SignatureAlgorithm{jose.RS256})
	if err != nil || t.UnsafeClaimsWithoutVerification(&all) != nil {
		return all
	}
	all["kid"] = t.Headers[0].KeyID
	return all
}

// authorize takes Maskinporten's tokens until they are refused.
func (w *world) authorize(_ context.Context, token string) (fregsim.Access, error) {
	w.mu.Lock()
	refused := w.refused[token]
	w.mu.Unlock()
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil || refused {
		return fregsim.Access{}, errors.New("refused")
	}
	var std jwt.Claims
	var c struct {
		Scope    string `json:"scope"`
		Consumer struct {
			ID string `json:"ID"`
		} `json:"consumer"`
	}
	if err := parsed.Claims(&identitytest.Keys()[1].PublicKey, &std, &c); err != nil {
		return fregsim.Access{}, err
	}
	if err := std.ValidateWithLeeway(jwt.Expected{Time: time.Now()}, 0); err != nil {
		return fregsim.Access{}, err
	}
	return fregsim.Access{Scopes: strings.Fields(c.Scope), ConsumerOrgnr: strings.TrimPrefix(c.Consumer.ID, "0192:")}, nil
}

// refuse makes the register take the token no more.
func (w *world) refuse(token string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused[token] = true
}

// tokens counts the requests for tokens.
func (w *world) tokens() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.grants)
}

// questions counts the requests to the register.
func (w *world) questions() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.queries)
}

// alt is a catalogue with one area that opens everything, and one that has no hjemmel for what is
// taushetsbelagt.
var alt = sync.OnceValue(func() *katalog.Katalog {
	area := func(kode string, pakke katalog.Pakke) *katalog.Tjenesteomraade {
		var codes []string
		for _, o := range katalog.Standard().Opplysninger {
			if o.Gyldig && o.Register == "FOLKEREGISTER" {
				codes = append(codes, o.Kode)
			}
		}
		return &katalog.Tjenesteomraade{Kode: kode, Gyldig: true, KanHenteTaushet: pakke == katalog.MedHjemmel, Rettighetspakke: pakke,
			Bruksomraader: []katalog.Bruk{katalog.Soek, katalog.Innbyggerliste}, Lovhjemler: []katalog.Hjemmel{{ID: "h", Art: "HJEMMEL_TAUSHETSBELAGT"}},
			Registre: []katalog.Utvalg{{Register: "FOLKEREGISTER", Opplysninger: codes}}}
	}
	k, err := katalog.New([]*katalog.Tjenesteomraade{area("ALT", katalog.MedHjemmel), area("AAPENT", katalog.UtenHjemmel)}, katalog.Standard().Opplysninger)
	if err != nil {
		panic(err)
	}
	return k
})

// granted is what policy gives a role with everything in an area for an ask.
func granted(t testing.TB, area, orgnr string, ask policy.Ask) policy.Grant {
	t.Helper()
	a, _ := alt().Area(area)
	r := policy.Role{ID: "r", FiksOrgID: "o", Versjon: 1, Tjenesteomraade: area, Hjemler: []string{"h"}, Bruksomraader: a.Bruksomraader, Opplysninger: a.Folkeregister(), Aktiv: true}
	ask.At = now
	d := policy.Decide(policy.Holder{Aktor: "a", FiksOrgID: "o", Orgnr: orgnr, Profil: policy.Compile(alt(), r), Tildelinger: []policy.Tildeling{{RolleID: "r", AktorID: "a"}}}, ask)
	if d.Denied() {
		t.Fatal(d.Fault(), d.Fault().Elements)
	}
	return d.Grant()
}

// about is a grant for persons, with hjemmel.
func about(t testing.TB, parts string, ids ...person.ID) policy.Grant {
	t.Helper()
	return granted(t, "ALT", kommune, policy.Ask{Action: policy.Bulkoppslag, Subjects: ids, Parts: strings.Fields(parts)})
}

// searching is a grant for a search by the parameters.
func searching(t testing.TB, action policy.Action, parts string, parameters ...string) policy.Grant {
	t.Helper()
	return granted(t, "ALT", kommune, policy.Ask{Action: action, Parts: strings.Fields(parts), Parametre: parameters})
}

func named(t testing.TB, name string) person.ID {
	t.Helper()
	id := people().Named()[name]
	if id.IsZero() {
		t.Fatalf("nobody is called %s", name)
	}
	return id
}

func parsed(t testing.TB, s string) person.ID {
	t.Helper()
	id, err := person.ParseID(s)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// strangers are n synthetic numbers that no population holds: born in 1971, months + 80.
func strangers(t testing.TB, n int) []person.ID {
	t.Helper()
	var ids []person.ID
	for i := 0; len(ids) < n; i++ {
		nine := fmt.Sprintf("%02d%02d71%03d", i%28+1, 81+i/28%12, i/336%1000)
		if control, ok := person.ControlDigits(nine); ok {
			ids = append(ids, parsed(t, nine+control))
		}
	}
	return ids
}

// record is a register document of a person with an address, a grading and relatives.
func record(t testing.TB, id person.ID, gradert string, relatives ...person.ID) *fstest.MapFile {
	t.Helper()
	doc := map[string]any{
		"identifikasjonsnummer": []any{map[string]any{"erGjeldende": true, "foedselsEllerDNummer": id.Reveal(), "status": "iBruk"}},
		"bostedsadresse":        []any{map[string]any{"erGjeldende": true, "adressegradering": "ugradert", "vegadresse": map[string]any{"adressenavn": "KANARIVEGEN", "kommunenummer": "4601"}}},
	}
	if gradert != "" {
		doc["adressebeskyttelse"] = []any{map[string]any{"erGjeldende": true, "graderingsnivaa": gradert}}
	}
	var family []any
	for _, r := range relatives {
		family = append(family, map[string]any{"erGjeldende": true, "relatertPerson": r.Reveal(), "relatertPersonsRolle": "barn", "minRolleForPerson": "mor"})
	}
	if family != nil {
		doc["familierelasjon"] = family
	}
	b, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: b}
}
