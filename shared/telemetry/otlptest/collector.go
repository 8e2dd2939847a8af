// Package otlptest is a collector of OpenTelemetry while a test runs: it takes what is sent by OTLP over HTTP as
// JSON, and reads it by the form that OpenTelemetry publishes: an unknown field is an error.
//
// It refuses to be used outside tests.
package otlptest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	metrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	traces "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// Collector is what came. It is safe for concurrent use.
type Collector struct {
	URL string

	mu     sync.Mutex
	bytes  []byte
	traces []*traces.ExportTraceServiceRequest
	values []*metrics.ExportMetricsServiceRequest
}

// Start takes what is sent until the test ends.
func Start(t testing.TB) *Collector {
	t.Helper()
	c := &Collector{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", func(_ http.ResponseWriter, r *http.Request) {
		var m traces.ExportTraceServiceRequest
		c.take(t, r, &m)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.traces = append(c.traces, &m)
	})
	mux.HandleFunc("POST /v1/metrics", func(_ http.ResponseWriter, r *http.Request) {
		var m metrics.ExportMetricsServiceRequest
		c.take(t, r, &m)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.values = append(c.values, &m)
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	c.URL = srv.URL
	return c
}

func (c *Collector) take(t testing.TB, r *http.Request, m proto.Message) {
	b, err := io.ReadAll(r.Body)
	if err == nil {
		err = protojson.Unmarshal(b, m) // ids are hex, which it takes for base64: nothing here asks for them
	}
	if err != nil {
		t.Errorf("not OTLP: %v", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bytes = append(c.bytes, b...)
}

// Bytes are all that came, as they came.
func (c *Collector) Bytes() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}

// Spans counts the spans by name.
func (c *Collector) Spans() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := map[string]int{}
	for _, m := range c.traces {
		for _, r := range m.GetResourceSpans() {
			for _, s := range r.GetScopeSpans() {
				for _, one := range s.GetSpans() {
					found[one.GetName()]++
				}
			}
		}
	}
	return found
}

// Metrics counts the points by the name of what is measured.
func (c *Collector) Metrics() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := map[string]int{}
	for _, m := range c.values {
		for _, r := range m.GetResourceMetrics() {
			for _, s := range r.GetScopeMetrics() {
				for _, one := range s.GetMetrics() {
					found[one.GetName()] += len(one.GetHistogram().GetDataPoints()) + len(one.GetGauge().GetDataPoints())
				}
			}
		}
	}
	return found
}
