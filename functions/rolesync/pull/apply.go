package pull

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"hjemmel/functions/rolesync/provider"
	"hjemmel/functions/rolesync/scim"
	"hjemmel/shared/roles/synced"
	"hjemmel/shared/roles/synced/pulled"
)

// maxMoved is how many members one change moves.
const maxMoved = 400

// applier does what a plan says, change by change, each with its entry. Access that is lost is lost first. Where it
// ends early the next run does the rest.
type applier struct {
	inside provider.Inside
	source synced.Source
	told   time.Time
	ids    map[string]string
	count  *pulled.Status
}

func (a *applier) apply(ctx context.Context, p *plan) error {
	for _, do := range []func(context.Context, *plan) error{a.remove, a.users, a.groups} {
		if err := do(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// do makes one change. What the rules refuse is counted, and the run goes on.
func (a *applier) do(ctx context.Context, n *int, method, at string, body map[string]any) (id string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	id, wrote, err := a.inside.Do(ctx, a.source, a.told, method, at, body)
	if a.inside.Refused(err) {
		if a.count.Avvist++; method == http.MethodDelete {
			a.count.Avvist-- // somebody else was faster
		}
		return "", nil
	}
	if err == nil && wrote {
		*n++
	}
	return id, err
}

func (a *applier) remove(ctx context.Context, p *plan) error {
	for _, u := range p.gone {
		if _, err := a.do(ctx, &a.count.Fjernet, http.MethodDelete, "/Users/"+u.ID, nil); err != nil {
			return err
		}
	}
	for _, g := range p.dropped {
		if _, err := a.do(ctx, &a.count.Fjernet, http.MethodDelete, "/Groups/"+g.ID, nil); err != nil {
			return err
		}
	}
	for _, g := range p.groups {
		if err := a.move(ctx, g.was.ID, "remove", g.leave); err != nil {
			return err
		}
	}
	return nil
}

// move adds members to a group or removes them.
func (a *applier) move(ctx context.Context, group, op string, users []string) error {
	for part := range slices.Chunk(users, maxMoved) {
		if _, err := a.do(ctx, &a.count.Endret, http.MethodPatch, "/Groups/"+group, patch(op, "members", members(part))); err != nil {
			return err
		}
	}
	return nil
}

func members(users []string) []any {
	all := make([]any, len(users))
	for i, id := range users {
		all[i] = map[string]any{"value": id}
	}
	return all
}

func patch(op, at string, value any) map[string]any {
	one := map[string]any{"op": op, "value": value}
	if at != "" {
		one["path"] = at
	}
	return map[string]any{"schemas": []string{scim.PatchMessage}, "Operations": []any{one}}
}

func (a *applier) users(ctx context.Context, p *plan) error {
	for _, u := range p.users {
		method, at, body, n := http.MethodPost, "/Users", maps.Clone(u.to.Attributes), &a.count.Opprettet
		if u.was.ID != "" {
			method, at, n = http.MethodPut, "/Users/"+u.was.ID, &a.count.Endret
		}
		if u.to.Part {
			method, body = http.MethodPatch, patch("replace", "", body)
		} else {
			body["schemas"] = []string{scim.UserSchema}
		}
		id, err := a.do(ctx, n, method, at, body)
		if err != nil {
			return err
		}
		if u.was.ID == "" && id != "" {
			a.ids[u.to.ID] = id
		}
	}
	return nil
}

func (a *applier) groups(ctx context.Context, p *plan) error {
	for _, g := range p.groups {
		group, err := a.group(ctx, g)
		if err != nil {
			return err
		}
		if group == "" {
			continue // refused
		}
		var join []string
		for _, ext := range g.join {
			if id := a.ids[ext]; id != "" {
				join = append(join, id)
			}
		}
		if err := a.move(ctx, group, "add", join); err != nil {
			return err
		}
	}
	return nil
}

// group makes a group, or gives it its name.
func (a *applier) group(ctx context.Context, g groupChange) (id string, err error) {
	if g.was.ID == "" {
		return a.do(ctx, &a.count.Opprettet, http.MethodPost, "/Groups", map[string]any{
			"schemas": []string{scim.GroupSchema}, "displayName": g.to.Name, "externalId": g.to.ID,
		})
	}
	if g.was.Navn != g.to.Name {
		_, err = a.do(ctx, &a.count.Endret, http.MethodPatch, "/Groups/"+g.was.ID, patch("replace", "displayName", g.to.Name))
	}
	return g.was.ID, err
}
