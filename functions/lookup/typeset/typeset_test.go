package typeset

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"hjemmel/functions/lookup/typeset/typesettest"
)

// letters are those of Norwegian, and of Northern, Lule, Southern, Inari and Skolt Sámi names, with the
// marks that Skolt Sámi writes between them.
const letters = "æøåÆØÅ áÁčČđĐŋŊšŠŧŦžŽ ńŃ ïÏöÖäÄ âÂ ǧǦǥǤǩǨõÕʒƷǯǮʹʼ éèêëüñ"

func newDocument(t testing.TB) *Document {
	t.Helper()
	d, err := New(Meta{
		Title: "Prøve æøå", Language: "nb-NO", Author: "Deatnu <&> Kárášjohka", Created: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		Running: "FORTROLIG", Footer: func(p, of int) string { return fmt.Sprintf("side %d av %d", p, of) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func ended(t testing.TB, d *Document) []byte {
	t.Helper()
	b, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sample has everything there is to set, over several pages.
func sample(t testing.TB) []byte {
	d := newDocument(t)
	d.Heading(1, "Overskrift")
	d.Notice("Fortrolig adresse")
	d.Paragraph(letters)
	for i := range 40 {
		d.Heading(2, fmt.Sprint("Gruppe ", i))
		d.Heading(3, "Bostedsadresse")
		d.Table([]Row{{"Adresse", []string{"Storgata 1", "5700 VOSS"}}, {"Bruksenhetsnummer", []string{fmt.Sprintf("H%04d", i)}}})
	}
	return ended(t, d)
}

func TestTheFileSaysWhatItIs(t *testing.T) {
	f := typesettest.Read(t, sample(t))
	if !f.Marked || f.Language != "nb-NO" || f.Title != "Prøve æøå" || f.Author != "Deatnu <&> Kárášjohka" {
		t.Errorf("%v %q %q %q", f.Marked, f.Language, f.Title, f.Author)
	}
	for _, want := range []string{"<pdfuaid:part>1</pdfuaid:part>", "Prøve æøå", "Deatnu &lt;&amp;&gt; Kárášjohka", "nb-NO"} {
		if !strings.Contains(f.Metadata, want) {
			t.Errorf("the metadata lacks %s", want)
		}
	}
	if want := "Document H1 P P H2 H3 Table TR TH TD TR TH TD H2"; !strings.HasPrefix(strings.Join(f.Tags, " "), want) {
		t.Errorf("%v", f.Tags[:20])
	}
	for i, p := range f.Pages {
		if !strings.Contains(p, fmt.Sprintf("side %d av %d", i+1, len(f.Pages))) || !strings.Contains(p, "FORTROLIG") {
			t.Errorf("page %d: %s", i+1, p)
		}
	}
	if len(f.Pages) < 3 {
		t.Errorf("%d pages", len(f.Pages))
	}
}

func TestEveryLetterCanBeRead(t *testing.T) {
	if text := typesettest.Read(t, sample(t)).Text(); !strings.Contains(text, letters) {
		t.Errorf("not %s", letters)
	}
	d := newDocument(t)
	d.Paragraph("A\u0301ile \u00a0 tab\tlinje\nslutt \u202e\u200b 中 \xff")
	if text := typesettest.Read(t, ended(t, d)).Text(); !strings.Contains(text, "Áile tab linje slutt � �") {
		t.Errorf("%q", text)
	}
}

func TestTheSameDocumentIsTheSameBytes(t *testing.T) {
	if !bytes.Equal(sample(t), sample(t)) {
		t.Error("two files differ")
	}
}

// Whatever the text, no line is wider than its room, and the lines hold the words.
func TestLinesHoldTheText(t *testing.T) {
	d := newDocument(t)
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune(letters+"   abcdefgh")))).Draw(rt, "text")
		s := rapid.SampledFrom(append(headings, body, label, notice)).Draw(rt, "style")
		wide := rapid.Float64Range(20, right-left).Draw(rt, "wide")
		lines := d.wrapped(text, s, wide)
		var joined strings.Builder
		for _, l := range lines {
			joined.WriteString(l)
			if w := d.width(strings.TrimSpace(l), s); w > wide && len([]rune(strings.TrimSpace(l))) > 1 {
				rt.Fatalf("%q is %.1f wide, over %.1f", l, w, wide)
			}
		}
		if got, want := strings.Join(strings.Fields(joined.String()), " "), strings.Join(strings.Fields(d.printable(text, s)), " "); got != want {
			rt.Fatalf("%q, want %q", got, want)
		}
		if len(lines) == 0 {
			rt.Fatal("no line")
		}
	})
}

// Whatever the document, its text is there in order, no heading ends a page, and nothing stands below
// the margin.
func TestDocumentsOfAnyLength(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := newDocument(t)
		var want []string
		word := func() string {
			w := rapid.StringOfN(rapid.SampledFrom([]rune("abcdefæøåŋ ")), 1, 300, -1).Draw(rt, "text")
			want = append(want, strings.Fields(w)...)
			return w
		}
		for range rapid.IntRange(1, 30).Draw(rt, "pieces") {
			switch rapid.IntRange(0, 2).Draw(rt, "piece") {
			case 0:
				d.Heading(rapid.IntRange(1, 3).Draw(rt, "level"), word())
			case 1:
				d.Paragraph(word())
			case 2:
				var lines []string
				name := word()
				for range rapid.SampledFrom([]int{0, 1, 3, 90}).Draw(rt, "lines") {
					lines = append(lines, word())
				}
				d.Table([]Row{{name, lines}})
			}
			if d.y < bottom-10 {
				rt.Fatalf("the page goes on to %.1f", d.y)
			}
		}
		var got strings.Builder
		for _, p := range typesettest.Read(t, ended(t, d)).Pages {
			got.WriteString(p)
		}
		text := spaceless(got.String())
		for _, w := range want {
			if !strings.Contains(text, w) && len(w) < 20 { // a longer one may go on on the next page
				rt.Fatalf("%q is not in the document", w)
			}
		}
	})
}

func spaceless(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// A public tool reads the file as we meant it: tagged, in order, with its fonts inside.
// Whatever stands before it, a heading is on the page of the first line below it.
func TestNoHeadingStandsAlone(t *testing.T) {
	for before := range 60 {
		d := newDocument(t)
		for range before {
			d.Table([]Row{{Label: "Linje", Lines: []string{"verdi"}}})
		}
		d.Heading(2, "Gruppen")
		d.Heading(3, "Opplysningen")
		d.Table([]Row{{Label: "Felt", Lines: []string{"verdien"}}})
		for _, page := range typesettest.Read(t, ended(t, d)).Pages {
			if group, line := strings.Contains(page, "Gruppen"), strings.Contains(page, "verdien"); group != line {
				t.Errorf("after %d lines the heading is on another page", before)
			}
		}
	}
}

func TestAPublicToolReadsTheFile(t *testing.T) {
	if _, err := exec.LookPath("pdfinfo"); err != nil {
		t.Skip("poppler's pdfinfo is absent (apt-get install poppler-utils): the file was read by our own library only")
	}
	file := filepath.Join(t.TempDir(), "sample.pdf")
	if err := os.WriteFile(file, sample(t), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(name string, args ...string) string {
		out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		return string(out)
	}
	about := strings.Join(strings.Fields(run("pdfinfo", file)), " ")
	for _, want := range []string{"Title: Prøve æøå", "Tagged: yes", "Suspects: no", "(A4)", "Encrypted: no", "JavaScript: no"} {
		if !strings.Contains(about, want) {
			t.Errorf("not %s: %s", want, about)
		}
	}
	structure := strings.Join(strings.Fields(run("pdfinfo", "-struct-text", file)), " ")
	want := `Document H1 (block) "Overskrift " P (block) "Fortrolig adresse " P (block) "` + strings.Join(strings.Fields(letters), " ") + ` " H2 (block) "Gruppe 0 " H3 (block) "Bostedsadresse " ` +
		`Table (block) TR TH: /Scope /Row "Adresse " TD "Storgata 1 5700 VOSS " TR TH: /Scope /Row "Bruksenhetsnummer " TD "H0000 "`
	if !strings.HasPrefix(structure, want) {
		t.Errorf("structure:\n got %.700s\nwant %s", structure, want)
	}
	fonts := strings.Split(strings.TrimSpace(run("pdffonts", file)), "\n")
	if len(fonts) != 4 {
		t.Errorf("fonts: %v", fonts)
	}
	for _, f := range fonts[2:] {
		if !strings.Contains(f, "yes yes yes") { // embedded, a subset, with unicode
			t.Errorf("font %s", f)
		}
	}
	if text := strings.Join(strings.Fields(run("pdftotext", file, "-")), " "); !strings.Contains(text, letters) {
		t.Errorf("not %s", letters)
	}
}

func BenchmarkDocument(b *testing.B) {
	for b.Loop() {
		sample(b)
	}
}
