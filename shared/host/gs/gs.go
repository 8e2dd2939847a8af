// Package gs is the driver of buckets in Google's Cloud Storage, for gocloud.dev/blob.
//
// It refuses to copy, to sign URLs and to list by folder, which nobody here asks for. It speaks the JSON interface and is not
// gocloud.dev's own driver because gRPC and xDS below that add seventeen megabytes to every image.
package gs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/driver"
	"gocloud.dev/gcerrors"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"
	"google.golang.org/api/storage/v1"

	"hjemmel/shared/host/objects"
)

var errURL = errors.New("must be gs://BUCKET, perhaps with ?prefix=FOLDER/")

// Open opens gs://BUCKET?prefix=…. Credentials are the application's default ones, of the machine as a rule; with
// STORAGE_EMULATOR_HOST (host:port) it is the emulator's, without any. It asks the server for nothing.
func Open(u *url.URL) (*blob.Bucket, error) {
	q := u.Query()
	prefix := q.Get("prefix")
	q.Del("prefix")
	if u.Host == "" || u.Path != "" || len(q) > 0 {
		return nil, errURL
	}
	options := []option.ClientOption{option.WithScopes(storage.DevstorageReadWriteScope)}
	if host := os.Getenv("STORAGE_EMULATOR_HOST"); host != "" {
		options = []option.ClientOption{option.WithEndpoint("http://" + host + "/storage/v1/"), option.WithoutAuthentication()}
	}
	s, err := storage.NewService(context.Background(), options...)
	if err != nil {
		return nil, errors.New("has no credentials of Google's cloud")
	}
	b := blob.NewBucket(&bucket{server: s.Objects, name: u.Host})
	if prefix != "" {
		b = blob.PrefixedBucket(b, prefix)
	}
	return b, nil
}

type bucket struct {
	objects.Refusals

	server *storage.ObjectsService
	name   string
}

// ErrorCode says what an error of the server means.
func (*bucket) ErrorCode(err error) gcerrors.ErrorCode {
	status := 0
	if said, ok := errors.AsType[*googleapi.Error](err); ok {
		status = said.Code
	}
	return objects.Code(err, status)
}

// NewRangeReader reads length bytes from offset, or to the end where length is negative.
func (b *bucket) NewRangeReader(ctx context.Context, key string, offset, length int64, _ *driver.ReaderOptions) (driver.Reader, error) {
	call := b.server.Get(b.name, key).Context(ctx)
	switch {
	case length == 0:
		return nil, objects.ErrNot
	case length > 0:
		call.Header().Set("Range", fmt.Sprintf("bytes=%d-%d", offset, offset+length-1))
	case offset > 0:
		call.Header().Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
	resp, err := call.Download() //nolint:bodyclose // the reader's Close does
	if err != nil {
		return nil, err
	}
	changed, _ := http.ParseTime(resp.Header.Get("Last-Modified")) // of none, the zero time
	return objects.Reader{ReadCloser: resp.Body, Told: driver.ReaderAttributes{
		ContentType: resp.Header.Get("Content-Type"), ModTime: changed, Size: objects.Size(resp.ContentLength, resp.Header.Get("Content-Range")),
	}}, nil
}

// NewTypedWriter writes an object. It is there when Close has returned nil, and never in part.
func (b *bucket) NewTypedWriter(ctx context.Context, key, contentType string, o *driver.WriterOptions) (driver.Writer, error) {
	call := b.server.Insert(b.name, &storage.Object{Name: key, ContentType: contentType}).Fields("name").Context(ctx)
	if o.IfNotExist {
		call.IfGenerationMatch(0)
	}
	return objects.NewWriter(ctx, func(from io.Reader) error {
		_, err := call.Media(from, googleapi.ContentType(contentType), googleapi.ChunkSize(objects.Part)).Do()
		return err
	}), nil
}

// ListPaged lists everything below a prefix, in order.
func (b *bucket) ListPaged(ctx context.Context, o *driver.ListOptions) (*driver.ListPage, error) {
	if o.Delimiter != "" {
		return nil, objects.ErrNot
	}
	found, err := b.server.List(b.name).Prefix(o.Prefix).PageToken(string(o.PageToken)).MaxResults(int64(o.PageSize)).
		Fields("nextPageToken", "items(name,size,updated)").Context(ctx).Do()
	if err != nil {
		return nil, err
	}
	page := &driver.ListPage{}
	if found.NextPageToken != "" {
		page.NextPageToken = []byte(found.NextPageToken)
	}
	for _, f := range found.Items {
		page.Objects = append(page.Objects, &driver.ListObject{Key: f.Name, ModTime: moment(f.Updated), Size: int64(f.Size)}) //nolint:gosec // no object has 2⁶³ bytes
	}
	return page, nil
}

// Attributes tells of an object.
func (b *bucket) Attributes(ctx context.Context, key string) (*driver.Attributes, error) {
	o, err := b.server.Get(b.name, key).Fields("contentType", "size", "updated", "timeCreated").Context(ctx).Do()
	if err != nil {
		return nil, err
	}
	return &driver.Attributes{ContentType: o.ContentType, ModTime: moment(o.Updated), Size: int64(o.Size), CreateTime: moment(o.TimeCreated)}, nil //nolint:gosec // as above
}

// moment reads a time of the server's; of none, the zero time.
func moment(s string) time.Time {
	t, _ := time.Parse(time.RFC3339, s)
	return t
}

// Delete removes an object, or answers NotFound.
func (b *bucket) Delete(ctx context.Context, key string) error {
	return b.server.Delete(b.name, key).Context(ctx).Do()
}
