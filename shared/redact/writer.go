package redact

import (
	"slices"

	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// writer copies the granted parts of one document to out.
type writer struct {
	g     policy.Grant
	grade person.Gradering
	slekt person.Gradering
	out   []byte
	rec   Record
}

func (w *writer) withheld(rule policy.RuleID) {
	if !slices.Contains(w.rec.Withheld, rule) {
		w.rec.Withheld = append(w.rec.Withheld, rule)
	}
}

func (w *writer) document(root person.Value) {
	w.out = append(w.out, '{')
	start := len(w.out)
	for p := range root.Each() {
		m := w.g.Mask(string(p.Name()))
		if m == nil {
			continue
		}
		mark := w.name(p, start)
		if !w.property(p, m) {
			w.out = w.out[:mark]
		}
	}
	w.out = append(w.out, '}')
}

// name writes a comma where needed and the member's name, and gives the place to cut back to.
func (w *writer) name(v person.Value, start int) (mark int) {
	mark = len(w.out)
	if mark > start {
		w.out = append(w.out, ',')
	}
	w.out = append(w.out, '"')
	w.out = append(w.out, v.Name()...)
	w.out = append(w.out, '"', ':')
	return mark
}

// property writes a property, an array of elements or a single one, and reports whether anything
// was left of it. The other shape than the known one is withheld.
func (w *writer) property(p person.Value, m *policy.Mask) bool {
	if !m.Many {
		return w.element(p, m)
	}
	return w.list(p, func(e person.Value) bool { return w.element(e, m) })
}

// list writes those elements of an array that write writes.
func (w *writer) list(v person.Value, write func(person.Value) bool) bool {
	if v.Kind() != '[' {
		return false
	}
	w.out = append(w.out, '[')
	start := len(w.out)
	for e := range v.Each() {
		mark := len(w.out)
		if mark > start {
			w.out = append(w.out, ',')
		}
		if !write(e) {
			w.out = w.out[:mark]
		}
	}
	w.out = append(w.out, ']')
	return len(w.out) > start+1
}

// element writes one element of a property, unless it is former, or protected, or nothing but
// metadata is left of it: then it is as if it had never been there.
func (w *writer) element(e person.Value, m *policy.Mask) bool {
	current := e.Member("erGjeldende").True()
	if !current && !w.g.ShowsFormer(m) {
		return false
	}
	guarded := w.protects(m.Guard, e) != "" && !w.openPostadresse(e, m, current)
	if guarded && !w.mayShow(m.Guard, e) {
		return false
	}
	before := w.rec
	if !w.object(e, m) {
		withheld := w.rec.Withheld
		w.rec = before
		w.rec.Withheld = withheld
		return false
	}
	w.rec.Revealed = w.rec.Revealed || guarded
	w.rec.Former = w.rec.Former || !current
	return true
}

// openPostadresse reports whether this is the open postal address that the authorities keep for a
// strengt fortrolig person, which everybody may have.
func (w *writer) openPostadresse(e person.Value, m *policy.Mask, current bool) bool {
	return m.Name == "postadresse" && current && w.grade == person.StrengtFortrolig && ownGrade(e) == person.Ugradert
}

// object writes the granted and known members, and reports whether any of them is more than
// metadata.
func (w *writer) object(v person.Value, m *policy.Mask) bool {
	if v.Kind() != '{' {
		return false
	}
	w.out = append(w.out, '{')
	start, substance := len(w.out), false
	for c := range v.Each() {
		cm := m.Fields[string(c.Name())]
		if cm == nil || !w.mayShow(cm.Guard, person.Value{}) {
			continue
		}
		mark := w.name(c, start)
		if !w.field(c, cm) {
			w.out = w.out[:mark]
			continue
		}
		w.rec.Revealed = w.rec.Revealed || w.protects(cm.Guard, person.Value{}) != ""
		substance = substance || !cm.Metadata
	}
	w.out = append(w.out, '}')
	return substance
}

func (w *writer) field(v person.Value, m *policy.Mask) bool {
	one := w.scalar
	if m.Fields != nil {
		one = w.object
	}
	if m.Many {
		return w.list(v, func(e person.Value) bool { return one(e, m) })
	}
	return one(v, m)
}

// scalar writes a known value. A taushetsbelagt value is written as its mask unless the role may see
// it.
func (w *writer) scalar(v person.Value, m *policy.Mask) bool {
	if !v.Scalar() {
		return false
	}
	if m.Enum != nil && !m.Enum[string(v.Bare())] {
		w.withheld(UkjentVerdi)
		return false
	}
	w.rec.Delivered.add(m.Code)
	if m.Hidden != nil && m.Hidden[string(v.Bare())] {
		if m.HiddenCode < 0 {
			w.out = append(append(append(w.out, '"'), m.MaskedAs...), '"')
			return true
		}
		w.rec.Delivered.add(m.HiddenCode)
	}
	w.out = append(w.out, v.Raw()...)
	return true
}

// mayShow reports whether nothing protects what the guard stands before, or the caller has confirmed
// to see it.
func (w *writer) mayShow(guard policy.Guard, address person.Value) bool {
	rule := w.protects(guard, address)
	if rule == "" {
		return true
	}
	if w.g.Reveals() && guard != policy.Aarsak && w.strength(guard, address) <= person.Fortrolig {
		return true
	}
	w.withheld(rule)
	return false
}

// protects gives the condition that stands against showing, or "".
func (w *writer) protects(guard policy.Guard, address person.Value) policy.RuleID {
	switch {
	case guard == policy.Open:
		return ""
	case guard == policy.Aarsak:
		if w.grade > person.Ugradert && w.g.Mask("adressebeskyttelse") == nil {
			return Gradering
		}
		return ""
	case w.strength(guard, address) > person.Ugradert:
		return Gradering
	case w.slekt > person.Ugradert:
		return Slekt
	}
	return ""
}

// strength is how strongly an element is graded: by the person, and an address by itself too.
func (w *writer) strength(guard policy.Guard, address person.Value) person.Gradering {
	if guard == policy.Adresse {
		return max(w.grade, ownGrade(address))
	}
	return w.grade
}
