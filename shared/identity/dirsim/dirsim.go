// Package dirsim is an identity system that cannot push: one directory of users and groups, told as a SCIM 2.0 service
// provider (RFC 7644) below /scim, and as Microsoft Entra ID and Microsoft Graph (delta queries) below / and /v1.0.
//
// It refuses whoever has not its secret. It is for tests and the dev host alone.
package dirsim

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
)

// What is needed to read it.
const (
	Token    = "leser-katalogen"                      // SCIM's bearer token, and the secret of the application in Entra
	Tenant   = "kommune.example"                      //
	ClientID = "00000000-0000-4000-8000-00000000c11e" //
	// Number names the property of Graph that has the identity number.
	Number = "onPremisesExtensionAttributes.extensionAttribute1"
)

// User is one of the directory.
type User struct {
	ID, UserName, Name, Number string
	Active                     bool
}

// Directory is the identity system. It is safe for concurrent use.
type Directory struct {
	base string // where it is reached
	page int

	mu      sync.Mutex
	users   map[string]User
	groups  map[string]string // names by id
	members map[string]map[string]bool
	changes []change
	first   int // places to begin before it are too old
	broken  func(*http.Request) int
}

// change is of a user, of a group, or of a member of one.
type change struct{ user, group, member string }

// New begins with nobody. base is where it is reached, without a slash at the end; page is how many it gives at a time.
func New(base string, page int) *Directory {
	return &Directory{base: base, page: page, users: map[string]User{}, groups: map[string]string{}, members: map[string]map[string]bool{}}
}

// Pages sets how many it gives at a time.
func (d *Directory) Pages(of int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.page = of
}

// Put adds or changes a user.
func (d *Directory) Put(u User) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.users[u.ID] = u
	d.changes = append(d.changes, change{user: u.ID})
}

// Drop removes a user, and from every group.
func (d *Directory) Drop(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.users, id)
	d.changes = append(d.changes, change{user: id})
	for g, in := range d.members {
		if in[id] {
			delete(in, id)
			d.changes = append(d.changes, change{group: g, member: id})
		}
	}
}

// PutGroup adds a group or gives it a name.
func (d *Directory) PutGroup(id, name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.groups[id] = name; d.members[id] == nil {
		d.members[id] = map[string]bool{}
	}
	d.changes = append(d.changes, change{group: id})
}

// DropGroup removes a group.
func (d *Directory) DropGroup(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.groups, id)
	delete(d.members, id)
	d.changes = append(d.changes, change{group: id})
}

// Member lets one be a member of a group or not.
func (d *Directory) Member(group, id string, is bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.members[group] == nil {
		return
	}
	if delete(d.members[group], id); is {
		d.members[group][id] = true
	}
	d.changes = append(d.changes, change{group: group, member: id})
}

// Forget makes every place to begin too old.
func (d *Directory) Forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.changes = append(d.changes, change{})
	d.first = len(d.changes)
}

// Break answers requests with a status instead, where it is not 0; nil mends.
func (d *Directory) Break(by func(*http.Request) int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.broken = by
}

// State is who is there, active or not, and who is in which group.
func (d *Directory) State() (users map[string]User, groups map[string]map[string]bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	groups = map[string]map[string]bool{}
	for g, in := range d.members {
		groups[g] = maps.Clone(in)
	}
	return maps.Clone(d.users), groups
}

// ServeHTTP answers as SCIM, Entra or Graph.
func (d *Directory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil {
		if status := d.broken(r); status != 0 {
			w.WriteHeader(status)
			return
		}
	}
	if r.URL.Path == "/"+Tenant+"/oauth2/v2.0/token" {
		d.token(w, r)
		return
	}
	if r.Header.Get("Authorization") != "Bearer "+Token {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	status, body := http.StatusNotFound, any(map[string]any{})
	if at, ok := strings.CutPrefix(r.URL.Path, "/scim/"); ok {
		status, body = d.scim(at, r)
	} else if at, ok := strings.CutPrefix(r.URL.Path, "/v1.0/"); ok {
		status, body = d.graph(at, r)
	}
	answer(w, status, body)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.MarshalWrite(w, body) // nobody to tell
}

func (d *Directory) token(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || r.PostFormValue("client_id") != ClientID || r.PostFormValue("client_secret") != Token || r.PostFormValue("grant_type") != "client_credentials" {
		answer(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
		return
	}
	answer(w, http.StatusOK, map[string]any{"access_token": Token, "token_type": "Bearer", "expires_in": 3599})
}

func (d *Directory) scim(at string, r *http.Request) (int, any) {
	kind, id, one := strings.Cut(at, "/")
	show, all := d.scimUser, slices.Sorted(maps.Keys(d.users))
	if kind == "Groups" {
		show, all = d.scimGroup, slices.Sorted(maps.Keys(d.groups))
	}
	if one {
		if !slices.Contains(all, id) {
			return http.StatusNotFound, map[string]any{"status": "404"}
		}
		return http.StatusOK, show(id)
	}
	start, _ := strconv.Atoi(r.URL.Query().Get("startIndex"))
	from := min(max(start, 1)-1, len(all))
	to := min(from+d.page, len(all))
	page := []any{}
	for _, id := range all[from:to] {
		page = append(page, show(id))
	}
	return http.StatusOK, map[string]any{
		"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:ListResponse"}, "totalResults": len(all), "startIndex": from + 1, "itemsPerPage": len(page), "Resources": page,
	}
}

func (d *Directory) scimUser(id string) any {
	u := d.users[id]
	return map[string]any{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:User"}, "id": id, "userName": u.UserName, "displayName": u.Name, "active": u.Active,
		"urn:ietf:params:scim:schemas:extension:ks:personidentifikasjon:1.0": map[string]any{"foedselsnummer": u.Number},
		"title": "tas ikke",
	}
}

func (d *Directory) scimGroup(id string) any {
	in := []any{}
	for _, m := range slices.Sorted(maps.Keys(d.members[id])) {
		in = append(in, map[string]any{"value": m})
	}
	return map[string]any{"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:Group"}, "id": id, "displayName": d.groups[id], "members": in}
}
