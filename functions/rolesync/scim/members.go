package scim

import (
	"maps"
	"slices"
	"strings"

	filter "github.com/scim2/filter-parser/v2"
)

// Members is a change of a group's members, worked out without knowing who they are.
type Members struct {
	Reset bool            // first none are
	Set   map[string]bool // then each is, or is not
}

func (m *Members) set(ids []string, to bool) {
	if m.Set == nil {
		m.Set = map[string]bool{}
	}
	for _, id := range ids {
		m.Set[id] = to
	}
}

// reset is what replaces all members.
func (m *Members) reset() { m.Reset, m.Set = true, nil }

// Changes reports whether anybody may become or cease to be a member.
func (m Members) Changes() bool { return m.Reset || len(m.Set) > 0 }

// Added and Removed are the ids that are said to be members and not to be, in order.
func (m Members) Added() []string { return m.those(true) }

// Removed are the ids that are said not to be members.
func (m Members) Removed() []string { return m.those(false) }

func (m Members) those(to bool) []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(m.Set)) {
		if m.Set[id] == to {
			ids = append(ids, id)
		}
	}
	return ids
}

// NormalGroup is Normal for a group, with its members apart.
func NormalGroup(raw map[string]any) (Resource, Members, error) {
	r, err := Group.Normal(raw)
	if err != nil {
		return nil, Members{}, err
	}
	var m Members
	m.reset()
	ids, err := memberIDs(r["members"])
	delete(r, "members")
	m.set(ids, true)
	return r, m, err
}

// PatchGroup is Patch for a group, with the change of its members apart: whoever they are, it costs what the
// operations cost.
func PatchGroup(r Resource, ops []Operation) (Resource, Members, error) {
	var m Members
	var rest []Operation
	for _, o := range ops {
		about, which, err := aboutMembers(o)
		switch {
		case err != nil:
			return nil, m, err
		case about:
			if err := m.apply(o, which); err != nil {
				return nil, m, err
			}
			continue
		}
		if object, ok := o.value.(map[string]any); ok && o.path == "" && o.op != "remove" {
			if v := Member(object, "members"); v != nil || slices.ContainsFunc(slices.Collect(maps.Keys(object)), isMembers) {
				if err := m.apply(Operation{o.op, "members", v}, nil); err != nil {
					return nil, m, err
				}
				object = maps.Clone(object)
				maps.DeleteFunc(object, func(name string, _ any) bool { return isMembers(name) })
				o.value = object
			}
		}
		rest = append(rest, o)
	}
	r, err := Group.Patch(r, rest)
	return r, m, err
}

func isMembers(name string) bool {
	_, attribute, _ := Group.split(name)
	return strings.EqualFold(attribute, "members")
}

// aboutMembers reports whether an operation's path is of members, and which its filter names.
func aboutMembers(o Operation) (about bool, which []string, err error) {
	if o.path == "" {
		return false, nil, nil
	}
	p, f, err := Group.parsePath(o.path)
	if err != nil {
		return false, nil, err
	}
	if p.attribute == nil || p.attribute.Name != "members" {
		return false, nil, nil
	}
	if p.sub != nil {
		return true, nil, ErrMutability // what a member is called is the user's to say
	}
	if f.expr == nil {
		return true, nil, nil
	}
	which, ok := named(f.expr)
	if !ok || o.op != "remove" {
		return true, nil, ErrPath
	}
	return true, which, nil
}

// named gives the ids of a filter that is of nothing else: value eq "…", with or between.
func named(e filter.Expression) ([]string, bool) {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		left, ok := named(e.Left)
		right, too := named(e.Right)
		return append(left, right...), ok && too && e.Operator == filter.OR
	case *filter.AttributeExpression:
		id, ok := e.CompareValue.(string)
		return []string{id}, ok && e.Operator == filter.EQ && strings.EqualFold(e.AttributePath.AttributeName, "value")
	}
	return nil, false
}

func (m *Members) apply(o Operation, which []string) error {
	ids, err := memberIDs(o.value)
	if err != nil {
		return err
	}
	switch {
	case o.op == "add":
		m.set(ids, true)
	case o.op == "replace":
		m.reset()
		m.set(ids, true)
	case which != nil:
		m.set(which, false)
	case o.value != nil: // off the RFC, and Entra's: those and no others
		m.set(ids, false)
	default:
		m.reset()
	}
	return nil
}

// memberIDs reads members: objects with a value, or bare ids.
func memberIDs(v any) ([]string, error) {
	var ids []string
	for _, one := range values(v) {
		if object, ok := one.(map[string]any); ok {
			if sort, is := Member(object, "type").(string); is && strings.EqualFold(sort, "Group") {
				return nil, ErrNested
			}
			one = Member(object, "value")
		}
		id, ok := one.(string)
		if !ok || id == "" || len(id) > 64 {
			return nil, ErrValue
		}
		ids = append(ids, strings.ToLower(id))
	}
	return ids, nil
}
