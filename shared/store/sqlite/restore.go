package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"hjemmel/shared/store"
)

// Restore puts the backup at from in the place of the store at path, which nobody may have open, and gives the name
// that the store that was there has now; "" where there was none. Nothing is lost: what was there is renamed. A backup that
// is damaged or not of our making is refused before anything is touched. Errors: Internal for such a backup and for a store in use.
func Restore(ctx context.Context, from, path string, now time.Time) (was string, err error) {
	if _, err := os.Stat(from); err != nil {
		return "", store.Broken(err) // Open would make one
	}
	part, err := copied(from, path)
	if err != nil {
		return "", store.Broken(err)
	}
	defer os.Remove(part)
	if err := whole(ctx, part); err != nil {
		return "", err
	}
	if was, err = aside(ctx, path, now); err != nil {
		return "", err
	}
	if err := os.Rename(part, path); err != nil {
		return was, store.Unavailable(err)
	}
	return was, syncFolder(filepath.Dir(path))
}

// copied makes a copy of a file beside another, on disk, readable by nobody else.
func copied(from, beside string) (string, error) {
	if err := os.MkdirAll(filepath.Dir(beside), 0o700); err != nil {
		return "", err
	}
	source, err := os.Open(from) //nolint:gosec // the operator names the file
	if err != nil {
		return "", err
	}
	defer source.Close()
	part, err := os.CreateTemp(filepath.Dir(beside), ".restore-*")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(part, source)
	if err = errors.Join(err, part.Sync(), part.Close()); err != nil {
		return "", errors.Join(err, os.Remove(part.Name()))
	}
	return part.Name(), nil
}

// whole opens a copy as the store it shall become, and has SQLite read all of it.
func whole(ctx context.Context, path string) error {
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return store.Broken(fmt.Errorf("sqlite: restore: the backup is empty: %w", errors.Join(err, errForeign)))
	}
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	var verdict string
	err = s.db.QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&verdict)
	if err == nil && verdict != "ok" {
		err = foreign("integrity_check", verdict)
	}
	if err := errors.Join(err, s.Close()); err != nil {
		return mapped(ctx, err)
	}
	return alone(ctx, path)
}

// aside renames the store at path, if there is one.
func aside(ctx context.Context, path string, now time.Time) (string, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err := alone(ctx, path); err != nil {
		return "", err
	}
	was := path + now.UTC().Format(".before-20060102T150405.000Z")
	if err := os.Rename(path, was); err != nil {
		return "", store.Unavailable(err)
	}
	return was, nil
}

// alone brings all that was written into the one file. SQLite leaves WAL mode only for who is alone with the file
// (sqlite.org/wal.html), so this refuses while anybody has the store open.
func alone(ctx context.Context, path string) error {
	db, err := open(path, url.Values{})
	if err != nil {
		return store.Broken(err)
	}
	var mode string
	err = db.QueryRowContext(ctx, `PRAGMA journal_mode = DELETE`).Scan(&mode)
	if err := errors.Join(err, db.Close()); err != nil {
		return store.Broken(fmt.Errorf("sqlite: restore: the store is in use, or no store: %w", err))
	}
	return nil
}
