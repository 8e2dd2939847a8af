package rolesync_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const (
	userSchema  = "urn:ietf:params:scim:schemas:core:2.0:User"
	enterprise  = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	personExt   = "urn:ietf:params:scim:schemas:extension:ks:personidentifikasjon:1.0"
	patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
)

func patch(operations string) string {
	return `{"schemas":["` + patchSchema + `"],"Operations":[` + operations + `]}`
}

// newUser makes a user and gives its id.
func (w *world) newUser(userName string) string {
	w.t.Helper()
	return w.want(201, "POST", "/Users", `{"schemas":["`+userSchema+`"],"userName":"`+userName+`","displayName":"`+userName+`","active":true}`).text("id")
}

func (w *world) newGroup(name string, members ...string) string {
	w.t.Helper()
	var in []string
	for _, m := range members {
		in = append(in, `{"value":"`+m+`"}`)
	}
	return w.want(201, "POST", "/Groups", `{"displayName":"`+name+`","members":[`+strings.Join(in, ",")+`]}`).text("id")
}

func (w *world) members(group string) (ids []string) {
	w.t.Helper()
	list, _ := w.want(200, "GET", "/Groups/"+group, "").member("members").([]any)
	for _, m := range list {
		ids = append(ids, m.(map[string]any)["value"].(string))
	}
	return ids
}

func (w *world) total(path string) float64 {
	w.t.Helper()
	n, _ := w.want(200, "GET", path, "").member("totalResults").(float64)
	return n
}

// The MUSTs of RFC 7643 and 7644, one by one.
func TestMUSTs(t *testing.T) {
	w := begin(t)
	id := w.newUser("must@bergen.example")
	group := w.newGroup("Musts", id)
	for _, m := range []struct {
		section, method, path, body string
		status                      int
		scimType                    string
		holds                       func(answer) bool
	}{
		{"7644 3.1 media type", "GET", "/Users/" + id, "", 200, "", func(a answer) bool { return strings.HasPrefix(a.Header.Get("Content-Type"), "application/scim+json") }},
		{"7644 3.3 creation answers 201 with Location", "POST", "/Users", `{"userName":"a"}`, 201, "", func(a answer) bool { return a.Header.Get("Location") == a.text("meta", "location") }},
		{"7644 3.3 a duplicate is 409", "POST", "/Users", `{"userName":"MUST@bergen.example"}`, 409, "uniqueness", nil},
		{"7643 4.1.1 userName is required", "POST", "/Users", `{"displayName":"x"}`, 400, "invalidValue", nil},
		{"7643 3.1 a client's id is ignored", "POST", "/Users", `{"userName":"b","id":"mine"}`, 201, "", func(a answer) bool { return a.text("id") != "mine" }},
		{"7643 2.2 readOnly is ignored", "POST", "/Users", `{"userName":"c","groups":[{"value":"x"}],"meta":{"version":"9"}}`, 201, "", func(a answer) bool { return a.text("meta", "version") == `W/"1"` }},
		{"7643 2.1 names have no case", "POST", "/Users", `{"USERNAME":"d","DisplayName":"D"}`, 201, "", func(a answer) bool { return a.text("displayName") == "D" }},
		{"7644 3.12 no JSON", "POST", "/Users", `{`, 400, "invalidSyntax", nil},
		{"7644 3.12 not an object", "POST", "/Users", `[]`, 400, "invalidSyntax", nil},
		{"7643 2.3 wrong types", "POST", "/Users", `{"userName":7}`, 400, "invalidValue", nil},
		{"7643 2.4 one primary", "POST", "/Users", `{"userName":"e","emails":[{"value":"a","primary":true},{"value":"b","primary":true}]}`, 400, "invalidValue", nil},
		{"7644 3.4.1 not found is 404", "GET", "/Users/00000000-0000-4000-8000-000000000000", "", 404, "", nil},
		{"7644 3.4.1 an id of another type is 404", "GET", "/Users/" + group, "", 404, "", nil},
		{"7644 3.4.2 no hits is an empty list", "GET", `/Users?filter=userName+eq+"ingen"`, "", 200, "", func(a answer) bool {
			return a.member("totalResults") == 0.0 && strings.Contains(string(a.body), `"Resources":[]`)
		}},
		{"7644 3.4.2.2 filters that cannot be read", "GET", `/Users?filter=userName+eq`, "", 400, "invalidFilter", nil},
		{"7644 3.4.2.2 attributes and operators have no case", "GET", `/Users?filter=USERNAME+EQ+"must@BERGEN.example"`, "", 200, "", func(a answer) bool { return a.member("totalResults") == 1.0 }},
		{"7644 3.4.2.2 booleans have no order", "GET", `/Users?filter=active+gt+true`, "", 400, "invalidFilter", nil},
		{"7644 3.4.2.4 startIndex under 1 is 1", "GET", "/Users?startIndex=-3", "", 200, "", func(a answer) bool { return a.member("startIndex") == 1.0 }},
		{"7644 3.4.2.4 count under 0 is 0", "GET", "/Users?count=-3", "", 200, "", func(a answer) bool { return a.member("itemsPerPage") == 0.0 && a.member("totalResults") != 0.0 }},
		{"7644 3.9 id and schemas are always given", "GET", "/Users/" + id + "?attributes=title", "", 200, "", func(a answer) bool {
			return a.text("id") == id && a.member("schemas") != nil && a.member("userName") == nil
		}},
		{"7644 3.9 excluded attributes are not", "GET", "/Groups/" + group + "?excludedAttributes=members", "", 200, "", func(a answer) bool { return a.member("members") == nil && a.text("displayName") != "" }},
		{"7644 3.9 not both", "GET", "/Users?attributes=title&excludedAttributes=active", "", 400, "invalidValue", nil},
		{"7643 7 writeOnly is never returned", "PATCH", "/Users/" + id + "?attributes=" + personExt + ":foedselsnummer", patch(`{"op":"add","path":"` + personExt + `:foedselsnummer","value":"11111111111"}`), 200, "", func(a answer) bool { return !strings.Contains(string(a.body), "11111111111") }},
		{"and cannot be filtered on", "GET", "/Users?filter=" + personExt + ":foedselsnummer+sw+%221%22", "", 400, "invalidFilter", nil},
		{"7644 3.5.2 PATCH says its schema", "PATCH", "/Users/" + id, `{"Operations":[{"op":"add","path":"title","value":"x"}]}`, 400, "invalidSyntax", nil},
		{"7644 3.5.2 operations are known", "PATCH", "/Users/" + id, patch(`{"op":"move","path":"title"}`), 400, "invalidSyntax", nil},
		{"7644 3.5.2 paths are known", "PATCH", "/Users/" + id, patch(`{"op":"add","path":"finnesIkke","value":"x"}`), 400, "invalidPath", nil},
		{"7644 3.5.2 readOnly cannot be changed", "PATCH", "/Users/" + id, patch(`{"op":"replace","path":"id","value":"x"}`), 400, "mutability", nil},
		{"7644 3.5.2.2 remove wants a path", "PATCH", "/Users/" + id, patch(`{"op":"remove"}`), 400, "noTarget", nil},
		{"7644 3.5.2.2 what is required stays", "PATCH", "/Users/" + id, patch(`{"op":"remove","path":"userName"}`), 400, "invalidValue", nil},
		{"7644 3.5.2.3 replace wants a target", "PATCH", "/Users/" + id, patch(`{"op":"replace","path":"emails[type eq \"work\"].value","value":"x"}`), 400, "noTarget", nil},
		{"7644 3.5.2 all or nothing", "PATCH", "/Users/" + id, patch(`{"op":"add","path":"title","value":"Endret"},{"op":"add","path":"finnesIkke","value":"x"}`), 400, "invalidPath", func(answer) bool { return w.want(200, "GET", "/Users/"+id, "").text("title") == "" }},
		{"no groups in groups", "PATCH", "/Groups/" + group, patch(`{"op":"add","path":"members","value":[{"value":"` + group + `"}]}`), 400, "invalidValue", nil},
		{"no groups in groups by type", "POST", "/Groups", `{"displayName":"G","members":[{"value":"` + id + `","type":"Group"}]}`, 400, "invalidValue", nil},
		{"7644 3.6 deleted is 204, then 404", "DELETE", "/Groups/" + group, "", 204, "", func(answer) bool {
			return w.do("GET", "/Groups/"+group, "").StatusCode == 404 && w.do("DELETE", "/Groups/"+group, "").StatusCode == 404
		}},
		{"7644 4 what is told of itself is not filtered", "GET", "/Schemas?filter=id+pr", "", 403, "", nil},
		{"7644 4 resource types", "GET", "/ResourceTypes/User", "", 200, "", func(a answer) bool { return a.text("schema") == userSchema }},
		{"7644 4 schemas", "GET", "/Schemas/" + personExt, "", 200, "", func(a answer) bool { return strings.Contains(string(a.body), `"returned":"never"`) }},
		{"7644 3.4.3 search by POST", "POST", "/Users/.search", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"userName sw \"must\"","attributes":["userName"],"count":1}`, 200, "", func(a answer) bool { return a.member("totalResults") == 1.0 }},
		{"7644 3.4.3 of all types", "POST", "/.search", `{"filter":"displayName co \"e\""}`, 200, "", func(a answer) bool { return a.member("totalResults").(float64) > 1 }},
	} {
		a := w.do(m.method, m.path, m.body)
		if a.StatusCode != m.status || a.text("scimType") != m.scimType || m.holds != nil && !m.holds(a) {
			t.Errorf("%s: %d %s", m.section, a.StatusCode, a.body)
		}
		if a.StatusCode >= 400 && (a.text("status") != fmt.Sprint(m.status) || !strings.Contains(string(a.body), "messages:2.0:Error")) {
			t.Errorf("%s: %s", m.section, a.body)
		}
	}
}

// Versions: a change that rests on another version is not made, and an unchanged resource is not sent again.
func TestVersions(t *testing.T) {
	w := begin(t)
	id := w.newUser("v")
	change := func(tag, title string) answer {
		h := w.source.Clone()
		h.Set("If-Match", tag)
		return w.send("PATCH", w.scim+"/Users/"+id, patch(`{"op":"add","path":"title","value":"`+title+`"}`), h)
	}
	if a := change(`W/"1"`, "en"); a.StatusCode != 200 || a.Header.Get("ETag") != `W/"2"` {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := change(`W/"1"`, "to"); a.StatusCode != 412 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	before := len(w.Entries(t))
	if a := change(`W/"2"`, "en"); a.StatusCode != 200 || a.Header.Get("ETag") != `W/"2"` || len(w.Entries(t)) != before {
		t.Errorf("the same again is a change: %d %s", a.StatusCode, a.body)
	}
	h := w.source.Clone()
	h.Set("If-None-Match", `W/"2"`)
	if a := w.send("GET", w.scim+"/Users/"+id, "", h); a.StatusCode != 304 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// What Microsoft Entra ID sends, in the order that it sends it, in its old and its new dialect.
func TestEntra(t *testing.T) {
	w := begin(t)
	if w.total(`/Users?filter=userName+eq+"7b39475d-random"`) != 0 { // its test of the connection
		t.Error("somebody is nobody")
	}
	a := w.want(201, "POST", "/Users", `{"schemas":["`+userSchema+`","`+enterprise+`"],"externalId":"0a21f0f2","userName":"Test_User@contoso","active":true,
		"emails":[{"primary":true,"type":"work","value":"t@contoso"}],"meta":{"resourceType":"User"},"name":{"formatted":"given family","familyName":"family","givenName":"given"},
		"roles":[],"`+enterprise+`":{"department":"IT","manager":"26118915"}}`)
	id := a.text("id")
	if a.text(enterprise, "manager", "value") != "26118915" {
		t.Errorf("%s", a.body)
	}
	if w.total(`/Users?filter=externalId+eq+"0a21f0f2"`) != 1 || w.total(`/Users?filter=userName+eq+"test_user@contoso"`) != 1 {
		t.Error("the user is not found again")
	}
	other := w.newUser("annen")
	group := w.want(201, "POST", "/Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group","http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],"externalId":"8aa1a0c0","displayName":"displayName","meta":{"resourceType":"Group"}}`).text("id")
	if w.total(`/Groups?excludedAttributes=members&filter=displayName+eq+"displayName"`) != 1 {
		t.Error("the group is not found again")
	}
	in := func(ids ...string) func() bool {
		return func() bool {
			got := w.members(group)
			return len(got) == len(ids) && !(len(ids) > 0 && !strings.Contains(strings.Join(got, " "), ids[0]))
		}
	}
	user := func(want any, names ...string) func() bool {
		return func() bool { return w.want(200, "GET", "/Users/"+id, "").member(names...) == want }
	}
	for _, s := range []struct {
		name, path, operations string
		status                 int
		holds                  func() bool
	}{
		{"several at once", "/Users/" + id, `{"op":"Replace","path":"emails[type eq \"work\"].value","value":"ny@contoso"},{"op":"Replace","path":"name.familyName","value":"Etternavn"}`, 200, user("Etternavn", "name", "familyName")},
		{"without a path, dotted and full names", "/Users/" + id, `{"op":"Replace","value":{"name.givenName":"Fornavn","` + enterprise + `:department":"HR","displayName":"F E"}}`, 200, user("HR", enterprise, "department")},
		{"an e-mail of another type", "/Users/" + id, `{"op":"Add","path":"emails[type eq \"home\"].value","value":"h@contoso"}`, 200, func() bool { return w.total(`/Users?filter=emails[type+eq+"home"+and+value+co+"@"]`) == 1 }},
		{"a manager as a text", "/Users/" + id, `{"op":"Add","path":"` + enterprise + `:manager","value":"2819c223"}`, 200, user("2819c223", enterprise, "manager", "value")},
		{"a manager as an object", "/Users/" + id, `{"op":"Add","path":"` + enterprise + `:manager","value":[{"$ref":"../Users/x","value":"x"}]}`, 200, user("x", enterprise, "manager", "value")},
		{"a value is taken away", "/Users/" + id, `{"op":"Remove","path":"` + enterprise + `:department"}`, 200, user(nil, enterprise, "department")},
		{"disabled in the old dialect", "/Users/" + id, `{"op":"Replace","path":"active","value":"False"}`, 200, user(false, "active")},
		{"enabled in the old dialect", "/Users/" + id, `{"op":"Replace","path":"active","value":"True"}`, 200, user(true, "active")},
		{"disabled in the new dialect", "/Users/" + id, `{"op":"replace","value":{"active":false}}`, 200, user(false, "active")},
		{"a member", "/Groups/" + group, `{"op":"Add","path":"members","value":[{"$ref":null,"value":"` + id + `"}]}`, 204, in(id)},
		{"the same member again", "/Groups/" + group, `{"op":"Add","path":"members","value":[{"value":"` + id + `"}]}`, 204, in(id)},
		{"another member, without a path", "/Groups/" + group, `{"op":"add","value":{"members":[{"value":"` + other + `"}]}}`, 204, in(id, other)},
		{"Remove with a value never empties the group", "/Groups/" + group, `{"op":"Remove","path":"members","value":[{"$ref":null,"value":"` + other + `"}]}`, 204, in(id)},
		{"Remove of one who is no member", "/Groups/" + group, `{"op":"Remove","path":"members","value":[{"value":"` + other + `"}]}`, 204, in(id)},
		{"Remove in the new dialect", "/Groups/" + group, `{"op":"remove","path":"members[value eq \"` + id + `\"]"}`, 204, in()},
		{"a new name", "/Groups/" + group, `{"op":"Replace","path":"displayName","value":"1879db59"}`, 204, func() bool { return w.want(200, "GET", "/Groups/"+group, "").text("displayName") == "1879db59" }},
		{"a new name without a path", "/Groups/" + group, `{"op":"replace","value":{"id":"` + group + `","displayName":"ny"}}`, 204, func() bool { return w.want(200, "GET", "/Groups/"+group, "").text("displayName") == "ny" }},
	} {
		if a := w.do("PATCH", s.path, patch(s.operations)); a.StatusCode != s.status || !s.holds() {
			t.Errorf("%s: %d %s", s.name, a.StatusCode, a.body)
		}
	}
	w.want(204, "DELETE", "/Users/"+id, "")
	w.want(204, "DELETE", "/Groups/"+group, "")
}

// A Bulk: what refers to what was made, what fails, and where it ends.
func TestBulk(t *testing.T) {
	w := begin(t)
	a := w.want(200, "POST", "/Bulk", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"failOnErrors":2,"Operations":[
		{"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"bulk"}},
		{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"Bulk","members":[{"value":"bulkId:u"}]}},
		{"method":"POST","path":"/Users","bulkId":"x","data":{"userName":"bulk"}},
		{"method":"PATCH","path":"/Groups/bulkId:g","data":{"schemas":["`+patchSchema+`"],"Operations":[{"op":"add","path":"displayName","value":"Ny"}]}},
		{"method":"DELETE","path":"/Users/00000000-0000-4000-8000-000000000000"},
		{"method":"POST","path":"/Users","bulkId":"y","data":{"userName":"for sent"}}]}`)
	list := a.member("Operations").([]any)
	var status []string
	for _, o := range list {
		status = append(status, o.(map[string]any)["status"].(string))
	}
	if strings.Join(status, " ") != "201 201 409 204 404" {
		t.Errorf("%v %s", status, a.body)
	}
	if w.total(`/Groups?filter=displayName+eq+"Ny"`) != 1 || w.total(`/Users?filter=userName+eq+"for+sent"`) != 0 {
		t.Error("a Bulk went on, or did not")
	}
}

// Bad input is told of in the RFC's words, and leaves nothing behind.
func TestBadInput(t *testing.T) {
	w := begin(t)
	many := make([]string, 901)
	for i := range many {
		many[i] = fmt.Sprintf(`{"value":"00000000-0000-4000-8000-%012d"}`, i)
	}
	before := w.total("/Users")
	for name, b := range map[string]struct {
		method, path, body string
		status             int
	}{
		"a large body":            {"POST", "/Users", `{"userName":"` + strings.Repeat("x", 1<<20) + `"}`, 413},
		"a long value":            {"POST", "/Users", `{"userName":"` + strings.Repeat("x", 2000) + `"}`, 400},
		"names twice":             {"POST", "/Users", `{"userName":"a","userName":"b"}`, 400},
		"many members":            {"POST", "/Groups", `{"displayName":"g","members":[` + strings.Join(many, ",") + `]}`, 400},
		"a deep filter":           {"GET", "/Users?filter=" + strings.Repeat("(", 500) + "title+pr" + strings.Repeat(")", 500), "", 400},
		"a wide filter":           {"GET", "/Users?filter=title+pr" + strings.Repeat("+or+title+pr", 200), "", 400},
		"a filter of an unknown":  {"GET", "/Users?filter=password+pr", "", 400},
		"a path that is a bomb":   {"PATCH", "/Users/" + demoUser, patch(`{"op":"remove","path":"emails[` + strings.Repeat("(", 500) + `"}`), 400},
		"text with control signs": {"POST", "/Users", `{"userName":"a\u0000"}`, 400},
		"a number for active":     {"POST", "/Users", `{"userName":"a","active":1}`, 400},
		"an unknown way":          {"GET", "/Finnes", "", 404},
	} {
		if a := w.do(b.method, b.path, b.body); a.StatusCode != b.status {
			t.Errorf("%s: %d %.300s", name, a.StatusCode, a.body)
		}
	}
	if got := w.total("/Users"); got != before {
		t.Errorf("%v users, want %v", got, before)
	}
}

// Of two who take the same name at once one gets it.
func TestNamesAreTakenOnce(t *testing.T) {
	w := begin(t)
	status := make(chan int, 8)
	for range cap(status) {
		go func() {
			r, _ := http.NewRequest("POST", w.scim+"/Users", strings.NewReader(`{"userName":"samtidig","externalId":"7"}`))
			r.Header = w.source.Clone()
			a, err := http.DefaultClient.Do(r)
			if err != nil {
				status <- 0
				return
			}
			_ = a.Body.Close()
			status <- a.StatusCode
		}()
	}
	made := 0
	for range cap(status) {
		switch s := <-status; s {
		case 201:
			made++
		case 409:
		default:
			t.Errorf("answered %d", s)
		}
	}
	if made != 1 {
		t.Errorf("made %d", made)
	}
}

// Pages and sorting go through all, once.
func TestPages(t *testing.T) {
	w := begin(t)
	for i := range 7 {
		w.newUser(fmt.Sprintf("side-%d", 6-i))
	}
	var seen []string
	for start := 1; start < 9; start += 3 {
		a := w.want(200, "GET", fmt.Sprintf(`/Users?filter=userName+sw+"side"&sortBy=userName&sortOrder=descending&startIndex=%d&count=3&attributes=userName`, start), "")
		var page struct {
			TotalResults int
			Resources    []struct{ UserName string }
		}
		if err := json.Unmarshal(a.body, &page); err != nil || page.TotalResults != 7 {
			t.Fatalf("%v %s", err, a.body)
		}
		for _, r := range page.Resources {
			seen = append(seen, r.UserName)
		}
	}
	if strings.Join(seen, " ") != "side-6 side-5 side-4 side-3 side-2 side-1 side-0" {
		t.Errorf("%v", seen)
	}
}
