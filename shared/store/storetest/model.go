package storetest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"

	"hjemmel/shared/store"
)

// Model is a store in memory: a map behind a lock, as plain as can be, for it is the oracle of the
// suite. It forgets everything when it goes. Make it with [NewMemory].
type Model struct {
	mu      sync.Mutex
	records map[string]store.Record
	last    int // revision given last
	closed  bool
}

var _ store.Store = (*Model)(nil)

var errClosed = errors.New("storetest: the store is closed")

// NewMemory gives an empty store.
func NewMemory() *Model { return &Model{records: map[string]store.Record{}} }

// Get gives the record at key, or store.ErrNotFound.
func (m *Model) Get(ctx context.Context, key string) (store.Record, error) {
	found, err := m.GetMany(ctx, []string{key})
	if err != nil {
		return store.Record{}, err
	}
	r, ok := found[key]
	if !ok {
		return store.Record{}, store.ErrNotFound
	}
	return r, nil
}

// GetMany gives the records that exist.
func (m *Model) GetMany(ctx context.Context, keys []string) (map[string]store.Record, error) {
	if err := store.CheckKeys(keys...); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	found := map[string]store.Record{}
	for _, k := range keys {
		if r, ok := m.records[k]; ok {
			found[k] = copied(r)
		}
	}
	return found, nil
}

// Scan gives the records of a prefix in key order.
func (m *Model) Scan(ctx context.Context, prefix, after string, limit int) ([]store.Record, error) {
	if err := store.CheckScan(prefix, after, limit); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	var found []store.Record
	for k, r := range m.records {
		if strings.HasPrefix(k, prefix) && k > after {
			found = append(found, copied(r))
		}
	}
	slices.SortFunc(found, func(a, b store.Record) int { return strings.Compare(a.Key, b.Key) })
	return found[:min(limit, len(found))], nil
}

// Commit does all the operations or none.
func (m *Model) Commit(ctx context.Context, ops ...store.Op) error {
	if err := store.CheckOps(ops); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return err
	}
	for _, op := range ops {
		if !m.holds(op) {
			return store.ErrConflict
		}
	}
	for _, op := range ops {
		m.apply(op)
	}
	return nil
}

// Close makes every later call fail.
func (m *Model) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return nil
}

func (m *Model) usable(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return store.Unavailable(err)
	}
	if m.closed {
		return store.Unavailable(errClosed)
	}
	return nil
}

// holds says whether the precondition of an operation is met.
func (m *Model) holds(op store.Op) bool {
	r, exists := m.records[op.Key]
	switch op.Kind {
	case store.OpCreate:
		return !exists
	case store.OpPutIf, store.OpDeleteIf:
		return exists && r.Revision == op.Revision
	default:
		return true
	}
}

func (m *Model) apply(op store.Op) {
	if op.Kind == store.OpDeleteIf {
		delete(m.records, op.Key)
		return
	}
	m.last++
	m.records[op.Key] = store.Record{Key: op.Key, Value: bytes.Clone(op.Value), Revision: store.Revision(strconv.Itoa(m.last))}
}

func copied(r store.Record) store.Record {
	r.Value = bytes.Clone(r.Value)
	return r
}
