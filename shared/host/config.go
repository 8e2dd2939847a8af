package host

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/kelseyhightower/envconfig"

	"hjemmel/shared/host/setting"
)

// Config is every setting, read from the environment with the prefix HJEMMEL_. A name with that
// prefix that is no setting stops the start. What has no default is needed by those functions that open
// what it belongs to, and stops their start where it is missing: Env.Needs.
type Config struct {
	Addr  string `default:"127.0.0.1:8080" desc:"address to serve on; in a container PORT decides"`
	Miljo string `default:"test" desc:"test: only synthetic persons can be looked up; prod: anybody"`
	State string `default:"sqlite://.data/hjemmel.db" desc:"where state lies: sqlite://PATH, firestore://PROJECT/DATABASE/COLLECTION or postgres://USER@HOST:PORT/DATABASE?search_path=SCHEMA, whose password PGPASSWORD or PGPASSFILE has"`
	Lists string `default:"file://.data/lister" desc:"where files of citizen lists lie: file://FOLDER, gs://BUCKET?prefix=… or s3://BUCKET?region=…&endpoint=…&prefix=…"`
	Queue string `default:"embedded://" desc:"what tells of work: embedded://, where it is looked for in the state, gcppubsub://PROJECT/PREFIX, whose topics PREFIX-liste … push it here, or nats://HOST:PORT/PREFIX, whose subjects PREFIX.liste … are listened to, with the credentials that NATS_CREDS names"`

	AuditSecret setting.Secret `split_words:"true" desc:"secret behind pseudonyms and sealed numbers in the log, at least 32 bytes, base64"`
	PasswordKey setting.Secret `split_words:"true" desc:"key of the kept integration passwords, 32 bytes, base64"`
	PersonKey   setting.Secret `split_words:"true" desc:"key of the index from employee numbers and of references to persons, at least 32 bytes, base64"`

	Logg       string         `default:"file://.data/logg" desc:"bucket of the sealed log: file://FOLDER, gs://… or s3://…"`
	LoggCopy   string         `split_words:"true" desc:"bucket that gets every checkpoint of the sealed log too, best out of reach of who keeps the first; empty for none"`
	LoggOrigin string         `split_words:"true" default:"hjemmel.localhost/logg" desc:"name of the sealed log, for good: HOST/PATH"`
	LoggKey    setting.Secret `split_words:"true" desc:"seed of the key that signs checkpoints (Ed25519), 32 bytes, base64; the audit function needs it"`

	PlatformIssuer   string   `split_words:"true" default:"https://accounts.google.com" desc:"issuer of the service tokens (OpenID Connect) of the platform's scheduler and queue; of Kubernetes, the cluster's"`
	PlatformJwks     string   `split_words:"true" default:"https://www.googleapis.com/oauth2/v3/certs" desc:"keys that service tokens are signed with"`
	PlatformAudience string   `split_words:"true" desc:"audience of service tokens, by custom our URL; empty refuses the platform"`
	PlatformCallers  []string `split_words:"true" desc:"accounts of the platform that may call, with commas: e-mail addresses, or subjects (system:serviceaccount:NAMESPACE:NAME)"`

	PrivateHosts []string `split_words:"true" desc:"hosts in private networks that organisations may have us call, also without TLS, with commas: HOST:PORT"`
	EntraURL     string   `envconfig:"ENTRA_URL" default:"https://login.microsoftonline.com" desc:"where Microsoft Entra ID gives tokens, without a slash at the end"`
	GraphURL     string   `envconfig:"GRAPH_URL" default:"https://graph.microsoft.com" desc:"Microsoft Graph, without a slash at the end"`

	FregURL string `split_words:"true" default:"https://folkeregisteret.api.skatteetaten.no" desc:"host of the register"`

	Orgnr              string      `required:"true" desc:"our own organisation number at Maskinporten"`
	MaskinportenIssuer string      `split_words:"true" default:"https://maskinporten.no/" desc:"issuer, and audience of our grants"`
	MaskinportenToken  string      `split_words:"true" default:"https://maskinporten.no/token" desc:"where grants are exchanged for tokens"`
	MaskinportenJwks   string      `split_words:"true" default:"https://maskinporten.no/jwk" desc:"keys that vendors' tokens are signed with"`
	MaskinportenClient string      `split_words:"true" desc:"our client id"`
	MaskinportenKey    setting.PEM `split_words:"true" desc:"our private key, PEM, or @FILE"`
	MaskinportenKeyID  string      `envconfig:"MASKINPORTEN_KEY_ID" desc:"kid of our key; or give a certificate"`
	MaskinportenCert   setting.PEM `split_words:"true" desc:"our virksomhetssertifikat with its chain, PEM, or @FILE"`
	IdportenIssuer     string      `split_words:"true" default:"https://idporten.no" desc:"issuer of employees' tokens"`
	IdportenJwks       string      `split_words:"true" default:"https://idporten.no/jwks.json" desc:"keys that employees' tokens are signed with"`
	IdportenClients    []string    `split_words:"true" desc:"our client ids at ID-porten, with commas"`
	IdportenKey        setting.PEM `split_words:"true" desc:"key that our web client proves itself with at ID-porten, PEM, or @FILE; the web function needs it"`
	IdportenKeyID      string      `envconfig:"IDPORTEN_KEY_ID" desc:"kid of that key"`
	VendorScope        string      `split_words:"true" default:"ks:fiks" desc:"scope that vendors' tokens must have"`

	WebURL string `envconfig:"WEB_URL" default:"http://127.0.0.1:8080" desc:"where browsers reach the web page, without a slash at the end"`
	API    string `envconfig:"API" default:"http://127.0.0.1:8080" desc:"where the web function reaches the other functions, without a slash at the end"`

	Otlp string `desc:"collector that traces and metrics are sent to, OTLP over HTTP: http(s)://HOST; empty sends none"`

	Drain time.Duration `default:"10s" desc:"how long requests in flight may take after SIGTERM"`
}

// Prefix is what every setting's name starts with.
const Prefix = "HJEMMEL"

// ReadConfig reads and checks the environment. Its error is one line that names the setting.
func ReadConfig() (Config, error) {
	var c Config
	if err := envconfig.CheckDisallowed(Prefix, &c); err != nil {
		return c, fmt.Errorf("unknown setting: %w", err)
	}
	if err := envconfig.Process(Prefix, &c); err != nil {
		return c, withoutValue(err)
	}
	if port := os.Getenv("PORT"); port != "" {
		c.Addr = ":" + port
	}
	return c, c.Validate()
}

// withoutValue names the setting that cannot be read and not what it holds.
func withoutValue(err error) error {
	if p, ok := errors.AsType[*envconfig.ParseError](err); ok {
		return fmt.Errorf("setting %s: %s", p.KeyName, strings.ReplaceAll(p.Err.Error(), p.Value, "…"))
	}
	return err
}

// Validate checks what one setting alone cannot.
func (c Config) Validate() error {
	switch {
	case c.Miljo != "test" && c.Miljo != "prod":
		return errors.New("setting HJEMMEL_MILJO must be test or prod")
	case len(c.AuditSecret) != 0 && len(c.AuditSecret) < 32:
		return errors.New("setting HJEMMEL_AUDIT_SECRET must be at least 32 bytes")
	case len(c.PasswordKey) != 0 && len(c.PasswordKey) != 32:
		return errors.New("setting HJEMMEL_PASSWORD_KEY must be 32 bytes")
	case len(c.PersonKey) != 0 && len(c.PersonKey) < 32:
		return errors.New("setting HJEMMEL_PERSON_KEY must be at least 32 bytes")
	case len(c.LoggKey) != 0 && len(c.LoggKey) != 32:
		return errors.New("setting HJEMMEL_LOGG_KEY must be 32 bytes")
	case (c.PlatformAudience == "") != (len(c.PlatformCallers) == 0):
		return errors.New("setting HJEMMEL_PLATFORM_AUDIENCE and HJEMMEL_PLATFORM_CALLERS must be given together")
	}
	return nil
}
