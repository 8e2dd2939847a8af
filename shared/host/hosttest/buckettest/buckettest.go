// Package buckettest is the conformance suite of bucket drivers: what our code relies on of any bucket that a URL names.
//
// It refuses to be used outside tests.
package buckettest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"hjemmel/shared/host/buckets"
)

// Run runs the suite on new buckets. at gives the URL of one that is empty, more what is added for a folder in it, or "".
func Run(t *testing.T, at func(testing.TB) string, more string) {
	for _, c := range []struct {
		name, more string
		test       func(*testing.T, *blob.Bucket)
	}{
		{"create only", "", createOnly}, {"reading and writing", more, reading}, {"a write that is given up", "", givenUp},
		{"listing and removing", more, listing}, {"two who create", "", race},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, Opened(t, at(t)+c.more)) })
	}
}

// Opened opens a bucket until the test ends.
func Opened(t *testing.T, at string) *blob.Bucket {
	t.Helper()
	b, err := buckets.Open(at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// What is there is not written over where that is asked for, and is where it is not.
func createOnly(t *testing.T, b *blob.Bucket) {
	create := &blob.WriterOptions{IfNotExist: true}
	if err := b.WriteAll(t.Context(), "a/b", []byte("first"), create); err != nil {
		t.Fatal(err)
	}
	if err := b.WriteAll(t.Context(), "a/b", []byte("second"), create); gcerrors.Code(err) != gcerrors.FailedPrecondition {
		t.Errorf("written over: %v", err)
	}
	if got, err := b.ReadAll(t.Context(), "a/b"); err != nil || string(got) != "first" {
		t.Errorf("%q %v", got, err)
	}
	if err := b.WriteAll(t.Context(), "a/b", []byte("third"), nil); err != nil {
		t.Error(err)
	}
	if got, err := b.ReadAll(t.Context(), "a/b"); err != nil || string(got) != "third" {
		t.Errorf("%q %v", got, err)
	}
}

// Objects of one request, and of several, whole and in parts.
func reading(t *testing.T, b *blob.Bucket) {
	for _, size := range []int{1, 1 << 20, 16 << 20, 16<<20 + 1, 33 << 20} {
		want := bytes.Repeat([]byte("hjemmel "), size/8+1)[:size]
		name := fmt.Sprint("f", size)
		if err := b.WriteAll(t.Context(), name, want, nil); err != nil {
			t.Fatal(err)
		}
		got, err := b.ReadAll(t.Context(), name)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%d: %d bytes back, %v", size, len(got), err)
		}
		if size < 100 {
			continue
		}
		r, err := b.NewRangeReader(t.Context(), name, 50, 20, nil)
		if err != nil {
			t.Fatal(err)
		}
		some, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(some, want[50:70]) || r.Size() != int64(size) {
			t.Errorf("%d: %q of %d, %v", size, some, r.Size(), err)
		}
		_ = r.Close()
		if a, err := b.Attributes(t.Context(), name); err != nil || a.Size != int64(size) {
			t.Errorf("%+v %v", a, err)
		}
	}
}

// Of a write that was given up nothing is there.
func givenUp(t *testing.T, b *blob.Bucket) {
	ctx, cancel := context.WithCancel(t.Context())
	w, err := b.NewWriter(ctx, "halv", &blob.WriterOptions{ContentType: "text/plain"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("half")); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := w.Close(); err == nil {
		t.Error("it is written all the same")
	}
	if _, err := b.ReadAll(t.Context(), "halv"); gcerrors.Code(err) != gcerrors.NotFound {
		t.Errorf("%v", err)
	}
}

func listing(t *testing.T, b *blob.Bucket) {
	var want []string
	for i := range 25 {
		want = append(want, fmt.Sprintf("x/%02d", i))
		for _, name := range []string{want[i], fmt.Sprintf("y/%02d", i)} {
			if err := b.WriteAll(t.Context(), name, []byte("v"), nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	var got []string
	for page, token := 0, blob.FirstPageToken; token != nil; page++ {
		some, next, err := b.ListPage(t.Context(), token, 10, &blob.ListOptions{Prefix: "x/"})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range some {
			got = append(got, o.Key)
		}
		token = next
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if err := b.Delete(t.Context(), "x/03"); err != nil {
		t.Error(err)
	}
	if err := b.Delete(t.Context(), "x/03"); gcerrors.Code(err) != gcerrors.NotFound {
		t.Errorf("removed twice: %v", err)
	}
}

// Of many who create the same at once one does, and what it wrote is there.
func race(t *testing.T, b *blob.Bucket) {
	const many = 8
	done := make(chan string, many)
	for i := range many {
		go func() {
			mine := fmt.Sprint(i)
			if err := b.WriteAll(t.Context(), "felles", []byte(mine), &blob.WriterOptions{IfNotExist: true}); err != nil {
				if gcerrors.Code(err) != gcerrors.FailedPrecondition {
					t.Error(err)
				}
				mine = ""
			}
			done <- mine
		}()
	}
	won := ""
	for range many {
		if who := <-done; who != "" {
			if won != "" {
				t.Errorf("both %s and %s created it", won, who)
			}
			won = who
		}
	}
	if got, err := b.ReadAll(t.Context(), "felles"); err != nil || string(got) != won {
		t.Errorf("%s created it, %q is there: %v", won, got, err)
	}
}

// Refuses tests that a driver of ours refuses what nobody asks for.
func Refuses(t *testing.T, b *blob.Bucket) {
	if err := b.WriteAll(t.Context(), "x/04", []byte("v"), nil); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{b.Copy(t.Context(), "a", "x/04", nil), second(b.SignedURL(t.Context(), "x/04", nil))} {
		if gcerrors.Code(err) != gcerrors.Unimplemented {
			t.Errorf("%v", err)
		}
	}
	if _, err := b.List(&blob.ListOptions{Delimiter: "/"}).Next(t.Context()); err == nil || errors.Is(err, io.EOF) {
		t.Error("lists by folder")
	}
}

func second(_ string, err error) error { return err }
