// Package typeset sets text on A4 pages as a tagged PDF after PDF/UA-1 (ISO 14289-1): headings,
// paragraphs and tables in reading order, real text in embedded fonts, a language and a title.
//
// It refuses no text: a letter that the fonts lack stands as �, and what does not print as a space. It
// knows nothing of persons, makes no pictures and reads no files.
package typeset

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"codeberg.org/go-fonts/dejavu/dejavusanscondensed"
	"codeberg.org/go-fonts/dejavu/dejavusanscondensedbold"
	"github.com/carlos7ags/folio/content"
	"github.com/carlos7ags/folio/font"
	"golang.org/x/text/unicode/norm"
)

// Measures in points: A4 with room for a heading and a footer.
const (
	width, height = 595.28, 841.89
	left, right   = 56.0, width - 56
	top, bottom   = height - 62, 62.0
	leading       = 1.35 // of the size
	columns       = 150.0
)

// style is how a piece of text looks.
type style struct {
	face   int // plain or bold
	size   float64
	before float64 // space above
	gray   float64
}

// The faces.
const (
	plain = iota
	bold
)

var (
	body     = style{plain, 9.5, 0, 0}
	label    = style{plain, 9.5, 0, 0.33}
	notice   = style{bold, 10.5, 6, 0}
	margin   = style{plain, 8, 0, 0.33}
	running  = style{bold, 8, 0, 0}
	headings = []style{{bold, 17, 0, 0}, {bold, 12.5, 14, 0}, {bold, 10, 8, 0}}
)

// Document is a text that is being set. It is used by one goroutine and made anew for each document.
type Document struct {
	meta  Meta
	fonts [2]*font.EmbeddedFont
	pages []*content.Stream
	marks [][]*node // by page: whom each marked content belongs to
	root  *node
	y     float64
}

// New starts a document.
func New(m Meta) (*Document, error) {
	d := &Document{meta: m, root: &node{tag: "Document"}}
	for i, ttf := range [][]byte{dejavusanscondensed.TTF, dejavusanscondensedbold.TTF} {
		face, err := font.ParseTTF(ttf)
		if err != nil {
			return nil, err
		}
		d.fonts[i] = font.NewEmbeddedFont(face)
	}
	d.turn()
	return d, nil
}

// turn begins a new page.
func (d *Document) turn() {
	d.pages = append(d.pages, content.NewStream())
	d.marks = append(d.marks, nil)
	d.y = top
}

// Heading sets a heading of level 1, 2 or 3, and never as the last line of a page, nor with one of the next
// level alone below it.
func (d *Document) Heading(level int, text string) {
	s := headings[level-1]
	lines := d.wrapped(text, s, right-left)
	below := 3 * body.size * leading
	for _, lower := range headings[level:] {
		below += lower.before + lower.size*leading
	}
	d.room(s.before + float64(len(lines))*s.size*leading + below)
	d.set(d.root.add([]string{"H1", "H2", "H3"}[level-1]), s, lines, left)
}

// Paragraph sets a paragraph.
func (d *Document) Paragraph(text string) { d.paragraph(text, body) }

// Notice sets a paragraph that should be seen.
func (d *Document) Notice(text string) { d.paragraph(text, notice) }

func (d *Document) paragraph(text string, s style) {
	lines := d.wrapped(text, s, right-left)
	d.room(s.before + s.size*leading)
	d.set(d.root.add("P"), s, lines, left)
	d.y -= 3
}

// Row is a row of a table: what it is, and its lines.
type Row struct {
	Label string
	Lines []string
}

// Table sets rows with a heading each. A row is not divided where a page can hold it. No rows are no
// table.
func (d *Document) Table(rows []Row) {
	if len(rows) == 0 {
		return
	}
	table := d.root.add("Table")
	for _, r := range rows {
		tr := table.add("TR")
		th, td := tr.add("TH"), tr.add("TD")
		labels := d.wrapped(r.Label, label, columns-8)
		var lines []string
		for _, l := range r.Lines {
			lines = append(lines, d.wrapped(l, body, right-left-columns)...)
		}
		d.row(th, td, labels, lines)
	}
	d.y -= 4
}

// row sets two cells beside each other, over as many pages as they need.
func (d *Document) row(th, td *node, labels, lines []string) {
	const line = 9.5 * leading
	all := max(len(labels), len(lines))
	d.room(min(float64(all)*line, top-bottom))
	for from := 0; from < all; {
		to := min(all, from+int((d.y-bottom)/line))
		start := d.y
		d.set(th, label, labels[min(from, len(labels)):min(to, len(labels))], left)
		d.y = start
		d.set(td, body, lines[min(from, len(lines)):min(to, len(lines))], left+columns)
		d.y = start - float64(to-from)*line
		if from = to; from < all {
			d.turn()
		}
	}
	d.y -= 1.5
}

// room turns the page where less than the height is left. Nothing stands above the first line of a page.
func (d *Document) room(height float64) {
	if d.y-height < bottom && d.y < top {
		d.turn()
	}
}

// set writes lines downwards as content of the node, turning pages as needed.
func (d *Document) set(n *node, s style, lines []string, x float64) {
	if d.y < top {
		d.y -= s.before
	}
	for len(lines) > 0 {
		fit := min(len(lines), max(1, int((d.y-bottom)/(s.size*leading))))
		page := len(d.pages) - 1
		p := d.pages[page]
		p.BeginMarkedContentWithID(n.tag, len(d.marks[page]))
		n.marks = append(n.marks, mark{page, len(d.marks[page])})
		d.marks[page] = append(d.marks[page], n)
		for _, l := range lines[:fit] {
			d.y -= s.size * leading
			d.write(p, s, l, x, d.y)
		}
		p.EndMarkedContent()
		if lines = lines[fit:]; len(lines) > 0 {
			d.turn()
		}
	}
}

func (d *Document) write(p *content.Stream, s style, text string, x, y float64) {
	p.BeginText()
	p.SetFillColorGray(s.gray)
	p.SetFont([]string{"F0", "F1"}[s.face], s.size)
	p.SetTextMatrix(1, 0, 0, 1, x, y)
	p.ShowTextHex(d.fonts[s.face].EncodeString(text))
	p.EndText()
}

// wrapped breaks a text into lines after spaces, and within words that are wider than the line. The
// space stays at the end of the line, so that what reads the text aloud does not join two words. There
// is always one line at least.
func (d *Document) wrapped(text string, s style, wide float64) []string {
	words := strings.Fields(d.printable(text, s))
	var lines []string
	line := ""
	for len(words) > 0 {
		w := words[0]
		longer := strings.TrimSpace(line + " " + w)
		switch {
		case d.width(longer, s) <= wide:
			line, words = longer, words[1:]
		case line != "":
			lines, line = append(lines, line+" "), ""
		default:
			n := d.fitting(w, s, wide)
			lines, words[0] = append(lines, w[:n]), w[n:]
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line+" ")
	}
	return lines
}

// fitting is how many bytes of a word fit on a line: one letter at least.
func (d *Document) fitting(word string, s style, wide float64) int {
	fits := 0
	for i, r := range word {
		next := i + utf8.RuneLen(r)
		if fits > 0 && d.width(word[:next], s) > wide {
			break
		}
		fits = next
	}
	return fits
}

func (d *Document) width(text string, s style) float64 {
	face, sum := d.fonts[s.face].Face(), 0
	for _, r := range text {
		sum += face.GlyphAdvance(face.GlyphIndex(r))
	}
	return float64(sum) * s.size / float64(face.UnitsPerEm())
}

// printable composes letters from their parts, makes a space of what does not print, and � of a letter
// that the face lacks.
func (d *Document) printable(text string, s style) string {
	face := d.fonts[s.face].Face()
	return strings.Map(func(r rune) rune {
		switch {
		case !unicode.IsGraphic(r) || unicode.IsSpace(r):
			return ' '
		case face.GlyphIndex(r) == 0:
			return unicode.ReplacementChar
		}
		return r
	}, norm.NFC.String(text))
}
