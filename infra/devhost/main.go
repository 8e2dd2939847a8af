// Command devhost serves everything on one machine: every function on its real paths, and, marked as
// such, simulators of the register, Maskinporten and ID-porten under /sim. The functions and their
// wiring are those of the cloud; only the drivers and the settings differ.
//
// HJEMMEL_ADDR (127.0.0.1:8080) and HJEMMEL_DATA (.data) change where it is reached and where it
// keeps its state. HJEMMEL_POPULASJON (10000) is the number of synthetic persons, HJEMMEL_DOKUMENTER
// a folder of register documents that are served as they are.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/kelseyhightower/envconfig"

	"hjemmel/functions/audit"
	"hjemmel/functions/listrender"
	"hjemmel/functions/rolesync"
	"hjemmel/functions/web"
	"hjemmel/infra/routes"
	"hjemmel/shared/api"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/host/serve"
)

// settings are the dev host's own.
type settings struct {
	Addr       string `default:"127.0.0.1:8080"`
	Data       string `default:".data"`
	Populasjon int    `default:"10000"`
	Dokumenter string
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "devhost:", err)
		os.Exit(1)
	}
}

func run() error {
	var s settings
	if err := envconfig.CheckDisallowed(host.Prefix, &s); err != nil {
		return fmt.Errorf("unknown setting: %w", err)
	}
	if err := envconfig.Process(host.Prefix, &s); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Addr)
	if err != nil {
		return fmt.Errorf("setting HJEMMEL_ADDR: %w", err)
	}
	var documents fs.FS
	if s.Dokumenter != "" {
		documents = os.DirFS(s.Dokumenter)
	}
	w, err := hosttest.New(hosttest.Options{
		Listener: listener, Data: s.Data, Documents: documents, Population: population.Config{Size: s.Populasjon},
	})
	if err != nil {
		return err
	}
	defer func() { _ = w.Env.Close() }()
	handler, err := everything(w)
	if err != nil {
		return err
	}
	fmt.Print(greeting(w))
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	sealing := make(chan error, 1)
	go func() { sealing <- audit.Run(ctx, w.Env, tick.C) }()
	err = serve.Until(ctx, listener, handler, 10*time.Second)
	stop()
	return errors.Join(err, <-sealing)
}

// everything is one mux of all functions and the simulators.
func everything(w *hosttest.World) (http.Handler, error) {
	var all []host.Route
	for _, of := range routes.Functions {
		some, err := of(w.Env)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	if err := listrender.Start(w.Env); err != nil {
		return nil, err
	}
	if err := rolesync.Start(w.Env); err != nil {
		return nil, err
	}
	served := w.Env.Mux(all...)
	page, err := web.Handler(w.Env, served)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", page)
	for _, r := range all {
		mux.Handle(r.Pattern, served)
	}
	mux.HandleFunc("GET /openapi.yaml", api.ServeContract)
	w.Mount(mux)
	return mux, nil
}

// greeting tells what is served and gives one command that fetches a person.
func greeting(w *hosttest.World) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nHjemmel is served at %s (synthetic persons only)\n\n", w.Base)
	fmt.Fprintf(&b, "  %-28s the web page; the machine interface (contract: /openapi.yaml)\n", w.Base+"/")
	fmt.Fprintf(&b, "  %-28s demo organisations, roles, integrations, employees, persons\n", w.Base+"/sim/demo")
	fmt.Fprintf(&b, "  %-28s simulators: register, Maskinporten, ID-porten\n\n", w.Base+"/sim/…")
	for _, a := range w.Demo.Ansatte {
		if len(a.Roller) > 0 {
			fmt.Fprintf(&b, "  %s  %-18s role %s\n", a.ID, a.Navn, a.Roller[0])
		}
	}
	a := w.Demo.Ansatte[0]
	fmt.Fprintf(&b, "\nFetch a person as %s (child welfare):\n\n", a.Navn)
	fmt.Fprintf(&b, "  curl -s '%s/folkeregister/api/v1/%s/v1/personer/%s?part=navn&part=bostedsadresse' -H \"Authorization: Bearer $(curl -s '%s/sim/idporten/token' -d 'grant_type=hjemmel-sim&ansatt=%s' | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\"\n\n",
		w.Base, a.Roller[0], w.Demo.Personer["vanlig"], w.Base, a.ID)
	return b.String()
}
