package fregsim_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/freg/fregsim/population"
)

// sink is a ResponseWriter that keeps nothing.
type sink struct{ header http.Header }

func (s sink) Header() http.Header         { return s.header }
func (s sink) Write(b []byte) (int, error) { return len(b), nil }
func (s sink) WriteHeader(int)             {}

func bench(b *testing.B, method, path, token, body string) {
	b.Helper()
	s, err := fregsim.New(fregsim.Config{Population: people(), Authorize: authorize})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/json")
		s.ServeHTTP(sink{http.Header{}}, r)
	}
}

func thousand() string {
	var ids []string
	people().Each(func(f population.Facts) bool {
		ids = append(ids, f.ID.Reveal())
		return len(ids) < fregsim.MaxIDs
	})
	return idsBody(ids...)
}

func BenchmarkLookup(b *testing.B) {
	bench(b, "GET", omh+named("vanlig"), "offentligmedhjemmel", "")
}

func BenchmarkLookupOUtH(b *testing.B) {
	bench(b, "GET", outh+named("vanlig"), "offentligutenhjemmel", "")
}

func BenchmarkBulk1000(b *testing.B) {
	bench(b, "POST", omh+"bulkoppslag?somBestilt=true", "offentligmedhjemmel", thousand())
}

func BenchmarkBulk1000OUtH(b *testing.B) {
	bench(b, "POST", outh+"bulkoppslag", "offentligutenhjemmel", thousand())
}

// BenchmarkUttrekk orders everybody who lives in a kommune.
func BenchmarkUttrekk(b *testing.B) {
	bench(b, "POST", orderPath+"tilpasset", "offentligmedhjemmel", `{"personstatustyper":["bosatt"],"kommunenummer":{"bostedskommunenummer":"4601"}}`)
}
