package host

import (
	"strings"
	"testing"

	"hjemmel/shared/store/storetest"
)

// A queue that cannot be is refused by the name of its setting; on one machine there is none.
func TestQueues(t *testing.T) {
	for at, ok := range map[string]bool{
		"embedded://": true, "gcppubsub://p/hjemmel": true, "": false, "embedded": false, "gcppubsub://p": false, "gcppubsub:///hjemmel": false,
		"gcppubsub://p/a/b": false, "nats://a": false, "nats://a:1/b.c": false, "nats://u:p@a:1/b": false, "nats://127.0.0.1:1/b": false, "kafka://a/b": false, ":": false,
	} {
		t.Setenv("PUBSUB_EMULATOR_HOST", "127.0.0.1:1") // nothing is called yet
		e := NewEnv(Config{Queue: at})
		e.UseState(storetest.NewMemory())
		o, err := e.ListWork()
		if (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "HJEMMEL_QUEUE") {
			t.Errorf("%q: %v", at, err)
		}
		if ok && (o.Send == nil) != (at == "embedded://") {
			t.Errorf("%q tells wrongly", at)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
}
