package provider

import (
	"net/http"

	"hjemmel/functions/rolesync/scim"
	"hjemmel/shared/api"
)

// Schemas of what a provider says of itself (RFC 7643 § 5 and 6).
const (
	configSchema = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	typeSchema   = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
)

func (p *provider) config(c *call) (reply, error) {
	on := map[string]any{"supported": true}
	return reply{status: http.StatusOK, body: map[string]any{
		"schemas": []string{configSchema}, "patch": on, "sort": on, "etag": on,
		"bulk":           map[string]any{"supported": true, "maxOperations": maxBulk, "maxPayloadSize": api.MaxBody},
		"filter":         map[string]any{"supported": true, "maxResults": maxPage},
		"changePassword": map[string]any{"supported": false},
		"authenticationSchemes": []any{map[string]any{
			"type": "oauthbearertoken", "name": "Bearer", "description": "Kildens token, som varer i seks måneder.", "primary": true,
		}},
		"meta": map[string]any{"resourceType": "ServiceProviderConfig", "location": c.base + "/ServiceProviderConfig"},
	}}, nil
}

// told wants a request that filters nothing: what is told here is all there is (RFC 7644 § 4).
func told(c *call, all []any) (reply, error) {
	if c.URL.Query().Has("filter") {
		return reply{}, &scim.Error{Status: http.StatusForbidden, Detail: "Dette kan ikke filtreres."}
	}
	return reply{status: http.StatusOK, body: map[string]any{
		"schemas": []string{scim.ListMessage}, "totalResults": len(all), "startIndex": 1, "itemsPerPage": len(all), "Resources": all,
	}}, nil
}

func schemas(c *call) (all []any) {
	for _, t := range scim.Types() {
		for _, s := range append([]*scim.Schema{t.Core}, t.Extensions...) {
			shown := *s
			shown.Meta = map[string]any{"resourceType": "Schema", "location": c.base + "/Schemas/" + s.ID}
			all = append(all, shown)
		}
	}
	return all
}

func (p *provider) schemas(c *call) (reply, error) { return told(c, schemas(c)) }

func (p *provider) schema(c *call) (reply, error) {
	for _, s := range schemas(c) {
		if s.(scim.Schema).ID == c.PathValue("id") {
			return reply{status: http.StatusOK, body: s}, nil
		}
	}
	return reply{}, scim.ErrNotFound
}

func types(c *call) (all []any) {
	for _, t := range scim.Types() {
		extensions := []any{}
		for _, s := range t.Extensions {
			extensions = append(extensions, map[string]any{"schema": s.ID, "required": false})
		}
		all = append(all, map[string]any{
			"schemas": []string{typeSchema}, "id": t.Name, "name": t.Name, "endpoint": t.Endpoint, "schema": t.Core.ID, "schemaExtensions": extensions,
			"meta": map[string]any{"resourceType": "ResourceType", "location": c.base + "/ResourceTypes/" + t.Name},
		})
	}
	return all
}

func (p *provider) types(c *call) (reply, error) { return told(c, types(c)) }

func (p *provider) oneType(c *call) (reply, error) {
	for _, t := range types(c) {
		if t.(map[string]any)["id"] == c.PathValue("id") {
			return reply{status: http.StatusOK, body: t}, nil
		}
	}
	return reply{}, scim.ErrNotFound
}
