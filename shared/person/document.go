package person

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strings"
)

// Document is one register document (folkeregisterperson) as it came over the wire, checked and
// indexed once. It keeps the bytes; nothing is decoded until somebody asks for it.
//
// A Document holds everything the register answered, so it must never leave the corridor: package
// redact turns it into a record that may.
type Document struct {
	raw   []byte
	nodes []node
	root  uint32
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

// MaxBulk bounds the answer to a bulk lookup in bytes: a thousand documents of the largest kind seen,
// twice.
const MaxBulk = 64 << 20

// ParseDocument checks that raw is one JSON object (RFC 8259, valid UTF-8, within the bounds of a
// register document, no name twice) and indexes it. It keeps raw; the caller must not change it
// afterwards.
func ParseDocument(raw []byte) (*Document, error) {
	if len(raw) > MaxDocument {
		return nil, ErrDocument
	}
	return parseObject(raw)
}

func parseObject(raw []byte) (*Document, error) {
	p := parser{raw: raw, nodes: make([]node, 0, 32+len(raw)/20)}
	p.space()
	if p.peek() != '{' || !p.value(0, 0, 0) {
		return nil, ErrDocument
	}
	if p.space(); p.at != len(raw) {
		return nil, ErrDocument
	}
	return &Document{raw, p.nodes, 0}, nil
}

// BulkAnswer is the register's answer about one person of a bulk lookup. Document is nil where it
// had none, whatever reason it gave.
type BulkAnswer struct {
	ID       ID
	Document *Document
}

// ParseBulk checks and indexes the answer to a bulk lookup in one pass, up to [MaxBulk] bytes. An
// answer about a number that cannot be makes it ErrDocument. It keeps raw.
func ParseBulk(raw []byte) ([]BulkAnswer, error) {
	if len(raw) > MaxBulk {
		return nil, ErrDocument
	}
	d, err := parseObject(raw)
	if err != nil {
		return nil, err
	}
	list := d.Root().Member("oppslag")
	if list.Kind() != '[' {
		return nil, ErrDocument
	}
	var answers []BulkAnswer
	for a := range list.Each() {
		id, err := ParseID(a.Member("foedselsEllerDNummer").Text())
		if err != nil {
			return nil, ErrDocument
		}
		answer := BulkAnswer{ID: id}
		if p := a.Member("folkeregisterperson"); p.Kind() == '{' {
			answer.Document = &Document{raw, d.nodes, p.i}
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

// Raw gives the bytes of the document as the register sent them, without space around.
func (d *Document) Raw() []byte { return d.Root().Raw() }

// Root is the document as a value.
func (d *Document) Root() Value { return Value{d, d.root} }

// Value is one JSON value inside a document. The zero Value is absent: it has no kind, text or
// children.
type Value struct {
	d *Document
	i uint32
}

// absent is the node of the zero Value.
var absent node

func (v Value) node() *node {
	if v.d == nil {
		return &absent
	}
	return &v.d.nodes[v.i]
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

// Name is the member's name, without quotes; empty for elements of an array.
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
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return ""
	}
	return text
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

// Written gives the text at a place below v, without space around; numbers as they are written.
func (v Value) Written(names ...string) string {
	one := v.At(names...)
	if one.Kind() == '0' {
		return string(one.Raw())
	}
	return strings.TrimSpace(one.Text())
}

// Elements ranges over the elements of a property, of which some have one at most.
func (v Value) Elements() iter.Seq[Value] {
	if v.Kind() == '{' {
		return func(yield func(Value) bool) { yield(v) }
	}
	return v.Each()
}

// Former reports whether an element of a property is marked as no longer in force.
func (v Value) Former() bool { return v.Member("erGjeldende").Kind() == 'f' }

// Current gives the first element of a property that is not a former one, or an absent value.
func (v Value) Current() Value {
	for e := range v.Elements() {
		if !e.Former() {
			return e
		}
	}
	return Value{}
}

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
	// Krets is the asking employee's own circle, where the grant wants habilitet judged; nil where it
	// could not be established, which counts against disclosure.
	Krets *Krets
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

// Relatives gives the close family with a number: parents, children, siblings, spouse or partner, and those
// whom foreldreansvar joins to the person, either way; also former ones where the document tells. all is
// false where a number stands that cannot be read: then there is family we know nothing of.
func (d *Document) Relatives() (known []ID, all bool) {
	own, numbers := d.Numbers(), 0
	for _, at := range [][2]string{{"familierelasjon", "relatertPerson"}, {"foreldreansvar", "ansvarlig"}, {"foreldreansvar", "ansvarssubjekt"}} {
		list := d.Root().Member(at[0])
		known = append(known, ids(list, at[1])...)
		for e := range list.Each() {
			if e.Member(at[1]).Exists() {
				numbers++
			}
		}
	}
	all = numbers == len(known)
	return slices.DeleteFunc(known, func(id ID) bool { return slices.Contains(own, id) }), all
}

// Ansvarlige gives those who have parental responsibility (foreldreansvar) for the person now and have a
// number, each once, in the order of the document. What the person answers for themselves, for another, is
// not among it.
func (d *Document) Ansvarlige() []ID {
	own := d.Numbers()
	var found []ID
	for e := range d.Root().Member("foreldreansvar").Each() {
		child, _ := ParseID(e.Member("ansvarssubjekt").Text())
		id, err := ParseID(e.Member("ansvarlig").Text())
		if err == nil && e.Member("erGjeldende").True() && slices.Contains(own, child) && !slices.Contains(own, id) && !slices.Contains(found, id) {
			found = append(found, id)
		}
	}
	return found
}

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
