package buckets_test

import (
	"context"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"hjemmel/shared/host/buckets"
	"hjemmel/shared/host/hosttest/buckettest"
	"hjemmel/shared/host/hosttest/s3test"
	"hjemmel/shared/store/emulatortest"
)

// kept opens a bucket that is to hold the log.
func kept(t *testing.T, at string) error {
	t.Helper()
	b, err := buckets.Open(at)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	return buckets.CreateOnly(t.Context(), b)
}

func TestConformanceOfFolders(t *testing.T) {
	buckettest.Run(t, func(t testing.TB) string { return "file://" + t.TempDir() }, "/mappe")
}

// A server that does not know If-None-Match may not hold the log, and the start says why.
func TestTheLogWantsABucketThatIsNotWrittenOver(t *testing.T) {
	for name, c := range map[string]struct {
		see  func(*http.Request)
		want string
	}{
		"knows it":            {nil, ""},
		"does not know it":    {func(r *http.Request) { r.Header.Del("If-None-Match") }, "If-None-Match"},
		"has no such bucket":  {func(r *http.Request) { r.URL.Path = strings.Replace(r.URL.Path, "proeve", "finnesikke", 1) }, "cannot be written to"},
		"knows it, once more": {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			at := s3test.Start(t, c.see)
			for range 2 { // as of two starts
				err := kept(t, at)
				if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n")) {
					t.Errorf("%v, want %q", err, c.want)
				}
			}
		})
	}
	if err := kept(t, "file://"+t.TempDir()); err != nil {
		t.Errorf("a folder: %v", err)
	}
}

func TestCloudStorageMayHoldTheLog(t *testing.T) {
	at := emulatortest.Bucket(t)
	for range 2 { // as of two starts
		if err := kept(t, at); err != nil {
			t.Error(err)
		}
	}
}

// A binary holds the drivers that it is built for, and no others'.
func TestOnlyDriversThatAreNamedAreLinked(t *testing.T) {
	drivers := map[string]string{ // whose tag links them
		"modernc.org/sqlite": "local", "cloud.google.com/go/firestore/apiv1": "gcp", "google.golang.org/api/storage/v1": "gcp", "github.com/minio/minio-go/v7": "s3",
	}
	for _, tags := range []string{"slim", "slim,local", "slim,gcp", "slim,local,s3"} {
		out, err := exec.CommandContext(context.Background(), "go", "list", "-deps", "-tags", tags, "../../../functions/audit/cmd").Output()
		if err != nil {
			t.Fatal(err)
		}
		for pkg, tag := range drivers {
			named := strings.Contains(tags+",", ","+tag+",")
			if linked := strings.Contains("\n"+string(out), "\n"+pkg+"\n"); linked != named {
				t.Errorf("%s: %s linked: %v", tags, pkg, linked)
			}
		}
	}
}

func TestOpenRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, at := range []string{"", ":", "file://", "gs://b/k", "azblob://b", "s3://b", "/a/folder"} {
		if b, err := buckets.Open(at); err == nil {
			_ = b.Close()
			t.Errorf("%q is opened", at)
		}
	}
}
