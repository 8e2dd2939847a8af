package telemetry

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"hjemmel/shared/person"
)

func TestOnlyKnownKeysShowTheirValues(t *testing.T) {
	id, err := person.ParseID("14827849805")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	l := NewLogger(&b, slog.LevelDebug)
	l.Info("request", "route", "GET /x/{id}", "status", 200, "navn", "STADIG KUBBESTOL", "fnr", "14827849805", "id", id,
		slog.Group("person", "route", "STADIG"), "cause", errors.New("freg: status 500"))
	l.With("token", "eyJhbGciOi").WithGroup("g").Warn("again", "status", "STADIG")
	out := b.String()
	for _, secret := range []string{"STADIG", "14827849805", "eyJ"} {
		if strings.Contains(out, secret) {
			t.Errorf("%s is in the log: %s", secret, out)
		}
	}
	for _, want := range []string{`"time":"2`, `"severity":"INFO"`, `"severity":"WARNING"`, `"message":"request"`, `"route":"GET /x/{id}"`, `"status":200`, `"cause":"freg: status 500"`, `"navn":"▮"`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
}
