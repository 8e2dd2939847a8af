package directory

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"hjemmel/functions/rolesync/scim"
)

// scimPage is how many are asked for at a time, and readings how often before we say that they will not stand still.
const (
	scimPage = 200
	readings = 3
)

// provider is a SCIM 2.0 service provider. It always tells all.
type provider struct {
	*wire
	base   string
	number string // full name of the attribute that has the number; "" for none
}

// NewSCIM reads the service provider at a base address with a bearer token. The number is in the attribute with the
// full name (urn:…:name, or name); "" for none.
func NewSCIM(c Config, base, token, number string) (Directory, error) {
	w, err := newWire(c, base, c.Rules.Client(callTime), func(context.Context) (string, error) { return token, nil })
	return &provider{w, strings.TrimRight(base, "/"), number}, err
}

// Read lists users and groups.
func (p *provider) Read(ctx context.Context, _ string) (Told, error) {
	t := Told{Whole: true, Users: map[string]User{}, Groups: map[string]Group{}}
	users, err := p.all(ctx, "/Users")
	if err != nil {
		return Told{}, err
	}
	for id, raw := range users {
		t.Users[id] = p.user(id, raw)
	}
	groups, err := p.all(ctx, "/Groups")
	if err != nil {
		return Told{}, err
	}
	for id, raw := range groups {
		if t.Groups[id], err = p.members(ctx, id, raw); errors.Is(err, errGone) {
			delete(t.Groups, id)
		} else if err != nil {
			return Told{}, err
		}
	}
	return t, nil
}

// members gives a group; one that is listed without members is asked for, because some leave them out of lists.
func (p *provider) members(ctx context.Context, id string, raw map[string]any) (Group, error) {
	if _, listed := scim.Member(raw, "members").([]any); !listed {
		raw = nil
		if err := p.get(ctx, p.base+"/Groups/"+url.PathEscape(id), &raw); err != nil {
			return Group{}, err
		}
	}
	return group(id, raw), nil
}

// all lists what there is, and again where it changed meanwhile.
func (p *provider) all(ctx context.Context, at string) (map[string]map[string]any, error) {
	for range readings {
		all, whole, err := p.list(ctx, at)
		if err != nil || whole {
			return all, err
		}
	}
	return nil, ErrMoving
}

// list reads page by page; whole is false where the total changed, or is not what came.
func (p *provider) list(ctx context.Context, at string) (all map[string]map[string]any, whole bool, err error) {
	all = map[string]map[string]any{}
	total := -1
	for start := 1; total < 0 || start <= total; {
		var page struct {
			TotalResults *int             `json:"totalResults,case:ignore"`
			Resources    []map[string]any `json:"Resources,case:ignore"`
		}
		q := url.Values{"startIndex": {strconv.Itoa(start)}, "count": {strconv.Itoa(scimPage)}}
		if err := p.get(ctx, p.base+at+"?"+q.Encode(), &page); err != nil {
			return nil, false, unlisted(err)
		}
		if page.TotalResults == nil || *page.TotalResults < 0 || *page.TotalResults > maxThings {
			return nil, false, ErrAnswer
		}
		if total >= 0 && total != *page.TotalResults || len(page.Resources) == 0 && start <= *page.TotalResults {
			return nil, false, nil
		}
		total = *page.TotalResults
		for _, raw := range page.Resources {
			id, _ := scim.Member(raw, "id").(string)
			if id == "" || len(id) > 200 {
				return nil, false, ErrAnswer
			}
			all[id] = raw
		}
		start += len(page.Resources)
	}
	return all, len(all) == total, nil
}

// unlisted is why a list cannot be read: one that is not there is no empty list.
func unlisted(err error) error {
	if errors.Is(err, errGone) {
		return ErrAnswer
	}
	return err
}

// User asks for one.
func (p *provider) User(ctx context.Context, id string) (u User, ok bool, err error) {
	raw, ok, err := p.one(ctx, "/Users/", id)
	if !ok {
		return u, false, err
	}
	return p.user(id, raw), true, nil
}

// Group asks for one.
func (p *provider) Group(ctx context.Context, id string) (g Group, ok bool, err error) {
	raw, ok, err := p.one(ctx, "/Groups/", id)
	return group(id, raw), ok, err
}

func (p *provider) one(ctx context.Context, at, id string) (raw map[string]any, ok bool, err error) {
	err = p.get(ctx, p.base+at+url.PathEscape(id), &raw)
	if errors.Is(err, errGone) {
		return nil, false, nil
	}
	if got, _ := scim.Member(raw, "id").(string); err == nil && got != id {
		err = ErrAnswer
	}
	return raw, err == nil, err
}

// taken are the attributes that we take of a user: no others are needed.
var taken = []string{"userName", "name", "displayName", "emails", "active"}

func (p *provider) user(id string, raw map[string]any) User {
	u := User{ID: id, Attributes: map[string]any{"externalId": id}}
	for _, name := range taken {
		if v := scim.Member(raw, name); v != nil {
			u.Attributes[name] = v
		}
	}
	if n := named(raw, p.number); n != "" {
		u.Attributes[personSchema] = map[string]any{number: n}
	}
	return u
}

// named gives the text of an attribute by its full name: the schema's urn, a colon, and names with dots between.
func named(raw map[string]any, name string) string {
	if name == "" {
		return ""
	}
	var of any = raw
	if at := strings.LastIndexByte(name, ':'); at >= 0 {
		of, name = scim.Member(raw, name[:at]), name[at+1:]
	}
	for part := range strings.SplitSeq(name, ".") {
		object, _ := of.(map[string]any)
		of = scim.Member(object, part)
	}
	text, _ := of.(string)
	return text
}

func group(id string, raw map[string]any) Group {
	g := Group{ID: id, Members: map[string]bool{}}
	g.Name, _ = scim.Member(raw, "displayName").(string)
	list, _ := scim.Member(raw, "members").([]any)
	for _, v := range list {
		m, _ := v.(map[string]any)
		if id, _ := scim.Member(m, "value").(string); id != "" {
			g.Members[id] = true
		}
	}
	return g
}
