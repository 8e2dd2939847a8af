package served

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/identity/idsim"
)

// Employee gives the headers of an employee who logged in with us: ansatt-01.
func (w World) Employee(t testing.TB, ansatt string) http.Header {
	t.Helper()
	return bearer(w.Token(t, "/sim/idporten/token", url.Values{"grant_type": {"hjemmel-sim"}, "ansatt": {ansatt}}))
}

// Vendor gives the headers of integration n of the demo, by the real grant.
func (w World) Vendor(t testing.TB, n int) http.Header {
	t.Helper()
	i := w.Demo.Integrasjoner[n-1]
	h := bearer(w.Token(t, "/sim/maskinporten/token", w.Grant(t, n)))
	h["Integrasjonid"], h["Integrasjonpassord"] = []string{i.ID}, []string{i.Passord}
	return h
}

// Through gives the headers of an employee who asks through integration n.
func (w World) Through(t testing.TB, n int, ansatt string) http.Header {
	t.Helper()
	h := w.Vendor(t, n)
	h.Set("Authorization", "Bearer "+w.Token(t, "/sim/idporten/token", url.Values{
		"grant_type": {"hjemmel-sim"}, "ansatt": {ansatt}, "client_id": {"fagsystem-innlogging"}, "scope": {"openid ks:fiks"},
	}))
	return h
}

// Platform gives the headers of the platform's own scheduler and queue.
func (w World) Platform(t testing.TB) http.Header {
	t.Helper()
	token, err := w.World.Platform.Sign(w.World.Platform.Claims(hosttest.PlatformAccount, w.Base))
	if err != nil {
		t.Fatal(err)
	}
	return bearer(token)
}

func bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// Grant is the form with which the vendor of integration n asks for a token.
func (w World) Grant(t testing.TB, n int) url.Values {
	t.Helper()
	i := w.Demo.Integrasjoner[n-1]
	grant, err := idsim.Grant(w.Key(i.KlientID), i.Kid, i.KlientID, w.Maskinporten.Name(), "ks:fiks")
	if err != nil {
		t.Fatal(err)
	}
	return url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {grant}}
}

// Token gives the token that an issuer gives for a form.
func (w World) Token(t testing.TB, path string, form url.Values) string {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, w.Base+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var got struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil || got.AccessToken == "" {
		t.Fatalf("no token: %d %v", resp.StatusCode, err)
	}
	return got.AccessToken
}
