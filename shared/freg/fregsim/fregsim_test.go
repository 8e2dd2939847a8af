package fregsim_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"hjemmel/shared/fault"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/population"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	omh    = "/folkeregisteret/offentlig-med-hjemmel/api/v1/personer/"
	outh   = "/folkeregisteret/api/offentligutenhjemmel/v1/personer/"
	orgnr  = "123456785"
	nobody = "01810049398" // a number that is well formed and that a small register does not hold
)

// people is one register for all tests; it never changes.
var people = sync.OnceValue(func() *population.Population {
	p, err := population.New(population.Config{Seed: 1, Size: 2500})
	if err != nil {
		panic(err)
	}
	return p
})

// authorize takes the token for the scope's last part, as in "offentligmedhjemmel".
func authorize(_ context.Context, token string) (fregsim.Access, error) {
	if token == "utgaatt" {
		return fregsim.Access{}, errors.New("expired")
	}
	return fregsim.Access{Scopes: []string{"ks:fiks", "folkeregister:deling/" + token}, ConsumerOrgnr: orgnr}, nil
}

// site is a running simulator.
type site struct {
	*fregsim.Server
	http *httptest.Server
}

func start(t testing.TB, change func(*fregsim.Config)) site {
	t.Helper()
	c := fregsim.Config{Population: people(), Authorize: authorize}
	if change != nil {
		change(&c)
	}
	s, err := fregsim.New(c)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	return site{s, h}
}

// answer is a response that has been read.
type answer struct {
	status int
	header http.Header
	body   string
}

func (s site) do(t testing.TB, method, path, body string, header ...string) answer {
	t.Helper()
	a, err := s.try(method, path, body, header...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (s site) try(method, path, body string, header ...string) (answer, error) {
	r, err := http.NewRequest(method, s.http.URL+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	token := "offentligmedhjemmel"
	if strings.HasPrefix(path, outh) {
		token = "offentligutenhjemmel"
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := s.http.Client().Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(b)}, err
}

func (s site) get(t testing.TB, path string, header ...string) answer {
	t.Helper()
	return s.do(t, "GET", path, "", header...)
}

func named(as string) string { return people().Named()[as].Reveal() }

func (a answer) json(t testing.TB) (m map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), &m); err != nil {
		t.Fatalf("%v in %q", err, a.body)
	}
	return m
}

func idsBody(ids ...string) string {
	b, _ := json.Marshal(map[string][]string{"foedselsEllerDNummer": ids})
	return string(b)
}

func everything(p document.Pakke) string {
	return "?" + url.Values{"part": append(document.Parts(p), "historikk")}.Encode()
}

func TestLookup(t *testing.T) {
	s := start(t, nil)
	a := s.get(t, omh+named("vanlig"))
	m := a.json(t)
	if a.status != 200 || m["navn"] == nil || m["familierelasjon"] != nil || len(m["navn"].([]any)) != 1 {
		t.Errorf("%d %s", a.status, a.body)
	}
	for name, want := range map[string]string{"Content-Type": "application/json", "Cache-Control": "no-store, no-cache",
		"Expires": "Thu, 01 Dec 1994 16:00:00 GMT", "Strict-Transport-Security": "max-age=16070400; includeSubDomains"} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	whole := s.get(t, omh+named("vanlig")+everything(document.OMH)).body
	d, _, _ := people().Document(new(document.Builder), named("vanlig"))
	if whole != string(d.Raw) {
		t.Error("all parts with history are not the whole document")
	}
	if old := s.get(t, omh+named("gammeltDnummer")+everything(document.OMH)); old.status != 200 || !strings.Contains(old.body, named("innflyttet")) {
		t.Errorf("an old d-nummer gives %d", old.status)
	}
	if got := s.get(t, outh+named("vanlig")).body; strings.Contains(got, "kilde") || strings.Contains(got, "aarsak") {
		t.Errorf("OUtH gets %s", got)
	}
}

func TestErrors(t *testing.T) {
	s := start(t, nil)
	for _, tt := range []struct {
		name, method, path, body string
		header                   []string
		want                     int
	}{
		{"unknown person", "GET", omh + nobody, "", nil, 404},
		{"not a number", "GET", omh + "12345678901", "", nil, 400},
		{"unknown part", "GET", omh + nobody + "?part=noeAnnet", "", nil, 406},
		{"dropped part", "GET", omh + nobody + "?part=forholdTilSametingetsValgmanntall", "", nil, 406},
		{"part of another pakke", "GET", outh + nobody + "?part=familierelasjon", "", nil, 406},
		{"XML", "GET", omh + nobody, "", []string{"Accept", "application/xml"}, 406},
		{"no token", "GET", omh + nobody, "", []string{"Authorization", ""}, 401},
		{"another scheme", "GET", omh + nobody, "", []string{"Authorization", "Basic x"}, 401},
		{"refused token", "GET", omh + nobody, "", []string{"Authorization", "Bearer utgaatt"}, 401},
		{"scope of the other pakke", "GET", omh + nobody, "", []string{"Authorization", "Bearer offentligutenhjemmel"}, 403},
		{"scope of the other pakke", "GET", outh + nobody, "", []string{"Authorization", "Bearer offentligmedhjemmel"}, 403},
		{"archive", "GET", omh + "arkiv/4711", "", nil, 404},
		{"archive in bulk", "POST", omh + "bulkoppslag/arkiv", "{}", nil, 404},
		{"path of the other pakke", "GET", "/folkeregisteret/api/offentlig-med-hjemmel/v1/personer/" + nobody, "", nil, 404},
		{"no body", "POST", omh + "bulkoppslag", "", []string{"Content-Type", "application/json"}, 400},
		{"broken body", "POST", omh + "bulkoppslag", `{"foedselsEllerDNummer":[`, nil, 400},
		{"XML body", "POST", omh + "bulkoppslag", idsBody(nobody), []string{"Content-Type", "application/xml"}, 400},
		{"nameless body", "POST", omh + "bulkoppslag", idsBody(nobody), []string{"Content-Type", ""}, 400},
		{"too many ids", "POST", omh + "bulkoppslag", idsBody(slices.Repeat([]string{nobody}, 1001)...), nil, 400},
		{"bulk with unknown part", "POST", omh + "bulkoppslag?part=x", idsBody(nobody), nil, 406},
	} {
		a := s.do(t, tt.method, tt.path, tt.body, tt.header...)
		m := a.json(t)
		if a.status != tt.want || m["kode"] != "FREG-001" || m["melding"] == "" {
			t.Errorf("%s: %d %s, want %d", tt.name, a.status, a.body, tt.want)
		}
		if strings.Contains(a.body, nobody) {
			t.Errorf("%s: the answer repeats the number", tt.name)
		}
	}
	if a := s.get(t, omh+named("vanlig"), "Authorization", "Bearer offentligmedhjemmel.segmentansvarlig"); a.status != 200 {
		t.Errorf("a supplier for a segment gets %d", a.status)
	}
}

type oppslag struct {
	Oppslag []struct {
		FoedselsEllerDNummer string
		Folkeregisterperson  json.RawMessage
		Feilmelding          *struct{ Feilmelding string }
	}
}

func (s site) bulk(t testing.TB, query string, ids ...string) oppslag {
	t.Helper()
	a := s.do(t, "POST", omh+"bulkoppslag"+query, idsBody(ids...))
	var o oppslag
	if err := json.Unmarshal([]byte(a.body), &o); err != nil || a.status != 200 {
		t.Fatalf("%d %v", a.status, err)
	}
	return o
}

func TestBulkAsOrdered(t *testing.T) {
	s := start(t, nil)
	ids := []string{named("vanlig"), nobody, named("barn"), named("vanlig"), named("gammeltDnummer"), "tull"}
	got := s.bulk(t, "?somBestilt=true&part=navn", ids...)
	for i, o := range got.Oppslag {
		wantPerson := i == 0 || i == 2 || i == 3
		if o.FoedselsEllerDNummer != ids[i] || (o.Folkeregisterperson != nil) != wantPerson || (o.Feilmelding == nil) != wantPerson {
			t.Errorf("no %d is %s %+v", i, o.Folkeregisterperson, o.Feilmelding)
		}
	}
	if len(got.Oppslag) != len(ids) {
		t.Errorf("%d answers to %d ids", len(got.Oppslag), len(ids))
	}
	one := s.get(t, omh+named("barn")+"?part=navn").body
	if string(got.Oppslag[2].Folkeregisterperson) != one {
		t.Error("bulk and single lookup differ")
	}
}

func TestBulkInAnyOrder(t *testing.T) {
	s := start(t, nil)
	var ids []string
	people().Each(func(f population.Facts) bool {
		ids = append(ids, f.ID.Reveal())
		return len(ids) < 1000
	})
	got := s.bulk(t, "", ids...)
	var order []string
	for _, o := range got.Oppslag {
		order = append(order, o.FoedselsEllerDNummer)
	}
	if slices.Equal(order, ids) {
		t.Error("the order is the requested one")
	}
	slices.Sort(order)
	slices.Sort(ids)
	if !slices.Equal(order, ids) {
		t.Error("the answer is not about those who were asked for")
	}
	for _, pair := range [][]string{ids[:2], {ids[1], ids[0]}} {
		if o := s.bulk(t, "", pair...); o.Oppslag[0].FoedselsEllerDNummer == pair[0] {
			t.Error("two in the requested order")
		}
	}
	if o := s.bulk(t, "", ids[0], ids[0]); len(o.Oppslag) != 1 {
		t.Error("duplicates are answered twice without somBestilt")
	}
	if o := s.bulk(t, "", named("gammeltDnummer")); o.Oppslag[0].Folkeregisterperson == nil {
		t.Error("an old d-nummer does not resolve without somBestilt")
	}
	if o := s.bulk(t, "", nobody); o.Oppslag[0].Feilmelding == nil {
		t.Error("an unknown id has no feilmelding")
	}
	if o := s.bulk(t, ""); len(o.Oppslag) != 0 {
		t.Error("nobody asked, somebody answered")
	}
}

func TestNewRefuses(t *testing.T) {
	for name, c := range map[string]fregsim.Config{"empty": {}, "no token check": {Population: people()}, "no population": {Authorize: authorize}} {
		if _, err := fregsim.New(c); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// oracle gives a path under ../shared/freg beside the repository, or skips.
func oracle(t testing.TB, path string) string {
	t.Helper()
	p := filepath.Join("..", "..", "..", "..", "shared", "freg", filepath.FromSlash(path))
	if _, err := os.Stat(p); err != nil {
		t.Skipf("../shared/freg/%s is not beside the repository", path)
	}
	return p
}
