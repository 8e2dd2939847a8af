package scim

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"

	filter "github.com/scim2/filter-parser/v2"
)

// maxOperations bounds a PATCH.
const maxOperations = 1000

// Operation is one step of a PATCH.
type Operation struct {
	op    string // add, replace, remove
	path  string
	value any
}

// ReadPatch reads the operations of a PATCH. Names and operations may be in any case.
func ReadPatch(body []byte) ([]Operation, error) {
	raw, err := Read(body)
	if err != nil {
		return nil, err
	}
	list, ok := Member(raw, "Operations").([]any)
	if !ok || len(list) == 0 || len(list) > maxOperations || !has(raw, PatchMessage) {
		return nil, ErrSyntax
	}
	all := make([]Operation, len(list))
	for i, v := range list {
		o, ok := v.(map[string]any)
		if !ok {
			return nil, ErrSyntax
		}
		op, _ := Member(o, "op").(string)
		path, isText := Member(o, "path").(string)
		if !isText && Member(o, "path") != nil {
			return nil, ErrPath
		}
		all[i] = Operation{strings.ToLower(op), path, Member(o, "value")}
		if !slices.Contains([]string{"add", "replace", "remove"}, all[i].op) {
			return nil, ErrSyntax
		}
	}
	return all, nil
}

// Member gives a member in any case.
func Member(of map[string]any, name string) any {
	if v, ok := of[name]; ok {
		return v
	}
	for k, v := range of {
		if strings.EqualFold(k, name) {
			return v
		}
	}
	return nil
}

// has reports whether a message says that it is of a schema.
func has(raw map[string]any, urn string) bool {
	list, _ := Member(raw, "schemas").([]any)
	return slices.ContainsFunc(list, func(v any) bool { s, ok := v.(string); return ok && strings.EqualFold(s, urn) })
}

// Patch gives the resource after the operations, all or none of them.
func (t *Type) Patch(r Resource, ops []Operation) (Resource, error) {
	r = r.Clone()
	for _, o := range ops {
		if err := t.apply(r, o); err != nil {
			return nil, err
		}
	}
	return r, r.check(t)
}

func (t *Type) apply(r Resource, o Operation) error {
	if o.path == "" {
		return t.applyAll(r, o)
	}
	p, selected, err := t.parsePath(o.path)
	if err != nil {
		return err
	}
	if p.attribute == nil {
		return t.applyExtension(r, p, o)
	}
	if p.attribute.Mutability == "readOnly" || p.leaf().Mutability == "readOnly" {
		return ErrMutability
	}
	if p.attribute.MultiValued && (selected.expr != nil || p.sub != nil) {
		return r.applySelected(p, selected, o)
	}
	return r.applyWhole(p, o)
}

// applyAll is an operation without a path: its value says what is set.
func (t *Type) applyAll(r Resource, o Operation) error {
	object, ok := o.value.(map[string]any)
	if o.op == "remove" {
		return ErrNoTarget
	}
	if !ok {
		return ErrValue
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		urn, attribute, sub := t.split(name)
		if _, known := t.resolve(urn, attribute, sub); !known {
			if strings.ContainsAny(name, "[") { // Entra: a path as a name
				if err := t.apply(r, Operation{o.op, name, object[name]}); err != nil {
					return err
				}
			}
			continue // as on creation, what we do not know is not kept
		}
		if err := t.apply(r, Operation{o.op, name, object[name]}); err != nil && !errors.Is(err, ErrMutability) {
			return err
		}
	}
	return nil
}

// applyExtension is an operation on all of an extension.
func (t *Type) applyExtension(r Resource, p target, o Operation) error {
	if o.op == "remove" {
		delete(r, p.extension.ID)
		return nil
	}
	object, ok := o.value.(map[string]any)
	if !ok {
		return ErrValue
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if err := t.apply(r, Operation{o.op, p.extension.ID + ":" + name, object[name]}); err != nil && !errors.Is(err, ErrPath) {
			return err
		}
	}
	return nil
}

// parsePath reads a path: an attribute or a part of it, of some of its values or of all.
func (t *Type) parsePath(path string) (target, Filter, error) {
	if p, ok := t.resolve(t.split(path)); ok {
		return p, Filter{}, nil
	}
	if !modest(path) || !strings.Contains(path, "[") {
		return target{}, Filter{}, ErrPath
	}
	parsed, err := filter.ParsePath([]byte(path))
	if err != nil {
		return target{}, Filter{}, ErrPath
	}
	at := parsed.AttributePath
	sub := parsed.SubAttributeName()
	if sub == "" {
		sub = at.SubAttributeName()
	}
	p, ok := t.resolve(at.URI(), at.AttributeName, sub)
	if !ok || p.attribute == nil || !p.attribute.MultiValued || parsed.ValueExpression == nil {
		return target{}, Filter{}, ErrPath
	}
	f := Filter{t, parsed.ValueExpression}
	return p, f, f.check(f.expr, p.attribute)
}

// applyWhole is an operation on an attribute, or on a part of a single one.
func (r Resource) applyWhole(p target, o Operation) error {
	v, err := p.leaf().normal(o.value)
	if err != nil {
		return err
	}
	switch old := r.get(p).(type) {
	case []any:
		switch {
		case o.op == "add":
			v = add(old, v)
		case o.op == "remove" && v != nil: // off the RFC: those and no others
			v = without(old, values(v))
		case o.op == "remove":
			v = nil
		}
	case map[string]any:
		if object, ok := v.(map[string]any); ok && o.op != "remove" {
			merged := maps.Clone(old)
			maps.Copy(merged, object)
			v = merged
		} else if o.op == "remove" {
			v = nil
		}
	default:
		if o.op == "remove" {
			v = nil
		}
	}
	r.set(p, v)
	return nil
}

// add gives a list with the new values that are not in it. A new primary value is the only one.
func add(old []any, v any) any {
	all := slices.Clone(old)
	for _, one := range values(v) {
		if slices.ContainsFunc(all, func(x any) bool { return reflect.DeepEqual(x, one) }) {
			continue
		}
		if primaries([]any{one}) == 1 {
			demote(all)
		}
		all = append(all, one)
	}
	return all
}

func demote(all []any) {
	for i, x := range all {
		if object, ok := x.(map[string]any); ok && object["primary"] == true {
			object = maps.Clone(object)
			object["primary"] = false
			all[i] = object
		}
	}
}

// without gives a list without some values; an object stands for those that have all its parts.
func without(old, gone []any) any {
	left := slices.DeleteFunc(slices.Clone(old), func(x any) bool {
		return slices.ContainsFunc(gone, func(g any) bool { return covers(x, g) })
	})
	if len(left) == 0 {
		return nil
	}
	return left
}

func covers(x, want any) bool {
	object, ok := x.(map[string]any)
	parts, is := want.(map[string]any)
	if !ok || !is {
		return reflect.DeepEqual(x, want)
	}
	for name, v := range parts {
		if !reflect.DeepEqual(object[name], v) {
			return false
		}
	}
	return true
}

// applySelected is an operation on some values of an attribute, or on a part of each.
func (r Resource) applySelected(p target, which Filter, o Operation) error {
	whole := target{extension: p.extension, attribute: p.attribute}
	list := slices.Clone(values(r.get(whole)))
	single := *p.attribute
	single.MultiValued = false
	leaf := &single
	if p.sub != nil {
		leaf = p.sub
	}
	v, err := leaf.normal(o.value)
	if err != nil {
		return err
	}
	hit, out := false, []any{}
	for _, x := range list {
		object, ok := x.(map[string]any)
		if !ok || which.expr != nil && !which.matches(which.expr, object, p.attribute) {
			out = append(out, x)
			continue
		}
		hit = true
		if changed := change(object, p.sub, o.op, v); len(changed) > 0 {
			out = append(out, changed)
		}
	}
	if !hit {
		made := which.made(p.attribute)
		if o.op != "add" || made == nil || v == nil {
			return ErrNoTarget
		}
		out = append(out, change(made, p.sub, o.op, v))
	}
	if p.sub != nil && p.sub.Name == "primary" && v == true && primaries(out) > 1 {
		keep := out[len(out)-1]
		demote(out[:len(out)-1])
		out[len(out)-1] = keep
	}
	if len(out) == 0 {
		r.set(whole, nil)
	} else {
		r.set(whole, out)
	}
	return nil
}

// change gives one value after an operation; empty where it is gone.
func change(object map[string]any, sub *Attribute, op string, v any) map[string]any {
	object = maps.Clone(object)
	switch {
	case sub == nil && op == "remove":
		return nil
	case sub == nil && op == "replace":
		replaced, _ := v.(map[string]any)
		return replaced
	case sub == nil:
		added, _ := v.(map[string]any)
		maps.Copy(object, added)
	case op == "remove" || v == nil:
		delete(object, sub.Name)
	default:
		object[sub.Name] = v
	}
	return object
}

// made gives the value that a filter of equalities describes, as Entra adds an e-mail of type work; nil for
// other filters.
func (f Filter) made(of *Attribute) map[string]any {
	out := map[string]any{}
	var take func(e filter.Expression) bool
	take = func(e filter.Expression) bool {
		switch e := e.(type) {
		case *filter.LogicalExpression:
			return e.Operator == filter.AND && take(e.Left) && take(e.Right)
		case *filter.AttributeExpression:
			sub := find(of.SubAttributes, e.AttributePath.AttributeName)
			if e.Operator != filter.EQ || sub == nil {
				return false
			}
			v, err := sub.normal(e.CompareValue)
			out[sub.Name] = v
			return err == nil && v != nil
		}
		return false
	}
	if f.expr == nil || !take(f.expr) {
		return nil
	}
	return out
}
