package seal_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/driver"
	"gocloud.dev/gcerrors"

	"hjemmel/shared/store/storetest"
)

// files is a bucket in memory that dies on demand, as storetest.FaultyStore does.
type files struct {
	mu    sync.Mutex
	all   map[string][]byte
	left  int // writes until the crash; 0 when none is planned
	when  storetest.Moment
	dead  bool
	wrote int
}

func newFiles() *files { return &files{all: map[string][]byte{}} }

func (f *files) bucket() *blob.Bucket { return blob.NewBucket(f) }

func (f *files) crash(when storetest.Moment, n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.when, f.left = when, n
}

func (f *files) revive() (died bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	died, f.dead, f.left = f.dead, false, 0
	return died
}

func (f *files) names() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var names []string
	for n := range f.all {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

var (
	errDead   = errors.New("the bucket is down")
	errThere  = errors.New("the file is there")
	errAbsent = errors.New("no such file")
	errNot    = errors.New("not in this bucket")
)

func (f *files) put(name string, b []byte, create bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.wrote++; f.dead {
		return errDead
	}
	last := f.left == 1
	f.left = max(f.left-1, 0)
	if f.dead = last; last && f.when == storetest.Before {
		return errDead
	}
	if _, there := f.all[name]; there && create {
		return errThere
	}
	f.all[name] = bytes.Clone(b)
	if last {
		return errDead
	}
	return nil
}

type writing struct {
	bytes.Buffer
	ctx    context.Context
	files  *files
	name   string
	create bool
}

func (w *writing) Close() error {
	if w.ctx.Err() != nil {
		return w.ctx.Err()
	}
	return w.files.put(w.name, w.Bytes(), w.create)
}

func (f *files) NewTypedWriter(ctx context.Context, name, _ string, o *driver.WriterOptions) (driver.Writer, error) {
	return &writing{ctx: ctx, files: f, name: name, create: o.IfNotExist}, nil
}

type reading struct {
	*bytes.Reader
	io.Closer
}

func (r reading) Attributes() *driver.ReaderAttributes {
	return &driver.ReaderAttributes{Size: r.Size(), ModTime: time.Unix(1, 0)}
}
func (reading) Close() error { return nil }
func (reading) As(any) bool  { return false }

func (f *files) NewRangeReader(_ context.Context, name string, _, _ int64, _ *driver.ReaderOptions) (driver.Reader, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.dead {
		return nil, errDead
	}
	b, ok := f.all[name]
	if !ok {
		return nil, errAbsent
	}
	return reading{Reader: bytes.NewReader(bytes.Clone(b))}, nil
}

func (*files) ErrorCode(err error) gcerrors.ErrorCode {
	return map[error]gcerrors.ErrorCode{errThere: gcerrors.FailedPrecondition, errAbsent: gcerrors.NotFound, errNot: gcerrors.Unimplemented}[err]
}
func (*files) As(any) bool             { return false }
func (*files) ErrorAs(error, any) bool { return false }
func (*files) Attributes(context.Context, string) (*driver.Attributes, error) {
	return nil, errNot
}
func (*files) ListPaged(context.Context, *driver.ListOptions) (*driver.ListPage, error) {
	return nil, errNot
}
func (*files) Copy(context.Context, string, string, *driver.CopyOptions) error { return errNot }
func (*files) Delete(context.Context, string) error                            { return errNot }
func (*files) SignedURL(context.Context, string, *driver.SignedURLOptions) (string, error) {
	return "", errNot
}
func (*files) Close() error { return nil }

// immutable leaves out the one file that changes.
func immutable(name string) bool { return strings.HasPrefix(name, "tile/") }
