// Package postgres keeps the state in PostgreSQL: the driver of the state port for instances that come and go where
// there is no Firestore, in any cloud or in an own machine room.
//
// A commit is one transaction whose writes lie in the order of their keys, so that commits wait for each other and
// do not lock each other out. It is answered when it is flushed (synchronous_commit), on the standby as well where
// the server has a synchronous one; with an asynchronous one a failover loses what it had not got, and may give
// revisions twice. Revisions are from a sequence. What is deleted is gone when the server has vacuumed, and from its
// archived log when that is dropped.
//
// The server keeps one table in the schema that the connection is in, made when it is not there. The password comes
// from where PostgreSQL's own clients take it: PGPASSWORD, PGPASSFILE, or a client certificate.
//
// It refuses a password in the URL, a connection that leaves the machine without a verified certificate, a server
// that does not flush or only reads, and a table of another version.
package postgres

import (
	"context"
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"hjemmel/shared/store"
)

// timeout bounds one call, and what the server does for it.
const timeout = 10 * time.Second

// connections is how many an instance has at most, unless the URL says otherwise (pool_max_conns).
const connections = "8"

// Store is the driver. Make it with [Open].
type Store struct{ pool *pgxpool.Pool }

var _ store.Store = (*Store)(nil)

var (
	errPassword = errors.New("postgres: a password must not be in the URL: set PGPASSWORD, PGPASSFILE or a client certificate")
	errTLS      = errors.New("postgres: only a server on this machine may be reached without sslmode=verify-full")
)

// Open opens the state at a URL as PostgreSQL's clients take it, postgres://USER@HOST:PORT/DATABASE, with their
// parameters; search_path says which schema. Errors: Unavailable when the server does not answer, Internal when it
// refuses, or we refuse it.
func Open(ctx context.Context, at string) (*Store, error) {
	c, err := config(at)
	if err != nil {
		return nil, store.Broken(err)
	}
	pool, err := pgxpool.NewWithConfig(context.WithoutCancel(ctx), c)
	if err != nil {
		return nil, store.Broken(quiet(err))
	}
	s := &Store{pool}
	if err := s.call(ctx, retriable, s.prepare); err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

// config reads the URL, and sets what it leaves open.
func config(at string) (*pgxpool.Config, error) {
	u, err := url.Parse(at)
	if err != nil {
		return nil, errors.New("postgres: not a URL")
	}
	if _, ok := u.User.Password(); ok || u.Query().Has("password") {
		return nil, errPassword
	}
	q := u.Query()
	for name, value := range map[string]string{
		"pool_max_conns": connections, "sslmode": sslmode(u.Hostname()),
		"statement_timeout": "10s", "idle_in_transaction_session_timeout": "10s", "synchronous_commit": "on",
	} {
		if !q.Has(name) {
			q.Set(name, value)
		}
	}
	u.RawQuery = q.Encode()
	c, err := pgxpool.ParseConfig(u.String())
	if err != nil {
		return nil, errors.New("postgres: not a connection string that PostgreSQL's clients take")
	}
	if !private(&c.ConnConfig.Config) {
		return nil, errTLS
	}
	c.ConnConfig.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	return c, nil
}

func sslmode(host string) string {
	if here(host) {
		return "prefer"
	}
	return "verify-full"
}

// here knows a server that is reached without a network. A list of hosts is not one.
func here(host string) bool {
	ip := net.ParseIP(host)
	return strings.HasPrefix(host, "/") || host == "localhost" || ip != nil && ip.IsLoopback()
}

// private tells whether every way to the server that may be tried stays on this machine or verifies who answers.
func private(c *pgconn.Config) bool {
	ways := append([]*pgconn.FallbackConfig{{Host: c.Host, TLSConfig: c.TLSConfig}}, c.Fallbacks...)
	return !slices.ContainsFunc(ways, func(w *pgconn.FallbackConfig) bool {
		return !here(w.Host) && (w.TLSConfig == nil || w.TLSConfig.InsecureSkipVerify)
	})
}

// Get gives the record at key, or store.ErrNotFound.
func (s *Store) Get(ctx context.Context, key string) (store.Record, error) {
	found, err := s.GetMany(ctx, []string{key})
	if err != nil {
		return store.Record{}, err
	}
	r, ok := found[key]
	if !ok {
		return store.Record{}, store.ErrNotFound
	}
	return r, nil
}

// GetMany gives the records that exist, all as of one moment.
func (s *Store) GetMany(ctx context.Context, keys []string) (map[string]store.Record, error) {
	if err := store.CheckKeys(keys...); err != nil {
		return nil, err
	}
	raw := make([][]byte, len(keys))
	for i, k := range keys {
		raw[i] = []byte(k)
	}
	records, err := s.read(ctx, `SELECT key, revision, value FROM hjemmel_record WHERE key = ANY($1)`, raw)
	if err != nil {
		return nil, err
	}
	found := make(map[string]store.Record, len(records))
	for _, r := range records {
		found[r.Key] = r
	}
	return found, nil
}

// Scan gives the records of a prefix in key order, all as of one moment.
func (s *Store) Scan(ctx context.Context, prefix, after string, limit int) ([]store.Record, error) {
	if err := store.CheckScan(prefix, after, limit); err != nil {
		return nil, err
	}
	from, to := store.Below(prefix, after)
	return s.read(ctx, `SELECT key, revision, value FROM hjemmel_record WHERE key >= $1 AND key < $2 ORDER BY key LIMIT $3`, from, to, limit)
}

func (s *Store) read(ctx context.Context, query string, args ...any) (found []store.Record, err error) {
	err = s.call(ctx, retriable, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, query, args...)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, record)
		return err
	})
	return found, err
}

func record(row pgx.CollectableRow) (store.Record, error) {
	var key, value []byte
	var revision int64
	err := row.Scan(&key, &revision, &value)
	return store.Record{Key: string(key), Value: value, Revision: store.Numbered(revision)}, err
}

// Commit does all the operations or none, and returns when they are flushed.
func (s *Store) Commit(ctx context.Context, ops ...store.Op) error {
	if err := store.CheckOps(ops); err != nil {
		return err
	}
	ordered := slices.SortedFunc(slices.Values(ops), func(a, b store.Op) int { return strings.Compare(a.Key, b.Key) })
	asked := false // whether the server was asked to commit: before that, whatever fails leaves nothing behind
	again := func(err error) bool { return !permanent(err) && (!asked || gaveWay(err)) }
	return s.call(ctx, again, func(ctx context.Context) error {
		asked = false
		tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback(ctx) }() // does nothing after a commit; else the server does it too
		if err := write(ctx, tx, ordered); err != nil {
			return err
		}
		asked = true
		return tx.Commit(ctx)
	})
}

// write does the operations in one round trip. One that changes no row found another state than it was made for.
func write(ctx context.Context, tx pgx.Tx, ops []store.Op) (err error) {
	var b pgx.Batch
	for _, op := range ops {
		queueOp(&b, op)
	}
	results := tx.SendBatch(ctx, &b)
	defer func() { err = errors.Join(err, results.Close()) }()
	for range ops {
		tag, err := results.Exec()
		if err != nil {
			return err
		}
		if tag.RowsAffected() != 1 {
			return store.ErrConflict
		}
	}
	return nil
}

const insert = `INSERT INTO hjemmel_record (key, value, revision) VALUES ($1, $2, nextval('hjemmel_revision')) ON CONFLICT (key) DO `

func queueOp(b *pgx.Batch, op store.Op) {
	key, value := []byte(op.Key), op.Value
	if value == nil {
		value = []byte{}
	}
	switch op.Kind {
	case store.OpCreate:
		b.Queue(insert+`NOTHING`, key, value)
	case store.OpPut:
		b.Queue(insert+`UPDATE SET value = EXCLUDED.value, revision = EXCLUDED.revision`, key, value)
	case store.OpPutIf:
		b.Queue(`UPDATE hjemmel_record SET value = $2, revision = nextval('hjemmel_revision') WHERE key = $1 AND revision = $3`, key, value, op.Revision.Number())
	case store.OpDeleteIf:
		b.Queue(`DELETE FROM hjemmel_record WHERE key = $1 AND revision = $2`, key, op.Revision.Number())
	}
}

// Close ends the connections, when the calls under way are answered. Closing again does nothing.
func (s *Store) Close() error {
	s.pool.Close()
	return nil
}
