package listrender

import (
	"bytes"
	crand "crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hjemmel/functions/listorder"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/host/hosttest/served"
	"hjemmel/shared/lists"
	"hjemmel/shared/store/emulatortest"
)

// pushed is a world whose orders the emulator of Pub/Sub pushes to the function, through what stands between
// them as Google's own does: it shows a service token, which the emulator does not. Every other message it
// delivers twice. Answers are counted by their status.
func pushed(t *testing.T) (w served.World, r *renderer, answered *[600]atomic.Int64) {
	t.Helper()
	chance, to := rand.New(rand.NewPCG(7, 7)), atomic.Pointer[served.World]{}
	var mu sync.Mutex
	answered = new([600]atomic.Int64)
	between := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		status := delivered(t, to.Load(), body)
		mu.Lock()
		twice := chance.IntN(2) == 0
		mu.Unlock()
		if twice {
			delivered(t, to.Load(), body)
		}
		answered[status].Add(1)
		out.WriteHeader(status)
	}))
	t.Cleanup(between.Close)
	topic := "t" + crand.Text()
	emulatortest.Push(t, topic+"-liste", between.URL)
	w = served.Start(t, []served.Routes{listorder.Routes, Routes}, func(o *hosttest.Options) {
		o.Queue = "gcppubsub://" + emulatortest.Project + "/" + topic
	})
	to.Store(&w)
	r, err := newRenderer(w.Env)
	if err != nil {
		t.Fatal(err)
	}
	return w, r, answered
}

// delivered is the status with which the function takes a message.
func delivered(t *testing.T, w *served.World, body []byte) int {
	req, err := http.NewRequest(http.MethodPost, w.Base+"/hjemmel/v1/plattform/lister/lag", bytes.NewReader(body))
	if err != nil {
		return http.StatusBadGateway
	}
	req.Header = w.Platform(t)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return http.StatusBadGateway
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// Pub/Sub's emulator pushes orders to the running function, some twice: while the register is down the function
// has them sent again, and each list ends with one file and one entry for each person.
func TestAQueueHasListsMade(t *testing.T) {
	w, r, answered := pushed(t)
	if err := w.Freg.Faults().Set(fregsim.Fault{Kind: fregsim.Status, Status: 503, Probability: 1}); err != nil {
		t.Fatal(err)
	}
	h := w.Vendor(t, 2)
	ids := []string{ordered(t, w, h, "0301")}
	until(t, func() bool { return answered[503].Load() > 0 })
	w.Freg.Faults().Clear()
	for range 4 {
		ids = append(ids, ordered(t, w, h, "0301"))
	}
	for _, id := range ids {
		until(t, func() bool {
			l, ok, err := r.lists.Liste(t.Context(), id)
			return err == nil && ok && l.Status == lists.Ferdig
		})
		until(t, func() bool { n, err := r.orders.Waiting(t.Context()); return n == 0 && err == nil })
		holds(t, w, r, w.Entries(t), id)
	}
	if n := answered[204].Load(); n == 0 {
		t.Error("no message was taken")
	}
	if got := status(t, w.Base+"/register/api/v1/ks/innbyggerliste/v1/rolle/"+role+"/"+ids[0], "DELETE", "", h); got != 204 {
		t.Fatal(got)
	}
	until(t, func() bool {
		_, ok, err := r.lists.Liste(t.Context(), ids[0])
		left, failed := r.orders.Waiting(t.Context())
		return err == nil && failed == nil && !ok && left == 0
	})
}

func until(t *testing.T, so func() bool) {
	t.Helper()
	for deadline := time.After(time.Minute); !so(); time.Sleep(5 * time.Millisecond) {
		select {
		case <-deadline:
			t.Fatal("it does not come to that")
		default:
		}
	}
}

// The platform alone reaches what is the platform's; the answers are those that a queue and a schedule go by.
func TestThePlatformsOwn(t *testing.T) {
	w := served.Start(t, []served.Routes{listorder.Routes, Routes})
	message := fmt.Sprintf(`{"message":{"data":%q}}`, base64.StdEncoding.EncodeToString([]byte("finnes-ikke")))
	platform := w.Platform(t)
	for _, c := range []struct {
		path, body string
		h          http.Header
		status     int
		answer     string
	}{
		{"lag", message, platform, 204, ""},
		{"lag", "{}", platform, 400, "MELDING_UGYLDIG"},
		{"purr", "", platform, 200, `{"sendt":0}`},
		{"rydd", "", platform, 200, `{"fjernet":0}`},
		{"lag", message, w.Employee(t, "ansatt-07"), 401, "PLATTFORM_UKJENT"},
		{"lag", "{}", nil, 401, "PLATTFORM_UKJENT"},
		{"purr", "", w.Vendor(t, 2), 401, "PLATTFORM_UKJENT"},
		{"rydd", "", nil, 401, "PLATTFORM_UKJENT"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.Base+"/hjemmel/v1/plattform/lister/"+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range c.h {
			req.Header[k] = v
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != c.status || !strings.Contains(string(b), c.answer) {
			t.Errorf("%s: %d %s", c.path, resp.StatusCode, b)
		}
	}
}

// A schedule sends again what is overdue: an order whose message was lost is done all the same.
func TestWhatIsLostIsSentAgain(t *testing.T) {
	w, r, _ := pushed(t)
	op, err := r.orders.Order("mistet", nil) // committed, and nobody told
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.Env.State()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), op); err != nil {
		t.Fatal(err)
	}
	if got := status(t, w.Base+"/hjemmel/v1/plattform/lister/purr", "POST", "", w.Platform(t)); got != 200 {
		t.Fatal(got)
	}
	until(t, func() bool { n, err := r.orders.Waiting(t.Context()); return n == 0 && err == nil })
}
