package fregsim

import (
	"cmp"
	"context"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/person"
)

// Config says what a simulator serves and to whom.
type Config struct {
	// Population is the register. Required.
	Population *population.Population
	// Authorize checks a bearer token and says what it gives; any error is answered with 401.
	// Required.
	Authorize func(ctx context.Context, token string) (Access, error)
	// Documents holds register documents as *.json files at its root, which override the population.
	// Nil is none. Each is served under every synthetic number in its identifikasjonsnummer, else under
	// the number its file name ends with. Of two for one number the last in name order is served.
	Documents fs.FS
	// DocumentIDs gives further numbers by file name, for documents that have none of their own.
	DocumentIDs map[string]person.ID
	// RequestsPerMinute limits each consumer; over it is 429. Zero is no limit. Freg's own limits are
	// 60 000 in production and 1200 in test.
	RequestsPerMinute int
	// Extracts says how extracts (uttrekk) behave.
	Extracts Extracts
	// Now tells the time for the limit. Nil is time.Now.
	Now func() time.Time
}

// Access is what a token gives.
type Access struct {
	Scopes        []string
	ConsumerOrgnr string
}

// The resources of a [Request] and a [Fault].
const (
	Personer    = "personer"
	Bulkoppslag = "bulkoppslag"
	Entydigsoek = "entydigsoek"
	Soek        = "soek"
	Uttrekk     = "uttrekk"
	Batch       = "batch" // of an uttrekk
)

// Server is a simulator. Make it with [New].
type Server struct {
	config  Config
	mux     *http.ServeMux
	folder  folder
	faults  *Faults
	log     requestLog
	windows windows
	jobs    jobs
}

// pakker gives the path before /v1 and the Maskinporten scope of each rettighetspakke.
var pakker = map[document.Pakke]struct{ path, scope string }{
	document.OMH:  {"/folkeregisteret/offentlig-med-hjemmel/api", "folkeregister:deling/offentligmedhjemmel"},
	document.OUtH: {"/folkeregisteret/api/offentligutenhjemmel", "folkeregister:deling/offentligutenhjemmel"},
}

// New makes a simulator. A Config without what it requires, or a folder with a file that is no
// register document of a synthetic person, is a fault of kind Invalid.
func New(c Config) (*Server, error) {
	if c.Population == nil || c.Authorize == nil {
		return nil, fault.New(fault.Invalid, "FREGSIM_OPPSETT", "Simulatoren må ha en populasjon og en tokenkontroll.")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Extracts.BatchSize, c.Extracts.Polls = cmp.Or(c.Extracts.BatchSize, 5000), cmp.Or(c.Extracts.Polls, 2)
	c.Extracts.Life = cmp.Or(c.Extracts.Life, time.Hour)
	docs, err := readFolder(c.Documents, c.DocumentIDs)
	if err != nil {
		return nil, err
	}
	s := &Server{config: c, mux: http.NewServeMux(), folder: docs, faults: &Faults{}}
	for pakke, at := range pakker {
		v1 := at.path + "/v1/personer/"
		s.handle(pakke, Personer, "GET "+v1+"{id}", s.lookup)
		s.handle(pakke, Bulkoppslag, "POST "+v1+"bulkoppslag", s.bulk)
		s.handle(pakke, Entydigsoek, "GET "+v1+"entydigsoek", s.one)
		s.handle(pakke, Soek, "GET "+v1+"soek", s.many)
		s.handle(pakke, Uttrekk, "POST "+at.path+"/v1/uttrekk/tilpasset", s.order)
		s.handle(pakke, Batch, "GET "+at.path+"/v1/uttrekk/{job}/batch/{batch}", s.batch)
	}
	s.handle(0, "", "/", func(c call) { c.fail(http.StatusNotFound, "Ressursen finnes ikke.") })
	return s, nil
}

// ServeHTTP answers as Freg does.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Faults gives the switches for what goes wrong.
func (s *Server) Faults() *Faults { return s.faults }

// Population gives the register that is served.
func (s *Server) Population() *population.Population { return s.config.Population }

// call is one request on its way to an answer.
type call struct {
	w     http.ResponseWriter
	r     *http.Request
	pakke document.Pakke
	shape string
	note  func(func(*Request))
	// consumer is the organisation number in the token.
	consumer string
}

func (s *Server) handle(pakke document.Pakke, resource, pattern string, answer func(call)) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		note := s.log.begin(r, pakke, resource)
		s.faults.around(w, r, resource, func(w http.ResponseWriter, shape string) {
			h := w.Header()
			h.Set("Content-Type", "application/json")
			h.Set("Cache-Control", "no-store, no-cache")
			h.Set("Expires", "Thu, 01 Dec 1994 16:00:00 GMT")
			h.Set("Strict-Transport-Security", "max-age=16070400; includeSubDomains")
			h.Set("Set-Cookie", "fregsim=1; path=/; HttpOnly; Secure")
			if c := (call{w: w, r: r, pakke: pakke, shape: shape, note: note}); pakke == 0 || s.admit(&c) {
				answer(c)
			}
		})
	})
}

// admit checks the token, its scope, the consumer's speed and the wanted format.
func (s *Server) admit(c *call) bool {
	token, ok := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	if !ok || token == "" {
		return c.fail(http.StatusUnauthorized, "Forespørselen mangler et token.")
	}
	access, err := s.config.Authorize(c.r.Context(), token)
	if err != nil {
		return c.fail(http.StatusUnauthorized, "Tokenet er ikke gyldig.")
	}
	c.consumer = access.ConsumerOrgnr
	c.note(func(r *Request) { r.Consumer = access.ConsumerOrgnr })
	scope := pakker[c.pakke].scope
	if !slices.Contains(access.Scopes, scope) && !slices.Contains(access.Scopes, scope+".segmentansvarlig") {
		return c.fail(http.StatusForbidden, "Tokenet gir ikke tilgang til rettighetspakken.")
	}
	if wait := s.windows.take(access.ConsumerOrgnr, s.config.RequestsPerMinute, s.config.Now()); wait > 0 {
		return c.tooMany(wait)
	}
	if accept := c.r.Header.Get("Accept"); accept != "" && !strings.Contains(accept, "json") && !strings.Contains(accept, "*/*") {
		return c.fail(http.StatusNotAcceptable, "Simulatoren svarer bare med JSON.")
	}
	return true
}

// selection resolves the parts of the request, or answers 406.
func (c call) selection() (document.Selection, bool) {
	s, err := document.Select(c.pakke, c.r.URL.Query()["part"])
	if err != nil {
		return s, c.fail(http.StatusNotAcceptable, "Ugyldig part.")
	}
	return s, true
}
