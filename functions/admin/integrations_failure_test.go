package admin

import (
	"context"
	"strings"
	"testing"

	"hjemmel/shared/audit"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

// failing makes every commit fail that touches a key with the prefix.
func failing(prefix string) func(context.Context, storetest.Call) error {
	return func(_ context.Context, c storetest.Call) error {
		for _, op := range c.Ops {
			if c.Moment == storetest.Before && strings.HasPrefix(op.Key, prefix) {
				return store.Unavailable(storetest.ErrInjected)
			}
		}
		return nil
	}
}

// Nothing is changed that is not written down, and what could not be changed is written down as such.
func TestWithoutALogNothingChanges(t *testing.T) {
	f := storetest.Faulty(storetest.NewMemory())
	w := newTown(t, func(o *hosttest.Options) { o.Store = f })
	admin, op, token := w.as(arne), w.as(olav), w.vendorToken(1)
	in, area := w.newIntegration(admin), w.omraade("VALG", op)
	changes := map[string]func() reply{
		"a new one": func() reply {
			return w.ask("POST", integrasjoner, `{"navn":"Nytt","autorisertOrgnr":"310800015"}`, admin)
		},
		"a rotation": func() reply { return w.ask("POST", integrasjoner+"/"+in.ID+"/passord", "", admin, "If-Match", in.ETag) },
		"turned off": func() reply {
			return w.ask("PATCH", integrasjoner+"/"+in.ID, `{"aktiv":false}`, admin, "If-Match", in.ETag)
		},
		"removed": func() reply { return w.ask("DELETE", integrasjoner+"/"+in.ID, "", admin, "If-Match", in.ETag) },
		"retired": func() reply { return w.ask("DELETE", omraader+"/VALG", "", op, "If-Match", area.ETag) },
		"asked for": func() reply {
			return w.ask("POST", foresporsler, `{"tittel":"Mangler","behov":"Vi trenger dette."}`, admin)
		},
		"a self-test": func() reply { return w.ask("POST", selvtest, "", login(token, in.ID, in.NyttPassord)) },
	}
	same := func(name string) {
		t.Helper()
		if got := w.ask("GET", integrasjoner+"/"+in.ID, "", admin); got.Header.Get("ETag") != in.ETag || !w.works(w.vendorToken(1), in.ID, in.NyttPassord) || w.omraade("VALG", op).ETag != area.ETag {
			t.Errorf("%s: something changed", name)
		}
	}
	for name, change := range changes {
		f.Hook(failing("logg/"))
		if a := change(); a.code(t) != "LOGG_UTILGJENGELIG" || strings.Contains(string(a.body), "nyttPassord") {
			t.Errorf("%s without a log: %s", name, a.body)
		}
		f.Hook(nil)
		same(name)
	}
	delete(changes, "a self-test")
	for name, change := range changes {
		added := w.entries(func() {
			f.Hook(func(ctx context.Context, c storetest.Call) error {
				for _, prefix := range []string{"integrasjon/", "katalog"} {
					if err := failing(prefix)(ctx, c); err != nil {
						return err
					}
				}
				return nil
			})
			if a := change(); a.code(t) != "LOGG_UTILGJENGELIG" || strings.Contains(string(a.body), "nyttPassord") {
				t.Errorf("%s without a state: %s", name, a.body)
			}
			f.Hook(nil)
		})
		if len(added) != 1 || added[0].Utfall != audit.Feilet {
			t.Errorf("%s: %+v", name, added)
		}
		same(name)
	}
}
