package listorder_test

import (
	"testing"

	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/host/hosttest/s3test"
	"hjemmel/shared/store/emulatortest"
)

// A list is made, fetched and removed, and what it wrote is sealed and checked when the world ends, with nothing
// but a server that speaks S3 for files.
func TestAListOverS3(t *testing.T) { listOver(t, s3test.Start(t, nil)) }

// The same with Google's Cloud Storage.
func TestAListOverCloudStorage(t *testing.T) { listOver(t, emulatortest.Bucket(t)) }

func listOver(t *testing.T, at string) {
	t.Helper()
	w := newWorld(t, func(o *hosttest.Options) { o.Bucket = at })
	kommune, _ := w.largest()
	h := w.Vendor(t, 2)
	ref, rows := w.made("", `{"rolleId":"`+manntall+`","kommunenummer":["`+kommune+`"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"],"eksportFilformat":"CSV"}`, h)
	if len(rows) < 2 {
		t.Errorf("%d rows", len(rows))
	}
	if a := w.do("DELETE", fiks+manntall+"/"+ref, "", h); a.StatusCode != 204 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("GET", "/hjemmel/v1/lister/"+ref+"/fil", "", h); a.StatusCode != 404 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}
