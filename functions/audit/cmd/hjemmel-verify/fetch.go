package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"strings"
	"time"

	"hjemmel/shared/audit/tiles"
)

// maxFile is more than any file of a log has: a bundle is 256 leaves of 34 bytes.
const maxFile = 64 << 10

// fetch reads a log from a folder or over http.
func fetch(at string) tiles.Fetch {
	if !strings.HasPrefix(at, "http://") && !strings.HasPrefix(at, "https://") {
		return func(_ context.Context, name string) ([]byte, error) {
			return os.ReadFile(path.Join(at, name)) //nolint:gosec // the user names the folder
		}
	}
	client := &http.Client{Timeout: time.Minute}
	return func(ctx context.Context, name string) ([]byte, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(at, "/")+"/"+name, nil)
		if err != nil {
			return nil, err
		}
		a, err := client.Do(r)
		if err != nil {
			return nil, err
		}
		defer func() { _ = a.Body.Close() }()
		if a.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s: %s", name, a.Status)
		}
		return io.ReadAll(io.LimitReader(a.Body, maxFile))
	}
}
