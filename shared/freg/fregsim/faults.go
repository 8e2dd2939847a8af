package fregsim

import (
	"encoding/json"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"hjemmel/shared/fault"
)

// FaultKind is a way in which the register, or the way to it, fails.
type FaultKind string

// The kinds. All but Slow and Shape take the place of the answer or spoil it.
const (
	Slow        FaultKind = "treg"         // the answer comes WaitMillis later
	Status      FaultKind = "status"       // an error body with Status; 429 has Retry-After RetryMillis
	HTML        FaultKind = "html"         // a firewall's page with Status (200 where zero)
	Truncated   FaultKind = "avkortet"     // half of the body, and a clean end
	ContentType FaultKind = "innholdstype" // the answer calls itself ContentType (text/plain where empty)
	Reset       FaultKind = "brudd"        // the connection is reset without an answer
	Shape       FaultKind = "feilform"     // error bodies have the form Shape
)

// Fault is a switch that is on. The JSON names are those of the control surface.
type Fault struct {
	Kind        FaultKind `json:"feil"`
	Resource    string    `json:"ressurs,omitzero"`       // empty is all
	Times       int       `json:"antall,omitzero"`        // how many requests it hits; zero is until cleared
	Probability float64   `json:"sannsynlighet,omitzero"` // zero is always
	Seed        uint64    `json:"froe,omitzero"`          // of the draw by Probability
	WaitMillis  int       `json:"ventMs,omitzero"`
	Status      int       `json:"status,omitzero"`
	RetryMillis int       `json:"retryAfterMs,omitzero"`
	ContentType string    `json:"innholdstype,omitzero"`
	Shape       string    `json:"feilform,omitzero"` // ShapeKode, ShapeFeilkode or ShapeCode
}

// Faults are the switches of a server. The zero Faults are all off. They are safe for concurrent use
// and change at run time; several may be on at once.
type Faults struct {
	mu sync.Mutex
	on []*armed
}

type armed struct {
	Fault
	rnd *rand.Rand
}

// Set turns a fault on. A fault of kind Invalid is returned for one that makes no sense.
func (f *Faults) Set(v Fault) error {
	known := slices.Contains([]FaultKind{Slow, Status, HTML, Truncated, ContentType, Reset, Shape}, v.Kind)
	shaped := slices.Contains([]string{ShapeKode, ShapeFeilkode, ShapeCode}, v.Shape)
	if !known || v.Kind == Shape && !shaped || v.Kind == Status && v.Status < 400 || v.Status != 0 && (v.Status < 200 || v.Status > 599) ||
		v.Probability < 0 || v.Probability > 1 || v.Times < 0 || v.WaitMillis < 0 || v.RetryMillis < 0 {
		return fault.New(fault.Invalid, "FEILBRYTER_UGYLDIG", "Feilbryteren finnes ikke, eller en av verdiene er utenfor grensene.")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.on = append(f.on, &armed{v, rand.New(rand.NewPCG(v.Seed, 0))})
	return nil
}

// Clear turns all faults off.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.on = nil
}

// Active gives the faults that are on, in the order they were set, with the Times they have left.
func (f *Faults) Active() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := make([]Fault, len(f.on))
	for i, a := range f.on {
		out[i] = a.Fault
	}
	return out
}

// draw gives the faults that hit a request for the resource, and uses them up.
func (f *Faults) draw(resource string) (hit []Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.on = slices.DeleteFunc(f.on, func(a *armed) bool {
		if a.Resource != "" && a.Resource != resource || a.Probability > 0 && a.rnd.Float64() >= a.Probability {
			return false
		}
		hit = append(hit, a.Fault)
		last := a.Times == 1
		a.Times = max(0, a.Times-1)
		return last
	})
	return hit
}

// around lets the faults for the resource happen to an answer.
func (f *Faults) around(w http.ResponseWriter, r *http.Request, resource string, answer func(w http.ResponseWriter, shape string)) {
	hit, shape := f.draw(resource), ""
	for _, v := range hit {
		switch v.Kind {
		case Slow:
			pause(r, time.Duration(v.WaitMillis)*time.Millisecond)
		case Shape:
			shape = v.Shape
		}
	}
	for _, v := range hit {
		switch v.Kind {
		case Reset:
			reset(w)
			return
		case Status:
			refuse(w, v, shape)
			return
		case HTML:
			page(w, v)
			return
		case Truncated, ContentType:
			spoil(w, v, func(w http.ResponseWriter) { answer(w, shape) })
			return
		}
	}
	answer(w, shape)
}

func pause(r *http.Request, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
	}
}

// reset breaks the connection: with a TCP reset where there is a TCP connection to break.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // how net/http wants it done
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

func refuse(w http.ResponseWriter, v Fault, shape string) {
	c := call{w: w, shape: shape}
	if v.Status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", strconv.Itoa(v.RetryMillis))
	}
	c.fail(v.Status, "Noe gikk galt i registeret. Prøv igjen senere.")
}

func page(w http.ResponseWriter, v Fault) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(max(v.Status, http.StatusOK))
	_, _ = w.Write([]byte("<html><head><title>Avvist</title></head><body>Forespørselen ble avvist. " +
		"Støtte-id: 4711471147114711</body></html>"))
}

// held is an answer that is kept back until it is complete.
type held struct {
	header http.Header
	status int
	body   []byte
}

func (h *held) Header() http.Header { return h.header }
func (h *held) WriteHeader(s int)   { h.status = s }
func (h *held) Write(b []byte) (int, error) {
	h.body = append(h.body, b...)
	return len(b), nil
}

func spoil(w http.ResponseWriter, v Fault, answer func(http.ResponseWriter)) {
	h := &held{header: w.Header(), status: http.StatusOK}
	answer(h)
	if v.Kind == Truncated {
		h.body = h.body[:len(h.body)/2]
	} else if v.ContentType == "" {
		v.ContentType = "text/plain"
	}
	if v.ContentType != "" {
		h.header.Set("Content-Type", v.ContentType)
	}
	w.WriteHeader(h.status)
	_, _ = w.Write(h.body)
}

// ServeHTTP is the control surface, which the dev host mounts apart from the register: POST sets a
// fault, DELETE clears all, and every method answers with those that are on.
func (f *Faults) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodPost:
		var v Fault
		dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4096))
		dec.DisallowUnknownFields()
		if dec.Decode(&v) != nil || f.Set(v) != nil {
			call{w: w}.fail(http.StatusBadRequest, "Feilbryteren finnes ikke, eller en av verdiene er utenfor grensene.")
			return
		}
	case http.MethodDelete:
		f.Clear()
	case http.MethodGet:
	default:
		call{w: w}.fail(http.StatusMethodNotAllowed, "Bruk GET, POST eller DELETE.")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(f.Active())
}
