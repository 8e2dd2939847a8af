package identity

import (
	"context"
	"errors"
	"net/http"

	"hjemmel/shared/fault"
)

// Check is one step of a self-test (selvtest). Its JSON is what the integrator sees.
type Check struct {
	Kontroll string `json:"kontroll"`
	Resultat Result `json:"resultat"`
	// Kode is the error code that a call would have met; "" where nothing is wrong.
	Kode string `json:"kode,omitempty"`
	// Raad is what to do about it.
	Raad string `json:"raad,omitempty"`
}

// Result is how a check went.
type Result string

// The results. What is behind something that failed is not looked at, or not told.
const (
	Passed    Result = "OK"
	Failed    Result = "FEILET"
	Unchecked Result = "IKKE_KONTROLLERT"
)

// Names of the checks, in their order.
const (
	checkForm       = "TOKEN_FORM"
	checkIssuer     = "TOKEN_UTSTEDER"
	checkSignature  = "TOKEN_SIGNATUR"
	checkTimes      = "TOKEN_TIDER"
	checkUse        = "TOKEN_BRUK"
	checkScope      = "TOKEN_SCOPE"
	checkConsumer   = "TOKEN_CONSUMER"
	checkPassword   = "INTEGRASJON_PASSORD"
	checkAuthorised = "INTEGRASJON_ORGANISASJON"
	checkActive     = "INTEGRASJON_AKTIV"
)

var checkNames = []string{checkForm, checkIssuer, checkSignature, checkTimes, checkUse, checkScope, checkConsumer,
	checkPassword, checkAuthorised, checkActive}

// What only the integration's own are told.
var (
	errWrongPassword = refusal(errLogin.Code, "IntegrasjonPassord er feil. Sjekk at det er hele passordet, uten mellomrom, og at det hører til denne integrasjonen. Er det tapt, kan en administrator i kommunen lage et nytt.")
	errReplaced      = refusal(errLogin.Code, "Passordet er byttet ut, og overlappen er over. Be en administrator i kommunen om det nye.")
	errUnauthorised  = refusal(errLogin.Code, "Organisasjonen i tokenets consumer er ikke den som er autorisert for integrasjonen. Hent token med rett organisasjon, eller be en administrator i kommunen om å rette autorisert organisasjon.")
	errNotInForce    = refusal(errLogin.Code, "Integrasjonen er slått av eller er utenfor gyldighetstiden. En administrator i kommunen kan slå den på.")
)

// Diagnosis is what a self-test found.
type Diagnosis struct {
	Checks []Check
	// Caller is who the request would have been from; nobody unless every check passed.
	Caller Caller
	// Consumer is the nine digits of a token that passed all its checks; "" otherwise.
	Consumer string
}

// Passed reports whether every check did.
func (d *Diagnosis) Passed() bool { return !d.Caller.IsZero() }

func (d *Diagnosis) set(name string, err error) bool {
	for i := range d.Checks {
		c := &d.Checks[i]
		if c.Kontroll != name {
			continue
		}
		c.Resultat = Passed
		if err != nil {
			f := fault.Of(err)
			c.Resultat, c.Kode, c.Raad = Failed, f.Code, f.Detail
		}
	}
	return err == nil
}

// Diagnose looks at what Caller looks at and tells which of it is wrong.
//
// About the token it tells everything: it is in the hands of the one who asks. About the integration
// it tells nothing before the token has passed, so that nobody can try passwords without being an
// organisation, and then only to its own: who sends a password in force, or whose Maskinporten token
// is the authorised organisation's. All others get INTEGRASJON_AUTENTISERING_FEILET, one and the same
// whether the integration exists or not. A password that was replaced proves nothing by itself, and
// the consumer of an ID-porten token neither: the person it was issued to is not the vendor.
//
// It errs as Caller does where keys or the store cannot be had.
func (v *Verifier) Diagnose(ctx context.Context, r *http.Request) (Diagnosis, error) {
	var d Diagnosis
	for _, name := range checkNames {
		d.Checks = append(d.Checks, Check{Kontroll: name, Resultat: Unchecked})
	}
	c, ok, err := v.diagnoseToken(ctx, r, &d)
	if err != nil || !ok {
		return d, err
	}
	l, err := readLogin(r.Header)
	if err == nil && l == (login{}) {
		err = errHeaders
	}
	if err != nil {
		d.set(checkPassword, err)
		return d, nil
	}
	m, err := v.match(ctx, l, d.Consumer)
	if err != nil {
		return d, err
	}
	if d.judge(m, c.Issuer == v.maskinporten) {
		d.Caller, err = v.Caller(ctx, r)
	}
	return d, err
}

// diagnoseToken does the checks of the token. After the signature they do not depend on each other.
func (v *Verifier) diagnoseToken(ctx context.Context, r *http.Request, d *Diagnosis) (claims, bool, error) {
	raw, err := bearer(r.Header)
	if err != nil {
		d.set(checkForm, err)
		return claims{}, false, nil
	}
	c, err := v.verify(ctx, raw)
	switch {
	case errors.Is(err, errMalformed):
		d.set(checkForm, err)
		return c, false, nil
	case errors.Is(err, errIssuer):
		d.set(checkForm, nil)
		d.set(checkIssuer, err)
		return c, false, nil
	case err != nil && !errors.Is(err, errSignature):
		return c, false, err
	}
	d.set(checkForm, nil)
	d.set(checkIssuer, nil)
	if !d.set(checkSignature, err) {
		return c, false, nil
	}
	nr, err := c.orgnr()
	ok := d.set(checkTimes, c.timely(v.now()))
	ok = d.set(checkUse, v.suits(c)) && ok
	ok = d.set(checkScope, v.scoped(c)) && ok
	ok = d.set(checkConsumer, err) && ok
	if ok {
		d.Consumer = nr
	}
	return c, ok, nil
}

// suits is ours and what a token of its issuer must have beside.
func (v *Verifier) suits(c claims) error {
	if err := v.ours(c); err != nil {
		return err
	}
	if c.Issuer != v.maskinporten {
		_, err := employee(c, KindEmployeeViaIntegration)
		return err
	}
	if c.Pid != "" {
		return errBound
	}
	return nil
}

// judge tells of the integration what the proofs allow, and reports whether all is well.
func (d *Diagnosis) judge(m match, vendor bool) bool {
	switch {
	case m.password:
		d.set(checkPassword, nil)
	case m.authorised && vendor && m.replaced:
		d.set(checkPassword, errReplaced)
	case m.authorised && vendor:
		d.set(checkPassword, errWrongPassword)
	default:
		return d.set(checkPassword, errLogin)
	}
	d.set(checkAuthorised, unless(m.authorised, errUnauthorised))
	d.set(checkActive, unless(m.inForce, errNotInForce))
	return m.password && m.authorised && m.inForce
}

func unless(ok bool, err *fault.Error) error {
	if ok {
		return nil
	}
	return err
}
