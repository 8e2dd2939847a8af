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
	if err := e.need("HJEMMEL_LOGG_KEY", len(c.LoggKey) > 0); err != nil {
		return nil, err
	}
	signer, err := tiles.NewSigner(c.LoggOrigin, c.LoggKey)
	if err != nil {
		return nil, errors.New("setting HJEMMEL_LOGG_KEY must be 32 bytes, HJEMMEL_LOGG_ORIGIN without space and plus")
	}
	s := &seal.Sealer{Signer: signer, Now: e.Now}
	if s.State, err = e.openState(); err != nil {
		return nil, err
	}
	if s.Bucket, err = e.bucketOf("HJEMMEL_LOGG", c.Logg); err != nil || c.LoggCopy == "" {
		return s, err
	}
	s.Copy, err = e.bucketOf("HJEMMEL_LOGG_COPY", c.LoggCopy)
	return s, err
}

// bucketOf opens the bucket of a setting.
func (e *Env) bucketOf(setting, at string) (*blob.Bucket, error) {
	if err := e.need(setting, at != ""); err != nil {
		return nil, err
	}
	b, err := e.openBucket(at)
	if err != nil {
		return nil, fmt.Errorf("setting %s: %w", setting, err)
	}
	return b, nil
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
