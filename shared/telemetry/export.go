package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Exporter sends traces and metrics by OTLP over HTTP. It takes routes, hosts, statuses and codes, and has no way to be given
// anything else; what a caller says of its trace is not read, and nothing of ours is said to others. Libraries that
// know of OpenTelemetry do not know of this. A nil Exporter does nothing, and costs that.
type Exporter struct {
	tracer   trace.Tracer
	meter    metric.Meter
	requests metric.Float64Histogram
	calls    metric.Float64Histogram
	now      func() time.Time
	stop     func(context.Context) error
	gauges   sync.Map
}

// seconds are the bounds of the histograms: a lookup takes tens of milliseconds, a list minutes.
var seconds = metric.WithExplicitBucketBoundaries(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60, 600)

// Export begins to send what a function does to a collector: http(s)://HOST[:PORT], without a path.
func Export(to, function string, log *slog.Logger, now func() time.Time) (*Exporter, error) {
	u, err := url.Parse(to)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.Trim(u.Path, "/") != "" || u.User != nil || u.RawQuery != "" {
		return nil, errors.New("must be http(s)://HOST of a collector")
	}
	c := collector{u.Scheme + "://" + u.Host, &http.Client{Timeout: patience}}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("telemetry is not sent", "cause", err.Error()) }))
	us := resource.NewSchemaless(attribute.String("service.name", "hjemmel-"+function))
	traces := sdktrace.NewTracerProvider(sdktrace.WithBatcher(spans{c}), sdktrace.WithResource(us))
	meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(values{c})), sdkmetric.WithResource(us))
	x := &Exporter{tracer: traces.Tracer(scope), meter: meters.Meter(scope), now: now,
		stop: func(ctx context.Context) error { return errors.Join(traces.Shutdown(ctx), meters.Shutdown(ctx)) }}
	var errs [2]error
	x.requests, errs[0] = x.meter.Float64Histogram("http.server.request.duration", metric.WithUnit("s"), seconds)
	x.calls, errs[1] = x.meter.Float64Histogram("http.client.request.duration", metric.WithUnit("s"), seconds)
	return x, errors.Join(errs[:]...)
}

// patience is how long a collector may take.
const patience = 3 * time.Second

// scope is whose instruments they are.
const scope = "hjemmel"

// Close sends what is left.
func (x *Exporter) Close() error {
	if x == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return x.stop(ctx)
}

// Request is a span of one request to a route, as a pattern. The function that it gives ends it, with the status of the answer
// and the code of a refusal.
func (x *Exporter) Request(ctx context.Context, route string) (context.Context, func(status int, code string)) {
	if x == nil {
		return ctx, func(int, string) {}
	}
	start := x.now()
	ctx, span := x.tracer.Start(ctx, route, trace.WithNewRoot(), trace.WithSpanKind(trace.SpanKindServer))
	return ctx, func(status int, code string) {
		about := []attribute.KeyValue{attribute.String("http.route", route), attribute.Int("http.response.status_code", status)}
		if code != "" {
			about = append(about, attribute.String("error.type", code))
		}
		if status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
		span.SetAttributes(about...)
		span.End()
		x.requests.Record(ctx, x.now().Sub(start).Seconds(), metric.WithAttributes(about...))
	}
}

// Calls is a transport whose calls are spans: of the host, the method and the status, and nothing of the address.
func (x *Exporter) Calls(by http.RoundTripper) http.RoundTripper {
	if x == nil {
		return by
	}
	return calls{x, by}
}

type calls struct {
	x  *Exporter
	by http.RoundTripper
}

// RoundTrip does the call. The span ends when the answer begins.
func (c calls) RoundTrip(r *http.Request) (*http.Response, error) {
	start, about := c.x.now(), []attribute.KeyValue{attribute.String("server.address", r.URL.Hostname()), attribute.String("http.request.method", r.Method)}
	ctx, span := c.x.tracer.Start(r.Context(), r.Method+" "+r.URL.Hostname(), trace.WithSpanKind(trace.SpanKindClient))
	defer span.End()
	resp, err := c.by.RoundTrip(r)
	if err != nil {
		about = append(about, attribute.String("error.type", "ingen-svar")) // an error of the network holds the address
		span.SetStatus(codes.Error, "")
	} else {
		about = append(about, attribute.Int("http.response.status_code", resp.StatusCode))
	}
	span.SetAttributes(about...)
	c.x.calls.Record(ctx, c.x.now().Sub(start).Seconds(), metric.WithAttributes(about...))
	return resp, err
}

// Age measures how old something is now and then, in seconds, by a name and a kind; a second of the same is the first. What
// cannot be read is not sent.
func (x *Exporter) Age(name, kind string, read func(context.Context) (time.Duration, error)) error {
	if x == nil {
		return nil
	}
	if _, there := x.gauges.LoadOrStore(name+" "+kind, true); there {
		return nil
	}
	about := metric.WithAttributes(attribute.String("hjemmel.kind", kind))
	_, err := x.meter.Float64ObservableGauge(name, metric.WithUnit("s"), metric.WithFloat64Callback(func(ctx context.Context, o metric.Float64Observer) error {
		if age, err := read(ctx); err == nil { // an error would keep all metrics back
			o.Observe(age.Seconds(), about)
		}
		return nil
	}))
	return err
}
