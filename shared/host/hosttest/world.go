// Package hosttest is the whole outside world on one machine, for tests and for the dev host: the
// register, Maskinporten and ID-porten as simulators on a real address, the demonstration data in a
// real store, and an environment whose real clients talk to them.
//
// It refuses to stand in for anything of ours: everything between a caller and the simulators is
// what runs in production.
package hosttest

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host"
	"hjemmel/shared/identity"
	"hjemmel/shared/identity/dirsim"
	"hjemmel/shared/identity/idsim"
	"hjemmel/shared/store"
)

// Options shape a world.
type Options struct {
	// Listener is where it is reached. Required; the world serves nothing itself until Handler is.
	Listener net.Listener
	// Data is the folder for state and secrets. Required.
	Data string
	// State is the store's URL; "" is SQLite in Data.
	State string
	// Store is used in place of State when it is given.
	Store store.Store
	// Queue is what tells of work, as the setting; "" is embedded.
	Queue string
	// Bucket is the URL of a bucket for files and the sealed log, to which prefix=FOLDER/ is added; "" is folders in Data.
	Bucket string
	// Population shapes the register; the zero value is 10 000 persons.
	Population population.Config
	// Documents is a folder of register documents that override the population.
	Documents fs.FS
	// RequestsPerMinute limits the register simulator; 0 is no limit.
	RequestsPerMinute int
	// Extracts says how the register simulator's uttrekk behave.
	Extracts fregsim.Extracts
}

// World is the outside world with our environment in it.
type World struct {
	// Base is http://host:port, without a slash at the end.
	Base         string
	Env          *host.Env
	Freg         *fregsim.Server
	Maskinporten *idsim.Maskinporten
	IDPorten     *idsim.IDPorten
	Platform     *idsim.Platform
	// Directory is an identity system that cannot push, with nobody in it.
	Directory *dirsim.Directory
	Demo      Demo

	secrets *secrets
}

// PlatformAccount is the platform's account that may call.
const PlatformAccount = "plattform@hjemmel-test.iam.gserviceaccount.com"

// Our own organisation and clients, as the simulators know them. The number is synthetic.
const (
	ownOrgnr     = "310500003"
	ownClient    = "hjemmel"
	loginClient  = "hjemmel-web"
	vendorScope  = identity.DefaultScope
	scopeOMH     = "folkeregister:deling/offentligmedhjemmel"
	scopeOUtH    = "folkeregister:deling/offentligutenhjemmel"
	pathFreg     = "/sim/freg"
	pathMaskinp  = "/sim/maskinporten"
	pathIDPorten = "/sim/idporten"
	pathPlatform = "/sim/plattform"
	// pathDirectory is where the identity system that cannot push is; below it /scim is its SCIM.
	pathDirectory = "/sim/identitetssystem"
)

// New builds a world and seeds its store.
func New(o Options) (*World, error) {
	w := &World{Base: "http://" + o.Listener.Addr().String()}
	var err error
	if w.secrets, err = openSecrets(o.Data); err != nil {
		return nil, err
	}
	people, err := population.New(o.Population)
	if err != nil {
		return nil, err
	}
	seed, err := readSeed(people)
	if err != nil {
		return nil, err
	}
	if err := w.simulate(o, people, seed); err != nil {
		return nil, err
	}
	w.Env = host.NewEnv(w.config(o))
	if o.Store != nil {
		w.Env.UseState(o.Store)
	}
	w.Demo, err = w.plant(context.Background(), seed, people)
	return w, err
}

// simulate starts the simulators.
func (w *World) simulate(o Options, people *population.Population, seed seed) (err error) {
	w.Maskinporten, err = idsim.NewMaskinporten(idsim.MaskinportenConfig{
		Issuer: w.Base + pathMaskinp + "/", Clients: w.clients(seed), Key: w.secrets.key("maskinporten"),
	})
	if err != nil {
		return err
	}
	w.IDPorten, err = idsim.NewIDPorten(idsim.IDPortenConfig{
		Issuer: w.Base + pathIDPorten, Employees: seed.employees(people), Key: w.secrets.key("idporten"),
		Clients: []idsim.LoginClient{
			{
				ID: loginClient, Orgnr: ownOrgnr, RedirectURIs: []string{w.Base + host.LoginPath}, LogoutURIs: []string{w.Base + host.LeftPath},
				Keys: []jose.JSONWebKey{w.secrets.public(loginClient)}, Refresh: true,
			},
			{ID: "fagsystem-innlogging", Orgnr: seed.Leverandoerer[0].Orgnr, Scopes: []string{vendorScope}},
		},
	})
	if err != nil {
		return err
	}
	if w.Platform, err = idsim.NewPlatform(w.Base+pathPlatform, w.secrets.key("plattform"), nil); err != nil {
		return err
	}
	w.Directory = dirsim.New(w.Base+pathDirectory, 5) // pages are small, so that there are many
	w.Freg, err = fregsim.New(fregsim.Config{
		Population: people, Authorize: w.authorize, Documents: o.Documents, RequestsPerMinute: o.RequestsPerMinute, Extracts: o.Extracts,
	})
	return err
}

// clients are ourselves, with every demo organisation's delegation, and the vendors.
func (w *World) clients(seed seed) []idsim.Client {
	own := idsim.Client{
		ID: ownClient, Orgnr: ownOrgnr, Scopes: []string{scopeOMH, scopeOUtH}, Delegations: map[string][]string{},
		Keys: []jose.JSONWebKey{w.secrets.public(ownClient)},
	}
	for _, org := range seed.Organisasjoner {
		own.Delegations[org.Orgnr] = own.Scopes
	}
	all := []idsim.Client{own}
	for _, v := range seed.Leverandoerer {
		all = append(all, idsim.Client{ID: v.KlientID, Orgnr: v.Orgnr, Scopes: []string{vendorScope}, Keys: []jose.JSONWebKey{w.secrets.public(v.KlientID)}})
	}
	return all
}

// folder is the URL of a place for files.
func (o Options) folder(name string) string {
	if o.Bucket != "" {
		more := "?"
		if strings.Contains(o.Bucket, more) {
			more = "&"
		}
		return o.Bucket + more + "prefix=" + name + "/"
	}
	return "file://" + o.Data + "/" + name
}

// config is what the environment variables would say.
func (w *World) config(o Options) host.Config {
	state := o.State
	if state == "" {
		state = "sqlite://" + o.Data + "/hjemmel.db"
	}
	return host.Config{
		Addr: o.Listener.Addr().String(), Miljo: "test", State: state, Drain: 10 * time.Second,
		Lists:       o.folder("lister"),
		AuditSecret: w.secrets.Audit, PasswordKey: w.secrets.Password, PersonKey: w.secrets.Person,
		Logg: o.folder("logg"), LoggCopy: o.folder("sjekkpunkter"), LoggOrigin: "hjemmel.localhost/logg", LoggKey: w.secrets.Logg,
		Queue:          cmp.Or(o.Queue, "embedded://"),
		PlatformIssuer: w.Platform.Name(), PlatformJwks: w.Platform.Name() + "/jwks", PlatformAudience: w.Base, PlatformCallers: []string{PlatformAccount},
		PrivateHosts: []string{o.Listener.Addr().String()}, EntraURL: w.Base + pathDirectory, GraphURL: w.Base + pathDirectory,
		FregURL: w.Base + pathFreg, Orgnr: ownOrgnr,
		MaskinportenIssuer: w.Maskinporten.Name(), MaskinportenToken: w.Base + pathMaskinp + "/token", MaskinportenJwks: w.Base + pathMaskinp + "/jwk",
		MaskinportenClient: ownClient, MaskinportenKey: w.secrets.pem(ownClient), MaskinportenKeyID: keyID(ownClient),
		IdportenIssuer: w.IDPorten.Name(), IdportenJwks: w.Base + pathIDPorten + "/jwks", IdportenClients: []string{loginClient},
		IdportenKey: w.secrets.pem(loginClient), IdportenKeyID: keyID(loginClient), WebURL: w.Base, API: w.Base,
		VendorScope: vendorScope,
	}
}

// Mount adds the simulators' addresses. Outside the dev host and tests none of them exists.
func (w *World) Mount(mux *http.ServeMux) {
	mux.Handle(pathMaskinp+"/", http.StripPrefix(pathMaskinp, w.Maskinporten))
	mux.Handle(pathIDPorten+"/", http.StripPrefix(pathIDPorten, w.IDPorten))
	mux.Handle(pathPlatform+"/", http.StripPrefix(pathPlatform, w.Platform))
	mux.Handle(pathDirectory+"/", http.StripPrefix(pathDirectory, w.Directory))
	mux.Handle(pathFreg+"/", http.StripPrefix(pathFreg, w.Freg))
	for _, method := range []string{http.MethodPost, http.MethodDelete} {
		mux.Handle(method+" "+pathFreg+"/_feil", w.Freg.Faults())
	}
	mux.HandleFunc("GET /sim/demo", w.demo)
}

var errToken = errors.New("hosttest: the token is not one of Maskinporten's")

// authorize is how the register simulator checks tokens: with Maskinporten's key.
func (w *World) authorize(_ context.Context, token string) (fregsim.Access, error) {
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return fregsim.Access{}, errToken
	}
	var std jwt.Claims
	var c struct {
		Scope    string `json:"scope"`
		Consumer struct {
			ID string `json:"ID"`
		} `json:"consumer"`
	}
	if err := parsed.Claims(&w.secrets.key("maskinporten").PublicKey, &std, &c); err != nil {
		return fregsim.Access{}, errToken
	}
	if err := std.Validate(jwt.Expected{Issuer: w.Maskinporten.Name(), Time: time.Now()}); err != nil {
		return fregsim.Access{}, errToken
	}
	return fregsim.Access{Scopes: strings.Fields(c.Scope), ConsumerOrgnr: strings.TrimPrefix(c.Consumer.ID, "0192:")}, nil
}
