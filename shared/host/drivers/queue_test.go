package drivers

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hjemmel/shared/queue"
	"hjemmel/shared/queue/queuetest"
	"hjemmel/shared/queue/topic/natstest"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

// served opens a topic and does the work that it tells of until the test ends.
func served(t *testing.T, at string, o *queue.Outbox, do queue.Handler) Topic {
	t.Helper()
	opened, err := OpenTopic(t.Context(), at, "proeve")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var listening sync.WaitGroup
	listening.Go(func() { opened.Receive(ctx, o, 3, do, func(err error) { t.Log(err) }) })
	t.Cleanup(func() {
		stop()
		listening.Wait()
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	})
	return opened
}

func TestNATS(t *testing.T) {
	server := natstest.Start(t)
	n := 0
	queuetest.Run(t, func(t *testing.T, o *queue.Outbox, do queue.Handler) queue.Send {
		n++
		return served(t, fmt.Sprintf("nats://%s/p%d", server.Host, n), o, do).Send
	})
}

// Of two who listen one is told of each piece; a broker that dies loses nothing, and both are told again when it is back.
func TestNATSThatDies(t *testing.T) {
	server := natstest.Start(t)
	state := storetest.NewMemory()
	var told atomic.Int64
	do := func(_ context.Context, l *queue.Lease) ([]store.Op, error) {
		told.Add(1)
		return []store.Op{store.Create("ferdig/"+l.ID, nil)}, nil
	}
	boxes := [2]*queue.Outbox{}
	for i := range boxes {
		o, err := queue.New(state, "proeve", time.Now)
		if err != nil {
			t.Fatal(err)
		}
		o.Again = 100 * time.Millisecond
		boxes[i] = o
	}
	send := served(t, "nats://"+server.Host+"/hjemmel", boxes[0], do).Send
	served(t, "nats://"+server.Host+"/hjemmel", boxes[1], do)
	for round := range 3 {
		server.Kill(t)
		for i := range 10 {
			op, err := boxes[0].Order(fmt.Sprintf("%d-%d", round, i), nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := state.Commit(t.Context(), op); err != nil {
				t.Fatal(err)
			}
		}
		_, _ = boxes[0].Sweep(t.Context(), send) // to nobody, or into a buffer
		server.Up(t)
		for patience := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			if _, err := boxes[0].Sweep(t.Context(), send); err != nil {
				t.Log(err)
			}
			if waiting, err := boxes[0].Waiting(t.Context()); err != nil || waiting == 0 {
				break
			}
			if time.Now().After(patience) {
				t.Fatal("what was ordered while the broker was down is not done")
			}
		}
	}
	if n := told.Load(); n != 30 {
		t.Errorf("30 pieces of work were done %d times", n)
	}
}

// A broker that is not there, or that wants credentials which are not, stops the start with a line.
func TestNATSRefused(t *testing.T) {
	server := natstest.Start(t)
	for _, c := range []struct{ name, host, creds, ca string }{
		{"nobody", "127.0.0.1:1", "", ""},
		{"silent", silent(t), "", ""},
		{"credentials that are not there", server.Host, "/finnes/ikke", ""},
		{"certificates that are not there", server.Host, "", "/finnes/ikke"},
	} {
		t.Setenv("NATS_CREDS", c.creds)
		t.Setenv("NATS_CA", c.ca)
		opened, err := OpenTopic(t.Context(), "nats://"+c.host+"/hjemmel", "proeve")
		if err == nil {
			_ = opened.Close()
		}
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: want an error of one line: %v", c.name, err)
		}
	}
}
