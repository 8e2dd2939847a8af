package synced

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"hjemmel/shared/store"
)

// sweepOps is from how many writes on a sweep gives them away.
const sweepOps = 900

// What ends a sweep: it has removed as much as it may, or whoever commits wants no more.
var (
	errEnough  = errors.New("synced: enough")
	errStopped = errors.New("synced: stopped")
)

// sweep is one sweep under way.
type sweep struct {
	book  *Book
	give  func([]store.Op, error) bool
	ops   []store.Op
	most  int
	swept int
	at    time.Time
}

// Sweep gives the writes that remove what is left of sources, groups and users that are gone, and counts for
// nothing: at most most things, in batches to be committed one by one. What is gone never comes back under the
// same id, so that what is looked at once need not be looked at again. Users and groups are traced as deleted at
// the time.
func (b *Book) Sweep(ctx context.Context, most int, at time.Time) iter.Seq2[[]store.Op, error] {
	return func(give func([]store.Op, error) bool) {
		s := &sweep{book: b, give: give, most: most, at: Moment(at)}
		err := s.sources(ctx)
		if err == nil {
			err = s.members(ctx)
		}
		if err == nil || errors.Is(err, errEnough) {
			err = s.flush()
		}
		if err != nil && !errors.Is(err, errStopped) {
			give(nil, err)
		}
	}
}

// drop has the records that are there removed, as one thing.
func (s *sweep) drop(ctx context.Context, keys ...string) (err error) {
	if s.swept == s.most {
		return errEnough
	}
	s.swept++
	if s.ops, err = s.book.remove(ctx, s.ops, keys...); err == nil && len(s.ops) >= sweepOps {
		err = s.flush()
	}
	return err
}

func (s *sweep) flush() error {
	if len(s.ops) == 0 {
		return nil
	}
	ops := s.ops
	if s.ops = nil; !s.give(ops, nil) {
		return errStopped
	}
	return nil
}

// sources sweeps what belongs to sources that are gone.
func (s *sweep) sources(ctx context.Context) error {
	for _, kind := range []string{"synktoken/", "synkentydig/", "synkbruker/", "synkgruppe/"} {
		gone, err := s.book.gone(ctx, kind)
		if err != nil {
			return err
		}
		for _, kilde := range gone {
			err := each(ctx, s.book.store, kind+kilde+"/", func(v any, r store.Record) error {
				return s.leave(ctx, kind, v, r.Key)
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// leave has a record of a source removed with what goes along, and traced as deleted.
func (s *sweep) leave(ctx context.Context, kind string, v any, key string) (err error) {
	of := map[string]Sort{"synkbruker/": Brukere, "synkgruppe/": Grupper}[kind]
	record, _ := v.(map[string]any)
	org, _ := record["fiksOrgId"].(string)
	if of == "" || org == "" || s.swept == s.most {
		return s.drop(ctx, along(kind, v, key)...)
	}
	kilde, _ := record["kildeId"].(string)
	changed, _ := record["endret"].(string)
	was, _ := time.Parse(time.RFC3339, changed) // the zero time has no trace
	s.ops, err = s.book.trace(ctx, s.ops, org, of, Trace{ID: last(key), KildeID: kilde, Tid: s.at, Slettet: true}, was)
	if err != nil {
		return err
	}
	return s.drop(ctx, along(kind, v, key)...)
}

// along are the keys that go with a record of a source: whose actor it is, and how a user is found.
func along(kind string, v any, key string) []string {
	actor := map[string]string{"synkbruker/": UserPrefix, "synkgruppe/": GroupPrefix}[kind]
	if actor == "" {
		return []string{key}
	}
	keys := []string{key, ownerKey(actor + last(key))}
	record, _ := v.(map[string]any)
	if index, _ := record["person"].(string); index != "" {
		keys = append(keys, index+actor+last(key))
	}
	return keys
}

// gone lists the sources that have records of the kind and are no more. It looks at one record of each.
func (b *Book) gone(ctx context.Context, kind string) (ids []string, err error) {
	after := ""
	for {
		next, err := b.store.Scan(ctx, kind, after, 1)
		if err != nil || len(next) == 0 {
			return ids, err
		}
		kilde, _, _ := strings.Cut(strings.TrimPrefix(next[0].Key, kind), "/")
		_, there, err := b.Source(ctx, kilde)
		if err != nil {
			return nil, err
		}
		if !there {
			ids = append(ids, kilde)
		}
		after = kind + kilde + "/~" // after all of its keys
	}
}

// members sweeps the memberships of groups and of users that are gone.
func (s *sweep) members(ctx context.Context) error {
	const kind = "synkmedlem/"
	after := ""
	for {
		page, err := s.book.store.Scan(ctx, kind, after, store.MaxScan)
		if err != nil || len(page) == 0 {
			return err
		}
		var owners []string
		for _, r := range page {
			group, user := ends(r.Key)
			owners = append(owners, ownerKey(GroupPrefix+group), ownerKey(UserPrefix+user))
		}
		there, err := s.book.there(ctx, owners)
		if err != nil {
			return err
		}
		for i, r := range page {
			if there[owners[2*i]] && there[owners[2*i+1]] {
				continue
			}
			group, user := ends(r.Key)
			if err := s.drop(ctx, memberKeys(group, []string{user})...); err != nil {
				return err
			}
		}
		after = page[len(page)-1].Key
	}
}

// ends gives the group and the user of a member's key.
func ends(key string) (group, user string) {
	parts := strings.Split(key, "/")
	return parts[1], parts[2]
}

// there tells which of the records are there.
func (b *Book) there(ctx context.Context, keys []string) (map[string]bool, error) {
	there := map[string]bool{}
	keys = slices.Compact(slices.Sorted(slices.Values(keys)))
	for part := range slices.Chunk(keys, store.MaxScan) {
		found, err := b.store.GetMany(ctx, part)
		if err != nil {
			return nil, err
		}
		for key := range found {
			there[key] = true
		}
	}
	return there, nil
}
