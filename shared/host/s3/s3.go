// Package s3 is the driver of buckets on servers that speak S3, for gocloud.dev/blob.
//
// It refuses to copy, to sign URLs and to list by folder, which nobody here asks for, and is not
// gocloud.dev's own driver because the SDK below that adds ten megabytes to every image.
package s3

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/url"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"gocloud.dev/blob"
	"gocloud.dev/blob/driver"
	"gocloud.dev/gcerrors"

	"hjemmel/shared/host/objects"
)

var errURL = errors.New("must be s3://BUCKET?region=REGION or s3://BUCKET?endpoint=URL&region=REGION, perhaps with &prefix=FOLDER/")

// Open opens s3://BUCKET?region=…&endpoint=…&prefix=…. Without an endpoint it is Amazon's. Credentials are those
// of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or of the machine. It asks the server for nothing.
func Open(u *url.URL) (*blob.Bucket, error) {
	q := u.Query()
	at, err := url.Parse(q.Get("endpoint"))
	region, prefix := q.Get("region"), q.Get("prefix")
	for _, name := range []string{"endpoint", "region", "prefix"} {
		q.Del(name)
	}
	if err != nil || u.Host == "" || u.Path != "" || region == "" || len(q) > 0 {
		return nil, errURL
	}
	if at.Host == "" {
		at = &url.URL{Scheme: "https", Host: "s3." + region + ".amazonaws.com"}
	}
	if at.Scheme != "https" && at.Scheme != "http" {
		return nil, errURL
	}
	c, err := minio.NewCore(at.Host, &minio.Options{
		Creds: credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.IAM{}}), Secure: at.Scheme == "https", Region: region,
	})
	if err != nil {
		return nil, errURL
	}
	b := blob.NewBucket(&bucket{server: c, name: u.Host})
	if prefix != "" {
		b = blob.PrefixedBucket(b, prefix)
	}
	return b, nil
}

type bucket struct {
	objects.Refusals

	server *minio.Core
	name   string
}

// ErrorCode says what an error of the server means.
func (*bucket) ErrorCode(err error) gcerrors.ErrorCode {
	said, _ := errors.AsType[minio.ErrorResponse](err)
	return objects.Code(err, said.StatusCode)
}

// NewRangeReader reads length bytes from offset, or to the end where length is negative.
func (b *bucket) NewRangeReader(ctx context.Context, key string, offset, length int64, _ *driver.ReaderOptions) (driver.Reader, error) {
	var o minio.GetObjectOptions
	var err error
	switch {
	case length == 0:
		return nil, objects.ErrNot
	case length > 0:
		err = o.SetRange(offset, offset+length-1)
	case offset > 0:
		err = o.SetRange(offset, 0)
	}
	if err != nil {
		return nil, err
	}
	body, info, header, err := b.server.GetObject(ctx, b.name, key, o)
	if err != nil {
		return nil, err
	}
	return objects.Reader{ReadCloser: body, Told: driver.ReaderAttributes{
		ContentType: info.ContentType, ModTime: info.LastModified, Size: objects.Size(info.Size, header.Get("Content-Range")),
	}}, nil
}

// NewTypedWriter writes an object. It is there when Close has returned nil, and never in part.
func (b *bucket) NewTypedWriter(ctx context.Context, key, contentType string, o *driver.WriterOptions) (driver.Writer, error) {
	opts := minio.PutObjectOptions{ContentType: contentType, PartSize: objects.Part, DisableContentSha256: true, SendContentMd5: true}
	if o.IfNotExist {
		opts.SetMatchETagExcept("*")
	}
	return objects.NewWriter(ctx, func(from io.Reader) error { return b.put(ctx, key, from, opts) }), nil
}

// put sends small objects in one request, which can be tried again.
func (b *bucket) put(ctx context.Context, key string, from io.Reader, o minio.PutObjectOptions) error {
	head, err := io.ReadAll(io.LimitReader(from, objects.Part+1))
	if err != nil {
		return err
	}
	if len(head) <= objects.Part {
		_, err = b.server.Client.PutObject(ctx, b.name, key, bytes.NewReader(head), int64(len(head)), o)
		return err
	}
	_, err = b.server.Client.PutObject(ctx, b.name, key, io.MultiReader(bytes.NewReader(head), from), -1, o)
	return err
}

// ListPaged lists everything below a prefix, in order.
func (b *bucket) ListPaged(_ context.Context, o *driver.ListOptions) (*driver.ListPage, error) {
	if o.Delimiter != "" {
		return nil, objects.ErrNot
	}
	found, err := b.server.ListObjectsV2(b.name, o.Prefix, "", string(o.PageToken), "", o.PageSize)
	if err != nil {
		return nil, err
	}
	page := &driver.ListPage{}
	if found.IsTruncated {
		page.NextPageToken = []byte(found.NextContinuationToken)
	}
	for _, f := range found.Contents {
		page.Objects = append(page.Objects, &driver.ListObject{Key: f.Key, ModTime: f.LastModified, Size: f.Size})
	}
	return page, nil
}

// Attributes tells of an object.
func (b *bucket) Attributes(ctx context.Context, key string) (*driver.Attributes, error) {
	o, err := b.server.StatObject(ctx, b.name, key, minio.StatObjectOptions{})
	if err != nil {
		return nil, err
	}
	return &driver.Attributes{ContentType: o.ContentType, ModTime: o.LastModified, Size: o.Size, CreateTime: time.Time{}}, nil
}

// Delete removes an object, or answers NotFound.
func (b *bucket) Delete(ctx context.Context, key string) error {
	if _, err := b.Attributes(ctx, key); err != nil {
		return err
	}
	return b.server.RemoveObject(ctx, b.name, key, minio.RemoveObjectOptions{})
}
