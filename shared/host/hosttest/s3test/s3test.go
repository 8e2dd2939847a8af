// Package s3test serves a bucket on the loopback as S3 does, for tests.
//
// It refuses to be used outside tests, and keeps nothing.
package s3test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// Start serves until the test ends and gives the URL of a bucket of its own, to which &prefix=FOLDER/ can be
// added. Before each request it calls see, if there is one, which may change it.
func Start(t testing.TB, see func(*http.Request)) string {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("proeve"); err != nil {
		t.Fatal(err)
	}
	answer := gofakes3.New(backend).Server()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if see != nil {
			see(r)
		}
		answer.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "proeve")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "proeve")
	return "s3://proeve?region=eu-north-1&endpoint=" + srv.URL
}
