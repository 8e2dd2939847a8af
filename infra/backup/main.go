// Command backup copies the embedded store (HJEMMEL_STATE, a sqlite:// URL) to a file while it is in use, and puts such a
// copy back once nobody uses it:
//
//	backup save FILE
//	backup restore FILE
//
// It refuses to write over a file, to save a store that is not there, and to restore what is damaged. After restoring it tells how far the sealed log had come. The sealed log's
// files and those of lists lie in buckets of their own, which it does not touch: infra/runbooks/restore.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"hjemmel/shared/audit/seal"
	"hjemmel/shared/store/sqlite"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	said, err := run(ctx, os.Getenv("HJEMMEL_STATE"), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "backup:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to stop
	}
	fmt.Println(said)
}

// run does what the words say and tells what was done.
func run(ctx context.Context, state string, words []string) (string, error) {
	path, ok := strings.CutPrefix(state, "sqlite://")
	if !ok || path == "" {
		return "", errors.New("setting HJEMMEL_STATE must be sqlite://PATH; other stores have backups of their own")
	}
	if len(words) != 2 {
		return "", errors.New("say: backup save FILE, or: backup restore FILE")
	}
	switch file := words[1]; words[0] {
	case "save":
		return file + " holds what " + path + " held", save(ctx, path, file)
	case "restore":
		was, err := sqlite.Restore(ctx, file, path, time.Now())
		if err != nil {
			return "", err
		}
		if was != "" {
			was = "\nwhat was there is " + was
		}
		log, err := sealed(ctx, path)
		return path + " holds what " + file + " held" + was + "\n" + log, err
	}
	return "", fmt.Errorf("unknown word: %q", words[0])
}

// sealed tells how far the sealed log had come: files that are newer belong to a log that this store does not know.
func sealed(ctx context.Context, path string) (string, error) {
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		return "", err
	}
	log, err := (&seal.Sealer{State: s}).Status(ctx)
	if err := errors.Join(err, s.Close()); err != nil {
		return "", err
	}
	if log.SistForseglet == nil {
		return "sealed 0 entries", nil
	}
	return fmt.Sprintf("sealed %d entries until %s", log.Forseglet, log.SistForseglet.Format(time.RFC3339Nano)), nil
}

func save(ctx context.Context, path, file string) error {
	if _, err := os.Stat(path); err != nil { //nolint:gosec // the operator names the file, and opening would make one
		return fmt.Errorf("setting HJEMMEL_STATE: %w", err)
	}
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	return errors.Join(s.Backup(ctx, file), s.Close())
}
