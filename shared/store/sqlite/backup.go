package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"hjemmel/shared/store"
)

// Backup writes a copy of the store, as of one moment, to a new file at path with mode 0600. Reads
// and commits go on meanwhile. When it returns nil the copy is whole and on disk. It refuses to overwrite: a file at path is a fault of kind Internal.
func (s *Store) Backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return store.Broken(fmt.Errorf("sqlite: backup: %w", fs.ErrExist))
	}
	part, err := os.CreateTemp(filepath.Dir(path), ".backup-*") // empty and 0600, as VACUUM INTO allows
	if err != nil {
		return store.Broken(err)
	}
	defer os.Remove(part.Name())
	defer part.Close()
	if err := s.vacuumInto(ctx, part.Name()); err != nil {
		return mapped(ctx, err)
	}
	// VACUUM INTO does not sync what it wrote (sqlite.org/lang_vacuum.html).
	if err := part.Sync(); err != nil {
		return store.Unavailable(err)
	}
	if err := os.Rename(part.Name(), path); err != nil {
		return store.Unavailable(err)
	}
	return syncFolder(filepath.Dir(path))
}

// vacuumInto uses a connection of its own: a query_only one may not, and the writer is busy.
func (s *Store) vacuumInto(ctx context.Context, path string) error {
	db, err := open(s.path, url.Values{})
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, path)
	return errors.Join(err, db.Close())
}

func syncFolder(path string) error {
	d, err := os.Open(path) //nolint:gosec // the operator names the folder
	if err != nil {
		return store.Unavailable(err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return store.Unavailable(err)
	}
	return nil
}
