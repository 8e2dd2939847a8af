package push_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gocloud.dev/pubsub"
	_ "gocloud.dev/pubsub/gcppubsubv2"

	"hjemmel/shared/fault"
	"hjemmel/shared/queue"
	"hjemmel/shared/queue/push"
	"hjemmel/shared/queue/queuetest"
	"hjemmel/shared/queue/topic"
	"hjemmel/shared/store"
	"hjemmel/shared/store/emulatortest"
	"hjemmel/shared/store/storetest"
)

// The real emulator of Pub/Sub pushes to a real server: whatever it loses, repeats or reorders, orders are done.
func TestConformance(t *testing.T) {
	emulatortest.PubSub.Start(t)
	queuetest.Run(t, func(t *testing.T, o *queue.Outbox, do queue.Handler) queue.Send {
		places := make(chan struct{}, 3)
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			places <- struct{}{}
			defer func() { <-places }()
			if err := push.Work(r.Context(), r, o, do); err != nil {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			w.WriteHeader(http.StatusNoContent)
		}))
		t.Cleanup(srv.Close)
		name := "t" + rand.Text()
		emulatortest.Push(t, name, srv.URL)
		orders, err := pubsub.OpenTopic(t.Context(), "gcppubsubv2://"+emulatortest.Project+"/"+name)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = orders.Shutdown(context.Background()) })
		return topic.Sender(orders)
	})
}

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func request(body string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// A message means the same however it is wrapped, and nothing else is one.
func TestMessages(t *testing.T) {
	data := `{"message":{"data":"` + base64.StdEncoding.EncodeToString([]byte("liste-1")) + `","messageId":"7","attributes":{}},"subscription":"projects/p/subscriptions/s"}`
	structured := `{"specversion":"1.0","id":"7","type":"` + push.Published + `","source":"//pubsub.googleapis.com/projects/p/topics/t","datacontenttype":"application/json","data":` + data + `}`
	binary := []string{"Content-Type", "application/json", "Ce-Specversion", "1.0", "Ce-Id", "7", "Ce-Source", "//pubsub.googleapis.com/projects/p/topics/t", "Ce-Type"}
	for name, c := range map[string]struct {
		r  *http.Request
		id string
	}{
		"Pub/Sub's own":   {request(data, "Content-Type", "application/json"), "liste-1"},
		"binary":          {request(data, append(binary, push.Published)...), "liste-1"},
		"structured":      {request(structured, "Content-Type", "application/cloudevents+json"), "liste-1"},
		"of another type": {request(data, append(binary, "google.cloud.storage.object.v1.finalized")...), ""},
		"half an event":   {request(data, "Content-Type", "application/json", "Ce-Type", push.Published), ""},
		"no event":        {request("{}", "Content-Type", "application/cloudevents+json"), ""},
		"nothing":         {request(""), ""},
		"no message":      {request(`{"message":{}}`), ""},
		"no base64":       {request(`{"message":{"data":"*"}}`), ""},
		"too much":        {request(`{"message":{"data":"` + strings.Repeat("QUFB", 10_000) + `"}}`), ""},
	} {
		id, err := push.ID(c.r)
		if id != c.id || (err == nil) != (c.id != "") || err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %q %v", name, id, err)
		}
	}
}

// What is done, unknown or held need not come again; what failed must.
func TestWhatComesAgain(t *testing.T) {
	s := storetest.NewMemory()
	o, err := queue.New(s, "liste", noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"gjort", "holdt", "feilet"} {
		op, err := o.Order(id, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Commit(t.Context(), op); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.Take(t.Context(), "holdt"); err != nil {
		t.Fatal(err)
	}
	do := func(_ context.Context, l *queue.Lease) ([]store.Op, error) {
		if l.ID == "feilet" {
			return nil, errors.New("not yet")
		}
		return nil, nil
	}
	for i, c := range []struct {
		id    string
		again bool
	}{{"gjort", false}, {"gjort", false}, {"holdt", false}, {"ukjent", false}, {"a/../b", false}, {"feilet", true}, {"feilet", true}} {
		body := fmt.Sprintf(`{"message":{"data":%q}}`, base64.StdEncoding.EncodeToString([]byte(c.id)))
		if err := push.Work(t.Context(), request(body), o, do); fault.Is(err, fault.Unavailable) != c.again || (err != nil) != c.again {
			t.Errorf("%d %s: %v", i, c.id, err)
		}
	}
}
