package provider

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hjemmel/functions/rolesync/scim"
	"hjemmel/shared/roles/synced"
)

// Bounds of a page.
const (
	pageSize = 100
	maxPage  = 1000
)

// kind is how resources of a type are found.
type kind struct {
	of *scim.Type
	// each visits those that a filter may let through, in the order of their ids; full gives one with the
	// attributes that are wanted.
	each func(c *call, f scim.Filter, visit func(id string, full func(scim.Projection) (scim.Resource, error)) error) error
	get  func(c *call) (reply, error)
}

func (p *provider) users() kind {
	each := func(c *call, f scim.Filter, visit func(string, func(scim.Projection) (scim.Resource, error)) error) error {
		one := func(u synced.User) error {
			return visit(u.ID, func(x scim.Projection) (scim.Resource, error) { return p.fullUser(c, u, x) })
		}
		return found(c, f, p.findUser, one, p.synced.EachUser)
	}
	get := func(c *call) (reply, error) {
		u, ok, err := p.synced.User(c.Context(), c.source.ID, c.id)
		if err != nil || !ok {
			return reply{}, orNotFound(err)
		}
		return p.showUser(c, u)
	}
	return kind{scim.User, each, get}
}

func (p *provider) groups() kind {
	each := func(c *call, f scim.Filter, visit func(string, func(scim.Projection) (scim.Resource, error)) error) error {
		one := func(g synced.Group) error {
			return visit(g.ID, func(x scim.Projection) (scim.Resource, error) {
				return p.fullGroup(c, g, x, func() ([]string, error) { return p.synced.Members(c.Context(), g.ID) })
			})
		}
		return found(c, f, p.findGroup, one, p.synced.EachGroup)
	}
	get := func(c *call) (reply, error) {
		g, ok, err := p.synced.Group(c.Context(), c.source.ID, c.id)
		if err != nil || !ok {
			return reply{}, orNotFound(err)
		}
		return p.showGroup(c, g, func() ([]string, error) { return p.synced.Members(c.Context(), g.ID) })
	}
	return kind{scim.Group, each, get}
}

// found visits the one that an index has, where the filter is one that an index answers, or else all.
func found[T any](c *call, f scim.Filter, find func(*call, scim.Filter) (T, bool, bool, error), one func(T) error, all func(context.Context, string, func(T) error) error) error {
	v, ok, indexed, err := find(c, f)
	switch {
	case err != nil || indexed && !ok:
		return err
	case indexed:
		return one(v)
	}
	return all(c.Context(), c.source.ID, one)
}

func (p *provider) findUser(c *call, f scim.Filter) (u synced.User, ok, indexed bool, err error) {
	if id, is := f.Equals("id"); is {
		u, ok, err = p.synced.User(c.Context(), c.source.ID, strings.ToLower(id))
		return u, ok, true, err
	}
	if name, is := f.Equals("userName"); is {
		u, ok, err = p.synced.UserBy(c.Context(), c.source.ID, name, "")
		return u, ok, true, err
	}
	if id, is := f.Equals("externalId"); is {
		u, ok, err = p.synced.UserBy(c.Context(), c.source.ID, "", id)
		return u, ok, true, err
	}
	return u, false, false, nil
}

func (p *provider) findGroup(c *call, f scim.Filter) (g synced.Group, ok, indexed bool, err error) {
	if id, is := f.Equals("id"); is {
		g, ok, err = p.synced.Group(c.Context(), c.source.ID, strings.ToLower(id))
		return g, ok, true, err
	}
	return g, false, false, nil
}

func (p *provider) get(k kind) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		out, err := k.get(c)
		if err == nil && c.none != "" && (c.none == out.etag || c.none == "*") {
			return reply{status: http.StatusNotModified, etag: out.etag}, nil
		}
		return out, err
	}
}

// query is what is asked of a list.
type query struct {
	filter, attributes, excluded, sortBy string
	descending                           bool
	start, count                         int
}

func (p *provider) list(kinds ...kind) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		q, err := readQuery(c.URL.Query())
		if err != nil {
			return reply{}, err
		}
		return p.page(c, q, kinds)
	}
}

func readQuery(v url.Values) (q query, err error) {
	q = query{filter: v.Get("filter"), attributes: v.Get("attributes"), excluded: v.Get("excludedAttributes"), sortBy: v.Get("sortBy"), descending: v.Get("sortOrder") == "descending", start: 1, count: pageSize}
	for name, to := range map[string]*int{"startIndex": &q.start, "count": &q.count} {
		if v.Has(name) {
			if *to, err = strconv.Atoi(v.Get(name)); err != nil {
				return q, scim.ErrValue
			}
		}
	}
	return q, nil
}

// search is a list that is asked for in a body (RFC 7644 § 3.4.3).
func (p *provider) search(kinds ...kind) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		raw, err := scim.Read(c.body)
		if err != nil {
			return reply{}, err
		}
		v := url.Values{}
		for name, x := range raw {
			switch x := x.(type) {
			case string:
				v.Set(name, x)
			case float64:
				v.Set(name, strconv.Itoa(int(x)))
			case []any:
				var names []string
				for _, one := range x {
					s, _ := one.(string)
					names = append(names, s)
				}
				v.Set(name, strings.Join(names, ","))
			}
		}
		q, err := readQuery(v)
		if err != nil {
			return reply{}, err
		}
		return p.page(c, q, kinds)
	}
}

// row is a hit of a list that is sorted.
type row struct {
	key  string
	show func() (scim.Resource, error)
}

// page gives one page of what matches. Without sorting only the page is kept, whatever the number of hits.
func (p *provider) page(c *call, q query, kinds []kind) (reply, error) {
	q.start, q.count = max(q.start, 1), min(max(q.count, 0), maxPage)
	total, rows, understood := 0, []row{}, false
	for _, k := range kinds {
		f, err := k.of.ParseFilter(q.filter)
		if err != nil {
			continue // of two types one may not have the attribute
		}
		understood = true
		if err := p.gather(c, q, k, f, &total, &rows); err != nil {
			return reply{}, err
		}
	}
	if !understood {
		return reply{}, scim.ErrFilter
	}
	if q.sortBy != "" {
		slices.SortStableFunc(rows, func(a, b row) int {
			if q.descending {
				a, b = b, a
			}
			return strings.Compare(a.key, b.key)
		})
		rows = rows[min(q.start-1, len(rows)):]
		rows = rows[:min(q.count, len(rows))]
	}
	resources := []scim.Resource{}
	for _, r := range rows {
		shown, err := r.show()
		if err != nil {
			return reply{}, err
		}
		resources = append(resources, shown)
	}
	return reply{status: http.StatusOK, body: map[string]any{
		"schemas": []string{scim.ListMessage}, "totalResults": total, "startIndex": q.start, "itemsPerPage": len(resources), "Resources": resources,
	}}, nil
}

func (p *provider) gather(c *call, q query, k kind, f scim.Filter, total *int, rows *[]row) error {
	x, err := k.of.Project(q.attributes, q.excluded)
	if err != nil {
		return err
	}
	key := func(scim.Resource) string { return "" }
	if q.sortBy != "" {
		if key, err = k.of.SortKey(q.sortBy); err != nil {
			return err
		}
	}
	judged, err := k.of.Project("", k.dear(q.filter))
	if err != nil {
		return err
	}
	return k.each(c, f, func(_ string, full func(scim.Projection) (scim.Resource, error)) error {
		r, err := full(judged)
		if err != nil || !f.Matches(r) {
			return err
		}
		*total++
		if q.sortBy != "" || *total >= q.start && *total < q.start+q.count {
			*rows = append(*rows, row{key(r), func() (scim.Resource, error) {
				r, err := full(x)
				return x.Show(r), err
			}})
		}
		return nil
	})
}

// dear names what need not be read to judge a filter.
func (k kind) dear(filter string) string {
	if k.of == scim.Group && !strings.Contains(strings.ToLower(filter), "members") {
		return "members"
	}
	return ""
}
