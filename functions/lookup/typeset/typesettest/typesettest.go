// Package typesettest reads a PDF back for tests: its text, its structure and what it says of itself.
package typesettest

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/carlos7ags/folio/core"
	"github.com/carlos7ags/folio/reader"
)

// File is what a PDF holds.
type File struct {
	// Pages are the texts of the pages, with single spaces.
	Pages []string
	// Tags are the structure elements in reading order, by depth: Document, H1, Table, TR …
	Tags []string
	// Title and Author are of the document information, Metadata is the XMP packet.
	Title, Author, Metadata string
	Language                string
	Marked                  bool
}

// Read reads a PDF, or fails the test.
func Read(t testing.TB, pdf []byte) File {
	t.Helper()
	r, err := reader.ParseWithOptions(pdf, reader.ReadOptions{Strictness: reader.StrictnessStrict})
	if err != nil {
		t.Fatal(err)
	}
	var f File
	title, author, _, _, _ := r.Info()
	f.Title, f.Author = utf16Text(title), utf16Text(author)
	for i := range r.PageCount() {
		p, err := r.Page(i)
		if err != nil {
			t.Fatal(err)
		}
		text, err := p.ExtractText()
		if err != nil {
			t.Fatal(err)
		}
		f.Pages = append(f.Pages, strings.Join(strings.Fields(text), " "))
	}
	f.tags(r.StructureTree().Root)
	c := r.Catalog()
	if s, ok := resolved(t, r, c.Get("Lang")).(*core.PdfString); ok {
		f.Language = s.Text()
	}
	if m, ok := resolved(t, r, c.Get("MarkInfo")).(*core.PdfDictionary); ok {
		b, ok := m.Get("Marked").(*core.PdfBoolean)
		f.Marked = ok && b.Bool()
	}
	if m, ok := resolved(t, r, c.Get("Metadata")).(*core.PdfStream); ok {
		f.Metadata = string(m.Data)
	}
	return f
}

func resolved(t testing.TB, r *reader.PdfReader, o core.PdfObject) core.PdfObject {
	t.Helper()
	o, err := r.ResolveObject(o)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (f *File) tags(n *reader.StructNode) {
	if n == nil {
		return
	}
	if n.MCID < 0 && n.Tag != "StructTreeRoot" {
		f.Tags = append(f.Tags, n.Tag)
	}
	for _, c := range n.Children {
		f.tags(c)
	}
}

// utf16Text reads a text string of the document information.
func utf16Text(s string) string {
	s, ok := strings.CutPrefix(s, "\xfe\xff")
	if !ok {
		return s
	}
	var units []uint16
	for i := 0; i+1 < len(s); i += 2 {
		units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(units))
}

// Text is that of all pages.
func (f File) Text() string { return strings.Join(f.Pages, " ") }
