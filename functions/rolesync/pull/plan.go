package pull

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"reflect"
	"slices"
	"strings"

	"hjemmel/functions/rolesync/directory"
	"hjemmel/functions/rolesync/scim"
	"hjemmel/shared/roles/synced"
	"hjemmel/shared/roles/synced/pulled"
)

// plan is what must be done for a source to be as its system tells.
type plan struct {
	gone    []synced.User
	dropped []synced.Group
	users   []userChange
	groups  []groupChange
	ids     map[string]string // ids of users by their external ids, of those that are known
	unknown int               // members that are no users
	// What it takes away, of how much, and each thing of it.
	fewer, apart pulled.Share
	removals     []string
}

type userChange struct {
	was synced.User // the zero User for a new one
	to  directory.User
}

type groupChange struct {
	was   synced.Group // the zero Group for a new one
	to    directory.Group
	leave []string // ids of users
	join  []string // external ids of users
}

// planner works a plan out.
type planner struct {
	plan
	synced *synced.Book
	source synced.Source
	dir    directory.Directory
	told   directory.Told
	prefix string
}

// work compares what is told with what we have. Nobody is gone because they are not named: they are asked for.
func (p *planner) work(ctx context.Context) error {
	p.ids = map[string]string{}
	for _, do := range []func(context.Context) error{p.allUsers, p.allGroups, p.shares} {
		if err := do(ctx); err != nil {
			return err
		}
	}
	slices.Sort(p.removals)
	return nil
}

// fingerprint is of what is taken away.
func (p *plan) fingerprint() string {
	sum := sha256.Sum256([]byte(strings.Join(p.removals, "\n")))
	return hex.EncodeToString(sum[:16])
}

func (p *planner) allUsers(ctx context.Context) error {
	if !p.told.Whole {
		return p.eachTold(ctx, func(u directory.User) (synced.User, error) {
			was, _, err := p.synced.UserBy(ctx, p.source.ID, "", u.ID)
			return was, err
		})
	}
	byID, byName := map[string]synced.User{}, map[string]synced.User{}
	err := p.synced.EachUser(ctx, p.source.ID, func(u synced.User) error {
		if u.EksternID != "" {
			byID[u.EksternID] = u
		} else {
			byName[strings.ToLower(u.Brukernavn)] = u
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = p.eachTold(ctx, func(u directory.User) (synced.User, error) {
		name, _ := u.Attributes["userName"].(string)
		was, ok := byID[u.ID]
		if !ok {
			was = byName[strings.ToLower(name)]
		}
		delete(byID, u.ID)
		delete(byName, strings.ToLower(was.Brukernavn))
		return was, nil
	})
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		if err := p.missing(ctx, byID[id]); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		p.leaves(byName[name])
	}
	return nil
}

// eachTold takes every user that is told of, with the one that we have.
func (p *planner) eachTold(ctx context.Context, find func(directory.User) (synced.User, error)) error {
	for _, id := range slices.Sorted(maps.Keys(p.told.Users)) {
		u := p.told.Users[id]
		was, err := find(u)
		if err != nil {
			return err
		}
		if err := p.user(ctx, was, u); err != nil {
			return err
		}
	}
	return nil
}

// missing asks for a user who was not named.
func (p *planner) missing(ctx context.Context, was synced.User) error {
	u, ok, err := p.dir.User(ctx, was.EksternID)
	if err != nil {
		return err
	}
	u.Gone = !ok
	return p.user(ctx, was, u)
}

func (p *planner) user(ctx context.Context, was synced.User, u directory.User) error {
	if u.Part && !u.Gone && was.ID == "" { // what is told of one whom we do not have must be whole
		whole, ok, err := p.dir.User(ctx, u.ID)
		if err != nil {
			return err
		}
		whole.Gone = !ok
		u = whole
	}
	if u.Gone {
		p.leaves(was)
		return nil
	}
	if was.ID != "" {
		p.ids[u.ID] = was.ID
	}
	if was.Aktiv && u.Attributes["active"] == false {
		p.removals = append(p.removals, "u "+was.ID)
		p.fewer.Antall++
	}
	if was.ID == "" || !p.same(was, u) {
		p.users = append(p.users, userChange{was, u})
	}
	return nil
}

func (p *planner) leaves(was synced.User) {
	if was.ID == "" {
		return
	}
	p.gone = append(p.gone, was)
	if was.Aktiv {
		p.removals = append(p.removals, "u "+was.ID)
		p.fewer.Antall++
	}
}

// same reports whether a user surely is as told.
func (p *planner) same(was synced.User, u directory.User) bool {
	for name, v := range u.Attributes {
		if name != scim.PersonSchema && !reflect.DeepEqual(was.Attributter[name], v) {
			return false
		}
	}
	for name := range was.Attributter {
		if _, told := u.Attributes[name]; !told && !u.Part && name != "schemas" {
			return false
		}
	}
	person, told := u.Attributes[scim.PersonSchema].(map[string]any)
	sent, _ := person[scim.Foedselsnummer].(string)
	return !told && u.Part || sent == p.synced.Number(was)
}

func (p *planner) allGroups(ctx context.Context) error {
	ours := map[string]synced.Group{}
	if p.told.Whole {
		err := p.synced.EachGroup(ctx, p.source.ID, func(g synced.Group) error {
			ours[g.EksternID+"\x00"+g.ID] = g // those without an external id are nobody's, and go
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(p.told.Groups)) {
		was, _, err := p.synced.GroupBy(ctx, p.source.ID, id)
		if err != nil {
			return err
		}
		delete(ours, id+"\x00"+was.ID)
		if err := p.group(ctx, was, p.told.Groups[id]); err != nil {
			return err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(ours)) {
		g, ok, err := directory.Group{}, false, error(nil)
		if id := ours[key].EksternID; id != "" {
			g, ok, err = p.dir.Group(ctx, id)
		}
		if g.Gone = !ok; err != nil {
			return err
		}
		if err := p.group(ctx, ours[key], g); err != nil {
			return err
		}
	}
	return nil
}

func (p *planner) group(ctx context.Context, was synced.Group, g directory.Group) error {
	if g.Part && !g.Gone && was.ID == "" {
		whole, ok, err := p.dir.Group(ctx, g.ID)
		if err != nil {
			return err
		}
		whole.Gone = !ok
		g = whole
	}
	var in []string
	if was.ID != "" {
		var err error
		if in, err = p.synced.Members(ctx, was.ID); err != nil {
			return err
		}
	}
	p.apart.Av += len(in)
	if g.Name == "" {
		g.Name = was.Navn
	}
	if g.Gone || !strings.HasPrefix(g.Name, p.prefix) {
		if was.ID != "" {
			p.dropped = append(p.dropped, was)
			p.apartFrom(was.ID, in)
		}
		return nil
	}
	change := groupChange{was: was, to: g}
	if err := p.moves(ctx, &change, in); err != nil {
		return err
	}
	p.apartFrom(was.ID, change.leave)
	if was.ID == "" || was.Navn != g.Name || len(change.join)+len(change.leave) > 0 {
		p.groups = append(p.groups, change)
	}
	return nil
}

// apartFrom counts members who leave, but those who are gone themselves.
func (p *planner) apartFrom(group string, members []string) {
	for _, id := range members {
		if !slices.ContainsFunc(p.gone, func(u synced.User) bool { return u.ID == id }) {
			p.removals = append(p.removals, "m "+group+" "+id)
			p.apart.Antall++
		}
	}
}

// moves works out who joins and who leaves.
func (p *planner) moves(ctx context.Context, g *groupChange, in []string) error {
	member := map[string]bool{}
	for _, id := range in {
		member[id] = true
	}
	stays := map[string]bool{}
	for _, ext := range slices.Sorted(maps.Keys(g.to.Members)) {
		id, ok, err := p.id(ctx, ext)
		if err != nil {
			return err
		}
		_, coming := p.told.Users[ext]
		switch is := g.to.Members[ext]; {
		case !ok && !(coming && is):
			if is {
				p.unknown++
			}
		case is:
			if stays[id] = true; !member[id] {
				g.join = append(g.join, ext)
			}
		case member[id]:
			g.leave = append(g.leave, id)
		}
	}
	if !g.to.Part {
		g.leave = slices.DeleteFunc(slices.Clone(in), func(id string) bool { return stays[id] })
	}
	return nil
}

// id finds a user by external id.
func (p *planner) id(ctx context.Context, ext string) (string, bool, error) {
	if id, ok := p.ids[ext]; ok || p.told.Whole {
		return id, ok, nil
	}
	u, ok, err := p.synced.UserBy(ctx, p.source.ID, "", ext)
	if ok {
		p.ids[ext] = u.ID
	}
	return u.ID, ok, err
}

// shares counts what there is, where anything is taken away.
func (p *planner) shares(ctx context.Context) error {
	if len(p.removals) == 0 {
		return nil
	}
	err := p.synced.EachUser(ctx, p.source.ID, func(u synced.User) error {
		if u.Aktiv {
			p.fewer.Av++
		}
		return nil
	})
	if err != nil || p.told.Whole || p.apart.Antall == 0 {
		return err
	}
	p.apart.Av = 0
	return p.synced.EachGroup(ctx, p.source.ID, func(g synced.Group) error {
		in, err := p.synced.Members(ctx, g.ID)
		p.apart.Av += len(in)
		return err
	})
}
