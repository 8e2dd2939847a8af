package person

import (
	"bytes"
	"errors"
	"io"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// Document is one register document (folkeregisterperson) as it came over the wire, checked and
// indexed once. It keeps the bytes; nothing is decoded until somebody asks for it.
//
// A Document holds everything the register answered, so it must never leave the corridor: package
// redact turns it into a record that may.
type Document struct {
	raw   []byte
	nodes []node
}

// node is one JSON value. Children of an object or array follow it directly; next is the index of
// the node after its whole subtree.
type node struct {
	kind             byte // as jsontext.Kind: { [ " 0 t f n
	name, nameEnd    uint32
	start, end, next uint32
}

// MaxDocument bounds a single document in bytes. The largest seen is 22 kB.
const MaxDocument = 4 << 20

// ErrDocument is returned for bytes that are not one JSON object with unique names within bounds.
// It does not repeat the bytes.
var ErrDocument = errors.New("person: not a register document")

// ParseDocument checks that raw is one JSON object (RFC 8259, valid UTF-8, no name twice, at most
// [MaxDocument] bytes) and indexes it. It keeps raw; the caller must not change it afterwards.
func ParseDocument(raw []byte) (*Document, error) {
	if len(raw) > MaxDocument {
		return nil, ErrDocument
	}
	d := &Document{raw: raw, nodes: make([]node, 0, 32+len(raw)/32)}
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw))
	if err := d.index(dec); err != nil || d.nodes[0].kind != '{' {
		return nil, ErrDocument
	}
	if _, err := dec.ReadToken(); err != io.EOF {
		return nil, ErrDocument
	}
	return d, nil
}

// index reads the value with all it holds, without recursion: open holds the containers that are
// not closed yet.
func (d *Document) index(dec *jsontext.Decoder) error {
	var open []int
	var name, nameEnd, end uint32
	for {
		start := d.skip(end)
		tok, err := dec.ReadToken()
		if err != nil {
			return err
		}
		end = uint32(dec.InputOffset()) //nolint:gosec // bounded by MaxDocument
		kind := byte(tok.Kind())
		if kind == '}' || kind == ']' {
			d.close(open[len(open)-1], end)
			open = open[:len(open)-1]
		} else {
			if kind == '"' && nameEnd == 0 && len(open) > 0 && d.nodes[open[len(open)-1]].kind == '{' {
				name, nameEnd = start+1, end-1
				continue
			}
			if kind == '{' || kind == '[' {
				open = append(open, len(d.nodes))
			}
			d.nodes = append(d.nodes, node{kind: kind, name: name, nameEnd: nameEnd, start: start, end: end, next: uint32(len(d.nodes)) + 1}) //nolint:gosec // fewer nodes than bytes
		}
		if name, nameEnd = 0, 0; len(open) == 0 {
			return nil
		}
	}
}

func (d *Document) close(i int, end uint32) {
	d.nodes[i].end = end
	d.nodes[i].next = uint32(len(d.nodes)) //nolint:gosec // fewer nodes than bytes
}

// skip finds where the next token starts.
func (d *Document) skip(at uint32) uint32 {
	for int(at) < len(d.raw) {
		switch d.raw[at] {
		case ' ', '\t', '\r', '\n', ',', ':':
			at++
		default:
			return at
		}
	}
	return at
}

// Raw gives the bytes as the register sent them.
func (d *Document) Raw() []byte { return d.raw }

// Root is the document as a value.
func (d *Document) Root() Value { return Value{d, 0} }

// Value is one JSON value inside a document. The zero Value is absent: it has no kind, text or
// children.
type Value struct {
	d *Document
	i uint32
}

func (v Value) node() node {
	if v.d == nil {
		return node{}
	}
	return v.d.nodes[v.i]
}

// Exists reports whether the value is there.
func (v Value) Exists() bool { return v.d != nil }

// Kind is '{', '[', '"', '0', 't', 'f' or 'n'; 0 for an absent value.
func (v Value) Kind() byte { return v.node().kind }

// Scalar reports whether the value is a string, number or boolean.
func (v Value) Scalar() bool {
	switch v.Kind() {
	case '"', '0', 't', 'f':
		return true
	}
	return false
}

// Name is the member's name as written, without quotes; empty for elements of an array. A name with
// escapes stays escaped and so matches nothing that we know.
func (v Value) Name() []byte {
	n := v.node()
	if n.nameEnd == 0 {
		return nil
	}
	return v.d.raw[n.name:n.nameEnd]
}

// Raw gives the bytes of the value as sent.
func (v Value) Raw() []byte {
	n := v.node()
	if v.d == nil {
		return nil
	}
	return v.d.raw[n.start:n.end]
}

// Text gives the content of a string value, or "" for any other.
func (v Value) Text() string {
	if v.Kind() != '"' {
		return ""
	}
	raw := v.Raw()
	inner := raw[1 : len(raw)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	b, err := jsontext.AppendUnquote(nil, raw)
	if err != nil {
		return ""
	}
	return string(b)
}

// Bare gives the content of a string as written, without quotes and without allocating; nil for
// any other value. It equals [Value.Text] where nothing is escaped.
func (v Value) Bare() []byte {
	if v.Kind() != '"' {
		return nil
	}
	raw := v.Raw()
	return raw[1 : len(raw)-1]
}

// True reports whether the value is the literal true.
func (v Value) True() bool { return v.Kind() == 't' }

// Each ranges over the members of an object or the elements of an array, in order.
func (v Value) Each() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		n := v.node()
		if n.kind != '{' && n.kind != '[' {
			return
		}
		for i := v.i + 1; i < n.next; i = v.d.nodes[i].next {
			if !yield(Value{v.d, i}) {
				return
			}
		}
	}
}

// Member finds a member by name, or an absent value.
func (v Value) Member(name string) Value {
	for c := range v.Each() {
		if string(c.Name()) == name {
			return c
		}
	}
	return Value{}
}

// At follows names down from v.
func (v Value) At(names ...string) Value {
	for _, n := range names {
		v = v.Member(n)
	}
	return v
}

// Person is what the register answered about one person: the document, and what else judgement
// needs.
type Person struct {
	Document *Document
	// Slekt is the highest grading found among close family, as far as the grant wanted it judged.
	Slekt Gradering
}

// Gradering is how strongly an address is protected. The order is the order of strength.
type Gradering int

// The levels (adressegradering, graderingsnivaa). Ukjent is a value we cannot read and is treated as
// the strongest.
const (
	Ugradert Gradering = iota
	Klientadresse
	Fortrolig
	StrengtFortrolig
	UkjentGradering
)

// ParseGradering reads a level as the register spells it.
func ParseGradering(bare []byte) Gradering {
	switch string(bare) {
	case "ugradert":
		return Ugradert
	case "klientadresse":
		return Klientadresse
	case "fortrolig":
		return Fortrolig
	case "strengtFortrolig":
		return StrengtFortrolig
	}
	return UkjentGradering
}

// Gradering gives the person's own grading (adressebeskyttelse): the strongest element that is not
// marked as former. No element means ugradert, because that is how the register says it; an element
// that cannot be read counts as the strongest.
func (d *Document) Gradering() Gradering {
	grade := Ugradert
	for p := range d.Root().Each() {
		if string(p.Name()) != "adressebeskyttelse" {
			continue
		}
		if p.Kind() != '[' {
			return UkjentGradering
		}
		for e := range p.Each() {
			if e.Member("erGjeldende").Kind() != 'f' {
				grade = max(grade, ParseGradering(e.Member("graderingsnivaa").Bare()))
			}
		}
	}
	return grade
}

// Numbers gives every number in the document's identifikasjonsnummer that is a valid ID, current
// and former.
func (d *Document) Numbers() []ID {
	return ids(d.Root().Member("identifikasjonsnummer"), "foedselsEllerDNummer")
}

// Relatives gives the close family with a number: parents, children, siblings, spouse or partner,
// also former ones where the document tells.
func (d *Document) Relatives() []ID { return ids(d.Root().Member("familierelasjon"), "relatertPerson") }

func ids(list Value, field string) []ID {
	var found []ID
	for e := range list.Each() {
		if id, err := ParseID(e.Member(field).Text()); err == nil {
			found = append(found, id)
		}
	}
	return found
}

// Kommune is where the person is resident now (kommunenummer of the current bostedsadresse), or ""
// where that cannot be established.
func (d *Document) Kommune() string {
	for e := range d.Root().Member("bostedsadresse").Each() {
		if !e.Member("erGjeldende").True() {
			continue
		}
		for _, at := range [][]string{{"vegadresse", "kommunenummer"}, {"matrikkeladresse", "matrikkelnummer", "kommunenummer"}, {"ukjentBosted", "bostedskommune"}} {
			if k := e.At(at...).Text(); k != "" {
				return k
			}
		}
	}
	return ""
}
