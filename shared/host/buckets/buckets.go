// Package buckets opens the bucket that a URL names: a folder, one on a server that speaks S3, or one of
// Google's Cloud Storage.
//
// It refuses URLs that it does not know, and a server that writes over what it was told to keep.
package buckets

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"
)

// Open opens file://FOLDER, s3://BUCKET?region=… or gs://BUCKET. Its error is one line.
func Open(at string) (*blob.Bucket, error) {
	u, err := url.Parse(at)
	if err != nil {
		return nil, errors.New("not a URL")
	}
	switch u.Scheme {
	case "file":
		return openFolder(u.Host + u.Path)
	case "s3":
		return openS3(u)
	case "gs":
		return openGS(u)
	}
	return nil, errors.New("must start with file://, s3:// or gs://")
}

func openFolder(at string) (*blob.Bucket, error) {
	if at == "" {
		return nil, errors.New("must be file://FOLDER")
	}
	// Files are made beside where they end, so that naming them is one step; what a bucket would tell of
	// a file besides, nobody asks for.
	b, err := fileblob.OpenBucket(at, &fileblob.Options{CreateDir: true, NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
	if err != nil {
		return nil, errors.New("cannot open the folder")
	}
	return b, nil
}

// trial is a file that lies in every bucket where nothing may be written over.
const trial = "bare-nye-filer"

// CreateOnly finds out whether a bucket refuses to write over what is there when it is told to. A server that
// does not know the condition (If-None-Match, ifGenerationMatch) answers as if it had been kept, and the log could not be relied on.
func CreateOnly(ctx context.Context, b *blob.Bucket) error {
	for range 2 {
		err := b.WriteAll(ctx, trial, []byte("\n"), &blob.WriterOptions{ContentType: "text/plain; charset=utf-8", IfNotExist: true})
		if gcerrors.Code(err) == gcerrors.FailedPrecondition {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the bucket cannot be written to (%v)", gcerrors.Code(err))
		}
	}
	return errors.New("the server writes over what is there though told not to (If-None-Match), and cannot hold the log")
}
