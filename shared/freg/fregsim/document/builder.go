package document

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Builder writes a document by appending. Reset it, then Open, fields, Shut for every element in
// property order, then Finish. The Document stays valid until the next Reset.
type Builder struct{ doc Document }

// Reset starts an empty document in the memory of the last one.
func (b *Builder) Reset() {
	b.doc.Raw = append(b.doc.Raw[:0], '{')
	b.doc.Elements = b.doc.Elements[:0]
}

// Open begins an element of a property.
func (b *Builder) Open(p Property, current bool) {
	n := len(b.doc.Elements)
	switch {
	case n > 0 && b.doc.Elements[n-1].Property == p:
		b.doc.Raw = append(b.doc.Raw, ',')
	default:
		b.endProperty()
		b.Key(properties[p].name)
		if !properties[p].object {
			b.doc.Raw = append(b.doc.Raw, '[')
		}
	}
	b.doc.Elements = append(b.doc.Elements, Element{Property: p, Current: current, Start: len(b.doc.Raw)})
	b.doc.Raw = append(b.doc.Raw, '{')
}

// Shut ends the element.
func (b *Builder) Shut() {
	b.doc.Raw = append(b.doc.Raw, '}')
	b.doc.Elements[len(b.doc.Elements)-1].End = len(b.doc.Raw)
}

func (b *Builder) endProperty() {
	n := len(b.doc.Elements)
	if n > 0 && !properties[b.doc.Elements[n-1].Property].object {
		b.doc.Raw = append(b.doc.Raw, ']')
	}
}

// Finish ends the document.
func (b *Builder) Finish() *Document {
	b.endProperty()
	b.doc.Raw = append(b.doc.Raw, '}')
	return &b.doc
}

// Key writes a member name, with the comma before it where one is due.
func (b *Builder) Key(name string) {
	if last := b.doc.Raw[len(b.doc.Raw)-1]; last != '{' {
		b.doc.Raw = append(b.doc.Raw, ',')
	}
	b.doc.Raw = append(b.doc.Raw, '"')
	b.doc.Raw = append(b.doc.Raw, name...)
	b.doc.Raw = append(b.doc.Raw, '"', ':')
}

// Text writes a string member with whatever escapes it needs.
func (b *Builder) Text(name, value string) {
	b.Key(name)
	b.doc.Raw, _ = jsontext.AppendQuote(b.doc.Raw, value)
}

// Code writes a string member whose value is known to need no escapes.
func (b *Builder) Code(name, value string) {
	b.Key(name)
	b.doc.Raw = append(b.doc.Raw, '"')
	b.doc.Raw = append(b.doc.Raw, value...)
	b.doc.Raw = append(b.doc.Raw, '"')
}

// Quote writes a string member that put appends; the value must need no escapes.
func (b *Builder) Quote(name string, put func([]byte) []byte) {
	b.Key(name)
	b.doc.Raw = append(put(append(b.doc.Raw, '"')), '"')
}

// Int writes a number member.
func (b *Builder) Int(name string, n int) {
	b.Key(name)
	b.doc.Raw = strconv.AppendInt(b.doc.Raw, int64(n), 10)
}

// Bool writes a boolean member.
func (b *Builder) Bool(name string, v bool) {
	b.Key(name)
	b.doc.Raw = strconv.AppendBool(b.doc.Raw, v)
}

// Texts writes a member that is an array of strings.
func (b *Builder) Texts(name string, values ...string) {
	b.Key(name)
	b.doc.Raw = append(b.doc.Raw, '[')
	for i, v := range values {
		if i > 0 {
			b.doc.Raw = append(b.doc.Raw, ',')
		}
		b.doc.Raw, _ = jsontext.AppendQuote(b.doc.Raw, v)
	}
	b.doc.Raw = append(b.doc.Raw, ']')
}

// Object begins a member that is an object; End ends it.
func (b *Builder) Object(name string) {
	b.Key(name)
	b.doc.Raw = append(b.doc.Raw, '{')
}

// End ends what Object began.
func (b *Builder) End() { b.doc.Raw = append(b.doc.Raw, '}') }

// Array begins a member that is an array of objects; each is Item … End, and EndArray ends it.
func (b *Builder) Array(name string) {
	b.Key(name)
	b.doc.Raw = append(b.doc.Raw, '[')
}

// Item begins an object in an array.
func (b *Builder) Item() {
	if b.doc.Raw[len(b.doc.Raw)-1] != '[' {
		b.doc.Raw = append(b.doc.Raw, ',')
	}
	b.doc.Raw = append(b.doc.Raw, '{')
}

// EndArray ends what Array began.
func (b *Builder) EndArray() { b.doc.Raw = append(b.doc.Raw, ']') }
