package telemetry

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// object is a message of OTLP in its JSON form (opentelemetry-proto 1, «JSON Protobuf Encoding»): 64 bits are strings, ids hex.
type object map[string]any

// collector is where both go. What it does not take is lost, because it tells of what is past.
type collector struct {
	base string
	web  *http.Client
}

func (c collector) send(ctx context.Context, path string, o object) error {
	b, err := json.Marshal(o)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(b))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := c.web.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("telemetry: the collector answers %d", resp.StatusCode)
	}
	return err
}

// spans sends traces.
type spans struct{ collector }

// ExportSpans sends one batch.
func (s spans) ExportSpans(ctx context.Context, some []sdktrace.ReadOnlySpan) error {
	var all []object
	for _, one := range some {
		o := object{
			"traceId": one.SpanContext().TraceID().String(), "spanId": one.SpanContext().SpanID().String(), "name": one.Name(), "kind": int(one.SpanKind()),
			"startTimeUnixNano": nano(one.StartTime()), "endTimeUnixNano": nano(one.EndTime()), "attributes": pairs(one.Attributes()),
		}
		if p := one.Parent(); p.HasSpanID() {
			o["parentSpanId"] = p.SpanID().String()
		}
		if one.Status().Code == codes.Error {
			o["status"] = object{"code": 2} // STATUS_CODE_ERROR
		}
		all = append(all, o)
	}
	if len(all) == 0 {
		return nil
	}
	return s.send(ctx, "/v1/traces", object{"resourceSpans": []object{{
		"resource":   object{"attributes": pairs(some[0].Resource().Attributes())},
		"scopeSpans": []object{{"scope": object{"name": scope}, "spans": all}},
	}}})
}

// Shutdown has nothing to end.
func (spans) Shutdown(context.Context) error { return nil }

// values sends metrics, of which every sum is since the start.
type values struct{ collector }

func (values) Temporality(sdkmetric.InstrumentKind) metricdata.Temporality {
	return metricdata.CumulativeTemporality
}

func (values) Aggregation(k sdkmetric.InstrumentKind) sdkmetric.Aggregation {
	return sdkmetric.DefaultAggregationSelector(k)
}

func (values) ForceFlush(context.Context) error { return nil }

func (values) Shutdown(context.Context) error { return nil }

// Export sends what was measured.
func (v values) Export(ctx context.Context, m *metricdata.ResourceMetrics) error {
	var all []object
	for _, s := range m.ScopeMetrics {
		for _, one := range s.Metrics {
			o := object{"name": one.Name, "unit": one.Unit}
			switch d := one.Data.(type) {
			case metricdata.Histogram[float64]:
				o["histogram"] = object{"aggregationTemporality": 2, "dataPoints": histogram(d)} // CUMULATIVE
			case metricdata.Gauge[float64]:
				o["gauge"] = object{"dataPoints": gauge(d)}
			default:
				continue // we have no others
			}
			all = append(all, o)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return v.send(ctx, "/v1/metrics", object{"resourceMetrics": []object{{
		"resource":     object{"attributes": pairs(m.Resource.Attributes())},
		"scopeMetrics": []object{{"scope": object{"name": scope}, "metrics": all}},
	}}})
}

func histogram(d metricdata.Histogram[float64]) (points []object) {
	for _, p := range d.DataPoints {
		var counts []string
		for _, n := range p.BucketCounts {
			counts = append(counts, strconv.FormatUint(n, 10))
		}
		points = append(points, object{
			"attributes": pairs(p.Attributes.ToSlice()), "startTimeUnixNano": nano(p.StartTime), "timeUnixNano": nano(p.Time),
			"count": strconv.FormatUint(p.Count, 10), "sum": p.Sum, "bucketCounts": counts, "explicitBounds": p.Bounds,
		})
	}
	return points
}

func gauge(d metricdata.Gauge[float64]) (points []object) {
	for _, p := range d.DataPoints {
		points = append(points, object{"attributes": pairs(p.Attributes.ToSlice()), "timeUnixNano": nano(p.Time), "asDouble": p.Value})
	}
	return points
}

func nano(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }

func pairs(of []attribute.KeyValue) (all []object) {
	for _, kv := range of {
		value := object{"stringValue": kv.Value.String()}
		if kv.Value.Type() == attribute.INT64 {
			value = object{"intValue": kv.Value.String()}
		}
		all = append(all, object{"key": string(kv.Key), "value": value})
	}
	return all
}
