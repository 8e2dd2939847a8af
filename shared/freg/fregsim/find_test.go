package fregsim_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/population"
)

func facts(t testing.TB, as string) (found population.Facts) {
	t.Helper()
	people().Each(func(f population.Facts) bool {
		if f.ID == people().Named()[as] {
			found = f
		}
		return found.ID.IsZero()
	})
	return found
}

func (s site) soek(t testing.TB, query string) []string {
	t.Helper()
	a := s.get(t, omh+"soek?"+query)
	if a.status != 200 {
		t.Fatalf("%s: %d %s", query, a.status, a.body)
	}
	var ids []string
	for _, id := range a.json(t)["foedselsEllerDNummer"].([]any) {
		ids = append(ids, id.(string))
	}
	return ids
}

func q(pairs ...string) string {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v.Encode()
}

func TestSoek(t *testing.T) {
	s, f := start(t, nil), facts(t, "vanlig")
	id, n := f.ID.Reveal(), f.Navn[len(f.Navn)-1]
	old, now := f.Navn[0], f.Adresser[len(f.Adresser)-1]
	born := strings.ReplaceAll(f.Foedselsdato, "-", "")
	for _, tt := range []struct {
		query string
		hit   bool
	}{
		{q("navn", n.Fornavn+" "+n.Etternavn), true},
		{q("navn", strings.ToLower(n.Fornavn+" "+n.Mellomnavn+" "+n.Etternavn)), true},
		{q("navn", n.Etternavn+" "+n.Fornavn), false},
		{q("navn", n.Mellomnavn), true},
		{q("navn", n.Fornavn[:3]), false},
		{q("navn", old.Fornavn+" "+old.Etternavn), false},
		{q("navn", old.Fornavn+" "+old.Etternavn, "opplysningsgrunnlag", "historisk"), true},
		{q("navn", n.Fornavn, "kjoenn", "kvinne"), true},
		{q("navn", n.Fornavn, "kjoenn", "mann"), false},
		{q("foedselsdato", born), true},
		{q("foedselsaarFraOgMed", born[:4], "foedselsaarTilOgMed", born[:4]), true},
		{q("foedselsaarTilOgMed", "1950"), false},
		{q("adressenavn", string([]rune(now.Adressenavn)[:3]), "husnummer", now.Husnummer, "postnummer", now.Postnummer), true},
		{q("adressenavn", strings.ToUpper(now.Adressenavn), "husnummer", strings.ToLower(now.Husnummer)), true},
		{q("adressenavn", now.Adressenavn, "husnummer", strings.TrimRight(now.Husnummer, "B")), false},
		{q("adressenavn", now.Adressenavn, "kommunenummer", now.Kommunenummer, "fylkesnummer", now.Kommunenummer[:2]), true},
		{q("identifikasjonsnummer", nobody, "foedselsdato", born), true}, // not a parameter of soek
	} {
		if hit := slices.Contains(s.soek(t, tt.query), id); hit != tt.hit {
			t.Errorf("%s: hit %v, want %v", tt.query, hit, tt.hit)
		}
	}
}

func TestSoekDeadAndHidden(t *testing.T) {
	s, dead := start(t, nil), facts(t, "doed")
	name := dead.Navn[0].Fornavn + " " + dead.Navn[0].Etternavn
	if slices.Contains(s.soek(t, q("navn", name)), dead.ID.Reveal()) || !slices.Contains(s.soek(t, q("navn", name, "inkluderDoede", "true")), dead.ID.Reveal()) {
		t.Error("inkluderDoede does not decide about the dead")
	}
	hidden := facts(t, "fortrolig")
	at := hidden.Adresser[len(hidden.Adresser)-1]
	if !slices.Contains(s.soek(t, q("adressenavn", at.Adressenavn, "postnummer", at.Postnummer)), hidden.ID.Reveal()) {
		t.Error("a person with a fortrolig address is not found by it")
	}
	dnr := facts(t, "dnummer")
	stay := q("kommunenummer", dnr.Adresser[0].Kommunenummer, "foedselsdato", strings.ReplaceAll(dnr.Foedselsdato, "-", ""))
	if slices.Contains(s.soek(t, stay), dnr.ID.Reveal()) || !slices.Contains(s.soek(t, stay+"&inkluderOppholdsadresse=true"), dnr.ID.Reveal()) {
		t.Error("inkluderOppholdsadresse does not decide about oppholdsadresse")
	}
}

func TestSoekFonetisk(t *testing.T) {
	s, f := start(t, nil), facts(t, "navneendring")
	n := f.Navn[len(f.Navn)-1]
	like := "BLAA-GRØN OFURU"
	if n.Fornavn != "BLÅ-GRØNN" {
		t.Fatal("the story of navneendring changed")
	}
	for _, spelling := range []string{"soekFonetisk", "soekfonetisk"} {
		if !slices.Contains(s.soek(t, q("navn", like, spelling, "true")), f.ID.Reveal()) {
			t.Errorf("%s is not understood", spelling)
		}
	}
	if slices.Contains(s.soek(t, q("navn", like)), f.ID.Reveal()) {
		t.Error("phonetic without being asked")
	}
}

func TestSoekBounds(t *testing.T) {
	s := start(t, nil)
	if n := len(s.soek(t, "maksTreff=7")); n != 7 {
		t.Errorf("%d hits with maksTreff=7", n)
	}
	for _, bad := range []string{"maksTreff=0", "maksTreff=10001", "maksTreff=x", "foedselsdato=1990", "foedselsdato=19901345", "postnummer=123",
		"kommunenummer=99999", "fylkesnummer=1", "kjoenn=KVINNE", "opplysningsgrunnlag=alt", "adressenavn=ab", "husnummer=B10", "foedselsaarFraOgMed=80"} {
		if a := s.get(t, omh+"soek?"+bad); a.status != 400 {
			t.Errorf("%s: %d", bad, a.status)
		}
	}
	big := start(t, func(c *fregsim.Config) { c.Population = crowd() })
	if a := big.get(t, omh+"soek?inkluderDoede=true&maksTreff=5"); a.status != 400 || !strings.Contains(a.body, "Konkretiser") {
		t.Errorf("more than 10 000 hits: %d %s", a.status, a.body)
	}
}

func TestEntydigsoek(t *testing.T) {
	s, f := start(t, nil), facts(t, "vanlig")
	n, at := f.Navn[len(f.Navn)-1], f.Adresser[len(f.Adresser)-1]
	name, born := n.Fornavn+" "+n.Etternavn, strings.ReplaceAll(f.Foedselsdato, "-", "")
	one := s.get(t, omh+f.ID.Reveal()+"?part=navn").body
	for _, query := range []string{
		q("navn", name, "foedselsdato", born), q("navn", name, "identifikasjonsnummer", f.ID.Reveal()),
		q("navn", name, "adressenavn", at.Adressenavn, "husnummer", at.Husnummer), q("navn", name, "postnummer", at.Postnummer),
	} {
		if a := s.get(t, omh+"entydigsoek?part=navn&"+query); a.status != 200 || a.body != one {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
	for query, want := range map[string]int{
		q("navn", name): 400, q("foedselsdato", born): 400, q("navn", n.Fornavn, "foedselsdato", born): 400, q("navn", name, "husnummer", "1"): 400,
		q("navn", name, "foedselsdato", "19000101"): 404, q("navn", "DENNE FINNESIKKE", "foedselsdato", born): 404, q("navn", name, "foedselsdato", born, "part", "x"): 406,
	} {
		if a := s.get(t, omh+"entydigsoek?"+query); a.status != want {
			t.Errorf("%s: %d, want %d", query, a.status, want)
		}
	}
}

// crowd is a register with more than 10 000 living persons.
var crowd = sync.OnceValue(func() *population.Population {
	p, err := population.New(population.Config{Seed: 1, Size: 12_500})
	if err != nil {
		panic(err)
	}
	return p
})

func TestEntydigsoekSeveralHits(t *testing.T) {
	s := start(t, func(c *fregsim.Config) { c.Population = crowd() })
	seen := map[string]map[string]bool{} // query to persons
	crowd().Each(func(f population.Facts) bool {
		for _, a := range f.Adresser {
			if street := []rune(a.Adressenavn); len(f.Navn) > 0 && a.ErGjeldende && len(street) > 3 {
				n := f.Navn[len(f.Navn)-1]
				words := strings.Fields(n.Fornavn + " " + n.Etternavn)
				query := q("navn", words[0]+" "+words[len(words)-1], "adressenavn", string(street[:3]))
				if seen[query] == nil {
					seen[query] = map[string]bool{}
				}
				seen[query][f.ID.Reveal()] = true
			}
		}
		return true
	})
	several := 0
	for query, who := range seen {
		if n := len(who); n > 1 {
			several++
			if a := s.get(t, omh+"entydigsoek?"+query); a.status != 404 {
				t.Errorf("%d hits give %d", n, a.status)
			}
		}
	}
	if several == 0 {
		t.Error("no two share a name and a street")
	}
}

func TestEntydigsoekForeignNumbers(t *testing.T) {
	s := start(t, nil)
	m := s.get(t, omh+named("innflyttet")+everything(document.OMH)).json(t)
	value := func(property, field string) string {
		return m[property].([]any)[0].(map[string]any)[field].(string)
	}
	name := value("navn", "fornavn") + " " + value("navn", "etternavn")
	born := strings.ReplaceAll(value("foedsel", "foedselsdato"), "-", "")
	foreign := value("utenlandskPersonidentifikasjon", "utstederland") + "-" + value("utenlandskPersonidentifikasjon", "identifikasjonsnummer")
	pass := value("legitimasjonsdokument", "utstederland") + "-" + value("legitimasjonsdokument", "identifikasjonsdokumentnummer")
	duf := value("utlendingsmyndighetenesIdentifikasjonsnummer", "identifikasjonsnummer")
	for _, query := range []string{
		q("navn", name, "utenlandskpersonidentifikasjon", foreign), q("foedselsdato", born, "utenlandskpersonidentifikasjon", foreign),
		q("navn", name, "legitimasjonsdokument", pass), q("foedselsdato", born, "legitimasjonsdokument", pass),
		q("navn", name, "utlendingsmyndighetenesidentifikasjonsnummer", duf), q("navn", name, "utlendingsmyndighetenesIdentifikasjonsnummer", duf),
	} {
		if a := s.get(t, omh+"entydigsoek?"+query); a.status != 200 || !strings.Contains(a.body, named("innflyttet")) {
			t.Errorf("%s: %d", query, a.status)
		}
		if a := s.get(t, outh+"entydigsoek?"+query); a.status != 400 {
			t.Errorf("OUtH, %s: %d", query, a.status)
		}
	}
}

func TestRequests(t *testing.T) {
	s := start(t, nil)
	if len(s.Requests()) != 0 {
		t.Fatal("requests before any was made")
	}
	s.get(t, outh+nobody+"?part=navn&part=historikk")
	s.do(t, "POST", omh+"bulkoppslag?somBestilt=true", idsBody(nobody, nobody))
	s.get(t, omh+"soek?postnummer=0010&navn=hemmelig")
	s.get(t, omh+nobody, "Authorization", "Bearer utgaatt")
	s.get(t, "/noe/annet")
	want := []fregsim.Request{
		{Pakke: document.OUtH, Resource: fregsim.Personer, Parts: []string{"navn", "historikk"}, IDs: 1, Consumer: orgnr},
		{Pakke: document.OMH, Resource: fregsim.Bulkoppslag, Parameters: []string{"somBestilt"}, IDs: 2, Consumer: orgnr},
		{Pakke: document.OMH, Resource: fregsim.Soek, Parameters: []string{"navn", "postnummer"}, Consumer: orgnr},
		{Pakke: document.OMH, Resource: fregsim.Personer},
		{},
	}
	got := s.Requests()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	if text := fmt.Sprintf("%+v", got); strings.Contains(text, nobody) || strings.Contains(text, "hemmelig") {
		t.Error("the log remembers a value")
	}
	if n := s.Counts(); n[fregsim.Personer] != 2 || n[fregsim.Bulkoppslag] != 1 || n[""] != 1 {
		t.Errorf("counts %v", n)
	}
	s.ForgetRequests()
	if len(s.Requests()) != 0 || len(s.Counts()) != 0 {
		t.Error("requests are not forgotten")
	}
}
