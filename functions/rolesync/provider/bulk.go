package provider

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"hjemmel/functions/rolesync/scim"
	"hjemmel/shared/api"
)

// maxBulk bounds the operations of a Bulk.
const maxBulk = 500

// bulk does operations one after another, each whole or not at all (RFC 7644 § 3.7). It ends early where as many
// have failed as the source allows.
func (p *provider) bulk(c *call) (reply, error) {
	raw, err := scim.Read(c.body)
	if err != nil {
		return reply{}, err
	}
	list, ok := scim.Member(raw, "Operations").([]any)
	if !ok {
		return reply{}, scim.ErrSyntax
	}
	if len(list) > maxBulk {
		return reply{}, &scim.Error{Status: http.StatusRequestEntityTooLarge, Detail: "Bulk har flere enn 500 operasjoner."}
	}
	most, _ := scim.Member(raw, "failOnErrors").(float64)
	made, failed, answers := map[string]string{}, 0.0, []any{}
	for _, v := range list {
		answer, bad := p.operation(c, v, made)
		answers = append(answers, answer)
		if bad {
			failed++
		}
		if most > 0 && failed >= most {
			break
		}
	}
	return reply{status: http.StatusOK, body: map[string]any{"schemas": []string{scim.BulkAnswer}, "Operations": answers}}, nil
}

// operation does one operation. made are the ids by bulkId of what was created before it.
func (p *provider) operation(c *call, v any, made map[string]string) (answer map[string]any, bad bool) {
	raw, _ := v.(map[string]any)
	method, _ := scim.Member(raw, "method").(string)
	at, _ := scim.Member(raw, "path").(string)
	bulkID, _ := scim.Member(raw, "bulkId").(string)
	version, _ := scim.Member(raw, "version").(string)
	answer = map[string]any{"method": strings.ToUpper(method)}
	if bulkID != "" {
		answer["bulkId"] = bulkID
	}
	one := &call{Request: c.Request, source: c.source, match: version, base: c.base, requestID: c.requestID, received: c.received}
	var out reply
	do, err := p.operated(one, strings.ToUpper(method), at, bulkID, made)
	if err == nil {
		one.body, err = resolved(scim.Member(raw, "data"), made)
	}
	if err == nil {
		out, err = do(one)
	}
	if err != nil {
		out = p.failed(one, err)
		answer["response"] = out.body
	}
	answer["status"] = strconv.Itoa(out.status)
	if out.etag != "" {
		answer["version"] = out.etag
	}
	switch {
	case out.location != "":
		answer["location"] = out.location
		made[bulkID] = out.location[strings.LastIndexByte(out.location, '/')+1:]
	case one.id != "":
		answer["location"] = c.base + at[:strings.LastIndexByte(at, '/')+1] + one.id
	}
	return answer, err != nil
}

// operated finds what an operation does.
func (p *provider) operated(c *call, method, at, bulkID string, made map[string]string) (func(*call) (reply, error), error) {
	kind, id, _ := strings.Cut(strings.TrimPrefix(at, "/"), "/")
	if name, ok := strings.CutPrefix(id, "bulkId:"); ok {
		id = made[name]
	}
	if c.id = strings.ToLower(id); method == http.MethodPost && (bulkID == "" || id != "") {
		return nil, scim.ErrSyntax
	}
	do := map[string]func(*call) (reply, error){
		"POST Users": p.createUser, "PUT Users": p.putUser, "PATCH Users": p.patchUser, "DELETE Users": p.deleteUser,
		"POST Groups": p.createGroup, "PUT Groups": p.putGroup, "PATCH Groups": p.patchGroup, "DELETE Groups": p.deleteGroup,
	}[method+" "+kind]
	if do == nil {
		return nil, scim.ErrSyntax
	}
	return do, nil
}

// resolved gives the data of an operation with the ids of what its bulkIds have become.
func resolved(data any, made map[string]string) ([]byte, error) {
	if data == nil {
		return nil, nil
	}
	var unknown bool
	var walk func(any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case string:
			if name, ok := strings.CutPrefix(v, "bulkId:"); ok {
				unknown = unknown || made[name] == ""
				return made[name]
			}
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		case map[string]any:
			for k := range v {
				v[k] = walk(v[k])
			}
		}
		return v
	}
	data = walk(data)
	if unknown {
		return nil, &scim.Error{Status: http.StatusConflict, ScimType: "invalidValue", Detail: "En bulkId viser til noe som ikke er opprettet."}
	}
	b, err := json.Marshal(data)
	if err == nil && len(b) > api.MaxBody {
		err = scim.ErrTooLarge
	}
	return b, err
}
