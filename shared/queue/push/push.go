// Package push carries orders by a broker that calls: Pub/Sub's push subscriptions, and whatever sends the
// same message as a CloudEvent (Eventarc, Knative).
//
// It refuses to take anything from a message but an id. What it answers with decides whether the broker sends
// again: what failed, yes; what is done, or held by somebody, no, since the outbox knows better.
package push

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	cehttp "github.com/cloudevents/sdk-go/v2/protocol/http"

	"hjemmel/shared/fault"
	"hjemmel/shared/queue"
)

// Published is the type of the CloudEvent that a message of Pub/Sub is.
const Published = "google.cloud.pubsub.topic.v1.messagePublished"

// maxMessage bounds a message, in bytes: it holds an id.
const maxMessage = 16 << 10

var errMessage = fault.New(fault.Invalid, "MELDING_UGYLDIG", "Dette er ikke en melding fra køen: en CloudEvent av typen "+Published+", eller Pub/Subs egen push.")

// Work does the work that a call tells of. No error means that the message need not come again. A message
// that cannot be read is a fault of kind Invalid, work that did not get done one of kind Unavailable.
func Work(ctx context.Context, r *http.Request, o *queue.Outbox, do queue.Handler) error {
	id, err := ID(r)
	if err != nil {
		return err
	}
	err = o.Work(ctx, id, do)
	if err == nil || errors.Is(err, queue.ErrLost) { // somebody else does it
		return nil
	}
	return fault.From(fault.Unavailable, "ARBEID_IKKE_FERDIG", "Arbeidet ble ikke ferdig. Send meldingen igjen.", err)
}

// ID reads the id that a call carries.
func ID(r *http.Request) (string, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, maxMessage)
	var data struct {
		Message struct {
			Data []byte `json:"data"`
		} `json:"message"`
	}
	read := json.NewDecoder(r.Body).Decode
	if cloudEvent(r) {
		e, err := cehttp.NewEventFromHTTPRequest(r)
		if err != nil || e.Validate() != nil || e.Type() != Published {
			return "", errMessage
		}
		read = e.DataAs
	}
	if err := read(&data); err != nil || len(data.Message.Data) == 0 {
		return "", errMessage
	}
	return string(data.Message.Data), nil
}

// cloudEvent reports whether a call is one, binary or structured. Pub/Sub's own push has the same data and no
// headers around it.
func cloudEvent(r *http.Request) bool {
	return r.Header.Get("Ce-Type") != "" || strings.HasPrefix(r.Header.Get("Content-Type"), "application/cloudevents")
}
