// Package store is the state port: what the system remembers, in any cloud or on one machine.
//
// It is a map from keys to bytes with revisions. One [Store.Commit] is atomic over all its
// operations, whatever kinds of record they touch, and preconditions on revisions take the place of
// interactive transactions. Secondary lookups are index entries that the same commit writes.
//
// It refuses queries, joins and locks: what one driver answers every driver answers, and the
// conformance suite in storetest proves it for each of them.
package store

import (
	"context"
	"errors"
)

// Store is the port. Drivers: store/sqlite, store/firestore, store/postgres. All methods are safe for concurrent
// use and honour the context's deadline.
//
// Keys are 1 to 512 bytes of printable ASCII without space, and order bytewise. By custom a key is
// kind/part/part. Values are 0 bytes to 900 000 bytes. Bounds are checked by the drivers alike
// (CheckOps), and breaking one is a fault of kind Invalid.
//
// Errors: ErrNotFound and ErrConflict as below; anything else is a fault of kind Unavailable when
// trying again may help.
type Store interface {
	// Get gives the record at key, or ErrNotFound.
	Get(ctx context.Context, key string) (Record, error)
	// GetMany gives the records that exist, keyed by key. Keys that do not exist are absent.
	GetMany(ctx context.Context, keys []string) (map[string]Record, error)
	// Scan gives at most limit records (1 to 1000) whose key starts with prefix and is greater than
	// after, in key order. after may be "".
	Scan(ctx context.Context, prefix, after string, limit int) ([]Record, error)
	// Commit does all the operations or none (at most 2000, each on a key of its own). ErrConflict when a precondition fails.
	// When it returns nil the writes are durable. After any other error than ErrConflict and a fault
	// of kind Invalid the outcome is unknown: it may or may not have happened.
	Commit(ctx context.Context, ops ...Op) error
	// Close releases what the store holds. The store cannot be used afterwards.
	Close() error
}

// Record is a stored value with the revision that guards it.
type Record struct {
	Key      string
	Value    []byte
	Revision Revision
}

// Revision identifies one version of one record. It is opaque and driver-specific; only equality
// has meaning. The zero Revision belongs to no record.
type Revision string

var (
	// ErrNotFound is returned by Get for a key without a record.
	ErrNotFound = errors.New("store: not found")
	// ErrConflict is returned by Commit when a record exists that Create would make, or a revision
	// that PutIf or DeleteIf names is no longer current.
	ErrConflict = errors.New("store: conflict")
)

// Op is one write of a commit. Make it with Create, Put, PutIf or DeleteIf.
type Op struct {
	Kind     OpKind
	Key      string
	Value    []byte
	Revision Revision
}

// OpKind says what an Op does.
type OpKind int

// The kinds. The zero kind is no operation and is refused.
const (
	OpCreate   OpKind = iota + 1 // the record must not exist
	OpPut                        // whatever was there
	OpPutIf                      // the record must have the revision
	OpDeleteIf                   // the record must have the revision
)

// Create makes a record that must not exist.
func Create(key string, value []byte) Op { return Op{Kind: OpCreate, Key: key, Value: value} }

// Put writes a record whatever was there.
func Put(key string, value []byte) Op { return Op{Kind: OpPut, Key: key, Value: value} }

// PutIf replaces the record that has the revision.
func PutIf(key string, value []byte, r Revision) Op {
	return Op{Kind: OpPutIf, Key: key, Value: value, Revision: r}
}

// DeleteIf removes the record that has the revision.
func DeleteIf(key string, r Revision) Op { return Op{Kind: OpDeleteIf, Key: key, Revision: r} }
