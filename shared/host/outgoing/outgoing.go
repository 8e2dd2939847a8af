// Package outgoing calls addresses that organisations have chosen themselves.
//
// It refuses whatever is not https, redirects, and addresses inside private networks, looked at when the name has
// become an address (server-side request forgery, CWE-918); but hosts that the operator has named.
package outgoing

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"syscall"
	"time"
)

// Rules are what may be called. The zero Rules let nothing private be.
type Rules struct {
	Private []string // HOST:PORT, in any network and also without TLS
}

var (
	// ErrAddress is told of an address that cannot be called.
	ErrAddress = errors.New("outgoing: not an https address of a host, without user and fragment")
	// ErrPrivate is told of a host that has an address inside a private network.
	ErrPrivate = errors.New("outgoing: the address is in a private network")
)

// Check looks at the shape of an address: https, or that of a host which the operator has named. Whether it is
// private is first known when it is called.
func (r Rules) Check(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" || u.Opaque != "" {
		return nil, ErrAddress
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !r.named(u.Host)) {
		return nil, ErrAddress
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && private(ip) && !r.named(u.Host) {
		return nil, ErrPrivate
	}
	return u, nil
}

func (r Rules) named(hostport string) bool { return slices.Contains(r.Private, hostport) }

// Dial connects as net.Dialer does, to what may be called.
func (r Rules) Dial(ctx context.Context, network, hostport string) (net.Conn, error) {
	d := net.Dialer{Timeout: 10 * time.Second}
	if !r.named(hostport) {
		d.Control = public
	}
	return d.DialContext(ctx, network, hostport)
}

// public looks at the address that is about to be connected to, so that a name cannot change its meaning in between.
func public(_, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil || private(a.Addr()) {
		return ErrPrivate
	}
	return nil
}

// special are networks that are not the world's (RFC 6890) and that [netip.Addr] does not know of.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/32"),
}

func private(ip netip.Addr) bool {
	ip = ip.Unmap()
	return !ip.IsGlobalUnicast() || ip.IsPrivate() || slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// Client calls within a time, follows no redirect and asks no proxy.
func (r Rules) Client(within time.Duration) *http.Client {
	return &http.Client{
		Timeout:       within,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DialContext: r.Dial, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second, MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute},
	}
}
