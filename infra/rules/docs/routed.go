package main

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"hjemmel/infra/routes"
)

// routed finds which of the files made of the routes are stale below root, and mends them when it is to.
func routed(root string, mend bool) (stale []string, err error) {
	scratch, err := os.MkdirTemp("", "routes-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	all, err := routes.All(scratch)
	if err != nil {
		return nil, err
	}
	files, err := routes.Files(all)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		at := filepath.Join(root, name)
		old, err := os.ReadFile(at) //nolint:gosec // a file of this repository
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if bytes.Equal(old, files[name]) {
			continue
		}
		stale = append(stale, name)
		if !mend {
			continue
		}
		if err := os.WriteFile(at, files[name], 0o644); err != nil { //nolint:gosec // everybody may read it
			return nil, err
		}
	}
	return stale, nil
}
