package fregsim_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/freg/fregsim/population"
)

const (
	orderPath = "/folkeregisteret/offentlig-med-hjemmel/api/v1/uttrekk/"
	everybody = `{"personstatustyper":["aktiv","bosatt","utflyttet","doed","inaktiv"]}`
)

func (s site) order(t testing.TB, body string) string {
	t.Helper()
	a := s.do(t, "POST", orderPath+"tilpasset", body)
	if a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	return a.json(t)["jobbId"].(string)
}

func batch(job string, n int) string { return fmt.Sprintf("%s%s/batch/%d", orderPath, job, n) }

// fetch reads all batches of a job, and tells how often it was not ready.
func (s site) fetch(t testing.TB, job string) (ids []string, sizes []int, waits int) {
	t.Helper()
	for n := 0; ; {
		a := s.get(t, batch(job, n))
		switch {
		case a.status == 404 && a.body == fmt.Sprintf(`{"feilmelding":"Batch med id=%d er enda ikke klar"}`, n):
			waits++
		case a.status != 200:
			t.Fatalf("batch %d: %d %s", n, a.status, a.body)
		case a.body == "{}":
			return ids, sizes, waits
		default:
			all := a.json(t)["foedselsEllerDNummer"].([]any)
			for _, id := range all {
				ids = append(ids, id.(string))
			}
			sizes, n = append(sizes, len(all)), n+1
		}
	}
}

func TestUttrekk(t *testing.T) {
	for _, size := range []int{0, 1000, 625, 400, 3000} { // 625 goes up in 2500
		s := start(t, func(c *fregsim.Config) { c.Extracts.BatchSize = size })
		want := slices.Collect(people().Extract(population.Extract{Personstatustyper: []string{"aktiv", "bosatt", "utflyttet", "doed", "inaktiv"}}).From(0))
		ids, sizes, waits := s.fetch(t, s.order(t, everybody))
		if !slices.Equal(ids, want) || waits != 4 {
			t.Errorf("size %d: %d numbers in %v, waited %d times", size, len(ids), sizes, waits)
		}
		for i, n := range sizes {
			if most := max(size, 5000*(1-min(size, 1))); n > most || i < len(sizes)-1 && n != most {
				t.Errorf("size %d: batches of %v", size, sizes)
			}
		}
	}
}

func TestUttrekkOfCriteria(t *testing.T) {
	s, f := start(t, func(c *fregsim.Config) { c.Extracts.Polls = -1 }), facts(t, "vanlig")
	home := f.Adresser[len(f.Adresser)-1].Kommunenummer
	ids, _, waits := s.fetch(t, s.order(t, `{"personstatustyper":["bosatt"],"kommunenummer":{"bostedskommunenummer":"`+home+`"},"kjoenn":"`+f.Kjoenn+
		`","foedselsaarFraOgMed":"`+f.Foedselsdato[:4]+`","foedselsaarTilOgMed":"`+f.Foedselsdato[:4]+`"}`))
	if !slices.Contains(ids, f.ID.Reveal()) || waits != 0 || len(ids) > 50 {
		t.Errorf("%d found, waited %d times", len(ids), waits)
	}
	if r := s.Requests()[0]; r.Resource != fregsim.Uttrekk || !slices.Equal(r.Parameters, []string{"bostedskommunenummer", "foedselsaarFraOgMed", "foedselsaarTilOgMed", "kjoenn", "personstatustyper"}) || s.Requests()[1].Resource != fregsim.Batch {
		t.Errorf("remembered as %+v", r)
	}
	nobody := s.order(t, `{"personstatustyper":["doed"],"foedselsaarFraOgMed":"2026","doedsaarTilOgMed":"1930"}`)
	if ids, _, _ := s.fetch(t, nobody); len(ids) != 0 {
		t.Errorf("%d found", len(ids))
	}
}

func TestUttrekkErrors(t *testing.T) {
	s := start(t, func(c *fregsim.Config) { c.Extracts.Polls = -1 })
	for _, body := range []string{
		`{}`, `{"personstatustyper":[]}`, `{"personstatustyper":["levende"]}`, `{"personstatustyper":"bosatt"}`, `{`, `[]`,
		`{"personstatustyper":["bosatt"],"kommunenummer":{"bostedskommunenummer":"4601","oppholdskommunenummer":"4601"}}`,
		`{"personstatustyper":["bosatt"],"kommunenummer":{"bostedskommunenummer":"46"}}`, `{"personstatustyper":["bosatt"],"kommunenummer":"4601"}`,
		`{"personstatustyper":["bosatt"],"kjoenn":"KVINNE"}`, `{"personstatustyper":["bosatt"],"statsborgerskap":"Norge"}`, `{"personstatustyper":["bosatt"],"sivilstandstype":"GIFT"}`,
		`{"personstatustyper":["bosatt"],"foedselsaarFraOgMed":"83"}`, `{"personstatustyper":["bosatt"],"foedselsaarFraOgMed":1983}`, `{"personstatustyper":["bosatt"],"foedselsaar":"1983"}`,
	} {
		if a := s.do(t, "POST", orderPath+"tilpasset", body); a.status != 400 || a.json(t)["kode"] == nil {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	job := s.order(t, everybody)
	outhJob := strings.Replace(batch(job, 0), "offentlig-med-hjemmel/api", "api/offentligutenhjemmel", 1)
	for path, want := range map[string]int{
		batch(job, 0): 200, batch(job, 1): 200, batch(job, 2): 410, batch("tull", 0): 410, batch(job, -1): 400, batch(job, 0) + "x": 400,
		outhJob: 410, orderPath + "komplett": 404, orderPath + job: 404,
	} {
		header := []string{}
		if path == outhJob {
			header = []string{"Authorization", "Bearer offentligutenhjemmel"}
		}
		if a := s.get(t, path, header...); a.status != want {
			t.Errorf("%s: %d, want %d", path, a.status, want)
		}
	}
	if a := s.do(t, "POST", orderPath+"tilpasset", everybody, "Content-Type", "text/plain"); a.status != 400 {
		t.Errorf("text: %d", a.status)
	}
}

func TestTenJobsAndNoMore(t *testing.T) {
	var mu sync.Mutex
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	s := start(t, func(c *fregsim.Config) {
		c.Extracts.Polls = -1
		c.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	})
	var ids []string
	for range fregsim.MaxJobs {
		ids = append(ids, s.order(t, everybody))
	}
	full := func() bool {
		a := s.do(t, "POST", orderPath+"tilpasset", everybody)
		return a.status == http.StatusTooManyRequests && a.header.Get("Retry-After") != ""
	}
	if slices.Sort(ids); len(slices.Compact(ids)) != fregsim.MaxJobs || !full() {
		t.Fatal("an eleventh job")
	}
	s.get(t, batch(ids[0], 0))
	if !full() {
		t.Error("a job is over before its end is told")
	}
	s.fetch(t, ids[0])
	s.fetch(t, ids[0]) // it can be read again
	s.order(t, everybody)
	if !full() {
		t.Error("two places for one job that is over")
	}
	mu.Lock()
	now = now.Add(time.Hour)
	mu.Unlock()
	if a := s.get(t, batch(ids[1], 0)); a.status != http.StatusGone {
		t.Errorf("an expired job is %d", a.status)
	}
	for range fregsim.MaxJobs {
		s.order(t, everybody)
	}
}

// The same orders to the same register are the same answers.
func TestUttrekkIsDeterministic(t *testing.T) {
	one, two := start(t, nil), start(t, nil)
	for range 3 {
		a, b := one.order(t, everybody), two.order(t, everybody)
		if a != b {
			t.Errorf("%s is not %s", a, b)
		}
	}
}
