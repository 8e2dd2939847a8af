package typeset

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/carlos7ags/folio/content"
	"github.com/carlos7ags/folio/core"
	"github.com/carlos7ags/folio/document"
)

// Meta is what stands around the text.
type Meta struct {
	// Title is shown by readers, in window titles and lists of recent files: never a person's name.
	Title string
	// Language is a BCP 47 tag: nb-NO.
	Language string
	// Author is the organisation whose document it is.
	Author  string
	Created time.Time
	// Running is the text at the top of every page, and Footer that at the bottom, given the page and
	// the number of pages, from 1.
	Running string
	Footer  func(page, pages int) string
}

// node is an element of the structure tree, mark a piece of it on a page.
type node struct {
	tag   string
	kids  []*node
	marks []mark
	ref   *core.PdfIndirectReference
}

type mark struct{ page, id int }

func (n *node) add(tag string) *node {
	k := &node{tag: tag}
	n.kids = append(n.kids, k)
	return k
}

// Bytes ends the document and gives the file.
func (d *Document) Bytes() ([]byte, error) {
	d.margins()
	w := document.NewWriter("1.7")
	var fonts [2]core.PdfObject
	for i, f := range d.fonts {
		fonts[i] = w.AddObject(f.BuildObjects(w.AddObject))
	}
	tree := dict("Type", name("Pages"), "Count", core.NewPdfInteger(len(d.pages)))
	parent := w.AddObject(tree)
	pages := make([]core.PdfObject, len(d.pages))
	for i, p := range d.pages {
		pages[i] = w.AddObject(dict(
			"Type", name("Page"), "Parent", parent, "MediaBox", array(real(0), real(0), real(width), real(height)),
			"Resources", dict("Font", dict("F0", fonts[plain], "F1", fonts[bold])),
			"Contents", w.AddObject(core.NewPdfStreamCompressed(p.Bytes())),
			"StructParents", core.NewPdfInteger(i), "Tabs", name("S"),
		))
	}
	tree.Set("Kids", array(pages...))
	w.SetRoot(w.AddObject(d.catalog(w, parent, pages)))
	w.SetInfo(w.AddObject(dict("Title", text(d.meta.Title), "Author", text(d.meta.Author), "Creator", text("Hjemmel"),
		"CreationDate", core.NewPdfLiteralString(d.meta.Created.UTC().Format("D:20060102150405Z")))))
	return written(w, d.pages[0].Bytes())
}

// written gives the file. It is named by what it holds, so that the same document is the same bytes.
func written(w *document.Writer, of []byte) ([]byte, error) {
	id := sha256.Sum256(of)
	w.SetFileID(id[:16])
	var out bytes.Buffer
	_, err := w.WriteToWithOptions(&out, document.WriteOptions{UseXRefStream: true, UseObjectStreams: true})
	return out.Bytes(), err
}

// margins sets what stands on every page. It is no part of the text.
func (d *Document) margins() {
	for i, p := range d.pages {
		p.BeginMarkedContent("Artifact")
		d.beside(p, running, d.meta.Running, height-40)
		d.beside(p, margin, d.meta.Footer(i+1, len(d.pages)), 40)
		p.EndMarkedContent()
	}
}

// beside writes one line in the margin.
func (d *Document) beside(p *content.Stream, s style, text string, y float64) {
	if text != "" {
		d.write(p, s, d.wrapped(text, s, right-left)[0], left, y)
	}
}

func (d *Document) catalog(w *document.Writer, pageTree core.PdfObject, pages []core.PdfObject) core.PdfObject {
	metadata := core.NewPdfStream([]byte(d.xmp()))
	metadata.Dict.Set("Type", name("Metadata"))
	metadata.Dict.Set("Subtype", name("XML"))
	return dict(
		"Type", name("Catalog"), "Pages", pageTree, "Lang", core.NewPdfLiteralString(d.meta.Language),
		"MarkInfo", dict("Marked", core.NewPdfBoolean(true)), "StructTreeRoot", d.structure(w, pages),
		"ViewerPreferences", dict("DisplayDocTitle", core.NewPdfBoolean(true)), "Metadata", w.AddObject(metadata),
	)
}

// structure writes the tree of elements, and the way back from each piece of marked content.
func (d *Document) structure(w *document.Writer, pages []core.PdfObject) core.PdfObject {
	root := dict("Type", name("StructTreeRoot"))
	ref := w.AddObject(root)
	d.root.write(w, ref, pages)
	back := array()
	for i, marks := range d.marks {
		owners := array()
		for _, n := range marks {
			owners.Add(n.ref)
		}
		back.Add(core.NewPdfInteger(i))
		back.Add(w.AddObject(owners))
	}
	root.Set("K", d.root.ref)
	root.Set("ParentTree", w.AddObject(dict("Nums", back)))
	root.Set("ParentTreeNextKey", core.NewPdfInteger(len(d.marks)))
	return ref
}

func (n *node) write(w *document.Writer, parent core.PdfObject, pages []core.PdfObject) {
	e := dict("Type", name("StructElem"), "S", name(n.tag), "P", parent)
	if n.tag == "TH" {
		e.Set("A", dict("O", name("Table"), "Scope", name("Row")))
	}
	n.ref = w.AddObject(e)
	kids := array()
	for _, m := range n.marks {
		kids.Add(dict("Type", name("MCR"), "Pg", pages[m.page], "MCID", core.NewPdfInteger(m.id)))
	}
	for _, k := range n.kids {
		k.write(w, n.ref, pages)
		kids.Add(k.ref)
	}
	e.Set("K", kids)
}

// xmp says in XML what the document is, and that it is made after PDF/UA-1.
func (d *Document) xmp() string {
	const packet = `<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>%s</xmp:CreateDate><xmp:CreatorTool>Hjemmel</xmp:CreatorTool>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`
	return fmt.Sprintf(packet, escaped(d.meta.Title), escaped(d.meta.Author), escaped(d.meta.Language), d.meta.Created.UTC().Format(time.RFC3339))
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

func name(s string) core.PdfObject              { return core.NewPdfName(s) }
func real(v float64) core.PdfObject             { return core.NewPdfReal(v) }
func array(of ...core.PdfObject) *core.PdfArray { return core.NewPdfArray(of...) }

// dict makes a dictionary of names and objects, in turn.
func dict(pairs ...any) *core.PdfDictionary {
	d := core.NewPdfDictionary()
	for i := 0; i < len(pairs); i += 2 {
		d.Set(pairs[i].(string), pairs[i+1].(core.PdfObject))
	}
	return d
}

// text is a string outside the pages, in UTF-16 with a byte order mark.
func text(s string) core.PdfObject {
	out := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.BigEndian.AppendUint16(out, u)
	}
	return core.NewPdfHexString(string(out))
}
