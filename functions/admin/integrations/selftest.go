package integrations

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/identity"
	"hjemmel/shared/policy"
)

// Selvtest is the answer of a self-test.
type Selvtest struct {
	// Resultat is OK when nothing failed and FEILET otherwise.
	Resultat   identity.Result  `json:"resultat"`
	Kontroller []identity.Check `json:"kontroller"`
}

// Self-tests in a minute, from an address and of a vendor.
const (
	PerAddress = 60
	PerVendor  = 30
)

var errTooManyTests = fault.New(fault.TooMany, "FOR_MANGE_SELVTESTER", "Det er gjort for mange selvtester på kort tid. Vent litt.").After(10 * time.Second)

// selfTest tells an integrator which of token, integration and role is wrong, each for its own only;
// what may be told is decided in identity.Verifier.Diagnose.
func (i *integrations) selfTest(w http.ResponseWriter, r *http.Request) error {
	if !i.perAddress.allow(address(r)) {
		return errTooManyTests
	}
	var body struct {
		RolleID string `json:"rolleId"`
	}
	if err := api.ReadJSON(r, &body); err != nil {
		return err
	}
	d, err := i.Caller.Diagnose(r.Context(), r)
	if err != nil {
		return err
	}
	if d.Consumer != "" && !i.perVendor.allow(d.Consumer) {
		return errTooManyTests
	}
	answer := Selvtest{Resultat: identity.Passed, Kontroller: d.Checks}
	if body.RolleID != "" {
		of, err := i.ofRole(r.Context(), d, body.RolleID)
		if err != nil {
			return err
		}
		answer.Kontroller = append(answer.Kontroller, of...)
	}
	receipt, err := i.tested(w, r, d, &answer)
	if err != nil {
		return err
	}
	w.Header().Set(api.ReceiptHeader, receipt.String())
	return api.Write(w, http.StatusOK, answer)
}

// ruleAdvice are the rules about caller and role alone, in their order, and what to do.
var ruleAdvice = []struct {
	rule           policy.RuleID
	kontroll, raad string
}{
	{"rolle-finnes", "ROLLE_FINNES", "Organisasjonen har ingen rolle med denne id-en. Sjekk rolle-id og miljø."},
	{"rolle-tildelt", "ROLLE_TILDELT", "Rollen er ikke tildelt den som spør, eller tildelingen gjelder ikke nå. En administrator i kommunen kan tildele den."},
	{"rolle-gyldig", "ROLLE_GYLDIG", "Rollen er slått av eller er utenfor gyldighetstiden."},
	{"omraade-gyldig", "TJENESTEOMRAADE_GYLDIG", "Rollens tjenesteområde gjelder ikke nå. En administrator må lage en rolle i et annet område."},
	{"hjemmel", "ROLLE_HJEMMEL", "Rollen har ingen hjemmel som gjelder nå og åpner for utlevering."},
}

// ofRole looks at the role, for a caller of whom nothing is in doubt. Another organisation's role
// looks like none.
func (i *integrations) ofRole(ctx context.Context, d identity.Diagnosis, rolleID string) ([]identity.Check, error) {
	checks := make([]identity.Check, len(ruleAdvice))
	for n, a := range ruleAdvice {
		checks[n] = identity.Check{Kontroll: a.kontroll, Resultat: identity.Unchecked}
	}
	if !d.Passed() {
		return checks, nil
	}
	h, err := i.Roles.Holder(ctx, d.Caller, strings.ToLower(rolleID))
	if err != nil {
		return nil, err
	}
	refused := map[policy.RuleID]*fault.Error{}
	for _, reason := range policy.Decide(h, policy.Ask{Action: policy.Oppslag, At: i.Now()}).Reasons {
		refused[reason.Rule] = reason.Fault
	}
	for n, a := range ruleAdvice {
		if f := refused[a.rule]; f != nil {
			checks[n] = identity.Check{Kontroll: a.kontroll, Resultat: identity.Failed, Kode: f.Code, Raad: a.raad}
			if a.rule == "rolle-finnes" {
				break
			}
			continue
		}
		checks[n].Resultat = identity.Passed
	}
	return checks, nil
}

// tested sums the answer up and writes the self-test down: in the log of the organisation when the
// integration proved to be its own, in the platform's otherwise.
func (i *integrations) tested(w http.ResponseWriter, r *http.Request, d identity.Diagnosis, answer *Selvtest) (audit.Receipt, error) {
	e := audit.Entry{
		FiksOrgID: audit.Platform, Handling: "integrasjon-selvtest", Utfall: audit.Utfoert, RequestID: w.Header().Get(host.RequestIDHeader),
	}
	if d.Passed() {
		e.FiksOrgID, e.Aktor = d.Caller.Organisation(), d.Caller.IntegrationID()
	}
	for _, c := range answer.Kontroller {
		if c.Resultat == identity.Failed {
			answer.Resultat, e.Utfall = identity.Failed, audit.Avslag
			e.Regler = append(e.Regler, c.Kontroll)
		}
	}
	return i.Changes.Note(r.Context(), e)
}

// address is where the call came from.
func address(r *http.Request) string {
	at, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return at
}

// limiter lets each of many callers do something so and so often: a bucket of a minute's worth that
// fills steadily. It forgets everybody when it has met too many.
type limiter struct {
	perMinute float64
	now       func() time.Time

	mu      sync.Mutex
	buckets map[string]bucket
}

type bucket struct {
	left float64
	at   time.Time
}

const maxBuckets = 10_000

func newLimiter(perMinute float64, now func() time.Time) *limiter {
	return &limiter{perMinute: perMinute, now: now, buckets: map[string]bucket{}}
}

func (l *limiter) allow(who string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b, ok := l.buckets[who]
	switch {
	case !ok && len(l.buckets) >= maxBuckets:
		clear(l.buckets)
		fallthrough
	case !ok:
		b = bucket{l.perMinute, now}
	}
	b.left = min(l.perMinute, b.left+now.Sub(b.at).Minutes()*l.perMinute)
	b.at = now
	enough := b.left >= 1
	if enough {
		b.left--
	}
	l.buckets[who] = b
	return enough
}
