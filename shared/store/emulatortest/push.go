package emulatortest

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// Project is the project that tests use in the emulators.
const Project = "hjemmel-test"

// Push makes a topic on the Pub/Sub emulator, with a subscription of the same name that pushes to an address.
// What is not answered with a 2xx comes again. The emulator shows no service token and minds no filter.
func Push(tb testing.TB, topic, address string) {
	tb.Helper()
	at := "http://" + PubSub.Start(tb) + "/v1/projects/" + Project
	send(tb, http.MethodPut, at+"/topics/"+topic, "{}")
	send(tb, http.MethodPut, at+"/subscriptions/"+topic, fmt.Sprintf(`{"topic":"projects/%s/topics/%s","ackDeadlineSeconds":10,"pushConfig":{"pushEndpoint":%q}}`, Project, topic, address))
}

// Bucket makes a bucket of Cloud Storage that nobody else has, and gives its URL.
func Bucket(tb testing.TB) string {
	tb.Helper()
	name := "proeve-" + strings.ToLower(rand.Text())
	send(tb, http.MethodPost, "http://"+Storage.Start(tb)+"/storage/v1/b?project="+Project, fmt.Sprintf(`{"name":%q}`, name))
	return "gs://" + name
}

func send(tb testing.TB, method, at, body string) {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), method, at, strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		tb.Fatalf("%s: %s", at, resp.Status)
	}
}
