package lookup_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"hjemmel/functions/lookup"
	"hjemmel/shared/host"
	"hjemmel/shared/host/hosttest/served"
	"hjemmel/shared/telemetry/otlptest"
)

// What is sent of lookups, refusals and searches holds no number, name, token, nor id of anybody.
func TestTracesHoldNobody(t *testing.T) {
	c := otlptest.Start(t)
	var secrets []string
	t.Cleanup(func() { holdsNobody(t, c, secrets) }) // after the world has ended, and sent the rest
	w := &world{served.Start(t, []served.Routes{func(e *host.Env) ([]host.Route, error) {
		e.Config.Otlp = c.URL
		if err := e.Export("lookup"); err != nil {
			return nil, err
		}
		return lookup.Routes(e)
	}}), t}
	id, bearer := w.Demo.Personer["vanlig"], w.employee("ansatt-01")
	first := w.do(http.MethodGet, personer(role(1), id+"?part=navn&part=bostedsadresse"), nil, bearer)
	if first.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", first.StatusCode, first.body)
	}
	for _, rest := range []string{id + "?part=finnesikke", "14827849899?part=navn", "soek?" + url.Values{"navn": {"KUBBESTOL STADIG"}}.Encode()} {
		w.do(http.MethodGet, personer(role(1), rest), nil, bearer)
	}
	secrets = []string{id, "14827849899", "KUBBESTOL", role(1), strings.TrimPrefix(bearer.Get("Authorization"), "Bearer ")[:20], first.Header.Get(host.RequestIDHeader)}
	for _, word := range strings.FieldsFunc(string(first.body), func(r rune) bool { return strings.ContainsRune(`{}[]":,`, r) }) {
		if len(word) > 3 && word == strings.ToUpper(word) && strings.ToLower(word) != word { // a name or a street
			secrets = append(secrets, word)
		}
	}
}

func holdsNobody(t *testing.T, c *otlptest.Collector, secrets []string) {
	t.Helper()
	spans := c.Spans()
	if spans["GET /folkeregister/api/v1/{rolleId}/v1/personer/{id}"] < 3 || spans["GET 127.0.0.1"] == 0 || c.Metrics()["http.server.request.duration"] == 0 {
		t.Errorf("%v, %v", spans, c.Metrics())
	}
	sent := strings.ToUpper(string(c.Bytes()))
	for _, secret := range secrets {
		if secret == "" || strings.Contains(sent, strings.ToUpper(secret)) {
			t.Errorf("%q is sent", secret)
		}
	}
	if len(secrets) < 8 {
		t.Errorf("looked for %v only", secrets)
	}
}
