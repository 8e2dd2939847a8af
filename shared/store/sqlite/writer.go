package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"slices"

	"hjemmel/shared/store"
)

// schema version 1. A WITHOUT ROWID table is one tree ordered by the bytes of the key. The counter
// outlives the records, so that no revision is given twice.
const schema = `
CREATE TABLE record (key BLOB PRIMARY KEY, revision INTEGER NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE counter (revision INTEGER NOT NULL) STRICT;
INSERT INTO counter VALUES (0);
PRAGMA application_id = 1214932333; -- "Hjem"
PRAGMA user_version = 1;`

const (
	application = 1214932333
	version     = 1
)

var errClosed = errors.New("sqlite: the store is closed")

// writer owns the one connection that writes.
type writer struct {
	db      *sql.DB
	conn    *sql.Conn
	do      statements
	queue   chan request // unbuffered: what is taken is answered
	closing chan struct{}
	stopped chan struct{}
}

type request struct {
	ctx  context.Context
	ops  []store.Op
	done chan error // holds one
}

type statements struct {
	begin, commit, rollback, savepoint, undo, release *sql.Stmt
	counter, count                                    *sql.Stmt
	create, put, putIf, deleteIf                      *sql.Stmt
}

// close finalizes the statements, without which SQLite keeps the file open and locked.
func (s statements) close() error {
	var errs []error
	for _, one := range []*sql.Stmt{s.begin, s.commit, s.rollback, s.savepoint, s.undo, s.release, s.counter, s.count, s.create, s.put, s.putIf, s.deleteIf} {
		errs = append(errs, one.Close())
	}
	return errors.Join(errs...)
}

func openWriter(ctx context.Context, path string) (*writer, error) {
	db, err := open(path, url.Values{"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}})
	if err != nil {
		return nil, err
	}
	w := &writer{db: db, queue: make(chan request), closing: make(chan struct{}), stopped: make(chan struct{})}
	if err := w.prepare(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	go w.run()
	return w, nil
}

func (w *writer) prepare(ctx context.Context) (err error) {
	if w.conn, err = w.db.Conn(ctx); err != nil {
		return err
	}
	if err := w.settle(ctx); err != nil {
		return err
	}
	d := &w.do
	for text, stmt := range map[string]**sql.Stmt{
		`BEGIN IMMEDIATE`:                 &d.begin,
		`COMMIT`:                          &d.commit,
		`ROLLBACK`:                        &d.rollback,
		`SAVEPOINT one`:                   &d.savepoint,
		`ROLLBACK TO one`:                 &d.undo,
		`RELEASE one`:                     &d.release,
		`SELECT revision FROM counter`:    &d.counter,
		`UPDATE counter SET revision = ?`: &d.count,
		`INSERT INTO record (revision, value, key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`: &d.create,
		`INSERT INTO record (revision, value, key) VALUES (?, ?, ?)
		 ON CONFLICT DO UPDATE SET revision = excluded.revision, value = excluded.value`: &d.put,
		`UPDATE record SET revision = ?, value = ? WHERE key = ? AND revision = ?`: &d.putIf,
		`DELETE FROM record WHERE key = ? AND revision = ?`:                        &d.deleteIf,
	} {
		if *stmt, err = w.conn.PrepareContext(ctx, text); err != nil { //nolint:sqlclosecheck // they live as long as the connection
			return err
		}
	}
	return nil
}

// settle makes the schema in an empty file, and refuses a file that is not ours or not durable.
func (w *writer) settle(ctx context.Context) error {
	if _, err := w.conn.ExecContext(ctx, `PRAGMA secure_delete = 1; BEGIN IMMEDIATE`); err != nil {
		return err
	}
	err := w.settleSchema(ctx)
	if err != nil {
		_, undo := w.conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`)
		return errors.Join(err, undo)
	}
	if _, err := w.conn.ExecContext(ctx, `COMMIT`); err != nil {
		return err
	}
	return w.expect(ctx, map[string]any{"application_id": int64(application), "user_version": int64(version),
		"journal_mode": "wal", "synchronous": int64(2), "secure_delete": int64(1)})
}

func (w *writer) settleSchema(ctx context.Context) error {
	var tables int
	if err := w.conn.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return err
	}
	if tables > 0 {
		return nil
	}
	_, err := w.conn.ExecContext(ctx, schema)
	return err
}

func (w *writer) expect(ctx context.Context, want map[string]any) error {
	for name, value := range want {
		var got any
		if err := w.conn.QueryRowContext(ctx, `PRAGMA `+name).Scan(&got); err != nil {
			return err
		}
		if got != value {
			return foreign(name, got)
		}
	}
	return nil
}

// commit hands the operations to the writing goroutine. It copies them, for a caller whose context
// ends goes on while the writer may still be at it.
func (w *writer) commit(ctx context.Context, ops []store.Op) error {
	if err := ctx.Err(); err != nil {
		return store.Unavailable(err)
	}
	r := request{ctx: ctx, ops: slices.Clone(ops), done: make(chan error, 1)}
	for i, op := range r.ops {
		r.ops[i].Value = append([]byte{}, op.Value...) // never nil, which SQLite takes for NULL
	}
	select {
	case w.queue <- r:
	case <-w.closing:
		return store.Unavailable(errClosed)
	case <-ctx.Done():
		return store.Unavailable(ctx.Err())
	}
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		return store.Unavailable(ctx.Err())
	}
}

func (w *writer) close() error {
	close(w.closing)
	<-w.stopped
	return errors.Join(w.do.close(), w.conn.Close(), w.db.Close())
}

func (w *writer) run() {
	defer close(w.stopped)
	for {
		select {
		case r := <-w.queue:
			w.serve(w.gather(r))
		case <-w.closing:
			return
		}
	}
}

// gather takes the requests that wait right now, until they make up a large commit.
func (w *writer) gather(first request) []request {
	group := []request{first}
	for n := len(first.ops); n < store.MaxOps; {
		select {
		case r := <-w.queue:
			group = append(group, r)
			n += len(r.ops)
		default:
			return group
		}
	}
	return group
}

func (w *writer) serve(group []request) {
	outcomes, err := w.transact(group)
	for i, r := range group {
		if err != nil {
			r.done <- mapped(r.ctx, err)
			continue
		}
		r.done <- outcomes[i]
	}
}

// transact does the group in one transaction. The outcomes hold once it has returned without an
// error: the transaction is on disk.
func (w *writer) transact(group []request) (outcomes []error, err error) {
	ctx := context.Background() // one caller's deadline must not end the others' transaction
	if _, err := w.do.begin.ExecContext(ctx); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_, _ = w.do.rollback.ExecContext(ctx) // fails when SQLite has done it already
		}
	}()
	var revision int64
	if err := w.do.counter.QueryRowContext(ctx).Scan(&revision); err != nil {
		return nil, err
	}
	for _, r := range group {
		outcome, err := w.try(ctx, r, &revision)
		if err != nil {
			return nil, err
		}
		outcomes = append(outcomes, outcome)
	}
	if _, err := w.do.count.ExecContext(ctx, revision); err != nil {
		return nil, err
	}
	_, err = w.do.commit.ExecContext(ctx)
	return outcomes, err
}

// try does one request behind a savepoint. The outcome is what its caller is told; the error ends
// the whole group.
func (w *writer) try(ctx context.Context, r request, revision *int64) (outcome, err error) {
	if err := r.ctx.Err(); err != nil {
		return store.Unavailable(err), nil
	}
	if len(r.ops) == 1 { // one statement needs no savepoint to be whole
		*revision++
		if done, err := w.apply(ctx, r.ops[0], *revision); err != nil || done {
			return nil, err
		}
		return store.ErrConflict, nil
	}
	if _, err := w.do.savepoint.ExecContext(ctx); err != nil {
		return nil, err
	}
	for _, op := range r.ops {
		*revision++
		done, err := w.apply(ctx, op, *revision)
		if err != nil {
			return nil, err
		}
		if !done {
			outcome = store.ErrConflict
			if _, err := w.do.undo.ExecContext(ctx); err != nil {
				return nil, err
			}
			break
		}
	}
	_, err = w.do.release.ExecContext(ctx)
	return outcome, err
}

// apply does one operation and says whether its precondition held.
func (w *writer) apply(ctx context.Context, op store.Op, revision int64) (bool, error) {
	var res sql.Result
	var err error
	switch key := []byte(op.Key); op.Kind {
	case store.OpCreate:
		res, err = w.do.create.ExecContext(ctx, revision, op.Value, key)
	case store.OpPut:
		res, err = w.do.put.ExecContext(ctx, revision, op.Value, key)
	case store.OpPutIf:
		res, err = w.do.putIf.ExecContext(ctx, revision, op.Value, key, op.Revision.Number())
	case store.OpDeleteIf:
		res, err = w.do.deleteIf.ExecContext(ctx, key, op.Revision.Number())
	}
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}
