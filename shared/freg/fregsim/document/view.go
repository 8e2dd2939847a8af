package document

import (
	"bytes"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// Append appends what the selection gives of d to dst: a JSON object, byte for byte d.Raw where
// nothing is cut.
func (s Selection) Append(dst []byte, d *Document) []byte {
	if s.whole {
		return append(dst, d.Raw...)
	}
	strict := s.pakke != OMH && d.strengtFortrolig()
	dst = append(dst, '{')
	var last Property
	for _, e := range d.Elements {
		if !s.gives(e) || strict && (e.Property == Innflytting || e.Property == Utflytting) {
			continue
		}
		spec := properties[e.Property]
		switch {
		case e.Property == last:
			dst = append(dst, ',')
		default:
			dst = closeArray(dst, last)
			if last != 0 {
				dst = append(dst, ',')
			}
			dst = append(dst, '"')
			dst = append(dst, spec.name...)
			dst = append(dst, '"', ':')
			if !spec.object {
				dst = append(dst, '[')
			}
		}
		last = e.Property
		dst = s.element(dst, e.Property, d.Raw[e.Start:e.End])
	}
	return append(closeArray(dst, last), '}')
}

func closeArray(dst []byte, last Property) []byte {
	if last != 0 && !properties[last].object {
		return append(dst, ']')
	}
	return dst
}

func (s Selection) gives(e Element) bool {
	bit := uint64(1) << e.Property
	return e.Property != 0 && s.wanted&bit != 0 && (e.Current || s.historical&bit != 0)
}

// strengtFortrolig reports whether inn- and utflytting are kept from pakker without hjemmel
// (Skatteetaten, news of August 2022).
func (d *Document) strengtFortrolig() bool {
	for _, e := range d.Elements {
		if e.Property == Adressebeskyttelse && e.Current &&
			bytes.Contains(d.Raw[e.Start:e.End], []byte(`"strengtFortrolig"`)) {
			return true
		}
	}
	return false
}

func (s Selection) element(dst []byte, p Property, raw []byte) []byte {
	if s.pakke == OMH {
		return append(dst, raw...)
	}
	return mask(dst, p, raw)
}

// onlyFields are the properties that OUtH gets with two fields only, as recorded.
var onlyFields = map[Property][]string{
	Sivilstand:      {`"erGjeldende"`, `"sivilstand"`},
	Statsborgerskap: {`"erGjeldende"`, `"statsborgerskap"`},
}

// withheld are the fields that OUtH does not get, at any depth of the property.
var withheld = map[Property][]string{
	Navn:                           {`"forkortetNavn"`, `"originaltNavn"`},
	Oppholdsadresse:                {`"oppholdAnnetSted"`},
	VergemaalEllerFremtidsfullmakt: {`"tjenesteomraade"`, `"omfang"`, `"omfangetErInnenPersonligOmraade"`},
}

// openStatuses are the values of status that are not taushetsbelagt; the others show as aktiv.
var openStatuses = map[string]bool{
	`"bosatt"`: true, `"utflyttet"`: true, `"doed"`: true, `"opphoert"`: true, `"inaktiv"`: true,
}

var decoders = sync.Pool{New: func() any { return jsontext.NewDecoder(bytes.NewBuffer(nil)) }}

// mask appends the element as OUtH gets it: no kilde, no aarsak, and the fields above cut.
func mask(dst []byte, p Property, raw []byte) []byte {
	dec := decoders.Get().(*jsontext.Decoder)
	defer decoders.Put(dec)
	dec.Reset(bytes.NewBuffer(raw))
	for {
		switch dec.PeekKind() {
		case '{', '}':
			tok, _ := dec.ReadToken()
			dst = append(dst, byte(tok.Kind()))
			if dec.StackDepth() == 0 {
				return dst
			}
		case '"':
			name, err := dec.ReadValue()
			if err != nil {
				return dst
			}
			if !shows(p, name, dec.StackDepth()) {
				_ = dec.SkipValue()
				continue
			}
			if dst[len(dst)-1] != '{' {
				dst = append(dst, ',')
			}
			dst = append(append(dst, name...), ':')
			if dec.PeekKind() != '{' {
				dst = value(dst, p, dec)
			}
		default:
			return dst
		}
	}
}

func shows(p Property, name []byte, depth int) bool {
	if depth == 1 && (string(name) == `"kilde"` || string(name) == `"aarsak"`) {
		return false
	}
	if only := onlyFields[p]; only != nil {
		return contains(only, name)
	}
	return !contains(withheld[p], name)
}

func value(dst []byte, p Property, dec *jsontext.Decoder) []byte {
	v, err := dec.ReadValue()
	if err == nil && p == Status && v.Kind() == '"' && isStatus(dst) && !openStatuses[string(v)] {
		return append(dst, `"aktiv"`...)
	}
	return append(dst, v...)
}

// isStatus reports whether the name just appended is status.
func isStatus(dst []byte) bool { return bytes.HasSuffix(dst, []byte(`"status":`)) }

func contains(names []string, name []byte) bool {
	for _, n := range names {
		if n == string(name) {
			return true
		}
	}
	return false
}
