package outgoing_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/host/outgoing"
)

func TestAnAddressIsHTTPSAndOfTheWorld(t *testing.T) {
	r := outgoing.Rules{Private: []string{"127.0.0.1:99"}}
	for address, want := range map[string]error{
		"https://scim.example.no/v2":     nil,
		"https://scim.example.no:8443/x": nil,
		"http://127.0.0.1:99/x":          nil,
		"https://[2a00:1450::1]/x":       nil,
		"http://scim.example.no/v2":      outgoing.ErrAddress,
		"https://u:p@scim.example.no":    outgoing.ErrAddress,
		"https://scim.example.no/#a":     outgoing.ErrAddress,
		"https:///x":                     outgoing.ErrAddress,
		"ftp://scim.example.no":          outgoing.ErrAddress,
		"https:scim.example.no":          outgoing.ErrAddress,
		"http://127.0.0.1:98/x":          outgoing.ErrAddress,
		"https://127.0.0.1/x":            outgoing.ErrPrivate,
		"https://10.0.0.8/x":             outgoing.ErrPrivate,
		"https://169.254.169.254/meta":   outgoing.ErrPrivate,
		"https://100.64.0.1/x":           outgoing.ErrPrivate,
		"https://[::1]/x":                outgoing.ErrPrivate,
		"https://[::ffff:10.0.0.1]/x":    outgoing.ErrPrivate,
		"https://[fd00::1]/x":            outgoing.ErrPrivate,
		"https://[64:ff9b::a00:1]/x":     outgoing.ErrPrivate,
		"https://0.0.0.0/x":              outgoing.ErrPrivate,
	} {
		if _, err := r.Check(address); !errors.Is(err, want) || err == nil != (want == nil) {
			t.Errorf("%s: %v, want %v", address, err, want)
		}
	}
}

// A name that means a private address is refused when it is called, whatever it looked like before.
func TestANameThatIsPrivateIsNotCalled(t *testing.T) {
	called := false
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer s.Close()
	named := strings.TrimPrefix(s.URL, "http://")
	byName := strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
	resp, err := outgoing.Rules{Private: []string{named}}.Client(time.Second).Get(byName)
	if err == nil {
		_ = resp.Body.Close()
	}
	if !errors.Is(err, outgoing.ErrPrivate) || called {
		t.Fatalf("%v, called %v", err, called)
	}
	resp, err = outgoing.Rules{Private: []string{named}}.Client(time.Second).Get(s.URL)
	if err != nil || !called {
		t.Fatalf("%v, called %v", err, called)
	}
	_ = resp.Body.Close()
}

func TestARedirectIsNotFollowed(t *testing.T) {
	s := httptest.NewServer(http.RedirectHandler("http://169.254.169.254/", http.StatusFound))
	defer s.Close()
	resp, err := outgoing.Rules{Private: []string{strings.TrimPrefix(s.URL, "http://")}}.Client(time.Second).Get(s.URL)
	if err != nil || resp.StatusCode != http.StatusFound {
		t.Fatalf("%v %v", resp, err)
	}
	_ = resp.Body.Close()
}
