package fregsim_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/freg/fregsim"
)

func (s site) set(t testing.TB, f fregsim.Fault) {
	t.Helper()
	if err := s.Faults().Set(f); err != nil {
		t.Fatal(err)
	}
}

func TestFaultStatus(t *testing.T) {
	s := start(t, nil)
	for _, status := range []int{429, 500, 503} {
		s.set(t, fregsim.Fault{Kind: fregsim.Status, Status: status, RetryMillis: 1500, Times: 2})
		for range 2 {
			a := s.get(t, omh+named("vanlig"))
			if a.status != status || a.json(t)["kode"] != "FREG-001" || (status == 429) != (a.header.Get("Retry-After") == "1500") {
				t.Errorf("%d: %d %v %s", status, a.status, a.header, a.body)
			}
		}
		if a := s.get(t, omh+named("vanlig")); a.status != 200 {
			t.Errorf("%d: still on after two requests", status)
		}
	}
	if n := len(s.Requests()); n != 9 {
		t.Errorf("%d requests remembered, want the failed ones too", n)
	}
}

func TestFaultShapes(t *testing.T) {
	s := start(t, nil)
	for shape, key := range map[string]string{fregsim.ShapeKode: "melding", fregsim.ShapeFeilkode: "feilmelding", fregsim.ShapeCode: "message"} {
		s.set(t, fregsim.Fault{Kind: fregsim.Shape, Shape: shape})
		for _, a := range []answer{s.get(t, omh+nobody), s.get(t, omh+"soek?maksTreff=0")} {
			if m := a.json(t); m[key] == nil || a.status < 400 {
				t.Errorf("%s: %d %s", shape, a.status, a.body)
			}
		}
		s.Faults().Clear()
	}
	s.set(t, fregsim.Fault{Kind: fregsim.Shape, Shape: fregsim.ShapeCode})
	s.set(t, fregsim.Fault{Kind: fregsim.Status, Status: 500})
	if m := s.get(t, omh+nobody).json(t); m["message"] == nil {
		t.Error("shape and status do not go together")
	}
}

func TestFaultHTML(t *testing.T) {
	s := start(t, nil)
	for _, status := range []int{0, 403} {
		s.set(t, fregsim.Fault{Kind: fregsim.HTML, Status: status, Times: 1})
		a := s.get(t, omh+named("vanlig"))
		if a.status != max(200, status) || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") || !strings.HasPrefix(a.body, "<html>") {
			t.Errorf("%d %v %s", a.status, a.header, a.body)
		}
	}
}

func TestFaultTruncated(t *testing.T) {
	s := start(t, nil)
	whole := s.get(t, omh+named("vanlig")).body
	s.set(t, fregsim.Fault{Kind: fregsim.Truncated, Times: 1})
	a := s.get(t, omh+named("vanlig"))
	if a.status != 200 || a.body != whole[:len(whole)/2] || json.Valid([]byte(a.body)) || a.header.Get("Content-Type") != "application/json" {
		t.Errorf("%d, %d of %d bytes", a.status, len(a.body), len(whole))
	}
}

func TestFaultContentType(t *testing.T) {
	s := start(t, nil)
	for given, want := range map[string]string{"": "text/plain", "application/xml": "application/xml"} {
		s.set(t, fregsim.Fault{Kind: fregsim.ContentType, ContentType: given, Times: 1})
		if a := s.get(t, omh+named("vanlig")); a.status != 200 || a.header.Get("Content-Type") != want || !json.Valid([]byte(a.body)) {
			t.Errorf("%d %v", a.status, a.header)
		}
	}
}

func TestFaultReset(t *testing.T) {
	s := start(t, nil)
	s.set(t, fregsim.Fault{Kind: fregsim.Reset, Times: 1})
	_, err := s.try("POST", omh+"bulkoppslag", idsBody(nobody))
	if !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
		t.Errorf("%v", err)
	}
	if a := s.get(t, omh+named("vanlig")); a.status != 200 {
		t.Error("the server does not live on")
	}
	s.set(t, fregsim.Fault{Kind: fregsim.Reset, Times: 1})
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Error("without a connection the handler does not abort")
		}
	}()
	s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", omh+nobody, nil))
}

func TestFaultSlow(t *testing.T) {
	s := start(t, nil)
	synctest.Test(t, func(t *testing.T) {
		s.set(t, fregsim.Fault{Kind: fregsim.Slow, WaitMillis: 60_000, Times: 2})
		began := time.Now()
		s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", omh+nobody, nil))
		if waited := time.Since(began); waited != time.Minute {
			t.Errorf("waited %v", waited)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began = time.Now()
		s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", omh+nobody, nil))
		if waited := time.Since(began); waited != time.Second {
			t.Errorf("waited %v for a caller that had gone", waited)
		}
	})
}

func TestFaultForOneResource(t *testing.T) {
	s := start(t, nil)
	s.set(t, fregsim.Fault{Kind: fregsim.Status, Status: 503, Resource: fregsim.Bulkoppslag})
	if a := s.get(t, omh+named("vanlig")); a.status != 200 {
		t.Errorf("another resource gets %d", a.status)
	}
	for range 3 {
		if a := s.do(t, "POST", outh+"bulkoppslag", idsBody(nobody)); a.status != 503 {
			t.Errorf("the resource gets %d", a.status)
		}
	}
	s.Faults().Clear()
	if a := s.do(t, "POST", outh+"bulkoppslag", idsBody(nobody)); a.status != 200 {
		t.Errorf("cleared, and still %d", a.status)
	}
}

func TestFaultByProbability(t *testing.T) {
	run := func(seed uint64) (statuses []int) {
		s := start(t, nil)
		s.set(t, fregsim.Fault{Kind: fregsim.Status, Status: 500, Probability: 0.5, Seed: seed})
		for range 60 {
			statuses = append(statuses, s.get(t, omh+named("barn")).status)
		}
		return statuses
	}
	one := run(1)
	if !slices.Contains(one, 200) || !slices.Contains(one, 500) {
		t.Error("half means always or never")
	}
	if !slices.Equal(one, run(1)) || slices.Equal(one, run(2)) {
		t.Error("the draw does not follow the seed")
	}
}

func TestFaultsRefuseNonsense(t *testing.T) {
	var f fregsim.Faults
	for _, bad := range []fregsim.Fault{{}, {Kind: "x"}, {Kind: fregsim.Status}, {Kind: fregsim.Status, Status: 200}, {Kind: fregsim.HTML, Status: 99},
		{Kind: fregsim.Slow, WaitMillis: -1}, {Kind: fregsim.Reset, Times: -1}, {Kind: fregsim.Reset, Probability: 2}, {Kind: fregsim.Shape, Shape: "x"}} {
		if err := f.Set(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if len(f.Active()) != 0 {
		t.Error("a refused fault is on")
	}
}

func TestFaultsAtOnce(t *testing.T) {
	s := start(t, nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				_ = s.Faults().Set(fregsim.Fault{Kind: fregsim.Status, Status: 500, Times: 1})
				_, _ = s.try("GET", omh+named("barn"), "")
				s.Faults().Active()
			}
		})
	}
	wg.Wait()
	if left := s.Faults().Active(); len(left) != 0 {
		t.Errorf("%d faults left of as many as requests", len(left))
	}
}

func TestControlSurface(t *testing.T) {
	s := start(t, nil)
	control := func(method, body string) (int, string) {
		w := httptest.NewRecorder()
		s.Faults().ServeHTTP(w, httptest.NewRequest(method, "/_feil", strings.NewReader(body)))
		return w.Code, strings.TrimSpace(w.Body.String())
	}
	set := `{"feil":"status","ressurs":"personer","antall":2,"status":503}`
	if code, body := control("POST", set); code != 200 || body != "["+set+"]" {
		t.Errorf("%d %s", code, body)
	}
	s.get(t, omh+nobody)
	if _, body := control("GET", ""); body != strings.Replace("["+set+"]", `"antall":2`, `"antall":1`, 1) {
		t.Errorf("after one request: %s", body)
	}
	for _, bad := range []string{"", "{}", `{"feil":"x"}`, `{"feil":"treg","ukjent":1}`, "[" + set + "]"} {
		if code, _ := control("POST", bad); code != 400 {
			t.Errorf("%q: %d", bad, code)
		}
	}
	if code, body := control("DELETE", ""); code != 200 || body != "[]" {
		t.Errorf("%d %s", code, body)
	}
	if code, _ := control("PUT", set); code != 405 {
		t.Errorf("PUT: %d", code)
	}
}

func TestLimitPerConsumer(t *testing.T) {
	now, consumer := time.Unix(1e9, 0), orgnr
	s := start(t, func(c *fregsim.Config) {
		c.RequestsPerMinute = 3
		c.Now = func() time.Time { return now }
		c.Authorize = func(context.Context, string) (fregsim.Access, error) {
			return fregsim.Access{Scopes: []string{"folkeregister:deling/offentligmedhjemmel"}, ConsumerOrgnr: consumer}, nil
		}
	})
	for range 3 {
		if a := s.get(t, omh+named("barn")); a.status != 200 {
			t.Fatalf("%d within the limit", a.status)
		}
	}
	now = now.Add(20 * time.Second)
	a := s.get(t, omh+named("barn"))
	if wait, _ := strconv.Atoi(a.header.Get("Retry-After")); a.status != 429 || wait != 40_000 {
		t.Errorf("over the limit: %d, Retry-After %d ms, want 40000", a.status, wait)
	}
	consumer = "987654325"
	if a := s.get(t, omh+named("barn")); a.status != 200 {
		t.Errorf("another consumer: %d", a.status)
	}
	consumer = orgnr
	now = now.Add(40 * time.Second)
	if a := s.get(t, omh+named("barn")); a.status != 200 {
		t.Errorf("in the next minute: %d", a.status)
	}
}
