// Package recent is a store that remembers for a moment what it has read, for records that every
// request needs and that seldom change: roles, assignments, integrations.
//
// A change made through the same Store shows at once; one made by another process shows when the
// moment is over. It refuses to remember that a record is missing, so what is granted works at once,
// and to serve a Scan or a GetMany from memory.
package recent

import (
	"context"
	"slices"
	"sync"
	"time"

	"hjemmel/shared/store"
)

// Store is a store.Store before another one.
type Store struct {
	store.Store
	life time.Duration
	now  func() time.Time

	mu      sync.Mutex
	read    map[string]remembered
	commits uint64 // begun or ended, of those that change what is there
}

type remembered struct {
	record store.Record
	until  time.Time
}

// maxRemembered bounds the memory; when full it starts afresh.
const maxRemembered = 20_000

// New remembers what is read from inner for life.
func New(inner store.Store, life time.Duration, now func() time.Time) *Store {
	return &Store{Store: inner, life: life, now: now, read: map[string]remembered{}}
}

// Get gives the record at key as it was at most life ago.
func (s *Store) Get(ctx context.Context, key string) (store.Record, error) {
	s.mu.Lock()
	r, ok := s.read[key]
	before := s.commits
	s.mu.Unlock()
	if ok && s.now().Before(r.until) && ctx.Err() == nil {
		return clone(r.record), nil
	}
	record, err := s.Store.Get(ctx, key)
	if err == nil {
		s.keep(record, before)
	}
	return record, err
}

// keep remembers a record, unless something was written while it was read.
func (s *Store) keep(r store.Record, before uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.commits != before {
		return
	}
	if len(s.read) >= maxRemembered {
		clear(s.read)
	}
	s.read[r.Key] = remembered{clone(r), s.now().Add(s.life)}
}

func clone(r store.Record) store.Record {
	r.Value = slices.Clone(r.Value)
	return r
}

// Commit writes to the store below and forgets what it writes, whatever comes of it.
func (s *Store) Commit(ctx context.Context, ops ...store.Op) error {
	s.forget(ops)
	defer s.forget(ops)
	return s.Store.Commit(ctx, ops...)
}

// forget drops what is remembered of the keys. A commit that only creates, as the audit log's do, changes
// no record that a read under way could give.
func (s *Store) forget(ops []store.Op) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(ops, func(op store.Op) bool { return op.Kind != store.OpCreate }) {
		s.commits++
	}
	for _, op := range ops {
		delete(s.read, op.Key)
	}
}

// Close closes the store below and forgets everything.
func (s *Store) Close() error {
	s.mu.Lock()
	s.life = 0
	clear(s.read)
	s.mu.Unlock()
	return s.Store.Close()
}
