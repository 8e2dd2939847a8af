package host

import (
	"errors"
	"fmt"
	"net/url"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"

	"hjemmel/shared/audit/seal"
	"hjemmel/shared/audit/tiles"
)

// openSealer opens the buckets of the sealed log. It reads the state itself and no memory of it, because it
// moves by revisions.
func (e *Env) openSealer() (*seal.Sealer, error) {
	c := e.Config
	signer, err := tiles.NewSigner(c.LoggOrigin, c.LoggKey)
	if err != nil {
		return nil, errors.New("setting HJEMMEL_LOGG_KEY must be 32 bytes, HJEMMEL_LOGG_ORIGIN without space and plus")
	}
	s := &seal.Sealer{Signer: signer, Now: e.Now}
	if s.State, err = e.openState(); err != nil {
		return nil, err
	}
	if s.Bucket, err = e.openBucket(c.Logg); err != nil {
		return nil, fmt.Errorf("setting HJEMMEL_LOGG: %w", err)
	}
	if c.LoggCopy == "" {
		return s, nil
	}
	if s.Copy, err = e.openBucket(c.LoggCopy); err != nil {
		return nil, fmt.Errorf("setting HJEMMEL_LOGG_COPY: %w", err)
	}
	return s, nil
}

// openBucket opens the bucket that a URL names.
func (e *Env) openBucket(at string) (*blob.Bucket, error) {
	u, err := url.Parse(at)
	if err != nil {
		return nil, errors.New("not a URL")
	}
	if u.Scheme != "file" || u.Host+u.Path == "" {
		return nil, errors.New("must start with file://")
	}
	// Files are made beside where they end, so that naming them is one step; what a bucket would tell of
	// a file besides, nobody asks for.
	b, err := fileblob.OpenBucket(u.Host+u.Path, &fileblob.Options{CreateDir: true, NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
	if err != nil {
		return nil, errors.New("cannot open the folder")
	}
	e.closed = append(e.closed, b.Close)
	return b, nil
}
