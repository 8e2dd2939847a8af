package host

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gocloud.dev/blob"

	"hjemmel/shared/audit/seal"
	"hjemmel/shared/audit/tiles"
	"hjemmel/shared/host/buckets"
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
	if err := e.export.Age("hjemmel.sealing.lag", "logg", s.Lag); err != nil {
		return nil, err
	}
	if s.Bucket, err = e.bucketOf("HJEMMEL_LOGG", c.Logg, e.openKept); err != nil || c.LoggCopy == "" {
		return s, err
	}
	s.Copy, err = e.bucketOf("HJEMMEL_LOGG_COPY", c.LoggCopy, e.openBucket)
	return s, err
}

// bucketOf opens the bucket of a setting in one of the ways below.
func (e *Env) bucketOf(setting, at string, open func(string) (*blob.Bucket, error)) (*blob.Bucket, error) {
	if err := e.need(setting, at != ""); err != nil {
		return nil, err
	}
	b, err := open(at)
	if err != nil {
		return nil, fmt.Errorf("setting %s: %w", setting, err)
	}
	return b, nil
}

// openKept opens a bucket where nothing is ever written over but the newest checkpoint.
func (e *Env) openKept(at string) (*blob.Bucket, error) {
	b, err := e.openBucket(at)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return b, buckets.CreateOnly(ctx, b)
}

// openBucket opens the bucket that a URL names.
func (e *Env) openBucket(at string) (*blob.Bucket, error) {
	b, err := buckets.Open(at)
	if err == nil {
		e.closed = append(e.closed, b.Close)
	}
	return b, err
}
