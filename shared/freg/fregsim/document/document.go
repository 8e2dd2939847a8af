package document

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// Document is one person's complete register document, as OMH gets it with all parts and history.
type Document struct {
	// Raw is the document's JSON.
	Raw []byte
	// Elements are marks into Raw, in document order; those of one property stand together.
	Elements []Element
}

// Element is one value of a property: an object in its array, or the property itself.
type Element struct {
	Property   Property
	Current    bool // erGjeldende; absent counts as current
	Start, End int  // Raw[Start:End] is the JSON object
}

// ErrDocument says that a text is not a register document: not a JSON object whose members
// are arrays of objects, or objects where the register has one value.
var ErrDocument = errors.New("document: ikke et persondokument")

// Parse marks the elements of a document. It keeps raw. Error: [ErrDocument].
func Parse(raw []byte) (*Document, error) {
	d := &Document{Raw: raw}
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw))
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != '{' {
		return nil, ErrDocument
	}
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, ErrDocument
		}
		if err := d.property(dec, byName[name.String()]); err != nil {
			return nil, err
		}
	}
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != '}' {
		return nil, ErrDocument
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, ErrDocument
	}
	return d, nil
}

func (d *Document) property(dec *jsontext.Decoder, p Property) error {
	object := dec.PeekKind() == '{'
	if p != 0 && object != properties[p].object {
		return ErrDocument
	}
	if object {
		return d.element(dec, p)
	}
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != '[' {
		return ErrDocument
	}
	for dec.PeekKind() == '{' {
		if err := d.element(dec, p); err != nil {
			return err
		}
	}
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != ']' {
		return ErrDocument
	}
	return nil
}

func (d *Document) element(dec *jsontext.Decoder, p Property) error {
	v, err := dec.ReadValue()
	if err != nil {
		return ErrDocument
	}
	end := int(dec.InputOffset())
	d.Elements = append(d.Elements, Element{p, current(v), end - len(v), end})
	return nil
}

func current(element jsontext.Value) bool {
	return string(field(element, "erGjeldende")) != "false"
}

// field gives the raw value of a member of an object, or nil.
func field(object jsontext.Value, name string) jsontext.Value {
	dec := jsontext.NewDecoder(bytes.NewBuffer(object))
	if _, err := dec.ReadToken(); err != nil {
		return nil
	}
	for dec.PeekKind() == '"' {
		key, _ := dec.ReadToken()
		if key.String() == name {
			v, _ := dec.ReadValue()
			return v
		}
		if dec.SkipValue() != nil {
			return nil
		}
	}
	return nil
}

// Numbers gives every foedselsEllerDNummer in identifikasjonsnummer as it stands, checked or not,
// and whether it is in use (iBruk).
func (d *Document) Numbers() (numbers []string, inUse []bool) {
	for _, e := range d.Elements {
		if e.Property != Identifikasjonsnummer {
			continue
		}
		raw := jsontext.Value(d.Raw[e.Start:e.End])
		number, err := jsontext.AppendUnquote(nil, field(raw, "foedselsEllerDNummer"))
		if err != nil {
			continue
		}
		numbers = append(numbers, string(number))
		inUse = append(inUse, string(field(raw, "status")) != `"opphoert"`)
	}
	return numbers, inUse
}
