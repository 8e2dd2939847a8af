package fregsim

import (
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"hjemmel/shared/freg/fregsim/document"
)

// Request is what is remembered of a request: never an id, a name or another value.
type Request struct {
	Pakke      document.Pakke // zero for a path that is no resource
	Resource   string
	Parts      []string // as asked
	Parameters []string // the names of the other query parameters, sorted
	IDs        int      // how many persons were asked for by number
	Consumer   string   // the organisation number in the token; empty when not admitted
}

const logged = 10_000

type requestLog struct {
	mu   sync.Mutex
	kept []*Request
	n    map[string]int
}

// begin remembers a request before it is answered. The function it gives changes what is remembered.
func (l *requestLog) begin(r *http.Request, pakke document.Pakke, resource string) func(func(*Request)) {
	query := r.URL.Query()
	entry := &Request{Pakke: pakke, Resource: resource, Parts: query["part"]}
	delete(query, "part")
	entry.Parameters = slices.Sorted(maps.Keys(query))
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.kept) == logged {
		l.kept = slices.Delete(l.kept, 0, logged/2)
	}
	l.kept = append(l.kept, entry)
	if l.n == nil {
		l.n = map[string]int{}
	}
	l.n[resource]++
	return func(change func(*Request)) {
		l.mu.Lock()
		defer l.mu.Unlock()
		change(entry)
	}
}

// Requests gives the latest requests, refused ones too, oldest first: at least the last 5000. One is
// there before its answer is.
func (s *Server) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	out := make([]Request, len(s.log.kept))
	for i, r := range s.log.kept {
		out[i] = *r
	}
	return out
}

// Counts gives how many requests each resource has had.
func (s *Server) Counts() map[string]int {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return maps.Clone(s.log.n)
}

// ForgetRequests empties what Requests and Counts give.
func (s *Server) ForgetRequests() {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.log.kept, s.log.n = nil, nil
}

// windows count the requests of each consumer in the current minute.
type windows struct {
	mu    sync.Mutex
	start time.Time
	n     map[string]int
}

// take counts one request. It gives how long to wait when the consumer has had its most.
func (w *windows) take(consumer string, most int, now time.Time) time.Duration {
	if most == 0 {
		return 0
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.n == nil || now.Sub(w.start) >= time.Minute {
		w.start, w.n = now, map[string]int{}
	}
	if w.n[consumer] >= most {
		return max(time.Millisecond, w.start.Add(time.Minute).Sub(now))
	}
	w.n[consumer]++
	return 0
}
