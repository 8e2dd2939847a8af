// Package objects is what our drivers of object servers (s3, gs) have in common, below gocloud.dev/blob.
//
// It refuses to copy, to sign URLs and to tell of what lies below the driver, which nobody here asks for.
package objects

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"gocloud.dev/blob/driver"
	"gocloud.dev/gcerrors"
)

// Part is how many bytes are sent at once: objects that are not larger are one request.
const Part = 16 << 20

// ErrNot is told of what a driver does not do.
var ErrNot = errors.New("not done by this driver")

// Refusals are the parts of a driver that nobody asks for.
type Refusals struct{}

// Copy is not done.
func (Refusals) Copy(context.Context, string, string, *driver.CopyOptions) error { return ErrNot }

// SignedURL is not made.
func (Refusals) SignedURL(context.Context, string, *driver.SignedURLOptions) (string, error) {
	return "", ErrNot
}

// As tells nothing.
func (Refusals) As(any) bool { return false }

// ErrorAs tells nothing.
func (Refusals) ErrorAs(error, any) bool { return false }

// Close has nothing to close.
func (Refusals) Close() error { return nil }

// Code says what an error means that the server told with an HTTP status; 0 for none.
func Code(err error, status int) gcerrors.ErrorCode {
	if errors.Is(err, ErrNot) {
		return gcerrors.Unimplemented
	}
	switch status {
	case http.StatusNotFound:
		return gcerrors.NotFound
	case http.StatusPreconditionFailed:
		return gcerrors.FailedPrecondition
	case http.StatusForbidden, http.StatusUnauthorized:
		return gcerrors.PermissionDenied
	}
	return gcerrors.Unknown
}

// Reader reads an object, or a part of one.
type Reader struct {
	io.ReadCloser
	Told driver.ReaderAttributes
}

// Attributes are what the server told.
func (r Reader) Attributes() *driver.ReaderAttributes { return &r.Told }

// As tells nothing.
func (Reader) As(any) bool { return false }

// Size is that of the whole object, bytes: of a part it stands in Content-Range, which is "" of the whole.
func Size(length int64, contentRange string) int64 {
	_, whole, ok := strings.Cut(contentRange, "/")
	if !ok {
		return length
	}
	length = 0
	for _, c := range whole {
		if c < '0' || c > '9' {
			return 0
		}
		length = 10*length + int64(c-'0')
	}
	return length
}

type writer struct {
	ctx  context.Context
	to   *io.PipeWriter
	done chan error
}

// NewWriter gives what put reads while it is written. put must leave nothing where its reader fails. Close gives its error.
func NewWriter(ctx context.Context, put func(io.Reader) error) driver.Writer {
	from, to := io.Pipe()
	w := &writer{ctx: ctx, to: to, done: make(chan error, 1)}
	go func() {
		err := put(from)
		_ = from.CloseWithError(err) // who writes on is told
		w.done <- err
	}()
	return w
}

func (w *writer) Write(p []byte) (int, error) { return w.to.Write(p) }

func (w *writer) Close() error {
	err := w.ctx.Err()
	_ = w.to.CloseWithError(err) // of nil it is the end of the object
	return errors.Join(err, <-w.done)
}
