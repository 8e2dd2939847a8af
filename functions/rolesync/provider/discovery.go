package provider

import (
	"net/http"

	"hjemmel/functions/rolesync/scim"
	"hjemmel/functions/rolesync/scim/discovery"
	"hjemmel/shared/api"
)

func (p *provider) config(c *call) (reply, error) {
	return reply{status: http.StatusOK, body: discovery.Config(c.base, discovery.Bounds{Bulk: maxBulk, Body: api.MaxBody, Page: maxPage})}, nil
}

// told gives what there is to tell: the one that the path names, or all of it, and then of a request that filters nothing
// (RFC 7644 § 4).
func told(of func(base string) []discovery.Described) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		all, id := []any{}, c.PathValue("id")
		for _, d := range of(c.base) {
			if id == d.ID {
				return reply{status: http.StatusOK, body: d.Body}, nil
			}
			all = append(all, d.Body)
		}
		switch {
		case id != "":
			return reply{}, scim.ErrNotFound
		case c.URL.Query().Has("filter"):
			return reply{}, &scim.Error{Status: http.StatusForbidden, Detail: "Dette kan ikke filtreres."}
		}
		return reply{status: http.StatusOK, body: map[string]any{
			"schemas": []string{scim.ListMessage}, "totalResults": len(all), "startIndex": 1, "itemsPerPage": len(all), "Resources": all,
		}}, nil
	}
}
