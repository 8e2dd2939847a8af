package telemetry

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/telemetry/otlptest"
)

func TestACollectorIsAHost(t *testing.T) {
	for _, to := range []string{"", "collector", "grpc://c:4317", "http://c/sti", "https://bruker:ord@c", "http://c?x=y"} {
		if x, err := Export(to, "lookup", slog.New(slog.DiscardHandler), time.Now); err == nil {
			_ = x.Close()
			t.Errorf("%q is taken", to)
		}
	}
}

// Requests, calls and ages arrive as what they are, with nothing that they were asked with.
func TestWhatIsSent(t *testing.T) {
	c := otlptest.Start(t)
	var log bytes.Buffer
	x, err := Export(c.URL, "lookup", NewLogger(&log, slog.LevelDebug), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	there := httptest.NewServer(http.NotFoundHandler())
	defer there.Close()
	ctx, ended := x.Request(t.Context(), "GET /person/{id}")
	client := &http.Client{Transport: x.Calls(there.Client().Transport)}
	for _, at := range []string{there.URL + "/personer/14827849805?navn=STADIG", "http://127.0.0.1:1/personer/14827849805"} {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
		if err != nil {
			t.Fatal(err)
		}
		if resp, err := client.Do(r); err == nil {
			_ = resp.Body.Close()
		}
	}
	ended(503, "FOLKEREGISTERET_NEDE")
	for range 2 {
		if err := x.Age("hjemmel.outbox.overdue", "liste", func(context.Context) (time.Duration, error) { return time.Minute, nil }); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Age("hjemmel.sealing.lag", "logg", func(context.Context) (time.Duration, error) { return 0, errors.New("state is away") }); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Error(err)
	}
	if got := c.Spans(); got["GET /person/{id}"] != 1 || got["GET 127.0.0.1"] != 2 || len(got) != 2 {
		t.Errorf("spans: %v", got)
	}
	if got := c.Metrics(); got["http.server.request.duration"] != 1 || got["http.client.request.duration"] != 2 || got["hjemmel.outbox.overdue"] != 1 || got["hjemmel.sealing.lag"] != 0 {
		t.Errorf("metrics: %v", got)
	}
	for _, secret := range []string{"14827849805", "STADIG", "personer", "navn"} {
		if strings.Contains(string(c.Bytes())+log.String(), secret) {
			t.Errorf("%s is sent or logged", secret)
		}
	}
	for _, want := range []string{"hjemmel-lookup", "FOLKEREGISTERET_NEDE", "ingen-svar"} {
		if !bytes.Contains(c.Bytes(), []byte(want)) {
			t.Errorf("%s is not sent", want)
		}
	}
}

// Off, nothing is allocated for it.
func TestOffCostsNothing(t *testing.T) {
	var x *Exporter
	if n := testing.AllocsPerRun(100, func() {
		_, ended := x.Request(t.Context(), "GET /")
		ended(200, "")
		_ = x.Calls(http.DefaultTransport)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if err := errors.Join(x.Close(), x.Age("", "", nil)); err != nil {
		t.Error(err)
	}
}
