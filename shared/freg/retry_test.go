package freg_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/freg"
)

// script lets the register answer with one step after the other, the last one for ever, and notes
// when it was asked. A step is a status, with Retry-After after a space; 0 is the simulator's answer,
// "hang" none at all.
func (w *world) script(steps ...string) (asked func() []time.Duration) {
	var mu sync.Mutex
	var at []time.Duration
	begin := time.Now()
	w.first(func(rw http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(r.URL.Path, "/maskinporten/") {
			return false
		}
		mu.Lock()
		step := steps[min(len(at), len(steps)-1)]
		at = append(at, time.Since(begin))
		mu.Unlock()
		if step == "hang" {
			<-r.Context().Done()
			return true
		}
		status, after, found := strings.Cut(step, " ")
		code := 0
		if _, err := fmt.Sscan(status, &code); err != nil || code == 0 {
			return false
		}
		if found {
			rw.Header().Set("Retry-After", after)
		}
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(code)
		_, _ = io.WriteString(rw, "{}")
		return true
	})
	return func() []time.Duration {
		mu.Lock()
		defer mu.Unlock()
		return at
	}
}

// bubble runs f in a world whose clock is the test's own.
func bubble(t *testing.T, retries int, f func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f(t, newWorld(t, options{direct: true, change: func(c *freg.Config) { c.Retries = retries }}))
	})
}

func TestReadsAreTriedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		retries int
		steps   []string
		asked   int
		ok      bool
	}{
		"a passing failure":             {0, []string{"503", "500", "0"}, 3, true},
		"a failure that stays":          {0, []string{"503"}, 4, false},
		"once more":                     {1, []string{"503"}, 2, false},
		"never again":                   {-1, []string{"503", "0"}, 1, false},
		"too fast":                      {0, []string{"429 10", "429 10", "0"}, 3, true},
		"no such person, for good":      {0, []string{"404"}, 1, false},
		"a wrong question, for good":    {0, []string{"400"}, 1, false},
		"no access, for good":           {0, []string{"403"}, 1, false},
		"a wrong part, for good":        {0, []string{"406"}, 1, false},
		"an answer that never comes":    {1, []string{"hang", "0"}, 2, true},
		"an answer that never comes, 2": {1, []string{"hang"}, 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, c.retries, func(t *testing.T, w *world) {
				asked := w.script(c.steps...)
				if err := w.look(t.Context(), "ALT", kommune); (err == nil) != c.ok || len(asked()) != c.asked {
					t.Errorf("%d requests: %v", len(asked()), err)
				}
			})
		})
	}
}

// Freg counts Retry-After in milliseconds. We never come back sooner, and not much later.
func TestRetryAfterIsHonoured(t *testing.T) {
	for header, c := range map[string]struct{ least, most time.Duration }{
		"700": {700 * time.Millisecond, 1100 * time.Millisecond}, "1": {time.Millisecond, 10 * time.Millisecond}, "12000": {12 * time.Second, 19 * time.Second},
		"3600000": {30 * time.Second, 46 * time.Second}, "99999999999999999999": {160 * time.Millisecond, 310 * time.Millisecond}, // bounded; no number
		"-5": {160 * time.Millisecond, 310 * time.Millisecond}, "Wed, 21 Oct 2026 07:28:00 GMT": {160 * time.Millisecond, 310 * time.Millisecond},
		"": {160 * time.Millisecond, 310 * time.Millisecond}, "0": {30 * time.Millisecond, 100 * time.Millisecond},
	} {
		for range 5 { // the wait has some chance in it
			bubble(t, 1, func(t *testing.T, w *world) {
				asked := w.script("429 "+header, "0")
				if err := w.look(t.Context(), "ALT", kommune); err != nil || len(asked()) != 2 {
					t.Fatalf("%q: %d requests: %v", header, len(asked()), err)
				}
				if waited := asked()[1] - asked()[0]; waited < c.least || waited > c.most {
					t.Errorf("%q: waited %v", header, waited)
				}
			})
		}
	}
	bubble(t, -1, func(t *testing.T, w *world) { // who does not wait is told how long
		w.script("429 1500")
		if err := w.look(t.Context(), "ALT", kommune); !fault.Is(err, fault.TooMany) || fault.Of(err).RetryAfter != 1500*time.Millisecond {
			t.Errorf("%v, after %v", err, fault.Of(err).RetryAfter)
		}
	})
}

// The caller's deadline ends all waiting: for the register, for its Retry-After, and for a token.
func TestTheCallersDeadlineEndsAllWaiting(t *testing.T) {
	for name, prepare := range map[string]func(w *world){
		"the register hangs":  func(w *world) { w.script("hang") },
		"Retry-After is long": func(w *world) { w.script("429 20000") },
		"it fails and fails":  func(w *world) { w.script("503") },
		"Maskinporten hangs": func(w *world) {
			w.first(func(_ http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true })
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, 1000, func(t *testing.T, w *world) {
				prepare(w)
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				begin := time.Now()
				err := w.look(ctx, "ALT", kommune)
				if f := fault.Of(err); f == nil || f.Kind != fault.Unavailable && f.Kind != fault.TooMany {
					t.Errorf("%v", err)
				}
				if took := time.Since(begin); took > 3*time.Second { // of the bubble's clock
					t.Errorf("took %v", took)
				}
				time.Sleep(time.Minute) // a request for a token lives on for others, and ends by itself
			})
		})
	}
	bubble(t, 3, func(t *testing.T, w *world) { // without a deadline each attempt has its own
		asked := w.script("hang")
		begin := time.Now()
		if err := w.look(t.Context(), "ALT", kommune); !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.DeadlineExceeded) || len(asked()) != 4 {
			t.Errorf("%d requests: %v", len(asked()), err)
		}
		if took := time.Since(begin); took < 40*time.Second || took > 45*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestTheBreaker(t *testing.T) {
	bubble(t, -1, func(t *testing.T, w *world) {
		asked := w.script("503")
		for range 100 {
			if err := w.look(t.Context(), "ALT", kommune); !fault.Is(err, fault.Unavailable) {
				t.Fatal(err)
			}
		}
		down := len(asked())
		if down < 10 || down > 20 {
			t.Errorf("%d requests to a register that is down", down)
		}
		err := w.look(t.Context(), "ALT", kommune)
		if f := fault.Of(err); f.RetryAfter <= 0 || f.RetryAfter > 5*time.Second {
			t.Errorf("told to come back after %v", f.RetryAfter)
		}
		time.Sleep(5*time.Second + time.Millisecond) // a bubble's clock
		for range 10 {
			_ = w.look(t.Context(), "ALT", kommune) // one goes through, and fails
		}
		if n := len(asked()) - down; n != 1 {
			t.Errorf("%d requests when the breaker looks", n)
		}
		asked = w.script("0")
		time.Sleep(5*time.Second + time.Millisecond)
		for i := range 30 {
			if err := w.look(t.Context(), "ALT", kommune); err != nil {
				t.Fatalf("question %d to a register that is back: %v", i, err)
			}
		}
		if len(asked()) != 30 {
			t.Errorf("%d requests to a register that is back", len(asked()))
		}
	})
}

// What is the callers' own doing shuts nobody out: who leaves, who asks wrongly, for nobody, or too
// fast.
func TestTheBreakerMindsTheRegisterAlone(t *testing.T) {
	for _, step := range []string{"404", "400", "429 0", "403"} {
		bubble(t, -1, func(t *testing.T, w *world) {
			asked := w.script(step)
			for range 50 {
				_ = w.look(t.Context(), "ALT", kommune)
			}
			if len(asked()) != 50 {
				t.Errorf("%s opens the breaker after %d", step, len(asked()))
			}
		})
	}
	bubble(t, -1, func(t *testing.T, w *world) {
		w.script("hang")
		for range 50 {
			ctx, leave := context.WithCancel(t.Context())
			left := make(chan error)
			go func() { left <- w.look(ctx, "ALT", kommune) }()
			synctest.Wait()
			leave()
			if err := <-left; !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
		w.script("0")
		if err := w.look(t.Context(), "ALT", kommune); err != nil {
			t.Errorf("callers who left shut the others out: %v", err)
		}
	})
}
