package dirsim

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func (d *Directory) graph(at string, r *http.Request) (int, any) {
	kind, id, _ := strings.Cut(at, "/")
	group, members := strings.CutSuffix(id, "/members")
	switch {
	case id == "delta":
		return d.delta(kind, r)
	case kind == "users":
		if _, ok := d.users[id]; ok {
			return http.StatusOK, d.graphUser(id)
		}
	case members && d.members[group] != nil:
		return http.StatusOK, d.memberPage(group, r)
	case kind == "groups":
		if name, ok := d.groups[id]; ok {
			return http.StatusOK, map[string]any{"id": id, "displayName": name}
		}
	}
	return http.StatusNotFound, map[string]any{"error": map[string]any{"code": "Request_ResourceNotFound"}}
}

func (d *Directory) graphUser(id string) map[string]any {
	u := d.users[id]
	return map[string]any{
		"id": id, "userPrincipalName": u.UserName, "displayName": u.Name, "accountEnabled": u.Active, "mail": nil,
		"onPremisesExtensionAttributes": map[string]any{"extensionAttribute1": u.Number},
	}
}

func (d *Directory) memberPage(group string, r *http.Request) any {
	all := slices.Sorted(maps.Keys(d.members[group]))
	from, _ := strconv.Atoi(r.URL.Query().Get("$skiptoken"))
	to := min(from+d.page, len(all))
	var page []any
	for _, id := range all[min(from, len(all)):to] {
		page = append(page, map[string]any{"@odata.type": "#microsoft.graph.user", "id": id})
	}
	out := map[string]any{"value": page}
	if to < len(all) {
		out["@odata.nextLink"] = d.base + "/v1.0/groups/" + group + "/members?$skiptoken=" + strconv.Itoa(to)
	}
	return out
}

// delta tells all there is, or what has changed since a place; a page at a time. A place is the number of a change,
// and a page the number of the first thing on it.
func (d *Directory) delta(kind string, r *http.Request) (int, any) {
	since, until, from := -1, len(d.changes), 0
	q := r.URL.Query()
	if q.Has("$deltatoken") {
		since, _ = strconv.Atoi(q.Get("$deltatoken"))
	}
	if parts := strings.Split(q.Get("$skiptoken"), "-"); len(parts) == 3 {
		since, _ = strconv.Atoi(strings.Replace(parts[0], "a", "-1", 1))
		until, _ = strconv.Atoi(parts[1])
		from, _ = strconv.Atoi(parts[2])
	}
	if since >= 0 && since < d.first {
		return http.StatusGone, map[string]any{"error": map[string]any{"code": "syncStateNotFound"}}
	}
	all := d.tellUsers(since, until)
	if kind == "groups" {
		all = d.tellGroups(since, until)
	}
	to := min(from+d.page, len(all))
	out := map[string]any{"value": all[min(from, len(all)):to]}
	at := d.base + "/v1.0/" + kind + "/delta?"
	if to < len(all) {
		out["@odata.nextLink"] = at + "$skiptoken=" + strings.Replace(strconv.Itoa(since), "-1", "a", 1) + "-" + strconv.Itoa(until) + "-" + strconv.Itoa(to)
	} else {
		out["@odata.deltaLink"] = at + "$deltatoken=" + strconv.Itoa(until)
	}
	return http.StatusOK, out
}

// tellUsers are users as they are now: all of them, or those that changed.
func (d *Directory) tellUsers(since, until int) []any {
	ids := slices.Sorted(maps.Keys(d.users))
	if since >= 0 {
		ids = d.changed(since, until, func(c change) string { return c.user })
	}
	all := []any{}
	for _, id := range ids {
		if _, ok := d.users[id]; ok {
			all = append(all, d.graphUser(id))
		} else {
			all = append(all, map[string]any{"id": id, "@removed": map[string]any{"reason": "changed"}})
		}
	}
	return all
}

func (d *Directory) changed(since, until int, of func(change) string) []string {
	var ids []string
	for _, c := range d.changes[min(since, until):until] {
		if id := of(c); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// tellGroups are groups with members who came and went; a large one comes in parts, as Graph has it.
func (d *Directory) tellGroups(since, until int) []any {
	if since < 0 {
		all := []any{}
		for _, id := range slices.Sorted(maps.Keys(d.groups)) {
			all = append(all, d.parts(id, slices.Sorted(maps.Keys(d.members[id])))...)
		}
		return all
	}
	all := []any{}
	for _, id := range d.changed(since, until, func(c change) string { return c.group }) {
		if _, ok := d.groups[id]; !ok {
			all = append(all, map[string]any{"id": id, "@removed": map[string]any{"reason": "deleted"}})
			continue
		}
		all = append(all, d.parts(id, d.changed(since, until, func(c change) string {
			if c.group != id {
				return ""
			}
			return c.member
		}))...)
	}
	return all
}

func (d *Directory) parts(group string, members []string) []any {
	all := []any{map[string]any{"id": group, "displayName": d.groups[group]}}
	for part := range slices.Chunk(members, d.page) {
		var list []any
		for _, m := range part {
			one := map[string]any{"@odata.type": "#microsoft.graph.user", "id": m}
			if !d.members[group][m] {
				one["@removed"] = map[string]any{"reason": "deleted"}
			}
			list = append(list, one)
		}
		all = append(all, map[string]any{"id": group, "members@delta": list})
	}
	return all
}
