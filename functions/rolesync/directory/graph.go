package directory

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// Entra says who we are at Microsoft, and where that is.
type Entra struct {
	Login, Graph string // addresses without a slash at the end; Microsoft's own in production
	Tenant       string
	ClientID     string
	Secret       string
	Number       string // name of the property that has the number, with dots between; "" for none
}

// graph is Microsoft Graph. The first reading tells all; the next, from where it ended, what has changed
// (https://learn.microsoft.com/graph/delta-query-overview).
type graph struct {
	*wire
	base   string
	number string
}

// NewGraph reads users and groups of a tenant, as an application with User.Read.All and GroupMember.Read.All.
func NewGraph(c Config, e Entra) (Directory, error) {
	login, err := c.Rules.Check(e.Login)
	if err != nil {
		return nil, ErrAddress
	}
	client := c.Rules.Client(callTime)
	cc := clientcredentials.Config{
		ClientID: e.ClientID, ClientSecret: e.Secret, AuthStyle: oauth2.AuthStyleInParams,
		TokenURL: login.JoinPath(e.Tenant, "oauth2/v2.0/token").String(), Scopes: []string{e.Graph + "/.default"},
	}
	source := cc.TokenSource(context.WithValue(context.Background(), oauth2.HTTPClient, client))
	w, err := newWire(c, e.Graph, client, func(context.Context) (string, error) {
		t, err := source.Token()
		if err != nil {
			return "", refusedToken(err)
		}
		return t.AccessToken, nil
	})
	return &graph{w, e.Graph + "/v1.0", e.Number}, err
}

// refusedToken tells a secret that does not hold from a host that does not answer.
func refusedToken(err error) error {
	if e, ok := errors.AsType[*oauth2.RetrieveError](err); ok && e.Response != nil && e.Response.StatusCode < http.StatusInternalServerError && e.Response.StatusCode != http.StatusTooManyRequests {
		return ErrAccess
	}
	return err
}

// properties are those that we ask for of a user, and no others.
func (g *graph) properties() string {
	all := "id,userPrincipalName,displayName,mail,accountEnabled"
	if g.number != "" {
		top, _, _ := strings.Cut(g.number, ".")
		all += "," + top
	}
	return all
}

const between = "\n" // two addresses in one place to begin

// Read asks for what has changed. Where a place to begin is too old, all there is is told.
func (g *graph) Read(ctx context.Context, from string) (Told, error) {
	users, groups, further := strings.Cut(from, between)
	if !further {
		users = g.base + "/users/delta?" + url.Values{"$select": {g.properties()}}.Encode()
		groups = g.base + "/groups/delta?" + url.Values{"$select": {"id,displayName,members"}}.Encode()
	}
	t := Told{Whole: !further, Users: map[string]User{}, Groups: map[string]Group{}}
	nextUsers, err := g.pages(ctx, users, func(raw map[string]any) { g.tellUser(t, raw) })
	if err == nil {
		var nextGroups string
		nextGroups, err = g.pages(ctx, groups, func(raw map[string]any) { tellGroup(t, raw) })
		t.Next = nextUsers + between + nextGroups
	}
	if errors.Is(err, errGone) && further {
		return g.Read(ctx, "")
	}
	if errors.Is(err, errGone) {
		err = ErrAnswer
	}
	return t, err
}

// pages reads page by page, and gives where the next reading begins.
func (g *graph) pages(ctx context.Context, at string, each func(map[string]any)) (next string, err error) {
	for range maxPages {
		var page struct {
			Value []map[string]any `json:"value"`
			Next  string           `json:"@odata.nextLink"`
			Delta string           `json:"@odata.deltaLink"`
		}
		if err := g.get(ctx, at, &page); err != nil {
			return "", err
		}
		for _, raw := range page.Value {
			if id, _ := raw["id"].(string); id == "" || len(id) > 200 {
				return "", ErrAnswer
			}
			each(raw)
		}
		switch {
		case page.Delta != "":
			return page.Delta, nil
		case page.Next == "" || page.Next == at:
			return "", ErrMoving
		}
		at = page.Next
	}
	return "", ErrMoving
}

// tellUser adds what a page says of a user to what those before it said.
func (g *graph) tellUser(t Told, raw map[string]any) {
	u := g.user(raw, !t.Whole)
	if was, ok := t.Users[u.ID]; ok && !was.Gone && !u.Gone {
		for name, v := range was.Attributes {
			if _, said := u.Attributes[name]; !said {
				u.Attributes[name] = v
			}
		}
	}
	t.Users[u.ID] = u
}

func (g *graph) user(raw map[string]any, part bool) User {
	id, _ := raw["id"].(string)
	_, gone := raw["@removed"]
	u := User{ID: id, Part: part, Gone: gone, Attributes: map[string]any{"externalId": id}}
	for from, to := range map[string]string{"userPrincipalName": "userName", "displayName": "displayName"} {
		if v, said := raw[from]; said {
			text, _ := v.(string)
			u.Attributes[to] = text
		}
	}
	if v, said := raw["accountEnabled"]; said {
		u.Attributes["active"] = v == true
	}
	if v, said := raw["mail"]; said {
		u.Attributes["emails"] = emails(v)
	}
	if top, _, _ := strings.Cut(g.number, "."); top != "" {
		if _, said := raw[top]; said {
			u.Attributes[personSchema] = map[string]any{number: named(raw, g.number)}
		}
	}
	return u
}

func emails(v any) []any {
	mail, _ := v.(string)
	if mail == "" {
		return []any{}
	}
	return []any{map[string]any{"value": mail, "type": "work", "primary": true}}
}

// tellGroup adds what a page says of a group to what those before it said: a large one comes in parts.
func tellGroup(t Told, raw map[string]any) {
	id, _ := raw["id"].(string)
	g, ok := t.Groups[id]
	if !ok || g.Gone {
		g = Group{ID: id, Part: !t.Whole, Members: map[string]bool{}}
	}
	_, g.Gone = raw["@removed"]
	if name, ok := raw["displayName"].(string); ok {
		g.Name = name
	}
	list, _ := raw["members@delta"].([]any)
	for _, v := range list {
		m, _ := v.(map[string]any)
		id, _ := m["id"].(string)
		if _, left := m["@removed"]; id != "" {
			g.Members[id] = !left
		}
	}
	t.Groups[id] = g
}

// User asks for one.
func (g *graph) User(ctx context.Context, id string) (u User, ok bool, err error) {
	var raw map[string]any
	err = g.get(ctx, g.base+"/users/"+url.PathEscape(id)+"?"+url.Values{"$select": {g.properties()}}.Encode(), &raw)
	return g.user(raw, false), err == nil, there(err, raw, id)
}

// Group asks for one, with its members.
func (g *graph) Group(ctx context.Context, id string) (out Group, ok bool, err error) {
	at := g.base + "/groups/" + url.PathEscape(id)
	var raw map[string]any
	if err = g.get(ctx, at+"?"+url.Values{"$select": {"id,displayName"}}.Encode(), &raw); err != nil || raw["id"] != id {
		return out, false, there(err, raw, id)
	}
	out = Group{ID: id, Members: map[string]bool{}}
	out.Name, _ = raw["displayName"].(string)
	at += "/members?" + url.Values{"$select": {"id"}, "$top": {"999"}}.Encode()
	for range maxPages {
		var page struct {
			Value []struct {
				ID string `json:"id"`
			} `json:"value"`
			Next string `json:"@odata.nextLink"`
		}
		if err := g.get(ctx, at, &page); err != nil {
			return Group{}, false, there(err, raw, id)
		}
		for _, m := range page.Value {
			out.Members[m.ID] = true
		}
		if at = page.Next; at == "" {
			return out, true, nil
		}
	}
	return Group{}, false, ErrMoving
}

// there is the error of asking for one: none where it is not there.
func there(err error, raw map[string]any, id string) error {
	switch {
	case errors.Is(err, errGone):
		return nil
	case err == nil && raw["id"] != id:
		return ErrAnswer
	}
	return err
}
