package s3_test

import (
	"net/url"
	"testing"

	"hjemmel/shared/host/hosttest/buckettest"
	"hjemmel/shared/host/hosttest/s3test"
	"hjemmel/shared/host/s3"
)

func serve(t testing.TB) string { return s3test.Start(t, nil) }

func TestConformance(t *testing.T) { buckettest.Run(t, serve, "&prefix=mappe/") }

func TestRefusals(t *testing.T) { buckettest.Refuses(t, buckettest.Opened(t, serve(t))) }

func TestOpenRefuses(t *testing.T) {
	for _, at := range []string{"s3://b", "s3://?region=r", "s3://b/k?region=r", "s3://b?region=r&awssdk=v2", "s3://b?region=r&endpoint=ftp://x", "s3://b?region=r&endpoint=:"} {
		u, err := url.Parse(at)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s3.Open(u); err == nil {
			t.Errorf("%s is opened", at)
		}
	}
}
