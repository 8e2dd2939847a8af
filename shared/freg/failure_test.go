package freg_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/freg"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// secret is a search value that no error may hold.
const secret = "KANARI KANARIFUGL"

// everyWay asks the register in all four ways and gives the errors. The grants need one request.
func (w *world) everyWay(ctx context.Context, t *testing.T) map[string]error {
	t.Helper()
	id := named(t, "vanlig")
	by := freg.Criteria{"navn": secret, "identifikasjonsnummer": id.Reveal(), "postnummer": "5003"}
	errs := map[string]error{}
	_, errs["person"] = w.client.Person(ctx, about(t, "navn", id), id)
	_, errs["persons"] = w.client.Persons(ctx, about(t, "navn", id), []person.ID{id}, true)
	_, errs["search"] = w.client.Search(ctx, searching(t, policy.SoekTreff, "identifikasjonsnummer", by.Names()...), by)
	_, errs["unique"] = w.client.Unique(ctx, searching(t, policy.EntydigSoek, "navn", by.Names()...), by)
	return errs
}

// secrets are what stands in the questions of everyWay and in what we send along.
func secrets(t *testing.T) []string {
	t.Helper()
	return []string{named(t, "vanlig").Reveal(), "KANARI", "KANARIFUGL", "KANARI%20", "KANARI+", "5003", "Bearer", "eyJ", "assertion", "personer/", "?"}
}

// Whatever the register answers is told as what it is: no such person, a wrong question, too fast, or
// that we do not know. Only the first says anything about a person.
func TestWhatTheRegisterAnswersIsToldApart(t *testing.T) {
	const unavailable, refused = "FOLKEREGISTERET_UTILGJENGELIG", "FOLKEREGISTERET_AVVISER"
	for name, c := range map[string]struct {
		fault fregsim.Fault
		kind  fault.Kind
		code  string
	}{
		"400":                   {fregsim.Fault{Kind: fregsim.Status, Status: 400}, fault.Invalid, "FOLKEREGISTERET_UGYLDIG_SPOERRING"},
		"401":                   {fregsim.Fault{Kind: fregsim.Status, Status: 401}, fault.Unavailable, unavailable},
		"403":                   {fregsim.Fault{Kind: fregsim.Status, Status: 403}, fault.Unavailable, refused},
		"404":                   {fregsim.Fault{Kind: fregsim.Status, Status: 404}, fault.NotFound, "UKJENT_PERSON"},
		"406":                   {fregsim.Fault{Kind: fregsim.Status, Status: 406}, fault.Invalid, "FOLKEREGISTERET_UGYLDIG_SPOERRING"},
		"410":                   {fregsim.Fault{Kind: fregsim.Status, Status: 410}, fault.Unavailable, unavailable},
		"418":                   {fregsim.Fault{Kind: fregsim.Status, Status: 418}, fault.Unavailable, unavailable},
		"429":                   {fregsim.Fault{Kind: fregsim.Status, Status: 429, RetryMillis: 1500}, fault.TooMany, "FOLKEREGISTERET_FOR_MANGE_KALL"},
		"500":                   {fregsim.Fault{Kind: fregsim.Status, Status: 500}, fault.Unavailable, unavailable},
		"503":                   {fregsim.Fault{Kind: fregsim.Status, Status: 503}, fault.Unavailable, unavailable},
		"a firewall's page":     {fregsim.Fault{Kind: fregsim.HTML}, fault.Unavailable, unavailable},
		"a page that says 400":  {fregsim.Fault{Kind: fregsim.HTML, Status: 400}, fault.Unavailable, unavailable},
		"a page that says 403":  {fregsim.Fault{Kind: fregsim.HTML, Status: 403}, fault.Unavailable, unavailable},
		"a page that says 404":  {fregsim.Fault{Kind: fregsim.HTML, Status: 404}, fault.Unavailable, unavailable},
		"cut off":               {fregsim.Fault{Kind: fregsim.Truncated}, fault.Unavailable, unavailable},
		"another type":          {fregsim.Fault{Kind: fregsim.ContentType, ContentType: "text/json"}, fault.Unavailable, unavailable},
		"a type that is none":   {fregsim.Fault{Kind: fregsim.ContentType, ContentType: ";;"}, fault.Unavailable, unavailable},
		"the connection breaks": {fregsim.Fault{Kind: fregsim.Reset}, fault.Unavailable, unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, options{})
			w.must(w.register.Faults().Set(c.fault))
			for _, shape := range []string{"", fregsim.ShapeFeilkode, fregsim.ShapeCode} {
				if shape != "" {
					w.must(w.register.Faults().Set(fregsim.Fault{Kind: fregsim.Shape, Shape: shape}))
				}
				for way, err := range w.everyWay(t.Context(), t) {
					kind, code := c.kind, c.code
					if way == "unique" && c.fault.Kind == fregsim.Truncated {
						kind, code = fault.NotFound, "UKJENT_PERSON" // half of a 404 is a 404 still
					}
					if way == "persons" && kind == fault.NotFound {
						kind, code = fault.Unavailable, unavailable // a bulk lookup finds everybody or somebody
					}
					if f := fault.Of(err); f == nil || f.Kind != kind || f.Code != code || f.Detail == "" {
						t.Errorf("%s: %v", way, err)
					}
					silent(t, err, secrets(t)...)
				}
			}
		})
	}
}

// A page with status 404 from something on the way is no word about any person, and a true 404 is
// not remembered.
func TestA404IsBelievedFromTheRegisterAlone(t *testing.T) {
	w := newWorld(t, options{})
	id := strangers(t, 1)[0]
	g := about(t, "navn", id)
	for range 2 {
		if _, err := w.client.Person(t.Context(), g, id); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
	}
	w.must(w.register.Faults().Set(fregsim.Fault{Kind: fregsim.HTML, Status: 404, Times: 1}))
	if _, err := w.client.Person(t.Context(), g, id); !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
	if w.questions() != 3 {
		t.Errorf("%d questions: a 404 was remembered or tried again", w.questions())
	}
}

// broken gives a client whose way to the register is broken as f says, after the token is had.
func broken(t *testing.T, f func(r *http.Request) (*http.Response, error)) *world {
	t.Helper()
	return newWorld(t, options{direct: true, change: func(c *freg.Config) {
		inner := c.HTTP.Transport
		c.HTTP = &http.Client{Transport: way(func(r *http.Request) (*http.Response, error) {
			if strings.Contains(r.URL.Path, "/maskinporten/") {
				return inner.RoundTrip(r)
			}
			return f(r)
		})}
	}})
}

type way func(*http.Request) (*http.Response, error)

func (f way) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Go's network errors quote the URL, which holds the number, and what the other side wrote. None of
// it comes through.
func TestNoNetworkErrorTellsWhatWasAsked(t *testing.T) {
	for name, c := range map[string]struct {
		w    *world
		hint string // what an operator is told
	}{
		"no such host": {broken(t, func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "register.test", IsNotFound: true}}
		}), "no such host"},
		"a transport that quotes the URL": {broken(t, func(r *http.Request) (*http.Response, error) { return nil, fmt.Errorf("cannot reach %s", r.URL) }), "not HTTP"},
		"a body that fails": {broken(t, func(r *http.Request) (*http.Response, error) {
			body := io.NopCloser(io.MultiReader(strings.NewReader(`{"navn":"KANARI`), failing{r.URL.String()}))
			return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: body}, nil
		}), "not HTTP"},
		"refused":                           {closedPort(t), "refused"},
		"a status line of a person":         {talking(t, `{"navn":[{"fornavn":"KANARI"}]}`+"\r\n\r\n"), "not HTTP"},
		"a header of a person":              {talking(t, "HTTP/1.1 200 OK\r\n{\"KANARI\r\n\r\n"), "not HTTP"},
		"a place that repeats the question": {talking(t, "HTTP/1.1 302 Found\r\nLocation: http://[KANARI/"+named(t, "vanlig").Reveal()+"?navn=KANARI\r\nContent-Length: 0\r\n\r\n"), "not HTTP"},
		"a body that ends early":            {talking(t, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"navn\":\"KANARI"), "EOF"},
		"broken chunks":                     {talking(t, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nKANARI\r\n"), "not HTTP"},
		"nothing at all":                    {talking(t, ""), "EOF"},
		"a certificate that nobody knows":   {untrusted(t), "certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			for way, err := range c.w.everyWay(t.Context(), t) {
				if !fault.Is(err, fault.Unavailable) || fault.Of(err).Code != "FOLKEREGISTERET_UTILGJENGELIG" {
					t.Errorf("%s: %v", way, err)
				}
				silent(t, err, append(secrets(t), "navn")...)
				if err != nil && !strings.Contains(err.Error(), c.hint) {
					t.Errorf("%s tells an operator nothing: %v", way, err)
				}
			}
		})
	}
}

type failing struct{ text string }

func (f failing) Read([]byte) (int, error) { return 0, errors.New(f.text) }

// elsewhere is a world whose register is at another address.
func elsewhere(t *testing.T, base string) *world {
	t.Helper()
	return newWorld(t, options{change: func(c *freg.Config) { c.BaseURL = base }})
}

func closedPort(t *testing.T) *world {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	return elsewhere(t, "http://"+l.Addr().String())
}

// talking answers everything with the same bytes.
func talking(t *testing.T, text string) *world {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { _ = l.Close(); <-done })
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 64<<10))
			_, _ = io.WriteString(conn, text)
			_ = conn.Close()
		}
	}()
	return elsewhere(t, "http://"+l.Addr().String())
}

func untrusted(t *testing.T) *world {
	t.Helper()
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return elsewhere(t, srv.URL)
}

// The register's redirects lead nowhere: a token and a number are for one address.
func TestRedirectsAreNotFollowed(t *testing.T) {
	stranger := make(chan string, 10)
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { stranger <- r.URL.Path }))
	t.Cleanup(other.Close)
	w := newWorld(t, options{change: func(c *freg.Config) { c.HTTP = nil }}) // our own client
	w.first(func(rw http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(r.URL.Path, "/maskinporten/") {
			return false
		}
		rw.Header().Set("Connection", "close")
		rw.Header().Set("Location", other.URL+r.URL.RequestURI())
		rw.WriteHeader(http.StatusTemporaryRedirect)
		return true
	})
	for way, err := range w.everyWay(t.Context(), t) {
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", way, err)
		}
		silent(t, err, secrets(t)...)
	}
	if len(stranger) > 0 {
		t.Errorf("a stranger was asked for %s", <-stranger)
	}
}

// endless is a body without an end.
type endless struct{ read int }

func (e *endless) Read(b []byte) (int, error) {
	clear(b)
	e.read += len(b)
	return len(b), nil
}

func TestAnEndlessAnswerIsCut(t *testing.T) {
	var body endless
	w := broken(t, func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(&body)}, nil
	})
	id := named(t, "vanlig")
	if _, err := w.client.Person(t.Context(), about(t, "navn", id), id); !fault.Is(err, fault.Unavailable) || body.read > person.MaxBulk+1<<20 {
		t.Errorf("%d bytes read: %v", body.read, err)
	}
}

// A caller who has gone, or has no time, gets no answer and no other person's.
func TestACallerWithoutTime(t *testing.T) {
	w := newWorld(t, options{direct: true})
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	late, stop := context.WithDeadline(t.Context(), time.Unix(1, 0))
	defer stop()
	for _, ctx := range []context.Context{gone, late} {
		for way, err := range w.everyWay(ctx, t) {
			if !fault.Is(err, fault.Unavailable) || !errors.Is(err, ctx.Err()) {
				t.Errorf("%s: %v", way, err)
			}
			silent(t, err, secrets(t)...)
		}
	}
}
