package login

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// renewed is the issuer's answer to a refresh token (RFC 6749 §6).
type renewed struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	In      int64  `json:"expires_in"`

	Until time.Time `json:"-"`
}

// answerBytes bounds what is read of an answer.
const answerBytes = 64 << 10

// renew sends the form itself: the oauth2 library has no place for a client assertion in a renewal.
func (e *endpoints) renew(ctx context.Context, web *http.Client, form url.Values) (renewed, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.oauth.Endpoint.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return renewed{}, errIssuer
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := web.Do(req)
	if err != nil {
		return renewed{}, errIssuer
	}
	defer func() { _ = resp.Body.Close() }()
	switch {
	case resp.StatusCode >= http.StatusInternalServerError:
		return renewed{}, errIssuer
	case resp.StatusCode != http.StatusOK:
		return renewed{}, errAttempt
	}
	var got renewed
	if json.NewDecoder(io.LimitReader(resp.Body, answerBytes)).Decode(&got) != nil || got.Access == "" {
		return renewed{}, errIssuer
	}
	return got, nil
}
