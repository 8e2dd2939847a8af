package rolebook_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hjemmel/functions/admin/wire"
	"hjemmel/shared/audit"
	"hjemmel/shared/store"
)

// tried is what trying a draft answers.
type tried struct {
	Avspilt, Lykkes, Uavgjort counted
	Feiler                    []struct {
		counted
		Feilkode             string
		Opplysninger, Regler []string
		AktoerID             []string
	}
	NyeOpplysninger, BorteOpplysninger, UbrukteOpplysninger []counted
	Eksempel                                                *struct{ Gjeldende, Utkast json.RawMessage }
}

type counted struct {
	Kode                              string
	Forespoersler, Personer, Aktoerer int
}

// question is a lookup or a search that can be asked again.
type question struct {
	method, path, body string
	header             http.Header
}

// player asks questions at random, in a role of their own.
type player struct {
	*world
	r      *rand.Rand
	role   string
	askers []http.Header
}

func (p *player) some(of ...string) []string {
	p.r.Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
	return of[:p.r.IntN(len(of)+1)]
}

func either[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// question is one of every kind: with parts and without, with purposes and reasons and without.
func (p *player) question() question {
	q := question{method: "GET", header: either(p.r, p.askers...).Clone()}
	q.header.Set("Content-Type", "application/json")
	base := "/folkeregister/api/v1/" + p.role + "/v1/personer/"
	if f := either(p.r, "", "", "sak 12/34", "noe", strings.Repeat("x", 300)); f != "" {
		q.header.Set("Hjemmel-Formaal", f)
	}
	if p.r.IntN(6) == 0 {
		q.header.Set("Hjemmel-Bekreftelse", either(p.r, "kort", "skal hente barnet på skolen"))
	}
	if p.r.IntN(8) == 0 {
		q.header.Set("Hjemmel-Overstyring", "eneste på vakt i kveld")
	}
	values := url.Values{"part": p.some("navn", "sivilstand", "bostedsadresse", "person-basis", "foreldreansvar", "historikk", "alt", "tull")}
	if p.r.IntN(3) == 0 {
		values.Del("part")
	}
	names := p.some("vanlig", "barn", "fortrolig", "strengtFortrolig", "doed", "skilt", "klientadresse")
	switch p.r.IntN(6) {
	case 5:
		q.method, q.path = "POST", "/hjemmel/v1/personer/side"
		q.body = `{"rolleId":"` + p.role + `","personidentifikator":"` + p.Demo.Personer[append(names, "vanlig")[0]] + `"}`
	case 4:
		q.method, q.path = "POST", "/register/api/v1/ks/personer/soek/"+either(p.r, bergen, bergen, voss)
		q.body = `{"rolleId":"` + p.role + `","navn":"Hansen","kommunenummer":"4601","parts":["navn","bostedsadresse"]}`
		if p.r.IntN(2) == 0 {
			q.path, q.body = "/hjemmel/v1/soek/antall", `{"rolleId":"`+p.role+`","navn":"Hansen","kommunenumre":["4601","4602"]}`
		}
	case 0:
		q.method, q.path = "POST", base+"bulkoppslag?"+values.Encode()
		var ids []string
		for _, n := range append(names, "vanlig") {
			ids = append(ids, strconv.Quote(p.Demo.Personer[n]))
		}
		q.body = `{"foedselsEllerDNummer":[` + strings.Join(ids, ",") + `]}`
	case 1:
		by := url.Values{"navn": {"Hansen"}}
		if p.r.IntN(2) == 0 {
			by.Set("foedselsaarFraOgMed", "1970")
		}
		q.path = base + "soek?" + by.Encode()
	default:
		q.path = base + p.Demo.Personer[append(names, "vanlig")[0]] + "?" + values.Encode()
	}
	return q
}

// change is a role at random, as Fiks' API is told.
func (p *player) change() string {
	elements := p.some("navn", "sivilstand", "bostedsadresse", "identifikasjonsnummer", "foreldreansvar", "foedsel", "historikk",
		"kjoenn.kjoenn", "status.status", "doedsfall", "adressebeskyttelse", "familierelasjon")
	ch := map[string]any{
		"opplysninger": append(elements, "navn.fornavn", "identifikasjonsnummer.foedselsEllerDNummer"),
		"formaal":      either(p.r, map[string]string{"krav": ""}, map[string]string{"krav": "PAAKREVD"}, map[string]string{"krav": "VALGFRITT", "moenster": "sak [0-9]+/[0-9]+"}),
		"aapneGradert": p.r.IntN(2) == 0, "kanBrukesPaaSokeside": p.r.IntN(4) > 0, "aktiv": p.r.IntN(8) > 0, "bruksomraader": either(p.r, []string{"SOEK"}, []string{"SOEK"}, []string{}),
		"budsjett": either(p.r, map[string]any{}, map[string]any{"oppslag": map[string]int{"myk": 5, "hard": 12}, "soek": map[string]int{"hard": 2}}),
	}
	b, _ := json.Marshal(ch)
	return string(b)
}

// played is what came of a question, as the log has it.
type played struct {
	denied string // the code, of a refusal by policy
	told   map[string][]string
}

func (p *player) play(q question) played {
	p.t.Helper()
	a := p.do(q.method, q.path, q.body, q.header)
	out := played{told: map[string][]string{}}
	for _, e := range p.Entries(p.t) {
		if e.RequestID != a.Header.Get("Hjemmel-Request-Id") {
			continue
		}
		if e.Utfall == audit.Avslag && a.StatusCode != 200 && len(e.Regler) > 0 && !slices.Contains(byPerson, e.Regler[0]) {
			out.denied = e.Feilkode
		}
		if e.Utfall == audit.Utlevert && e.Subjekt != "" && e.Handling != "soek" {
			out.told[e.Subjekt] = e.Levert
		}
	}
	return out
}

// byPerson are the rules that look at the person asked about.
var byPerson = []string{"gradering", "gradering-slekt", "egen-person", "habilitet-familie", "habilitet-adresse", "habilitet-ukjent", "geografi", "gradering-soek"}

// What trying a draft foretells is what publishing it then does to the same questions, by the log's own
// account: which fail with which code, which succeed, which elements go, and which come.
func TestTryingADraftForetellsWhatPublishingItDoes(t *testing.T) {
	w := newWorld(t)
	seeds := 14
	if testing.Short() {
		seeds = 3
	}
	ever := newForetold() // so that the test is about something
	for seed := range seeds {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		p := &player{world: w, r: r, askers: []http.Header{w.as(caseWorker), w.vendor(1), w.through(1)}}
		p.newRole(fmt.Sprintf("Prøve %d", seed))
		var asked []question
		var before []played
		for range 16 {
			q := p.question()
			asked, before = append(asked, q), append(before, p.play(q))
		}
		p.tightened(seed)
		p.must("PUT", p.ours("/utkast"), p.change())
		got := read[tried](t, p.must("POST", p.ours("/utkast/proev"), `{"dager":2}`))
		p.must("POST", p.ours("/utkast/publiser"), `{"kommentar":"prøvd"}`)
		p.nextDay()
		want := newForetold()
		for i, q := range asked {
			want.add(before[i], p.play(q))
		}
		want.hold(t, seed, got)
		maps.Copy(ever.fails, want.fails)
		maps.Copy(ever.gained, want.gained)
		maps.Copy(ever.lost, want.lost)
		ever.succeeds += want.succeeds
	}
	if len(ever.fails) < 4 && seeds > 3 || len(ever.gained) == 0 || len(ever.lost) == 0 || ever.succeeds == 0 {
		t.Errorf("nothing much happened: %v fail, %d gained, %d lost, %d succeed", ever.fails, len(ever.gained), len(ever.lost), ever.succeeds)
	}
	t.Logf("%v fail, %d gained, %d lost, %d succeed", ever.fails, len(ever.gained), len(ever.lost), ever.succeeds)
}

// newRole makes a role that the case worker and the vendor hold.
func (p *player) newRole(navn string) {
	p.t.Helper()
	var ch map[string]any
	if err := json.Unmarshal([]byte(p.change()), &ch); err != nil {
		p.t.Fatal(err)
	}
	ch["navn"], ch["tjenesteomraade"] = navn, "BARNEVERN"
	b, _ := json.Marshal(ch)
	p.role = read[shown](p.t, p.must("POST", fiks+bergen+"/roller", string(b))).ID
	for _, aktor := range []string{"ansatt-01", p.Demo.Integrasjoner[0].ID} {
		p.must("POST", p.ours("/tildelinger"), `{"aktorId":"`+aktor+`"}`)
	}
}

func (p *player) ours(of string) string { return "/hjemmel/v1/roller/" + p.role + of }

func (p *player) must(method, path, body string) answer {
	p.t.Helper()
	a := p.do(method, path, body, p.as(administrator))
	if a.StatusCode > 299 {
		p.t.Fatalf("%s %s %s: %d %s", method, path, body, a.StatusCode, a.body)
	}
	return a
}

// nextDay forgets what was counted today.
func (p *player) nextDay() {
	p.t.Helper()
	counted, err := store.All(p.t.Context(), p.state(), "budsjett/")
	if err != nil {
		p.t.Fatal(err)
	}
	for _, r := range counted {
		if err := p.state().Commit(p.t.Context(), store.DeleteIf(r.Key, r.Revision)); err != nil {
			p.t.Fatal(err)
		}
	}
}

// foretold is what should have been said of a change, counted from what it did.
type foretold struct {
	fails        map[string]int // asks, by code
	succeeds     int
	gained, lost map[string]map[string]bool // persons in asks, by element
}

func newForetold() *foretold {
	return &foretold{fails: map[string]int{}, gained: map[string]map[string]bool{}, lost: map[string]map[string]bool{}}
}

func (f *foretold) add(before, after played) {
	switch {
	case before.denied == "" && after.denied != "":
		f.fails[after.denied]++
	case before.denied != "" && after.denied == "":
		f.succeeds++
	}
	if before.denied != "" || after.denied != "" {
		return
	}
	for subjekt, was := range before.told {
		note := func(in map[string]map[string]bool, codes []string) {
			for _, kode := range codes {
				if in[kode] == nil {
					in[kode] = map[string]bool{}
				}
				in[kode][subjekt] = true
			}
		}
		note(f.gained, wire.Without(after.told[subjekt], was))
		note(f.lost, wire.Without(was, after.told[subjekt]))
	}
}

func (f *foretold) hold(t *testing.T, seed int, got tried) {
	t.Helper()
	fails := map[string]int{}
	for _, g := range got.Feiler {
		fails[g.Feilkode] += g.Forespoersler
	}
	if !maps.Equal(fails, f.fails) || got.Lykkes.Forespoersler != f.succeeds || got.Uavgjort.Forespoersler != 0 {
		t.Errorf("%d: foretold %v fail, %d succeed, %d are open; %v did, %d did", seed, fails, got.Lykkes.Forespoersler, got.Uavgjort.Forespoersler, f.fails, f.succeeds)
	}
	for _, e := range got.BorteOpplysninger {
		if e.Personer != len(f.lost[e.Kode]) {
			t.Errorf("%d: %s goes for %d, foretold %d", seed, e.Kode, len(f.lost[e.Kode]), e.Personer)
		}
	}
	for kode, persons := range f.lost {
		if !slices.ContainsFunc(got.BorteOpplysninger, func(e counted) bool { return e.Kode == kode }) {
			t.Errorf("%d: %s went for %d, and was not foretold", seed, kode, len(persons))
		}
	}
	for kode, persons := range f.gained {
		if !slices.ContainsFunc(got.NyeOpplysninger, func(e counted) bool { return e.Kode == kode && e.Personer >= len(persons) }) {
			t.Errorf("%d: %s came for %d, and was not foretold", seed, kode, len(persons))
		}
	}
}

// tightened holds the proposal for the role: played through it, nothing goes another way.
func (p *player) tightened(seed int) {
	p.t.Helper()
	used := read[struct {
		Opplysninger []struct{ Kode string }
		Forslag      *struct{ Opplysninger, Fjernes []string }
	}](p.t, p.must("GET", p.ours("/bruk?dager=2"), ""))
	if used.Forslag == nil {
		return
	}
	b, _ := json.Marshal(map[string]any{"opplysninger": used.Forslag.Opplysninger})
	p.must("PUT", p.ours("/utkast"), string(b))
	got := read[tried](p.t, p.must("POST", p.ours("/utkast/proev"), `{"dager":2}`))
	if len(got.Feiler)+len(got.BorteOpplysninger)+got.Uavgjort.Forespoersler+got.Lykkes.Forespoersler+len(got.NyeOpplysninger) > 0 || len(used.Forslag.Fjernes) == 0 {
		p.t.Errorf("%d: without %v: %+v", seed, used.Forslag.Fjernes, got)
	}
}

// What a municipality would do, the log does not tell: it does not know where anybody lives.
func TestWhatDependsOnWhereSomebodyLivesIsUndecided(t *testing.T) {
	w := newWorld(t)
	if got := w.looked(w.as(caseWorker), 1); got != 200 {
		t.Fatal(got)
	}
	h := w.as(administrator)
	try := func(change string) tried {
		t.Helper()
		read[struct{ Basis int }](t, w.do("PUT", ours(1, "/utkast"), change, h))
		return read[tried](t, w.do("POST", ours(1, "/utkast/proev"), `{}`, h))
	}
	if got := try(`{"kommuner":["4601"]}`); got.Uavgjort.Personer != 1 || got.Avspilt.Forespoersler != 1 || len(got.Feiler) > 0 {
		t.Errorf("%+v", got)
	}
	if got := try(`{"opplysninger":["sivilstand"]}`); got.Uavgjort.Personer != 0 || len(got.Feiler) != 1 || got.Feiler[0].Personer != 1 || got.Feiler[0].AktoerID[0] != "ansatt-01" {
		t.Errorf("%+v", got)
	}
}

func TestADraftIsShownOnAnExample(t *testing.T) {
	w := newWorld(t)
	h := w.as(administrator)
	read[struct{ Basis int }](t, w.do("PUT", ours(1, "/utkast"), `{"opplysninger":["navn"]}`, h))
	got := read[tried](t, w.do("POST", ours(1, "/utkast/proev"), `{"eksempelperson":"vanlig"}`, h))
	if e := got.Eksempel; e == nil || !strings.Contains(string(e.Gjeldende), `"bostedsadresse"`) || strings.Contains(string(e.Utkast), `"bostedsadresse"`) || !strings.Contains(string(e.Utkast), `"fornavn"`) {
		t.Errorf("%+v", e)
	}
	if logged := w.entries("rolle-proevd"); len(logged) != 1 || logged[0].Utfall != audit.Utlevert || logged[0].Rolle != id(1) || logged[0].Aktor != "ansatt-04" {
		t.Errorf("%+v", logged)
	}
	for body, want := range map[string]string{
		`{"eksempelperson":"ola"}`: "UKJENT_EKSEMPELPERSON", `{"dager":401}`: "UGYLDIG_PERIODE", `{"dager":-1}`: "UGYLDIG_PERIODE", `{"dager":"ti"}`: "UGYLDIG_JSON",
	} {
		if a := w.do("POST", ours(1, "/utkast/proev"), body, h); a.StatusCode != 400 || a.code() != want {
			t.Errorf("%s: %d %s", body, a.StatusCode, a.code())
		}
	}
	if a := w.do("POST", ours(2, "/utkast/proev"), `{}`, h); a.StatusCode != 404 {
		t.Errorf("without a draft: %d", a.StatusCode)
	}
	if a := w.do("GET", ours(1, "/bruk?dager=0"), "", h); a.code() != "UGYLDIG_PERIODE" {
		t.Errorf("%d %s", a.StatusCode, a.code())
	}
}
