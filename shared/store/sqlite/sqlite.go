// Package sqlite keeps the state in one SQLite file: the driver of the state port for one machine.
//
// Use it when one process (or a few on the same machine) owns the state: the embedded default, a
// municipality's own server, development and tests. It needs a local disk: WAL does not work on a
// network file system. Use store/firestore or store/postgres when instances come and go on
// several machines.
//
// Writes go through one goroutine that puts waiting commits into one transaction, each behind a
// savepoint, so that a conflict of one leaves the others alone and all share one fsync. WAL with
// synchronous=FULL: a Commit that returned nil survives loss of power. Deleted content is
// overwritten (secure_delete). Revisions are numbers that never come back, not even for a key that
// was deleted and made again.
//
// It refuses to open a file that is not its own or that does not take WAL mode.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"modernc.org/sqlite"

	"hjemmel/shared/store"
)

// readers is how many reads run side by side; more wait their turn.
const readers = 8

// Store is the driver. Make it with [Open].
type Store struct {
	path   string
	writer *writer
	db     *sql.DB // read only
	get    *sql.Stmt
	scan   *sql.Stmt
	close  func() error
}

var _ store.Store = (*Store)(nil)

// Open opens the file at path. It makes the file (mode 0600) and its folder (mode 0700) when they do
// not exist, and narrows the mode of a file that does. Errors: Unavailable when the file is locked
// or the disk fails, Internal when the file is not a store of ours.
func Open(ctx context.Context, path string) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, store.Broken(err)
	}
	if err := private(path); err != nil {
		return nil, store.Broken(err)
	}
	w, err := openWriter(ctx, path)
	for n := 0; busy(err) && n < 100; n++ {
		// SQLite does not wait for another process that makes or leaves WAL mode.
		time.Sleep(20 * time.Millisecond)
		w, err = openWriter(ctx, path)
	}
	if err != nil {
		return nil, mapped(ctx, err)
	}
	s := &Store{path: path, writer: w}
	if err := s.openReaders(ctx, path); err != nil {
		return nil, errors.Join(mapped(ctx, err), w.close())
	}
	s.close = sync.OnceValue(func() error { return errors.Join(s.get.Close(), s.scan.Close(), s.db.Close(), w.close()) })
	return s, nil
}

func (s *Store) openReaders(ctx context.Context, path string) (err error) {
	if s.db, err = open(path, url.Values{"_query_only": {"1"}}); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(readers)
	s.db.SetMaxIdleConns(readers)
	if s.get, err = s.db.PrepareContext(ctx, `SELECT revision, value FROM record WHERE key = ?`); err != nil {
		return errors.Join(err, s.db.Close())
	}
	s.scan, err = s.db.PrepareContext(ctx, `SELECT key, revision, value FROM record WHERE key >= ? AND key < ? ORDER BY key LIMIT ?`)
	if err != nil {
		return errors.Join(err, s.db.Close())
	}
	return nil
}

// private makes the file readable by nobody else; SQLite gives its WAL the same mode.
func private(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil { //nolint:gosec // the operator names the file
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the operator names the file
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

// open gives a pool of connections to the file, hardened, with the settings added.
func open(path string, settings url.Values) (*sql.DB, error) {
	settings.Set("_busy_timeout", "5000")
	settings.Set("_defensive", "1")
	settings.Set("_dqs", "0")
	settings.Set("_pragma", "trusted_schema(0)")
	dsn := url.URL{Scheme: "file", Path: path, RawQuery: settings.Encode()}
	c, err := sqlite.NewConnector(dsn.String())
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(c), nil
}

// Get gives the record at key, or store.ErrNotFound.
func (s *Store) Get(ctx context.Context, key string) (store.Record, error) {
	if err := store.CheckKeys(key); err != nil {
		return store.Record{}, err
	}
	if ctx.Err() != nil {
		return store.Record{}, store.Unavailable(ctx.Err())
	}
	// A point read takes microseconds. To watch the context meanwhile would take two goroutines.
	r, err := one(context.WithoutCancel(ctx), s.get, key)
	if errors.Is(err, sql.ErrNoRows) {
		return store.Record{}, store.ErrNotFound
	}
	return r, mapped(ctx, err)
}

// GetMany gives the records that exist, all as of one moment.
func (s *Store) GetMany(ctx context.Context, keys []string) (map[string]store.Record, error) {
	if err := store.CheckKeys(keys...); err != nil {
		return nil, err
	}
	tx, err := s.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, mapped(ctx, err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	get := tx.StmtContext(ctx, s.get)
	found := make(map[string]store.Record, len(keys))
	for _, k := range keys {
		r, err := one(ctx, get, k)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, mapped(ctx, err)
		}
		found[k] = r
	}
	return found, nil
}

func one(ctx context.Context, get *sql.Stmt, key string) (store.Record, error) {
	var revision int64
	r := store.Record{Key: key}
	if err := get.QueryRowContext(ctx, []byte(key)).Scan(&revision, &r.Value); err != nil {
		return store.Record{}, err
	}
	r.Revision = store.Numbered(revision)
	return r, nil
}

// Scan gives the records of a prefix in key order, all as of one moment.
func (s *Store) Scan(ctx context.Context, prefix, after string, limit int) ([]store.Record, error) {
	if err := store.CheckScan(prefix, after, limit); err != nil {
		return nil, err
	}
	from, to := store.Below(prefix, after)
	rows, err := s.scan.QueryContext(ctx, from, to, limit)
	if err != nil {
		return nil, mapped(ctx, err)
	}
	defer rows.Close()
	var found []store.Record
	for rows.Next() {
		var r store.Record
		var revision int64
		if err := rows.Scan(&r.Key, &revision, &r.Value); err != nil {
			return nil, mapped(ctx, err)
		}
		r.Revision = store.Numbered(revision)
		found = append(found, r)
	}
	return found, mapped(ctx, rows.Err())
}

// Commit does all the operations or none, and returns when they are on disk.
func (s *Store) Commit(ctx context.Context, ops ...store.Op) error {
	if err := store.CheckOps(ops); err != nil {
		return err
	}
	return s.writer.commit(ctx, ops)
}

// Close finishes the commits that were taken on, refuses the rest, and closes the file. Closing again
// does nothing.
func (s *Store) Close() error { return s.close() }

// mapped turns an error of SQLite or of the context into a fault. No message of SQLite holds a key
// or a value: both are bound parameters.
func mapped(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return store.Unavailable(ctx.Err())
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok && permanent(e.Code()) {
		return store.Broken(err)
	}
	if errors.Is(err, errForeign) {
		return store.Broken(err)
	}
	return store.Unavailable(err)
}

func busy(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == 5
}

// permanent knows the result codes that will be the same next time: ERROR, PERM, READONLY, CORRUPT,
// CANTOPEN and NOTADB (sqlite.org/rescode.html; the low byte is the primary code).
func permanent(code int) bool {
	switch code & 0xff {
	case 1, 3, 8, 11, 14, 26:
		return true
	}
	return false
}

var errForeign = errors.New("sqlite: the file is not a store of ours, or of another version")

func foreign(what string, got any) error { return fmt.Errorf("%w: %s is %v", errForeign, what, got) }
