// Package host turns configuration into a running function: it opens the parts a function asks for,
// adapts the function to functions-framework-go, and serves it (package serve).
//
// Only this package and the mains name drivers. It refuses to start on a misspelt or missing
// setting.
package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"

	_ "golang.org/x/crypto/x509roots/fallback" // an image has no CA certificates of its own

	"hjemmel/shared/host/serve"
)

// New makes a function's handler from its environment.
type New func(*Env) (http.Handler, error)

// Routed makes a function that answers its routes.
func Routed(routes func(*Env) ([]Route, error)) New {
	return func(e *Env) (http.Handler, error) {
		some, err := routes(e)
		if err != nil {
			return nil, err
		}
		return e.Mux(some...), nil
	}
}

var (
	registryMu sync.Mutex
	registry   = map[string]New{}
)

// HTTP registers a function under its name and gives the form that functions-framework-go registers
// in its turn. The function is made on its first request, or by Main before it listens.
func HTTP(name string, make New) func(http.ResponseWriter, *http.Request) {
	registryMu.Lock()
	registry[name] = make
	registryMu.Unlock()
	handler := sync.OnceValues(func() (http.Handler, error) {
		cfg, err := ReadConfig()
		if err != nil {
			return nil, err
		}
		return make(NewEnv(cfg))
	})
	return func(w http.ResponseWriter, r *http.Request) {
		h, err := handler()
		if err != nil {
			http.Error(w, "the function is not configured", http.StatusServiceUnavailable)
			return
		}
		h.ServeHTTP(w, r)
	}
}

// Main runs one registered function until SIGTERM. It exits 1 with one line on a bad setting.
func Main(name string) {
	if err := run(name); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

func run(name string) error {
	cfg, err := ReadConfig()
	if err != nil {
		return err
	}
	env := NewEnv(cfg)
	if err := env.Export(name); err != nil {
		return err
	}
	handler, err := registry[name](env)
	if err != nil {
		return errors.Join(err, env.Close())
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.Addr)
	if err != nil {
		return fmt.Errorf("setting HJEMMEL_ADDR: %w", err)
	}
	return errors.Join(serve.Until(ctx, listener, handler, cfg.Drain), env.Close())
}
