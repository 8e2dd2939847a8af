// Package serve serves a handler with bounds and a drain.
//
// It refuses to cut off a request that is being answered, for as long as it is told to wait.
package serve

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"hjemmel/shared/fault"
)

// Until serves until the context ends, then stops taking requests and waits up to drain for those
// in flight. It adds /livez and /readyz, which answer without the function.
func Until(ctx context.Context, l net.Listener, h http.Handler, drain time.Duration) error {
	var leaving atomic.Bool
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if leaving.Load() {
			http.Error(w, "leaving", http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ok"))
	})
	mux.Handle("/", h)
	s := &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	leaving.Store(true)
	out, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if err := s.Shutdown(out); err != nil {
		return fault.From(fault.Unavailable, "AVBRUTT", "", err)
	}
	return nil
}
