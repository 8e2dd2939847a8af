// Package overlay is what the platform operator has changed in the catalogue: tjenesteområder as
// records in the store, on top of the catalogue that ships with the program; and what organisations
// ask the operator to add.
//
// It refuses a change that would make a catalogue that names what it does not define, and to serve a
// catalogue that it could not read whole.
package overlay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"hjemmel/shared/fault"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/store"
)

// Catalogue is the catalogue as it is now. It is safe for concurrent use.
type Catalogue struct {
	store store.Store
	base  *katalog.Katalog

	mu      sync.Mutex
	version store.Revision // of the record that the catalogue was read after; "" is none
	now     *katalog.Katalog
}

// Keys of records. Every change of an area replaces the version record in the same commit, so that
// reading one record tells whether anything changed, and two changes at once cannot both happen.
const (
	versionKey = "katalog/versjon"
	areaPrefix = "katalog/omraade/"
)

// New lays what is in s over base.
func New(s store.Store, base *katalog.Katalog) *Catalogue {
	return &Catalogue{store: s, base: base, now: base}
}

// Seed makes the version record, so that readers find one and need not look for it again and again.
func Seed(ctx context.Context, s store.Store) error {
	if _, err := s.Get(ctx, versionKey); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	err := s.Commit(ctx, store.Create(versionKey, []byte("0")))
	if errors.Is(err, store.ErrConflict) {
		return nil // somebody else did
	}
	return err
}

// Latest is the catalogue that was read last.
func (c *Catalogue) Latest() *katalog.Katalog {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Current is the catalogue, read anew where it has changed. An error means that the store could not
// answer, or that what it holds is no catalogue: then nothing can be judged.
func (c *Catalogue) Current(ctx context.Context) (*katalog.Katalog, error) {
	version, err := c.store.Get(ctx, versionKey)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if version.Revision == c.version {
		return c.now, nil
	}
	k, err := c.read(ctx)
	if err != nil {
		return nil, err
	}
	c.version, c.now = version.Revision, k
	return k, nil
}

func (c *Catalogue) read(ctx context.Context) (*katalog.Katalog, error) {
	records, err := c.store.Scan(ctx, areaPrefix, "", store.MaxScan)
	if err != nil {
		return nil, err
	}
	areas := make([]*katalog.Tjenesteomraade, len(records))
	for i, r := range records {
		if err := json.Unmarshal(r.Value, &areas[i]); err != nil || areaPrefix+areas[i].Kode != r.Key {
			return nil, broken(fmt.Errorf("overlay: an area cannot be read: %w", err))
		}
	}
	k, err := c.base.With(areas...)
	if err != nil {
		return nil, broken(err)
	}
	return k, nil
}

func broken(cause error) error {
	return fault.From(fault.Internal, "INTERN_FEIL", "Noe gikk galt hos oss. Oppgi feil-id ved henvendelse.", cause)
}

// Area is a tjenesteområde with the revision that guards it, "" while it is as it shipped.
type Area struct {
	katalog.Tjenesteomraade
	Revision store.Revision
	version  store.Record
}

// Area gives an area as it is now, past any memory, and a copy that may be changed; ok is false where
// there is none, and then it is the place for a new one.
func (c *Catalogue) Area(ctx context.Context, kode string) (a Area, ok bool, err error) {
	if !lawful(areaPrefix + kode) {
		return a, false, nil
	}
	found, err := c.store.GetMany(ctx, []string{versionKey, areaPrefix + kode})
	if err != nil {
		return a, false, err
	}
	a.version = found[versionKey]
	if r, there := found[areaPrefix+kode]; there {
		a.Revision = r.Revision
		if err := json.Unmarshal(r.Value, &a.Tjenesteomraade); err != nil {
			return a, false, broken(err)
		}
		return a, true, nil
	}
	shipped, ok := c.base.Area(kode)
	if !ok {
		return a, false, nil
	}
	b, err := json.Marshal(shipped)
	if err == nil {
		err = json.Unmarshal(b, &a.Tjenesteomraade)
	}
	return a, err == nil, err
}

// lawful reports whether the store could hold such a key at all.
func lawful(key string) bool { return store.CheckKeys(key) == nil }

// Areas lists every area there is, in the catalogue's order, with its revision.
func (c *Catalogue) Areas(ctx context.Context) ([]Area, error) {
	records, err := c.store.Scan(ctx, areaPrefix, "", store.MaxScan)
	if err != nil {
		return nil, err
	}
	revisions := map[string]store.Revision{}
	for _, r := range records {
		revisions[r.Key] = r.Revision
	}
	k, err := c.read(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Area, len(k.Tjenesteomraader))
	for i, a := range k.Tjenesteomraader {
		all[i] = Area{Tjenesteomraade: *a, Revision: revisions[areaPrefix+a.Kode]}
	}
	return all, nil
}

// errShape is what a change gives that names an opplysning which the catalogue does not know.
var errShape = fault.New(fault.Invalid, "KATALOG_UGYLDIG", "Tjenesteområdet har felter som ikke kan stemme, eller opplysninger som ikke finnes i registeret.")

// Change gives the writes of t in place of what was read. A fault of kind Invalid names the fields
// that cannot be.
func (c *Catalogue) Change(read Area, t katalog.Tjenesteomraade) ([]store.Op, error) {
	if wrong := t.Problems(); len(wrong) > 0 {
		return nil, errShape.About(wrong...)
	}
	if _, err := c.base.With(&t); err != nil {
		return nil, errShape.About("registre")
	}
	value, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	key := areaPrefix + t.Kode
	area := store.Create(key, value)
	if read.Revision != "" {
		area = store.PutIf(key, value, read.Revision)
	}
	return []store.Op{area, next(read.version)}, nil
}

// next is the write of the version after v.
func next(v store.Record) store.Op {
	if v.Revision == "" {
		return store.Create(versionKey, []byte("1"))
	}
	n, _ := strconv.Atoi(string(v.Value)) // only that it changes matters
	return store.PutIf(versionKey, []byte(strconv.Itoa(n+1)), v.Revision)
}
