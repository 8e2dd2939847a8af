// Package discovery is what a SCIM service provider says of itself (RFC 7643 § 5 to 7): its configuration, schemas and
// resource types.
//
// It refuses to promise what the provider does not do.
package discovery

import "hjemmel/functions/rolesync/scim"

// Schemas of what is said.
const (
	configSchema = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	typeSchema   = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
)

// Bounds of the provider: operations in a Bulk, bytes in a body, resources on a page.
type Bounds struct{ Bulk, Body, Page int }

// Config is the provider's configuration, of one that is reached at base.
func Config(base string, b Bounds) any {
	on := map[string]any{"supported": true}
	return map[string]any{
		"schemas": []string{configSchema}, "patch": on, "sort": on, "etag": on,
		"bulk":           map[string]any{"supported": true, "maxOperations": b.Bulk, "maxPayloadSize": b.Body},
		"filter":         map[string]any{"supported": true, "maxResults": b.Page},
		"changePassword": map[string]any{"supported": false},
		"authenticationSchemes": []any{map[string]any{
			"type": "oauthbearertoken", "name": "Bearer", "description": "Kildens token, som varer i seks måneder.", "primary": true,
		}},
		"meta": map[string]any{"resourceType": "ServiceProviderConfig", "location": base + "/ServiceProviderConfig"},
	}
}

// Described is one schema or resource type.
type Described struct {
	ID   string
	Body any
}

// Schemas are all schemas, of a provider that is reached at base.
func Schemas(base string) (all []Described) {
	for _, t := range scim.Types() {
		for _, s := range append([]*scim.Schema{t.Core}, t.Extensions...) {
			shown := *s
			shown.Meta = map[string]any{"resourceType": "Schema", "location": base + "/Schemas/" + s.ID}
			all = append(all, Described{s.ID, shown})
		}
	}
	return all
}

// Types are all resource types, of a provider that is reached at base.
func Types(base string) (all []Described) {
	for _, t := range scim.Types() {
		extensions := []any{}
		for _, s := range t.Extensions {
			extensions = append(extensions, map[string]any{"schema": s.ID, "required": false})
		}
		all = append(all, Described{t.Name, map[string]any{
			"schemas": []string{typeSchema}, "id": t.Name, "name": t.Name, "endpoint": t.Endpoint, "schema": t.Core.ID, "schemaExtensions": extensions,
			"meta": map[string]any{"resourceType": "ResourceType", "location": base + "/ResourceTypes/" + t.Name},
		}})
	}
	return all
}
