package gs_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"hjemmel/shared/host/gs"
	"hjemmel/shared/host/hosttest/buckettest"
	"hjemmel/shared/store/emulatortest"
)

func TestConformance(t *testing.T) { buckettest.Run(t, emulatortest.Bucket, "?prefix=mappe/") }

func TestRefusals(t *testing.T) { buckettest.Refuses(t, buckettest.Opened(t, emulatortest.Bucket(t))) }

func TestOpenRefuses(t *testing.T) {
	for _, at := range []string{"gs://", "gs://b/k", "gs:///k", "gs://b?anonymous=true", "gs://b?prefix=a/&x=1"} {
		u, err := url.Parse(at)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := gs.Open(u); err == nil {
			t.Errorf("%s is opened", at)
		}
	}
}

// What is created is created under the condition of Google's own, in the one request that makes it, however large.
func TestTheConditionIsSent(t *testing.T) {
	var asked []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path+" "+r.URL.Query().Get("ifGenerationMatch"))
		w.WriteHeader(http.StatusPreconditionFailed)
	}))
	defer srv.Close()
	t.Setenv("STORAGE_EMULATOR_HOST", strings.TrimPrefix(srv.URL, "http://"))
	b := buckettest.Opened(t, "gs://b")
	for _, size := range []int{1, 17 << 20} {
		if err := b.WriteAll(context.Background(), "k", make([]byte, size), &blob.WriterOptions{IfNotExist: true}); gcerrors.Code(err) != gcerrors.FailedPrecondition {
			t.Error(err)
		}
	}
	if want := "POST /upload/storage/v1/b/b/o 0"; len(asked) != 2 || asked[0] != want || asked[1] != want {
		t.Errorf("asked %q", asked)
	}
}
