package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"hjemmel/shared/store"
)

// tries bounds the attempts of one call: with pauses from 10 ms that double, about half a second in all.
const tries = 7

// gaveWay knows a transaction that the server gave up for the sake of another (serialization_failure,
// deadlock_detected): nothing was written.
func gaveWay(err error) bool { return slices.Contains([]string{"40001", "40P01"}, state(err)) }

// retriable: a read, or making the tables, may be done again whatever came of it, as long as the server may get over it.
func retriable(err error) bool { return !permanent(err) }

// call does one call within the timeout, and again while that is allowed. What it returns is a fault, or
// store.ErrConflict from do.
func (s *Store) call(ctx context.Context, again func(error) bool, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	pause := 10 * time.Millisecond
	for n := 1; ; n++ {
		err := do(ctx)
		if err == nil || errors.Is(err, store.ErrConflict) {
			return plain(err)
		}
		if n == tries || ctx.Err() != nil || !again(err) || !slept(ctx, pause/2+rand.N(pause/2)) { //nolint:gosec // jitter
			return mapped(ctx, err)
		}
		pause *= 2
	}
}

// plain leaves nothing of a driver's words beside the conflict.
func plain(err error) error {
	if err != nil {
		return store.ErrConflict
	}
	return nil
}

func slept(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// mapped turns an error of the call into a fault.
func mapped(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return store.Unavailable(ctx.Err())
	case permanent(err):
		return store.Broken(quiet(err))
	}
	return store.Unavailable(quiet(err))
}

// permanent knows what will be the same next time: what we refuse, and what the server answers that is not about
// the connection (08), other transactions (40), resources (53), limits of time (55, 57), its disk (58), or that it only
// reads, as after a failover (25006). Classes: postgresql.org/docs/current/errcodes-appendix.html.
func permanent(err error) bool {
	if errors.Is(err, errForeign) {
		return true
	}
	code := state(err)
	if code == "" || code == "25006" {
		return false
	}
	switch code[:2] {
	case "08", "40", "53", "55", "57", "58":
		return false
	}
	return true
}

// state gives the SQLSTATE of an error that the server answered; "" where it did not.
func state(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

// quiet keeps the code of what the server said, whose words may hold a key, and of a connection that could not be made
// why. Elsewhere only the kind of error is left.
func quiet(err error) error {
	if errors.Is(err, errForeign) {
		return err
	}
	if code := state(err); code != "" {
		return fmt.Errorf("postgres: SQLSTATE %s", code)
	}
	if e, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return fmt.Errorf("postgres: no connection: %w", e)
	}
	return fmt.Errorf("postgres: %T", err)
}

// schema version 1. The sequence outlives the records, so that no revision is given twice.
const schema = `
CREATE TABLE hjemmel_record (key bytea PRIMARY KEY, revision bigint NOT NULL, value bytea NOT NULL);
CREATE SEQUENCE hjemmel_revision;
CREATE TABLE hjemmel_version (version int NOT NULL);
INSERT INTO hjemmel_version VALUES (1)`

const version = 1

var errForeign = errors.New("postgres: the server or its tables are not as we need them")

func foreign(what string, got any) error { return fmt.Errorf("%w: %s is %v", errForeign, what, got) }

// prepare makes the tables where there are none, one instance at a time, and looks whether they are ours.
func (s *Store) prepare(ctx context.Context) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := flushes(ctx, tx); err != nil {
			return err
		}
		there, err := present(ctx, tx)
		if err != nil {
			return err
		}
		if !there {
			return create(ctx, tx)
		}
		return current(ctx, tx)
	})
}

// flushes refuses a server that answers before what it wrote would survive.
func flushes(ctx context.Context, tx pgx.Tx) error {
	for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		var value string
		if err := tx.QueryRow(ctx, `SELECT current_setting($1)`, name).Scan(&value); err != nil {
			return err
		}
		if value == "off" {
			return foreign(name, value)
		}
	}
	return nil
}

// present reads the catalogue's table: what resolves names may remember that there was none.
func present(ctx context.Context, tx pgx.Tx) (there bool, err error) {
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'hjemmel_version' AND relnamespace = current_schema()::regnamespace)`).Scan(&there)
	return there, err
}

// create makes the tables unless another instance did while we waited for it.
func create(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(1214932333)`); err != nil { // "Hjem"
		return err
	}
	if there, err := present(ctx, tx); err != nil || there {
		return errors.Join(err, current(ctx, tx))
	}
	_, err := tx.Exec(ctx, schema, pgx.QueryExecModeSimpleProtocol)
	return err
}

func current(ctx context.Context, tx pgx.Tx) error {
	var is int
	if err := tx.QueryRow(ctx, `SELECT version FROM hjemmel_version`).Scan(&is); err != nil {
		return err
	}
	if is != version {
		return foreign("version", is)
	}
	return nil
}
