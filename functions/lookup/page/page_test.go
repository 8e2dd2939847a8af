package page

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/person"
	"hjemmel/shared/person/persontest"
)

// leaves are the scalars of a document at each place of the model, read without the package's means.
func leaves(t testing.TB, raw []byte) map[string][]string {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, c := range v {
				walk(strings.TrimPrefix(at+"."+name, "."), c)
			}
		case []any:
			for _, c := range v {
				walk(at, c)
			}
		default:
			found[at] = append(found[at], fmt.Sprint(v))
		}
	}
	walk("", doc)
	return found
}

// facts calls see for every fact of a page.
func (p *Page) facts(see func(g Gruppe, f Faktum, former bool)) {
	for _, g := range p.Grupper {
		for _, f := range g.Fakta {
			see(g, f, false)
		}
		for _, f := range g.Tidligere {
			see(g, f, true)
		}
	}
}

// told is what a page says of the register, by place, as leaves gives it of a document.
func told(p *Page) map[string][]string {
	found := map[string][]string{}
	p.facts(func(_ Gruppe, f Faktum, former bool) {
		for _, x := range f.Felter {
			found[x.Kode] = append(found[x.Kode], x.Verdi)
		}
		for name, v := range map[string]string{"gyldighetstidspunkt": f.Fra, "opphoerstidspunkt": f.Til, "ajourholdstidspunkt": f.Ajourholdt, "kilde": f.Kilde, "aarsak": f.Aarsak} {
			if v != "" {
				found[f.Kode+"."+name] = append(found[f.Kode+"."+name], v)
			}
		}
		found[f.Kode+".former"] = append(found[f.Kode+".former"], fmt.Sprint(former))
	})
	return found
}

// sameFacts holds a page against the redacted document: every value stands in both, at its place, but
// that another person's number is a reference.
func sameFacts(t testing.TB, p *Page, redacted []byte) {
	t.Helper()
	want, got := leaves(t, redacted), told(p)
	for at := range others {
		for i := range want[at] {
			want[at][i] = ""
		}
	}
	for _, property := range person.Model.Fields {
		delete(got, property.Name+".former")
		delete(want, property.Name+".erGjeldende")
	}
	for at := range want {
		slices.Sort(want[at])
		slices.Sort(got[at])
		if !slices.Equal(want[at], got[at]) {
			t.Errorf("%s is %v in the document and %v on the page", at, want[at], got[at])
		}
		delete(got, at)
	}
	for at, v := range got {
		t.Errorf("%s is on the page and not in the document: %v", at, v)
	}
}

var canaries = regexp.MustCompile(`KANARI[0-9]{6}`)

// Whatever the role and the grading, what stands on the page stands in the redacted document, and the
// reverse.
func TestThePageIsTheRedactedDocument(t *testing.T) {
	number, err := person.ParseID("14827849805")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		raw, _ := persontest.Canary(persontest.Options{
			Number: number, Choose: func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "choice") },
			Gradert: rapid.SampledFrom([]string{"", "fortrolig", "strengtFortrolig"}).Draw(rt, "gradert"),
			Adresse: rapid.SampledFrom([]string{"", "ugradert", "fortrolig"}).Draw(rt, "adresse"),
		})
		codes := rapid.SliceOfNDistinct(rapid.SampledFrom(role().Opplysninger), 1, 30, rapid.ID[string]).Draw(rt, "codes")
		r := role(append(codes, "navn")...)
		p, redacted := asked{role: r, spraak: rapid.SampledFrom([]string{"nb", "nn", "en"}).Draw(rt, "spraak"), now: rapid.Bool().Draw(rt, "now")}.page(t, raw)
		sameFacts(t, p, redacted)
		text := written(t, p)
		for _, found := range canaries.FindAllString(text, -1) {
			if !strings.Contains(string(redacted), found) {
				rt.Fatalf("%s is on the page and not in the document", found)
			}
		}
		for _, g := range p.Grupper {
			if !g.IRollen && len(g.Fakta)+len(g.Tidligere) > 0 {
				rt.Fatalf("%s has facts outside the role", g.Kode)
			}
		}
	})
}

// residents are documents of the simulator's named persons.
func residents(t testing.TB) map[string][]byte {
	t.Helper()
	people, err := population.New(population.Config{Size: 400})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for name, id := range people.Named() {
		var b document.Builder
		d, _, ok := people.Document(&b, id.Reveal())
		if !ok {
			continue
		}
		all[name] = slices.Clone(d.Raw)
	}
	return all
}

var eleven = regexp.MustCompile(`\b[0-9]{11}\b`)

// For every kind of person that the register has, the page holds the document and no other person's
// number.
func TestPagesOfThePopulation(t *testing.T) {
	for name, raw := range residents(t) {
		p, redacted := asked{role: role(), spraak: "nn", bekreftelse: "henter barnet i barnehagen"}.page(t, raw)
		sameFacts(t, p, redacted)
		d, err := person.ParseDocument(redacted)
		if err != nil {
			t.Fatal(err)
		}
		for _, number := range eleven.FindAllString(written(t, p), -1) {
			id, err := person.ParseID(number)
			if err == nil && !slices.Contains(d.Numbers(), id) {
				t.Errorf("%s: another person's number is on the page", name)
			}
		}
	}
}

// The models as they stand in testdata: HJEMMEL_GOLDEN=write go test writes them anew.
func TestGoldenPages(t *testing.T) {
	all := residents(t)
	for _, c := range []struct {
		name, person string
		asked        asked
	}{
		{"vanlig", "vanlig", asked{role: role(), spraak: "nb"}},
		{"barn", "barn", asked{role: role(), spraak: "nb", now: true}},
		{"fortrolig", "fortrolig", asked{role: role(), spraak: "nb"}},
		{"fortroligAapnet", "fortrolig", asked{role: role(), spraak: "nb", bekreftelse: "henter barnet i barnehagen"}},
		{"strengtFortrolig", "strengtFortrolig", asked{role: role(), spraak: "nb"}},
		{"slektningAvGradert", "slektningAvStrengtFortrolig", asked{role: role(), spraak: "nb", now: true, slekt: person.StrengtFortrolig}},
		{"doed", "doed", asked{role: role(), spraak: "nn"}},
		{"utenBosted", "utenBosted", asked{role: role(), spraak: "nb"}},
		{"utenlandskAdresse", "utenlandskAdresse", asked{role: role(), spraak: "en"}},
		{"matrikkel", "matrikkel", asked{role: role(), spraak: "nb", now: true}},
		{"underVergemaal", "underVergemaal", asked{role: role(), spraak: "nb"}},
		{"samisk", "samisk", asked{role: role(), spraak: "nb"}},
		{"bareNavn", "vanlig", asked{role: role("navn"), spraak: "nb"}},
	} {
		p, _ := c.asked.page(t, all[c.person])
		got, file := written(t, p), filepath.Join("testdata", c.name+".json")
		if os.Getenv("HJEMMEL_GOLDEN") == "write" {
			if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file) //nolint:gosec // a file that the test names
		if err != nil || got != string(want) {
			t.Errorf("%s: the page is not as in %s (%v)\n%s", c.name, file, err, firstDifference(got, string(want)))
		}
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d:\n got %s\nwant %s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// The pages of the register's own test documents hold what the documents hold, by an oracle that
// reads the documents in its own way.
func TestPagesOfTheRegistersOwnDocuments(t *testing.T) {
	files, _ := filepath.Glob("../../../../shared/freg/samples/omh*/*.json")
	if len(files) == 0 {
		t.Skip("../shared/freg/samples is absent: the real test-environment documents were not made into pages")
	}
	pages := 0
	for _, file := range files {
		raw, err := os.ReadFile(file) //nolint:gosec // a file that the test lists
		if err != nil {
			t.Fatal(err)
		}
		if _, err := person.ParseDocument(raw); err != nil || strings.Contains(file, "swagger") {
			continue // an example of the documentation, with values that no person has
		}
		p, redacted := asked{role: role(), spraak: "nb", bekreftelse: "prøver alle opplysningene"}.page(t, raw)
		sameFacts(t, p, redacted)
		oracle(t, filepath.Base(file), p, redacted)
		pages++
	}
	if pages < 20 {
		t.Errorf("only %d pages", pages)
	}
}

// oracle works out some of the model from a decoded document: name, birth, how many facts there are
// of each kind, and the last line of the address.
func oracle(t *testing.T, file string, p *Page, redacted []byte) {
	t.Helper()
	type element struct {
		ErGjeldende                    *bool
		Fornavn, Mellomnavn, Etternavn string
		Vegadresse, Matrikkeladresse   *struct {
			Poststed struct{ Poststedsnavn, Postnummer string }
		}
	}
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(redacted, &doc); err != nil {
		t.Fatal(err)
	}
	current := func(property string) (some []element) {
		var all []element
		if json.Unmarshal(doc[property], &all) != nil {
			all = []element{{}} // doedsfall and falskIdentitet are no lists
		}
		for _, e := range all {
			if e.ErGjeldende == nil || *e.ErGjeldende {
				some = append(some, e)
			}
		}
		return some
	}
	counts := map[string]int{}
	p.facts(func(_ Gruppe, f Faktum, former bool) {
		if !former {
			counts[f.Kode]++
		}
	})
	for property := range doc {
		if n := len(current(property)); n != counts[property] {
			t.Errorf("%s: %d current of %s, want %d", file, counts[property], property, n)
		}
	}
	if n := current("navn"); len(n) > 0 {
		if want := strings.Join(strings.Fields(n[0].Fornavn+" "+n[0].Mellomnavn+" "+n[0].Etternavn), " "); p.Navn != want {
			t.Errorf("%s: another name", file)
		}
	}
	for _, e := range current("bostedsadresse") {
		a := e.Vegadresse
		if a == nil {
			a = e.Matrikkeladresse
		}
		if a == nil {
			continue
		}
		want := strings.TrimSpace(a.Poststed.Postnummer + " " + a.Poststed.Poststedsnavn)
		p.facts(func(_ Gruppe, f Faktum, former bool) {
			if f.Kode == "bostedsadresse" && !former && (len(f.Linjer) == 0 || f.Linjer[len(f.Linjer)-1] != want) {
				t.Errorf("%s: the address does not end with its town", file)
			}
		})
	}
}

func TestWhatIsNoDocumentIsNoPage(t *testing.T) {
	for _, raw := range []string{"", "[]", "{", `{"navn":1}{}`} {
		if _, err := Build(Source{JSON: []byte(raw), At: now}); !errors.Is(err, ErrSource) {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

// What a role does not show is told of by the role: the same whoever is asked about.
func TestOutsideTheRoleDependsOnTheRoleAlone(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		codes := []string{"navn"}
		for _, c := range role().Opplysninger {
			if rnd.IntN(4) == 0 {
				codes = append(codes, c)
			}
		}
		var first string
		for name, raw := range residents(t) {
			p, _ := asked{role: role(codes...), spraak: "nb", now: true}.page(t, raw)
			var outside []any
			for _, g := range p.Grupper {
				outside = append(outside, g.Kode, g.IRollen, g.UtenforRollen)
			}
			if s := fmt.Sprint(outside); first == "" {
				first = s
			} else if s != first {
				t.Fatalf("%s: %s", name, s)
			}
		}
	}
}
