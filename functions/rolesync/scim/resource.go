package scim

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
)

// Resource is a resource as JSON reads it: attributes by the names of the schemas, an extension's below its urn.
type Resource map[string]any

// Bounds of a resource.
const (
	maxText   = 1024 // bytes in a value
	maxValues = 50   // values of an attribute other than members
)

// Read reads a JSON object in which no name stands twice.
func Read(body []byte) (map[string]any, error) {
	var raw map[string]any
	if json.Unmarshal(body, &raw) != nil || raw == nil {
		return nil, ErrSyntax
	}
	return raw, nil
}

// Normal gives a resource with the names and types of the schemas. What is unknown or read only is left out,
// what is null or empty is unset (RFC 7643 § 2.5).
func (t *Type) Normal(raw map[string]any) (Resource, error) {
	r := Resource{}
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		urn, attribute, sub := t.split(name)
		p, ok := t.resolve(urn, attribute, sub)
		if !ok {
			continue
		}
		if err := r.merge(p, raw[name]); err != nil {
			return nil, err
		}
	}
	return r, r.check(t)
}

// merge sets what a name of an object means, below what is there.
func (r Resource) merge(p target, value any) error {
	if p.attribute == nil { // a whole extension
		object, ok := value.(map[string]any)
		if !ok && value != nil {
			return ErrValue
		}
		for _, name := range slices.Sorted(maps.Keys(object)) {
			attribute, sub, _ := strings.Cut(name, ".")
			inner := target{extension: p.extension, attribute: find(p.extension.Attributes, attribute)}
			if inner.attribute == nil {
				continue
			}
			if inner.sub = find(inner.attribute.SubAttributes, sub); sub != "" && inner.sub == nil {
				continue
			}
			if err := r.merge(inner, object[name]); err != nil {
				return err
			}
		}
		return nil
	}
	if p.attribute.Mutability == "readOnly" || p.sub != nil && p.sub.Mutability == "readOnly" {
		return nil
	}
	v, err := p.leaf().normal(value)
	if err != nil {
		return err
	}
	if p.attribute.MultiValued && p.sub != nil {
		return ErrValue
	}
	r.set(p, v)
	return nil
}

// container gives the object that holds the attributes of a path; nil where it is not there.
func (r Resource) container(p target, make bool) map[string]any {
	if p.extension == nil {
		return r
	}
	in, _ := r[p.extension.ID].(map[string]any)
	if in == nil && make {
		in = map[string]any{}
		r[p.extension.ID] = in
	}
	return in
}

// get gives the value at a path.
func (r Resource) get(p target) any {
	in := r.container(p, false)
	if p.attribute == nil {
		return in
	}
	v := in[p.attribute.Name]
	if p.sub == nil {
		return v
	}
	object, _ := v.(map[string]any)
	return object[p.sub.Name]
}

// set puts a normal value at a path, or removes what is there where it is nil.
func (r Resource) set(p target, v any) {
	in := r.container(p, v != nil)
	if in == nil {
		return
	}
	if p.sub != nil {
		object, _ := in[p.attribute.Name].(map[string]any)
		object = maps.Clone(object)
		if object == nil {
			object = map[string]any{}
		}
		if object[p.sub.Name] = v; v == nil {
			delete(object, p.sub.Name)
		}
		if v = object; len(object) == 0 {
			v = nil
		}
	}
	if in[p.attribute.Name] = v; v == nil {
		delete(in, p.attribute.Name)
	}
	if p.extension != nil && len(in) == 0 {
		delete(r, p.extension.ID)
	}
}

// normal gives a value the type of the attribute; nil where it is unset.
func (a *Attribute) normal(v any) (any, error) {
	if !a.MultiValued {
		if l, ok := v.([]any); ok && len(l) == 1 { // Entra wraps single values now and then
			v = l[0]
		}
		return a.one(v)
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	if len(list) > maxValues && a.Name != "members" {
		return nil, ErrValue
	}
	var all []any
	for _, v := range list {
		one, err := a.one(v)
		if err != nil {
			return nil, err
		}
		if one != nil && !slices.ContainsFunc(all, func(x any) bool { return reflect.DeepEqual(x, one) }) {
			all = append(all, one)
		}
	}
	if all == nil {
		return nil, nil
	}
	return all, nil
}

// one gives one value the type of the attribute.
func (a *Attribute) one(v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	switch a.Type {
	case "boolean":
		switch x := v.(type) {
		case bool:
			return x, nil
		case string:
			if strings.EqualFold(x, "true") || strings.EqualFold(x, "false") { // Entra
				return strings.EqualFold(x, "true"), nil
			}
		}
		return nil, ErrValue
	case "complex":
		return a.object(v)
	}
	s, ok := v.(string)
	if !ok || len(s) > maxText || !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return nil, ErrValue
	}
	if s == "" {
		return nil, nil
	}
	return s, nil
}

// object gives a complex value; a bare text is its value, as Entra sends a manager.
func (a *Attribute) object(v any) (any, error) {
	if s, ok := v.(string); ok && find(a.SubAttributes, "value") != nil {
		v = map[string]any{"value": s}
	}
	raw, ok := v.(map[string]any)
	if !ok {
		return nil, ErrValue
	}
	out := map[string]any{}
	for name, v := range raw {
		sub := find(a.SubAttributes, name)
		if sub == nil || sub.Mutability == "readOnly" {
			continue
		}
		v, err := sub.normal(v)
		if err != nil {
			return nil, err
		}
		if v != nil {
			out[sub.Name] = v
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

// check wants what is required, and at most one primary value.
func (r Resource) check(t *Type) error {
	for _, a := range t.Core.Attributes {
		if a.Required && r[a.Name] == nil {
			return ErrValue
		}
		if list, ok := r[a.Name].([]any); ok && a.MultiValued && primaries(list) > 1 {
			return ErrValue
		}
	}
	return nil
}

func primaries(list []any) (n int) {
	for _, v := range list {
		if object, ok := v.(map[string]any); ok && object["primary"] == true {
			n++
		}
	}
	return n
}

// Clone copies a resource as deep as it goes.
func (r Resource) Clone() Resource { return clone(map[string]any(r)).(map[string]any) }

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = clone(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = clone(x)
		}
		return out
	}
	return v
}

// Text gives a text at a full name; "" where there is none.
func (t *Type) Text(r Resource, name string) string {
	p, _ := t.resolve(t.split(name))
	s, _ := r.get(p).(string)
	return s
}

// SetText sets a text at a full name, or unsets it.
func (t *Type) SetText(r Resource, name, value string) {
	p, _ := t.resolve(t.split(name))
	if value == "" {
		r.set(p, nil)
		return
	}
	r.set(p, value)
}
