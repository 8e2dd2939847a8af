package scim

import (
	"strings"
	"time"

	filter "github.com/scim2/filter-parser/v2"
)

// Bounds of a filter: longer, deeper and wider ones are refused before they are read.
const (
	maxFilter = 2000 // bytes
	maxDepth  = 10   // brackets within brackets
	maxTerms  = 40   // brackets, "and"s and "or"s in all
)

// Filter is a filter on resources of one type. The zero Filter lets every resource through.
type Filter struct {
	of   *Type
	expr filter.Expression
}

// ParseFilter reads a filter. "" is the zero Filter.
func (t *Type) ParseFilter(s string) (Filter, error) {
	if s == "" {
		return Filter{}, nil
	}
	if !modest(s) {
		return Filter{}, ErrFilter
	}
	expr, err := filter.ParseFilter([]byte(s))
	if err != nil {
		return Filter{}, ErrFilter
	}
	f := Filter{t, expr}
	return f, f.check(expr, nil)
}

// modest bounds what a text costs to read: outside quotes, its brackets and its words.
func modest(s string) bool {
	depth, terms, quoted := 0, 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case quoted:
		case s[i] == '(' || s[i] == '[':
			depth++
			terms++
		case s[i] == ')' || s[i] == ']':
			depth--
		case s[i] == ' ' && (i+1 < len(s)) && (s[i+1]|0x20 == 'a' || s[i+1]|0x20 == 'o'):
			terms++
		}
		if depth > maxDepth || terms > maxTerms {
			return false
		}
	}
	return len(s) <= maxFilter
}

// Equals gives the value that the filter wants of an attribute where it wants nothing else, so that an index
// can find the resource.
func (f Filter) Equals(name string) (value string, ok bool) {
	e, is := f.expr.(*filter.AttributeExpression)
	if !is || e.Operator != filter.EQ || !strings.EqualFold(e.AttributePath.AttributeName, name) || e.AttributePath.SubAttribute != nil {
		return "", false
	}
	value, ok = e.CompareValue.(string)
	return value, ok && value != ""
}

// check wants every attribute to be one that can be compared so. within is the attribute of a value path.
func (f Filter) check(e filter.Expression, within *Attribute) error {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		if err := f.check(e.Left, within); err != nil {
			return err
		}
		return f.check(e.Right, within)
	case *filter.NotExpression:
		return f.check(e.Expression, within)
	case *filter.ValuePath:
		p, ok := f.of.resolve(e.AttributePath.URI(), e.AttributePath.AttributeName, e.AttributePath.SubAttributeName())
		if within != nil || !ok || p.attribute == nil || p.sub != nil || p.attribute.Type != "complex" {
			return ErrFilter
		}
		return f.check(e.ValueFilter, p.attribute)
	case *filter.AttributeExpression:
		return f.comparable(e, within)
	}
	return ErrFilter
}

func (f Filter) comparable(e *filter.AttributeExpression, within *Attribute) error {
	a := f.leaf(e.AttributePath, within)
	if a == nil || a.Returned == "never" || within == nil && strings.EqualFold(e.AttributePath.AttributeName, "groups") {
		return ErrFilter
	}
	if e.Operator == filter.PR {
		return nil
	}
	switch v := e.CompareValue.(type) {
	case nil:
		if e.Operator != filter.EQ && e.Operator != filter.NE {
			return ErrFilter
		}
	case bool:
		if a.Type != "boolean" || e.Operator != filter.EQ && e.Operator != filter.NE {
			return ErrFilter
		}
	case string:
		if a.Type == "boolean" && !(strings.EqualFold(v, "true") || strings.EqualFold(v, "false")) || a.Type == "complex" {
			return ErrFilter
		}
		if a.Type == "boolean" && e.Operator != filter.EQ && e.Operator != filter.NE {
			return ErrFilter
		}
	default:
		return ErrFilter
	}
	return nil
}

// leaf finds what is compared: of a complex attribute its value (RFC 7643 § 2.4).
func (f Filter) leaf(at filter.AttributePath, within *Attribute) *Attribute {
	var a *Attribute
	if within != nil {
		if at.SubAttribute != nil || at.URIPrefix != nil {
			return nil
		}
		return find(within.SubAttributes, at.AttributeName)
	}
	p, ok := f.of.resolve(at.URI(), at.AttributeName, at.SubAttributeName())
	if !ok || p.attribute == nil {
		return nil
	}
	if a = p.leaf(); a.Type == "complex" {
		if v := find(a.SubAttributes, "value"); v != nil {
			return v
		}
	}
	return a
}

// Matches reports whether the resource passes.
func (f Filter) Matches(r Resource) bool { return f.expr == nil || f.matches(f.expr, r, nil) }

// matches judges an expression of a resource, or, within a value path, of one value.
func (f Filter) matches(e filter.Expression, r map[string]any, within *Attribute) bool {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		if e.Operator == filter.AND {
			return f.matches(e.Left, r, within) && f.matches(e.Right, r, within)
		}
		return f.matches(e.Left, r, within) || f.matches(e.Right, r, within)
	case *filter.NotExpression:
		return !f.matches(e.Expression, r, within)
	case *filter.ValuePath:
		p, _ := f.of.resolve(e.AttributePath.URI(), e.AttributePath.AttributeName, "")
		for _, v := range values(Resource(r).get(p)) {
			if object, ok := v.(map[string]any); ok && f.matches(e.ValueFilter, object, p.attribute) {
				return true
			}
		}
		return false
	case *filter.AttributeExpression:
		return f.compares(e, r, within)
	}
	return false
}

func (f Filter) compares(e *filter.AttributeExpression, r map[string]any, within *Attribute) bool {
	a := f.leaf(e.AttributePath, within)
	var found []any
	if within != nil {
		found = values(r[a.Name])
	} else {
		p, _ := f.of.resolve(e.AttributePath.URI(), e.AttributePath.AttributeName, "")
		name := e.AttributePath.SubAttributeName()
		for _, v := range values(Resource(r).get(p)) {
			object, ok := v.(map[string]any)
			switch {
			case !ok || name == "" && e.Operator == filter.PR:
				found = append(found, v)
			default:
				found = append(found, values(object[a.Name])...)
			}
		}
	}
	if e.Operator == filter.PR {
		return len(found) > 0
	}
	if e.CompareValue == nil { // null is to be absent
		return (len(found) == 0) == (e.Operator == filter.EQ)
	}
	if e.Operator == filter.NE {
		for _, v := range found {
			if a.same(v, e.CompareValue) {
				return false
			}
		}
		return true
	}
	for _, v := range found {
		if a.compare(e.Operator, v, e.CompareValue) {
			return true
		}
	}
	return false
}

// values gives the values at a place: of a list its own.
func values(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

func (a *Attribute) same(v, want any) bool { return a.compare(filter.EQ, v, want) }

// compare compares one value. Texts are compared without regard to case where the schema says so, times as
// times.
func (a *Attribute) compare(op filter.CompareOperator, v, want any) bool {
	if b, ok := v.(bool); ok {
		w, is := want.(bool)
		if s, text := want.(string); text {
			w, is = strings.EqualFold(s, "true"), true
		}
		return is && b == w
	}
	x, okX := v.(string)
	y, okY := want.(string)
	if !okX || !okY {
		return false
	}
	if a.Type == "dateTime" {
		s, errS := time.Parse(time.RFC3339, x)
		t, errT := time.Parse(time.RFC3339, y)
		if errS == nil && errT == nil {
			return ordered(op, s.Compare(t))
		}
	}
	if !a.CaseExact {
		x, y = strings.ToLower(x), strings.ToLower(y)
	}
	switch op { //nolint:exhaustive // the others are of order
	case filter.CO:
		return strings.Contains(x, y)
	case filter.SW:
		return strings.HasPrefix(x, y)
	case filter.EW:
		return strings.HasSuffix(x, y)
	}
	return ordered(op, strings.Compare(x, y))
}

func ordered(op filter.CompareOperator, c int) bool {
	switch op { //nolint:exhaustive // the others are not of order
	case filter.EQ:
		return c == 0
	case filter.GT:
		return c > 0
	case filter.GE:
		return c >= 0
	case filter.LT:
		return c < 0
	case filter.LE:
		return c <= 0
	}
	return false
}
