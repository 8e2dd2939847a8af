package listorder_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hjemmel/shared/audit"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/store"
)

// quiet checks that what names somebody stands in clear nowhere: not in the state, the log or the events.
func (w *world) quiet(what ...string) {
	w.t.Helper()
	s, err := w.Env.State()
	if err != nil {
		w.t.Fatal(err)
	}
	records, err := store.All(context.Background(), s, "")
	if err != nil || len(records) == 0 {
		w.t.Fatal(err, len(records))
	}
	for _, secret := range what {
		for _, r := range records {
			if strings.HasPrefix(r.Key, "rolle") || strings.HasPrefix(r.Key, "ansatt") {
				continue
			}
			if bytes.Contains(r.Value, []byte(secret)) || strings.Contains(r.Key, secret) {
				w.t.Errorf("in clear at %s", strings.Split(r.Key, "/")[0])
			}
		}
		if strings.Contains(w.Log.String(), secret) {
			w.t.Error("in the log of the operator")
		}
	}
}

// living finds somebody resident, at an address of a road, who is not protected.
func (w *world) living() (f population.Facts, home population.Adresse) {
	w.t.Helper()
	protected := w.protected()
	for f := range w.Freg.Population().Each {
		for _, a := range f.Adresser {
			if f.Status == "bosatt" && !protected[f.ID.Reveal()] && a.ErGjeldende && a.Rolle == "bostedsadresse" && a.Adressenavn != "" && len(f.Navn) == 1 {
				return f, a
			}
		}
	}
	w.t.Fatal("nobody lives anywhere")
	return f, home
}

func quoted(s string) string { b, _ := json.Marshal(s); return string(b) }

// A list of a search has those whom the search would show, and says whom it was for to nobody but those who hold
// the role.
func TestAListOfASearch(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	f, _ := w.living()
	name := f.Navn[0].Etternavn
	ref, rows := w.made("soek", `{"soek":{"rolleId":"`+manntall+`","navn":`+quoted(name)+`},"beskrivelse":"Søk","eksportFilformat":"CSV","maskinnavn":true}`, h)
	if rows[1][0] != "identifikasjonsnummer_foedselsEllerDNummer" {
		t.Errorf("no machine names: %v", rows[1])
	}
	var got, want []string
	for _, r := range rows[2:] {
		got = append(got, r[0])
	}
	for p := range w.Freg.Population().Each {
		if p.Status == "bosatt" && slices.ContainsFunc(p.Navn, func(n population.Navn) bool { return n.ErGjeldende && n.Etternavn == name }) {
			want = append(want, p.ID.Reveal())
		}
	}
	for _, id := range want {
		if !slices.Contains(got, id) {
			t.Error("somebody found is not on the list")
		}
	}
	if !slices.Contains(got, f.ID.Reveal()) || len(got) != len(slices.Compact(slices.Sorted(slices.Values(got)))) {
		t.Errorf("%d rows of %d", len(got), len(want))
	}
	told := 0
	for _, e := range w.Entries(t) {
		if e.Handling == "innbyggerliste-soek" && e.Subjekt != "" && e.Utfall == audit.Utlevert && e.Gjelder == ref {
			told++
		}
	}
	if told != len(got) {
		t.Errorf("%d entries for %d rows", told, len(got))
	}
	a := w.do("GET", fiks+manntall+"/"+ref, "", h)
	var r struct {
		Kilde      string
		Definisjon struct{ Soek struct{ Navn string } }
	}
	if err := json.Unmarshal(a.body, &r); err != nil || r.Kilde != "SOEK" || r.Definisjon.Soek.Navn != name {
		t.Errorf("%v %s", err, a.body)
	}
	w.quiet(name, f.ID.Reveal())
}

// A protected person is not on a list of those at their address, nor is anything else told of them.
func TestAListOfASearchByAddressHidesTheProtected(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	var hidden population.Adresse
	id := w.Person("fortrolig")
	for f := range w.Freg.Population().Each {
		if f.ID == id {
			hidden = f.Adresser[len(f.Adresser)-1]
		}
	}
	by := func(street string) string {
		_, rows := w.made("soek", `{"soek":{"rolleId":"`+manntall+`","adressenavn":`+quoted(street)+`,"husnummer":`+quoted(hidden.Husnummer)+`},"eksportFilformat":"CSV"}`, h)
		for _, r := range rows[1:] {
			if r[0] == id.Reveal() {
				t.Error("found by where they live")
			}
		}
		return strings.Join(rows[0], "")
	}
	if by(hidden.Adressenavn) != by("Ingensteds vei") {
		t.Error("they look different")
	}
}

func TestSearchListsThatCannotBe(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	for members, want := range map[string]string{
		`"navn":"Hansen","maksTreff":10`: "soek.maksTreff", `"navn":"Hansen","parts":["navn"]`: "soek.parts", `"personidentifikator":"14827849805"`: "soek.personidentifikator",
		`"adressenavn":"Storgata","husnummer":"1","bruksenhetsnummer":"H0101"`: "soek.bruksenhetsnummer", `"navn":"=1|2"`: "soek.navn", `"navn":"Hansen","kjoenn":"X"`: "soek.kjoenn",
		`"navn":"Hansen","kommunenummer":"9999"`: "soek.kommunenummer", `"navn":"Hansen","kjoenn":"MANN"`: "SOEKEPARAMETER_UTENFOR_ROLLE", ``: "SOEK_UTEN_KRITERIUM",
	} {
		comma := ","
		if members == "" {
			comma = ""
		}
		a := w.do("POST", fiks+"soek", `{"soek":{"rolleId":"`+manntall+`"`+comma+members+`}}`, h)
		if a.StatusCode < 400 || !strings.Contains(string(a.body), want) || strings.Contains(string(a.body), "Hansen") || strings.Contains(string(a.body), "14827849805") {
			t.Errorf("%s: %d %s", members, a.StatusCode, a.body)
		}
	}
	for name, who := range map[string]http.Header{"another vendor": w.Vendor(t, 1), "an employee without the role": w.Employee(t, "ansatt-06")} {
		if a := w.do("POST", fiks+"soek", `{"soek":{"rolleId":"`+manntall+`","navn":"Hansen"}}`, who); a.StatusCode != 403 {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	if a := w.do("POST", fiks+"soek", `{"soek":{"rolleId":"`+manntall+`","navn":"Hansen"},"fnr":1}`, h); a.code() != "UGYLDIG_JSON" {
		t.Errorf("%s", a.body)
	}
	w.quiet("14827849805")
}
