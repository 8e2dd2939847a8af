// Package persondokument makes the person document: a person page as a tagged PDF to print, send or
// file, that says who took it out, in which role and on what ground.
//
// It is made of the page alone, so it can never show more than the page. It refuses to put anything about the
// person into the file's title and other metadata, which lists of recent files and window titles show.
package persondokument

import (
	"slices"
	"strings"

	"hjemmel/functions/lookup/page"
	"hjemmel/functions/lookup/typeset"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// Document is what the PDF tells.
type Document struct {
	Page *page.Page
	// Profil is the role in which it was asked.
	Profil *policy.Profile
	// Organisasjon and Hentet name the organisation and who asked, with the system that they asked through.
	Organisasjon, Hentet string
	Formaal              string
	// Kvittering is the receipt of the entry in the log, Innslag the name of the entry.
	Kvittering, Innslag string
	// Utvalg is true where only some parts were asked for: then nothing is said of what is not there.
	Utvalg bool
}

// PDF writes the document.
func (d Document) PDF() ([]byte, error) {
	w := words{d.Page.Spraak}
	t, err := typeset.New(typeset.Meta{
		Title: w.of("tittel"), Language: w.tag(), Author: d.Organisasjon, Created: d.Page.Hentet,
		Running: strings.Join(texts(d.grades()), " · "),
		Footer: func(side, av int) string {
			return w.with("bunn", d.Organisasjon, d.Innslag, side, av)
		},
	})
	if err != nil {
		return nil, err
	}
	d.head(t, w)
	for _, g := range d.Page.Grupper {
		d.group(t, w, g)
	}
	d.outside(t, w)
	return t.Bytes()
}

// head says who the person is, what to mind, and what the document is.
func (d Document) head(t *typeset.Document, w words) {
	t.Heading(1, w.of("tittel"))
	who := d.Page.Navn
	if d.Page.Alder != nil && who != "" {
		who = w.with("alder", who, *d.Page.Alder)
	}
	if who != "" {
		t.Notice(who)
	}
	for _, m := range d.Page.Merker {
		t.Notice(m.Tekst)
	}
	if len(d.Page.Postadresse) > 0 {
		t.Table([]typeset.Row{{Label: w.of("postadresse"), Lines: d.Page.Postadresse}})
	}
	t.Heading(2, w.of("om"))
	t.Table(filled([]typeset.Row{
		{Label: w.of("organisasjon"), Lines: []string{d.Organisasjon}},
		{Label: w.of("rolle"), Lines: []string{d.Profil.Role.Navn}},
		{Label: w.of("omraade"), Lines: []string{w.in(d.Profil.Area.Navn)}},
		{Label: w.of("hjemmel"), Lines: d.grounds(w)},
		{Label: w.of("formaal"), Lines: []string{d.Formaal}},
		{Label: w.of("hentet"), Lines: []string{d.Hentet}},
		{Label: w.of("tid"), Lines: []string{d.Page.Hentet.In(policy.Oslo()).Format("02.01.2006 15:04")}},
		{Label: w.of("kvittering"), Lines: []string{d.Kvittering}},
	}))
}

// grounds are the legal bases that the role stands on.
func (d Document) grounds(w words) []string {
	var all []string
	for _, h := range d.Profil.Hjemler() {
		all = append(all, strings.TrimSpace(h.Lov+" "+h.Paragraf)+": "+w.in(h.Korttekst))
	}
	return all
}

// grades are the marks that say that an address is protected, as far as the page tells.
func (d Document) grades() []page.Kode {
	return slices.DeleteFunc(slices.Clone(d.Page.Merker), func(m page.Kode) bool { return !slices.Contains(person.Grades, m.Kode) })
}

func (d Document) group(t *typeset.Document, w words, g page.Gruppe) {
	if len(g.Fakta)+len(g.Tidligere) == 0 {
		return
	}
	t.Heading(2, g.Navn)
	for _, f := range g.Fakta {
		t.Heading(3, f.Navn)
		t.Table(rows(w, f))
	}
	for _, f := range g.Tidligere {
		t.Heading(3, w.with("tidligere", f.Navn))
		t.Table(rows(w, f))
	}
}

// rows are the fields of a fact, with the address as lines in place of its parts, and when it holds.
func rows(w words, f page.Faktum) []typeset.Row {
	all := []typeset.Row{{Label: w.of("adresse"), Lines: f.Linjer}}
	for _, x := range f.Felter {
		if len(f.Linjer) > 0 && partOfAddress(x.Kode) {
			continue
		}
		text := x.Tekst
		if x.Referanse != "" {
			text = w.of("registrert")
		}
		all = append(all, typeset.Row{Label: x.Navn, Lines: []string{text}})
	}
	return filled(append(all,
		typeset.Row{Label: w.of("gyldig"), Lines: []string{w.period(f.Fra, f.Til)}},
		typeset.Row{Label: w.of("kilde"), Lines: []string{f.Kilde}},
		typeset.Row{Label: w.of("aarsak"), Lines: []string{f.Aarsak}},
	))
}

// partOfAddress reports whether a field is told by the lines of its address. The number of the dwelling
// is not, nor is the municipality.
func partOfAddress(kode string) bool {
	at := strings.Split(kode, ".")
	if len(at) < 3 {
		return false
	}
	switch at[len(at)-1] {
	case "bruksenhetsnummer", "bruksenhetstype", "kommunenummer", "bostedskommune":
		return false
	}
	return strings.Contains(strings.ToLower(at[1]), "adresse")
}

// outside tells what is not there: nothing to show of what the role sees, and what is not part of it.
func (d Document) outside(t *typeset.Document, w words) {
	var nothing, lacks []string
	for _, g := range d.Page.Grupper {
		if g.IRollen && len(g.Fakta)+len(g.Tidligere) == 0 {
			nothing = append(nothing, g.Navn)
		}
		lacks = append(lacks, texts(g.UtenforRollen)...)
	}
	if d.Utvalg {
		nothing = nil
	}
	if len(nothing)+len(lacks) == 0 {
		return
	}
	t.Heading(2, w.of("ikkeHer"))
	if len(nothing) > 0 {
		t.Paragraph(w.of("ingenting") + " " + strings.Join(nothing, ", ") + ".")
	}
	if len(lacks) > 0 {
		t.Paragraph(w.of("utenfor") + " " + strings.Join(lacks, ", ") + ".")
	}
}

func texts(all []page.Kode) []string {
	var some []string
	for _, k := range all {
		some = append(some, k.Tekst)
	}
	return some
}

// filled leaves out the rows that say nothing.
func filled(all []typeset.Row) []typeset.Row {
	var some []typeset.Row
	for _, r := range all {
		if strings.Join(r.Lines, "") != "" {
			some = append(some, r)
		}
	}
	return some
}
