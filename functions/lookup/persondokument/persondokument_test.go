package persondokument

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"hjemmel/functions/lookup/page"
	"hjemmel/functions/lookup/typeset/typesettest"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

func profile() *policy.Profile {
	a, _ := katalog.Standard().Area("BARNEVERN")
	r := policy.Role{ID: "r", FiksOrgID: "o", Navn: "Barnevern – čálli", Tjenesteomraade: a.Kode, Opplysninger: a.Folkeregister()}
	for _, h := range a.Lovhjemler {
		r.Hjemler = append(r.Hjemler, h.ID)
	}
	return policy.Compile(katalog.Standard(), r)
}

// pages are the golden models of package page.
func pages(t testing.TB) map[string]*page.Page {
	t.Helper()
	all := map[string]*page.Page{}
	files, _ := filepath.Glob("../page/testdata/*.json")
	for _, file := range files {
		b, err := os.ReadFile(file) //nolint:gosec // a file that the test lists
		if err != nil {
			t.Fatal(err)
		}
		p := &page.Page{}
		if err := json.Unmarshal(b, p); err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = p
	}
	if len(all) < 10 {
		t.Fatalf("only %d pages", len(all))
	}
	return all
}

func of(p *page.Page) Document {
	return Document{
		Page: p, Profil: profile(), Organisasjon: "Deanu gielda – Tana kommune", Hentet: "Ánne Ǥuhttor", Formaal: "sak 2026/17",
		Kvittering: "v1.00112233445566778899.7.1.abc", Innslag: "00112233445566778899-7",
	}
}

// written makes the file, and leaves it in HJEMMEL_PDF_DIR, where one is given, for other tools.
func written(t testing.TB, name string, d Document) []byte {
	t.Helper()
	b, err := d.PDF()
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("HJEMMEL_PDF_DIR"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), b, 0o600); err != nil { //nolint:gosec // a folder that the developer names
			t.Fatal(err)
		}
	}
	return b
}

var eleven = regexp.MustCompile(`\b[0-9]{11}\b`)

// What stands on the page stands in the document, with who took it out and why; nothing of the person
// stands outside the text.
func TestTheDocumentIsThePage(t *testing.T) {
	for name, p := range pages(t) {
		d := of(p)
		b := written(t, name, d)
		f := typesettest.Read(t, b)
		text := spaceless(f.Text())
		has := func(what string) {
			t.Helper()
			if !strings.Contains(text, spaceless(what)) {
				t.Errorf("%s: not %q", name, what)
			}
		}
		for _, what := range []string{p.Navn, d.Organisasjon, d.Profil.Role.Navn, d.Hentet, d.Formaal, d.Kvittering, "Barnevern", p.Hentet.In(policy.Oslo()).Format("02.01.2006 15:04")} {
			has(what)
		}
		for _, h := range d.Profil.Hjemler() {
			has(h.Paragraf)
		}
		for _, m := range p.Merker {
			has(m.Tekst)
		}
		var own []string
		for _, g := range p.Grupper {
			for _, fact := range append(slices.Clone(g.Fakta), g.Tidligere...) {
				has(fact.Navn)
				has(strings.Join(fact.Linjer, ""))
				for _, x := range fact.Felter {
					if x.Referanse == "" && (len(fact.Linjer) == 0 || !partOfAddress(x.Kode)) {
						has(x.Tekst)
					}
					if x.Kode == "identifikasjonsnummer.foedselsEllerDNummer" {
						own = append(own, x.Verdi)
					}
				}
			}
			for _, k := range g.UtenforRollen {
				has(k.Tekst)
			}
		}
		for _, n := range eleven.FindAllString(f.Text(), -1) {
			if !slices.Contains(own, n) {
				t.Errorf("%s: a number that is not on the page", name)
			}
		}
		around := f.Title + f.Author + f.Metadata
		for _, word := range append(strings.Fields(p.Navn), own...) {
			if strings.Contains(around, word) {
				t.Errorf("%s: the person stands outside the text", name)
			}
		}
		if f.Title == "" || f.Language == "" || !f.Marked || f.Tags[0] != "Document" || f.Tags[1] != "H1" {
			t.Errorf("%s: %+v", name, f.Tags[:2])
		}
		if len(b) > 300_000 {
			t.Errorf("%s: %d bytes", name, len(b))
		}
	}
}

// The grade stands in the text, and on every page for whoever holds it.
func TestGradesAreMarkedOnEveryPage(t *testing.T) {
	for name, want := range map[string]string{"fortroligAapnet": "Fortrolig adresse", "strengtFortrolig": "Strengt fortrolig adresse", "vanlig": ""} {
		f := typesettest.Read(t, written(t, name, of(pages(t)[name])))
		for i, p := range f.Pages {
			marked := strings.Contains(p, want)
			if want == "" {
				marked = !strings.Contains(p, "ortrolig adresse")
			}
			if !marked {
				t.Errorf("%s, page %d: %s", name, i+1, p)
			}
		}
	}
}

// Many documents at once share nothing: each is as it is alone.
func TestDocumentsAtOnce(t *testing.T) {
	d := of(pages(t)["vanlig"])
	alone := written(t, "vanlig", d)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if b, err := d.PDF(); err != nil || !bytes.Equal(b, alone) {
				t.Errorf("another document: %v", err)
			}
		})
	}
	all.Wait()
}

// A choice of parts says nothing of what was not asked for.
func TestAChoiceOfPartsSaysNothingOfTheRest(t *testing.T) {
	p := pages(t)["bareNavn"]
	d := of(p)
	for i := range p.Grupper {
		p.Grupper[i].IRollen = true
	}
	if !strings.Contains(typesettest.Read(t, written(t, "alt", d)).Text(), "Ingenting å vise om:") {
		t.Error("nothing is said of what there is nothing of")
	}
	d.Utvalg = true
	if strings.Contains(typesettest.Read(t, written(t, "utvalg", d)).Text(), "Ingenting å vise om:") {
		t.Error("it is said that there is nothing of what was not asked for")
	}
}

func TestEveryWordIsInEveryLanguage(t *testing.T) {
	for key, text := range vocabulary {
		if text.Nb == "" || text.Nn == "" || text.En == "" || strings.Count(text.Nb, "%") != strings.Count(text.Nn, "%") || strings.Count(text.Nb, "%") != strings.Count(text.En, "%") {
			t.Errorf("%s: %+v", key, text)
		}
	}
	for spraak, want := range map[string]string{"nb": "nb-NO fra 01.02.2020 til 31.03.2021", "nn": "nn-NO frå 01.02.2020 til 31.03.2021", "en": "en-GB from 01.02.2020 until 31.03.2021"} {
		w := words{spraak}
		if got := w.tag() + " " + w.period("2020-02-01T00:00:00+01:00", "2021-03-31"); got != want {
			t.Errorf("%s", got)
		}
	}
	if w := (words{"nb"}); w.period("", "") != "" || w.period("", "2021-03-31") != "til 31.03.2021" {
		t.Error("an open end")
	}
}

func spaceless(s string) string { return strings.Join(strings.Fields(s), "") }

func BenchmarkPDF(b *testing.B) {
	d := of(pages(b)["vanlig"])
	size := 0
	for b.Loop() {
		pdf, err := d.PDF()
		if err != nil {
			b.Fatal(err)
		}
		size = len(pdf)
	}
	b.ReportMetric(float64(size), "bytes")
}
