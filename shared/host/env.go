package host

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"gocloud.dev/blob"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/audit/find"
	"hjemmel/shared/audit/seal"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/freg"
	"hjemmel/shared/host/drivers"
	"hjemmel/shared/identity"
	"hjemmel/shared/identity/lastuse"
	"hjemmel/shared/lists"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/queue"
	"hjemmel/shared/roles"
	"hjemmel/shared/roles/overlay"
	"hjemmel/shared/store"
	"hjemmel/shared/store/recent"
	"hjemmel/shared/telemetry"
)

// Env is what a function is given: parts that are opened when first asked for, once. What a function
// does not ask for is never opened, so its account needs no right to it. Close it at the end.
type Env struct {
	Config Config
	Log    *slog.Logger
	Now    func() time.Time

	mu     sync.Mutex
	state  store.Store
	recent *recent.Store
	book   *roles.Book
	logg   *audit.Log
	desk   *disclosure.Desk
	caller *identity.Verifier
	uses   *lastuse.Notes
	files  *blob.Bucket
	sealer *seal.Sealer
	topics map[string]drivers.Topic
	export *telemetry.Exporter
	closed []func() error
	needs  map[string]bool
	tells  map[string]bool
}

// NewEnv makes an environment for a configuration. It opens nothing.
func NewEnv(c Config) *Env {
	return &Env{
		Config: c, Log: telemetry.NewLogger(os.Stderr, slog.LevelInfo), Now: time.Now,
		topics: map[string]drivers.Topic{}, needs: map[string]bool{}, tells: map[string]bool{},
	}
}

// Close closes what was opened, last first.
func (e *Env) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	errs := []error{e.export.Close()} // it reads ages to the last
	e.export = nil
	for i := len(e.closed) - 1; i >= 0; i-- {
		errs = append(errs, e.closed[i]())
	}
	e.closed = nil
	return errors.Join(errs...)
}

// Export begins to send traces and metrics of a function, where HJEMMEL_OTLP says where to. It must come before the
// first part is asked for.
func (e *Env) Export(function string) (err error) {
	if e.Config.Otlp == "" {
		return nil
	}
	if e.export, err = telemetry.Export(e.Config.Otlp, function, e.Log, e.Now); err != nil {
		return fmt.Errorf("setting HJEMMEL_OTLP: %w", err)
	}
	return nil
}

// once opens a part on first use. Parts open others, so the lock is held by the exported method only.
func once[T any](part **T, open func() (*T, error)) (*T, error) {
	if *part != nil {
		return *part, nil
	}
	p, err := open()
	if err == nil {
		*part = p
	}
	return p, err
}

// Desk is the corridor.
func (e *Env) Desk() (*disclosure.Desk, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return once(&e.desk, func() (*disclosure.Desk, error) {
		b, err := e.openBook()
		if err != nil {
			return nil, err
		}
		c, err := e.openRegister()
		if err != nil {
			return nil, err
		}
		l, err := e.openLog()
		if err != nil {
			return nil, err
		}
		return disclosure.NewDesk(b, c, l, e.Now), nil
	})
}

// Roles is the book of roles.
func (e *Env) Roles() (*roles.Book, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.openBook()
}

// Verifier finds out who asks.
func (e *Env) Verifier() (*identity.Verifier, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return once(&e.caller, func() (*identity.Verifier, error) {
		s, err := e.openRecent()
		if err != nil {
			return nil, err
		}
		uses, err := e.openUses()
		if err != nil {
			return nil, err
		}
		password, err := e.passwordKey()
		if err != nil {
			return nil, err
		}
		c := e.Config
		return identity.NewVerifier(identity.Config{
			Maskinporten: identity.Issuer{URL: c.MaskinportenIssuer, JWKS: c.MaskinportenJwks},
			IDPorten:     identity.Issuer{URL: c.IdportenIssuer, JWKS: c.IdportenJwks},
			Scope:        c.VendorScope,
			ClientIDs:    c.IdportenClients,
			PasswordKey:  password,
			Uses:         uses,
			Now:          e.Now,
		}, identity.NewIntegrations(s))
	})
}

// Uses knows when integrations were last used.
func (e *Env) Uses() (*lastuse.Notes, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.openUses()
}

// Audit is the audit log, over the same store as State.
func (e *Env) Audit() (*audit.Log, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.openLog()
}

// Finder reads the audit log by person, by actor and by time.
func (e *Env) Finder() (*find.Log, error) {
	s, err := e.State()
	if err != nil {
		return nil, err
	}
	keys, err := audit.NewKeys(e.Config.AuditSecret)
	return find.New(s, keys), err
}

// Sealer seals the audit log. It needs the key of the log.
func (e *Env) Sealer() (*seal.Sealer, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return once(&e.sealer, e.openSealer)
}

// UseState gives a store that is open already, in place of the one that the configuration names. It
// must come before the first part is asked for. Close closes it.
func (e *Env) UseState(s store.Store) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.state = s
	e.closed = append(e.closed, s.Close)
}

// State is the store of roles, assignments and integrations.
func (e *Env) State() (store.Store, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.openRecent()
}

// Numbers reads identity numbers as the environment allows.
func (e *Env) Numbers() api.Numbers { return api.Numbers{SyntheticOnly: e.Config.Miljo != "prod"} }

// Lists are the citizen lists.
func (e *Env) Lists() (*lists.Book, error) {
	s, err := e.State()
	if err != nil {
		return nil, err
	}
	key, err := e.PersonKey()
	if err != nil {
		return nil, err
	}
	return lists.NewBook(s, key)
}

// ListWork is where lists wait to be made.
func (e *Env) ListWork() (*queue.Outbox, error) { return e.outbox("liste") }

// RecallWork is where orders to withdraw lists wait to be done.
func (e *Env) RecallWork() (*queue.Outbox, error) { return e.outbox("tilbaketrekking") }

// Files is where the files of lists lie.
func (e *Env) Files() (*blob.Bucket, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return once(&e.files, func() (*blob.Bucket, error) {
		return e.bucketOf("HJEMMEL_LISTS", e.Config.Lists, e.openBucket)
	})
}

func (e *Env) openState() (store.Store, error) {
	if e.state != nil {
		return e.state, nil
	}
	if err := e.need("HJEMMEL_STATE", e.Config.State != ""); err != nil {
		return nil, err
	}
	s, err := drivers.OpenState(context.Background(), e.Config.State)
	if err != nil {
		return nil, fmt.Errorf("setting HJEMMEL_STATE: %w", err)
	}
	e.state = s
	e.closed = append(e.closed, s.Close)
	return s, nil
}

// remember is how long a change of a role, an assignment or an integration made by another process
// may go unnoticed. Users are promised five seconds.
const remember = 2 * time.Second

func (e *Env) openRecent() (*recent.Store, error) {
	return once(&e.recent, func() (*recent.Store, error) {
		s, err := e.openState()
		if err != nil {
			return nil, err
		}
		return recent.New(s, remember, e.Now), nil
	})
}

// flushUses is how often what is known of integrations' use is written.
const flushUses = time.Minute

func (e *Env) openUses() (*lastuse.Notes, error) {
	return once(&e.uses, func() (*lastuse.Notes, error) {
		s, err := e.openState()
		if err != nil {
			return nil, err
		}
		u := lastuse.New(s)
		ctx, stop := context.WithCancel(context.Background())
		tick := time.NewTicker(flushUses)
		var running sync.WaitGroup
		running.Go(func() { u.Run(ctx, tick.C) })
		e.closed = append(e.closed, func() error {
			tick.Stop()
			stop()
			running.Wait()
			return nil
		})
		return u, nil
	})
}

func (e *Env) openBook() (*roles.Book, error) {
	return once(&e.book, func() (*roles.Book, error) {
		s, err := e.openRecent()
		if err != nil {
			return nil, err
		}
		if err := overlay.Seed(context.Background(), s); err != nil {
			return nil, err
		}
		key, err := e.personKey()
		if err != nil {
			return nil, err
		}
		return roles.NewBook(s, katalog.Standard(), key)
	})
}

func (e *Env) openLog() (*audit.Log, error) {
	return once(&e.logg, func() (*audit.Log, error) {
		s, err := e.openRecent() // changes of roles go through the log, and must show at once
		if err != nil {
			return nil, err
		}
		if err := e.need("HJEMMEL_AUDIT_SECRET", len(e.Config.AuditSecret) > 0); err != nil {
			return nil, err
		}
		keys, err := audit.NewKeys(e.Config.AuditSecret)
		if err != nil {
			return nil, err
		}
		l := audit.NewLog(s, keys, e.Now)
		e.closed = append(e.closed, func() error { l.Close(); return nil })
		return l, nil
	})
}

func (e *Env) openRegister() (*freg.Client, error) {
	c := e.Config
	if err := cmp.Or(e.need("HJEMMEL_FREG_URL", c.FregURL != ""), e.need("HJEMMEL_MASKINPORTEN_KEY", len(c.MaskinportenKey) > 0)); err != nil {
		return nil, err
	}
	if c.Orgnr == "" || c.MaskinportenClient == "" {
		return nil, errors.New("settings HJEMMEL_ORGNR and HJEMMEL_MASKINPORTEN_CLIENT are missing: the register wants them")
	}
	if (c.MaskinportenKeyID == "") == (len(c.MaskinportenCert) == 0) {
		return nil, errors.New("setting HJEMMEL_MASKINPORTEN_KEY_ID or HJEMMEL_MASKINPORTEN_CERT must be given, not both")
	}
	key, err := c.MaskinportenKey.RSAKey()
	if err != nil {
		return nil, fmt.Errorf("setting HJEMMEL_MASKINPORTEN_KEY: %w", err)
	}
	return freg.New(freg.Config{
		Through: e.export.Calls,
		BaseURL: strings.TrimSuffix(c.FregURL, "/"),
		Maskinporten: freg.Maskinporten{
			Issuer: c.MaskinportenIssuer, TokenURL: c.MaskinportenToken, ClientID: c.MaskinportenClient,
			Orgnr: c.Orgnr, Key: key, KeyID: c.MaskinportenKeyID, Chain: c.MaskinportenCert.Chain(),
		},
	})
}
