package personsoek

import (
	"bytes"

	"hjemmel/shared/disclosure"
	"hjemmel/shared/person"
)

// Spell gives the answers with persons as Fiks spells them on this surface: values of closed lists in
// upper case (UGRADERT, IBRUK), and a guardian's tjenesteomraade called tjenesteomraadeDefinisjon.
func Spell(b disclosure.Batch) (disclosure.Batch, error) {
	spelt := disclosure.Batch{Receipt: b.Receipt, Answers: make([]disclosure.Answer, len(b.Answers))}
	for i, a := range b.Answers {
		if a.JSON != nil {
			d, err := person.ParseDocument(a.JSON)
			if err != nil {
				return disclosure.Batch{}, err
			}
			a.JSON = spell(make([]byte, 0, len(a.JSON)), d.Root(), person.Model)
		}
		spelt.Answers[i] = a
	}
	return spelt, nil
}

// spell appends a value of the model's field f; nil is metadata.
func spell(out []byte, v person.Value, f *person.Field) []byte {
	switch v.Kind() {
	case '{':
		out = append(out, '{')
		for m := range v.Each() {
			if out[len(out)-1] != '{' {
				out = append(out, ',')
			}
			out = append(append(append(out, '"'), name(m.Name(), f)...), '"', ':')
			out = spell(out, m, part(f, m.Name()))
		}
		return append(out, '}')
	case '[':
		out = append(out, '[')
		for e := range v.Each() {
			if out[len(out)-1] != '[' {
				out = append(out, ',')
			}
			out = spell(out, e, f)
		}
		return append(out, ']')
	}
	if shouted(f) {
		return append(out, bytes.ToUpper(v.Raw())...)
	}
	return append(out, v.Raw()...)
}

func part(f *person.Field, name []byte) *person.Field {
	if f == nil {
		return nil
	}
	return f.Field(string(name))
}

func name(own []byte, f *person.Field) []byte {
	if f != nil && f.Name == "verge" && string(own) == "tjenesteomraade" {
		return []byte("tjenesteomraadeDefinisjon")
	}
	return own
}

// shouted reports whether Fiks has a closed list there. Of the foreign numbers' type it has none, of the
// scope (omfang) of a guardianship it has one.
func shouted(f *person.Field) bool {
	return f != nil && (f.Enum != nil && f.Name != "identifikasjonsnummertype" || f.Name == "omfang")
}
