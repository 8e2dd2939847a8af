package scim

import (
	"maps"
	"strings"
)

// Projection is which attributes are given (RFC 7644 § 3.9).
type Projection struct {
	of            *Type
	only, without map[string]bool // names in lower case: attribute, or attribute.part
}

// Project reads attributes and excludedAttributes: full or short names with commas. Both at once are refused.
func (t *Type) Project(attributes, excluded string) (Projection, error) {
	if attributes != "" && excluded != "" {
		return Projection{}, ErrValue
	}
	return Projection{t, t.names(attributes), t.names(excluded)}, nil
}

// names reads names; nil where there are none. Those that we do not know are nobody's.
func (t *Type) names(list string) map[string]bool {
	if list == "" {
		return nil
	}
	all := map[string]bool{}
	for name := range strings.SplitSeq(list, ",") {
		p, ok := t.resolve(t.split(strings.TrimSpace(name)))
		if !ok {
			continue
		}
		all[p.name()] = true
	}
	return all
}

// name is how a path is told from others.
func (p target) name() string {
	name := ""
	if p.extension != nil {
		name = strings.ToLower(p.extension.ID)
	}
	if p.attribute != nil {
		name += ":" + strings.ToLower(p.attribute.Name)
	}
	if p.sub != nil {
		name += "." + strings.ToLower(p.sub.Name)
	}
	return name
}

// Wants reports whether an attribute is given at all, so that what is dear need not be read.
func (x Projection) Wants(attribute string) bool {
	p, ok := x.of.resolve(x.of.split(attribute))
	if !ok || p.attribute == nil || p.attribute.Returned == "never" {
		return false
	}
	name := p.name()
	if x.only != nil {
		return x.only[name] || hasPart(x.only, name)
	}
	return !x.without[name] && p.attribute.Returned != "request"
}

func hasPart(names map[string]bool, name string) bool {
	for n := range names {
		if strings.HasPrefix(n, name+".") {
			return true
		}
	}
	return false
}

// Show gives what of a whole resource, with id and meta in it, the caller gets. schemas and id always are.
func (x Projection) Show(r Resource) Resource {
	out := Resource{}
	schemas := []string{x.of.Core.ID}
	x.copy(out, r, nil)
	for _, s := range x.of.Extensions {
		in, _ := r[s.ID].(map[string]any)
		if in == nil {
			continue
		}
		schemas = append(schemas, s.ID)
		part := Resource{}
		x.copy(part, in, s)
		if len(part) > 0 {
			out[s.ID] = map[string]any(part)
		}
	}
	out["schemas"] = schemas
	return out
}

func (x Projection) copy(out, r Resource, s *Schema) {
	for name, v := range r {
		p := target{extension: s}
		if s != nil {
			p.attribute = find(s.Attributes, name)
		} else {
			p.attribute = x.of.attribute(name)
		}
		if p.attribute == nil || p.attribute.Returned == "never" {
			continue
		}
		if v = x.keep(p, v); v != nil {
			out[p.attribute.Name] = v
		}
	}
}

// keep gives what of a value is given; nil for nothing.
func (x Projection) keep(p target, v any) any {
	name, whole := p.name(), (target{extension: p.extension}).name()
	switch {
	case p.attribute.Returned == "always":
		return v
	case x.only != nil && (x.only[name] || p.extension != nil && x.only[whole]):
		return v
	case x.only != nil && hasPart(x.only, name):
		return x.parts(p, v, func(part string) bool { return x.only[part] })
	case x.only != nil || x.without[name] || p.extension != nil && x.without[whole] || p.attribute.Returned == "request":
		return nil
	case hasPart(x.without, name):
		return x.parts(p, v, func(part string) bool { return !x.without[part] })
	}
	return v
}

func (x Projection) parts(p target, v any, want func(string) bool) any {
	if list, ok := v.([]any); ok {
		var all []any
		for _, one := range list {
			if one = x.parts(p, one, want); one != nil {
				all = append(all, one)
			}
		}
		if all == nil {
			return nil
		}
		return all
	}
	object, ok := v.(map[string]any)
	if !ok {
		return v
	}
	object = maps.Clone(object)
	maps.DeleteFunc(object, func(name string, _ any) bool { return !want(p.name() + "." + strings.ToLower(name)) })
	if len(object) == 0 {
		return nil
	}
	return object
}

// SortKey gives what a resource is sorted by: the text at a name, of many values the primary or the first one.
func (t *Type) SortKey(name string) (func(Resource) string, error) {
	p, ok := t.resolve(t.split(name))
	if !ok || p.attribute == nil || p.attribute.Returned == "never" {
		return nil, ErrPath
	}
	return func(r Resource) string {
		v := p.leafOf(r)
		s, _ := v.(string)
		if b, ok := v.(bool); ok && b {
			s = "1"
		}
		if !p.leaf().CaseExact {
			s = strings.ToLower(s)
		}
		return s
	}, nil
}

func (p target) leafOf(r Resource) any {
	v := r.get(target{extension: p.extension, attribute: p.attribute})
	if list := values(v); p.attribute.MultiValued && len(list) > 0 {
		v = list[0]
		for _, one := range list {
			if primaries([]any{one}) == 1 {
				v = one
			}
		}
	}
	if object, ok := v.(map[string]any); ok {
		name := "value"
		if p.sub != nil {
			name = p.sub.Name
		}
		v = object[name]
	}
	return v
}
