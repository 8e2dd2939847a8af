package host

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/kelseyhightower/envconfig"
)

// Config is every setting, read from the environment with the prefix HJEMMEL_. A name with that
// prefix that is no setting stops the start. What has no default is needed by those functions that open
// what it belongs to, and stops their start where it is missing: Env.Needs.
type Config struct {
	Addr  string `default:"127.0.0.1:8080" desc:"address to serve on; in a container PORT decides"`
	Miljo string `default:"test" desc:"test: only synthetic persons can be looked up; prod: anybody"`
	State string `default:"sqlite://.data/hjemmel.db" desc:"where state lies: sqlite://PATH or firestore://PROJECT/DATABASE/COLLECTION"`
	Lists string `default:"file://.data/lister" desc:"where files of citizen lists lie: file://FOLDER"`

	AuditSecret Secret `split_words:"true" desc:"secret behind pseudonyms and sealed numbers in the log, at least 32 bytes, base64"`
	PasswordKey Secret `split_words:"true" desc:"key of the kept integration passwords, 32 bytes, base64"`
	PersonKey   Secret `split_words:"true" desc:"key of the index from employee numbers and of references to persons, at least 32 bytes, base64"`

	Logg           string `default:"file://.data/logg" desc:"bucket of the sealed log: file://FOLDER"`
	LoggCopy       string `split_words:"true" desc:"bucket that gets every checkpoint of the sealed log too, best out of reach of who keeps the first; empty for none"`
	LoggOrigin     string `split_words:"true" default:"hjemmel.localhost/logg" desc:"name of the sealed log, for good: HOST/PATH"`
	LoggKey        Secret `split_words:"true" desc:"seed of the key that signs checkpoints (Ed25519), 32 bytes, base64; the audit function needs it"`
	ScheduleSecret Secret `split_words:"true" desc:"what the scheduler proves itself with, at least 32 bytes, base64; empty refuses every scheduler"`

	FregURL string `split_words:"true" default:"https://folkeregisteret.api.skatteetaten.no" desc:"host of the register"`

	Orgnr              string   `desc:"our own organisation number at Maskinporten"`
	MaskinportenIssuer string   `split_words:"true" default:"https://maskinporten.no/" desc:"issuer, and audience of our grants"`
	MaskinportenToken  string   `split_words:"true" default:"https://maskinporten.no/token" desc:"where grants are exchanged for tokens"`
	MaskinportenJwks   string   `split_words:"true" default:"https://maskinporten.no/jwk" desc:"keys that vendors' tokens are signed with"`
	MaskinportenClient string   `split_words:"true" desc:"our client id"`
	MaskinportenKey    PEM      `split_words:"true" desc:"our private key, PEM, or @FILE"`
	MaskinportenKeyID  string   `envconfig:"MASKINPORTEN_KEY_ID" desc:"kid of our key; or give a certificate"`
	MaskinportenCert   PEM      `split_words:"true" desc:"our virksomhetssertifikat with its chain, PEM, or @FILE"`
	IdportenIssuer     string   `split_words:"true" default:"https://idporten.no" desc:"issuer of employees' tokens"`
	IdportenJwks       string   `split_words:"true" default:"https://idporten.no/jwks.json" desc:"keys that employees' tokens are signed with"`
	IdportenClients    []string `split_words:"true" desc:"our client ids at ID-porten, with commas"`
	IdportenKey        PEM      `split_words:"true" desc:"key that our web client proves itself with at ID-porten, PEM, or @FILE; the web function needs it"`
	IdportenKeyID      string   `envconfig:"IDPORTEN_KEY_ID" desc:"kid of that key"`
	VendorScope        string   `split_words:"true" default:"ks:fiks" desc:"scope that vendors' tokens must have"`

	WebURL string `envconfig:"WEB_URL" default:"http://127.0.0.1:8080" desc:"where browsers reach the web page, without a slash at the end"`
	API    string `envconfig:"API" default:"http://127.0.0.1:8080" desc:"where the web function reaches the other functions, without a slash at the end"`

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
	case len(c.ScheduleSecret) != 0 && len(c.ScheduleSecret) < 32:
		return errors.New("setting HJEMMEL_SCHEDULE_SECRET must be at least 32 bytes")
	}
	return nil
}

// Secret is a setting of random bytes in base64. It does not print.
type Secret []byte

// Decode reads base64.
func (s *Secret) Decode(value string) error {
	b, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return errors.New("not base64")
	}
	*s = b
	return nil
}

// String hides the secret; so does every other way of printing it.
func (Secret) String() string { return "▮" }

// Format hides the secret under every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("▮")) }

// PEM is a setting of PEM blocks, given as such or as @FILE. It does not print.
type PEM []*pem.Block

// Decode reads the blocks.
func (p *PEM) Decode(value string) error {
	text := []byte(value)
	if name, ok := strings.CutPrefix(value, "@"); ok {
		var err error
		if text, err = os.ReadFile(name); err != nil { //nolint:gosec // the operator names the file
			return errors.New("cannot read the file")
		}
	}
	for {
		var b *pem.Block
		if b, text = pem.Decode(text); b == nil {
			break
		}
		*p = append(*p, b)
	}
	if len(*p) == 0 {
		return errors.New("no PEM block")
	}
	return nil
}

// Format hides the key under every verb.
func (PEM) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("▮")) }

// rsaKey reads a private key of the kinds openssl writes.
func (p PEM) rsaKey() (*rsa.PrivateKey, error) {
	if len(p) == 0 {
		return nil, errors.New("no key")
	}
	if k, err := x509.ParsePKCS1PrivateKey(p[0].Bytes); err == nil {
		return k, nil
	}
	k, err := x509.ParsePKCS8PrivateKey(p[0].Bytes)
	if err != nil {
		return nil, errors.New("not a private key")
	}
	rsaKey, ok := k.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("not an RSA key")
	}
	return rsaKey, nil
}

func (p PEM) chain() [][]byte {
	var der [][]byte
	for _, b := range p {
		der = append(der, b.Bytes)
	}
	return der
}
